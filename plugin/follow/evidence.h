/* evidence.h
 * What frames show that are no messages and no media: that they are evidence of a finding.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOLLOW_EVIDENCE_H
#define MSICCP_FOLLOW_EVIDENCE_H

#include "common/compat.h"

#include <epan/packet.h>

void follow_evidence(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
