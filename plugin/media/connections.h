/* connections.h
 * TCP connections that calls announce: H.245, and T.120 and T.38 over TCP. What other
 * wings ask of them is in media.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CONNECTIONS_H
#define MSICCP_CONNECTIONS_H

#include "media/media.h"

void connections_register(void);
void connections_handoff(const media_handles_t *handles);

/*
 * First pass only: a message names this port for a connection. Segments from and to it are looked
 * at, also those that carry nothing.
 */
void connections_announce_port(uint16_t port);

/* First pass only: what comes to the address that this message announces comes to us first. */
void connections_receive_h245(const packet_info *pinfo, const message_t *message);

#endif
