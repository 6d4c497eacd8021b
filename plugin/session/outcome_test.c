/* outcome_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/outcome.h"

#include "session/streams.h"

#define IN_CONF 10

/* A call that was released, and what that is called. */
static const struct {
    const char *name;
    bool answered;
    bool begun_in_capture;
    bool by_caller;
    int cause; /* -1: none given */
    int reason;
    int rang_seconds; /* -1: it did not ring */
    outcome_t outcome;
} cases[] = {
    {"answered", true, true, true, 16, NO_REASON, 1, OUTCOME_ANSWERED},
    {"answered, whatever the cause", true, true, false, 17, IN_CONF, 1, OUTCOME_ANSWERED},
    {"beginning not seen", false, false, true, 16, NO_REASON, -1, OUTCOME_NOT_TOLD},
    {"busy by cause", false, true, false, 17, NO_REASON, 1, OUTCOME_BUSY},
    {"busy by reason", false, true, false, -1, IN_CONF, 1, OUTCOME_BUSY},
    {"no user responding", false, true, false, 18, NO_REASON, -1, OUTCOME_NO_ANSWER},
    {"no answer", false, true, true, 19, NO_REASON, 3, OUTCOME_NO_ANSWER},
    {"caller gives up after 20 s", false, true, true, 16, NO_REASON, 20, OUTCOME_NO_ANSWER},
    {"caller gives up before", false, true, true, 16, NO_REASON, 19, OUTCOME_CANCELLED},
    {"caller gives up, it never rang", false, true, true, -1, NO_REASON, -1, OUTCOME_CANCELLED},
    {"protocol error", false, true, false, 96, NO_REASON, -1, OUTCOME_FAILED},
    {"protocol error, last", false, true, true, 111, NO_REASON, -1, OUTCOME_FAILED},
    {"no protocol error yet", false, true, false, 95, NO_REASON, -1, OUTCOME_REJECTED},
    {"no protocol error any more", false, true, false, 112, NO_REASON, -1, OUTCOME_REJECTED},
    {"rejected", false, true, false, 21, NO_REASON, 1, OUTCOME_REJECTED},
    {"rejected after long ringing", false, true, false, -1, NO_REASON, 60, OUTCOME_REJECTED},
};

/* A cause that is not given is none, whatever number stands there. */
static const uint8_t not_given[] = {0, 17, 18, 100};

static void
expect_outcome(size_t i, uint8_t without_cause)
{
    session_t session = {.may_be_early = cases[i].begun_in_capture,
                         .released_by_caller = cases[i].by_caller};
    message_t message = {.has_cause = cases[i].cause >= 0,
                         .cause = cases[i].cause >= 0 ? (uint8_t)cases[i].cause : without_cause,
                         .reason = cases[i].reason};

    session.answer.frame = cases[i].answered ? 3 : 0;
    session.ringing.frame = cases[i].rang_seconds >= 0 ? 2 : 0;
    session.ringing.at.secs = cases[i].rang_seconds >= 0 ? 1000 : 0;
    session.release.frame = 4;
    session.release.at.secs = 1000 + MAX(cases[i].rang_seconds, 0);
    g_test_message("%s", cases[i].name);
    g_assert_cmpint(outcome_of(&session, &message), ==, cases[i].outcome);
}

static void
outcomes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (size_t at = 0; at < G_N_ELEMENTS(not_given); at++)
            expect_outcome(i, not_given[at]);
    }
}

static void
expect_at_end(const session_t *session, uint32_t finding_bits)
{
    evidence_list_t list = {.scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE)};

    outcome_judge(session, &session->release, &list);
    g_assert_cmpuint(evidence_bits(&list), ==, finding_bits);
    wmem_destroy_allocator(list.scope);
}

static void
one_way_is_found_only_of_answered_calls(void)
{
    session_t session = {.begun = true,
                         .callee_spoke = true,
                         .release = {.frame = 9},
                         .media_to = {[SIDE_CALLER] = CONTENT_BIT(CONTENT_AUDIO)},
                         .talk_to = {[SIDE_CALLER] = CONTENT_BIT(CONTENT_AUDIO)}};

    expect_at_end(&session, 0);
    session.answer.frame = 5;
    expect_at_end(&session, FINDING_BIT(FINDING_ONE_WAY_MEDIA));
    session.talk_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    expect_at_end(&session, 0);
}

