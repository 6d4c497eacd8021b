/* explain_test.c
 * The sentences that need no address: whose host is not known is "The caller" or "The callee".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/explain.h"

#include "session/reasons.h"
#include "session/streams.h"

#define NO_CAUSE (-1)

static wmem_allocator_t *scope;

static void
expect_begins(char *text, const char *beginning)
{
    g_test_message("%s", text);
    g_assert_cmpint(strncmp(text, beginning, strlen(beginning)), ==, 0);
    g_free(text);
}

static void
expect(char *text, const char *whole)
{
    g_assert_cmpstr(text, ==, whole);
    g_free(text);
}

/* What the two notice */

static const struct {
    verdict_t verdict;
    finding_t finding;
    side_t about;
    const char *beginning;
} effects[] = {
    {VERDICT_NO_AUDIO, FINDING_H245_REFUSED, SIDE_COUNT, "No audio either way: seen. "},
    {VERDICT_NO_AUDIO, FINDING_ONE_WAY_MEDIA, SIDE_COUNT, "Seen. "},
    {VERDICT_NO_AUDIO, FINDING_MEDIA_UNREACHABLE, SIDE_CALLER, "No audio to the caller: seen. "},
    {VERDICT_NO_AUDIO, FINDING_NO_CHANNEL, SIDE_CALLEE, "No audio to the callee: seen. "},
    {VERDICT_NO_AUDIO_TO_CALLER, FINDING_H245_REFUSED, SIDE_COUNT,
     "No audio to the caller: seen. "},
    {VERDICT_NO_AUDIO_TO_CALLEE, FINDING_H245_REFUSED, SIDE_COUNT,
     "No audio to the callee: seen. "},
    {VERDICT_NO_AUDIO_TO_CALLER, FINDING_NO_CHANNEL, SIDE_CALLER, "No audio to the caller: seen. "},
    {VERDICT_NO_AUDIO_TO_CALLER, FINDING_NO_CHANNEL, SIDE_CALLEE, "Seen. "},
    {VERDICT_NO_AUDIO_TO_CALLEE, FINDING_MEDIA_UNREACHABLE, SIDE_CALLEE,
     "No audio to the callee: seen. "},
    {VERDICT_NO_AUDIO_TO_CALLEE, FINDING_MEDIA_UNREACHABLE, SIDE_CALLER, "Seen. "},
    {VERDICT_NO_AUDIO_TO_CALLER, FINDING_RESTARTED, SIDE_CALLER, "Seen. "},
    {VERDICT_POOR, FINDING_LOSSY_MEDIA, SIDE_CALLER, "Poor audio: seen. "},
    {VERDICT_NOT_CONNECTED, FINDING_CONTROL_REFUSED, SIDE_COUNT, "Not connected: seen. "},
    {VERDICT_GOOD, FINDING_LOSSY_MEDIA, SIDE_CALLER, "Seen. "},
};

static void
the_effect_comes_first(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(effects); i++) {
        const evidence_t evidence = {
            .finding = effects[i].finding, .about = effects[i].about, .seen = "Seen"};

        expect_begins(explain(effects[i].verdict, &evidence), effects[i].beginning);
    }
}

static void
what_is_a_name_stays_one(void)
{
    evidence_t evidence = {.finding = FINDING_LOSSY_MEDIA, .seen = "RTP was lost"};

    expect_begins(explain(VERDICT_POOR, &evidence), "Poor audio: RTP was lost. ");
    evidence.seen = "A stream";
    expect_begins(explain(VERDICT_POOR, &evidence), "Poor audio: a stream. ");
}

static void
expect_frames(const evidence_t *evidence, const char *frames)
{
    char *text = g_strdup_printf("Poor audio: seen%s. A link", frames);

    expect_begins(explain(VERDICT_POOR, evidence), text);
    g_free(text);
}

static void
frames_are_named(void)
{
    evidence_t evidence = {
        .finding = FINDING_LOSSY_MEDIA, .seen = "Seen", .frames = {3, 4, 5, 6, 7, 8, 9, 10}};

    expect_frames(&evidence, "");
    evidence.count = 1;
    expect_frames(&evidence, " (frame 3)");
    evidence.count = 2;
    expect_frames(&evidence, " (frames 3, 4)");
    evidence.count = EVIDENCE_FRAMES;
    expect_frames(&evidence, " (frames 3, 4, 5, 6, 7, 8, 9, 10)");
    evidence.count = EVIDENCE_FRAMES + 1;
    expect_frames(&evidence, " (frames 3, 4, 5, 6, 7, 8, 9, 10 and 1 more)");
}

/* Calls of which no finding tells */

