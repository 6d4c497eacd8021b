/* outcome.c
 *
 * Causes: ITU-T Q.850 table 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/outcome.h"

#include "session/capabilities.h"
#include "session/lacks.h"
#include "session/reasons.h"
#include "session/streams_told.h"

#include <epan/to_str.h>

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
        return OUTCOME_NOT_TOLD;
    if (message->reason == REASON_IN_CONF ||
        (message->has_cause && message->cause == CAUSE_USER_BUSY))
        return OUTCOME_BUSY;
    if (message->has_cause &&
        (message->cause == CAUSE_NO_USER_RESPONDING || message->cause == CAUSE_NO_ANSWER))
        return OUTCOME_NO_ANSWER;
    /* An answer may be among what the capture lacks. */
    if (!session_was_unanswered(session))
        return OUTCOME_NOT_TOLD;
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

outcome_t
outcome_by_now(const session_t *session)
{
    if (call_is_over(session) || session->is_attempt)
        return session->outcome;
    if (!session->control_end)
        return OUTCOME_INCOMPLETE;
    if (session->answer.frame)
        return OUTCOME_ANSWERED;
    return session_was_unanswered(session) ? OUTCOME_FAILED : OUTCOME_NOT_TOLD;
}

bool
outcome_is_not_connected(outcome_t outcome)
{
    switch (outcome) {
    case OUTCOME_BUSY:
    case OUTCOME_REJECTED:
    case OUTCOME_NO_ANSWER:
    case OUTCOME_CANCELLED:
    case OUTCOME_FAILED:
        return true;
    default:
        return false;
    }
}

/* What is not known to be video counts as audio. */
bool
outcome_hears(const session_t *session, side_t side)
{
    return session->talk_to[side] & (CONTENT_BIT(CONTENT_AUDIO) | CONTENT_BIT(CONTENT_UNKNOWN));
}

/* RTP with video has been seen on its way to this side. */
static bool
sees(const session_t *session, side_t side)
{
    return session->media_to[side] & CONTENT_BIT(CONTENT_VIDEO);
}

heard_t
outcome_heard(const session_t *session, side_t side)
{
    if (!outcome_hears(session, side))
        return HEARD_NOT_TOLD;
    return streams_are_reported(session, side) ? HEARD_BY_RECEIVER : HEARD_IN_CAPTURE;
}

/* Audio and video are judged each for itself; video goes one way where only one end has a camera.
 */
