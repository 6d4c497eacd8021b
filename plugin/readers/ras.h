/* ras.h
 * The reader of the ras coding: H.225.0 RAS over UDP, gatekeeper discovery,
 * registration, admission and status. Wireshark's own dissector decodes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RAS_H
#define MSICCP_RAS_H

#include "readers/message.h"

/* Message types: the alternatives of RasMessage, in their order. */
enum {
    RAS_GRQ = 0,
    RAS_GCF = 1,
    RAS_GRJ = 2,
    RAS_RRQ = 3,
    RAS_RCF = 4,
    RAS_RRJ = 5,
    RAS_URQ = 6,
    RAS_UCF = 7,
    RAS_URJ = 8,
    RAS_ARQ = 9,
    RAS_ACF = 10,
    RAS_ARJ = 11,
    RAS_BRQ = 12,
    RAS_DRQ = 15,
    RAS_LRQ = 18,
    RAS_LCF = 19,
    RAS_LRJ = 20,
    RAS_IRQ = 21,
    RAS_IRR = 22,
    RAS_NSM = 23,
    RAS_XRS = 24,
    RAS_RIP = 25,
    RAS_RAI = 26,
    RAS_RAC = 27,
    RAS_IACK = 28,
    RAS_INAK = 29,
    RAS_SCI = 30,
    RAS_SCR = 31,
};

typedef enum {
    RAS_REQUEST,
    RAS_RESPONSE,
    RAS_NEITHER,
} ras_role_t;

void ras_register(void);
void ras_handoff(void);

/* The message type, by the first octet; -1: none. */
int ras_type(tvbuff_t *tvb);

ras_role_t ras_role(uint8_t type);

/* The type of the request that a message is, or that it answers. */
uint8_t ras_request_of(uint8_t type);

/* Discovery and registration, with which an end and its gatekeeper begin. */
bool ras_is_opening(uint8_t type);

/* The object identifier 0.0.8.2250.0.n is where such messages have it: n is a version of H.225.0.
 */
bool ras_has_protocol_identifier(tvbuff_t *tvb);

/*
 * True if all of it that was captured decodes, and nothing in it is complained of;
 * and its requestSeqNum. Leaves no trace, and does not throw.
 */
bool ras_decodes(tvbuff_t *tvb, packet_info *pinfo, uint16_t *number);

/* What the first octet tells; the rest is filled in by ras_dissect(). */
message_t *ras_message(packet_info *pinfo, tvbuff_t *tvb);

/*
 * Hands the message to Wireshark's RAS dissector, and fills in what that one
 * decodes: unlike with h225, no header tells as much without it.
 */
void ras_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message);

#endif
