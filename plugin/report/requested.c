/* requested.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/requested.h"

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <wsutil/wslog.h>

#define VARIABLE "MSICCP_STATISTICS"

bool
requested_begin(const char *statistic)
{
    if (!process_stat_cmd_arg(statistic))
        return false;
    start_requested_stats();
    return true;
}

static void
begin_what_is_named(void)
{
    const char *names = g_getenv(VARIABLE);
    char **statistics = g_strsplit(names ? names : "", " ", -1);

    for (char **statistic = statistics; *statistic; statistic++) {
        if (**statistic && !requested_begin(*statistic))
            ws_warning(VARIABLE ": there is no statistic %s", *statistic);
    }
    g_strfreev(statistics);
}

/* When each tap that a statistic hears has been registered; those of Wireshark's programs, which
 * print in other ways, come later. */
void
requested_register(void)
{
    register_final_registration_routine(begin_what_is_named);
}