static session_t
ended(outcome_t outcome, int cause)
{
    return (session_t){.begun = true,
                       .outcome = outcome,
                       .has_cause = cause != NO_CAUSE,
                       .cause = (uint8_t)MAX(cause, 0),
                       .reason = NO_REASON,
                       .asked = {.frame = 2, .at = {.secs = 1000}},
                       .release = {.frame = 9, .at = {.secs = 1012}}};
}

static char *
of_call(const session_t *session, verdict_t verdict)
{
    const judgement_t judgement = {verdict, FINDING_NONE};
    const evidence_list_t none = {.scope = scope};

    return explain_call(session, &judgement, &none);
}

static void
expect_not_connected(const session_t *session, const char *text)
{
    expect(of_call(session, VERDICT_NOT_CONNECTED), text);
}

static void
busy(void)
{
    session_t session = ended(OUTCOME_BUSY, 17);

    expect_not_connected(&session, "The callee is busy and did not take the call (User busy, cause "
                                   "17). It is in another call, or one is still open there.");
    session.reason = REASON_IN_CONF;
    session.has_cause = false;
    expect_begins(of_call(&session, VERDICT_NOT_CONNECTED),
                  "The callee is busy and did not take the call (in");
}

static void
no_answer(void)
{
    session_t session = ended(OUTCOME_NO_ANSWER, NO_CAUSE);

    expect_not_connected(&session, "The callee gave up: nobody took the call.");
    session.released_by_caller = true;
    session.ringing = (moment_t){.frame = 3, .at = {.secs = 1002}};
    expect_not_connected(&session,
                         "The caller gave up after 10 s of ringing: nobody took the call.");
}

static void
cancelled(void)
{
    session_t session = ended(OUTCOME_CANCELLED, 16);

    expect_not_connected(&session, "The caller released the call itself after 12.0 s, before it "
                                   "was answered (Normal call clearing, cause 16).");
}

static void
rejected(void)
{
    forwarding_t forwarding = {.alias = "bert"};
    session_t session = ended(OUTCOME_REJECTED, 21);

    expect_not_connected(&session, "The callee rejected the call (Call rejected, cause 21).");
    session.reason = REASON_UNDEFINED;
    expect_not_connected(&session, "The callee rejected the call (Call rejected, cause 21).");
    session.has_cause = false;
    expect_not_connected(&session, "The callee rejected the call.");
    session.forwarding = &forwarding;
    expect_not_connected(&session,
                         "The callee rejected the call, and named another place to call.");
    session.forwarding = NULL;
    session.released_by_third = true;
    expect_not_connected(&session, "The gatekeeper did not admit the call.");
    session.reason = NO_REASON;
    session.refusal = "calledPartyNotRegistered";
    expect_not_connected(&session,
                         "The gatekeeper did not admit the call (called party not registered).");
    session.has_cause = true;
    expect_not_connected(&session, "The gatekeeper did not admit the call (called party not "
                                   "registered; Call rejected, cause 21).");
}

static void
failed(void)
{
    control_end_t end = {.by = "192.0.2.1"};
    session_t session = ended(OUTCOME_FAILED, 111);

    expect_not_connected(
        &session, "The callee ended the call for an error of protocol (Protocol error, "
                  "unspecified, cause 111). The two programs do not understand one another.");
    session.released_by_caller = true;
    expect_begins(of_call(&session, VERDICT_NOT_CONNECTED),
                  "The caller ended the call for an error");
    session.control_end = &end;
    expect_begins(of_call(&session, VERDICT_NOT_CONNECTED),
                  "192.0.2.1 closed the control connection before");
    end.by_reset = true;
    expect_begins(of_call(&session, VERDICT_NOT_CONNECTED),
                  "192.0.2.1 reset the control connection before");
    end.by = NULL;
    expect_begins(of_call(&session, VERDICT_NOT_CONNECTED),
                  "The control connection went on to another call before");
}

static session_t
not_known(void)
{
    session_t session = ended(OUTCOME_ANSWERED, NO_CAUSE);

    session.coding = CODING_H225;
    session.answer.frame = 5;
    return session;
}

static void
expect_unknown(const session_t *session, const char *beginning)
{
    expect_begins(of_call(session, VERDICT_UNKNOWN), beginning);
}

static void
audio_seen(void)
{
    session_t session = not_known();
    uint8_t *talk_to = session.talk_to;

    expect_unknown(&session, "The capture cannot tell how the call went. No audio was seen. ");
    talk_to[SIDE_CALLER] = CONTENT_BIT(CONTENT_AUDIO);
    expect_unknown(&session, "The capture cannot tell how the call went. Audio was seen to the "
                             "caller only. ");
    talk_to[SIDE_CALLEE] = CONTENT_BIT(CONTENT_AUDIO);
    expect_unknown(&session, "The capture cannot tell how the call went. Audio was seen both "
                             "ways. ");
    talk_to[SIDE_CALLER] = 0;
    expect_unknown(&session, "The capture cannot tell how the call went. Audio was seen to the "
                             "callee only. ");
}

