/* statistics_window.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/statistics_window.h"

#include "report/statistics.h"

#include <epan/stat_tap_ui.h>

enum {
    COLUMN_VALUE,
    COLUMN_COUNT,
    COLUMNS,
};

static stat_tap_table_item columns[COLUMNS] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Value", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Count", "%u"},
};

static void
begin_tables(stat_tap_table_ui *ui)
{
    for (unsigned counted = 0; counted < COUNTED_COUNT; counted++) {
        if (!stat_tap_find_table(ui, counted_titles[counted]))
            stat_tap_add_table(ui, stat_tap_init_table(counted_titles[counted], COLUMNS, 0, NULL));
    }
}

static void
free_item(stat_tap_table *table _U_, unsigned row _U_, unsigned column,
          stat_tap_table_item_type *item)
{
    if (column == COLUMN_VALUE)
        g_free((char *)item->value.string_value);
}

static void
empty_table(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        free_item(table, row, COLUMN_VALUE, stat_tap_get_field_data(table, row, COLUMN_VALUE));
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
}

/* The values of a table are few. */
static stat_tap_table_item_type *
row_of(stat_tap_table *table, const char *value)
{
    stat_tap_table_item_type items[COLUMNS] = {
        {.type = TABLE_ITEM_STRING},
        {.type = TABLE_ITEM_UINT},
    };
    unsigned row;

    for (row = 0; row < table->num_elements; row++) {
        stat_tap_table_item_type *there = stat_tap_get_field_data(table, row, COLUMN_VALUE);

        if (strcmp(there->value.string_value, value) == 0)
            return there;
    }
    items[COLUMN_VALUE].value.string_value = g_strdup(value);
    stat_tap_init_table_row(table, row, COLUMNS, items);
    return stat_tap_get_field_data(table, row, COLUMN_VALUE);
}

static void
count_in_table(void *ui, counted_t counted, const char *value)
{
    row_of(stat_tap_find_table(ui, counted_titles[counted]), value)[COLUMN_COUNT]
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
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMNS,
        .fields = columns,
    };

    register_stat_tap_table_ui(&counts);
}
