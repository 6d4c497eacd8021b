/* state.c
 *
 * What the messages mean: ITU-T Q.931 and H.225.0 section 7 (call signalling).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/state.h"

#include "session/hosts.h"
#include "session/offers.h"
#include "session/outcome.h"
#include "session/reasons.h"
#include "session/verdict.h"

/*
 * The call's course. A row a state, with the events that change it; every other
 * event finds the call where it was. A message can be two events: one that carries
 * an agreement on a channel is "media" too, after what else it is. The table stands
 * in docs/PROTOCOL.md as well, and a test holds the two together.
 */
static const move_t course[STATE_COUNT][EVENT_COUNT] = {
    [STATE_REQUESTED] = {[EVENT_PROCEEDING] = PROCEEDS,
                         [EVENT_RINGING] = RINGS,
                         [EVENT_ACCEPT] = IS_ANSWERED,
                         [EVENT_REJECT] = ENDS,
                         [EVENT_MEDIA] = AGREES,
                         [EVENT_RELEASE] = ENDS},
    [STATE_PROCEEDING] = {[EVENT_RINGING] = RINGS,
                          [EVENT_ACCEPT] = IS_ANSWERED,
                          [EVENT_REJECT] = ENDS,
                          [EVENT_MEDIA] = AGREES,
                          [EVENT_RELEASE] = ENDS},
    [STATE_RINGING] = {[EVENT_ACCEPT] = IS_ANSWERED,
                       [EVENT_REJECT] = ENDS,
                       [EVENT_MEDIA] = AGREES,
                       [EVENT_RELEASE] = ENDS},
    [STATE_ANSWERED] = {[EVENT_REJECT] = ENDS, [EVENT_MEDIA] = AGREES, [EVENT_RELEASE] = ENDS},
    [STATE_MEDIA] = {[EVENT_REJECT] = ENDS, [EVENT_RELEASE] = ENDS},
};

move_t
state_move(state_t state, event_t event)
{
    return course[state][event];
}

void
state_mark(moment_t *moment, const packet_info *pinfo)
{
    if (moment->frame)
        return;
    moment->frame = pinfo->num;
    moment->at = pinfo->abs_ts;
}

void
state_set(session_t *session, const packet_info *pinfo, state_t state)
{
    session->state = state;
    session->since[state] = pinfo->num;
}

state_t
session_state_at(const session_t *session, uint32_t frame)
{
    state_t state = STATE_COUNT - 1;

    /* No move goes back. */
    while (state > STATE_REQUESTED && (!session->since[state] || session->since[state] > frame))
        state--;
    return state;
}

/* A call that was answered, or of which it is not known that it was not, is released. */
state_t
state_at_end(const session_t *session)
{
    if (session->answer.frame || !session->may_be_early)
        return STATE_RELEASED;
    return session->released_by_caller ? STATE_ABANDONED : STATE_REJECTED;
}

static void
judge(session_t *session, step_t *step)
{
    evidence_list_t at_end = {.scope = wmem_file_scope()};
    judgement_t judgement;

    outcome_judge(session, &session->release, &at_end);
    step->findings |= evidence_bits(&at_end);
    evidence_add_all(&session->evidence, &at_end);
    judgement = verdict_of(session, &session->evidence);
    session->verdict = judgement.verdict;
    session->decided_by = judgement.decided_by;
}

static void
end(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message)
{
    state_mark(&session->release, pinfo);
    hosts_leave(session);
    session->released_by_caller = step->sender == SIDE_CALLER;
    session->has_cause = message->has_cause;
    session->cause = message->cause;
    session->reason = message->reason;
    if (!session->has_cause)
        session->has_cause = reason_cause(message->reason, &session->cause);
    session->outcome = outcome_of(session, message);
    state_set(session, pinfo, state_at_end(session));
    step->ends_session = true;
    judge(session, step);
}

/* The guards of the table, and what goes with its moves, are all here. */
static void
move(session_t *session, step_t *step, event_t event, const packet_info *pinfo,
     const message_t *message)
{
    switch (state_move(session->state, event)) {
    case STAYS:
        break;
    case PROCEEDS:
        state_set(session, pinfo, STATE_PROCEEDING);
        break;
    case RINGS:
        state_mark(&session->ringing, pinfo);
        state_set(session, pinfo, STATE_RINGING);
        break;
    case IS_ANSWERED:
        state_mark(&session->answer, pinfo);
        state_set(session, pinfo, session->media_agreed ? STATE_MEDIA : STATE_ANSWERED);
        break;
    case AGREES:
        session->media_agreed = true;
        if (session->state == STATE_ANSWERED)
            state_set(session, pinfo, STATE_MEDIA);
        break;
    case ENDS:
        end(session, step, pinfo, message);
        break;
    }
}

void
state_agree_on_media(step_t *step, const packet_info *pinfo, const message_t *message)
{
    bool is_choice = message->has_fast_start && step->sender == SIDE_CALLEE;

    if (call_is_over(step->session) || (!message->media_accepted && !is_choice))
        return;
    offers_agree(step, message);
    if (step->event == EVENT_OTHER)
        step->event = EVENT_MEDIA;
    move(step->session, step, EVENT_MEDIA, pinfo, message);
}

/* Messages that only an unanswered call has show that it was one. */
static void
note_unanswered(session_t *session, event_t event)
{
    if (event == EVENT_PROCEEDING || event == EVENT_RINGING)
        session->may_be_early = true;
    if (event == EVENT_REJECT)
        session->may_be_early = !session->answer.frame;
}

void
state_advance(step_t *step, const packet_info *pinfo, const message_t *message)
{
    session_t *session = step->session;

    if (step->sender == SIDE_CALLEE)
        session->callee_spoke = true;
    note_unanswered(session, step->event);
    move(session, step, step->event, pinfo, message);
    state_agree_on_media(step, pinfo, message);
    if (session->state == STATE_REJECTED && step->ends_session)
        step->event = EVENT_REJECT;
}
