/* verdict_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/verdict.h"

#include "session/streams.h"

#define SPAN 100 /* s, of each call */

static wmem_allocator_t *scope;

/* An answered call that is over, in which audio went these ways. */
static session_t
talk(bool to_caller, bool to_callee)
{
    return (session_t){.begun = true,
                       .callee_spoke = true,
                       .may_be_early = true,
                       .outcome = OUTCOME_ANSWERED,
                       .answer = {.frame = 5, .at = {.secs = 1000}},
                       .release = {.frame = 9, .at = {.secs = 1000 + SPAN}},
                       .talk_to = {to_caller ? CONTENT_BIT(CONTENT_AUDIO) : 0,
                                   to_callee ? CONTENT_BIT(CONTENT_AUDIO) : 0}};
}

static evidence_list_t
nothing(void)
{
    return (evidence_list_t){.scope = scope};
}

static evidence_list_t
only(finding_t finding, side_t about)
{
    evidence_list_t list = nothing();

    evidence_add(&list, finding, about, 3, NULL);
    return list;
}

static void
expect(const session_t *session, const evidence_list_t *found, verdict_t verdict,
       finding_t decided_by)
{
    judgement_t judgement = verdict_of(session, found);

    g_assert_cmpint(judgement.verdict, ==, verdict);
    g_assert_cmpint(judgement.decided_by, ==, decided_by);
}

static void
expect_by(const session_t *session, finding_t finding, side_t about, verdict_t verdict)
{
    evidence_list_t found = only(finding, about);

    expect(session, &found, verdict, finding);
}

static void
both_heard(void)
{
    session_t session = talk(true, true);
    evidence_list_t found = nothing();

    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    expect_by(&session, FINDING_CODEC_MISMATCH, SIDE_COUNT, VERDICT_POOR);
    expect_by(&session, FINDING_LOSSY_MEDIA, SIDE_CALLER, VERDICT_POOR);
    found = only(FINDING_LOSSY_MEDIA, SIDE_CALLER);
    evidence_add(&found, FINDING_CODEC_MISMATCH, SIDE_CALLEE, 3, NULL);
    expect(&session, &found, VERDICT_POOR, FINDING_CODEC_MISMATCH);
    /* what prevents nothing */
    found = only(FINDING_RESTARTED, SIDE_CALLER);
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    found = only(FINDING_NO_CHANNEL, SIDE_CALLER);
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
}

/* What is said of a side's silence is why it hears nothing. */
static void
one_is_deaf(void)
{
    static const finding_t of_both[] = {FINDING_H245_REFUSED,    FINDING_H245_UNANSWERED,
                                        FINDING_NO_COMMON_CODEC, FINDING_CHANNEL_REJECTED,
                                        FINDING_H245_BROKEN,     FINDING_ONE_WAY_MEDIA};
    static const finding_t of_one[] = {FINDING_MEDIA_UNREACHABLE, FINDING_NO_CHANNEL};
    session_t callee_hears = talk(false, true);
    session_t caller_hears = talk(true, false);

    for (size_t i = 0; i < G_N_ELEMENTS(of_both); i++) {
        expect_by(&callee_hears, of_both[i], SIDE_COUNT, VERDICT_NO_AUDIO_TO_CALLER);
        expect_by(&caller_hears, of_both[i], SIDE_COUNT, VERDICT_NO_AUDIO_TO_CALLEE);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(of_one); i++) {
        evidence_list_t of_the_other = only(of_one[i], SIDE_CALLEE);

        expect_by(&callee_hears, of_one[i], SIDE_CALLER, VERDICT_NO_AUDIO_TO_CALLER);
        expect_by(&caller_hears, of_one[i], SIDE_CALLEE, VERDICT_NO_AUDIO_TO_CALLEE);
        expect(&callee_hears, &of_the_other, VERDICT_UNKNOWN, FINDING_NONE);
    }
}

static void
the_most_telling_decides(void)
{
    static const finding_t in_order[] = {
        FINDING_MEDIA_UNREACHABLE, FINDING_H245_REFUSED,     FINDING_H245_UNANSWERED,
        FINDING_NO_COMMON_CODEC,   FINDING_CHANNEL_REJECTED, FINDING_H245_BROKEN,
        FINDING_NO_CHANNEL,        FINDING_ONE_WAY_MEDIA,    FINDING_NO_MEDIA};
    session_t session = talk(false, true);
    evidence_list_t found = nothing();

    session.has_rtcp = true;
    for (size_t i = G_N_ELEMENTS(in_order); i-- > 0;) {
        evidence_add(&found, in_order[i], SIDE_CALLER, 3, NULL);
        expect(&session, &found, VERDICT_NO_AUDIO_TO_CALLER, in_order[i]);
    }
}

