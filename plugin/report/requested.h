/* requested.h
 * Statistics that are begun without a -z on the command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_REQUESTED_H
#define MSICCP_REQUESTED_H

#include <stdbool.h>

/* Begins what -z would with this argument. False: there is no such statistic. */
bool requested_begin(const char *statistic);

/*
 * A program that takes no -z, such as sharkd, has the statistics that the
 * environment variable MSICCP_STATISTICS names, with spaces between them. They are
 * of each file that it has its taps hear, and print as they do in tshark.
 */
void requested_register(void);

#endif
