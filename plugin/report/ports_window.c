/* ports_window.c
 * The table of servers in a window. Wireshark feeds its tables from one tap only, and what is
 * on a port is heard on three: so a collector sets the rows. Listeners draw in the reverse
 * order of their registration: the collector has to come after the window, and so listens anew
 * when the window has heard its first packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/ports.h"

#include "report/scans.h"

#include <epan/stat_tap_ui.h>
#include <epan/to_str.h>

enum {
    COLUMN_SERVER,
    COLUMN_PORT,
    COLUMN_WHAT,
    COLUMN_TOLD_BY,
    COLUMN_CONNECTIONS,
    COLUMN_CLIENTS,
    COLUMN_BYTES_TO,
    COLUMN_BYTES_FROM,
    COLUMN_REFUSED,
    COLUMN_UNANSWERED,
    COLUMN_SCANS,
    COLUMN_NOTES,
    COLUMN_COUNT,
};

static stat_tap_table_item columns[COLUMN_COUNT] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Port", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "What", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Told by", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Connections", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Clients", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes to", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes from", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Refused", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Unanswered", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Scanned by", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Worth a look", "%s"},
};

static stat_tap_table *table; /* of all windows; NULL: none has been opened yet */
static servers_t *collector;
static bool is_new; /* there is a window that has heard no packet yet */

static void
free_item(stat_tap_table *from _U_, unsigned row _U_, unsigned column,
          stat_tap_table_item_type *item)
{
    if (columns[column].type == TABLE_ITEM_STRING)
        g_free((char *)item->value.string_value);
}

static void
empty_table(stat_tap_table *emptied)
{
    for (unsigned row = 0; row < emptied->num_elements; row++) {
        for (unsigned column = 0; column < COLUMN_COUNT; column++)
            free_item(emptied, row, column, stat_tap_get_field_data(emptied, row, column));
        g_free(emptied->elements[row]);
    }
    emptied->num_elements = 0;
}

static stat_tap_table_item_type
text_item(char *text)
{
    return (stat_tap_table_item_type){.type = TABLE_ITEM_STRING, .value.string_value = text};
}

static stat_tap_table_item_type
number_item(uint64_t number)
{
    return (stat_tap_table_item_type){.type = TABLE_ITEM_UINT,
                                      .value.uint_value = (unsigned)MIN(number, UINT_MAX)};
}

static char *
address_text(const address *addr)
{
    char *shown = address_to_str(NULL, addr);
    char *text = g_strdup(shown);

    wmem_free(NULL, shown);
    return text;
}

static void
add_row(const servers_t *servers, GHashTable *scans, const server_t *server, unsigned row)
{
    const char *told_by = servers_told_word(servers_spoken(server)->told_by);
    const stat_tap_table_item_type items[COLUMN_COUNT] = {
        [COLUMN_SERVER] = text_item(address_text(&server->addr)),
        [COLUMN_PORT] = text_item(
            g_strdup_printf("%u/%s", server->port, server->transport == OVER_TCP ? "tcp" : "udp")),
        [COLUMN_WHAT] = text_item(ports_what(server)),
        [COLUMN_TOLD_BY] = text_item(g_strdup(told_by ? told_by : "")),
        [COLUMN_CONNECTIONS] = number_item(server->connections),
        [COLUMN_CLIENTS] = number_item(wmem_map_size(server->clients)),
        [COLUMN_BYTES_TO] = number_item(server->bytes_to_server),
        [COLUMN_BYTES_FROM] = number_item(server->bytes_from_server),
        [COLUMN_REFUSED] = number_item(server->refused),
        [COLUMN_UNANSWERED] = number_item(servers_unanswered(servers, server)),
        [COLUMN_SCANS] = text_item(ports_scans(scans, server)),
        [COLUMN_NOTES] = text_item(ports_notes(server)),
    };

    stat_tap_init_table_row(table, row, COLUMN_COUNT, items);
}

static void
fill_table(servers_t *servers, void *data _U_)
{
    GPtrArray *sorted = servers_sorted(servers);
    GHashTable *scans = scans_of(sorted);

    empty_table(table);
    for (unsigned i = 0; i < sorted->len; i++)
        add_row(servers, scans, g_ptr_array_index(sorted, i), i);
    g_hash_table_destroy(scans);
    g_ptr_array_unref(sorted);
}

static void
begin_table(stat_tap_table_ui *ui)
{
    char *error = NULL;

    is_new = true;
    servers_end(collector);
    collector = servers_begin(NULL, fill_table, NULL, &error);
    g_free(error);
    if (table)
        return;
    table = stat_tap_init_table("Ports", COLUMN_COUNT, 0, NULL);
    stat_tap_add_table(ui, table);
}

static tap_packet_status
hear_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
            const void *tap_data _U_, tap_flags_t flags _U_)
{
    if (is_new)
        servers_listen_anew(collector);
    is_new = false;
    return TAP_PACKET_REDRAW;
}

void
ports_window_register(void)
{
    static stat_tap_table_ui ports = {
        /* In no menu of Wireshark's own: it is opened from ours. */
        .group = REGISTER_LOG_STAT_GROUP_UNSORTED,
        .title = "MSICCP Ports",
        .tap_name = "frame",
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
