/* outcome_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/outcome.h"

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

static void
outcomes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        session_t session = {.may_be_early = cases[i].begun_in_capture,
                             .released_by_caller = cases[i].by_caller};
        message_t message = {.has_cause = cases[i].cause >= 0,
                             .cause = (uint8_t)MAX(cases[i].cause, 0),
                             .reason = cases[i].reason};

        session.answer.frame = cases[i].answered ? 3 : 0;
        session.ringing.frame = cases[i].rang_seconds >= 0 ? 2 : 0;
        session.ringing.at.secs = 1000;
        session.release.frame = 4;
        session.release.at.secs = 1000 + MAX(cases[i].rang_seconds, 0);
        g_test_message("%s", cases[i].name);
        g_assert_cmpint(outcome_of(&session, &message), ==, cases[i].outcome);
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
                         .media_to = {[CONTENT_AUDIO] = {true, false}},
                         .talk_to = {[CONTENT_AUDIO] = {true, false}}};

    expect_at_end(&session, 0);
    session.answer.frame = 5;
    expect_at_end(&session, FINDING_BIT(FINDING_ONE_WAY_MEDIA));
    session.talk_to[CONTENT_AUDIO][SIDE_CALLEE] = true;
    expect_at_end(&session, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outcome/outcomes", outcomes);
    g_test_add_func("/outcome/one_way", one_way_is_found_only_of_answered_calls);
    return g_test_run();
}
