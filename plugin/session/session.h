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

void session_register(void);

/* How many sessions this file has had so far. */
uint32_t session_count(void);

/* True if there is one, or may come to be one. */
bool session_is_expected(void);

/*
 * First pass only: a call of which this is the first message; its ends are not known
 * yet. One that media has to prove has no number until session_is_real().
 */
session_t *session_new(const packet_info *pinfo, const message_t *message);

/*
 * First pass only: somebody wanted to speak to a control port, and was not accepted. That
 * is no call, and has no number and no messages; it is only a record of what failed.
 */
session_t *session_attempt(const moment_t *begin, transport_t transport, const address *client,
                           const address *server, uint32_t port);

/* First pass only: media of it is there. */
void session_is_real(session_t *session, const packet_info *pinfo);

/* First pass only: what this control message does. Never NULL. */
step_t *session_control(connection_t *connection, const packet_info *pinfo,
                        const message_t *message);

/* First pass only: what this H.245 message of a separate connection does. Never NULL. */
step_t *session_h245(session_t *session, side_t sender, const packet_info *pinfo,
                     const message_t *message);

/* First pass only: an RTP packet of this session on its way to a side. */
void session_media(session_t *session, content_t content, side_t to, packet_info *pinfo);

#endif
