/* session.h
 * Events in, state out: calls, their numbers, states, times and ends. Knows no
 * bytes, no tree and no columns. This is what the other wings ask of this one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SESSION_H
#define MSICCP_SESSION_H

#include "session/admission.h"
#include "session/connection.h"
#include "session/hosts.h"
#include "session/outcome.h"
#include "session/state.h"
#include "session/steps.h"
#include "session/streams.h"
#include "session/streams_told.h"

void session_register(void);

/* First pass only: what this control message does. Never NULL. */
step_t *session_control(connection_t *connection, const packet_info *pinfo,
                        const message_t *message);

/* First pass only: what this H.245 message of a separate connection does. Never NULL. */
step_t *session_h245(session_t *session, side_t sender, const packet_info *pinfo,
                     const message_t *message);

/* First pass only: an RTP packet of this session on its way to a side. */
void session_media(session_t *session, content_t content, side_t to, carries_t carries,
                   packet_info *pinfo);

/* First pass only: a datagram to where this side of it wants RTP, in no form that is known. */
void session_unknown_media(session_t *session, side_t to, packet_info *pinfo);

#endif
