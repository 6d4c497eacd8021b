/* by_frame_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/by_frame.h"

#define MANY 1000

typedef struct {
    uint32_t frame;
    uint64_t what;
} kept_t;

static wmem_allocator_t *scope;

static by_frame_t *
kept_of(const uint32_t *frames, unsigned count)
{
    by_frame_t *kept = by_frame_new(scope, sizeof(kept_t));

    for (unsigned i = 0; i < count; i++)
        by_frame_add(kept, &(kept_t){.frame = frames[i], .what = UINT64_MAX});
    return kept;
}

static void
finds_the_first_of_a_frame(void)
{
    static const uint32_t frames[] = {1, 3, 3, 3, 7, 9, 9};
    static const unsigned first[] = {0, 0, 1, 1, 4, 4, 4, 4, 5, 5, 7};
    const by_frame_t *kept = kept_of(frames, G_N_ELEMENTS(frames));

    for (uint32_t frame = 0; frame < G_N_ELEMENTS(first); frame++)
        g_assert_cmpuint(by_frame_first(kept, frame), ==, first[frame]);
}

static void
finds_nothing_where_nothing_is(void)
{
    const by_frame_t *kept = kept_of(NULL, 0);

    g_assert_cmpuint(by_frame_first(kept, 1), ==, 0);
    g_assert_null(by_frame_at(kept, 0));
}

/* Two of every other frame. */
static void
keeps_many(void)
{
    by_frame_t *kept = by_frame_new(scope, sizeof(kept_t));

    for (unsigned i = 0; i < MANY; i++)
        by_frame_add(kept, &(kept_t){.frame = i / 2 * 2, .what = i});
    for (unsigned i = 0; i < MANY; i++) {
        unsigned first = (i + 1) / 2 * 2;

        g_assert_cmpuint(((const kept_t *)by_frame_at(kept, i))->what, ==, i);
        g_assert_cmpuint(by_frame_first(kept, i), ==, first);
    }
    g_assert_null(by_frame_at(kept, MANY));
}

int
main(int argc, char **argv)
{
    int failed;

    scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/by_frame/finds_the_first_of_a_frame", finds_the_first_of_a_frame);
    g_test_add_func("/by_frame/finds_nothing_where_nothing_is", finds_nothing_where_nothing_is);
    g_test_add_func("/by_frame/keeps_many", keeps_many);
    failed = g_test_run();
    wmem_destroy_allocator(scope);
    return failed;
}