/* An answered call, of five seconds, that is over; both ends have spoken and nothing came. */
static session_t
over(void)
{
    return (session_t){.begun = true,
                       .callee_spoke = true,
                       .may_be_early = true,
                       .outcome = OUTCOME_ANSWERED,
                       .setup = {.frame = 1},
                       .answer = {.frame = 5, .at = {.secs = 1000}},
                       .release = {.frame = 9, .at = {.secs = 1005}}};
}

/* All but the address that does not match is known at the end; of these two some is known before.
 */
static void
expect_evidence(const evidence_t *evidence)
{
    bool is_of_a_side =
        evidence->finding == FINDING_NO_CHANNEL || evidence->finding == FINDING_CAPTURED_IN_PART;
    bool has_more =
        evidence->finding == FINDING_UNANSWERED || evidence->finding == FINDING_H245_BROKEN;

    if (!is_of_a_side)
        g_assert_cmpint(evidence->about, ==, SIDE_COUNT);
    if (evidence->finding != FINDING_ADDRESS_MISMATCH)
        g_assert_true(evidence_names(evidence, 9));
    g_assert_cmpuint(evidence->count, ==, has_more ? 2 : 1);
}

/* What is found of it; SEEN: what was seen of the first of these. */
static void
expect_found(const session_t *session, uint32_t finding_bits, const char *seen)
{
    evidence_list_t list = {.scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE)};

    outcome_judge(session, &session->release, &list);
    g_assert_cmphex(evidence_bits(&list), ==, finding_bits);
    for (const evidence_t *evidence = list.first; evidence; evidence = evidence->next)
        expect_evidence(evidence);
    if (seen)
        g_assert_cmpstr(list.first ? list.first->seen : NULL, ==, seen);
    wmem_destroy_allocator(list.scope);
}

static void
expect_one_way(const session_t *session, const char *seen)
{
    expect_found(session, FINDING_BIT(FINDING_ONE_WAY_MEDIA), seen);
}

static void
what_went_one_way(void)
{
    session_t session = over();

    session.talk_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    expect_one_way(&session, "the caller sent audio, and none that the callee sent was captured");
    session.other_to[SIDE_CALLER] = 1u << CARRIES_MEDIA;
    expect_one_way(&session, "the caller sent audio, and the callee instead of it no more than "
                             "RTP before the answer");
    session.other_to[SIDE_CALLER] |= 1u << CARRIES_NOTHING;
    expect_one_way(&session, "the caller sent audio, and the callee instead of it no more than "
                             "empty packets");
    session.other_to[SIDE_CALLER] |= 1u << CARRIES_NOISE;
    expect_one_way(&session, "the caller sent audio, and the callee instead of it no more than "
                             "comfort noise");
    session.other_to[SIDE_CALLER] |= 1u << CARRIES_EVENT;
    expect_one_way(&session, "the caller sent audio, and the callee instead of it no more than "
                             "telephone events (digits)");
    session.talk_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_UNKNOWN);
    expect_found(&session, 0, NULL);
    session.talk_to[SIDE_CALLEE] = 0;
    expect_one_way(&session, "the callee sent audio, and none that the caller sent was captured");
}

/* Video goes one way where both ways were agreed on. */
static void
video_may_go_one_way(void)
{
    session_t session = over();
    bool *agreed = session.agreed_to[CONTENT_VIDEO];

    session.talk_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_AUDIO);
    session.talk_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    session.media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_VIDEO);
    expect_found(&session, 0, NULL);
    agreed[SIDE_CALLER] = true;
    expect_found(&session, 0, NULL);
    agreed[SIDE_CALLEE] = true;
    expect_one_way(&session, "the callee sent video, and the caller none, though both ways were "
                             "agreed on");
    agreed[SIDE_CALLER] = false;
    expect_found(&session, 0, NULL);
    agreed[SIDE_CALLER] = true;
    session.media_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_VIDEO);
    expect_found(&session, 0, NULL);
    session.media_to[SIDE_CALLER] = 0;
    expect_one_way(&session, "the caller sent video, and the callee none, though both ways were "
                             "agreed on");
}

