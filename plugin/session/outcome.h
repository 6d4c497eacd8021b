/* outcome.h
 * How a call ended, and what is to be said of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OUTCOME_H
#define MSICCP_OUTCOME_H

#include "session/call.h"

/* Of a call whose release has been noted, by the message that released it. */
outcome_t outcome_of(const session_t *session, const message_t *message);

/* The same of any call: as it ended, or as far as it has come. */
outcome_t outcome_by_now(const session_t *session);

/* By what it is known that audio reached a side. */
typedef enum {
    HEARD_NOT_TOLD,
    HEARD_BY_RECEIVER, /* that side reports it in RTCP */
    HEARD_IN_CAPTURE,  /* it was on its way where the capture was made */
} heard_t;

heard_t outcome_heard(const session_t *session, side_t side);

/* The two people never spoke: so it ended before an answer. */
bool outcome_is_not_connected(outcome_t outcome);

/* Whoever is busy, or hears it ring, was reached: nothing but a person prevented the call. */
bool outcome_was_reached(const session_t *session);

/* It was released so soon after it began to ring that a program did so, rather than a person. */
bool outcome_was_given_up_at_once(const session_t *session);

/* RTP has been seen on its way to this side while the call was up, and was no audio. */
bool outcome_has_other_than_audio(const session_t *session, side_t to);

/* The end that released the call closed its H.245 just before. */
bool outcome_tore_h245_down(const session_t *session);

/* Audio, or what may be audio, has been seen on its way to this side while the call was up. */
bool outcome_hears(const session_t *session, side_t side);

/* It is a call for people to hear one another, rather than one of fax or data alone. */
bool outcome_is_about_audio(const session_t *session);

/*
 * Adds to the list what is to be said of the whole call as it was up to that moment. Its
 * frame is the one that ends the call, or 0.
 */
void outcome_judge(const session_t *session, const moment_t *until, evidence_list_t *list);

/* All that was found of the call up to that moment, whether it is over or goes on. */
evidence_list_t outcome_findings(const session_t *session, const moment_t *until,
                                 wmem_allocator_t *scope);

#endif
