/* tables.h
 * The statistics that Wireshark shows as tables in windows, here without one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FUZZ_TABLES_H
#define MSICCP_FUZZ_TABLES_H

/* Has the table that -z NAME opens listen from now on. Ends the program where there is none. */
void tables_listen(const char *name);

/* Prints what stands in the cells that have text, a line each. */
void tables_print(void);

#endif
