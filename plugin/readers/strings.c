/* strings.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/strings.h"

#include <epan/epan.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define REPLACEMENT_CHARACTER 0xfffd
#define FIRST_NOT_ASCII 0x80

const char *
strings_of_octets(wmem_allocator_t *scope, tvbuff_t *tvb, int offset, int length)
{
    const char *octets = (const char *)tvb_get_ptr(tvb, offset, length);
    size_t count = strnlen(octets, (size_t)length);

    if (g_utf8_validate(octets, (ssize_t)count, NULL))
        return wmem_strndup(scope, octets, count);
    return (const char *)tvb_get_string_enc(scope, tvb, offset, (int)count,
                                            ENC_WINDOWS_1252 | ENC_NA);
}

/* The length of the field without the NULs that fill it up. */
static int
filled_length(const field_info *field)
{
    int length = field->length;

    while (length > 0 && tvb_get_uint8(field->ds_tvb, field->start + length - 1) == 0)
        length--;
    return length;
}

/* The text was made of the octets there, one a character. */
static bool
are_octets_of(const field_info *field, const char *text, int at)
{
    for (; *text; text = g_utf8_next_char(text), at++) {
        gunichar character = g_utf8_get_char(text);
        uint8_t octet = tvb_get_uint8(field->ds_tvb, at);

        if (character == REPLACEMENT_CHARACTER ? octet < FIRST_NOT_ASCII : octet != character)
            return false;
    }
    return true;
}

static bool
has_octets(const field_info *field)
{
    return field->ds_tvb && field->length > 0 &&
           tvb_bytes_exist(field->ds_tvb, field->start, field->length);
}

const char *
strings_of_field(wmem_allocator_t *scope, field_info *field)
{
    const char *text = fvalue_get_string(FI_VALUE(field));
    int count;
    int at;

    if (!g_utf8_validate(text, -1, NULL) || !strstr(text, REPLACEMENT) || !has_octets(field))
        return text;
    /* Their number may stand before them. */
    count = (int)g_utf8_strlen(text, -1);
    at = field->start + filled_length(field) - count;
    if (at < field->start || !are_octets_of(field, text, at))
        return text;
    return strings_of_octets(scope, field->ds_tvb, at, count);
}
