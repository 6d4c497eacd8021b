/* dense_test.c
 * Each thing has memory of its own, of zeros, and stays where it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/dense.h"

#define MANY 1000

typedef struct {
    uint64_t number;
    char more[LINE_OF_MEMORY];
} thing_t;

static thing_t *things[MANY];

static void
make_all(dense_t *dense)
{
    static const thing_t nothing;

    for (unsigned i = 0; i < MANY; i++) {
        things[i] = dense_new(dense);
        g_assert_cmpmem(things[i], sizeof nothing, &nothing, sizeof nothing);
        g_assert_cmpuint((uintptr_t)things[i] % LINE_OF_MEMORY, ==, 0);
        memset(things[i], 0xff, sizeof *things[i]);
        things[i]->number = i;
    }
}

static void
expect_all(void)
{
    for (unsigned i = 0; i < MANY; i++)
        g_assert_cmpuint(things[i]->number, ==, i);
}

static void
each_has_its_own(void)
{
    static dense_t dense = {.size = sizeof(thing_t)};

    make_all(&dense);
    expect_all();
}

static void
most_stand_side_by_side(void)
{
    static dense_t dense = {.size = sizeof(thing_t)};
    unsigned beside = 0;

    make_all(&dense);
    for (unsigned i = 1; i < MANY; i++)
        beside += ABS((char *)things[i] - (char *)things[i - 1]) == 2L * LINE_OF_MEMORY;
    g_assert_cmpuint(beside, >, MANY * 9 / 10);
}

static void
another_file_begins_anew(void)
{
    static dense_t dense = {.size = sizeof(thing_t)};

    make_all(&dense);
    wmem_free_all(wmem_file_scope());
    g_assert_cmpuint(dense.left, ==, 0);
    make_all(&dense);
    expect_all();
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dense/each_has_its_own", each_has_its_own);
    g_test_add_func("/dense/most_stand_side_by_side", most_stand_side_by_side);
    g_test_add_func("/dense/another_file_begins_anew", another_file_begins_anew);
    return g_test_run();
}
