/* session_test.c
 * Which call a message belongs to, and which begins one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/session.h"

#include "common/hosts_test.h"
#include "session/names.h"

#define PORT_OF(end) ((end) == 0 ? 5000 : 1720)

static uint32_t frame;

/* A connection that the first host has opened to the second. */
static connection_t
opened(void)
{
    connection_t connection = {
        .opening_seen = true, .first_addr = host(0), .first_port = PORT_OF(0)};

    return connection;
}

/* From one end of a connection to the other. */
static packet_info
from_end(unsigned end)
{
    frame++;
    return (packet_info){.num = frame,
                         .abs_ts = {.secs = frame},
                         .src = host(end),
                         .dst = host(!end),
                         .srcport = PORT_OF(end),
                         .destport = PORT_OF(!end)};
}

static step_t *
say(connection_t *connection, unsigned end, message_t message)
{
    const packet_info pinfo = from_end(end);

    message.in_call = true;
    message.reason = NO_REASON;
    return session_control(connection, &pinfo, &message);
}

/* Of H.225.0, with a reference that the caller has chosen. */
static message_t
of_call(uint16_t reference, event_t event, bool from_caller)
{
    return (message_t){.coding = CODING_H225,
                       .event = event,
                       .has_call_reference = true,
                       .call_reference = reference,
                       .from_originator = from_caller};
}

static message_t
identified(message_t message, uint32_t id)
{
    message.has_call_id = true;
    message.call_id.data1 = id;
    return message;
}

static bool
is_midcall(const step_t *step)
{
    return step->findings & FINDING_BIT(FINDING_MIDCALL);
}

static void
expect_party(const session_t *session, side_t side, unsigned end)
{
    const address expected = host(end);

    g_assert_true(addresses_equal(&session->parties[side].addr, &expected));
    g_assert_cmpuint(session->parties[side].port, ==, PORT_OF(end));
}

static void
a_request_begins_a_call(void)
{
    connection_t connection = opened();
    const step_t *step = say(&connection, 0, of_call(1, EVENT_REQUEST, true));
    const session_t *session = step->session;

    g_assert_nonnull(session);
    g_assert_true(session->begun);
    g_assert_cmpint(step->sender, ==, SIDE_CALLER);
    g_assert_false(is_midcall(step));
    expect_party(session, SIDE_CALLER, 0);
    expect_party(session, SIDE_CALLEE, 1);
    g_assert_false(session->carried[OVER_CONTROL].is_turned);
    step = say(&connection, 1, of_call(1, EVENT_ACCEPT, false));
    g_assert_true(step->session == session);
    g_assert_cmpint(step->sender, ==, SIDE_CALLEE);
    g_assert_cmpuint(session->answer.frame, ==, frame);
    g_assert_true(connection.latest == session);
}

/* Whoever opened the connection may be called over it. */
static void
the_callee_may_have_opened_it(void)
{
    connection_t connection = opened();
    const step_t *step = say(&connection, 1, of_call(1, EVENT_REQUEST, true));

    g_assert_true(step->session->carried[OVER_CONTROL].is_turned);
    expect_party(step->session, SIDE_CALLER, 1);
    expect_party(step->session, SIDE_CALLEE, 0);
}

static void
references_tell_calls_apart(void)
{
    connection_t connection = opened();
    const session_t *first = say(&connection, 0, of_call(1, EVENT_REQUEST, true))->session;
    const session_t *second = say(&connection, 0, of_call(2, EVENT_REQUEST, true))->session;
    const session_t *third = say(&connection, 1, of_call(1, EVENT_REQUEST, true))->session;

    g_assert_true(first != second && first != third && second != third);
    g_assert_true(say(&connection, 1, of_call(1, EVENT_RINGING, false))->session == first);
    g_assert_true(say(&connection, 0, of_call(1, EVENT_RINGING, false))->session == third);
    g_assert_true(say(&connection, 1, of_call(2, EVENT_RINGING, false))->session == second);
}

static void
a_reference_is_used_again(void)
{
    connection_t connection = opened();
    const step_t *step = say(&connection, 0, identified(of_call(1, EVENT_REQUEST, true), 0x11));
    const session_t *first = step->session;
    const session_t *second;

    step = say(&connection, 0, identified(of_call(1, EVENT_REQUEST, true), 0x11));
    g_assert_true(step->session == first);
    g_assert_cmphex(step->findings, ==, FINDING_BIT(FINDING_DUPLICATE));
    step = say(&connection, 0, identified(of_call(1, EVENT_REQUEST, true), 0x12));
    second = step->session;
    g_assert_true(second != first);
    say(&connection, 1, of_call(1, EVENT_RELEASE, false));
    step = say(&connection, 1, of_call(1, EVENT_RINGING, false));
    g_assert_true(step->session == second);
    step = say(&connection, 0, of_call(1, EVENT_REQUEST, true));
    g_assert_true(step->session != second);
    g_assert_cmphex(step->findings, ==, 0);
}

