/* verdict.c
 *
 * Nothing is claimed of what leaves no trace in the capture: media that is not in it may
 * have been sent. Only a finding, or the call's other media, makes silence out of that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/verdict.h"

#include "session/outcome.h"
#include "session/streams_told.h"
#include "session/lacks.h"

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

/* What can be why it is not known what a side hears. */
static const finding_t hiding[] = {FINDING_MEDIA_UNKNOWN, FINDING_CAPTURED_IN_PART};

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
    return FINDING_NONE;
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

/* That no RTP is in the capture is no proof; what came beside it shows that it would be. */
static bool
is_sure_of_silence(const session_t *session)
{
    return session->has_rtcp || outcome_has_other_than_audio(session, SIDE_CALLER) ||
           outcome_has_other_than_audio(session, SIDE_CALLEE);
}

/* What most keeps this from being known, if anything that was found does. */
static judgement_t
unknown_by(const evidence_list_t *found)
{
    return (judgement_t){VERDICT_UNKNOWN,
                         first_of(hiding, G_N_ELEMENTS(hiding), found, SIDE_COUNT)};
}

static judgement_t
silence(const session_t *session, const evidence_list_t *found, verdict_t verdict, side_t side)
{
    finding_t decided_by = first_of(silencing, G_N_ELEMENTS(silencing), found, side);

    if (decided_by == FINDING_NONE && evidence_has(found, FINDING_ONE_WAY_MEDIA))
        decided_by = FINDING_ONE_WAY_MEDIA;
    if (decided_by == FINDING_NONE && evidence_has(found, FINDING_NO_MEDIA)) {
        decided_by = FINDING_NO_MEDIA;
        if (!is_sure_of_silence(session))
            verdict = VERDICT_UNKNOWN;
    }
    if (decided_by == FINDING_NONE)
        return unknown_by(found);
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

/* Audio was seen both ways. */
static judgement_t
judge_talk(const session_t *session, const evidence_list_t *found)
{
    finding_t spoilt_by = first_of(spoiling, G_N_ELEMENTS(spoiling), found, SIDE_COUNT);

    if (spoilt_by)
        return (judgement_t){VERDICT_POOR, spoilt_by};
    if (evidence_has(found, FINDING_MEDIA_ENDED) && streams_cover_little(session))
        return (judgement_t){VERDICT_UNKNOWN, FINDING_MEDIA_ENDED};
    if (is_doubtful(session, found, SIDE_CALLER) || is_doubtful(session, found, SIDE_CALLEE))
        return (judgement_t){VERDICT_UNKNOWN, FINDING_NONE};
    return (judgement_t){VERDICT_GOOD, FINDING_NONE};
}

static judgement_t
judge_audio(const session_t *session, const evidence_list_t *found)
{
    bool to_caller = outcome_hears(session, SIDE_CALLER) && !is_undelivered(session, SIDE_CALLER);
    bool to_callee = outcome_hears(session, SIDE_CALLEE) && !is_undelivered(session, SIDE_CALLEE);

    if (to_caller && to_callee)
        return judge_talk(session, found);
    if (to_callee)
        return silence(session, found, VERDICT_NO_AUDIO_TO_CALLER, SIDE_CALLER);
    if (to_caller)
        return silence(session, found, VERDICT_NO_AUDIO_TO_CALLEE, SIDE_CALLEE);
    return silence(session, found, VERDICT_NO_AUDIO,
                   is_about(found, FINDING_MEDIA_UNREACHABLE, SIDE_CALLER) ? SIDE_CALLER
                                                                           : SIDE_CALLEE);
}

/* Ends that find no codec in common give up by themselves, even while it rings. */
static finding_t
prevented_by(const session_t *session, const evidence_list_t *found)
{
    if (!outcome_was_reached(session))
        return first_of(preventing, G_N_ELEMENTS(preventing), found, SIDE_COUNT);
    if (outcome_was_given_up_at_once(session) && evidence_has(found, FINDING_NO_COMMON_CODEC))
        return FINDING_NO_COMMON_CODEC;
    return FINDING_NONE;
}

/* Nothing is good that is not known to have been a call, from its answer to its end. */
judgement_t
verdict_of(const session_t *session, const evidence_list_t *found)
{
    const judgement_t unknown = {VERDICT_UNKNOWN, FINDING_NONE};
    outcome_t outcome = outcome_by_now(session);
    judgement_t judgement;

    if (outcome_is_not_connected(outcome))
        return (judgement_t){VERDICT_NOT_CONNECTED, prevented_by(session, found)};
    /* Opaque messages do not tell whether a call is answered: its media does. */
    if (session_was_unanswered(session))
        return unknown;
    if (!outcome_is_about_audio(session))
        return unknown;
    judgement = judge_audio(session, found);
    if (judgement.verdict == VERDICT_GOOD && outcome != OUTCOME_ANSWERED)
        return unknown_by(found);
    return judgement;
}

judgement_t
verdict_by_now(const session_t *session, const evidence_list_t *found)
{
    return call_is_over(session) ? (judgement_t){session->verdict, session->decided_by}
                                 : verdict_of(session, found);
}

const evidence_t *
verdict_evidence(const judgement_t *judgement, const evidence_list_t *found)
{
    const evidence_t *evidence = judgement->decided_by ? found->first : NULL;

    while (evidence && evidence->finding != judgement->decided_by)
        evidence = evidence->next;
    return evidence;
}
