/* explain.h
 * Findings in sentences for people: what was seen, in which frames, what it means for the
 * two of them, and what usually causes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_EXPLAIN_H
#define MSICCP_EXPLAIN_H

#include "session/verdict.h"

/* To be freed with g_free(). */
char *explain(verdict_t verdict, const evidence_t *evidence);

/*
 * How the call went and why, in a sentence or two, by what was found of it; to be freed with
 * g_free(). Never NULL.
 */
char *explain_call(const session_t *session, const judgement_t *judgement,
                   const evidence_list_t *found);

#endif
