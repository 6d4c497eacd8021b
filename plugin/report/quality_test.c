/* quality_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/quality.h"

#define CLOCK 8000
#define STEP 160

/* Packets of 20 ms, each as long after the one before as it should be. */
static void
add(quality_t *quality, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        quality_add(quality, (uint16_t)i, i * STEP, i * 0.02, CLOCK);
}

static void
nothing_is_lost(void)
{
    quality_t quality = {.expected = 0};

    add(&quality, 65500, 200);
    quality = quality_at_end(&quality);
    g_assert_cmpuint(quality.expected, ==, 200);
    g_assert_cmpuint(quality.lost, ==, 0);
    g_assert_cmpuint(quality.runs, ==, 0);
    g_assert_cmpuint(quality.out_of_order, ==, 0);
    g_assert_cmpuint(quality.late, ==, 0);
    g_assert_cmpfloat(quality.silence, ==, 0);
    g_assert_cmpfloat_with_epsilon(quality.duration, 199 * 0.02, 1e-6);
}

static void
runs_of_loss(void)
{
    quality_t quality = {.expected = 0};

    add(&quality, 100, 10);
    add(&quality, 113, 20);
    add(&quality, 134, 100);
    quality = quality_at_end(&quality);
    g_assert_cmpuint(quality.expected, ==, 134);
    g_assert_cmpuint(quality.lost, ==, 4);
    g_assert_cmpuint(quality.runs, ==, 2);
    g_assert_cmpuint(quality.longest_run, ==, 3);
    g_assert_cmpuint(quality.late, ==, 0);
}

static void
what_comes_out_of_order_is_not_lost(void)
{
    quality_t quality = {.expected = 0};

    add(&quality, 0, 10);
    add(&quality, 11, 3);
    quality_add(&quality, 10, 10 * STEP, 14 * 0.02, CLOCK);
    add(&quality, 15, 5);
    quality_add(&quality, 14, 14 * STEP, 20 * 0.02, CLOCK);
    quality = quality_at_end(&quality);
    g_assert_cmpuint(quality.lost, ==, 0);
    g_assert_cmpuint(quality.out_of_order, ==, 2);
    g_assert_cmpuint(quality.late, ==, 1);
}

static void
silence_is_no_loss(void)
{
    quality_t quality = {.expected = 0};

    add(&quality, 0, 50);
    for (unsigned i = 50; i < 100; i++)
        quality_add(&quality, (uint16_t)i, i * STEP + 2 * CLOCK, i * 0.02 + 2, CLOCK);
    quality = quality_at_end(&quality);
    g_assert_cmpuint(quality.lost, ==, 0);
    g_assert_cmpuint(quality.late, ==, 0);
    g_assert_cmpfloat_with_epsilon(quality.silence, 2, 1e-6);
    g_assert_cmpfloat_with_epsilon(quality.duration, 99 * 0.02 + 2, 1e-6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quality/nothing_lost", nothing_is_lost);
    g_test_add_func("/quality/runs", runs_of_loss);
    g_test_add_func("/quality/order", what_comes_out_of_order_is_not_lost);
    g_test_add_func("/quality/silence", silence_is_no_loss);
    return g_test_run();
}
