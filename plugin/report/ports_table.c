/* ports_table.c
 * A row a server, and below it when it was heard of and what is worth looking into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/ports.h"

#include "report/cells.h"
#include "report/listing.h"
#include "report/scans.h"

#include <stdio.h>

#include <epan/to_str.h>

#define WIDTH 120
#define INDENT "        "

/* "2024-03-01 12:00:00", in UTC. */
static char *
time_text(const moment_t *moment)
{
    GDateTime *date = g_date_time_new_from_unix_utc(moment->at.secs);
    char *text = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S")
                      : g_strdup_printf("%" PRId64, (int64_t)moment->at.secs);

    if (date)
        g_date_time_unref(date);
    return text;
}

static void
print_row(const server_t *server)
{
    const spoken_t *spoken = servers_spoken(server);
    const char *told_by = servers_told_word(spoken->told_by);
    char *addr = address_to_str(NULL, &server->addr);
    char *what = ports_what(server);
    GString *line = g_string_new(NULL);

    cell_append(line, addr, MAX(22, (int)strlen(addr)));
    g_string_append_printf(line, " %5u/%s ", server->port,
                           server->transport == OVER_TCP ? "tcp" : "udp");
    cell_append(line, what, 34);
    g_string_append_c(line, ' ');
    cell_append(line, told_by ? told_by : "-", 9);
    g_string_append_printf(line, " %6u %7u %10" PRIu64 " %10" PRIu64, server->connections,
                           wmem_map_size(server->clients), server->bytes_to_server,
                           server->bytes_from_server);
    puts(line->str);
    g_string_free(line, TRUE);
    g_free(what);
    wmem_free(NULL, addr);
}

static void
print_if_any(const char *title, char *text)
{
    if (*text)
        printf(INDENT "%s: %s\n", title, text);
    g_free(text);
}

static void
print_server(GHashTable *scans, const server_t *server)
{
    char *first = time_text(&server->first);
    char *last = time_text(&server->last);

    print_row(server);
    printf(INDENT "%s to %s", first, last);
    if (server->refused)
        printf(", %u refused", server->refused);
    if (server->unanswered)
        printf(", %u unanswered", server->unanswered);
    putchar('\n');
    print_if_any("scanned by", ports_scans(scans, server));
    print_if_any("worth a look", ports_notes(server));
    g_free(first);
    g_free(last);
}

void
ports_print_table(servers_t *servers)
{
    GPtrArray *sorted = servers_sorted(servers);
    GHashTable *scans = scans_of(sorted);
    unsigned client_ports = servers_client_ports(servers);

    listing_print_ruler("======== MSICCP ports ", WIDTH);
    printf("%-22s %9s %-34s %-9s %6s %7s %10s %10s\n", "Server", "Port", "What", "Told by", "Conns",
           "Clients", "Bytes to", "Bytes from");
    for (unsigned i = 0; i < sorted->len; i++)
        print_server(scans, g_ptr_array_index(sorted, i));
    if (client_ports)
        printf("Not listed: %u connection%s from these ports to other services, whose clients drew "
               "them so.\n",
               client_ports, client_ports == 1 ? "" : "s");
    listing_print_ruler("", WIDTH);
    g_hash_table_destroy(scans);
    g_ptr_array_unref(sorted);
}
