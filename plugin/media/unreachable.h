/* unreachable.h
 * ICMP errors that tell that a packet of a call, or a connection to it, was not delivered.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_UNREACHABLE_H
#define MSICCP_UNREACHABLE_H

#include "media/handles.h"
#include "session/session.h"

void unreachable_handoff(const media_handles_t *handles);

/* Wireshark's own dissector of ICMP or ICMPv6, which the protocol is; returns what that returns. */
int unreachable_dissect(uint8_t protocol, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                        void *data);

/* First pass only: a message of ICMP or ICMPv6, which the protocol is, and who sent it. */
void unreachable_watch(tvbuff_t *tvb, packet_info *pinfo, uint8_t protocol, const address *sender);

#endif
