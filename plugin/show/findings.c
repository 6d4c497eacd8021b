/* findings.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "show/findings.h"

#include "common/protocol.h"

static int hf_diagnosis = -1;
static int hf_evidence_in = -1;
static int hf_explanation = -1;
static expert_field ei_findings[FINDING_COUNT];

/* In the subtree that the item has. */
static void
show_word(tvbuff_t *tvb, proto_item *item, finding_t finding)
{
    proto_tree *tree = proto_item_get_subtree(item);

    proto_item_set_generated(
        proto_tree_add_string(tree, hf_diagnosis, tvb, 0, 0, finding_word(finding)));
}

void
finding_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, finding_t finding)
{
    show_word(tvb, item, finding);
    expert_add_info(pinfo, item, &ei_findings[finding]);
}

void
finding_show_as(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, finding_t finding,
                const char *text)
{
    show_word(tvb, item, finding);
    expert_add_info_format(pinfo, item, &ei_findings[finding], "%s", text);
}

/* The frames behind this one are known in later passes only. */
static void
show_other_frames(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, const evidence_t *evidence)
{
    for (uint32_t i = 0; i < MIN(evidence->count, EVIDENCE_FRAMES); i++) {
        if (evidence->frames[i] != pinfo->num)
            proto_item_set_generated(
                proto_tree_add_uint(tree, hf_evidence_in, tvb, 0, 0, evidence->frames[i]));
    }
}

void
finding_show_explanation(proto_tree *tree, tvbuff_t *tvb, const char *text)
{
    proto_item_set_generated(proto_tree_add_string(tree, hf_explanation, tvb, 0, 0, text));
}

void
finding_show_evidence(tvbuff_t *tvb, packet_info *pinfo, proto_item *item,
                      const evidence_t *evidence)
{
    proto_tree *tree = proto_item_get_subtree(item);
    const char *sentence = evidence_sentence(pinfo->pool, evidence);

    finding_show_as(tvb, pinfo, item, evidence->finding, sentence);
    if (!tree)
        return;
    if (*finding_cause(evidence->finding))
        sentence =
            wmem_strdup_printf(pinfo->pool, "%s. %s", sentence, finding_cause(evidence->finding));
    finding_show_explanation(tree, tvb, sentence);
    show_other_frames(tree, pinfo, tvb, evidence);
}

/* What the frame is evidence of; NULL: no more is known than that it was found. */
static const evidence_t *
evidence_in(const session_t *session, finding_t finding, uint32_t frame)
{
    const evidence_t *evidence = session ? session->evidence.first : NULL;

    while (evidence && (evidence->finding != finding || !evidence_names(evidence, frame)))
        evidence = evidence->next;
    return evidence;
}

void
findings_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, uint32_t findings,
              const session_t *session)
{
    for (unsigned finding = FINDING_NONE + 1; finding < FINDING_COUNT && findings >> finding;
         finding++) {
        const evidence_t *evidence;

        if (!(findings & FINDING_BIT(finding)))
            continue;
        evidence = evidence_in(session, finding, pinfo->num);
        if (evidence)
            finding_show_evidence(tvb, pinfo, item, evidence);
        else
            finding_show(tvb, pinfo, item, finding);
    }
}

#define FINDING_EXPERT(bit, word, group, severity, text, cause)                                    \
    {&ei_findings[FINDING_##bit], {"msiccp.expert." word, group, severity, text, EXPFILL}},

void
findings_register(void)
{
    static hf_register_info fields[] = {
        {&hf_evidence_in,
         {"Evidence also in frame", "msiccp.evidence_in", FT_FRAMENUM, BASE_NONE, NULL, 0x0,
          "Another frame that shows the same of the call", HFILL}},
        {&hf_explanation,
         {"Explanation", "msiccp.explanation", FT_STRING, BASE_NONE, NULL, 0x0,
          "How the call went, or what was found, and why", HFILL}},
        {&hf_diagnosis,
         {"Diagnosis", "msiccp.diagnosis", FT_STRING, BASE_NONE, NULL, 0x0,
          "The word of a finding that this frame is evidence of", HFILL}},
    };
    static ei_register_info experts[] = {MSICCP_FINDINGS(FINDING_EXPERT)};

    for (unsigned finding = FINDING_NONE + 1; finding < FINDING_COUNT; finding++)
        ei_findings[finding] = (expert_field)EI_INIT;
    proto_register_field_array(proto_msiccp, fields, array_length(fields));
    expert_register_field_array(expert_register_protocol(proto_msiccp), experts,
                                array_length(experts));
}
