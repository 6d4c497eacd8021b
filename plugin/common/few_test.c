/* few_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/few.h"

#define MANY 100

static const void *
key_of(unsigned number)
{
    return GUINT_TO_POINTER(number * 7);
}

static void
put(few_t *few, unsigned first, unsigned count)
{
    for (unsigned number = first; number < first + count; number++)
        few_put(few, key_of(number), GUINT_TO_POINTER(number + 1));
}

static void
expect(const few_t *few, unsigned number, unsigned value)
{
    g_assert_cmpuint(GPOINTER_TO_UINT(few_find(few, key_of(number))), ==, value);
}

static void
nothing_is_in_an_empty_one(void)
{
    few_t few = {.count = 0};

    expect(&few, 1, 0);
    few_remove(&few, key_of(1));
    expect(&few, 1, 0);
}

static void
the_latest_value_counts(void)
{
    few_t few = {.count = 0};

    put(&few, 0, 3);
    few_put(&few, key_of(1), GUINT_TO_POINTER(50));
    expect(&few, 0, 1);
    expect(&few, 1, 50);
    expect(&few, 2, 3);
}

static void
what_is_removed_is_gone(void)
{
    few_t few = {.count = 0};

    put(&few, 0, 3);
    few_remove(&few, key_of(1));
    expect(&few, 0, 1);
    expect(&few, 1, 0);
    expect(&few, 2, 3);
}

/* They are in a map by then. */
static void
many_are_as_few(void)
{
    few_t few = {.count = 0};

    put(&few, 0, MANY);
    few_remove(&few, key_of(5));
    few_put(&few, key_of(6), GUINT_TO_POINTER(50));
    for (unsigned number = 7; number < MANY; number++)
        expect(&few, number, number + 1);
    expect(&few, 5, 0);
    expect(&few, 6, 50);
}

static void
add_up(void *value, void *data)
{
    *(unsigned *)data += GPOINTER_TO_UINT(value);
}

static unsigned
sum_of(const few_t *few)
{
    unsigned sum = 0;

    few_each(few, add_up, &sum);
    return sum;
}

static void
each_is_visited_once(void)
{
    few_t few = {.count = 0};

    g_assert_cmpuint(sum_of(&few), ==, 0);
    for (unsigned number = 0; number < MANY; number++) {
        put(&few, number, 1);
        g_assert_cmpuint(sum_of(&few), ==, (number + 1) * (number + 2) / 2);
    }
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/few/nothing_is_in_an_empty_one", nothing_is_in_an_empty_one);
    g_test_add_func("/few/the_latest_value_counts", the_latest_value_counts);
    g_test_add_func("/few/what_is_removed_is_gone", what_is_removed_is_gone);
    g_test_add_func("/few/many_are_as_few", many_are_as_few);
    g_test_add_func("/few/each_is_visited_once", each_is_visited_once);
    return g_test_run();
}
