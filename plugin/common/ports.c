/* ports.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/ports.h"

#define WELL_KNOWN_PORTS_END 1024
#define T120_PORT 1503 /* NetMeeting listens there too; Wireshark has no dissector for it */

static const char *const table_names[] = {[OVER_TCP] = "tcp.port", [OVER_UDP] = "udp.port"};
static dissector_table_t tables[OVER_UDP + 1];
static dissector_handle_t our_handles[OVER_UDP + 1];

/* A bit for each of our ports: to look in Wireshark's table takes ten times as long. */
static uint8_t our_ports[OVER_UDP + 1][(UINT16_MAX + 1) / 8];

typedef struct {
    transport_t transport;
    void (*tell)(uint16_t port);
} told_of_t;

static void
tell_if_ours(const char *table _U_, ftenum_t type _U_, void *port, void *entry, void *data)
{
    const told_of_t *told = data;

    if (dtbl_entry_get_handle(entry) == our_handles[told->transport])
        told->tell((uint16_t)GPOINTER_TO_UINT(port));
}

void
ports_tell_ours(transport_t transport, void (*tell)(uint16_t port))
{
    told_of_t told = {.transport = transport, .tell = tell};

    dissector_table_foreach(table_names[transport], tell_if_ours, &told);
}

static void
put_tcp_port(uint16_t port)
{
    our_ports[OVER_TCP][port / 8] |= (uint8_t)(1 << port % 8);
}

static void
put_udp_port(uint16_t port)
{
    our_ports[OVER_UDP][port / 8] |= (uint8_t)(1 << port % 8);
}

/* When they are others, Wireshark dissects the file anew. */
static void
begin_file(void)
{
    memset(our_ports, 0, sizeof our_ports);
    ports_tell_ours(OVER_TCP, put_tcp_port);
    ports_tell_ours(OVER_UDP, put_udp_port);
}

void
ports_handoff(dissector_handle_t tcp, dissector_handle_t udp)
{
    for (transport_t transport = OVER_TCP; transport <= OVER_UDP; transport++)
        tables[transport] = find_dissector_table(table_names[transport]);
    our_handles[OVER_TCP] = tcp;
    our_handles[OVER_UDP] = udp;
    register_init_routine(begin_file);
}

bool
ports_is_ours(transport_t transport, uint32_t port)
{
    return port <= UINT16_MAX && our_ports[transport][port / 8] & 1 << port % 8;
}

bool
ports_is_service(transport_t transport, uint32_t port)
{
    return port < WELL_KNOWN_PORTS_END || port == T120_PORT ||
           dissector_get_uint_handle(tables[transport], port) != NULL;
}
