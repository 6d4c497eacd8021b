/* verdict.c
 *
 * Nothing is claimed of what leaves no trace in the capture: media that is not in it may
 * have been sent. Only a finding, or the call's other media, makes silence out of that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/verdict.h"

#include "session/outcome.h"
#include "session/streams.h"

/* What can be why a side hears nothing, the most telling first. */
static const finding_t silencing[] = {
    FINDING_MEDIA_UNREACHABLE, FINDING_H245_REFUSED,     FINDING_H245_UNANSWERED,
    FINDING_NO_COMMON_CODEC,   FINDING_CHANNEL_REJECTED, FINDING_H245_BROKEN,
    FINDING_NO_CHANNEL,
};

/* What can be why a call is not answered. */
static const finding_t preventing[] = {
    FINDING_CONTROL_REFUSED, FINDING_CONTROL_UNANSWERED, FINDING_NO_COMMON_CODEC,
    FINDING_UNANSWERED,      FINDING_ADDRESS_MISMATCH,
};

static const finding_t spoiling[] = {FINDING_CODEC_MISMATCH, FINDING_LOSSY_MEDIA};

/* A burst of errors at the beginning tells of a socket that was not open yet. */
#define UNDELIVERED_SECONDS 1
#define UNDELIVERED_PACKETS 5

/* One may be sent before anything could come. */
#define DOUBTFUL_REPORTS 2

bool
verdict_can_be_decided_by(finding_t finding)
{
    for (size_t i = 0; i < G_N_ELEMENTS(silencing); i++) {
        if (finding == silencing[i])
            return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(preventing); i++) {
        if (finding == preventing[i])
            return true;
    }
    return finding == FINDING_CODEC_MISMATCH || finding == FINDING_LOSSY_MEDIA ||
           finding == FINDING_ONE_WAY_MEDIA || finding == FINDING_NO_MEDIA;
}

/* What is about one side says nothing of the other. */
static bool
is_about(const evidence_list_t *found, finding_t finding, side_t side)
{
    switch (finding) {
    case FINDING_MEDIA_UNREACHABLE:
    case FINDING_NO_CHANNEL:
        return evidence_find(found, finding, side) != NULL;
    default:
        return evidence_has(found, finding);
    }
}

static finding_t
first_of(const finding_t *findings, size_t count, const evidence_list_t *found, side_t side)
{
    for (size_t i = 0; i < count; i++) {
        if (is_about(found, findings[i], side))
            return findings[i];
    }
    return FINDING_COUNT;
}

static bool
is_undelivered(const session_t *session, side_t side)
{
    const undelivered_t *undelivered = session->undelivered[side];
    nstime_t span;

    if (!undelivered)
        return false;
    nstime_delta(&span, &undelivered->last, &undelivered->first);
    return undelivered->packets >= UNDELIVERED_PACKETS ||
           nstime_to_sec(&span) >= UNDELIVERED_SECONDS;
}

static judgement_t
silence(const session_t *session, const evidence_list_t *found, verdict_t verdict, side_t side)
{
    finding_t decided_by = first_of(silencing, G_N_ELEMENTS(silencing), found, side);

    if (decided_by == FINDING_COUNT && evidence_has(found, FINDING_ONE_WAY_MEDIA))
        decided_by = FINDING_ONE_WAY_MEDIA;
    if (decided_by == FINDING_COUNT && evidence_has(found, FINDING_NO_MEDIA)) {
        decided_by = FINDING_NO_MEDIA;
        if (!session->has_rtcp)
            verdict = VERDICT_UNKNOWN;
    }
    if (decided_by == FINDING_COUNT)
        verdict = VERDICT_UNKNOWN;
    return (judgement_t){verdict, decided_by};
}

/*
 * What goes to this side was seen, and may not have arrived: the side says again and again
 * that nothing comes, or names an address that is not the one that it sends from.
 */
static bool
is_doubtful(const session_t *session, const evidence_list_t *found, side_t side)
{
    if (streams_are_reported(session, side))
        return false;
    return session->empty_reports[side] >= DOUBTFUL_REPORTS ||
           (evidence_has(found, FINDING_ADDRESS_MISMATCH) &&
            evidence_find(found, FINDING_MEDIA_ELSEWHERE, !side));
}

static judgement_t
judge_audio(const session_t *session, const evidence_list_t *found)
{
    bool to_caller = outcome_hears(session, SIDE_CALLER) && !is_undelivered(session, SIDE_CALLER);
    bool to_callee = outcome_hears(session, SIDE_CALLEE) && !is_undelivered(session, SIDE_CALLEE);
    finding_t spoilt_by = first_of(spoiling, G_N_ELEMENTS(spoiling), found, SIDE_COUNT);

    if (to_caller && to_callee && spoilt_by == FINDING_COUNT &&
        (is_doubtful(session, found, SIDE_CALLER) || is_doubtful(session, found, SIDE_CALLEE)))
        return (judgement_t){VERDICT_UNKNOWN, FINDING_COUNT};
    if (to_caller && to_callee)
        return (judgement_t){spoilt_by == FINDING_COUNT ? VERDICT_GOOD : VERDICT_POOR, spoilt_by};
    if (to_callee)
        return silence(session, found, VERDICT_NO_AUDIO_TO_CALLER, SIDE_CALLER);
    if (to_caller)
        return silence(session, found, VERDICT_NO_AUDIO_TO_CALLEE, SIDE_CALLEE);
    return silence(session, found, VERDICT_NO_AUDIO,
                   is_about(found, FINDING_MEDIA_UNREACHABLE, SIDE_CALLER) ? SIDE_CALLER
                                                                           : SIDE_CALLEE);
}

/* Opaque messages do not tell whether a call is answered: its media does. */
static bool
was_up(const session_t *session)
{
    return session->answer.frame || !session->may_be_early ||
           (outcome_hears(session, SIDE_CALLER) && outcome_hears(session, SIDE_CALLEE));
}

judgement_t
verdict_of(const session_t *session, const evidence_list_t *found)
{
    const judgement_t unknown = {VERDICT_UNKNOWN, FINDING_COUNT};

    if (session->is_attempt ||
        (call_is_over(session) && !session->answer.frame && session->may_be_early))
        return (judgement_t){VERDICT_NOT_CONNECTED,
                             first_of(preventing, G_N_ELEMENTS(preventing), found, SIDE_COUNT)};
    if (!was_up(session) || !outcome_is_about_audio(session))
        return unknown;
    return judge_audio(session, found);
}