static void
expect_no_media(const session_t *session, const char *seen)
{
    expect_found(session, FINDING_BIT(FINDING_NO_MEDIA), seen);
}

static void
no_media(void)
{
    static const content_t contents[] = {CONTENT_UNKNOWN, CONTENT_AUDIO, CONTENT_VIDEO};
    session_t session = over();

    expect_found(&session, 0, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(contents); i++) {
        for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
            session = over();
            session.agreed_to[contents[i]][side] = true;
            expect_no_media(&session, NULL);
        }
    }
    /* of fax and data none is missed */
    session = over();
    session.agreed_to[CONTENT_T38][SIDE_CALLER] = true;
    session.agreed_to[CONTENT_T120][SIDE_CALLEE] = true;
    session.agreed_to[CONTENT_OTHER_DATA][SIDE_CALLEE] = true;
    expect_found(&session, 0, NULL);
    session.agreed_to[CONTENT_AUDIO][SIDE_CALLER] = true;
    session.other_to[SIDE_CALLEE] = 1u << CARRIES_NOISE;
    expect_no_media(&session, "neither end sent audio that was captured, and the caller no more "
                              "than comfort noise");
    session.other_to[SIDE_CALLER] = 1u << CARRIES_EVENT;
    expect_no_media(&session, "neither end sent audio that was captured, and the callee no more "
                              "than telephone events (digits)");
    session.media_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_VIDEO);
    session.media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_VIDEO);
    expect_found(&session, 0, NULL);
}

/* What comes in a form that is not known may be what is missed. */
static void
media_may_be_of_another_form(void)
{
    session_t session = over();
    evidence_t unknown = {.finding = FINDING_MEDIA_UNKNOWN};

    session.agreed_to[CONTENT_AUDIO][SIDE_CALLER] = true;
    session.evidence.first = &unknown;
    expect_found(&session, 0, NULL);
}

static void
channels(void)
{
    session_t session = over();

    session.audio_opened = true;
    session.talk_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_AUDIO);
    session.talk_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    expect_found(&session, 0, NULL);
    session.talk_to[SIDE_CALLEE] = 0;
    session.agreed_to[CONTENT_AUDIO][SIDE_CALLER] = true;
    expect_found(&session, FINDING_BIT(FINDING_NO_CHANNEL) | FINDING_BIT(FINDING_ONE_WAY_MEDIA),
                 "the caller opened no audio channel to the callee");
    session.agreed_to[CONTENT_UNKNOWN][SIDE_CALLEE] = true;
    expect_found(&session, FINDING_BIT(FINDING_ONE_WAY_MEDIA), NULL);
    session.agreed_to[CONTENT_UNKNOWN][SIDE_CALLEE] = false;
    session.agreed_to[CONTENT_AUDIO][SIDE_CALLEE] = true;
    expect_found(&session, FINDING_BIT(FINDING_ONE_WAY_MEDIA), NULL);
    session = over();
    session.audio_opened = true;
    session.agreed_to[CONTENT_AUDIO][SIDE_CALLEE] = true;
    expect_found(&session, FINDING_BIT(FINDING_NO_CHANNEL) | FINDING_BIT(FINDING_NO_MEDIA),
                 "the callee opened no audio channel to the caller");
    /* a call of less than a second has none to miss */
    session.answer.at.secs = 1005;
    expect_found(&session, FINDING_BIT(FINDING_NO_MEDIA), NULL);
    session.answer.at.secs = 1004;
    expect_found(&session, FINDING_BIT(FINDING_NO_CHANNEL) | FINDING_BIT(FINDING_NO_MEDIA), NULL);
}

static void
h245_may_be_missing(void)
{
    session_t session = over();

    session.h245.announced = 3;
    expect_found(&session, FINDING_BIT(FINDING_H245_MISSING), NULL);
    session.h245.is_tried = true;
    expect_found(&session, 0, NULL);
    session.h245.is_tried = false;
    session.h245.is_carried = true;
    expect_found(&session, 0, NULL);
    session.h245.is_carried = false;
    session.fast_started = true;
    expect_found(&session, 0, NULL);
    session.fast_started = false;
    session.media_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_T38);
    expect_found(&session, 0, NULL);
    session.media_to[SIDE_CALLEE] = 0;
    session.media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_T38);
    expect_found(&session, 0, NULL);
}

