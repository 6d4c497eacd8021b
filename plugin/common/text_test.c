/* text_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/text.h"

static void
shown(void)
{
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"\x1b]0;owned\x07", "\\033]0;owned\\a"},
        {"a\nb\rc", "a\\nb\\rc"},
        {"\x7f", "\\177"},
        {"\xc2\x9b"
         "31m",
         "\\u009B31m"},
        {"\xe2\x80\xae"
         "ab",
         "\\u202Eab"},
        {"\xe2\x80\xa8", "\\u2028"},
        {"\xe2\x80\xa9", "\\u2029"},
        {"\xe2\x80\xa9, \xe2\x80\xa8", "\\u2029, \\u2028"},
        {"\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9"},
    };

    g_assert_null(text_shown(NULL, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = text_shown(NULL, cases[i][0]);

        g_assert_cmpstr(text, ==, cases[i][1]);
        wmem_free(NULL, text);
    }
}

static void
json(void)
{
    static const char *const cases[][2] = {
        {"plain", "\"plain\""},
        {"say \"hi\" \\ bye", "\"say \\\"hi\\\" \\\\ bye\""},
        {"\x01\x7f\xc2\x9b", "\"\\u0001\\u007f\\u009b\""},
        {"\xe2\x80\xae", "\"\\u202e\""},
        {"\xe2\x80\xa8", "\"\\u2028\""},
        {"\xe2\x80\xa9", "\"\\u2029\""},
        {"\xf3\xa0\x80\x81", "\"\\udb40\\udc01\""},
        {"\xff", "\"\xef\xbf\xbd\""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = text_json(cases[i][0]);

        g_assert_cmpstr(text, ==, cases[i][1]);
        g_free(text);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/shown", shown);
    g_test_add_func("/text/json", json);
    return g_test_run();
}
