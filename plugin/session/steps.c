/* steps.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/steps.h"

#include "common/hash.h"
#include "common/protocol.h"

typedef struct kept {
    where_t where;
    uint32_t ends; /* a hash of the two hosts and ports, one way */
    step_t *step;
    struct kept *next; /* in the same frame; of the last, which stays with it: the first */
} kept_t;

/* Kept for each message. */
G_STATIC_ASSERT(sizeof(kept_t) <= 32);

/* Some have been added with what was seen. */
static void
keep_findings(const step_t *step, const packet_info *pinfo)
{
    evidence_list_t *list = &step->session->evidence;

    for (unsigned finding = 0; finding < FINDING_COUNT; finding++) {
        if (step->findings & FINDING_BIT(finding) && !evidence_shows(list, finding, pinfo->num))
            evidence_add(list, finding, SIDE_COUNT, pinfo->num, NULL);
    }
}

void
step_conclude(step_t *step, const packet_info *pinfo)
{
    session_t *session = step->session;

    if (!session)
        return;
    keep_findings(step, pinfo);
    step->state = session->state;
    step->netmeeting = session->netmeeting;
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        step->names[side] = session->parties[side].name;
        step->products[side] = session->parties[side].product;
    }
}

step_t *
step_new(session_t *session, side_t sender, const message_t *message)
{
    step_t *step = wmem_new0(wmem_file_scope(), step_t);

    step->coding = message->coding;
    step->session = session;
    step->sender = sender;
    step->event = message->event;
    step->turn = message->turn;
    step->names_call = message->has_call_id;
    if (message->malformed)
        step->findings |= FINDING_BIT(FINDING_MALFORMED);
    return step;
}

step_t *
step_duplicate(const step_t *original, const packet_info *pinfo, const message_t *message)
{
    step_t *step = step_new(original->session, original->sender, message);

    step->event = original->event;
    step->offers = original->offers;
    step->offer_count = original->offer_count;
    step->findings |= FINDING_BIT(FINDING_DUPLICATE);
    step_conclude(step, pinfo);
    return step;
}

static uint32_t
ends_of(const packet_info *pinfo)
{
    return hash_both(hash_address(&pinfo->src, pinfo->srcport),
                     hash_address(&pinfo->dst, pinfo->destport));
}

void
step_keep(packet_info *pinfo, const where_t *where, step_t *step)
{
    kept_t *last = p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_STEPS);
    kept_t *kept = wmem_new(wmem_file_scope(), kept_t);

    if (step->session && !step->session->number)
        step->session = NULL;
    kept->where = *where;
    kept->ends = ends_of(pinfo);
    kept->step = step;
    kept->next = last ? last->next : kept;
    if (last)
        last->next = kept;
    p_set_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_STEPS, kept);
}

static bool
stood_there(const kept_t *kept, const where_t *where, uint32_t ends)
{
    return kept->where.offset == where->offset && kept->where.as == where->as &&
           kept->where.is_reassembled == where->is_reassembled && kept->ends == ends;
}

/* Messages come in the same order in each pass: the next one is behind the one that was last. */
static kept_t *
find(packet_info *pinfo, const where_t *where)
{
    const kept_t *last = p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_STEPS);
    const kept_t *before = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LAST_STEP);
    uint32_t ends;

    if (!last || before == last)
        return NULL;
    ends = ends_of(pinfo);
    if (!before)
        before = last;
    do {
        if (stood_there(before->next, where, ends))
            return before->next;
        before = before->next;
    } while (before != last);
    return NULL;
}

step_t *
step_peek(packet_info *pinfo, const where_t *where)
{
    const kept_t *kept = find(pinfo, where);

    return kept ? kept->step : NULL;
}

step_t *
step_find(packet_info *pinfo, const where_t *where)
{
    kept_t *kept = find(pinfo, where);

    if (!kept)
        return NULL;
    p_set_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LAST_STEP, kept);
    return kept->step;
}
