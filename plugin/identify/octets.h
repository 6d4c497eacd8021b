/* octets.h
 * What recognisers ask of the octets of a payload. None reads behind their end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OCTETS_H
#define MSICCP_OCTETS_H

#include "identify/signatures.h"

#include <stddef.h>

/* Texts, to be looked for one after the other. */
#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

uint32_t octets_be16(const uint8_t *bytes);

uint32_t octets_be32(const uint8_t *bytes);

uint32_t octets_le32(const uint8_t *bytes);

bool octets_is_text(uint8_t octet);

/* How far the payload goes along with these octets at an offset. */
match_t octets_matches_at(const payload_t *payload, unsigned offset, const void *octets,
                          size_t count);

match_t octets_begins_with(const payload_t *payload, const char *text);

match_t octets_begins_with_one_of(const payload_t *payload, const char *const *beginnings);

/* True if the text stands somewhere in the payload's first line. */
bool octets_line_has(const payload_t *payload, const char *text);

bool octets_have(const payload_t *payload, const char *text);

match_t octets_match_if(bool is);

/* A line that begins with one of these and has that in it. */
match_t octets_line_of(const payload_t *payload, const char *const *beginnings, const char *text);

bool octets_are_text(const payload_t *payload);

#endif
