/* cells.h
 * Cells of a table on a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CELLS_H
#define MSICCP_CELLS_H

#include "common/compat.h"

/* Appends text in exactly that many columns of the terminal; what is longer is shortened. */
void cell_append(GString *line, const char *text, int columns);

#endif
