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

/* To look in Wireshark's table takes ten times as long. */
static port_set_t our_ports[OVER_UDP + 1];

typedef struct {
    dissector_handle_t handle;
    uint8_t *ports; /* a port_set_t */
} added_t;

static void
add_if_ours(const char *table _U_, ftenum_t type _U_, void *port, void *entry, void *data)
{
    const added_t *added = data;

    if (dtbl_entry_get_handle(entry) == added->handle)
        port_set_add(added->ports, (uint16_t)GPOINTER_TO_UINT(port));
}

void
ports_add_ours(transport_t transport, port_set_t ports)
{
    added_t added = {.handle = our_handles[transport], .ports = ports};

    dissector_table_foreach(table_names[transport], add_if_ours, &added);
}

/* When they are others, Wireshark dissects the file anew. */
static void
begin_file(void)
{
    memset(our_ports, 0, sizeof our_ports);
    for (transport_t transport = OVER_TCP; transport <= OVER_UDP; transport++)
        ports_add_ours(transport, our_ports[transport]);
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
    return port <= UINT16_MAX && port_set_has(our_ports[transport], (uint16_t)port);
}

bool
ports_is_service(transport_t transport, uint32_t port)
{
    return port < WELL_KNOWN_PORTS_END || port == T120_PORT ||
           dissector_get_uint_handle(tables[transport], port) != NULL;
}
