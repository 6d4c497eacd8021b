/* ras_proof.h
 * Is this datagram RAS? Its encoding is so dense that most bytes decode as
 * something; so that is proven by more than a decode.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RAS_PROOF_H
#define MSICCP_RAS_PROOF_H

#include "common/compat.h"

/*
 * First pass only: true if this datagram is a RAS message. It has the protocol
 * identifier of H.225.0, or all of it decodes and it is long, answers a request, or
 * goes between hosts that are known to exchange RAS.
 */
bool ras_is_proven(tvbuff_t *tvb, packet_info *pinfo);

#endif
