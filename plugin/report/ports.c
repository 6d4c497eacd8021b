/* ports.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/ports.h"

#include "report/listing.h"
#include "report/scans.h"

#include <epan/to_str.h>

static bool
begin_table(const char *filter, char **error)
{
    return servers_begin(filter, ports_print_table, error);
}

static bool
begin_json(const char *filter, char **error)
{
    return servers_begin(filter, ports_print_json, error);
}

void
ports_register(void)
{
    static listing_t table = {.name = "msiccp,ports", .begin = begin_table};
    static listing_t json = {.name = "msiccp,ports_json", .begin = begin_json};

    listing_register(&table);
    listing_register(&json);
}

/* The names of one kind, one after the other. */
static void
append_names(GString *text, const server_t *server, kind_t kind)
{
    const char *before = "";

    for (wmem_list_frame_t *frame = wmem_list_head(server->spoken); frame;
         frame = wmem_list_frame_next(frame)) {
        const spoken_t *spoken = wmem_list_frame_data(frame);

        if (spoken->kind != kind || !spoken->name)
            continue;
        g_string_append_printf(text, "%s%s", before, spoken->name);
        before = ", ";
    }
}

char *
ports_what(const server_t *server)
{
    const spoken_t *spoken = servers_spoken(server);
    unsigned calls = wmem_map_size(server->sessions);
    GString *text = g_string_new(NULL);

    switch (spoken->kind) {
    case KIND_CALL_CONTROL:
        g_string_append(text, "call control (");
        append_names(text, server, KIND_CALL_CONTROL);
        g_string_append_printf(text, "), %u call%s", calls, calls == 1 ? "" : "s");
        break;
    case KIND_FOREIGN:
        append_names(text, server, KIND_FOREIGN);
        break;
    case KIND_UNKNOWN:
        g_string_append(text, "unknown bytes");
        break;
    default:
        g_string_append(text, "nothing but attempts");
        break;
    }
    return g_string_free(text, FALSE);
}

char *
ports_notes(const server_t *server)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < NOTES; i++) {
        if (server->notes >> i & 1)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", servers_notes[i]);
    }
    return g_string_free(text, FALSE);
}

char *
ports_scans(GHashTable *scans, const server_t *server)
{
    GPtrArray *clients = scans_clients(scans, server);
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < MIN(clients->len, MOST_SCANS); i++) {
        const client_t *client = g_ptr_array_index(clients, i);
        const scan_t *scan = scans_find(scans, client);
        char *addr = address_to_str(NULL, &client->addr);

        g_string_append_printf(text, "%s%s (%u host%s, %u port%s)", text->len ? ", " : "", addr,
                               scan->hosts, scan->hosts == 1 ? "" : "s", scan->ports,
                               scan->ports == 1 ? "" : "s");
        wmem_free(NULL, addr);
    }
    if (clients->len > MOST_SCANS)
        g_string_append_printf(text, " and %u more", clients->len - MOST_SCANS);
    g_ptr_array_unref(clients);
    return g_string_free(text, FALSE);
}