/* That nothing was captured is silence only where something was. */
static void
no_media_may_be_a_capture_without_it(void)
{
    session_t session = talk(false, false);

    expect_by(&session, FINDING_NO_MEDIA, SIDE_COUNT, VERDICT_UNKNOWN);
    session.has_rtcp = true;
    expect_by(&session, FINDING_NO_MEDIA, SIDE_COUNT, VERDICT_NO_AUDIO);
    session.has_rtcp = false;
    session.other_to[SIDE_CALLER] = 1u << CARRIES_EVENT;
    expect_by(&session, FINDING_NO_MEDIA, SIDE_COUNT, VERDICT_NO_AUDIO);
    session.other_to[SIDE_CALLER] = 1u << CARRIES_MEDIA;
    session.other_to[SIDE_CALLEE] = 1u << CARRIES_NOISE;
    expect_by(&session, FINDING_NO_MEDIA, SIDE_COUNT, VERDICT_NO_AUDIO);
    session.other_to[SIDE_CALLEE] = 0;
    expect_by(&session, FINDING_NO_MEDIA, SIDE_COUNT, VERDICT_UNKNOWN);
}

static void
nobody_hears(void)
{
    session_t session = talk(false, false);
    evidence_list_t found = nothing();

    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
    expect_by(&session, FINDING_MEDIA_UNREACHABLE, SIDE_CALLER, VERDICT_NO_AUDIO);
    expect_by(&session, FINDING_MEDIA_UNREACHABLE, SIDE_CALLEE, VERDICT_NO_AUDIO);
    expect_by(&session, FINDING_NO_CHANNEL, SIDE_CALLEE, VERDICT_NO_AUDIO);
    expect_by(&session, FINDING_ONE_WAY_MEDIA, SIDE_COUNT, VERDICT_NO_AUDIO);
}

/* What keeps it from being known is told, the first of these first. */
static void
it_may_be_hidden(void)
{
    session_t session = talk(false, true);
    evidence_list_t found = only(FINDING_CAPTURED_IN_PART, SIDE_CALLER);

    expect(&session, &found, VERDICT_UNKNOWN, FINDING_CAPTURED_IN_PART);
    evidence_add(&found, FINDING_MEDIA_UNKNOWN, SIDE_CALLEE, 3, NULL);
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_MEDIA_UNKNOWN);
    evidence_add(&found, FINDING_ONE_WAY_MEDIA, SIDE_COUNT, 3, NULL);
    expect(&session, &found, VERDICT_NO_AUDIO_TO_CALLER, FINDING_ONE_WAY_MEDIA);
}

static void
expect_undelivered(uint32_t packets, int seconds, bool is_silent)
{
    undelivered_t undelivered = {
        .packets = packets, .first = {.secs = 1000}, .last = {.secs = 1000 + seconds}};
    session_t session = talk(true, true);

    session.undelivered[SIDE_CALLEE] = &undelivered;
    if (is_silent) {
        expect_by(&session, FINDING_MEDIA_UNREACHABLE, SIDE_CALLEE, VERDICT_NO_AUDIO_TO_CALLEE);
    } else {
        evidence_list_t found = only(FINDING_MEDIA_UNREACHABLE, SIDE_CALLEE);

        expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    }
    session.undelivered[SIDE_CALLER] = session.undelivered[SIDE_CALLEE];
    session.undelivered[SIDE_CALLEE] = NULL;
    if (is_silent)
        expect_by(&session, FINDING_MEDIA_UNREACHABLE, SIDE_CALLER, VERDICT_NO_AUDIO_TO_CALLER);
}

static void
a_socket_may_open_late(void)
{
    expect_undelivered(4, 0, false);
    expect_undelivered(5, 0, true);
    expect_undelivered(2, 1, true);
}

/* A side that says again and again that nothing comes is believed, unless it also says what came.
 */
static void
reports_may_be_empty(void)
{
    watched_stream_t stream = {.to = SIDE_CALLEE, .content = CONTENT_AUDIO, .reports = 1};
    session_t session = talk(true, true);
    evidence_list_t found = nothing();

    session.empty_reports[SIDE_CALLEE] = 1;
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    session.empty_reports[SIDE_CALLEE] = 2;
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
    session.streams = &stream;
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    session.empty_reports[SIDE_CALLER] = 2;
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
}

