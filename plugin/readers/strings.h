/* strings.h
 * Text that is octets on the wire.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STRINGS_H
#define MSICCP_STRINGS_H

#include "common/compat.h"

/* UTF-8 where the octets are that, otherwise Windows-1252, as Windows programs of the time write.
 */
const char *strings_of_octets(wmem_allocator_t *scope, tvbuff_t *tvb, int offset, int length);

/* The text of a field of Wireshark's, which puts replacement characters for octets that are no
 * ASCII. */
const char *strings_of_field(wmem_allocator_t *scope, field_info *field);

#endif
