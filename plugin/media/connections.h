/* connections.h
 * TCP connections that calls announce: H.245, and T.120 and T.38 over TCP. What other
 * wings ask of them is in media.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CONNECTIONS_H
#define MSICCP_CONNECTIONS_H

#include "session/session.h"

void connections_register(void);
void connections_handoff(dissector_handle_t h245_handle, dissector_handle_t data_handle);

/* First pass only: what comes to the address that this message announces comes to us first. */
void connections_receive_h245(const packet_info *pinfo, const message_t *message);

#endif
