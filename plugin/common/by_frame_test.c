/* by_frame_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/by_frame.h"

typedef struct {
    uint32_t frame;
    uint64_t what;
} kept_t;

static wmem_array_t *
kept_in(const uint32_t *frames, unsigned count)
{
    wmem_array_t *array = wmem_array_new(NULL, sizeof(kept_t));

    for (unsigned i = 0; i < count; i++) {
        const kept_t kept = {.frame = frames[i], .what = UINT64_MAX};

        wmem_array_append_one(array, kept);
    }
    return array;
}

static void
finds_the_first_of_a_frame(void)
{
    static const uint32_t frames[] = {1, 3, 3, 3, 7, 9, 9};
    static const unsigned first[] = {0, 0, 1, 1, 4, 4, 4, 4, 5, 5, 7};
    wmem_array_t *array = kept_in(frames, G_N_ELEMENTS(frames));

    for (uint32_t frame = 0; frame < G_N_ELEMENTS(first); frame++)
        g_assert_cmpuint(by_frame_first(array, sizeof(kept_t), frame), ==, first[frame]);
    wmem_destroy_array(array);
}

static void
finds_nothing_where_nothing_is(void)
{
    wmem_array_t *array = kept_in(NULL, 0);

    g_assert_cmpuint(by_frame_first(array, sizeof(kept_t), 1), ==, 0);
    wmem_destroy_array(array);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/by_frame/finds_the_first_of_a_frame", finds_the_first_of_a_frame);
    g_test_add_func("/by_frame/finds_nothing_where_nothing_is", finds_nothing_where_nothing_is);
    return g_test_run();
}
