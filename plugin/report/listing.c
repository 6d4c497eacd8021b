/* listing.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/listing.h"

#include <stdio.h>
#include <stdlib.h>

#include <epan/stat_tap_ui.h>
#include <wsutil/report_message.h>

/* The filter of "NAME,FILTER"; NULL and found: there is none. */
static const char *
filter_of(const char *argument, const char *name, bool *found)
{
    const char *rest = argument + strlen(name);

    *found = g_str_has_prefix(argument, name) && (*rest == '\0' || *rest == ',');
    return *found && rest[0] == ',' && rest[1] != '\0' ? rest + 1 : NULL;
}

static bool
begin_listing(const char *argument, void *data)
{
    const listing_t *listing = data;
    char *error = NULL;
    bool found;
    const char *filter = filter_of(argument, listing->name, &found);

    if (!found) {
        report_failure("Invalid -z argument \"%s\": it is %s[,FILTER].", argument, listing->name);
        return false;
    }
    if (!listing->begin(filter, &error)) {
        report_failure("Couldn't begin -z %s: %s", argument, error);
        g_free(error);
        return false;
    }
    return true;
}

STAT_TAP_BEGIN(begin_requested_listing, begin_listing)

void
listing_register(listing_t *listing)
{
    stat_tap_ui ui = {
        .group = REGISTER_TELEPHONY_GROUP_UNSORTED,
        .cli_string = listing->name,
        .tap_init_cb = begin_requested_listing,
    };

    register_stat_tap_ui(&ui, listing);
}

void
listing_print_ruler(const char *title, unsigned columns)
{
    GString *line = g_string_new(title);

    while (line->len < columns)
        g_string_append_c(line, '=');
    puts(line->str);
    g_string_free(line, TRUE);
}