/* Media to one address from a host that names another may be sent into the void. */
static void
an_address_may_be_wrong(void)
{
    session_t session = talk(true, true);
    evidence_list_t found = only(FINDING_ADDRESS_MISMATCH, SIDE_COUNT);

    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    evidence_add(&found, FINDING_MEDIA_ELSEWHERE, SIDE_CALLER, 3, NULL);
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
    found = only(FINDING_MEDIA_ELSEWHERE, SIDE_CALLEE);
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    evidence_add(&found, FINDING_ADDRESS_MISMATCH, SIDE_COUNT, 3, NULL);
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
}

/* The audio to a side was over before half of the call was: what it heard after is not known. */
static void
a_stream_may_end(void)
{
    watched_stream_t stream = {
        .to = SIDE_CALLER, .content = CONTENT_AUDIO, .talk = 1, .last = {.secs = 1000 + SPAN / 2}};
    session_t session = talk(true, true);
    evidence_list_t found = only(FINDING_MEDIA_ENDED, SIDE_CALLER);
    evidence_list_t silent = only(FINDING_SILENT_MEDIA, SIDE_CALLER);

    session.streams = &stream;
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
    stream.last.secs--;
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_MEDIA_ENDED);
    expect(&session, &silent, VERDICT_GOOD, FINDING_NONE);
    stream.to = SIDE_CALLEE;
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_MEDIA_ENDED);
    stream.talk = 0;
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
}

static void
it_may_be_no_call_for_audio(void)
{
    session_t session = talk(true, true);
    evidence_list_t found = nothing();

    session.agreed_to[CONTENT_T38][SIDE_CALLER] = true;
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
    session.audio_opened = true;
    expect(&session, &found, VERDICT_GOOD, FINDING_NONE);
}

static void
what_is_not_known_to_be_answered_is_not_good(void)
{
    session_t session = talk(true, true);
    evidence_list_t found = nothing();

    session.outcome = OUTCOME_NOT_TOLD;
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
    found = only(FINDING_CAPTURED_IN_PART, SIDE_CALLER);
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_CAPTURED_IN_PART);
    /* what is bad is known all the same */
    expect_by(&session, FINDING_LOSSY_MEDIA, SIDE_CALLER, VERDICT_POOR);
    session.answer.frame = 0;
    found = only(FINDING_LOSSY_MEDIA, SIDE_CALLER);
    expect(&session, &found, VERDICT_UNKNOWN, FINDING_NONE);
    /* its beginning is not seen: an answer may be in it */
    session.may_be_early = false;
    expect(&session, &found, VERDICT_POOR, FINDING_LOSSY_MEDIA);
}

static session_t
not_connected(outcome_t outcome)
{
    session_t session = talk(true, true);

    session.outcome = outcome;
    session.answer.frame = 0;
    return session;
}

static void
it_may_not_be_connected(void)
{
    static const outcome_t outcomes[] = {OUTCOME_REJECTED, OUTCOME_NO_ANSWER, OUTCOME_CANCELLED,
                                         OUTCOME_FAILED};
    static const finding_t in_order[] = {FINDING_CONTROL_REFUSED, FINDING_CONTROL_UNANSWERED,
                                         FINDING_NO_COMMON_CODEC, FINDING_UNANSWERED,
                                         FINDING_ADDRESS_MISMATCH};

    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        session_t session = not_connected(outcomes[i]);
        evidence_list_t found = nothing();

        expect(&session, &found, VERDICT_NOT_CONNECTED, FINDING_NONE);
        for (size_t at = G_N_ELEMENTS(in_order); at-- > 0;) {
            evidence_add(&found, in_order[at], SIDE_COUNT, 3, NULL);
            expect(&session, &found, VERDICT_NOT_CONNECTED, in_order[at]);
        }
    }
}

/* Who was reached was not prevented, but by programs that give up at once. */
static void
only_a_person_prevents_what_rings(void)
{
    session_t session = not_connected(OUTCOME_REJECTED);
    evidence_list_t found = only(FINDING_NO_COMMON_CODEC, SIDE_COUNT);
    evidence_list_t unanswered = only(FINDING_UNANSWERED, SIDE_COUNT);

    session.ringing = (moment_t){.frame = 4, .at = {.secs = 1000 + SPAN}};
    expect(&session, &found, VERDICT_NOT_CONNECTED, FINDING_NO_COMMON_CODEC);
    expect(&session, &unanswered, VERDICT_NOT_CONNECTED, FINDING_NONE);
    session.ringing.at.secs -= 1;
    expect(&session, &found, VERDICT_NOT_CONNECTED, FINDING_NONE);
    session.outcome = OUTCOME_BUSY;
    session.ringing.at.secs += 1;
    expect(&session, &found, VERDICT_NOT_CONNECTED, FINDING_NONE);
}

