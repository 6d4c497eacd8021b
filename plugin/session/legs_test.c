/* legs_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/legs.h"

#include "common/hosts_test.h"

static session_t *
session_between(uint32_t number, unsigned caller, unsigned callee)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->number = number;
    session->parties[SIDE_CALLER].addr = host(caller);
    session->parties[SIDE_CALLEE].addr = host(callee);
    return session;
}

static session_t *
session_of(uint32_t number)
{
    return session_between(number, 0, 1);
}

static void
join(session_t *session, session_t *other, uint32_t frame)
{
    const packet_info pinfo = {.num = frame};

    legs_join(session, other, &pinfo);
}

static void
legs_have_one_end_in_common(void)
{
    const session_t *session = session_between(1, 0, 1);

    g_assert_true(legs_may_be(session, session_between(2, 1, 2)));
    g_assert_true(legs_may_be(session, session_between(2, 2, 1)));
    g_assert_true(legs_may_be(session, session_between(2, 0, 2)));
    g_assert_true(legs_may_be(session, session_between(2, 2, 0)));
    g_assert_false(legs_may_be(session, session_between(2, 2, 3)));
    g_assert_false(legs_may_be(session, session_between(2, 0, 1)));
    g_assert_false(legs_may_be(session, session_between(2, 1, 0)));
    g_assert_false(legs_may_be(session, session));
}

/* A session whose ends are both the same host has one end in common with itself. */
static void
no_session_is_its_own_leg(void)
{
    session_t *session = session_between(1, 0, 0);

    session->parties[SIDE_CALLEE].addr = host(1);
    clear_address(&session->parties[SIDE_CALLER].addr);
    g_assert_false(legs_may_be(session, session));
}

static void
a_session_alone_is_its_call(void)
{
    session_t *others[LEGS_TOLD];
    const session_t *session = session_of(5);

    g_assert_cmpuint(legs_call(session), ==, 5);
    g_assert_cmpuint(legs_call_at(session, 1), ==, 5);
    g_assert_cmpuint(legs_others(session, others), ==, 0);
    g_assert_cmpuint(legs_more(session), ==, 0);
}

static void
the_first_session_names_the_call(void)
{
    session_t *others[LEGS_TOLD];
    session_t *first = session_of(3);
    session_t *second = session_of(5);

    join(second, first, 20);
    g_assert_cmpuint(legs_call(first), ==, 3);
    g_assert_cmpuint(legs_call(second), ==, 3);
    g_assert_cmpuint(legs_call_at(second, 19), ==, 5);
    g_assert_cmpuint(legs_call_at(second, 20), ==, 3);
    g_assert_cmpuint(legs_call_at(first, 20), ==, 3);
    g_assert_cmpuint(legs_others(first, others), ==, 1);
    g_assert_true(others[0] == second);
    g_assert_cmpuint(legs_others(second, others), ==, 1);
    g_assert_true(others[0] == first);
    g_assert_cmpuint(legs_more(first), ==, 0);
}

/* Whichever set is the larger: what is said of a frame is what was known there. */
static void
sets_become_one(void)
{
    session_t *sessions[6] = {NULL};
    session_t *others[LEGS_TOLD];

    for (unsigned i = 1; i <= 5; i++)
        sessions[i] = session_of(i);
    join(sessions[5], sessions[4], 10);
    join(sessions[3], sessions[5], 11);
    join(sessions[2], sessions[1], 12);
    g_assert_cmpuint(legs_call(sessions[5]), ==, 3);
    join(sessions[1], sessions[4], 13);
    for (unsigned i = 1; i <= 5; i++) {
        g_assert_cmpuint(legs_call(sessions[i]), ==, 1);
        g_assert_cmpuint(legs_call_at(sessions[i], 13), ==, 1);
        g_assert_cmpuint(legs_others(sessions[i], others), ==, 4);
        for (unsigned place = 0; place < 4; place++)
            g_assert_cmpuint(others[place]->number, ==, place + (place + 1 < i ? 1 : 2));
    }
    g_assert_cmpuint(legs_call_at(sessions[5], 9), ==, 5);
    g_assert_cmpuint(legs_call_at(sessions[5], 10), ==, 4);
    g_assert_cmpuint(legs_call_at(sessions[5], 11), ==, 3);
    g_assert_cmpuint(legs_call_at(sessions[5], 12), ==, 3);
    g_assert_cmpuint(legs_call_at(sessions[2], 12), ==, 1);
    /* what is one call already */
    join(sessions[2], sessions[5], 14);
    g_assert_cmpuint(legs_others(sessions[2], others), ==, 4);
    g_assert_cmpuint(legs_more(sessions[2]), ==, 0);
}

