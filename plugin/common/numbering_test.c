/* numbering_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/numbering.h"

static void
frames_have_their_own_numbers(void)
{
    g_assert_cmpuint(numbering_told(1), ==, 1);
    g_assert_cmpuint(numbering_told(UINT32_MAX), ==, UINT32_MAX);
}

/* Questions at 3, 4 and 7; 100 packets came before the file. */
static void
questions_do_not_count(void)
{
    static const struct {
        uint32_t frame;
        uint64_t told;
    } frames[] = {{1, 101}, {2, 102}, {5, 103}, {6, 104}, {8, 105}, {9, 106}};

    numbering_pass_over(3, 100);
    g_assert_cmpuint(numbering_told(5), ==, 104);
    numbering_pass_over(4, 1);
    g_assert_cmpuint(numbering_told(5), ==, 103);
    numbering_pass_over(7, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(frames); i++)
        g_assert_cmpuint(numbering_told(frames[i].frame), ==, frames[i].told);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/numbering/frames_have_their_own_numbers", frames_have_their_own_numbers);
    g_test_add_func("/numbering/questions_do_not_count", questions_do_not_count);
    return g_test_run();
}