static void
h245_may_break(void)
{
    const uint32_t broken = FINDING_BIT(FINDING_H245_BROKEN);
    session_t session = over();
    h245_closed_t closed = {.frame = 7, .by = SIDE_CALLER, .at = {.secs = 1003}};
    evidence_t known = {.finding = FINDING_H245_BROKEN};

    session.h245.closed = &closed;
    expect_found(&session, broken, NULL);
    closed.at.secs = 1004;
    expect_found(&session, broken, NULL);
    /* who releases the call closes it just before */
    session.released_by_caller = true;
    expect_found(&session, 0, NULL);
    closed.at.secs = 1003;
    expect_found(&session, broken, NULL);
    session.h245.is_ended = true;
    expect_found(&session, 0, NULL);
    session.h245.is_ended = false;
    session.evidence.first = &known;
    expect_found(&session, 0, NULL);
}

/* A call of which nothing more is heard may have ended beside the capture. */
static void
h245_may_break_of_a_call_that_goes_on(void)
{
    const moment_t until = {.frame = 8, .at = {.secs = 1005}};
    session_t session = over();
    h245_closed_t closed = {.frame = 7, .at = {.secs = 1004}};
    evidence_list_t list = {.scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE)};

    session.release.frame = 0;
    session.h245.closed = &closed;
    outcome_judge(&session, &until, &list);
    g_assert_false(evidence_has(&list, FINDING_H245_BROKEN));
    closed.at.secs = 1003;
    outcome_judge(&session, &until, &list);
    g_assert_true(evidence_has(&list, FINDING_H245_BROKEN));
    wmem_destroy_allocator(list.scope);
}

static void
it_is_torn_down_at_the_end(void)
{
    session_t session = over();
    h245_closed_t closed = {.frame = 7, .by = SIDE_CALLEE, .at = {.secs = 1003}};

    /* Time may begin with the capture. */
    session.released_by_caller = true;
    session.release.at.secs = 1;
    g_assert_false(outcome_tore_h245_down(&session));
    session = over();
    session.h245.closed = &closed;
    g_assert_false(outcome_tore_h245_down(&session));
    closed.at.secs = 1004;
    g_assert_true(outcome_tore_h245_down(&session));
    session.released_by_caller = true;
    g_assert_false(outcome_tore_h245_down(&session));
    closed.by = SIDE_CALLER;
    g_assert_true(outcome_tore_h245_down(&session));
    session.release.frame = 0;
    g_assert_false(outcome_tore_h245_down(&session));
}

/* What an end sends that the capture has nothing of is not missed on the way. */
static void
media_may_be_beside_the_capture(void)
{
    captured_t captured = {.ends = {{.segments = 3}, {.segments = 0}}};
    session_t session = over();

    session.carried[OVER_CONTROL].captured = &captured;
    session.agreed_to[CONTENT_AUDIO][SIDE_CALLER] = true;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART), NULL);
    session.talk_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART), NULL);
    session.carried[OVER_CONTROL].is_turned = true;
    expect_found(&session,
                 FINDING_BIT(FINDING_CAPTURED_IN_PART) | FINDING_BIT(FINDING_ONE_WAY_MEDIA), NULL);
    session.talk_to[SIDE_CALLEE] = 0;
    session.talk_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_AUDIO);
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART), NULL);
}

/* Where something came one way, or video did, something came. */
static void
some_media(void)
{
    session_t session = over();

    session.agreed_to[CONTENT_AUDIO][SIDE_CALLER] = true;
    session.media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_T38);
    expect_found(&session, 0, NULL);
    session.media_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_T38);
    expect_no_media(&session, NULL);
    session.media_to[SIDE_CALLER] = 0;
    expect_found(&session, 0, NULL);
    session.media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_VIDEO);
    expect_found(&session, 0, NULL);
}

