/* steps_test.c
 * What a message did, as it was then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/steps.h"

static step_t
conclude(session_t *session, uint32_t findings)
{
    const packet_info pinfo = {.num = 7};
    step_t step = {.session = session, .findings = findings};

    step_conclude(&step, &pinfo);
    return step;
}

/* The same ends are kept once; each change of them is kept for itself. */
static void
ends_are_kept(void)
{
    session_t session = {.state = STATE_RINGING};
    step_t first = conclude(&session, 0);
    step_t second = conclude(&session, 0);

    g_assert_cmpint(first.state, ==, STATE_RINGING);
    g_assert_true(second.known == first.known);
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        session.parties[side].name = "name";
        second = conclude(&session, 0);
        g_assert_true(second.known != first.known);
        g_assert_cmpstr(second.known->names[side], ==, "name");
        g_assert_null(first.known->names[side]);
        first = second;
        session.parties[side].product = "product";
        second = conclude(&session, 0);
        g_assert_true(second.known != first.known);
        g_assert_cmpstr(second.known->products[side], ==, "product");
        first = second;
    }
    session.netmeeting = true;
    second = conclude(&session, 0);
    g_assert_true(second.known->netmeeting);
    g_assert_false(first.known->netmeeting);
    first = second;
    second = conclude(&session, 0);
    g_assert_true(second.known == first.known);
}

static void
findings_are_evidence(void)
{
    session_t session = {.evidence = {.scope = wmem_file_scope()}};

    evidence_add(&session.evidence, FINDING_CHANNEL_REJECTED, SIDE_CALLEE, 7, "seen");
    conclude(&session, FINDING_BIT(FINDING_FOREIGN) | FINDING_BIT(FINDING_CHANNEL_REJECTED) |
                           FINDING_BIT(FINDING_MALFORMED));
    g_assert_cmphex(evidence_bits(&session.evidence), ==,
                    FINDING_BIT(FINDING_FOREIGN) | FINDING_BIT(FINDING_CHANNEL_REJECTED) |
                        FINDING_BIT(FINDING_MALFORMED));
    g_assert_null(evidence_find(&session.evidence, FINDING_CHANNEL_REJECTED, SIDE_COUNT));
    g_assert_cmpuint(evidence_find(&session.evidence, FINDING_MALFORMED, SIDE_COUNT)->frames[0], ==,
                     7);
}

static void
of_no_call(void)
{
    step_t step = conclude(NULL, FINDING_BIT(FINDING_MALFORMED));

    g_assert_null(step.known);
    g_assert_cmpint(step.state, ==, STATE_NOT_TOLD);
}

static void
what_a_message_begins_with(void)
{
    const message_t message = {.coding = CODING_NATIVE,
                               .event = EVENT_RINGING,
                               .has_call_id = true,
                               .turn = {.number = 3}};
    session_t session = {.number = 1};
    const step_t *step = step_new(&session, SIDE_CALLEE, &message);

    g_assert_cmpint(step->coding, ==, CODING_NATIVE);
    g_assert_cmpint(step->event, ==, EVENT_RINGING);
    g_assert_cmpint(step->sender, ==, SIDE_CALLEE);
    g_assert_cmpuint(step->turn.number, ==, 3);
    g_assert_true(step->names_call);
    g_assert_true(step->session == &session);
    g_assert_cmphex(step->findings, ==, 0);
    g_assert_null(step->known->names[SIDE_CALLER]);
    step = step_new(NULL, SIDE_CALLER, &(message_t){.malformed = true});
    g_assert_cmphex(step->findings, ==, FINDING_BIT(FINDING_MALFORMED));
    g_assert_false(step->names_call);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/steps/ends_are_kept", ends_are_kept);
    g_test_add_func("/steps/findings_are_evidence", findings_are_evidence);
    g_test_add_func("/steps/of_no_call", of_no_call);
    g_test_add_func("/steps/what_a_message_begins_with", what_a_message_begins_with);
    return g_test_run();
}
