/* statistics_window.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/statistics_window.h"

#include "report/rows.h"
#include "report/statistics.h"

enum {
    COLUMN_VALUE,
    COLUMN_COUNT,
    COLUMNS,
};

static stat_tap_table_item columns[COLUMNS] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Value", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Count", "%u"},
};

static rows_t rows;

static void
begin_tables(stat_tap_table_ui *ui)
{
    if (!rows_begin(&rows, ui))
        return;
    for (unsigned counted = 0; counted < COUNTED_COUNT; counted++)
        stat_tap_add_table(ui, stat_tap_init_table(statistics_titles[counted], COLUMNS, 0, NULL));
}

static void
empty_table(stat_tap_table *table)
{
    rows_empty(&rows, table);
}

/* The values of a table are few. */
static stat_tap_table_item_type *
row_of(stat_tap_table *table, const char *value)
{
    stat_tap_table_item_type *added;

    for (unsigned row = 0; row < table->num_elements; row++) {
        stat_tap_table_item_type *there = stat_tap_get_field_data(table, row, COLUMN_VALUE);

        if (strcmp(there->value.string_value, value) == 0)
            return there;
    }
    added = rows_add(&rows, table, columns);
    rows_set_text(added, COLUMN_VALUE, g_strdup(value));
    return added;
}

static void
count_in_table(void *ui, counted_t counted, const char *value)
{
    row_of(stat_tap_find_table(ui, statistics_titles[counted]), value)[COLUMN_COUNT]
        .value.uint_value++;
}

static tap_packet_status
hear_packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
            tap_flags_t flags _U_)
{
    statistics_count(pinfo, tap_data, count_in_table, ((stat_data_t *)data)->stat_tap_data);
    return TAP_PACKET_REDRAW;
}

void
statistics_window_register(void)
{
    static stat_tap_table_ui counts = {
        /* In no menu of Wireshark's own: it is opened from ours. */
        .group = REGISTER_LOG_STAT_GROUP_UNSORTED,
        .title = "MSICCP Statistics",
        .tap_name = MSICCP_TAP,
        .cli_string = STATISTICS_WINDOW,
        .stat_tap_init_cb = begin_tables,
        .packet_func = hear_packet,
        .stat_tap_reset_table_cb = empty_table,
        .stat_tap_free_table_item_cb = rows_free_item,
        .nfields = COLUMNS,
        .fields = columns,
    };

    register_stat_tap_table_ui(&counts);
}
