/* h225.h
 * The reader of the h225 coding: TPKT (RFC 1006) around Q.931 around H.225.0.
 * Finds the messages and their first octets; all below is left to Wireshark's
 * own dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_H225_H
#define MSICCP_H225_H

#include "readers/message.h"

#define TPKT_HEADER_LENGTH 4

/* What stands at the start of some bytes. */
typedef enum {
    H225_MESSAGE,    /* a TPKT with a Q.931 message */
    H225_KEEP_ALIVE, /* a TPKT with nothing in it */
    H225_TOO_SHORT,  /* may become one of these when more bytes come */
    H225_NONE,       /* neither */
} h225_start_t;

void h225_handoff(void);

h225_start_t h225_start(tvbuff_t *tvb, int offset);

/*
 * The length of what starts at the offset, for tcp_dissect_pdus(): a TPKT, or
 * the bytes up to the next message where it is none; 0: more bytes are needed.
 */
unsigned h225_pdu_length(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data);

/* True if a message starts somewhere in these bytes: they begin inside another one. */
bool h225_resumes(tvbuff_t *tvb);

/* True for bytes that are due to be a message and cannot be one. */
bool h225_looks_malformed(tvbuff_t *tvb);

/* The message's header; its other parts are filled in by h225_dissect(). */
message_t *h225_message(packet_info *pinfo, tvbuff_t *tvb);

/*
 * Hands the message to Wireshark's Q.931 dissector, and in the first pass fills
 * in the rest of it from what that one decodes.
 */
void h225_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message);

/*
 * Of the protocols that a message has brought to the packet, which had so many
 * before it, only those of the first few messages are kept.
 */
void h225_forget_layers(packet_info *pinfo, unsigned before);

#endif