static void
so_many_are_told(void)
{
    session_t *others[LEGS_TOLD];
    session_t *first = session_of(100);

    /* from the last to the first, so that each takes a place from one that is there */
    for (uint32_t number = 100 + LEGS_TOLD; number > 100; number--)
        join(session_of(number), first, number);
    g_assert_cmpuint(legs_others(first, others), ==, LEGS_TOLD);
    g_assert_cmpuint(legs_more(first), ==, 0);
    join(session_of(99), first, 200);
    join(session_of(300), first, 201);
    g_assert_cmpuint(legs_call(first), ==, 99);
    g_assert_cmpuint(legs_call_at(first, 199), ==, 100);
    g_assert_cmpuint(legs_call_at(first, 200), ==, 99);
    g_assert_cmpuint(legs_others(first, others), ==, LEGS_TOLD);
    g_assert_cmpuint(others[0]->number, ==, 99);
    g_assert_cmpuint(others[LEGS_TOLD - 1]->number, ==, 100 + LEGS_TOLD - 1);
    g_assert_cmpuint(legs_more(first), ==, 2);
}

/* One that is told of by none has all the others that are told, and not itself. */
static void
who_is_not_told_has_others(void)
{
    session_t *others[LEGS_TOLD];
    session_t *last = session_of(500);

    for (uint32_t number = 400; number < 400 + LEGS_TOLD + 1; number++)
        join(last, session_of(number), number);
    g_assert_cmpuint(legs_others(last, others), ==, LEGS_TOLD);
    g_assert_cmpuint(others[LEGS_TOLD - 1]->number, ==, 400 + LEGS_TOLD - 1);
    g_assert_cmpuint(legs_more(last), ==, 1);
}

static void
send_elsewhere(session_t *session, message_t message, time_t at)
{
    const packet_info pinfo = {.num = 1, .abs_ts = {.secs = at}};

    legs_begin_forwarding(session, &pinfo, &message);
}

static message_t
to_place(unsigned number, uint16_t port)
{
    return (message_t){
        .has_forward_address = true, .forward_addr = host(number), .forward_port = port};
}

static session_t *
call_to_place(unsigned caller, unsigned callee, uint16_t port, time_t at)
{
    session_t *session = session_between(2, caller, callee);

    session->parties[SIDE_CALLEE].port = port;
    session->asked.at.secs = at;
    return session;
}

/* Whether a call is taken as that which another one, from 0 to 1, was sent to. */
static bool
is_followed_by(const message_t *message, session_t *second)
{
    session_t *first = session_between(1, 0, 1);
    session_t *unrelated = session_between(9, 3, 3);
    bool is_followed;

    send_elsewhere(first, *message, 1000);
    legs_follow_forwarding(second);
    is_followed = first->forwarding->followed_by == second;
    /* it is not left for the next test to follow */
    unrelated->parties[SIDE_CALLER] = first->parties[SIDE_CALLER];
    unrelated->parties[SIDE_CALLEE].name = message->forward_alias;
    unrelated->parties[SIDE_CALLEE].port = message->forward_port;
    if (message->has_forward_address)
        unrelated->parties[SIDE_CALLEE].addr = message->forward_addr;
    unrelated->asked.at.secs = 1000;
    legs_follow_forwarding(unrelated);
    g_assert_true(first->forwarding->followed_by == (is_followed ? second : unrelated));
    return is_followed;
}

static void
a_call_to_the_place_follows(void)
{
    const message_t message = to_place(2, 1720);
    session_t *named = call_to_place(0, 2, 1721, 1000);

    g_assert_true(is_followed_by(&message, call_to_place(0, 2, 1720, 1000)));
    g_assert_true(is_followed_by(&message, call_to_place(0, 2, 1720, 1060)));
    g_assert_false(is_followed_by(&message, call_to_place(0, 2, 1720, 1061)));
    g_assert_false(is_followed_by(&message, call_to_place(0, 2, 1720, 999)));
    g_assert_false(is_followed_by(&message, call_to_place(0, 2, 1721, 1000)));
    g_assert_false(is_followed_by(&message, call_to_place(0, 1, 1720, 1000)));
    g_assert_false(is_followed_by(&message, call_to_place(3, 2, 1720, 1000)));
    named->parties[SIDE_CALLEE].name = "bert";
    g_assert_false(is_followed_by(&message, named));
}

static void
a_place_without_a_port_is_none(void)
{
    const message_t message = {
        .has_forward_address = true, .forward_addr = host(2), .forward_alias = "bert"};

    g_assert_false(is_followed_by(&message, call_to_place(0, 2, 0, 1000)));
}

static void
a_call_to_the_name_follows(void)
{
    const message_t message = {.forward_alias = "bert"};
    session_t *second = call_to_place(0, 2, 1720, 1000);

    g_assert_false(is_followed_by(&message, second));
    second->parties[SIDE_CALLEE].name = "anna";
    g_assert_false(is_followed_by(&message, second));
    second->parties[SIDE_CALLEE].name = "Bert";
    g_assert_true(is_followed_by(&message, second));
}

