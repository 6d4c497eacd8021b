/* outcome.c
 *
 * Causes: ITU-T Q.850 table 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/outcome.h"

/* Q.850 causes that tell a call's end from another. */
#define CAUSE_USER_BUSY 17
#define CAUSE_NO_USER_RESPONDING 18
#define CAUSE_NO_ANSWER 19
#define CAUSE_PROTOCOL_ERROR_FIRST 96 /* class 110: protocol error */
#define CAUSE_PROTOCOL_ERROR_LAST 111

/* H.225.0 ReleaseCompleteReason inConf; table 5 of H.225.0 maps it to cause 17. */
#define REASON_IN_CONF 10

/* NetMeeting's caller gives up after so many seconds ([MS-MNPR], note 32). */
#define NO_ANSWER_SECONDS 20

static double
seconds_between(const nstime_t *earlier, const nstime_t *later)
{
    nstime_t delta;

    nstime_delta(&delta, later, earlier);
    return nstime_to_sec(&delta);
}

outcome_t
outcome_of(const session_t *session, const message_t *message)
{
    if (session->answer.frame)
        return OUTCOME_ANSWERED;
    if (!session->may_be_early)
        return OUTCOME_UNKNOWN;
    if (message->reason == REASON_IN_CONF ||
        (message->has_cause && message->cause == CAUSE_USER_BUSY))
        return OUTCOME_BUSY;
    if (message->has_cause &&
        (message->cause == CAUSE_NO_USER_RESPONDING || message->cause == CAUSE_NO_ANSWER))
        return OUTCOME_NO_ANSWER;
    if (message->has_cause && message->cause >= CAUSE_PROTOCOL_ERROR_FIRST &&
        message->cause <= CAUSE_PROTOCOL_ERROR_LAST)
        return OUTCOME_FAILED;
    if (!session->released_by_caller)
        return OUTCOME_REJECTED;
    if (session->ringing.frame &&
        seconds_between(&session->ringing.time, &session->release.time) >= NO_ANSWER_SECONDS)
        return OUTCOME_NO_ANSWER;
    return OUTCOME_CANCELLED;
}

/* What is to be said of the whole call, on the frame that ends it. */
uint32_t
outcome_findings_at_end(const session_t *session)
{
    bool to_caller = session->media_to[SIDE_CALLER];
    bool to_callee = session->media_to[SIDE_CALLEE];
    uint32_t findings = 0;

    if (session->begun && !session->callee_spoke)
        findings |= FINDING_BIT(FINDING_UNANSWERED);
    if (session->answer.frame && to_caller != to_callee)
        findings |= FINDING_BIT(FINDING_ONE_WAY_MEDIA);
    if (session->answer.frame && session->media_agreed && !to_caller && !to_callee)
        findings |= FINDING_BIT(FINDING_NO_MEDIA);
    return findings;
}

uint32_t
session_findings(const session_t *session)
{
    uint32_t findings = session->findings;

    if (session->early_media_frame)
        findings |= FINDING_BIT(FINDING_MEDIA_BEFORE_ANSWER);
    if (session->late_media_frame)
        findings |= FINDING_BIT(FINDING_MEDIA_AFTER_RELEASE);
    /* Media of a call that goes on may still come the other way. */
    if (!call_is_over(session))
        findings |= outcome_findings_at_end(session) & ~FINDING_BIT(FINDING_ONE_WAY_MEDIA);
    return findings;
}
