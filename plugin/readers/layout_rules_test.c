/* layout_rules_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/layout_rules.h"

static void
numbers(void)
{
    uint32_t value = 0;

    g_assert_true(layout_rules_read_number("17", &value));
    g_assert_cmpuint(value, ==, 17);
    g_assert_true(layout_rules_read_number("0x1F", &value));
    g_assert_cmpuint(value, ==, 31);
    g_assert_true(layout_rules_read_number("4294967295", &value));
    g_assert_false(layout_rules_read_number("4294967296", &value));
    g_assert_false(layout_rules_read_number("-1", &value));
    g_assert_false(layout_rules_read_number("0x", &value));
    g_assert_false(layout_rules_read_number("12 ", &value));
    g_assert_false(layout_rules_read_number("", &value));
    g_assert_false(layout_rules_read_number(NULL, &value));
}

/* A row of the table of fields, and a part of what is said of it; NULL: it is right. */
static const struct {
    layout_field_record_t row;
    const char *complaint;
} fields[] = {
    {{"any", "4", "2", KIND_PORT, "port_1", ORDER_BIG, ROLE_MEDIA_PORT}, NULL},
    {{"0x10", "0x20", "0", KIND_STRING, "_who", ORDER_BIG, ROLE_CALLER}, NULL},
    {{"some", "4", "2", KIND_PORT, "port", ORDER_BIG, ROLE_NONE}, "neither a number"},
    {{"any", "four", "2", KIND_PORT, "port", ORDER_BIG, ROLE_NONE}, "is not a number"},
    {{"any", "1048577", "2", KIND_PORT, "port", ORDER_BIG, ROLE_NONE}, "is more than 1048576"},
    {{"any", "4", "3", KIND_PORT, "port", ORDER_BIG, ROLE_NONE}, "The width of a port is 2"},
    {{"any", "4", "0", KIND_UINT, "n", ORDER_BIG, ROLE_NONE}, "The width of a uint is 1 to 8"},
    {{"any", "4", "2", KIND_PORT, "", ORDER_BIG, ROLE_NONE}, "needs a name"},
    {{"any", "4", "2", KIND_PORT, "1st", ORDER_BIG, ROLE_NONE}, "begin with a letter"},
    {{"any", "4", "2", KIND_PORT, "a.b", ORDER_BIG, ROLE_NONE}, "letters, digits and _"},
    {{"any", "4", "2", KIND_PORT, "port", ORDER_BIG, ROLE_CAUSE}, "of the kind uint"},
};

static void
rows_of_fields(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        layout_field_record_t row = fields[i].row;
        char *error = NULL;
        bool is_right = layout_rules_check_field(&row, &error);

        g_test_message("row %zu: %s", i, error ? error : "right");
        g_assert_true(is_right == !fields[i].complaint);
        g_assert_true(is_right == !error);
        if (error && fields[i].complaint)
            g_assert_nonnull(strstr(error, fields[i].complaint));
        g_free(error);
    }
}

static void
rows_of_types(void)
{
    layout_type_record_t row = {"0x12", "hello", EVENT_REQUEST};
    char *error = NULL;

    g_assert_true(layout_rules_check_type(&row, &error));
    g_assert_null(error);
    row.name = "";
    g_assert_false(layout_rules_check_type(&row, &error));
    g_assert_nonnull(strstr(error, "needs a name"));
    g_free(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout_rules/numbers", numbers);
    g_test_add_func("/layout_rules/rows_of_fields", rows_of_fields);
    g_test_add_func("/layout_rules/rows_of_types", rows_of_types);
    return g_test_run();
}