static void
the_identifier_tells_the_caller(void)
{
    const message_t message = to_place(2, 1720);
    session_t *first = session_between(1, 0, 1);
    session_t *second = call_to_place(3, 2, 1720, 1000);

    first->call_id.data1 = second->call_id.data1 = 7;
    send_elsewhere(first, message, 1000);
    legs_follow_forwarding(second);
    g_assert_null(first->forwarding->followed_by);
    first->has_call_id = true;
    legs_follow_forwarding(second);
    g_assert_null(first->forwarding->followed_by);
    first->has_call_id = false;
    second->has_call_id = true;
    legs_follow_forwarding(second);
    g_assert_null(first->forwarding->followed_by);
    first->has_call_id = true;
    second->call_id.data1 = 8;
    legs_follow_forwarding(second);
    g_assert_null(first->forwarding->followed_by);
    second->call_id.data1 = 7;
    legs_follow_forwarding(second);
    g_assert_true(first->forwarding->followed_by == second);
}

static void
nobody_follows_twice(void)
{
    session_t *first = session_between(1, 0, 1);
    session_t *second = call_to_place(0, 2, 1720, 1000);

    send_elsewhere(first, to_place(2, 1720), 1000);
    legs_follow_forwarding(second);
    legs_follow_forwarding(call_to_place(0, 2, 1720, 1001));
    g_assert_true(first->forwarding->followed_by == second);
}

static void
no_call_follows_itself(void)
{
    session_t *session = call_to_place(0, 2, 1720, 1000);

    send_elsewhere(session, to_place(2, 1720), 1000);
    legs_follow_forwarding(session);
    g_assert_null(session->forwarding->followed_by);
    legs_follow_forwarding(call_to_place(0, 2, 1720, 1000));
    g_assert_nonnull(session->forwarding->followed_by);
}

/* The one before last is not yet found by so many that wait; the last that count is. */
static void
so_many_are_compared(void)
{
    session_t *waiting[66];
    session_t *second;

    for (unsigned i = 0; i < G_N_ELEMENTS(waiting); i++) {
        waiting[i] = session_between(i + 1, 0, 1);
        send_elsewhere(waiting[i], to_place(2, (uint16_t)(i + 1)), 1000);
    }
    second = call_to_place(0, 2, 2, 1000);
    legs_follow_forwarding(second);
    g_assert_null(waiting[1]->forwarding->followed_by);
    second = call_to_place(0, 2, 3, 1000);
    legs_follow_forwarding(second);
    g_assert_true(waiting[2]->forwarding->followed_by == second);
}

static void
expect_told(const message_t *message, const char *text)
{
    session_t *session = session_of(1);
    char *told;

    send_elsewhere(session, *message, 1000);
    told = legs_forwarded_party(NULL, session);
    g_assert_cmpstr(told, ==, text);
    wmem_free(NULL, told);
}

/* An address in words is Wireshark's matter. */
static void
it_is_told_where_to(void)
{
    message_t message = to_place(2, 1720);

    message.forward_alias = "bert";
    expect_told(&message, "bert");
    message.has_forward_address = false;
    expect_told(&message, "bert");
    message = (message_t){.is_forwarding = true};
    expect_told(&message, NULL);
}

static void
what_is_told_first_counts(void)
{
    session_t *session = session_of(1);
    char *told;

    send_elsewhere(session, (message_t){.forward_alias = "bert"}, 1000);
    send_elsewhere(session, (message_t){.forward_alias = "anna"}, 1001);
    told = legs_forwarded_party(NULL, session);
    g_assert_cmpstr(told, ==, "bert");
    wmem_free(NULL, told);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/legs/nobody_follows_twice", nobody_follows_twice);
    g_test_add_func("/legs/a_call_to_the_place_follows", a_call_to_the_place_follows);
    g_test_add_func("/legs/a_place_without_a_port_is_none", a_place_without_a_port_is_none);
    g_test_add_func("/legs/a_call_to_the_name_follows", a_call_to_the_name_follows);
    g_test_add_func("/legs/the_identifier_tells_the_caller", the_identifier_tells_the_caller);
    g_test_add_func("/legs/no_call_follows_itself", no_call_follows_itself);
    g_test_add_func("/legs/so_many_are_compared", so_many_are_compared);
    g_test_add_func("/legs/it_is_told_where_to", it_is_told_where_to);
    g_test_add_func("/legs/what_is_told_first_counts", what_is_told_first_counts);
    g_test_add_func("/legs/legs_have_one_end_in_common", legs_have_one_end_in_common);
    g_test_add_func("/legs/no_session_is_its_own_leg", no_session_is_its_own_leg);
    g_test_add_func("/legs/a_session_alone_is_its_call", a_session_alone_is_its_call);
    g_test_add_func("/legs/the_first_session_names_the_call", the_first_session_names_the_call);
    g_test_add_func("/legs/sets_become_one", sets_become_one);
    g_test_add_func("/legs/so_many_are_told", so_many_are_told);
    g_test_add_func("/legs/who_is_not_told_has_others", who_is_not_told_has_others);
    return g_test_run();
}
