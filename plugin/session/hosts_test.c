/* hosts_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/hosts.h"

#include "common/hosts_test.h"

#define COMPARED 32

static session_t *
call_between(unsigned caller, unsigned callee, uint32_t number)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->number = number;
    session->parties[SIDE_CALLER].addr = host(caller);
    session->parties[SIDE_CALLEE].addr = host(callee);
    hosts_join(session);
    return session;
}

static hosts_t *
between(unsigned one, unsigned other, bool make)
{
    const address first = host(one);
    const address second = host(other);

    return hosts_between(&first, &second, make);
}

static session_t *
likely(unsigned one, unsigned other)
{
    const hosts_t *pair = between(one, other, false);

    return pair ? hosts_likely_session(pair) : NULL;
}

static void
two_hosts_are_a_pair(void)
{
    hosts_t *pair;

    g_assert_null(between(0, 1, false));
    pair = between(0, 1, true);
    g_assert_nonnull(pair);
    g_assert_true(between(0, 1, true) == pair);
    g_assert_true(between(1, 0, false) == pair);
    g_assert_null(between(0, 2, false));
    g_assert_null(between(1, 2, false));
    g_assert_null(hosts_likely_session(pair));
}

static void
a_call_without_media_gets_it(void)
{
    session_t *first = call_between(0, 3, 1);
    session_t *second = call_between(3, 0, 2);
    session_t *third = call_between(0, 3, 3);

    g_assert_true(likely(0, 3) == third);
    third->media_agreed = true;
    g_assert_true(likely(0, 3) == second);
    second->media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_AUDIO);
    g_assert_true(likely(3, 0) == first);
    first->media_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_AUDIO);
    g_assert_true(likely(0, 3) == third);
    hosts_leave(third);
    g_assert_true(likely(0, 3) == second);
    hosts_leave(third);
    hosts_leave(second);
    hosts_leave(first);
    g_assert_null(likely(0, 3));
}

static void
each_may_leave_first(void)
{
    for (unsigned leaving = 0; leaving < 3; leaving++) {
        session_t *calls[3];

        for (unsigned i = 0; i < 3; i++)
            calls[i] = call_between(2, 4, i + 1);
        hosts_leave(calls[leaving]);
        g_assert_true(likely(2, 4) == calls[leaving == 2 ? 1 : 2]);
        hosts_leave(calls[leaving == 2 ? 1 : 2]);
        g_assert_true(likely(2, 4) == calls[leaving == 0 ? 1 : 0]);
        hosts_leave(calls[leaving == 0 ? 1 : 0]);
        g_assert_null(likely(2, 4));
    }
}

static void
who_joins_again_is_there_once(void)
{
    session_t *first = call_between(1, 3, 1);
    session_t *second = call_between(1, 3, 2);

    hosts_join(first);
    g_assert_true(likely(1, 3) == first);
    hosts_leave(first);
    g_assert_true(likely(1, 3) == second);
    hosts_leave(second);
    g_assert_null(likely(1, 3));
}

/* What has no number is not known to be a call. */
static void
calls_go_before_what_may_be_one(void)
{
    session_t *call = call_between(0, 4, 1);
    session_t *other = call_between(0, 4, 0);

    g_assert_true(likely(0, 4) == call);
    call->media_agreed = true;
    g_assert_true(likely(0, 4) == call);
    hosts_leave(call);
    g_assert_true(likely(0, 4) == other);
}

static void
so_many_are_compared(void)
{
    session_t *first = call_between(1, 4, 1);
    session_t *other = NULL;

    for (uint32_t number = 2; number <= COMPARED; number++) {
        other = call_between(1, 4, number);
        other->media_agreed = true;
    }
    g_assert_true(likely(1, 4) == first);
    other = call_between(1, 4, COMPARED + 1);
    other->media_agreed = true;
    g_assert_true(likely(1, 4) == other);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    hosts_register();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hosts/two_hosts_are_a_pair", two_hosts_are_a_pair);
    g_test_add_func("/hosts/a_call_without_media_gets_it", a_call_without_media_gets_it);
    g_test_add_func("/hosts/each_may_leave_first", each_may_leave_first);
    g_test_add_func("/hosts/who_joins_again_is_there_once", who_joins_again_is_there_once);
    g_test_add_func("/hosts/calls_go_before_what_may_be_one", calls_go_before_what_may_be_one);
    g_test_add_func("/hosts/so_many_are_compared", so_many_are_compared);
    return g_test_run();
}
