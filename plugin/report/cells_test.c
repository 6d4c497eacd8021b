/* cells_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/cells.h"

static const struct {
    const char *text;
    int columns;
    const char *cell;
} cases[] = {
    {"near", 6, "near  "},
    {"near", 4, "near"},
    {"nearest", 4, "nea\xe2\x80\xa6"},
    {"", 3, "   "},
    /* wide characters take two columns: one that does not fit leaves a blank */
    {"\xe6\x97\xa5\xe6\x9c\xac", 5, "\xe6\x97\xa5\xe6\x9c\xac "},
    {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, "\xe6\x97\xa5\xe2\x80\xa6 "},
    /* combining ones take none */
    {"e\xcc\x81", 2, "e\xcc\x81 "},
    /* what would move the cursor is escaped */
    {"a\x1b[2J", 9, "a\\033[2J "},
    {"a\xe2\x80\xa9"
     "b",
     9, "a\\u2029b "},
};

static void
cells(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *line = g_string_new(NULL);

        cell_append(line, cases[i].text, cases[i].columns);
        g_assert_cmpstr(line->str, ==, cases[i].cell);
        g_string_free(line, TRUE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cells/cells", cells);
    return g_test_run();
}