/* The rest of a call whose request was not captured; its end is not known when the next begins. */
static void
a_request_is_no_part_of_a_call_without(void)
{
    connection_t connection = opened();
    const session_t *rest = say(&connection, 1, of_call(1, EVENT_ACCEPT, false))->session;
    const step_t *step = say(&connection, 0, of_call(1, EVENT_REQUEST, true));

    g_assert_false(rest->begun);
    g_assert_true(step->session != rest);
    g_assert_true(step->session->begun);
    g_assert_cmphex(step->findings, ==, 0);
}

/* What begins otherwise is the middle of a call, if it is not the connection's first message. */
static void
the_capture_may_begin_in_a_call(void)
{
    connection_t connection = opened();
    connection_t later = opened();

    g_assert_false(is_midcall(say(&connection, 1, of_call(1, EVENT_RINGING, false))));
    expect_party(connection.latest, SIDE_CALLER, 0);
    expect_party(connection.latest, SIDE_CALLEE, 1);
    g_assert_true(is_midcall(say(&connection, 1, of_call(2, EVENT_RINGING, false))));
    g_assert_false(is_midcall(say(&connection, 1, of_call(2, EVENT_ACCEPT, false))));
    g_assert_false(is_midcall(say(&connection, 0, of_call(3, EVENT_REQUEST, true))));
    later.opening_seen = false;
    g_assert_true(is_midcall(say(&later, 1, of_call(1, EVENT_RINGING, false))));
    later = opened();
    g_assert_true(
        is_midcall(say(&later, 1, (message_t){.coding = CODING_NATIVE, .event = EVENT_RINGING})));
}

static void
what_is_seen_again_is_a_duplicate(void)
{
    connection_t connection = opened();
    message_t message = of_call(1, EVENT_RINGING, false);
    step_t *first;
    step_t *second;

    say(&connection, 0, of_call(1, EVENT_REQUEST, true));
    message.has_sequence = true;
    message.sequence = 100;
    first = say(&connection, 1, message);
    second = say(&connection, 1, message);
    g_assert_true(first != second);
    g_assert_cmphex(first->findings, ==, 0);
    g_assert_cmphex(second->findings, ==, FINDING_BIT(FINDING_DUPLICATE));
    g_assert_cmpuint(connection.messages, ==, 2);
    message.sequence = 101;
    g_assert_cmphex(say(&connection, 1, message)->findings, ==, 0);
    /* The numbers of the other end are its own. */
    message.sequence = 100;
    message.from_originator = true;
    g_assert_cmphex(say(&connection, 0, message)->findings, ==, 0);
}

static void
without_references_the_sender_tells(void)
{
    connection_t connection = opened();
    message_t message = {.coding = CODING_NATIVE, .event = EVENT_REQUEST, .from_originator = true};
    const session_t *session;

    g_assert_null(
        say(&connection, 0, (message_t){.coding = CODING_NATIVE, .event = EVENT_OTHER})->session);
    session = say(&connection, 0, message)->session;
    message.event = EVENT_OTHER;
    message.from_originator = false;
    g_assert_true(say(&connection, 0, message)->session == session);
    g_assert_cmpint(say(&connection, 0, message)->sender, ==, SIDE_CALLER);
    g_assert_cmpint(say(&connection, 1, message)->sender, ==, SIDE_CALLEE);
}

static void
what_is_of_no_call_has_none(void)
{
    connection_t connection = opened();
    const packet_info pinfo = from_end(0);
    const message_t message = of_call(1, EVENT_REQUEST, true);

    g_assert_null(session_control(&connection, &pinfo, &message)->session);
    g_assert_cmpuint(connection.messages, ==, 0);
}

/* The rest of a message that could not be read is of the call that goes on behind it. */
static void
unread_bytes_go_to_the_call_behind(void)
{
    const message_t unread = {.coding = CODING_OPAQUE, .event = EVENT_OTHER};
    connection_t connection = opened();
    const session_t *session = say(&connection, 0, unread)->session;

    g_assert_nonnull(session);
    g_assert_true(say(&connection, 0, unread)->session == session);
    g_assert_true(say(&connection, 1, of_call(1, EVENT_RINGING, false))->session == session);
    g_assert_cmpint(session->coding, ==, CODING_H225);
    g_assert_true(say(&connection, 0, of_call(2, EVENT_REQUEST, true))->session != session);
    g_assert_true(say(&connection, 0, unread)->session != session);
}

/* A call that a gatekeeper was asked to admit, and that may be over since. */
static session_t *
admitted(uint32_t id, bool is_over)
{
    const packet_info pinfo = from_end(0);
    const message_t message = identified((message_t){.coding = CODING_RAS}, id);
    session_t *session = session_new(&pinfo, &message);

    session->coding = CODING_RAS;
    names_place_party(&session->parties[SIDE_CALLER], &pinfo.src, pinfo.srcport);
    names_learn_identifiers(session, &message);
    names_keep(session, &message);
    if (is_over)
        session->release.frame = frame;
    return session;
}

