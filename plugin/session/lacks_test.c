/* lacks_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/lacks.h"

/* Which of the two ends of a connection has sent out of order. */
static captured_t
disordered(bool first, bool second)
{
    return (captured_t){.ends = {{.is_disordered = first}, {.is_disordered = second}}};
}

static bool
lacks(const session_t *session, side_t sender)
{
    bool found = lacks_order(session, sender);

    g_assert_true(lacks_some_of(session, sender) == (found || lacks_captured(session, sender)));
    return found;
}

/* Over the control connection, over that of H.245, or over neither of the two. */
static void
what_is_out_of_order(void)
{
    captured_t control = disordered(false, false);
    captured_t h245 = disordered(false, false);
    session_t session = {.begun = true};

    g_assert_false(lacks(&session, SIDE_CALLER));
    session.carried[OVER_CONTROL].captured = &control;
    session.carried[OVER_H245].captured = &h245;
    g_assert_false(lacks(&session, SIDE_CALLER));
    g_assert_false(lacks(&session, SIDE_CALLEE));
    control = disordered(true, false);
    g_assert_true(lacks(&session, SIDE_CALLER));
    g_assert_false(lacks(&session, SIDE_CALLEE));
    session.carried[OVER_CONTROL].is_turned = true;
    g_assert_false(lacks(&session, SIDE_CALLER));
    g_assert_true(lacks(&session, SIDE_CALLEE));
    control = disordered(false, false);
    h245 = disordered(false, true);
    g_assert_false(lacks(&session, SIDE_CALLER));
    g_assert_true(lacks(&session, SIDE_CALLEE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lacks/what_is_out_of_order", what_is_out_of_order);
    return g_test_run();
}
