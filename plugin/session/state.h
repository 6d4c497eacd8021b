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
    ENDS,        /* released, rejected or abandoned: see state_at_end() */
} move_t;

/* The table. */
move_t state_move(state_t state, event_t event);

/* Where a call goes that ends now, by who ends it. */
state_t state_at_end(const session_t *session);

/* The state of the session after this frame. */
state_t session_state_at(const session_t *session, uint32_t frame);

/* First pass only: this moment is now, unless it has come before. */
void state_mark(moment_t *moment, const packet_info *pinfo);

/* First pass only. */
void state_set(session_t *session, const packet_info *pinfo, state_t state);

/* First pass only: moves the call on by one message that it has not seen before. */
void state_advance(step_t *step, const packet_info *pinfo, const message_t *message);

/* First pass only: the same for a message that does nothing but agree on a channel. */
void state_agree_on_media(step_t *step, const packet_info *pinfo);

#endif
