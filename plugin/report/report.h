/* report.h
 * Tables, records, counts and windows. They hear taps, and no packet code knows them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_REPORT_H
#define MSICCP_REPORT_H

#include <epan/prefs.h>

/* Registers the preferences too. */
void report_register(module_t *module);

#endif
