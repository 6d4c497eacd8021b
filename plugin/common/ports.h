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

/* The dissectors that stand at our ports. */
void ports_handoff(dissector_handle_t tcp, dissector_handle_t udp);

/* As they were when the file was opened, or dissected anew. */
bool ports_is_ours(transport_t transport, uint32_t port);

/* Calls this with each of our ports, as they are now. */
void ports_tell_ours(transport_t transport, void (*tell)(uint16_t port));

/* A port that servers listen at: a well-known one, or one that a dissector stands at. */
bool ports_is_service(transport_t transport, uint32_t port);

#endif
