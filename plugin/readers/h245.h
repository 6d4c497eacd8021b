/* h245.h
 * The reader of H.245 on a connection of its own: Wireshark's dissector decodes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_H245_H
#define MSICCP_H245_H

#include "readers/message.h"

/* What some bytes are that could be the first of a connection of H.245. */
typedef enum {
    H245_OPENS,
    H245_TOO_SHORT, /* may be that when more bytes come */
    H245_NONE,
} h245_start_t;

void h245_handoff(void);

/*
 * Both ends begin with their capabilities and the determination of master and slave
 * (ITU-T H.323 section 8.2), in TPKT, and some with a channel: other bytes open no H.245.
 */
h245_start_t h245_start(tvbuff_t *tvb);

/*
 * Where nothing else is to be expected: any message of H.245 will do, since the capture may have
 * lost the first. H245_NONE is what is known to be something else.
 */
h245_start_t h245_continues(tvbuff_t *tvb);

/* True for another protocol in TPKT. */
bool h245_is_other(tvbuff_t *tvb);

/* Hands the bytes to Wireshark's H.245 dissector. */
int h245_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/*
 * The same, and returns what all messages of this packet say as one; NULL: the
 * packet completes none.
 */
message_t *h245_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
