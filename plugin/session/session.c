/* session.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/session.h"

#include "session/capabilities.h"
#include "session/exchange.h"
#include "session/dialled.h"
#include "session/hold.h"
#include "session/lacks.h"
#include "session/legs.h"
#include "session/names.h"
#include "session/offers.h"

void
session_register(void)
{
    evidence_register();
    hosts_register();
    names_register();
    steps_register();
    legs_register();
    admission_register();
    call_register();
}

/* The first message of the call's own signalling: it shows who the two ends are. */
static void
begin_signalling(session_t *session, const connection_t *connection, const packet_info *pinfo,
                 const message_t *message)
{
    bool from_caller = message->from_originator;
    unsigned sender_end = connection_end_of_sender(connection, pinfo);

    session->coding = message->coding;
    session->call_reference = message->call_reference;
    session->begun = message->event == EVENT_REQUEST || message->coding == CODING_OPAQUE;
    session->may_be_early = message->event == EVENT_REQUEST && message->coding != CODING_OPAQUE;
    if (message->event == EVENT_REQUEST)
        call_mark(&session->asked, pinfo);
    names_place_party(&session->parties[from_caller ? SIDE_CALLER : SIDE_CALLEE], &pinfo->src,
                      pinfo->srcport);
    names_place_party(&session->parties[from_caller ? SIDE_CALLEE : SIDE_CALLER], &pinfo->dst,
                      pinfo->destport);
    session->carried[OVER_CONTROL].captured = connection->captured;
    session->carried[OVER_CONTROL].is_turned = (sender_end == 0) != from_caller;
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
    session_t *session = few_find(&connection->calls, NULL);

    if (message->coding != CODING_H225 || !session || session->coding != CODING_OPAQUE)
        return NULL;
    few_remove(&connection->calls, NULL);
    hosts_leave(session);
    session->asked.frame = 0;
    return session;
}

/*
 * An end that cannot be called from outside opens the connection itself, and says by
 * FACILITY which call it waits for (ITU-T H.460.18): the SETUP that then comes, with a
 * reference of its own, is the beginning of that call.
 */
static session_t *
awaited_session(const connection_t *connection, const packet_info *pinfo, const message_t *message)
{
    session_t *session = message->event == EVENT_REQUEST ? names_find(message, &pinfo->src) : NULL;

    if (!session || session->begun || session->answer.frame || call_is_over(session) ||
        session != connection->latest)
        return NULL;
    hosts_leave(session);
    return session;
}

static bool
are_ends_of(const session_t *session, const packet_info *pinfo)
{
    const address *caller = &session->parties[SIDE_CALLER].addr;
    const address *callee = &session->parties[SIDE_CALLEE].addr;

    return (addresses_equal(caller, &pinfo->src) && addresses_equal(callee, &pinfo->dst)) ||
           (addresses_equal(caller, &pinfo->dst) && addresses_equal(callee, &pinfo->src));
}

/*
 * A call whose signalling connection is lost is not: its ends may connect again and go on with it
 * (ITU-T H.323 annex R).
 */
