/* dialled_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/dialled.h"

static void
digits_are_kept(void)
{
    const packet_info pinfo = {.num = 7, .abs_ts = {.secs = 1000}};
    session_t session = {.number = 1};
    const dialled_list_t *list = &session.dialled;

    g_assert_null(dialled_at(list, 0));
    g_assert_cmpuint(dialled_count(list), ==, 0);
    dialled_add(&session, DIALLED_H245, "1\xe2\x82\xac", &pinfo);
    dialled_add(&session, DIALLED_KEYPAD, "#", &pinfo);
    dialled_add(&session, DIALLED_KEYPAD, NULL, &pinfo);
    g_assert_cmpuint(dialled_count(list), ==, 3);
    g_assert_cmpuint(dialled_at(list, 0)->character, ==, '1');
    g_assert_cmpuint(dialled_at(list, 1)->character, ==, 0x20ac);
    g_assert_cmpint(dialled_at(list, 1)->way, ==, DIALLED_H245);
    g_assert_cmpuint(dialled_at(list, 2)->character, ==, '#');
    g_assert_cmpint(dialled_at(list, 2)->way, ==, DIALLED_KEYPAD);
    g_assert_cmpuint(dialled_at(list, 2)->moment.frame, ==, 7);
    g_assert_cmpint(dialled_at(list, 2)->moment.at.secs, ==, 1000);
    g_assert_null(dialled_at(list, 3));
}

/* More are counted than are kept. */
static void
so_many_are_kept(void)
{
    const packet_info pinfo = {.num = 7};
    session_t session = {.number = 1};

    for (unsigned i = 0; i <= MOST_DIALLED; i++)
        dialled_add(&session, DIALLED_EVENT, "5", &pinfo);
    g_assert_cmpuint(dialled_count(&session.dialled), ==, MOST_DIALLED + 1);
    g_assert_nonnull(dialled_at(&session.dialled, MOST_DIALLED - 1));
    g_assert_null(dialled_at(&session.dialled, MOST_DIALLED));
}

static void
ways_have_names(void)
{
    g_assert_cmpstr(dialled_way_name(DIALLED_H245), ==, "h245");
    g_assert_cmpstr(dialled_way_name(DIALLED_EVENT), ==, "rfc2833");
    g_assert_cmpstr(dialled_way_name(DIALLED_KEYPAD), ==, "keypad");
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dialled/digits_are_kept", digits_are_kept);
    g_test_add_func("/dialled/so_many_are_kept", so_many_are_kept);
    g_test_add_func("/dialled/ways_have_names", ways_have_names);
    return g_test_run();
}
