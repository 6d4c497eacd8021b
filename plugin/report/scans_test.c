/* scans_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/scans.h"

#include "common/hash.h"

static unsigned
hash_of(const void *key)
{
    return hash_address(key, 0);
}

static gboolean
are_equal(const void *a, const void *b)
{
    return addresses_equal(a, b);
}

static address
host(uint8_t number)
{
    uint8_t *octets = wmem_alloc0(wmem_file_scope(), 4);
    address addr;

    octets[3] = number;
    set_address(&addr, AT_IPv4, 4, octets);
    return addr;
}

static void
come(server_t *server, uint8_t number, bool has_spoken)
{
    client_t *client = wmem_new0(wmem_file_scope(), client_t);

    client->addr = host(number);
    client->has_spoken = has_spoken;
    wmem_map_insert(server->clients, &client->addr, client);
}

static server_t *
add_server(GPtrArray *servers, uint8_t number, uint16_t port)
{
    server_t *server = wmem_new0(wmem_file_scope(), server_t);

    server->addr = host(number);
    server->port = port;
    server->clients = wmem_map_new(wmem_file_scope(), hash_of, are_equal);
    g_ptr_array_add(servers, server);
    return server;
}

/* How many who came to the last server scan. */
static unsigned
scanning(const GPtrArray *servers)
{
    GHashTable *scans = scans_of(servers);
    GPtrArray *clients = scans_clients(scans, g_ptr_array_index(servers, servers->len - 1));
    unsigned count = clients->len;

    for (unsigned i = 1; i < count; i++) {
        const client_t *before = g_ptr_array_index(clients, i - 1);
        const client_t *client = g_ptr_array_index(clients, i);

        g_assert_cmpint(cmp_address(&before->addr, &client->addr), <, 0);
    }
    g_ptr_array_unref(clients);
    g_hash_table_destroy(scans);
    return count;
}

static void
so_many_hosts(void)
{
    GPtrArray *servers = g_ptr_array_new();

    for (uint8_t number = 1; number <= 5; number++) {
        server_t *server = add_server(servers, number, 1720);

        come(server, 100, false);
        come(server, 101, false);
        come(server, 102, number == 3);
        g_assert_cmpuint(scanning(servers), ==, number < 5 ? 0 : 2);
    }
    g_ptr_array_unref(servers);
}

static void
so_many_ports(void)
{
    GPtrArray *servers = g_ptr_array_new();

    for (uint16_t port = 1730; port < 1733; port++) {
        come(add_server(servers, 1, port), 100, false);
        g_assert_cmpuint(scanning(servers), ==, port < 1732 ? 0 : 1);
    }
    g_ptr_array_unref(servers);
    servers = g_ptr_array_new();
    for (uint16_t port = 1730; port < 1732; port++)
        come(add_server(servers, 1, port), 100, false);
    for (uint16_t port = 1730; port < 1732; port++)
        come(add_server(servers, 2, port), 100, false);
    g_assert_cmpuint(scanning(servers), ==, 0);
    g_ptr_array_unref(servers);
}

/* Who has spoken to this server has not scanned it, whatever it did elsewhere. */
static void
who_speaks_does_not_scan(void)
{
    GPtrArray *servers = g_ptr_array_new();

    for (uint8_t number = 1; number <= 5; number++)
        come(add_server(servers, number, 1720), 100, false);
    come(add_server(servers, 6, 1720), 100, true);
    g_assert_cmpuint(scanning(servers), ==, 0);
    g_ptr_array_unref(servers);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scans/so_many_hosts", so_many_hosts);
    g_test_add_func("/scans/so_many_ports", so_many_ports);
    g_test_add_func("/scans/who_speaks_does_not_scan", who_speaks_does_not_scan);
    return g_test_run();
}
