/* connection_test.c
 * What needs no conversation: the turns of a connection, and what it carries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/connection.h"

static void
expect_turn(connection_t *connection, bool by_opener, uint32_t number, bool starts, bool is_first)
{
    turn_t turn = connection_turn(connection, by_opener);

    g_assert_cmpuint(turn.number, ==, number);
    g_assert_cmpint(turn.by_opener, ==, by_opener);
    g_assert_cmpint(turn.starts, ==, starts);
    g_assert_cmpint(turn.is_first_of_opener, ==, is_first);
}

static void
turns_begun_by_the_opener(void)
{
    connection_t connection = {.messages = 0};

    expect_turn(&connection, true, 1, true, true);
    expect_turn(&connection, true, 1, false, false);
    expect_turn(&connection, false, 2, true, false);
    expect_turn(&connection, false, 2, false, false);
    expect_turn(&connection, true, 3, true, false);
}

static void
turns_begun_by_the_other(void)
{
    connection_t connection = {.messages = 0};

    expect_turn(&connection, false, 1, true, false);
    expect_turn(&connection, false, 1, false, false);
    expect_turn(&connection, true, 2, true, true);
}

static void
codings_since_a_frame(void)
{
    connection_t connection = {.messages = 0};

    g_assert_false(connection_is(NULL, CODING_H225, 9));
    g_assert_false(connection_is(&connection, CODING_H225, 9));
    connection_set(&connection, CODING_H225, 5);
    connection_set(&connection, CODING_H225, 7);
    g_assert_false(connection_is(&connection, CODING_H225, 4));
    g_assert_true(connection_is(&connection, CODING_H225, 5));
    g_assert_true(connection_is(&connection, CODING_H225, 9));
    g_assert_false(connection_is(&connection, CODING_OPAQUE, 9));
}

static const struct foreign *
foreign_at(const connection_t *connection, uint32_t frame)
{
    const told_t *told = connection_foreign(connection, frame);

    return told ? told->foreign : NULL;
}

/* Nobody looks into what is foreign here: any address will do. */
static void
what_is_foreign(void)
{
    const struct foreign *one = (const struct foreign *)"one";
    const struct foreign *other = (const struct foreign *)"other";
    connection_t connection = {.messages = 0};

    g_assert_null(connection_foreign(NULL, 9));
    g_assert_null(connection_foreign_at_last(&connection, 9));
    connection_set_foreign(&connection, one, 5);
    connection_set_foreign(&connection, other, 7);
    g_assert_null(connection_foreign(&connection, 4));
    g_assert_true(foreign_at(&connection, 5) == one);
    g_assert_true(foreign_at(&connection, 6) == one);
    g_assert_true(foreign_at(&connection, 7) == other);
    g_assert_true(connection_foreign_at_last(&connection, 4)->foreign == one);
    g_assert_true(connection_foreign_at_last(&connection, 9)->foreign == other);
    g_assert_true(connection_is(&connection, CODING_FOREIGN, 5));
    g_assert_false(connection_is(&connection, CODING_FOREIGN, 4));
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/connection/turns_begun_by_the_opener", turns_begun_by_the_opener);
    g_test_add_func("/connection/turns_begun_by_the_other", turns_begun_by_the_other);
    g_test_add_func("/connection/codings_since_a_frame", codings_since_a_frame);
    g_test_add_func("/connection/what_is_foreign", what_is_foreign);
    return g_test_run();
}
