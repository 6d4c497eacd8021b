/* calls.h
 * The statistics that list calls: -z msiccp,calls and -z msiccp,cdr.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CALLS_H
#define MSICCP_CALLS_H

#include "report/records.h"

void calls_register(void);

/* A table for people, on standard output; at most 120 columns wide. */
void call_table_print(records_t *records);

/* Call records for programs, on standard output: see docs/CDR.md. */
void cdr_print(records_t *records);

#endif
