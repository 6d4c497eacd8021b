/* captured_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/captured.h"

static void
add(captured_t *captured, unsigned end, uint32_t sequence, uint32_t length,
    uint32_t acknowledgement)
{
    const captured_segment_t segment = {sequence, length, true, acknowledgement};

    captured_add(captured, end, &segment);
}

static void
whole(void)
{
    captured_t captured = {0};

    add(&captured, 0, 1000, 100, 5000);
    add(&captured, 1, 5000, 50, 1100);
    add(&captured, 0, 1100, 0, 5050);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
    g_assert_cmpuint(captured_missing(&captured, 1), ==, 0);
    g_assert_true(captured.ends[0].segments == 2 && captured.ends[1].segments == 1);
}

static void
one_direction(void)
{
    captured_t captured = {0};

    add(&captured, 0, 1000, 100, 5000);
    add(&captured, 0, 1100, 0, 5050);
    g_assert_cmpuint(captured_missing(&captured, 1), ==, 50);
    g_assert_cmpuint(captured.ends[1].segments, ==, 0);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
}

static void
hole(void)
{
    captured_t captured = {0};

    add(&captured, 1, 5000, 10, 1000);
    add(&captured, 1, 5030, 10, 1000);
    add(&captured, 1, 5030, 10, 1000);
    g_assert_cmpuint(captured_missing(&captured, 1), ==, 0);
    add(&captured, 0, 1000, 0, 5040);
    g_assert_cmpuint(captured_missing(&captured, 1), ==, 20);
    g_assert_false(captured.ends[1].is_disordered);
    add(&captured, 1, 5010, 20, 1000);
    g_assert_cmpuint(captured_missing(&captured, 1), ==, 0);
    g_assert_true(captured.ends[1].is_disordered);
}

static void
numbers_wrap(void)
{
    captured_t captured = {0};

    add(&captured, 0, UINT32_MAX - 9, 20, 1);
    add(&captured, 1, 1, 0, 10);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
    add(&captured, 1, 1, 0, 13);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 3);
}

static void
more_ahead_than_is_kept(void)
{
    captured_t captured = {0};

    add(&captured, 0, 1000, 10, 1);
    for (uint32_t i = 0; i < 2 * CAPTURED_AHEAD; i++)
        add(&captured, 0, 1020 + 20 * i, 10, 1);
    add(&captured, 1, 1, 0, 1020);
    g_assert_cmpuint(captured.ends[0].ahead_count, ==, CAPTURED_AHEAD);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
}

static void
keep_alives_are_nothing_new(void)
{
    captured_t captured = {0};

    add(&captured, 0, 1000, 100, 1);
    add(&captured, 0, 1099, 1, 1);
    add(&captured, 1, 1, 0, 1100);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
    g_assert_false(captured.ends[0].is_repeated);
    add(&captured, 0, 1098, 2, 1);
    g_assert_true(captured.ends[0].is_repeated);
}

static void
relative_numbers(void)
{
    captured_t captured = {0};
    captured_segment_t segment = {
        .sequence = 1, .has_acknowledgement = true, .acknowledgement = 11};

    add(&captured, 0, 4000000000u, 10, 70000);
    captured_add_relative(&captured, 1, &segment, 69999, 3999999999u);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
    segment.acknowledgement = 4000000014u;
    captured_add_relative(&captured, 1, &segment, 69999, 3999999999u);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 4);
    segment = (captured_segment_t){.sequence = 11, .length = 4};
    captured_add_relative(&captured, 0, &segment, 3999999999u, 69999);
    g_assert_cmpuint(captured_missing(&captured, 0), ==, 0);
}

static void
ignored(void)
{
    captured_t captured = {0};

    add(&captured, 0, 100, 1, 0);
    g_assert_false(captured_is_ignored(&captured, 0));
    add(&captured, 1, 500, 1, 101);
    add(&captured, 0, 101, 50, 501);
    g_assert_false(captured_is_ignored(&captured, 0)); /* it may be on its way */
    add(&captured, 0, 101, 50, 501);
    g_assert_true(captured_is_ignored(&captured, 0));
    g_assert_false(captured_is_ignored(&captured, 1));
    add(&captured, 1, 501, 0, 151);
    g_assert_false(captured_is_ignored(&captured, 0));
}

/* A SYN or FIN is taken by an acknowledgement of one; two octets are not only that. */
static void
little_may_be_taken(void)
{
    captured_t captured = {0};

    add(&captured, 0, 100, 50, 0);
    add(&captured, 0, 100, 50, 0);
    add(&captured, 1, 500, 0, 101);
    g_assert_true(captured_is_ignored(&captured, 0));
    add(&captured, 1, 500, 0, 103);
    g_assert_false(captured_is_ignored(&captured, 0));
}

/* What the other end has said is not in the capture at all. */
static void
ignored_in_one_direction(void)
{
    captured_t captured = {0};

    add(&captured, 0, 101, 50, 501);
    add(&captured, 0, 101, 50, 501);
    g_assert_false(captured_is_ignored(&captured, 0));
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/captured/whole", whole);
    g_test_add_func("/captured/one_direction", one_direction);
    g_test_add_func("/captured/hole", hole);
    g_test_add_func("/captured/numbers_wrap", numbers_wrap);
    g_test_add_func("/captured/more_ahead_than_is_kept", more_ahead_than_is_kept);
    g_test_add_func("/captured/keep_alives_are_nothing_new", keep_alives_are_nothing_new);
    g_test_add_func("/captured/relative_numbers", relative_numbers);
    g_test_add_func("/captured/ignored", ignored);
    g_test_add_func("/captured/little_may_be_taken", little_may_be_taken);
    g_test_add_func("/captured/ignored_in_one_direction", ignored_in_one_direction);
    return g_test_run();
}
