/* findings.h
 * Shows findings as expert infos.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SHOW_FINDINGS_H
#define MSICCP_SHOW_FINDINGS_H

#include "common/findings.h"

void findings_register(void);

/* FINDING_BIT()s, each with the text of its row. */
void findings_show(packet_info *pinfo, proto_item *item, uint32_t findings);

/* One, with a text of its own. */
void finding_show_as(packet_info *pinfo, proto_item *item, finding_t finding, const char *text);

#endif
