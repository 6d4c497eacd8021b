/* ports_json.c
 * The keys are described in docs/PORTS.md and docs/ports.schema.json; a change that is not an
 * addition needs a new SCHEMA.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/ports.h"

#include "report/put.h"
#include "report/scans.h"

#include <stdio.h>

#define SCHEMA 1

/* The names of one kind. */
static void
put_names(json_dumper *json, const char *key, const server_t *server, kind_t kind)
{
    put_key(json, key);
    json_dumper_begin_array(json);
    for (wmem_list_frame_t *frame = wmem_list_head(server->spoken); frame;
         frame = wmem_list_frame_next(frame)) {
        const spoken_t *spoken = wmem_list_frame_data(frame);

        if (spoken->kind == kind && spoken->name)
            json_dumper_value_string(json, spoken->name);
    }
    json_dumper_end_array(json);
}

static void
put_scans(json_dumper *json, GHashTable *scans, const server_t *server)
{
    GPtrArray *clients = scans_clients(scans, server);

    put_key(json, "scan");
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < MIN(clients->len, MOST_SCANS); i++) {
        const client_t *client = g_ptr_array_index(clients, i);
        const scan_t *scan = scans_find(scans, client);

        json_dumper_begin_object(json);
        put_address(json, "client", &client->addr);
        put_integer(json, "hosts", scan->hosts);
        put_integer(json, "ports", scan->ports);
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
    put_integer(json, "scan_more", clients->len - MIN(clients->len, MOST_SCANS));
    g_ptr_array_unref(clients);
}

static void
put_notes(json_dumper *json, const server_t *server)
{
    put_key(json, "notes");
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < NOTES; i++) {
        if (server->notes >> i & 1)
            json_dumper_value_string(json, servers_notes[i]);
    }
    json_dumper_end_array(json);
}

static void
put_server(json_dumper *json, GHashTable *scans, const server_t *server)
{
    const spoken_t *spoken = servers_spoken(server);

    json_dumper_begin_object(json);
    put_integer(json, "schema", SCHEMA);
    put_address(json, "address", &server->addr);
    put_integer(json, "port", server->port);
    put_text(json, "transport", server->transport == OVER_TCP ? "tcp" : "udp");
    put_text(json, "kind", servers_kind_word(spoken->kind));
    put_text(json, "name", spoken->name);
    put_text(json, "how", servers_told_word(spoken->told_by));
    put_names(json, "codings", server, KIND_CALL_CONTROL);
    put_integer(json, "calls", wmem_map_size(server->sessions));
    put_names(json, "foreign", server, KIND_FOREIGN);
    put_integer(json, "connections", server->connections);
    put_integer(json, "clients", wmem_map_size(server->clients));
    put_integer(json, "bytes_to_server", (int64_t)server->bytes_to_server);
    put_integer(json, "bytes_from_server", (int64_t)server->bytes_from_server);
    put_moment(json, "first", &server->first);
    put_moment(json, "last", &server->last);
    put_integer(json, "refused", server->refused);
    put_integer(json, "unanswered", server->unanswered);
    put_scans(json, scans, server);
    put_notes(json, server);
    json_dumper_end_object(json);
}

void
ports_print_json(servers_t *servers)
{
    GPtrArray *sorted = servers_sorted(servers);
    GHashTable *scans = scans_of(sorted);
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < sorted->len; i++) {
        json_dumper json = {.output_string = line};

        put_server(&json, scans, g_ptr_array_index(sorted, i));
        put_print_line(&json);
    }
    g_string_free(line, TRUE);
    g_hash_table_destroy(scans);
    g_ptr_array_unref(sorted);
}
