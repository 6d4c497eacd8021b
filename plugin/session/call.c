/* call.c
 * The births of calls, and their end: what is the same for all, whatever message they come of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/dense.h"
#include "session/hosts.h"
#include "session/lacks.h"
#include "session/names.h"
#include "session/outcome.h"
#include "session/reasons.h"
#include "session/streams.h"
#include "session/verdict.h"

#include <epan/to_str.h>

static dense_t sessions = {.size = sizeof(session_t)};
static uint32_t sessions_so_far;
static bool any_expected; /* a session of this file has been begun, or may come to be one */

static void
forget_sessions(void)
{
    sessions_so_far = 0;
    any_expected = false;
}

void
call_register(void)
{
    register_init_routine(forget_sessions);
}

uint32_t
session_count(void)
{
    return sessions_so_far;
}

bool
session_is_expected(void)
{
    return any_expected;
}

void
call_mark(moment_t *moment, const packet_info *pinfo)
{
    if (moment->frame)
        return;
    moment->frame = pinfo->num;
    moment->at = pinfo->abs_ts;
}

void
call_set_state(session_t *session, const packet_info *pinfo, state_t state)
{
    session->state = state;
    session->since[state] = pinfo->num;
}

static void
give_number(session_t *session, const packet_info *pinfo)
{
    session->number = ++sessions_so_far;
    session->setup.frame = pinfo->num;
    session->setup.at = pinfo->abs_ts;
}

/* Datagrams that nothing tells of are no call, unless media follows them. */
static bool
is_only_expected(const packet_info *pinfo, const message_t *message)
{
    return message->coding == CODING_OPAQUE && pinfo->ptype == PT_UDP;
}

void
session_is_real(session_t *session, const packet_info *pinfo)
{
    if (session->number)
        return;
    give_number(session, pinfo);
    session->begun = false;
    session->asked.frame = 0;
}

static session_t *
born(coding_t coding)
{
    session_t *session = dense_new(&sessions);

    any_expected = true;
    session->coding = coding;
    session->evidence.scope = wmem_file_scope();
    session->reason = NO_REASON;
    return session;
}

session_t *
session_new(const packet_info *pinfo, const message_t *message)
{
    session_t *session = born(message->coding);

    if (!is_only_expected(pinfo, message))
        give_number(session, pinfo);
    session->call_reference = message->call_reference;
    call_set_state(session, pinfo, STATE_REQUESTED);
    return session;
}

session_t *
session_attempt(const moment_t *begin, transport_t transport, const address *client,
                const address *server, uint32_t port)
{
    session_t *session = born(CODING_NOT_TOLD);

    session->is_attempt = true;
    session->attempted_over = transport;
    session->outcome = OUTCOME_FAILED;
    session->setup = *begin;
    session->verdict = VERDICT_NOT_CONNECTED;
    names_place_party(&session->parties[SIDE_CALLER], client, 0);
    names_place_party(&session->parties[SIDE_CALLEE], server, port);
    return session;
}

/* A call that was answered, or of which it is not known that it was not, is released. */
state_t
call_state_at_end(const session_t *session)
{
    if (!session_was_unanswered(session))
        return STATE_RELEASED;
    return session->released_by_caller ? STATE_ABANDONED : STATE_REJECTED;
}

static void
judge(session_t *session, step_t *step)
{
    evidence_list_t at_end = {.scope = wmem_file_scope()};
    judgement_t judgement;

    if (outcome_tore_h245_down(session))
        evidence_withdraw(&session->evidence, FINDING_H245_BROKEN, SIDE_COUNT);
    outcome_judge(session, &session->release, &at_end);
    step->findings |= evidence_bits(&at_end);
    evidence_add_all(&session->evidence, &at_end);
    judgement = verdict_of(session, &session->evidence);
    session->verdict = judgement.verdict;
    session->decided_by = judgement.decided_by;
}

void
call_end(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message)
{
    call_mark(&session->release, pinfo);
    streams_look_again(session);
    hosts_leave(session);
    session->released_by_caller = step->sender == SIDE_CALLER;
    session->released_by_third = step->from_third;
    session->has_cause = message->has_cause;
    session->cause = message->cause;
    session->reason = (int16_t)message->reason;
    session->refusal = message->refusal;
    if (!session->has_cause)
        session->has_cause = reason_cause(message->reason, &session->cause);
    session->outcome = outcome_of(session, message);
    call_set_state(session, pinfo, call_state_at_end(session));
    step->ends_session = true;
    judge(session, step);
}

/* A call that is up has lost its signalling: nobody can say any more that it is over. */
static void
note_reset(session_t *session, packet_info *pinfo)
{
    char *host = address_to_str(NULL, &pinfo->src);
    const char *seen = wmem_strdup_printf(
        wmem_file_scope(), "%s reset the control connection while the call was up", host);

    evidence_keep(
        pinfo, session,
        evidence_add(&session->evidence, FINDING_CONTROL_RESET, SIDE_COUNT, pinfo->num, seen));
    wmem_free(NULL, host);
}

void
call_leave(session_t *session, const packet_info *pinfo)
{
    if (call_is_over(session) || session->control_end)
        return;
    session->control_end = wmem_new0(wmem_file_scope(), control_end_t);
    call_mark(&session->control_end->at, pinfo);
}

void
call_control_closed(session_t *session, packet_info *pinfo, bool by_reset)
{
    if (call_is_over(session) || session->control_end)
        return;
    call_leave(session, pinfo);
    session->control_end->by_reset = by_reset;
    session->control_end->by = address_to_str(wmem_file_scope(), &pinfo->src);
    if (by_reset && session->answer.frame)
        note_reset(session, pinfo);
}

/* Most ends close it just before the call ends: whether that was a fault is seen then. */
void
call_h245_closed(session_t *session, side_t closer, packet_info *pinfo, bool by_reset)
{
    h245_closed_t *closed;
    char *host;

    if (session->h245.closed)
        return;
    closed = wmem_new0(wmem_file_scope(), h245_closed_t);
    closed->frame = pinfo->num;
    closed->at = pinfo->abs_ts;
    closed->by = closer;
    host = address_to_str(NULL, &pinfo->src);
    closed->seen = wmem_strdup_printf(
        wmem_file_scope(), "%s ended the H.245 connection without endSession while the call was up",
        host);
    wmem_free(NULL, host);
    session->h245.closed = closed;
    if (by_reset)
        evidence_keep(pinfo, session,
                      evidence_add(&session->evidence, FINDING_H245_BROKEN, SIDE_COUNT, pinfo->num,
                                   closed->seen));
}

char *
call_reason(wmem_allocator_t *scope, const session_t *session)
{
    const char *words = reason_words(session->reason);

    if (session->refusal)
        return reason_in_words(scope, session->refusal);
    return words ? wmem_strdup(scope, words) : NULL;
}
