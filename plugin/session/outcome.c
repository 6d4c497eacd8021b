/* outcome.c
 *
 * Causes: ITU-T Q.850 table 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/outcome.h"

#include "session/reasons.h"

/* Q.850 causes that tell a call's end from another. */
#define CAUSE_USER_BUSY 17
#define CAUSE_NO_USER_RESPONDING 18
#define CAUSE_NO_ANSWER 19
#define CAUSE_PROTOCOL_ERROR_FIRST 96 /* class 110: protocol error */
#define CAUSE_PROTOCOL_ERROR_LAST 111

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
        seconds_between(&session->ringing.at, &session->release.at) >= NO_ANSWER_SECONDS)
        return OUTCOME_NO_ANSWER;
    return OUTCOME_CANCELLED;
}

/* What is not known to be video counts as audio. */
static bool
hears(const session_t *session, side_t side)
{
    return session->media_to[CONTENT_AUDIO][side] || session->media_to[CONTENT_UNKNOWN][side];
}

/* Audio and video are judged each for itself; video goes one way where only one end has a camera.
 */
static bool
is_one_way(const session_t *session)
{
    const bool *video_to = session->media_to[CONTENT_VIDEO];
    const bool *agreed = session->agreed_to[CONTENT_VIDEO];

    return hears(session, SIDE_CALLER) != hears(session, SIDE_CALLEE) ||
           (video_to[SIDE_CALLER] != video_to[SIDE_CALLEE] && agreed[SIDE_CALLER] &&
            agreed[SIDE_CALLEE]);
}

/* Fax and data are no media that a call could lack. */
static bool
has_agreed_on_media(const session_t *session)
{
    static const content_t media[] = {CONTENT_UNKNOWN, CONTENT_AUDIO, CONTENT_VIDEO};

    for (size_t i = 0; i < G_N_ELEMENTS(media); i++) {
        if (session->agreed_to[media[i]][SIDE_CALLER] || session->agreed_to[media[i]][SIDE_CALLEE])
            return true;
    }
    return false;
}

/* What is to be said of the whole call, on the frame that ends it. */
uint32_t
outcome_findings_at_end(const session_t *session)
{
    bool has_media =
        call_has_media_to(session, SIDE_CALLER) || call_has_media_to(session, SIDE_CALLEE);
    uint32_t findings = 0;

    if (session->begun && !session->callee_spoke)
        findings |= FINDING_BIT(FINDING_UNANSWERED);
    if (session->answer.frame && is_one_way(session))
        findings |= FINDING_BIT(FINDING_ONE_WAY_MEDIA);
    if (session->answer.frame && has_agreed_on_media(session) && !has_media)
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
