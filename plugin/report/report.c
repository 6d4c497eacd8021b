/* report.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/report.h"

#include "report/call_window.h"
#include "report/calls.h"
#include "report/menu.h"
#include "report/packet_fields.h"
#include "report/ports.h"
#include "report/registrations.h"
#include "report/requested.h"
#include "report/statistics.h"
#include "report/statistics_window.h"

void
report_register(module_t *module)
{
    cdr_register_preferences(module);
    calls_register();
    call_window_register();
    packet_fields_register();
    ports_register();
    ports_window_register();
    registrations_register();
    requested_register();
    statistics_register();
    statistics_window_register();
    watch_register();
    menu_register();
}
