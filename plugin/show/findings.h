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

/* FINDING_BIT()s of a message of this session, which may be NULL: each with what was seen. */
void findings_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, uint32_t findings,
                   const session_t *session);

#endif