static void
a_call_may_have_been_admitted(void)
{
    connection_t connection = opened();
    session_t *session = admitted(0x21, false);
    const step_t *step = say(&connection, 0, identified(of_call(1, EVENT_REQUEST, true), 0x21));

    g_assert_true(step->session == session);
    g_assert_cmpint(session->coding, ==, CODING_H225);
    session = admitted(0x22, true);
    step = say(&connection, 0, identified(of_call(2, EVENT_REQUEST, true), 0x22));
    g_assert_true(step->session != session);
    g_assert_cmpint(session->coding, ==, CODING_RAS);
}

/* ITU-T H.460.18: the callee says which call it waits for, and gets it under another reference. */
static void
a_call_may_be_waited_for(void)
{
    connection_t connection = opened();
    const session_t *waiting =
        say(&connection, 0, identified(of_call(9, EVENT_OTHER, true), 0x31))->session;
    const step_t *step = say(&connection, 1, identified(of_call(1, EVENT_REQUEST, true), 0x31));

    g_assert_true(step->session == waiting);
    expect_party(waiting, SIDE_CALLER, 1);
    expect_party(waiting, SIDE_CALLEE, 0);
    g_assert_true(say(&connection, 0, of_call(1, EVENT_ACCEPT, false))->session == waiting);
    /* What is answered is waited for no more. */
    step = say(&connection, 1, identified(of_call(2, EVENT_REQUEST, true), 0x31));
    g_assert_true(step->session != waiting);
}

/* ITU-T H.323 annex R: over a connection in place of one that was lost. */
static void
a_call_may_go_on_elsewhere(void)
{
    captured_t captured = {0};
    connection_t connection = opened();
    connection_t another = opened();
    const session_t *session =
        say(&connection, 0, identified(of_call(1, EVENT_REQUEST, true), 0x41))->session;
    const step_t *step;

    another.captured = &captured;
    step = say(&another, 1, identified(of_call(1, EVENT_ACCEPT, false), 0x41));
    g_assert_true(step->session == session);
    g_assert_true(session->carried[OVER_CONTROL].captured == &captured);
    g_assert_false(session->carried[OVER_CONTROL].is_turned);
    g_assert_null(session->carried[OVER_H245].captured);
    g_assert_false(is_midcall(step));
    step = say(&another, 0, identified(of_call(2, EVENT_REQUEST, true), 0x41));
    g_assert_true(step->session != session);
}

/* Most of H.245 does nothing to the call: of each side it is one step, as long as nothing changes.
 */
static void
quiet_messages_are_one_step(void)
{
    connection_t connection = opened();
    session_t *session = say(&connection, 0, of_call(1, EVENT_REQUEST, true))->session;
    const packet_info pinfo = from_end(0);
    const message_t nothing = {.coding = CODING_H225, .event = EVENT_OTHER};
    const step_t *step = session_h245(session, SIDE_CALLER, &pinfo, &nothing);
    const step_t *other = session_h245(session, SIDE_CALLEE, &pinfo, &nothing);

    g_assert_true(step != other);
    g_assert_true(session_h245(session, SIDE_CALLER, &pinfo, &nothing) == step);
    g_assert_true(session_h245(session, SIDE_CALLEE, &pinfo, &nothing) == other);
    say(&connection, 1, of_call(1, EVENT_ACCEPT, false));
    g_assert_true(session_h245(session, SIDE_CALLER, &pinfo, &nothing) != step);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    session_register();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/a_request_begins_a_call", a_request_begins_a_call);
    g_test_add_func("/session/the_callee_may_have_opened_it", the_callee_may_have_opened_it);
    g_test_add_func("/session/references_tell_calls_apart", references_tell_calls_apart);
    g_test_add_func("/session/a_reference_is_used_again", a_reference_is_used_again);
    g_test_add_func("/session/a_request_is_no_part_of_a_call_without",
                    a_request_is_no_part_of_a_call_without);
    g_test_add_func("/session/the_capture_may_begin_in_a_call", the_capture_may_begin_in_a_call);
    g_test_add_func("/session/what_is_seen_again_is_a_duplicate",
                    what_is_seen_again_is_a_duplicate);
    g_test_add_func("/session/without_references_the_sender_tells",
                    without_references_the_sender_tells);
    g_test_add_func("/session/what_is_of_no_call_has_none", what_is_of_no_call_has_none);
    g_test_add_func("/session/unread_bytes_go_to_the_call_behind",
                    unread_bytes_go_to_the_call_behind);
    g_test_add_func("/session/a_call_may_have_been_admitted", a_call_may_have_been_admitted);
    g_test_add_func("/session/a_call_may_be_waited_for", a_call_may_be_waited_for);
    g_test_add_func("/session/a_call_may_go_on_elsewhere", a_call_may_go_on_elsewhere);
    g_test_add_func("/session/quiet_messages_are_one_step", quiet_messages_are_one_step);
    return g_test_run();
}
