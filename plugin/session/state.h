/* state.h
 * The call's course: where it stands, and what an event does to it there. It is one
 * table, in state.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STATE_H
#define MSICCP_STATE_H

#include "session/call.h"

/* Where an event leads. */
typedef enum {
    STAYS,       /* the event changes nothing here */
    PROCEEDS,    /* the callee's side is at work on it */
    RINGS,       /* the callee is told */
    IS_ANSWERED, /* the callee takes the call: answered, or media if a channel is agreed on */
    AGREES,      /* both ends agree on a channel: media, once the call is answered */
    ENDS,        /* released, rejected or abandoned: see call_state_at_end() */
} move_t;

/* The table. */
move_t state_move(state_t state, event_t event);

/* The state of the session after this frame. */
state_t session_state_at(const session_t *session, uint32_t frame);

/* First pass only: moves the call on by one message that it has not seen before. */
void state_advance(step_t *step, const packet_info *pinfo, const message_t *message);

/* First pass only: if the message agrees on a channel, that is so from now on. */
void state_agree_on_media(step_t *step, const packet_info *pinfo, const message_t *message);

#endif