static bool
is_one_way(const session_t *session)
{
    const bool *agreed = session->agreed_to[CONTENT_VIDEO];

    return outcome_hears(session, SIDE_CALLER) != outcome_hears(session, SIDE_CALLEE) ||
           (sees(session, SIDE_CALLER) != sees(session, SIDE_CALLEE) && agreed[SIDE_CALLER] &&
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

/* Of an answered call. */
static bool
was_up_for_long(const session_t *session, const nstime_t *until)
{
    return seconds_between(&session->answer.at, until) >= PATIENCE;
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
        [SIDE_CALLER] = "the callee opened no audio channel to the caller",
        [SIDE_CALLEE] = "the caller opened no audio channel to the callee",
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

/* Something came while the call was up, and was no audio. */
#define NO_AUDIO_BITS (1u << CARRIES_EVENT | 1u << CARRIES_NOISE | 1u << CARRIES_NOTHING)

bool
outcome_has_other_than_audio(const session_t *session, side_t to)
{
    return session->other_to[to] & NO_AUDIO_BITS;
}

/* NULL: nothing at all. */
static const char *
instead_of_audio(const session_t *session, side_t to)
{
    uint8_t other = session->other_to[to];

    if (other & 1u << CARRIES_EVENT)
        return "telephone events (digits)";
    if (other & 1u << CARRIES_NOISE)
        return "comfort noise";
    if (other & 1u << CARRIES_NOTHING)
        return "empty packets";
    return other & 1u << CARRIES_MEDIA ? "RTP before the answer" : NULL;
}

static const char *
name_of(side_t side)
{
    return side == SIDE_CALLER ? "caller" : "callee";
}

static const char *
one_way_text(const session_t *session, wmem_allocator_t *scope)
{
    side_t deaf = outcome_hears(session, SIDE_CALLER) ? SIDE_CALLEE : SIDE_CALLER;
    side_t blind = sees(session, SIDE_CALLER) ? SIDE_CALLEE : SIDE_CALLER;
    const char *instead = instead_of_audio(session, deaf);

    if (outcome_hears(session, SIDE_CALLER) == outcome_hears(session, SIDE_CALLEE))
        return wmem_strdup_printf(
            scope, "the %s sent video, and the %s none, though both ways were agreed on",
            name_of(blind), name_of(!blind));
    if (instead)
        return wmem_strdup_printf(scope,
                                  "the %s sent audio, and the %s instead of it no more than %s",
                                  name_of(deaf), name_of(!deaf), instead);
    return wmem_strdup_printf(scope, "the %s sent audio, and none that the %s sent was captured",
                              name_of(deaf), name_of(!deaf));
}

static const char *
no_audio_text(const session_t *session, wmem_allocator_t *scope)
{
    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        if (instead_of_audio(session, to))
            return wmem_strdup_printf(
                scope, "neither end sent audio that was captured, and the %s no more than %s",
                name_of(!to), instead_of_audio(session, to));
    }
    return NULL;
}

/* What a side sends is not known to be missing on the way where the capture has nothing of it. */
static bool
may_miss_media(const session_t *session)
{
    return (!outcome_hears(session, SIDE_CALLER) && lacks_all_of(session, SIDE_CALLEE)) ||
           (!outcome_hears(session, SIDE_CALLEE) && lacks_all_of(session, SIDE_CALLER));
}

static bool
has_talk(const session_t *session)
{
    return outcome_hears(session, SIDE_CALLER) || outcome_hears(session, SIDE_CALLEE) ||
           call_has_media_to(session, SIDE_CALLER) != call_has_media_to(session, SIDE_CALLEE) ||
           sees(session, SIDE_CALLER) || sees(session, SIDE_CALLEE);
}

/* What comes in no known form may be what is missed. */
static bool
may_be_in_another_form(const session_t *session)
{
    return evidence_has(&session->evidence, FINDING_MEDIA_UNKNOWN);
}

static void
judge_media(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    if (may_miss_media(session) || may_be_in_another_form(session))
        return;
    if (call_is_over(session) && is_one_way(session))
        evidence_add(list, FINDING_ONE_WAY_MEDIA, SIDE_COUNT, frame,
                     one_way_text(session, list->scope));
    if (has_agreed_on_media(session) && !has_talk(session))
        evidence_add(list, FINDING_NO_MEDIA, SIDE_COUNT, frame,
                     no_audio_text(session, list->scope));
}

/* So long before its end may a call lose its H.245 in being torn down, s. */
#define TEAR_DOWN 2

bool
outcome_tore_h245_down(const session_t *session)
{
    const h245_closed_t *closed = session->h245.closed;
    side_t releaser = session->released_by_caller ? SIDE_CALLER : SIDE_CALLEE;

    return call_is_over(session) && closed && closed->by == releaser &&
           seconds_between(&closed->at, &session->release.at) < TEAR_DOWN;
}

/* A call of which nothing is heard after that may have ended beside the capture. */
static bool
went_on_without_h245(const session_t *session, const nstime_t *until)
{
    return seconds_between(&session->h245.closed->at, until) >= TEAR_DOWN ||
           (call_is_over(session) && !outcome_tore_h245_down(session));
}

static void
judge_h245(const session_t *session, const moment_t *until, evidence_list_t *list)
{
    const h245_course_t *h245 = &session->h245;

    if (!h245->closed || h245->is_ended || !went_on_without_h245(session, &until->at) ||
        evidence_has(&session->evidence, FINDING_H245_BROKEN))
        return;
    evidence_add(list, FINDING_H245_BROKEN, SIDE_COUNT, h245->closed->frame, h245->closed->seen);
    evidence_add(list, FINDING_H245_BROKEN, SIDE_COUNT, until->frame, h245->closed->seen);
}

static const char *
missing_text(const session_t *session, side_t sender, wmem_allocator_t *scope)
{
    uint32_t control = lacks_octets(session, OVER_CONTROL, sender);
    uint32_t h245 = lacks_octets(session, OVER_H245, sender);

    if (lacks_all_of(session, sender))
        return wmem_strdup_printf(scope,
                                  "nothing that the %s sent to the control port's connection is "
                                  "in the capture",
                                  name_of(sender));
    return wmem_strdup_printf(
        scope, "%u octets of the %s's %s are not in the capture, though the %s acknowledged them",
        control ? control : h245, name_of(sender), control ? "control messages" : "H.245 messages",
        name_of(!sender));
}

static void
judge_capture(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    for (side_t sender = SIDE_CALLER; sender < SIDE_COUNT; sender++) {
        if (lacks_captured(session, sender))
            evidence_add(list, FINDING_CAPTURED_IN_PART, sender, frame,
                         missing_text(session, sender, list->scope));
    }
}

/* Nothing more of it can come. */
static bool
is_finished(const session_t *session)
{
    return call_is_over(session) || session->control_end;
}

static bool
lacks_messages(const session_t *session)
{
    return lacks_some_of(session, SIDE_CALLER) || lacks_some_of(session, SIDE_CALLEE);
}

bool
outcome_was_reached(const session_t *session)
{
    return session->ringing.frame || outcome_by_now(session) == OUTCOME_BUSY;
}

bool
outcome_was_given_up_at_once(const session_t *session)
{
    return session->ringing.frame && session->release.frame &&
           outcome_by_now(session) != OUTCOME_BUSY &&
           seconds_between(&session->ringing.at, &session->release.at) < PATIENCE;
}

/* NULL: the finding's own text says it all. */
static const char *
unanswered_text(const session_t *session, wmem_allocator_t *scope)
{
    const address *callee = &session->parties[SIDE_CALLEE].addr;
    const char *seen;
    char *host;

    if (callee->type == AT_NONE)
        return NULL;
    host = address_to_str(NULL, callee);
    seen = wmem_strdup_printf(scope,
                              lacks_acknowledgement(session, SIDE_CALLER)
                                  ? "%s accepted the connection, and acknowledged nothing of the "
                                    "request, which was sent again"
                                  : "%s did not answer the request",
                              host);
    wmem_free(NULL, host);
    return seen;
}

static void
judge_request(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    if (!session->begun || session->callee_spoke || !is_finished(session) ||
        lacks_some_of(session, SIDE_CALLEE))
        return;
    evidence_add(list, FINDING_UNANSWERED, SIDE_COUNT, session->setup.frame,
                 unanswered_text(session, list->scope));
    evidence_add(list, FINDING_UNANSWERED, SIDE_COUNT, frame, NULL);
}

void
outcome_judge(const session_t *session, const moment_t *until, evidence_list_t *list)
{
    judge_capture(session, list, until->frame);
    judge_request(session, list, until->frame);
    streams_judge(session, list, until->frame);
    judge_h245(session, until, list);
    if (session->translated && outcome_is_not_connected(outcome_by_now(session)) &&
        !outcome_was_reached(session))
        evidence_add(list, FINDING_ADDRESS_MISMATCH, SIDE_COUNT, session->asked.frame,
                     session->translated);
    if (!session->answer.frame)
        return;
    if (!is_finished(session) && !was_up_for_long(session, &until->at))
        return;
    judge_media(session, list, until->frame);
    if (!is_finished(session) || !was_up_for_long(session, &until->at))
        return;
    streams_judge_audio(session, &until->at, list, until->frame);
    if (lacks_messages(session))
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
