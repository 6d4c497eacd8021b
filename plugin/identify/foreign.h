/* foreign.h
 * Other protocols on these ports, and which of Wireshark's dissectors knows them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOREIGN_H
#define MSICCP_FOREIGN_H

#include "common/compat.h"
#include "identify/signatures.h"

/* Called in handoff, when all dissectors are registered. */
void foreign_handoff(void);

/* The protocol that a payload tells of: see signature_match(). */
match_t foreign_identify(tvbuff_t *tvb, transport_t transport, strength_t weakest,
                         const foreign_t **foreign);

/* What a tunnel (HTTP's CONNECT, SOCKS) carries comes back by its port: that is not ours. */
bool foreign_is_dissecting(packet_info *pinfo);

/*
 * Hands the payload to the dissector that knows it; data is what TCP handed to
 * us. Returns what that one returned; 0 where there is none.
 */
int foreign_dissect(const foreign_t *foreign, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                    void *data);

/* Wireshark's dissectors that recognise their protocol by its bytes; true: one of them has. */
bool foreign_dissect_by_heuristics(transport_t transport, tvbuff_t *tvb, packet_info *pinfo,
                                   proto_tree *tree, void *data);

/*
 * Before and behind the dissection of what an ICMP error quotes of a connection at our ports: who
 * dissects it may claim the connection, and in later passes would get what came before the error.
 */
void foreign_before_quoted(packet_info *pinfo);
void foreign_behind_quoted(packet_info *pinfo);

#endif
