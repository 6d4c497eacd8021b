/* setup.h
 * What Wireshark is told to expect at an address: media, which comes to our dissectors first, and
 * from them to Wireshark's own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SETUP_H
#define MSICCP_SETUP_H

#include "media/handles.h"
#include "session/session.h"

void setup_handoff(const media_handles_t *handles);

/* Wireshark's own dissector of RTP, RTCP or T.38; returns what that returns. */
int setup_dissect(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                  void *data);

/* First pass only: what comes to this address from this frame on is RTP or RTCP. */
void setup_media(packet_info *pinfo, const address *addr, uint32_t port, channel_t channel);

/* First pass only: what Wireshark has just been told to be media at this address comes to us first.
 */
void setup_receive(const packet_info *pinfo, const address *addr, uint32_t port);

/* First pass only: what comes, from the next frame on, to where this packet goes is such media. */
void setup_found(packet_info *pinfo, channel_t channel);

/* First pass only: RTCP may come to this port of where the packet goes, unless that is somebody's;
 * false: it is. */
bool setup_expected_rtcp(packet_info *pinfo, uint32_t port);

#endif