static void
what_was_said_at_the_end_stays(void)
{
    session_t session = talk(true, true);
    evidence_list_t found = nothing();
    judgement_t judgement;

    session.verdict = VERDICT_POOR;
    session.decided_by = FINDING_LOSSY_MEDIA;
    judgement = verdict_by_now(&session, &found);
    g_assert_cmpint(judgement.verdict, ==, VERDICT_POOR);
    g_assert_cmpint(judgement.decided_by, ==, FINDING_LOSSY_MEDIA);
    session.release.frame = 0;
    judgement = verdict_by_now(&session, &found);
    g_assert_cmpint(judgement.verdict, ==, VERDICT_UNKNOWN);
    g_assert_cmpint(judgement.decided_by, ==, FINDING_NONE);
}

static void
the_evidence_is_that_of_the_finding(void)
{
    evidence_list_t found = only(FINDING_MIDCALL, SIDE_COUNT);
    judgement_t judgement = {VERDICT_POOR, FINDING_LOSSY_MEDIA};

    g_assert_null(verdict_evidence(&judgement, &found));
    evidence_add(&found, FINDING_LOSSY_MEDIA, SIDE_CALLEE, 3, NULL);
    g_assert_true(verdict_evidence(&judgement, &found) ==
                  evidence_find(&found, FINDING_LOSSY_MEDIA, SIDE_CALLEE));
    judgement.decided_by = FINDING_NONE;
    g_assert_null(verdict_evidence(&judgement, &found));
}

/* Each that decides in the tests above, and no other. */
static void
these_decide(void)
{
    const uint32_t deciding =
        FINDING_BIT(FINDING_CONTROL_REFUSED) | FINDING_BIT(FINDING_CONTROL_UNANSWERED) |
        FINDING_BIT(FINDING_H245_REFUSED) | FINDING_BIT(FINDING_H245_UNANSWERED) |
        FINDING_BIT(FINDING_H245_BROKEN) | FINDING_BIT(FINDING_NO_COMMON_CODEC) |
        FINDING_BIT(FINDING_CHANNEL_REJECTED) | FINDING_BIT(FINDING_NO_CHANNEL) |
        FINDING_BIT(FINDING_MEDIA_UNREACHABLE) | FINDING_BIT(FINDING_CODEC_MISMATCH) |
        FINDING_BIT(FINDING_LOSSY_MEDIA) | FINDING_BIT(FINDING_ONE_WAY_MEDIA) |
        FINDING_BIT(FINDING_NO_MEDIA) | FINDING_BIT(FINDING_ADDRESS_MISMATCH) |
        FINDING_BIT(FINDING_UNANSWERED);

    for (finding_t finding = FINDING_NONE; finding < FINDING_COUNT; finding++)
        g_assert_cmpint(verdict_can_be_decided_by(finding), ==,
                        (deciding & FINDING_BIT(finding)) != 0);
}

int
main(int argc, char **argv)
{
    scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verdict/both_heard", both_heard);
    g_test_add_func("/verdict/one_is_deaf", one_is_deaf);
    g_test_add_func("/verdict/the_most_telling_decides", the_most_telling_decides);
    g_test_add_func("/verdict/no_media_may_be_a_capture_without_it",
                    no_media_may_be_a_capture_without_it);
    g_test_add_func("/verdict/nobody_hears", nobody_hears);
    g_test_add_func("/verdict/it_may_be_hidden", it_may_be_hidden);
    g_test_add_func("/verdict/a_socket_may_open_late", a_socket_may_open_late);
    g_test_add_func("/verdict/reports_may_be_empty", reports_may_be_empty);
    g_test_add_func("/verdict/an_address_may_be_wrong", an_address_may_be_wrong);
    g_test_add_func("/verdict/a_stream_may_end", a_stream_may_end);
    g_test_add_func("/verdict/it_may_be_no_call_for_audio", it_may_be_no_call_for_audio);
    g_test_add_func("/verdict/what_is_not_known_to_be_answered_is_not_good",
                    what_is_not_known_to_be_answered_is_not_good);
    g_test_add_func("/verdict/it_may_not_be_connected", it_may_not_be_connected);
    g_test_add_func("/verdict/only_a_person_prevents_what_rings",
                    only_a_person_prevents_what_rings);
    g_test_add_func("/verdict/what_was_said_at_the_end_stays", what_was_said_at_the_end_stays);
    g_test_add_func("/verdict/the_evidence_is_that_of_the_finding",
                    the_evidence_is_that_of_the_finding);
    g_test_add_func("/verdict/these_decide", these_decide);
    return g_test_run();
}
