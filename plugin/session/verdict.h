/* verdict.h
 * How a call went for the two people, and which finding decides that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_VERDICT_H
#define MSICCP_VERDICT_H

#include "session/call.h"

typedef struct {
    verdict_t verdict;
    finding_t decided_by; /* FINDING_NONE: none does */
} judgement_t;

/* By what was found of it: see outcome_findings(). */
judgement_t verdict_of(const session_t *session, const evidence_list_t *found);

/* The same, or for a call that is over what was said when it ended. */
judgement_t verdict_by_now(const session_t *session, const evidence_list_t *found);

/* What shows the finding that decides it; NULL: none does. */
const evidence_t *verdict_evidence(const judgement_t *judgement, const evidence_list_t *found);

/* This finding can be why people do not hear one another. */
bool verdict_can_be_decided_by(finding_t finding);

#endif
