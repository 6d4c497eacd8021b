/* session.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/session.h"

#include "session/exchange.h"
#include "session/names.h"
#include "session/offers.h"

static uint32_t sessions_so_far;

static void
forget_sessions(void)
{
    sessions_so_far = 0;
}

void
session_register(void)
{
    hosts_register();
    names_register();
    admission_register();
    register_init_routine(forget_sessions);
}

uint32_t
session_count(void)
{
    return sessions_so_far;
}

session_t *
session_new(const packet_info *pinfo, const message_t *message)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->number = ++sessions_so_far;
    session->coding = message->coding;
    session->call_reference = message->call_reference;
    session->outcome = OUTCOME_UNKNOWN;
    session->states = wmem_tree_new(wmem_file_scope());
    session->codecs = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    state_mark(&session->setup, pinfo);
    state_set(session, pinfo, STATE_REQUESTED);
    return session;
}

/* The first message of the call's own signalling: it shows who the two ends are. */
static void
begin_signalling(session_t *session, const packet_info *pinfo, const message_t *message)
{
    bool from_caller = message->from_originator;

    session->coding = message->coding;
    session->call_reference = message->call_reference;
    session->begun = message->event == EVENT_REQUEST || message->coding == CODING_OPAQUE;
    session->may_be_early = message->event == EVENT_REQUEST && message->coding != CODING_OPAQUE;
    if (message->event == EVENT_REQUEST)
        state_mark(&session->asked, pinfo);
    names_place_party(&session->parties[from_caller ? SIDE_CALLER : SIDE_CALLEE], &pinfo->src,
                      pinfo->srcport);
    names_place_party(&session->parties[from_caller ? SIDE_CALLEE : SIDE_CALLER], &pinfo->dst,
                      pinfo->destport);
    hosts_join(session);
}

/* Calls are told apart by their reference and the end that chose it. */
static void *
call_key(unsigned sender_end, const message_t *message)
{
    unsigned originator = message->from_originator ? sender_end : !sender_end;

    return message->has_call_reference
               ? GUINT_TO_POINTER(((unsigned)message->call_reference << 1 | originator) + 1)
               : NULL;
}

static side_t
side_of_sender(const session_t *session, const packet_info *pinfo, const message_t *message)
{
    const party_t *caller = &session->parties[SIDE_CALLER];

    if (message->has_call_reference)
        return message->from_originator ? SIDE_CALLER : SIDE_CALLEE;
    return pinfo->srcport == caller->port && addresses_equal(&pinfo->src, &caller->addr)
               ? SIDE_CALLER
               : SIDE_CALLEE;
}

/* The call that a gatekeeper was asked to admit, and whose own signalling begins now. */
static session_t *
admitted_session(const packet_info *pinfo, const message_t *message)
{
    session_t *session = names_find(message, message->from_originator ? &pinfo->src : &pinfo->dst);

    return session && session->coding == CODING_RAS && !call_is_over(session) ? session : NULL;
}

/*
 * Bytes of which nothing could be made, such as the rest of a message that the
 * capture begins in, belong to the call whose messages follow them.
 */
static session_t *
session_of_unread(connection_t *connection, const message_t *message)
{
    session_t *session = wmem_map_lookup(connection->calls, NULL);

    if (message->coding != CODING_H225 || !session || session->coding != CODING_OPAQUE)
        return NULL;
    wmem_map_remove(connection->calls, NULL);
    hosts_leave(session);
    session->asked.frame = 0;
    return session;
}

/*
 * Without a reference, what neither begins a call nor belongs to its progress is
 * of the call that is up on the connection, or that asked for it; of none otherwise.
 */
static bool
is_beside_calls(const message_t *message, const session_t *latest, const exchange_t *asked)
{
    return message->coding == CODING_NATIVE &&
           (message->event == EVENT_OTHER || message->event == EVENT_MEDIA) &&
           (!latest || call_is_over(latest)) && !(asked && asked->session);
}

static bool
begins_session(const message_t *message, const session_t *latest)
{
    switch (message->event) {
    case EVENT_REQUEST:
        return !latest || call_is_over(latest) || !latest->begun;
    case EVENT_PROCEEDING:
    case EVENT_RINGING:
    case EVENT_ACCEPT:
        /* Without a reference these cannot be of a call that is over. */
        return !latest || (!message->has_call_reference && call_is_over(latest));
    default:
        return !latest;
    }
}

/*
 * The session that this message belongs to, made if it is the first of a call;
 * NULL: none.
 */
static session_t *
session_of(connection_t *connection, unsigned sender_end, const packet_info *pinfo,
           const message_t *message, bool *is_new)
{
    void *key = call_key(sender_end, message);
    session_t *session = wmem_map_lookup(connection->calls, key);
    const exchange_t *asked = exchange_asked_by_peer(connection, sender_end, message);

    *is_new = false;
    if (is_beside_calls(message, session, asked))
        return NULL;
    *is_new = begins_session(message, session);
    if (*is_new) {
        session = session_of_unread(connection, message);
        if (!session)
            session = admitted_session(pinfo, message);
        if (!session)
            session = session_new(pinfo, message);
        begin_signalling(session, pinfo, message);
        wmem_map_insert(connection->calls, key, session);
    }
    return session;
}

static void
take_in(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message,
        bool is_new)
{
    if (is_new && !session->begun)
        step->findings |= FINDING_BIT(FINDING_MIDCALL);
    if (!is_new && message->event == EVENT_REQUEST && message->coding != CODING_OPAQUE)
        step->findings |= FINDING_BIT(FINDING_DUPLICATE);

    names_learn_parties(session, step->sender, message);
    if (is_new)
        names_keep(session, message);
    state_advance(step, pinfo, message);
    offers_keep(step, pinfo, message);
    step_conclude(step);
}

step_t *
session_control(connection_t *connection, const packet_info *pinfo, const message_t *message)
{
    unsigned sender_end = connection_end_of_sender(connection, pinfo);
    wmem_map_t *steps_by_seq = connection->steps_by_seq[sender_end];
    session_t *session;
    step_t *step;
    bool is_new;

    if (!message->in_call)
        return step_new(NULL, SIDE_CALLER, message);

    if (message->has_sequence) {
        step = wmem_map_lookup(steps_by_seq, GUINT_TO_POINTER(message->sequence));
        if (step)
            return step_duplicate(step, message);
    }

    session = session_of(connection, sender_end, pinfo, message, &is_new);
    step =
        step_new(session, session ? side_of_sender(session, pinfo, message) : SIDE_CALLER, message);
    if (message->has_sequence)
        wmem_map_insert(steps_by_seq, GUINT_TO_POINTER(message->sequence), step);
    if (session)
        take_in(session, step, pinfo, message, is_new);

    if (message->has_transaction)
        exchange_match_transaction(connection, sender_end, step, pinfo, message);
    else if (session && message->coding != CODING_OPAQUE)
        exchange_match_request(session, step, pinfo);
    return step;
}

step_t *
session_h245(session_t *session, side_t sender, const packet_info *pinfo, const message_t *message)
{
    step_t *step = step_new(session, sender, message);

    if (message->media_accepted)
        state_agree_on_media(step, pinfo);
    offers_keep(step, pinfo, message);
    step_conclude(step);
    return step;
}

void
session_media(session_t *session, side_t to, const packet_info *pinfo)
{
    session->media_to[to] = true;
    if (call_is_over(session)) {
        if (!session->late_media_frame)
            session->late_media_frame = pinfo->num;
    } else if (!session->answer.frame && session->may_be_early && !session->early_media_frame) {
        session->early_media_frame = pinfo->num;
    }
}
