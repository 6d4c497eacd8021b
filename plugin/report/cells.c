/* cells.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/cells.h"

#include "common/text.h"

#include <epan/to_str.h>

#define SHORTENED "\xe2\x80\xa6" /* an ellipsis */

static int
columns_of(gunichar character)
{
    if (g_unichar_iszerowidth(character))
        return 0;
    return g_unichar_iswide(character) ? 2 : 1;
}

static int
width_of(const char *text)
{
    int width = 0;

    for (const char *at = text; *at; at = g_utf8_next_char(at))
        width += columns_of(g_utf8_get_char(at));
    return width;
}

/* Appends text in exactly that many columns. */
void
cell_append(GString *line, const char *text, int columns)
{
    char *shown = text_shown(NULL, text);
    bool is_short = width_of(shown) <= columns;
    int left = columns;

    for (const char *at = shown; *at; at = g_utf8_next_char(at)) {
        int width = columns_of(g_utf8_get_char(at));

        if (left - width < (is_short ? 0 : 1))
            break;
        g_string_append_unichar(line, g_utf8_get_char(at));
        left -= width;
    }
    if (!is_short) {
        g_string_append(line, SHORTENED);
        left--;
    }
    g_string_append_printf(line, "%*s", left, "");
    wmem_free(NULL, shown);
}

char *
cell_of_time(const nstime_t *when)
{
    GDateTime *date = g_date_time_new_from_unix_utc(when->secs);
    char *second = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S") : NULL;
    char *text = second ? g_strdup_printf("%s.%03d", second, when->nsecs / 1000000)
                        : g_strdup_printf("%" PRId64, (int64_t)when->secs);

    g_free(second);
    if (date)
        g_date_time_unref(date);
    return text;
}

void
cell_append_place(GString *line, const address *addr, unsigned port, const char *unseen)
{
    char *host = address_to_str(NULL, addr);

    if (addr->type == AT_NONE)
        g_string_append(line, unseen);
    else
        g_string_append_printf(line, "%s port %u", host, port);
    wmem_free(NULL, host);
}
