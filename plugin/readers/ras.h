/* ras.h
 * The reader of the ras coding: H.225.0 RAS over UDP, gatekeeper discovery,
 * registration, admission and status. Wireshark's own dissector decodes it; here
 * it is recognised, its answers are matched to its requests, and what it says of
 * a call goes to the session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RAS_H
#define MSICCP_RAS_H

#include "session/session.h"

void ras_register(void);
void ras_handoff(void);

/*
 * True if this datagram is a RAS message: it has the protocol identifier of
 * H.225.0, or all of it decodes and it is long, answers a request, or goes
 * between hosts that are known to exchange RAS.
 */
bool ras_recognise(tvbuff_t *tvb, packet_info *pinfo);

/*
 * Hands the message to Wireshark's RAS dissector, and fills in what that one
 * decodes: unlike with h225, no header tells as much without it.
 */
void ras_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message);

/* First pass only: what the message does. Never NULL. */
step_t *ras_step(tvbuff_t *tvb, const packet_info *pinfo, const message_t *message);

#endif
