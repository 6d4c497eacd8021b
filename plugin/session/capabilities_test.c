/* capabilities_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/capabilities.h"

#define MOST 64

static session_t *
new_session(void)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->evidence.scope = wmem_file_scope();
    return session;
}

static step_t
learn(session_t *session, side_t sender, uint32_t frame, message_t message)
{
    const packet_info pinfo = {.num = frame};
    step_t step = {.session = session, .sender = sender};

    capabilities_learn(&step, &pinfo, &message);
    return step;
}

/* The names of codecs, up to a NULL. */
static wmem_array_t *
codecs(const char *const *names)
{
    wmem_array_t *array = wmem_array_new(wmem_file_scope(), sizeof(const char *));

    for (; *names; names++)
        wmem_array_append(array, names, 1);
    return array;
}

#define CODECS(...) codecs((const char *const[]){__VA_ARGS__, NULL})

static step_t
can(session_t *session, side_t sender, uint32_t frame, wmem_array_t *audio)
{
    return learn(session, sender, frame, (message_t){.audio_codecs = audio});
}

static bool
has_no_common(const step_t *step)
{
    return step->findings & FINDING_BIT(FINDING_NO_COMMON_CODEC);
}

static void
both_have_to_say(void)
{
    session_t *session = new_session();
    step_t step = can(session, SIDE_CALLER, 3, CODECS("g711Ulaw64k"));

    g_assert_false(has_no_common(&step));
    g_assert_false(capabilities_are_known(session));
    step = can(session, SIDE_CALLEE, 4, CODECS(NULL));
    g_assert_false(has_no_common(&step));
    g_assert_false(capabilities_are_known(session));
    step = can(session, SIDE_CALLEE, 5, CODECS("g728"));
    g_assert_true(has_no_common(&step));
    g_assert_true(capabilities_are_known(session));
}

static void
what_is_said_first_is_kept(void)
{
    session_t *session = new_session();
    const evidence_t *evidence;
    step_t step;

    can(session, SIDE_CALLEE, 3, CODECS("g728", "g728"));
    can(session, SIDE_CALLEE, 4, CODECS("g729"));
    step = can(session, SIDE_CALLER, 5, CODECS("g711Ulaw64k", "g7231"));
    g_assert_true(has_no_common(&step));
    evidence = evidence_find(&session->evidence, FINDING_NO_COMMON_CODEC, SIDE_COUNT);
    g_assert_nonnull(evidence);
    g_assert_cmpuint(evidence->frames[0], ==, 3);
    g_assert_cmpuint(evidence->frames[1], ==, 5);
    g_assert_cmpuint(evidence->count, ==, 2);
    g_assert_cmpstr(evidence->seen, ==,
                    "the caller can do G.711 mu-law, G.723.1, the callee G.728, G.729, and they "
                    "have none in common");
}

static void
expect_shared(wmem_array_t *caller, wmem_array_t *callee, bool is_shared)
{
    session_t *session = new_session();
    step_t step;

    can(session, SIDE_CALLER, 3, caller);
    step = can(session, SIDE_CALLEE, 4, callee);
    g_assert_cmpint(has_no_common(&step), ==, !is_shared);
}

static void
what_is_shared(void)
{
    expect_shared(CODECS("g728", "g7231"), CODECS("g729", "g7231"), true);
    expect_shared(CODECS("g728"), CODECS("g729"), false);
    /* rates and annexes do not matter */
    expect_shared(CODECS("g711Ulaw64k"), CODECS("g711Ulaw56k"), true);
    expect_shared(CODECS("g729AnnexA"), CODECS("g729"), true);
    expect_shared(CODECS("g711Ulaw64k"), CODECS("g711Alaw64k"), false);
    /* what has no name may be anything */
    expect_shared(CODECS("nonStandard"), CODECS("g729"), true);
    expect_shared(CODECS("g728", "genericAudioCapability"), CODECS("g729"), true);
    expect_shared(CODECS("g728"), CODECS("g729", "nonStandard"), true);
    expect_shared(CODECS("g728"), CODECS("genericAudioCapability"), true);
}

/* What is said again takes no place. */
static void
it_may_be_said_again(void)
{
    session_t *session = new_session();

    for (unsigned i = 0; i < MOST; i++)
        can(session, SIDE_CALLER, 3, CODECS("g728"));
    can(session, SIDE_CALLER, 4, CODECS("g729"));
    can(session, SIDE_CALLEE, 5, CODECS("g729"));
    g_assert_false(evidence_has(&session->evidence, FINDING_NO_COMMON_CODEC));
}

