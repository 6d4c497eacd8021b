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
    const message_t message = {
        .coding = CODING_NATIVE, .event = EVENT_RINGING, .has_call_id = true};
    session_t session = {.number = 1};
    const step_t *step = step_new(&session, SIDE_CALLEE, &message);

    g_assert_cmpint(step->coding, ==, CODING_NATIVE);
    g_assert_cmpint(step->event, ==, EVENT_RINGING);
    g_assert_cmpint(step->sender, ==, SIDE_CALLEE);
    g_assert_null(step_exchange(step));
    g_assert_cmpuint(step_turn(step).number, ==, 0);
    g_assert_true(step->names_call);
    g_assert_true(step->session == &session);
    g_assert_cmphex(step->findings, ==, 0);
    g_assert_null(step->known->names[SIDE_CALLER]);
    step = step_new(NULL, SIDE_CALLER, &(message_t){.malformed = true});
    g_assert_cmphex(step->findings, ==, FINDING_BIT(FINDING_MALFORMED));
    g_assert_false(step->names_call);
    step =
        step_new(NULL, SIDE_CALLER, &(message_t){.coding = CODING_OPAQUE, .turn = {.number = 3}});
    g_assert_cmpuint(step_turn(step).number, ==, 3);
    g_assert_null(step_exchange(step));
}

/* A packet of the frame, on its way between two ports. */
static packet_info
packet(uint32_t frame, uint32_t port)
{
    return (packet_info){
        .num = frame, .pool = wmem_file_scope(), .srcport = port, .destport = 1731};
}

static step_t *
kept_at(uint32_t frame, uint32_t port, where_t where)
{
    static session_t session = {.number = 1};
    const packet_info pinfo = packet(frame, port);
    step_t *step = step_new(&session, SIDE_CALLER, &(message_t){.event = EVENT_OTHER});

    step_keep(&pinfo, &where, step);
    return step;
}

/* Of frames before and behind, of other ends, places and readers, there are others. */
static void
they_are_found_where_they_stood(void)
{
    const where_t control = {.offset = 54, .as = READ_AS_CONTROL};
    const where_t h245 = {.offset = 54, .as = READ_AS_H245};
    const where_t behind = {.offset = 60, .as = READ_AS_CONTROL};
    const where_t reassembled = {.offset = 54, .as = READ_AS_CONTROL, .is_reassembled = true};
    const step_t *first = kept_at(7, 5000, control);
    const step_t *second = kept_at(7, 5000, control);
    const step_t *last = kept_at(7, 5000, behind);
    packet_info pinfo = packet(7, 5000);

    kept_at(9, 5000, control);
    kept_at(9, 5002, h245);
    g_assert_true(step_peek(&pinfo, &control) == first);
    g_assert_true(step_find(&pinfo, &control) == first);
    g_assert_true(step_peek(&pinfo, &control) == second);
    g_assert_true(step_find(&pinfo, &control) == second);
    g_assert_null(step_find(&pinfo, &control));
    g_assert_true(step_find(&pinfo, &behind) == last);
    g_assert_null(step_find(&pinfo, &behind));
    for (uint32_t frame = 6; frame <= 10; frame++) {
        pinfo = packet(frame, 5000);
        g_assert_true((step_peek(&pinfo, &control) != NULL) == (frame == 7 || frame == 9));
        g_assert_null(step_peek(&pinfo, &h245));
        g_assert_null(step_peek(&pinfo, &reassembled));
        pinfo = packet(frame, 5002);
        g_assert_true((step_peek(&pinfo, &h245) != NULL) == (frame == 9));
        g_assert_null(step_peek(&pinfo, &control));
    }
}

/* Without the session of what is no call yet. */
static void
they_are_kept_of_calls(void)
{
    session_t session = {.number = 0};
    const packet_info pinfo = packet(11, 5000);
    const where_t where = {.offset = 54, .as = READ_AS_CONTROL};
    step_t *step = step_new(&session, SIDE_CALLER, &(message_t){.event = EVENT_OTHER});

    step_keep(&pinfo, &where, step);
    g_assert_null(step->session);
    g_assert_nonnull(kept_at(12, 5000, where)->session);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    steps_begin_file();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/steps/ends_are_kept", ends_are_kept);
    g_test_add_func("/steps/findings_are_evidence", findings_are_evidence);
    g_test_add_func("/steps/of_no_call", of_no_call);
    g_test_add_func("/steps/what_a_message_begins_with", what_a_message_begins_with);
    g_test_add_func("/steps/they_are_found_where_they_stood", they_are_found_where_they_stood);
    g_test_add_func("/steps/they_are_kept_of_calls", they_are_kept_of_calls);
    return g_test_run();
}
