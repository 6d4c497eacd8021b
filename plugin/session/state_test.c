/* state_test.c
 * The call's course: the table, and that docs/PROTOCOL.md has the same one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/state.h"

/* How the document words a move. */
static const char *const words[] = {
    [STAYS] = "",       [PROCEEDS] = "proceeding", [RINGS] = "ringing", [IS_ANSWERED] = "answered",
    [AGREES] = "media", [ENDS] = "ends",
};

static char *
row_of(state_t state)
{
    GString *row = g_string_new("| ");

    g_string_append(row, vocabulary_word_or(state, state_vals, "?"));
    g_string_append(row, " |");
    for (event_t event = EVENT_REQUEST; event < EVENT_COUNT; event++) {
        const char *word = words[state_move(state, event)];

        g_string_append_printf(row, " %s%s|", word, *word ? " " : "");
    }
    return g_string_free(row, FALSE);
}

static void
document_has_the_table(void)
{
    char *document = NULL;

    g_assert_true(g_file_get_contents(MSICCP_DOCS "/PROTOCOL.md", &document, NULL, NULL));
    for (state_t state = STATE_REQUESTED; state < STATE_COUNT; state++) {
        char *row = row_of(state);

        if (!strstr(document, row))
            g_error("docs/PROTOCOL.md has not the row %s", row);
        g_free(row);
    }
    g_free(document);
}

static void
ended_calls_stay(void)
{
    for (event_t event = EVENT_REQUEST; event < EVENT_COUNT; event++) {
        g_assert_cmpint(state_move(STATE_RELEASED, event), ==, STAYS);
        g_assert_cmpint(state_move(STATE_REJECTED, event), ==, STAYS);
        g_assert_cmpint(state_move(STATE_ABANDONED, event), ==, STAYS);
    }
}

static void
answered_calls_do_not_ring(void)
{
    g_assert_cmpint(state_move(STATE_ANSWERED, EVENT_RINGING), ==, STAYS);
    g_assert_cmpint(state_move(STATE_MEDIA, EVENT_PROCEEDING), ==, STAYS);
    g_assert_cmpint(state_move(STATE_MEDIA, EVENT_ACCEPT), ==, STAYS);
}

static void
ends_by_who_ends_it(void)
{
    session_t session = {.may_be_early = true, .released_by_caller = true};

    g_assert_cmpint(call_state_at_end(&session), ==, STATE_ABANDONED);
    session.released_by_caller = false;
    g_assert_cmpint(call_state_at_end(&session), ==, STATE_REJECTED);
    session.answer.frame = 7;
    g_assert_cmpint(call_state_at_end(&session), ==, STATE_RELEASED);
    session.answer.frame = 0;
    session.may_be_early = false;
    g_assert_cmpint(call_state_at_end(&session), ==, STATE_RELEASED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/state/document_has_the_table", document_has_the_table);
    g_test_add_func("/state/ended_calls_stay", ended_calls_stay);
    g_test_add_func("/state/answered_calls_do_not_ring", answered_calls_do_not_ring);
    g_test_add_func("/state/ends_by_who_ends_it", ends_by_who_ends_it);
    return g_test_run();
}
