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

/* What is to be said of the whole call, on the frame that ends it: FINDING_BIT()s. */
uint32_t outcome_findings_at_end(const session_t *session);

/*
 * What is to be said of the call with what has been seen of it so far:
 * FINDING_BIT()s, also of those that single media packets show.
 */
uint32_t session_findings(const session_t *session);

#endif
