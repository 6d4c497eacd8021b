/* sequence_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/sequence.h"

#include <glib.h>

static void
expect(sequence_t *sequence, unsigned number, sequence_place_t place, unsigned ahead)
{
    uint16_t by;
    const sequence_place_t found = sequence_add(sequence, (uint16_t)number, &by);

    g_assert_cmpint(found, ==, place);
    g_assert_cmpuint(by, ==, ahead);
}

static void
in_order(void)
{
    sequence_t sequence = {.window = 0};

    expect(&sequence, 65534, SEQUENCE_BEGINS, 0);
    expect(&sequence, 65535, SEQUENCE_AHEAD, 1);
    expect(&sequence, 65536, SEQUENCE_AHEAD, 1);
    expect(&sequence, 65540, SEQUENCE_AHEAD, 4);
    g_assert_cmpuint(sequence.highest, ==, 65540);
    g_assert_cmpuint(sequence.in_window, ==, 7);
    g_assert_cmphex(sequence.window, ==, 0x71);
}

static void
out_of_order(void)
{
    sequence_t sequence = {.window = 0};

    expect(&sequence, 100, SEQUENCE_BEGINS, 0);
    expect(&sequence, 100, SEQUENCE_KNOWN, 0);
    expect(&sequence, 103, SEQUENCE_AHEAD, 3);
    expect(&sequence, 102, SEQUENCE_LATE, 0);
    expect(&sequence, 102, SEQUENCE_KNOWN, 0);
    expect(&sequence, 100, SEQUENCE_KNOWN, 0);
    expect(&sequence, 99, SEQUENCE_KNOWN, 0);
    g_assert_cmphex(sequence.window, ==, 0xb);
}

/* The window is as long as it is said to be. */
static void
too_old(void)
{
    sequence_t sequence = {.window = 0};

    expect(&sequence, 1, SEQUENCE_BEGINS, 0);
    expect(&sequence, 200, SEQUENCE_AHEAD, 199);
    g_assert_cmpuint(sequence.in_window, ==, SEQUENCE_WINDOW);
    expect(&sequence, 200 - SEQUENCE_WINDOW, SEQUENCE_KNOWN, 0);
    expect(&sequence, 200 - SEQUENCE_WINDOW + 1, SEQUENCE_LATE, 0);
}

static void
a_new_beginning(void)
{
    sequence_t sequence = {.window = 0};

    expect(&sequence, 10000, SEQUENCE_BEGINS, 0);
    expect(&sequence, 12999, SEQUENCE_AHEAD, 2999);
    expect(&sequence, 12999 + 3000, SEQUENCE_BEGINS, 0);
    expect(&sequence, 12999 + 1, SEQUENCE_KNOWN, 0);
    expect(&sequence, 12999, SEQUENCE_BEGINS, 0);
    g_assert_cmpuint(sequence.in_window, ==, 1);
}

/* RFC 1982 */
static void
which_is_ahead(void)
{
    g_assert_true(sequence_is_ahead(0, 65535));
    g_assert_true(sequence_is_ahead(0x7fff, 0));
    g_assert_false(sequence_is_ahead(0x8000, 0));
    g_assert_false(sequence_is_ahead(65535, 0));
    g_assert_false(sequence_is_ahead(7, 7));
    g_assert_cmpuint(sequence_distance(65535, 1), ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sequence/in-order", in_order);
    g_test_add_func("/sequence/out-of-order", out_of_order);
    g_test_add_func("/sequence/too-old", too_old);
    g_test_add_func("/sequence/a-new-beginning", a_new_beginning);
    g_test_add_func("/sequence/which-is-ahead", which_is_ahead);
    return g_test_run();
}
