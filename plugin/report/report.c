/* report.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/report.h"

#include "report/call_window.h"
#include "report/calls.h"
#include "report/menu.h"
#include "report/ports.h"
#include "report/statistics.h"
#include "report/statistics_window.h"

void
report_register(void)
{
    calls_register();
    call_window_register();
    ports_register();
    ports_window_register();
    statistics_register();
    statistics_window_register();
    menu_register();
}
