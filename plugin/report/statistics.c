/* statistics.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/statistics.h"

#include <epan/dissectors/packet-isup.h>
#include <epan/stats_tree.h>

const char *const statistics_titles[COUNTED_COUNT] = {
    [COUNTED_CODINGS] = "Codings of control messages", [COUNTED_EVENTS] = "Events",
    [COUNTED_OUTCOMES] = "Outcomes of calls",          [COUNTED_CAUSES] = "Causes of releases",
    [COUNTED_VERDICTS] = "Verdicts on calls",          [COUNTED_CODECS] = "Codecs of RTP packets",
    [COUNTED_LINKS] = "Links of RTP and RTCP packets", [COUNTED_FOREIGN] = "Foreign traffic",
};

/* The nodes of the tree; each has one node below it for every value that comes up. */
static int nodes[COUNTED_COUNT];

static void
create_nodes(stats_tree *tree)
{
    for (unsigned counted = 0; counted < COUNTED_COUNT; counted++)
        nodes[counted] = stats_tree_create_pivot(tree, statistics_titles[counted], 0);
}

static void
count_end(packet_info *pinfo, const session_t *session, count_t count, void *sink)
{
    const char *outcome = vocabulary_word(session->outcome, outcome_vals);
    const char *cause;

    if (outcome)
        count(sink, COUNTED_OUTCOMES, outcome);
    count(sink, COUNTED_VERDICTS, vocabulary_word_or(session->verdict, verdict_vals, "unknown"));
    if (!session->has_cause)
        return;
    cause = val_to_str_ext_const(session->cause, &q850_cause_code_vals_ext, "unknown");
    count(sink, COUNTED_CAUSES, wmem_strdup_printf(pinfo->pool, "%u %s", session->cause, cause));
}

static void
count_step(packet_info *pinfo, const tapped_t *tapped, count_t count, void *sink)
{
    const step_t *step = tapped->step;

    if (tapped->channel == CHANNEL_CONTROL)
        count(sink, COUNTED_CODINGS, vocabulary_word_or(tapped->coding, coding_vals, "unknown"));
    count(sink, COUNTED_EVENTS, val_to_str_const(step->event, event_vals, "other"));
    if (step->ends_session)
        count_end(pinfo, step->session, count, sink);
}

static void
count_media(const joined_t *joined, count_t count, void *sink)
{
    count(sink, COUNTED_LINKS, vocabulary_word_or(joined->link, link_vals, "unknown"));
    if (joined->channel == CHANNEL_RTP)
        count(sink, COUNTED_CODECS, joined->codec ? joined->codec : "not negotiated");
}

void
statistics_count(packet_info *pinfo, const tapped_t *tapped, count_t count, void *sink)
{
    if (tapped->step)
        count_step(pinfo, tapped, count, sink);
    if (tapped->joined)
        count_media(tapped->joined, count, sink);
    if (tapped->foreign) {
        count(sink, COUNTED_CODINGS, vocabulary_word(CODING_FOREIGN, coding_vals));
        count(sink, COUNTED_FOREIGN, tapped->foreign);
    }
}

static void
count_in_tree(void *tree, counted_t counted, const char *value)
{
    stats_tree_tick_pivot(tree, nodes[counted], value);
}

static tap_packet_status
hear_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
            tap_flags_t flags _U_)
{
    statistics_count(pinfo, data, count_in_tree, tree);
    return TAP_PACKET_REDRAW;
}

void
statistics_register(void)
{
    STATS_TREE_IN_TELEPHONY(stats_tree_register_plugin(MSICCP_TAP, "msiccp",
                                                       STATS_TREE_PATH("MSICCP", "Statistics"), 0,
                                                       hear_packet, create_nodes, NULL));
}
