/* put.h
 * Members of JSON objects, each with its key.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PUT_H
#define MSICCP_PUT_H

#include "session/call.h"

#include <wsutil/json_dumper.h>

/* What is put next is the value of this key. */
void put_key(json_dumper *json, const char *key);

void put_null(json_dumper *json, const char *key);

/* NULL is null. */
void put_text(json_dumper *json, const char *key, const char *text);
void put_integer(json_dumper *json, const char *key, int64_t value);
void put_boolean(json_dumper *json, const char *key, bool value);

/* In thousandths, whatever the locale's decimal point is; what is no number is null. */
void put_number(json_dumper *json, const char *key, double value);
void put_address(json_dumper *json, const char *key, const address *addr);

/* The members for both; what is not known of a place has none, nor have several that differ. */
void put_place(json_dumper *json, const address *addr, uint16_t port);

/* What has been put is at its end: a line on standard output. Its text is emptied. */
void put_print_line(json_dumper *json);

/* Its frame and time; what has not happened is null. */
void put_moment(json_dumper *json, const char *key, const moment_t *moment);

/* A capture file can hold times that no number of microseconds can: they are as near as can be. */
int64_t put_microseconds(const nstime_t *when);

#endif
