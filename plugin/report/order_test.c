/* order_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/order.h"

static const uint8_t low[] = {192, 0, 2, 1};
static const uint8_t high[] = {192, 0, 2, 2};

/* Two that are alike, until one is changed. */
static session_t one;
static session_t other;

static void
begin(void)
{
    one = (session_t){.number = 2, .setup = {.frame = 5, .at = {.secs = 1000, .nsecs = 500}}};
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        set_address(&one.parties[side].addr, AT_IPv4, sizeof low, low);
        one.parties[side].port = 1720;
    }
    other = one;
}

static void
expect_before(void)
{
    g_assert_cmpint(order_of_sessions(&one, &other), <, 0);
    g_assert_cmpint(order_of_sessions(&other, &one), >, 0);
    g_assert_cmpint(order_of_sessions(&one, &one), ==, 0);
}

/* Each of these goes before what follows it. */
static void
what_counts_first(void)
{
    begin();
    g_assert_cmpint(order_of_sessions(&one, &other), ==, 0);
    other.parties[SIDE_CALLEE].port++;
    expect_before();
    set_address(&one.parties[SIDE_CALLEE].addr, AT_IPv4, sizeof low, high);
    g_assert_cmpint(order_of_sessions(&other, &one), <, 0);
    other.parties[SIDE_CALLER].port++;
    expect_before();
    set_address(&one.parties[SIDE_CALLER].addr, AT_IPv4, sizeof low, high);
    g_assert_cmpint(order_of_sessions(&other, &one), <, 0);
    other.setup.frame++;
    expect_before();
    one.number++;
    g_assert_cmpint(order_of_sessions(&other, &one), <, 0);
    other.setup.at.nsecs++;
    expect_before();
    one.setup.at.secs++;
    g_assert_cmpint(order_of_sessions(&other, &one), <, 0);
}

/* No difference of two numbers is too large. */
static void
numbers_may_be_far_apart(void)
{
    begin();
    one.setup.at.secs = -4000000000;
    other.setup.at.secs = 4000000000;
    expect_before();
    begin();
    one.number = 1;
    other.number = UINT32_MAX;
    expect_before();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/order/what_counts_first", what_counts_first);
    g_test_add_func("/order/numbers_may_be_far_apart", numbers_may_be_far_apart);
    return g_test_run();
}
