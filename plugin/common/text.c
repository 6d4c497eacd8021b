/* text.c
 *
 * JSON strings: RFC 8259, section 7.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/text.h"

#define FIRST_SURROGATE_PAIR 0x10000
#define LINE_SEPARATOR "\xe2\x80\xa8"
#define PARAGRAPH_SEPARATOR "\xe2\x80\xa9"

/* GLib, and so Wireshark, takes these two for printable; they begin a new line where they are
 * shown. */
static bool
is_separator(gunichar character)
{
    return character == 0x2028 || character == 0x2029;
}

/* Most text has not even their first octet. */
static bool
has_separators(const char *text)
{
    return strchr(text, (uint8_t)LINE_SEPARATOR[0]) &&
           (strstr(text, LINE_SEPARATOR) || strstr(text, PARAGRAPH_SEPARATOR));
}

char *
text_shown(wmem_allocator_t *scope, const char *text)
{
    char *shown;
    GString *escaped;

    if (!text)
        return NULL;
    shown = FORMAT_TEXT(scope, text, strlen(text));
    if (!has_separators(shown))
        return shown;
    escaped = g_string_new(shown);
    g_string_replace(escaped, LINE_SEPARATOR, "\\u2028", 0);
    g_string_replace(escaped, PARAGRAPH_SEPARATOR, "\\u2029", 0);
    wmem_free(scope, shown);
    shown = wmem_strdup(scope, escaped->str);
    g_string_free(escaped, TRUE);
    return shown;
}

static void
append_utf16_escape(GString *json, gunichar character)
{
    if (character < FIRST_SURROGATE_PAIR) {
        g_string_append_printf(json, "\\u%04x", character);
        return;
    }
    character -= FIRST_SURROGATE_PAIR;
    g_string_append_printf(json, "\\u%04x\\u%04x", 0xd800 + (character >> 10),
                           0xdc00 + (character & 0x3ff));
}

/* Octets at the beginning that stand for themselves, one each: nearly all are. */
static size_t
plain_length(const char *text)
{
    size_t length = 0;

    while (g_ascii_isprint(text[length]) && text[length] != '"' && text[length] != '\\')
        length++;
    return length;
}

static void
append_character(GString *json, gunichar character)
{
    if (character == '"' || character == '\\')
        g_string_append_printf(json, "\\%c", (int)character);
    else if (g_unichar_isprint(character) && !is_separator(character))
        g_string_append_unichar(json, character);
    else
        append_utf16_escape(json, character);
}

char *
text_json(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    GString *json = g_string_new("\"");
    const char *at = valid;

    while (*at) {
        size_t plain = plain_length(at);

        g_string_append_len(json, at, (gssize)plain);
        at += plain;
        if (plain == 0) {
            append_character(json, g_utf8_get_char(at));
            at = g_utf8_next_char(at);
        }
    }
    g_string_append_c(json, '"');
    g_free(valid);
    return g_string_free(json, FALSE);
}