static void
why_it_is_not_known(void)
{
    captured_t captured = {.ends = {{.is_disordered = true}}};
    session_t session = not_known();

    session.begun = false;
    expect_unknown(&session, "The capture begins inside the call. No audio was seen. ");
    session.release.frame = 0;
    expect_unknown(&session, "The capture ends before the call. No audio was seen. ");
    session.answer.frame = 0;
    expect_unknown(&session, "The capture ends before the call. It was not answered until then. ");
    session.coding = CODING_OPAQUE;
    expect_unknown(&session, "The messages do not tell whether the call was answered. No audio");
    session.coding = CODING_NATIVE;
    expect_unknown(&session, "The messages do not tell whether the call was answered. No audio");
    session.carried[OVER_CONTROL].captured = &captured;
    expect_unknown(&session, "Segments with its messages were captured out of order, ");
    session.carried[OVER_CONTROL].is_turned = true;
    expect_unknown(&session, "Segments with its messages were captured out of order, ");
    session.agreed_to[CONTENT_T38][SIDE_CALLER] = true;
    expect_unknown(&session, "The two ends opened channels for fax or data only: ");
}

#define AS_SEEN                                                                                    \
    "Audio went both ways, as seen here. Only receivers' reports, or a capture at the other end "  \
    "too, tell what arrived."

static void
good(void)
{
    watched_stream_t to_callee = {.to = SIDE_CALLEE, .reports = 1};
    watched_stream_t to_caller = {.to = SIDE_CALLER, .reports = 1, .next = &to_callee};
    control_end_t end = {.by = "192.0.2.1"};
    session_t session = not_known();

    session.talk_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_AUDIO);
    session.talk_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    expect(of_call(&session, VERDICT_GOOD), AS_SEEN);
    session.streams = &to_callee;
    expect(of_call(&session, VERDICT_GOOD), AS_SEEN);
    to_caller.next = NULL;
    session.streams = &to_caller;
    expect(of_call(&session, VERDICT_GOOD), AS_SEEN);
    to_caller.next = &to_callee;
    expect(of_call(&session, VERDICT_GOOD), "Audio went both ways, and both receivers report it.");
    session.control_end = &end;
    expect(of_call(&session, VERDICT_GOOD), "Audio went both ways, and both receivers report it.");
    end.by_reset = true;
    expect(of_call(&session, VERDICT_GOOD),
           "Audio went both ways, and both receivers report it. 192.0.2.1 reset the control "
           "connection in the midst of the call.");
}

static void
a_good_call_may_be_silent(void)
{
    const judgement_t judgement = {VERDICT_GOOD, FINDING_NONE};
    const session_t session = not_known();
    evidence_list_t found = {.scope = scope};

    evidence_add(&found, FINDING_SILENT_MEDIA, SIDE_CALLER, 3, "the caller hears silence");
    evidence_add(&found, FINDING_MEDIA_ENDED, SIDE_CALLER, 3, "it ended");
    evidence_add(&found, FINDING_RESTARTED, SIDE_CALLER, 3, "it began anew");
    expect(explain_call(&session, &judgement, &found),
           AS_SEEN " It ended. The caller hears silence.");
}

static void
the_finding_is_told_where_it_decides(void)
{
    const judgement_t judgement = {VERDICT_POOR, FINDING_LOSSY_MEDIA};
    const session_t session = not_known();
    evidence_list_t found = {.scope = scope};

    evidence_add(&found, FINDING_LOSSY_MEDIA, SIDE_CALLER, 3, "some was lost");
    expect_begins(explain_call(&session, &judgement, &found),
                  "Poor audio: some was lost (frame 3). ");
}

int
main(int argc, char **argv)
{
    scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain/the_effect_comes_first", the_effect_comes_first);
    g_test_add_func("/explain/what_is_a_name_stays_one", what_is_a_name_stays_one);
    g_test_add_func("/explain/frames_are_named", frames_are_named);
    g_test_add_func("/explain/busy", busy);
    g_test_add_func("/explain/no_answer", no_answer);
    g_test_add_func("/explain/cancelled", cancelled);
    g_test_add_func("/explain/rejected", rejected);
    g_test_add_func("/explain/failed", failed);
    g_test_add_func("/explain/audio_seen", audio_seen);
    g_test_add_func("/explain/why_it_is_not_known", why_it_is_not_known);
    g_test_add_func("/explain/good", good);
    g_test_add_func("/explain/a_good_call_may_be_silent", a_good_call_may_be_silent);
    g_test_add_func("/explain/the_finding_is_told_where_it_decides",
                    the_finding_is_told_where_it_decides);
    return g_test_run();
}
