/* generated.h
 * Fields of what is known, rather than of octets: in brackets, and without a place in the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_GENERATED_H
#define MSICCP_GENERATED_H

#include "session/call.h"

#include <epan/packet.h>

void generated_uint(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t value);

/* Of an enumeration that has a zero for what is not told, which is not shown. */
void generated_word(proto_tree *tree, int field, tvbuff_t *tvb, unsigned value);
void generated_boolean(proto_tree *tree, int field, tvbuff_t *tvb, bool value);

/* NULL is not shown. */
void generated_string(proto_tree *tree, int field, tvbuff_t *tvb, const char *value);
void generated_time(proto_tree *tree, int field, tvbuff_t *tvb, const nstime_t *from,
                    const nstime_t *to);

/* The time from one moment to another, if both have come. */
void generated_span(proto_tree *tree, int field, tvbuff_t *tvb, const moment_t *from,
                    const moment_t *to);

#endif
