/* packets.h
 * What goes over TCP and UDP, and what the plugin says of it, in one tap and in its order: who
 * listens to several taps has listeners that a window of Wireshark's does not know, and that
 * outlive it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PACKETS_H
#define MSICCP_PACKETS_H

#include "taps/taps.h"

#define PACKETS_TAP "msiccp_packets"

/* Lives as long as the packet. */
typedef struct {
    transport_t transport;
    address from;
    address to;
    uint16_t from_port;
    uint16_t to_port;
    unsigned flags;         /* of TCP */
    uint32_t stream;        /* TCP's number for the connection, + 1; 0: not known */
    uint32_t length;        /* of the payload */
    const tapped_t *tapped; /* what is said of it; NULL: this is the packet itself */
} packet_t;

void packets_register(void);

/* Before somebody listens: until it is called, nothing tells of packets. */
void packets_begin(void);

bool packets_are_heard(void);

/* Of the packet that is being dissected; tapped lives as long as it. */
void packets_say(packet_info *pinfo, const tapped_t *tapped);

#endif
