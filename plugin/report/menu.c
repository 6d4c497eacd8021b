/* menu.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/menu.h"

#include "common/protocol.h"
#include "report/call_window.h"
#include "report/ports.h"
#include "report/requested.h"
#include "report/statistics_window.h"
#include "report/why_window.h"

#include <epan/plugin_if.h>

/* Opens the window of a statistic as `wireshark -z` would. */
static void
open_statistic(ext_menubar_gui_type gui _U_, void *gui_object _U_, void *statistic)
{
    (void)requested_begin(statistic);
}

static void
open_why(ext_menubar_gui_type gui _U_, void *gui_object _U_, void *data _U_)
{
    why_window_open();
}

/*
 * Wireshark puts the statistics of plugins elsewhere, each in a menu of its own
 * choice; a menu that it makes for a plugin can hold them all.
 */
void
menu_register(void)
{
    ext_menu_t *menu = ext_menubar_register_menu(proto_msiccp, "MSICCP", true);

    ext_menubar_set_parentmenu(menu, "Telephony");
    ext_menubar_add_entry(menu, "Calls", "The calls of this capture", open_statistic,
                          (void *)CALL_WINDOW);
    ext_menubar_add_entry(menu, "Why calls failed", "What went wrong in which call, and why",
                          open_why, NULL);
    ext_menubar_add_entry(menu, "Ports", "What there is on these ports", open_statistic,
                          (void *)PORTS_WINDOW);
    ext_menubar_add_entry(menu, "Statistics", "Events, outcomes, codecs and more, counted",
                          open_statistic, (void *)STATISTICS_WINDOW);
}
