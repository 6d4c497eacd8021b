/* scans.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/scans.h"

#include "common/hash.h"

/* Who says nothing to so many hosts, or to so many ports of one, scans. */
#define SCANNED_HOSTS 5
#define SCANNED_PORTS 3

static unsigned
client_hash(const void *key)
{
    return hash_address(key, 0);
}

static gboolean
client_equal(const void *a, const void *b)
{
    return addresses_equal(a, b);
}

static void
count(scan_t *scan, const server_t *server)
{
    if (!scan->latest || !addresses_equal(&scan->latest->addr, &server->addr)) {
        scan->hosts++;
        scan->ports_of_latest = 0;
    }
    scan->latest = server;
    scan->ports_of_latest++;
    scan->ports = MAX(scan->ports, scan->ports_of_latest);
}

static void
count_clients(GHashTable *scans, const server_t *server)
{
    wmem_list_t *clients = wmem_map_get_keys(NULL, server->clients);

    for (wmem_list_frame_t *frame = wmem_list_head(clients); frame;
         frame = wmem_list_frame_next(frame)) {
        void *addr = wmem_list_frame_data(frame);
        const client_t *client = wmem_map_lookup(server->clients, addr);
        scan_t *scan = g_hash_table_lookup(scans, addr);

        if (client->has_spoken)
            continue;
        if (!scan) {
            scan = g_new0(scan_t, 1);
            g_hash_table_insert(scans, addr, scan);
        }
        count(scan, server);
    }
    wmem_destroy_list(clients);
}

GHashTable *
scans_of(const GPtrArray *servers)
{
    GHashTable *scans = g_hash_table_new_full(client_hash, client_equal, NULL, g_free);

    for (unsigned i = 0; i < servers->len; i++)
        count_clients(scans, g_ptr_array_index(servers, i));
    return scans;
}

const scan_t *
scans_find(GHashTable *scans, const client_t *client)
{
    const scan_t *scan = client->has_spoken ? NULL : g_hash_table_lookup(scans, &client->addr);

    return scan && (scan->hosts >= SCANNED_HOSTS || scan->ports >= SCANNED_PORTS) ? scan : NULL;
}

static int
compare_clients(const void *a, const void *b)
{
    return cmp_address(&(*(const client_t *const *)a)->addr, &(*(const client_t *const *)b)->addr);
}

GPtrArray *
scans_clients(GHashTable *scans, const server_t *server)
{
    GPtrArray *found = g_ptr_array_new();
    wmem_list_t *clients = wmem_map_get_keys(NULL, server->clients);

    for (wmem_list_frame_t *frame = wmem_list_head(clients); frame;
         frame = wmem_list_frame_next(frame)) {
        client_t *client = wmem_map_lookup(server->clients, wmem_list_frame_data(frame));

        if (scans_find(scans, client))
            g_ptr_array_add(found, client);
    }
    wmem_destroy_list(clients);
    g_ptr_array_sort(found, compare_clients);
    return found;
}
