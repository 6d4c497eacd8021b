/* steps.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/steps.h"

#include "common/by_frame.h"
#include "common/hash.h"
#include "common/protocol.h"

/* Of a packet with messages of more sessions than this, only the first are told. */
#define MOST_SESSIONS 64

typedef struct {
    uint32_t frame;
    uint32_t ends; /* a hash of the two hosts and ports, one way */
    where_t where;
    step_t *step;
} kept_t;

/* Kept for each message. */
G_STATIC_ASSERT(sizeof(kept_t) <= 24);

static const known_ends_t nothing_known;

static by_frame_t *kept_steps; /* of kept_t; in file scope */

void
steps_begin_file(void)
{
    kept_steps = by_frame_new(wmem_file_scope(), sizeof(kept_t));
}

void
steps_register(void)
{
    register_init_routine(steps_begin_file);
}

/* Some have been added with what was seen. */
static void
keep_findings(const step_t *step, const packet_info *pinfo)
{
    evidence_list_t *list = &step->session->evidence;

    if (!step->findings)
        return;
    for (unsigned finding = FINDING_NONE + 1; finding < FINDING_COUNT; finding++) {
        if (step->findings & FINDING_BIT(finding) && !evidence_shows(list, finding, pinfo->num))
            evidence_add(list, finding, SIDE_COUNT, pinfo->num, NULL);
    }
}

static bool
are_same_ends(const known_ends_t *one, const known_ends_t *other)
{
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        if (one->names[side] != other->names[side] || one->products[side] != other->products[side])
            return false;
    }
    return one->netmeeting == other->netmeeting;
}

static const known_ends_t *
known_by_now(session_t *session)
{
    const party_t *caller = &session->parties[SIDE_CALLER];
    const party_t *callee = &session->parties[SIDE_CALLEE];
    const known_ends_t known = {.names = {caller->name, callee->name},
                                .products = {caller->product, callee->product},
                                .netmeeting = session->netmeeting};

    if (!session->known || !are_same_ends(session->known, &known))
        session->known = wmem_memdup(wmem_file_scope(), &known, sizeof known);
    return session->known;
}

void
step_conclude(step_t *step, const packet_info *pinfo)
{
    session_t *session = step->session;

    if (!session)
        return;
    keep_findings(step, pinfo);
    step->state = session->state;
    step->known = known_by_now(session);
}

step_t *
step_new(session_t *session, side_t sender, const message_t *message)
{
    step_t *step = wmem_new0(wmem_file_scope(), step_t);

    step->coding = message->coding;
    step->session = session;
    step->known = &nothing_known;
    step->sender = sender;
    step->event = message->event;
    if (message->coding == CODING_OPAQUE)
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
    return hash_ends(&pinfo->src, pinfo->srcport, &pinfo->dst, pinfo->destport);
}

void
step_keep(const packet_info *pinfo, const where_t *where, step_t *step)
{
    const kept_t kept = {
        .frame = pinfo->num, .ends = ends_of(pinfo), .where = *where, .step = step};

    if (step->session && !step->session->number)
        step->session = NULL;
    by_frame_add(kept_steps, &kept);
}

static bool
stood_there(const kept_t *kept, const where_t *where, uint32_t ends)
{
    return kept->where.offset == where->offset && kept->where.as == where->as &&
           kept->where.is_reassembled == where->is_reassembled && kept->ends == ends;
}

/* The next one that is kept of this frame; NULL: there are no more. */
static const kept_t *
kept_at(unsigned place, uint32_t frame)
{
    const kept_t *kept = by_frame_at(kept_steps, place);

    return kept && kept->frame == frame ? kept : NULL;
}

/*
 * Messages come in the same order in each pass: the next one is behind the one that was last. The
 * place behind that is what KEY_LAST_STEP has. The place behind what is found; 0: nothing is.
 */
static unsigned
find(packet_info *pinfo, const where_t *where)
{
    unsigned next =
        GPOINTER_TO_UINT(p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LAST_STEP));
    uint32_t ends = ends_of(pinfo);
    const kept_t *kept;

    if (next == 0)
        next = by_frame_first(kept_steps, pinfo->num);
    for (; (kept = kept_at(next, pinfo->num)) != NULL; next++) {
        if (stood_there(kept, where, ends))
            return next + 1;
    }
    return 0;
}

static step_t *
step_before(unsigned place)
{
    return place ? ((const kept_t *)by_frame_at(kept_steps, place - 1))->step : NULL;
}

step_t *
step_peek(packet_info *pinfo, const where_t *where)
{
    return step_before(find(pinfo, where));
}

step_t *
step_find(packet_info *pinfo, const where_t *where)
{
    unsigned place = find(pinfo, where);

    if (place)
        p_set_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LAST_STEP, GUINT_TO_POINTER(place));
    return step_before(place);
}

/* A frame can hold segments of several connections. */
static bool
have_been_told(packet_info *pinfo, uint32_t ends)
{
    wmem_list_t *told = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_TOLD_STEPS);

    if (!told) {
        told = wmem_list_new(pinfo->pool);
        p_add_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_TOLD_STEPS, told);
    }
    if (wmem_list_find(told, GUINT_TO_POINTER(ends)))
        return true;
    wmem_list_prepend(told, GUINT_TO_POINTER(ends));
    return false;
}

void
steps_tell(packet_info *pinfo, void (*tell)(packet_info *, const step_t *, read_as_t))
{
    unsigned place = by_frame_first(kept_steps, pinfo->num);
    const kept_t *kept = kept_at(place, pinfo->num);
    uint32_t ends = kept ? ends_of(pinfo) : 0;

    if (!kept || have_been_told(pinfo, ends))
        return;
    for (; (kept = kept_at(place, pinfo->num)) != NULL; place++) {
        if (kept->ends == ends)
            tell(pinfo, kept->step, kept->where.as);
    }
}

wmem_list_t *
steps_sessions(const packet_info *pinfo)
{
    unsigned place = by_frame_first(kept_steps, pinfo->num);
    wmem_list_t *sessions = wmem_list_new(pinfo->pool);
    const kept_t *kept;

    for (; (kept = kept_at(place, pinfo->num)) != NULL; place++) {
        session_t *session = kept->step->session;

        if (session && wmem_list_count(sessions) < MOST_SESSIONS &&
            !wmem_list_find(sessions, session))
            wmem_list_append(sessions, session);
    }
    return sessions;
}
