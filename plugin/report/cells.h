/* cells.h
 * Cells of a table on a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CELLS_H
#define MSICCP_CELLS_H

#include "common/compat.h"

#include <epan/address.h>
#include <wsutil/nstime.h>

/*
 * "2024-03-01 12:00:00.123", in UTC like the times of the call records; of a time that no
 * calendar has, the seconds as the capture has them. To be freed with g_free().
 */
char *cell_of_time(const nstime_t *when);

/* Appends text in exactly that many columns of the terminal; what is longer is shortened. */
void cell_append(GString *line, const char *text, int columns);

/* Appends "10.0.0.1 port 1731"; of an address that is not known, UNSEEN. */
void cell_append_place(GString *line, const address *addr, unsigned port, const char *unseen);

#endif
