/* octets.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/octets.h"

#include <string.h>

#include <glib.h>

uint32_t
octets_be16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

uint32_t
octets_be32(const uint8_t *bytes)
{
    return octets_be16(bytes) << 16 | octets_be16(bytes + 2);
}

uint32_t
octets_le32(const uint8_t *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

bool
octets_is_text(uint8_t octet)
{
    return g_ascii_isprint(octet) || (octet >= '\b' && octet <= '\r') || octet == '\033';
}

/* How far the payload goes along with these octets at an offset. */
match_t
octets_matches_at(const payload_t *payload, unsigned offset, const void *octets, size_t count)
{
    size_t there;

    if (payload->length <= offset)
        return MATCH_MAYBE;
    there = MIN(payload->length - offset, count);
    if (memcmp(payload->bytes + offset, octets, there) != 0)
        return MATCH_NO;
    return there == count ? MATCH_YES : MATCH_MAYBE;
}

match_t
octets_begins_with(const payload_t *payload, const char *text)
{
    return octets_matches_at(payload, 0, text, strlen(text));
}

match_t
octets_begins_with_one_of(const payload_t *payload, const char *const *beginnings)
{
    match_t best = MATCH_NO;

    for (; *beginnings && best != MATCH_YES; beginnings++)
        best = MAX(best, octets_begins_with(payload, *beginnings));
    return best;
}

/* True if the text stands somewhere in the payload's first line. */
bool
octets_line_has(const payload_t *payload, const char *text)
{
    const void *end = memchr(payload->bytes, '\n', payload->length);
    size_t length = end ? (size_t)((const uint8_t *)end - payload->bytes) : payload->length;

    return g_strstr_len((const char *)payload->bytes, (gssize)length, text) != NULL;
}

bool
octets_have(const payload_t *payload, const char *text)
{
    return g_strstr_len((const char *)payload->bytes, (gssize)payload->length, text) != NULL;
}

match_t
octets_match_if(bool is)
{
    return is ? MATCH_YES : MATCH_NO;
}

/* A line that begins with one of these and has that in it. */
match_t
octets_line_of(const payload_t *payload, const char *const *beginnings, const char *text)
{
    match_t match = octets_begins_with_one_of(payload, beginnings);

    if (match != MATCH_YES || octets_line_has(payload, text))
        return match;
    return memchr(payload->bytes, '\n', payload->length) ? MATCH_NO : MATCH_MAYBE;
}

bool
octets_are_text(const payload_t *payload)
{
    for (unsigned i = 0; i < payload->length; i++) {
        if (!octets_is_text(payload->bytes[i]))
            return false;
    }
    return true;
}
