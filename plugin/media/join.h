/* join.h
 * Which sessions a packet of media belongs to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_JOIN_H
#define MSICCP_JOIN_H

#include "media/joined.h"

void join_handoff(void);

/* The sessions that this packet of media belongs to: how many; 0: none. */
unsigned join_media(packet_info *pinfo, joined_t joined[MOST_JOINED]);

/*
 * Of RTP before Wireshark's dissector has it, by where earlier packets of its stream were found to
 * belong: the first of its sessions. NULL: that is not known, or this is not the first pass.
 */
const joined_t *join_settled(const packet_info *pinfo);

/* The first is there; the other legs of its call that the packet is of: how many all are. */
unsigned join_legs(packet_info *pinfo, joined_t joined[MOST_JOINED]);

/* Something may be data of a session, over TCP. */
bool join_has_data(void);

/* Once for each dissection of a packet: true where it is data of a session, over TCP. */
bool join_data(packet_info *pinfo, joined_t *joined);

#endif
