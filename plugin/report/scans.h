/* scans.h
 * Who goes from server to server and says nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SCANS_H
#define MSICCP_SCANS_H

#include "report/servers.h"

/* So many who scan a server are told; more are counted. */
#define MOST_SCANS 16

/* What somebody said nothing to. */
typedef struct {
    unsigned hosts;
    unsigned ports; /* the most of one host */
    const server_t *latest;
    unsigned ports_of_latest;
} scan_t;

/* Of all clients; address -> scan_t, to be freed with g_hash_table_destroy(). */
GHashTable *scans_of(const GPtrArray *servers);

/* This client's, if it scans and said nothing to this server; NULL: neither. */
const scan_t *scans_find(GHashTable *scans, const client_t *client);

/* The clients of a server that scan: client_t, sorted, to be freed with g_ptr_array_unref(). */
GPtrArray *scans_clients(GHashTable *scans, const server_t *server);

#endif
