/* hold_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/hold.h"

/* s, for which it has been held until then */
static time_t
held(const session_t *session, time_t at)
{
    const nstime_t until = {.secs = at};
    const nstime_t span = hold_time(session, &until);

    return span.secs;
}

/* A call that is up, and has media. */
static session_t *
call_up(void)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->answer.frame = 5;
    session->media_agreed = true;
    return session;
}

static event_t
say(session_t *session, side_t sender, time_t at, message_t message)
{
    const packet_info pinfo = {.num = 10, .abs_ts = {.secs = at}};
    step_t step = {.session = session, .sender = sender, .event = message.event};

    hold_learn(&step, &pinfo, &message);
    return step.event;
}

static event_t
can_nothing(session_t *session, side_t sender, time_t at)
{
    return say(session, sender, at, (message_t){.event = EVENT_OTHER, .sets_capabilities = true});
}

static event_t
can_something(session_t *session, side_t sender, time_t at)
{
    return say(
        session, sender, at,
        (message_t){.event = EVENT_OTHER, .sets_capabilities = true, .has_capabilities = true});
}

static event_t
open_channels(session_t *session, side_t sender, time_t at, unsigned count)
{
    const opened_channel_t opened = {.channel = 1};
    wmem_array_t *array = wmem_array_new(wmem_file_scope(), sizeof opened);

    while (count-- > 0)
        wmem_array_append(array, &opened, 1);
    return say(session, sender, at, (message_t){.event = EVENT_OTHER, .opened = array});
}

static void
an_end_asks_for_a_pause(void)
{
    session_t *session = call_up();

    g_assert_cmpint(held(session, 100), ==, 0);
    g_assert_cmpint(can_something(session, SIDE_CALLER, 10), ==, EVENT_OTHER);
    g_assert_cmpint(can_nothing(session, SIDE_CALLER, 10), ==, EVENT_HOLD);
    g_assert_true(call_is_held(session));
    g_assert_cmpint(held(session, 14), ==, 4);
    /* again is once */
    g_assert_cmpint(can_nothing(session, SIDE_CALLER, 12), ==, EVENT_OTHER);
    g_assert_cmpint(held(session, 14), ==, 4);
    g_assert_cmpint(can_something(session, SIDE_CALLEE, 13), ==, EVENT_OTHER);
    g_assert_cmpint(can_something(session, SIDE_CALLER, 15), ==, EVENT_RESUME);
    g_assert_false(call_is_held(session));
    g_assert_cmpint(held(session, 100), ==, 5);
    g_assert_cmpint(can_nothing(session, SIDE_CALLEE, 20), ==, EVENT_HOLD);
    g_assert_cmpint(held(session, 21), ==, 6);
    g_assert_cmpint(can_something(session, SIDE_CALLEE, 22), ==, EVENT_RESUME);
    g_assert_cmpint(held(session, 100), ==, 7);
}

/* It lasts until both go on. */
static void
both_may_ask(void)
{
    session_t *session = call_up();

    can_nothing(session, SIDE_CALLER, 10);
    g_assert_cmpint(can_nothing(session, SIDE_CALLEE, 12), ==, EVENT_HOLD);
    g_assert_cmpint(can_something(session, SIDE_CALLER, 13), ==, EVENT_RESUME);
    g_assert_true(call_is_held(session));
    g_assert_cmpint(can_something(session, SIDE_CALLEE, 16), ==, EVENT_RESUME);
    g_assert_false(call_is_held(session));
    g_assert_cmpint(held(session, 100), ==, 6);
}

static void
the_other_may_go_on_first(void)
{
    session_t *session = call_up();

    can_nothing(session, SIDE_CALLER, 10);
    can_nothing(session, SIDE_CALLEE, 10);
    can_something(session, SIDE_CALLEE, 11);
    g_assert_true(call_is_held(session));
}

static void
a_channel_ends_it_for_both(void)
{
    session_t *session = call_up();

    can_nothing(session, SIDE_CALLER, 10);
    can_nothing(session, SIDE_CALLEE, 10);
    g_assert_cmpint(open_channels(session, SIDE_CALLER, 11, 0), ==, EVENT_OTHER);
    g_assert_true(call_is_held(session));
    g_assert_cmpint(open_channels(session, SIDE_CALLER, 12, 1), ==, EVENT_RESUME);
    g_assert_false(call_is_held(session));
    g_assert_cmpint(held(session, 100), ==, 2);
}

static void
there_may_be_nothing_to_pause(void)
{
    session_t *session = call_up();

    session->media_agreed = false;
    g_assert_cmpint(can_nothing(session, SIDE_CALLER, 10), ==, EVENT_OTHER);
    session->media_agreed = true;
    session->answer.frame = 0;
    g_assert_cmpint(can_nothing(session, SIDE_CALLER, 10), ==, EVENT_OTHER);
    session->answer.frame = 5;
    session->release.frame = 9;
    g_assert_cmpint(can_nothing(session, SIDE_CALLER, 10), ==, EVENT_OTHER);
    session->release.frame = 0;
    g_assert_cmpint(
        say(session, SIDE_CALLER, 10, (message_t){.event = EVENT_MEDIA, .sets_capabilities = true}),
        ==, EVENT_MEDIA);
    g_assert_cmpint(say(session, SIDE_CALLER, 10, (message_t){.event = EVENT_OTHER}), ==,
                    EVENT_OTHER);
    g_assert_null(session->hold);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hold/an_end_asks_for_a_pause", an_end_asks_for_a_pause);
    g_test_add_func("/hold/both_may_ask", both_may_ask);
    g_test_add_func("/hold/the_other_may_go_on_first", the_other_may_go_on_first);
    g_test_add_func("/hold/a_channel_ends_it_for_both", a_channel_ends_it_for_both);
    g_test_add_func("/hold/there_may_be_nothing_to_pause", there_may_be_nothing_to_pause);
    return g_test_run();
}