/* So many are kept of an end that adds to its set again and again. */
static void
there_is_a_limit(void)
{
    session_t *session = new_session();
    char *names[MOST + 1];

    for (unsigned i = 0; i <= MOST; i++) {
        names[i] = wmem_strdup_printf(wmem_file_scope(), "codec%u", i);
        can(session, SIDE_CALLER, 3 + i, CODECS(names[i]));
    }
    can(session, SIDE_CALLEE, 100, CODECS(names[MOST]));
    g_assert_true(evidence_has(&session->evidence, FINDING_NO_COMMON_CODEC));
    session = new_session();
    for (unsigned i = 0; i <= MOST; i++)
        can(session, SIDE_CALLER, 3 + i, CODECS(names[i]));
    can(session, SIDE_CALLEE, 100, CODECS(names[MOST - 1]));
    g_assert_false(evidence_has(&session->evidence, FINDING_NO_COMMON_CODEC));
}

static void
expect_rejected(side_t by, message_t message, const char *seen)
{
    session_t *session = new_session();
    step_t step = learn(session, by, 3, message);
    const evidence_t *evidence = evidence_find(&session->evidence, FINDING_CHANNEL_REJECTED, by);

    g_assert_cmpuint(step.findings, ==, seen ? FINDING_BIT(FINDING_CHANNEL_REJECTED) : 0);
    g_assert_cmpstr(evidence ? evidence->seen : NULL, ==, seen);
}

static void
rejections(void)
{
    expect_rejected(SIDE_CALLER, (message_t){.rejected = REJECTED_NOTHING}, NULL);
    expect_rejected(SIDE_CALLER, (message_t){.rejected = REJECTED_CHANNEL},
                    "the caller rejected a channel that the other end wanted to open");
    expect_rejected(
        SIDE_CALLEE,
        (message_t){.rejected = REJECTED_CAPABILITIES, .rejected_for = "undefinedTableEntryUsed"},
        "the callee rejected the other end's capability set: undefinedTableEntryUsed");
    expect_rejected(SIDE_CALLER, (message_t){.rejected = REJECTED_DETERMINATION},
                    "the caller rejected who is to be master and who slave");
}

static void
opens(session_t *session, content_t content)
{
    const opened_channel_t opened = {.content = content};
    wmem_array_t *array = wmem_array_new(wmem_file_scope(), sizeof opened);

    wmem_array_append(array, &opened, 1);
    learn(session, SIDE_CALLER, 3, (message_t){.opened = array});
}

static void
audio_is_opened(void)
{
    session_t *session = new_session();

    learn(session, SIDE_CALLER, 3, (message_t){.length = 1});
    opens(session, CONTENT_VIDEO);
    opens(session, CONTENT_UNKNOWN);
    g_assert_false(session->audio_opened);
    opens(session, CONTENT_AUDIO);
    g_assert_true(session->audio_opened);
    opens(session, CONTENT_VIDEO);
    g_assert_true(session->audio_opened);
}

static void
the_course_of_h245(void)
{
    session_t *session = new_session();

    learn(session, SIDE_CALLER, 3, (message_t){.length = 1});
    learn(session, SIDE_CALLEE, 3, (message_t){.length = 1});
    g_assert_cmpuint(session->h245.announced, ==, 0);
    g_assert_false(session->h245.is_carried);
    g_assert_false(session->h245.is_ended);
    learn(session, SIDE_CALLER, 4, (message_t){.has_h245_address = true});
    learn(session, SIDE_CALLER, 5, (message_t){.has_h245_address = true});
    g_assert_cmpuint(session->h245.announced, ==, 4);
    learn(session, SIDE_CALLER, 6, (message_t){.carries_h245 = true});
    learn(session, SIDE_CALLER, 7, (message_t){.ends_h245 = true});
    learn(session, SIDE_CALLER, 8, (message_t){.has_fast_start = true});
    g_assert_true(session->h245.is_carried);
    g_assert_true(session->h245.is_ended);
    g_assert_false(session->fast_started);
    learn(session, SIDE_CALLEE, 9, (message_t){.has_fast_start = true});
    learn(session, SIDE_CALLEE, 10, (message_t){.length = 1});
    g_assert_true(session->fast_started);
    g_assert_true(session->h245.is_carried);
    g_assert_true(session->h245.is_ended);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capabilities/both_have_to_say", both_have_to_say);
    g_test_add_func("/capabilities/what_is_said_first_is_kept", what_is_said_first_is_kept);
    g_test_add_func("/capabilities/what_is_shared", what_is_shared);
    g_test_add_func("/capabilities/it_may_be_said_again", it_may_be_said_again);
    g_test_add_func("/capabilities/there_is_a_limit", there_is_a_limit);
    g_test_add_func("/capabilities/rejections", rejections);
    g_test_add_func("/capabilities/audio_is_opened", audio_is_opened);
    g_test_add_func("/capabilities/the_course_of_h245", the_course_of_h245);
    return g_test_run();
}
