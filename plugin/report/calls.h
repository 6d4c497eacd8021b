/* calls.h
 * The statistics that list calls: -z msiccp,calls, -z msiccp,cdr and, as they go on,
 * -z msiccp,watch.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CALLS_H
#define MSICCP_CALLS_H

#include "report/records.h"

#include <epan/prefs.h>
#include <wsutil/json_dumper.h>

void calls_register(void);
void watch_register(void);

/* A table for people, on standard output; at most 120 columns wide. */
void call_table_print(records_t *records);

void cdr_register_preferences(module_t *module);

/* Call records for programs, on standard output: see docs/CDR.md. */
void cdr_print(records_t *records);

/* One of them, as an object. */
void cdr_put_record(json_dumper *json, records_t *records, const record_t *record);

/* The members for the caller and the callee. */
void cdr_put_parties(json_dumper *json, const session_t *session);

#endif
