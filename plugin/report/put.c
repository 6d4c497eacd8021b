/* put.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/put.h"

#include "common/numbering.h"
#include "common/text.h"

#include <math.h>
#include <stdio.h>

#include <epan/to_str.h>

void
put_key(json_dumper *json, const char *key)
{
    json_dumper_set_member_name(json, key);
}

void
put_null(json_dumper *json, const char *key)
{
    put_key(json, key);
    json_dumper_value_anyf(json, "null");
}

/* NULL is null. */
void
put_text(json_dumper *json, const char *key, const char *text)
{
    char *quoted;

    if (!text) {
        put_null(json, key);
        return;
    }
    quoted = text_json(text);
    put_key(json, key);
    json_dumper_value_anyf(json, "%s", quoted);
    g_free(quoted);
}

void
put_integer(json_dumper *json, const char *key, int64_t value)
{
    put_key(json, key);
    json_dumper_value_anyf(json, "%" PRId64, value);
}

void
put_boolean(json_dumper *json, const char *key, bool value)
{
    put_key(json, key);
    json_dumper_value_anyf(json, value ? "true" : "false");
}

/* In thousandths, whatever the locale's decimal point is. */
void
put_number(json_dumper *json, const char *key, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (!isfinite(value)) {
        put_null(json, key);
        return;
    }
    put_key(json, key);
    json_dumper_value_anyf(json, "%s", g_ascii_formatd(text, sizeof text, "%.3f", value));
}

/* A capture file can hold times that no number of microseconds can. */
int64_t
put_microseconds(const nstime_t *when)
{
    const int64_t limit = INT64_MAX / 1000000 - 1;

    return CLAMP((int64_t)when->secs, -limit, limit) * 1000000 + when->nsecs / 1000;
}

void
put_address(json_dumper *json, const char *key, const address *addr)
{
    char *text = addr->type == AT_NONE ? NULL : address_to_str(NULL, addr);

    put_text(json, key, text);
    wmem_free(NULL, text);
}

void
put_place(json_dumper *json, const address *addr, uint16_t port)
{
    put_address(json, "address", addr);
    if (addr->type == AT_NONE || port == 0)
        put_null(json, "port");
    else
        put_integer(json, "port", port);
}

void
put_print_line(json_dumper *json)
{
    json_dumper_finish(json);
    (void)fwrite(json->output_string->str, 1, json->output_string->len, stdout);
    g_string_truncate(json->output_string, 0);
}

void
put_moment(json_dumper *json, const char *key, const moment_t *moment)
{
    if (!moment->frame) {
        put_null(json, key);
        return;
    }
    put_key(json, key);
    json_dumper_begin_object(json);
    put_integer(json, "frame", (int64_t)numbering_told(moment->frame));
    put_integer(json, "time_us", put_microseconds(&moment->at));
    json_dumper_end_object(json);
}
