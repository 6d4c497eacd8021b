/* ports.h
 * Our ports, as the preferences have them, and those that are known to be others'.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PORTS_H
#define MSICCP_PORTS_H

#include "common/compat.h"

typedef enum {
    OVER_TCP = 1,
    OVER_UDP = 2,
} transport_t;

/* A bit for each port. */
typedef uint8_t port_set_t[(UINT16_MAX + 1) / 8];

static inline void
port_set_add(port_set_t ports, uint16_t port)
{
    ports[port / 8] |= (uint8_t)(1 << port % 8);
}

static inline bool
port_set_has(const port_set_t ports, uint16_t port)
{
    return ports[port / 8] & 1 << port % 8;
}

/* The dissectors that stand at our ports. */
void ports_handoff(dissector_handle_t tcp, dissector_handle_t udp);

/* As they were when the file was opened, or dissected anew. */
bool ports_is_ours(transport_t transport, uint32_t port);

/* Adds each of our ports, as they are now. */
void ports_add_ours(transport_t transport, port_set_t ports);

/* A port that servers listen at: a well-known one, or one that a dissector stands at. */
bool ports_is_service(transport_t transport, uint32_t port);

#endif
