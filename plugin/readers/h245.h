/* h245.h
 * The reader of H.245 on a connection of its own: Wireshark's dissector decodes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_H245_H
#define MSICCP_H245_H

#include "readers/message.h"

void h245_handoff(void);

/* Hands the bytes to Wireshark's H.245 dissector. */
int h245_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/*
 * The same, and returns what all messages of this packet say as one; NULL: the
 * packet completes none.
 */
message_t *h245_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
