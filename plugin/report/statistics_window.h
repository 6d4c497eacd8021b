/* statistics_window.h
 * The statistics as a table of Wireshark's window: Telephony > MSICCP >
 * Statistics. The tree with its rates is in the menu Statistics, where
 * Wireshark puts those of all plugins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STATISTICS_WINDOW_H
#define MSICCP_STATISTICS_WINDOW_H

/* The argument of -z that opens it. */
#define STATISTICS_WINDOW "msiccp,counts"

void statistics_window_register(void);

#endif
