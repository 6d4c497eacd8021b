/* ports.h
 * What a capture has on our ports: for people, for programs, and in a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_REPORT_PORTS_H
#define MSICCP_REPORT_PORTS_H

#include "report/servers.h"

/* The argument of -z that opens the window. */
#define PORTS_WINDOW "msiccp,ports_window"

void ports_register(void);
void ports_window_register(void);

/* On standard output; the table at most 120 columns wide. */
void ports_print_table(servers_t *servers);
void ports_print_json(servers_t *servers);

/* "call control (h225), 2 calls", to be freed with g_free(). */
char *ports_what(const server_t *server);

/* What is worth looking into, to be freed with g_free(). */
char *ports_notes(const server_t *server);

/* Who scans it: "10.73.3.10 (12 hosts)"; to be freed with g_free(). */
char *ports_scans(GHashTable *scans, const server_t *server);

#endif
