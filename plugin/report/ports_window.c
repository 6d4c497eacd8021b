/* ports_window.c
 * The table of servers in a window. Wireshark tells a window nothing but packets: so a row is
 * right after each of them, and has nothing that only the end of a capture tells.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/ports.h"

#include "report/rows.h"

#include <epan/to_str.h>

#define TITLE "Ports"

enum {
    COLUMN_SERVER,
    COLUMN_PORT,
    COLUMN_WHAT,
    COLUMN_NOTES,
    COLUMN_TOLD_BY,
    COLUMN_CONNECTIONS,
    COLUMN_CLIENTS,
    COLUMN_BYTES_TO,
    COLUMN_BYTES_FROM,
    COLUMN_REFUSED,
    COLUMN_UNANSWERED,
    COLUMN_SILENT,
    COLUMN_COUNT,
};

static stat_tap_table_item columns[COLUMN_COUNT] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Port", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "What", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Worth a look", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Told by", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Connections", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Clients", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes to", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes from", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Refused", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Unanswered", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Silent clients", "%u"},
};

static rows_t rows;

/* What the latest window collects, until another does or the last one is closed. */
static servers_t *collector;

static stat_tap_table_item_type *
row_of(stat_tap_table *table, const server_t *server)
{
    stat_tap_table_item_type *row;

    if (server->row)
        return stat_tap_get_field_data(table, server->row - 1, 0);
    row = rows_add(&rows, table, columns);
    rows_set_text(row, COLUMN_SERVER, address_to_str(NULL, &server->addr));
    rows_set_text(
        row, COLUMN_PORT,
        g_strdup_printf("%u/%s", server->port, server->transport == OVER_TCP ? "tcp" : "udp"));
    return row;
}

static void
set_number(stat_tap_table_item_type *row, unsigned column, uint64_t number)
{
    row[column].value.uint_value = (unsigned)MIN(number, UINT_MAX);
}

static void
show_server(server_t *server, void *data)
{
    stat_tap_table_ui *ui = data;
    stat_tap_table *table = stat_tap_find_table(ui, TITLE);
    stat_tap_table_item_type *row = row_of(table, server);
    const char *told_by = servers_told_word(servers_spoken(server)->told_by);

    if (!server->row)
        server->row = table->num_elements;
    rows_set_text(row, COLUMN_WHAT, ports_what(server));
    rows_set_text(row, COLUMN_TOLD_BY, g_strdup(told_by ? told_by : ""));
    set_number(row, COLUMN_CONNECTIONS, server->connections);
    set_number(row, COLUMN_CLIENTS, wmem_map_size(server->clients));
    set_number(row, COLUMN_BYTES_TO, server->bytes_to_server);
    set_number(row, COLUMN_BYTES_FROM, server->bytes_from_server);
    set_number(row, COLUMN_REFUSED, server->refused);
    set_number(row, COLUMN_UNANSWERED, server->unanswered);
    set_number(row, COLUMN_SILENT, server->silent);
    rows_set_text(row, COLUMN_NOTES, ports_notes(server));
}

static void
collect_anew(servers_t *next)
{
    servers_free(collector);
    collector = next;
}

static void
begin_table(stat_tap_table_ui *ui)
{
    if (rows_begin(&rows, ui))
        stat_tap_add_table(ui, stat_tap_init_table(TITLE, COLUMN_COUNT, 0, NULL));
    collect_anew(servers_new(show_server, ui));
}

/* The rows of what was collected are no more. */
static void
empty_table(stat_tap_table *table)
{
    rows_empty(&rows, table);
    if (collector)
        servers_reset(collector);
}

/* Wireshark frees the table: the last window is closed. */
static void
free_item(stat_tap_table *table, unsigned row, unsigned column, stat_tap_table_item_type *item)
{
    rows_free_item(table, row, column, item);
    collect_anew(NULL);
}

static tap_packet_status
hear_packet(void *data _U_, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
            tap_flags_t flags _U_)
{
    servers_hear(collector, pinfo, tap_data);
    return TAP_PACKET_REDRAW;
}

void
ports_window_register(void)
{
    static stat_tap_table_ui ports = {
        /* In no menu of Wireshark's own: it is opened from ours. */
        .group = REGISTER_LOG_STAT_GROUP_UNSORTED,
        .title = "MSICCP Ports",
        .tap_name = PACKETS_TAP,
        .cli_string = PORTS_WINDOW,
        .stat_tap_init_cb = begin_table,
        .packet_func = hear_packet,
        .stat_tap_reset_table_cb = empty_table,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMN_COUNT,
        .fields = columns,
    };

    register_stat_tap_table_ui(&ports);
}
