/* calls.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/calls.h"

#include "report/listing.h"

static bool
begin_table(const char *filter, char **error)
{
    return records_begin(filter, call_table_print, error) != NULL;
}

static bool
begin_cdr(const char *filter, char **error)
{
    return records_begin(filter, cdr_print, error) != NULL;
}

void
calls_register(void)
{
    static listing_t call_table = {.name = "msiccp,calls", .begin = begin_table};
    static listing_t cdr = {.name = "msiccp,cdr", .begin = begin_cdr};

    listing_register(&call_table);
    listing_register(&cdr);
}
