/* lacks.h
 * What the capture lacks of a call, and what therefore is not known of it: what was not
 * captured is not what was not sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_LACKS_H
#define MSICCP_LACKS_H

#include "session/call.h"

/* So many octets that this side has sent over it are not in the capture, though the other has them.
 */
uint32_t lacks_octets(const session_t *session, carrier_t carrier, side_t sender);

/* Nothing that this side sent over its control connection is in the capture, though it is of TCP.
 */
bool lacks_all_of(const session_t *session, side_t sender);

/* Some of what this side has sent is not in the capture. */
bool lacks_captured(const session_t *session, side_t sender);

/* Segments of this side came out of order, and Wireshark has not been told to put them in order. */
bool lacks_order(const session_t *session, side_t sender);

/* Messages of this side may be missing or not have been read: what it has not said is not known. */
bool lacks_some_of(const session_t *session, side_t sender);

/* The other end has acknowledged nothing that this side has sent over the control connection. */
bool lacks_acknowledgement(const session_t *session, side_t sender);

/* An answer would be in the capture. */
bool lacks_no_answer(const session_t *session);

/* It has not been answered, and an answer would be in the capture. */
static inline bool
session_was_unanswered(const session_t *session)
{
    return session->may_be_early && !session->answer.frame && lacks_no_answer(session);
}

/* What comes now is for the two people: early media is not, nor is what comes behind the end. */
static inline bool
session_hears_now(const session_t *session)
{
    return !call_is_over(session) && !session_was_unanswered(session);
}

#endif
