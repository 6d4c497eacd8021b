/* findings.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "show/findings.h"

#include "common/protocol.h"

static expert_field ei_findings[FINDING_COUNT];

void
findings_show(packet_info *pinfo, proto_item *item, uint32_t findings)
{
    for (unsigned finding = 0; finding < FINDING_COUNT; finding++) {
        if (findings & FINDING_BIT(finding))
            expert_add_info(pinfo, item, &ei_findings[finding]);
    }
}

void
finding_show_as(packet_info *pinfo, proto_item *item, finding_t finding, const char *text)
{
    expert_add_info_format(pinfo, item, &ei_findings[finding], "%s", text);
}

#define FINDING_EXPERT(bit, word, group, severity, text)                                           \
    {&ei_findings[FINDING_##bit], {"msiccp.expert." word, group, severity, text, EXPFILL}},

void
findings_register(void)
{
    static ei_register_info experts[] = {MSICCP_FINDINGS(FINDING_EXPERT)};

    for (unsigned finding = 0; finding < FINDING_COUNT; finding++)
        ei_findings[finding] = (expert_field)EI_INIT;
    expert_register_field_array(expert_register_protocol(proto_msiccp), experts,
                                array_length(experts));
}
