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

/* Audio, or what may be audio, has been seen on its way to this side. */
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
