/* state.c
 *
 * What the messages mean: ITU-T Q.931 and H.225.0 section 7 (call signalling).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/state.h"

#include "session/offers.h"

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

state_t
session_state_at(const session_t *session, uint32_t frame)
{
    state_t state = STATE_COUNT - 1;

    /* No move goes back. */
    while (state > STATE_REQUESTED && (!session->since[state] || session->since[state] > frame))
        state--;
    return state;
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
        call_set_state(session, pinfo, STATE_PROCEEDING);
        break;
    case RINGS:
        call_mark(&session->ringing, pinfo);
        call_set_state(session, pinfo, STATE_RINGING);
        break;
    case IS_ANSWERED:
        call_mark(&session->answer, pinfo);
        call_set_state(session, pinfo, session->media_agreed ? STATE_MEDIA : STATE_ANSWERED);
        break;
    case AGREES:
        session->media_agreed = true;
        if (session->state == STATE_ANSWERED)
            call_set_state(session, pinfo, STATE_MEDIA);
        break;
    case ENDS:
        call_end(session, step, pinfo, message);
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

    if (step->sender == SIDE_CALLEE && !step->from_third)
        session->callee_spoke = true;
    note_unanswered(session, step->event);
    move(session, step, step->event, pinfo, message);
    state_agree_on_media(step, pinfo, message);
    if (session->state == STATE_REJECTED && step->ends_session)
        step->event = EVENT_REJECT;
}