/* Channels are judged where it is known that one should be. */
static void
data_needs_no_channel_for_audio(void)
{
    session_t session = over();

    session.audio_opened = false;
    expect_found(&session, 0, NULL);
    session.agreed_to[CONTENT_T38][SIDE_CALLEE] = true;
    g_assert_false(outcome_is_about_audio(&session));
    session.agreed_to[CONTENT_T38][SIDE_CALLEE] = false;
    session.agreed_to[CONTENT_T38][SIDE_CALLER] = true;
    g_assert_false(outcome_is_about_audio(&session));
    session.audio_opened = true;
    g_assert_true(outcome_is_about_audio(&session));
}

static void
a_request_may_not_be_answered(void)
{
    control_end_t end = {.by = "192.0.2.1"};
    captured_t captured = {.ends = {{.segments = 2}, {.segments = 0}}};
    session_t session = over();

    session.answer.frame = 0;
    expect_found(&session, 0, NULL);
    session.callee_spoke = false;
    expect_found(&session, FINDING_BIT(FINDING_UNANSWERED), NULL);
    session.begun = false;
    expect_found(&session, 0, NULL);
    session.begun = true;
    session.release.frame = 0;
    expect_found(&session, 0, NULL);
    session.control_end = &end;
    session.release.frame = 9;
    expect_found(&session, FINDING_BIT(FINDING_UNANSWERED), NULL);
    session.carried[OVER_CONTROL].captured = &captured;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART),
                 "nothing that the callee sent to the control port's connection is in the capture");
    session.carried[OVER_CONTROL].is_turned = true;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART) | FINDING_BIT(FINDING_UNANSWERED),
                 "nothing that the caller sent to the control port's connection is in the capture");
}

static void
octets_may_be_missing(void)
{
    captured_t control = {.ends = {{.segments = 2, .is_known = true, .next = 10, .wanted = 17},
                                   {.segments = 2, .is_known = true, .next = 10, .wanted = 10}}};
    session_t session = over();

    session.carried[OVER_CONTROL].captured = &control;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART),
                 "7 octets of the caller's control messages are not in the capture, though the "
                 "callee acknowledged them");
    session.carried[OVER_CONTROL].captured = NULL;
    session.carried[OVER_H245].captured = &control;
    session.carried[OVER_H245].is_turned = true;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART),
                 "7 octets of the callee's H.245 messages are not in the capture, though the "
                 "caller acknowledged them");
}

/* What an end has not done is not known then, whichever end it is. */
static void
what_is_missing_may_have_told(void)
{
    captured_t control = {.ends = {{.segments = 2, .is_known = true, .next = 10, .wanted = 17},
                                   {.segments = 2, .is_known = true, .next = 10, .wanted = 10}}};
    session_t session = over();

    session.h245.announced = true;
    expect_found(&session, FINDING_BIT(FINDING_H245_MISSING), NULL);
    session.carried[OVER_CONTROL].captured = &control;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART), NULL);
    session.carried[OVER_CONTROL].is_turned = true;
    expect_found(&session, FINDING_BIT(FINDING_CAPTURED_IN_PART), NULL);
}

static void
an_address_may_be_translated(void)
{
    session_t session = over();

    session.answer.frame = 0;
    session.asked.frame = 2;
    session.translated = "translated";
    session.outcome = OUTCOME_NO_ANSWER;
    expect_found(&session, FINDING_BIT(FINDING_ADDRESS_MISMATCH), "translated");
    session.ringing.frame = 3;
    expect_found(&session, 0, NULL);
    session.ringing.frame = 0;
    session.outcome = OUTCOME_BUSY;
    expect_found(&session, 0, NULL);
    session.outcome = OUTCOME_NOT_TOLD;
    expect_found(&session, 0, NULL);
}

static void
what_goes_on_has_come_so_far(void)
{
    control_end_t end = {.by = "192.0.2.1"};
    session_t session = over();

    g_assert_cmpint(outcome_by_now(&session), ==, OUTCOME_ANSWERED);
    session.release.frame = 0;
    g_assert_cmpint(outcome_by_now(&session), ==, OUTCOME_INCOMPLETE);
    session.is_attempt = true;
    g_assert_cmpint(outcome_by_now(&session), ==, OUTCOME_ANSWERED);
    session.is_attempt = false;
    session.outcome = OUTCOME_NOT_TOLD;
    session.control_end = &end;
    g_assert_cmpint(outcome_by_now(&session), ==, OUTCOME_ANSWERED);
    session.answer.frame = 0;
    g_assert_cmpint(outcome_by_now(&session), ==, OUTCOME_FAILED);
    session.may_be_early = false;
    g_assert_cmpint(outcome_by_now(&session), ==, OUTCOME_NOT_TOLD);
}

