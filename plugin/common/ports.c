/* ports.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/ports.h"

#define WELL_KNOWN_PORTS_END 1024
#define T120_PORT 1503 /* NetMeeting listens there too; Wireshark has no dissector for it */

static dissector_table_t tables[OVER_UDP + 1];
static dissector_handle_t our_handles[OVER_UDP + 1];

void
ports_handoff(dissector_handle_t tcp, dissector_handle_t udp)
{
    tables[OVER_TCP] = find_dissector_table("tcp.port");
    tables[OVER_UDP] = find_dissector_table("udp.port");
    our_handles[OVER_TCP] = tcp;
    our_handles[OVER_UDP] = udp;
}

bool
ports_is_ours(transport_t transport, uint32_t port)
{
    return dissector_get_uint_handle(tables[transport], port) == our_handles[transport];
}

bool
ports_is_service(transport_t transport, uint32_t port)
{
    return port < WELL_KNOWN_PORTS_END || port == T120_PORT ||
           dissector_get_uint_handle(tables[transport], port) != NULL;
}