static session_t *
continued_session(connection_t *connection, const packet_info *pinfo, const message_t *message)
{
    session_t *session = names_find(message, &pinfo->src);
    bool from_caller = message->from_originator;

    if (message->event == EVENT_REQUEST || message->coding != CODING_H225 || !session ||
        call_is_over(session) || session->coding != CODING_H225 || !are_ends_of(session, pinfo) ||
        !(session->control_end || message->has_call_id))
        return NULL;
    session->control_end = NULL;
    evidence_withdraw(&session->evidence, FINDING_CONTROL_RESET, SIDE_COUNT);
    session->carried[OVER_CONTROL].captured = connection->captured;
    session->carried[OVER_CONTROL].is_turned =
        (connection_end_of_sender(connection, pinfo) == 0) != from_caller;
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

/* A reference is used again after the call, whose end may not have been captured. */
static bool
is_another_call(const message_t *message, const session_t *latest)
{
    return message->has_call_id && latest->has_call_id &&
           memcmp(&message->call_id, &latest->call_id, sizeof latest->call_id) != 0;
}

static bool
begins_session(const message_t *message, const session_t *latest)
{
    switch (message->event) {
    case EVENT_REQUEST:
        return !latest || call_is_over(latest) || !latest->begun ||
               is_another_call(message, latest);
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
    session_t *session = few_find(&connection->calls, key);
    const exchange_t *asked = exchange_asked_by_peer(connection, sender_end, message);

    *is_new = false;
    if (!session && message->has_call_reference) {
        session = continued_session(connection, pinfo, message);
        if (session)
            few_put(&connection->calls, key, session);
    }
    if (is_beside_calls(message, session, asked))
        return NULL;
    *is_new = begins_session(message, session);
    if (*is_new) {
        if (session)
            call_leave(session, pinfo);
        session = session_of_unread(connection, message);
        if (!session)
            session = admitted_session(pinfo, message);
        if (!session)
            session = awaited_session(connection, pinfo, message);
        if (!session)
            session = session_new(pinfo, message);
        begin_signalling(session, connection, pinfo, message);
        few_put(&connection->calls, key, session);
    }
    connection->latest = session;
    return session;
}

/* What every message of a call can tell, be it in H.245 or around it. */
static void
take_in_common(step_t *step, const packet_info *pinfo, const message_t *message)
{
    session_t *session = step->session;

    capabilities_learn(step, pinfo, message);
    hold_learn(step, pinfo, message);
    session->encrypted |= message->encrypted;
    session->has_cut |= message->is_cut;
    dialled_add(session, DIALLED_H245, message->digits, pinfo);
    dialled_add(session, DIALLED_KEYPAD, message->keypad, pinfo);
}

/*
 * The capture has what came before it on its connection: no message, as of those that
 * awaited_session() is about, or one that could not be read.
 */
static bool
is_first_message(const connection_t *connection, const message_t *message)
{
    return message->coding == CODING_H225 && connection->opening_seen && connection->messages == 1;
}

/* A call that was opened to one host and goes on from there has the identifier of both its legs. */
static void
find_legs(session_t *session, const packet_info *pinfo)
{
    session_t *other = names_with_same_id(session);

    if (other && !call_is_over(other) && legs_may_be(session, other))
        legs_join(session, other, pinfo);
}

static void
take_in(connection_t *connection, step_t *step, const packet_info *pinfo, const message_t *message,
        bool is_new)
{
    session_t *session = step->session;

    if (is_new && !session->begun && !is_first_message(connection, message))
        step->findings |= FINDING_BIT(FINDING_MIDCALL);
    if (!is_new && message->event == EVENT_REQUEST && message->coding != CODING_OPAQUE)
        step->findings |= FINDING_BIT(FINDING_DUPLICATE);

    names_learn_parties(session, step->sender, message);
    take_in_common(step, pinfo, message);
    if (is_new) {
        find_legs(session, pinfo);
        names_keep(session, message);
    }
    if (is_new && session->begun) {
        legs_follow_forwarding(session);
        offers_compare_source(session, pinfo, message);
    }
    if (message->is_forwarding)
        legs_begin_forwarding(session, pinfo, message);
    state_advance(step, pinfo, message);
    offers_keep(step, pinfo, message);
    step_conclude(step, pinfo);
}

step_t *
session_control(connection_t *connection, const packet_info *pinfo, const message_t *message)
{
    unsigned sender_end = connection_end_of_sender(connection, pinfo);
    few_t *steps_by_seq = &connection->steps_by_seq[sender_end];
    session_t *session;
    step_t *step;
    bool is_new;

    if (!message->in_call)
        return step_new(NULL, SIDE_CALLER, message);

    if (message->has_sequence) {
        step = few_find(steps_by_seq, GUINT_TO_POINTER(message->sequence));
        if (step)
            return step_duplicate(step, pinfo, message);
    }

    connection->messages++;
    session = session_of(connection, sender_end, pinfo, message, &is_new);
    step =
        step_new(session, session ? side_of_sender(session, pinfo, message) : SIDE_CALLER, message);
    if (message->has_sequence)
        few_put(steps_by_seq, GUINT_TO_POINTER(message->sequence), step);
    if (session)
        take_in(connection, step, pinfo, message, is_new);

    if (message->has_transaction)
        exchange_match_transaction(connection, sender_end, step, pinfo, message);
    else if (session && message->coding != CODING_OPAQUE)
        exchange_match_request(session, step, pinfo);
    return step;
}

static bool
is_quiet(const step_t *step)
{
    return step->event == EVENT_OTHER && !step->findings && !step->offer_count;
}

/* All that quiet steps of one side hold. One may have lost its session in step_keep(). */
static bool
are_alike(const step_t *one, const step_t *other)
{
    return one->session == other->session && one->state == other->state &&
           one->names_call == other->names_call && one->known == other->known;
}

/* Most messages of H.245 do nothing to the call: their steps are one. */
static step_t *
share(step_t *step)
{
    step_t **quiet = &step->session->quiet[step->sender];

    if (!is_quiet(step))
        return step;
    if (*quiet && are_alike(step, *quiet))
        wmem_free(wmem_file_scope(), step);
    else
        *quiet = step;
    return *quiet;
}

step_t *
session_h245(session_t *session, side_t sender, const packet_info *pinfo, const message_t *message)
{
    step_t *step = step_new(session, sender, message);

    state_agree_on_media(step, pinfo, message);
    take_in_common(step, pinfo, message);
    offers_keep(step, pinfo, message);
    step_conclude(step, pinfo);
    return share(step);
}

/* So many tell of media; fewer may be anything. */
#define ENOUGH_UNKNOWN 10

void
session_unknown_media(session_t *session, side_t to, packet_info *pinfo)
{
    evidence_list_t *list = &session->evidence;
    evidence_t *evidence;

    if (!session_hears_now(session))
        return;
    if (session->unknown_to[to] < ENOUGH_UNKNOWN) {
        session->unknown_to[to]++;
        return;
    }
    evidence = evidence_add(
        list, FINDING_MEDIA_UNKNOWN, to, pinfo->num,
        evidence_is_new(list, FINDING_MEDIA_UNKNOWN, to)
            ? wmem_strdup_printf(wmem_file_scope(),
                                 "what goes to the %s at the address that was agreed on for its "
                                 "media is no RTP",
                                 to == SIDE_CALLER ? "caller" : "callee")
            : NULL);
    if (evidence_names(evidence, pinfo->num))
        evidence_keep(pinfo, session, evidence);
}

void
session_media(session_t *session, content_t content, side_t to, carries_t carries,
              packet_info *pinfo)
{
    bool is_over = call_is_over(session);
    bool is_early = !is_over && session_was_unanswered(session);
    finding_t finding = FINDING_NONE;

    session->media_to[to] |= CONTENT_BIT(content);
    if (is_over || is_early)
        session->other_to[to] |= 1u << CARRIES_MEDIA;
    else if (carries == CARRIES_MEDIA)
        session->talk_to[to] |= CONTENT_BIT(content);
    else
        session->other_to[to] |= (uint8_t)(1u << carries);
    if (is_over)
        finding = FINDING_MEDIA_AFTER_RELEASE;
    else if (is_early)
        finding = FINDING_MEDIA_BEFORE_ANSWER;
    if (finding && !evidence_has(&session->evidence, finding))
        evidence_keep(pinfo, session,
                      evidence_add(&session->evidence, finding, SIDE_COUNT, pinfo->num, NULL));
}
