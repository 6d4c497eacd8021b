/* findings.h
 * Shows findings: as expert infos, and by their words in a field that can be filtered.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SHOW_FINDINGS_H
#define MSICCP_SHOW_FINDINGS_H

#include "session/call.h"

void findings_register(void);

/* One, with the text of its row. */
void finding_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, finding_t finding);

/* One, with a text of its own. */
void finding_show_as(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, finding_t finding,
                     const char *text);

/* Sentences for people: how a call went, or what a finding means. */
void finding_show_explanation(proto_tree *tree, tvbuff_t *tvb, const char *text);

/* One that the frame is evidence of: what was seen, what it means, and in which other frames. */
void finding_show_evidence(tvbuff_t *tvb, packet_info *pinfo, proto_item *item,
                           const evidence_t *evidence);

/* FINDING_BIT()s of a message of this session, which may be NULL: each with what was seen. */
void findings_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, uint32_t findings,
                   const session_t *session);

#endif
