/* tables.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "tables.h"

#include <stdio.h>

#include <glib.h>

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#define MAX_TABLES 8

static stat_data_t listening[MAX_TABLES];
static unsigned count;

static void
empty(void *data)
{
    reset_stat_table(((stat_data_t *)data)->stat_tap_data);
}

void
tables_listen(const char *name)
{
    stat_data_t *data = &listening[count++];
    GString *error;

    data->stat_tap_data = stat_tap_by_name(name);
    if (!data->stat_tap_data)
        g_error("there is no table %s", name);
    data->stat_tap_data->stat_tap_init_cb(data->stat_tap_data);
    error = register_tap_listener(data->stat_tap_data->tap_name, data, NULL, 0, empty,
                                  data->stat_tap_data->packet_func, NULL, NULL);
    if (error)
        g_error("the table %s does not listen: %s", name, error->str);
}

static void
print_row(const stat_tap_table *table, unsigned row)
{
    for (unsigned column = 0; column < table->num_fields; column++) {
        const stat_tap_table_item_type *cell = stat_tap_get_field_data(table, row, column);

        if (cell->type == TABLE_ITEM_STRING && cell->value.string_value)
            puts(cell->value.string_value);
    }
}

void
tables_print(void)
{
    for (unsigned ui = 0; ui < count; ui++) {
        const GArray *tables = listening[ui].stat_tap_data->tables;

        for (unsigned index = 0; index < tables->len; index++) {
            const stat_tap_table *table = g_array_index(tables, stat_tap_table *, index);

            for (unsigned row = 0; row < table->num_elements; row++)
                print_row(table, row);
        }
    }
}
