/* evidence.h
 * What frames show that are no messages and no media: that they are evidence of a finding.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOLLOW_EVIDENCE_H
#define MSICCP_FOLLOW_EVIDENCE_H

#include "session/evidence.h"

#include <epan/packet.h>

/* There is some. */
void follow_notes(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, note_t *notes);

/* Every segment comes here, and most are evidence of nothing. */
static inline void
follow_evidence(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    note_t *notes = evidence_kept(pinfo);

    if (notes)
        follow_notes(tvb, pinfo, tree, notes);
}

#endif
