/* outcome.c
 *
 * Causes: ITU-T Q.850 table 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/outcome.h"

#include "session/capabilities.h"
#include "session/reasons.h"
#include "session/streams.h"

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
bool
outcome_hears(const session_t *session, side_t side)
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

    return outcome_hears(session, SIDE_CALLER) != outcome_hears(session, SIDE_CALLEE) ||
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

static bool
has_media(const session_t *session)
{
    return call_has_media_to(session, SIDE_CALLER) || call_has_media_to(session, SIDE_CALLEE);
}

static bool
has_agreed_on_data(const session_t *session)
{
    static const content_t data[] = {CONTENT_T38, CONTENT_T120, CONTENT_OTHER_DATA};

    for (size_t i = 0; i < G_N_ELEMENTS(data); i++) {
        if (session->agreed_to[data[i]][SIDE_CALLER] || session->agreed_to[data[i]][SIDE_CALLEE])
            return true;
    }
    return false;
}

/* So long must a call be up before what has not come is missed, seconds. */
#define PATIENCE 1

static bool
was_up_for_long(const session_t *session, const nstime_t *until)
{
    return session->answer.frame && seconds_between(&session->answer.at, until) >= PATIENCE;
}

bool
outcome_is_about_audio(const session_t *session)
{
    return session->audio_opened || !has_agreed_on_data(session);
}

/* Without a channel nothing could come; what comes nevertheless needed none. */
static bool
lacks_channel(const session_t *session, side_t to)
{
    return (capabilities_are_known(session) || session->audio_opened) &&
           outcome_is_about_audio(session) && !session->agreed_to[CONTENT_AUDIO][to] &&
           !session->agreed_to[CONTENT_UNKNOWN][to] && !outcome_hears(session, to);
}

static void
judge_channels(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    static const char *const seen[] = {
        [SIDE_CALLER] = "no audio channel to the caller was ever opened",
        [SIDE_CALLEE] = "no audio channel to the callee was ever opened",
    };

    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        if (lacks_channel(session, to))
            evidence_add(list, FINDING_NO_CHANNEL, to, frame, seen[to]);
    }
}

static bool
lacks_h245(const session_t *session)
{
    return session->h245.announced && !session->h245.is_tried && !session->h245.is_carried &&
           !session->fast_started && !has_media(session);
}

static void
judge_media(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    if (call_is_over(session) && is_one_way(session))
        evidence_add(list, FINDING_ONE_WAY_MEDIA, SIDE_COUNT, frame, NULL);
    if (has_agreed_on_media(session) && !has_media(session))
        evidence_add(list, FINDING_NO_MEDIA, SIDE_COUNT, frame, NULL);
}

void
outcome_judge(const session_t *session, const moment_t *until, evidence_list_t *list)
{
    if (session->begun && !session->callee_spoke)
        evidence_add(list, FINDING_UNANSWERED, SIDE_COUNT, until->frame, NULL);
    streams_judge(session, list, until->frame);
    if (!session->answer.frame)
        return;
    judge_media(session, list, until->frame);
    if (!was_up_for_long(session, &until->at))
        return;
    judge_channels(session, list, until->frame);
    if (lacks_h245(session))
        evidence_add(list, FINDING_H245_MISSING, SIDE_COUNT, until->frame, NULL);
}

evidence_list_t
outcome_findings(const session_t *session, const moment_t *until, wmem_allocator_t *scope)
{
    evidence_list_t list = {.scope = scope};
    evidence_t **end = &list.first;

    for (const evidence_t *found = session->evidence.first; found; found = found->next) {
        *end = wmem_memdup(scope, found, sizeof *found);
        end = &(*end)->next;
    }
    *end = NULL;
    if (!call_is_over(session) && !session->is_attempt)
        outcome_judge(session, until, &list);
    return list;
}