static void
who_gives_up_at_once(void)
{
    session_t session = over();

    session.outcome = OUTCOME_REJECTED;
    g_assert_false(outcome_was_given_up_at_once(&session));
    session.ringing = (moment_t){.frame = 4, .at = {.secs = 1005}};
    g_assert_true(outcome_was_given_up_at_once(&session));
    session.ringing.at.secs = 1004;
    g_assert_false(outcome_was_given_up_at_once(&session));
    session.ringing.at.secs = 1005;
    session.outcome = OUTCOME_BUSY;
    g_assert_false(outcome_was_given_up_at_once(&session));
    session.outcome = OUTCOME_REJECTED;
    session.release.frame = 0;
    g_assert_false(outcome_was_given_up_at_once(&session));
}

/* What was found before, and what is to be said of a call that goes on. */
static void
findings_are_copied(void)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const moment_t until = {.frame = 8, .at = {.secs = 1004}};
    evidence_t second = {.finding = FINDING_RESTARTED, .count = 1, .frames = {6}};
    evidence_t first = {.finding = FINDING_MIDCALL, .next = &second};
    session_t session = over();
    evidence_list_t found;

    session.agreed_to[CONTENT_AUDIO][SIDE_CALLER] = true;
    session.evidence.first = &first;
    found = outcome_findings(&session, &until, scope);
    g_assert_cmphex(evidence_bits(&found), ==,
                    FINDING_BIT(FINDING_MIDCALL) | FINDING_BIT(FINDING_RESTARTED));
    g_assert_true(found.first != &first);
    g_assert_cmpuint(found.first->next->frames[0], ==, 6);
    session.release.frame = 0;
    session.is_attempt = true;
    found = outcome_findings(&session, &until, scope);
    g_assert_false(evidence_has(&found, FINDING_NO_MEDIA));
    session.is_attempt = false;
    found = outcome_findings(&session, &until, scope);
    g_assert_true(evidence_has(&found, FINDING_NO_MEDIA));
    g_assert_null(second.next);
    wmem_destroy_allocator(scope);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outcome/outcomes", outcomes);
    g_test_add_func("/outcome/one_way", one_way_is_found_only_of_answered_calls);
    g_test_add_func("/outcome/what_went_one_way", what_went_one_way);
    g_test_add_func("/outcome/video_may_go_one_way", video_may_go_one_way);
    g_test_add_func("/outcome/no_media", no_media);
    g_test_add_func("/outcome/media_may_be_of_another_form", media_may_be_of_another_form);
    g_test_add_func("/outcome/channels", channels);
    g_test_add_func("/outcome/h245_may_be_missing", h245_may_be_missing);
    g_test_add_func("/outcome/h245_may_break", h245_may_break);
    g_test_add_func("/outcome/h245_may_break_of_a_call_that_goes_on",
                    h245_may_break_of_a_call_that_goes_on);
    g_test_add_func("/outcome/it_is_torn_down_at_the_end", it_is_torn_down_at_the_end);
    g_test_add_func("/outcome/media_may_be_beside_the_capture", media_may_be_beside_the_capture);
    g_test_add_func("/outcome/some_media", some_media);
    g_test_add_func("/outcome/data_needs_no_channel_for_audio", data_needs_no_channel_for_audio);
    g_test_add_func("/outcome/a_request_may_not_be_answered", a_request_may_not_be_answered);
    g_test_add_func("/outcome/octets_may_be_missing", octets_may_be_missing);
    g_test_add_func("/outcome/what_is_missing_may_have_told", what_is_missing_may_have_told);
    g_test_add_func("/outcome/an_address_may_be_translated", an_address_may_be_translated);
    g_test_add_func("/outcome/what_goes_on_has_come_so_far", what_goes_on_has_come_so_far);
    g_test_add_func("/outcome/who_gives_up_at_once", who_gives_up_at_once);
    g_test_add_func("/outcome/findings_are_copied", findings_are_copied);
    return g_test_run();
}
