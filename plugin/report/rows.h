/* rows.h
 * The rows of a table that Wireshark shows in windows. Several windows share one table, and each
 * keeps pointers to rows that it has drawn, also when another has the table filled anew: so the
 * memory of a row stays what it is, a row, until Wireshark has closed the last window and frees
 * the table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ROWS_H
#define MSICCP_ROWS_H

#include "common/compat.h"

#include <epan/stat_tap_ui.h>

/* The rows that a kind of window has had, of all of its tables; all 0 at first. */
typedef struct {
    GPtrArray *spare;
} rows_t;

/* For stat_tap_init_cb: true if there is no table, since no window is open. */
bool rows_begin(rows_t *rows, stat_tap_table_ui *ui);

/* Empties a table; what a text was is freed, and the rows are kept. */
void rows_empty(rows_t *rows, stat_tap_table *table);

/* One more row at its end: a cell a column, of the columns' types, with nothing in it. */
stat_tap_table_item_type *rows_add(rows_t *rows, stat_tap_table *table,
                                   const stat_tap_table_item *columns);

/* Takes over the text, which g_free() frees. */
void rows_set_text(stat_tap_table_item_type *row, unsigned column, char *text);

/* For stat_tap_free_table_item_cb. */
void rows_free_item(stat_tap_table *table, unsigned row, unsigned column,
                    stat_tap_table_item_type *item);

#endif
