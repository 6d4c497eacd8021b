/* rows.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/rows.h"

bool
rows_begin(rows_t *rows, stat_tap_table_ui *ui)
{
    if (ui->tables && ui->tables->len > 0)
        return false;
    if (rows->spare)
        g_ptr_array_unref(rows->spare);
    rows->spare = g_ptr_array_new_with_free_func(g_free);
    return true;
}

void
rows_free_item(stat_tap_table *table _U_, unsigned row _U_, unsigned column _U_,
               stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING)
        g_free((char *)item->value.string_value);
    memset(item, 0, sizeof *item); /* a window may compare it yet */
}

void
rows_empty(rows_t *rows, stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        for (unsigned column = 0; column < table->num_fields; column++)
            rows_free_item(table, row, column, stat_tap_get_field_data(table, row, column));
        g_ptr_array_add(rows->spare, table->elements[row]);
    }
    table->num_elements = 0;
}

stat_tap_table_item_type *
rows_add(rows_t *rows, stat_tap_table *table, const stat_tap_table_item *columns)
{
    unsigned row = table->num_elements;
    stat_tap_table_item_type *items = g_new0(stat_tap_table_item_type, table->num_fields);

    for (unsigned column = 0; column < table->num_fields; column++)
        items[column].type = columns[column].type;
    stat_tap_init_table_row(table, row, table->num_fields, items);
    g_free(items);
    if (rows->spare->len > 0) {
        memcpy(g_ptr_array_index(rows->spare, rows->spare->len - 1), table->elements[row],
               table->num_fields * sizeof *items);
        g_free(table->elements[row]);
        table->elements[row] = g_ptr_array_steal_index_fast(rows->spare, rows->spare->len - 1);
    }
    return table->elements[row];
}

void
rows_set_text(stat_tap_table_item_type *row, unsigned column, char *text)
{
    g_free((char *)row[column].value.string_value);
    row[column].value.string_value = text;
}
