/* octets_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/octets.h"

#include <glib.h>
#include <string.h>

static payload_t
payload_of(const char *text)
{
    return (payload_t){.bytes = (const uint8_t *)text, .length = (unsigned)strlen(text)};
}

static match_t
line_of(const char *text)
{
    const payload_t payload = payload_of(text);

    return octets_line_of(&payload, LIST("GET ", "POST "), " HTTP/");
}

/* What the line lacks may come until it ends. */
static void
lines(void)
{
    g_assert_cmpint(line_of("GET / HTTP/1.1\r\n"), ==, MATCH_YES);
    g_assert_cmpint(line_of("POST / HTTP/1"), ==, MATCH_YES);
    g_assert_cmpint(line_of("GET /long/path"), ==, MATCH_MAYBE);
    g_assert_cmpint(line_of("GET /long/path\r\n"), ==, MATCH_NO);
    g_assert_cmpint(line_of("GET /\n HTTP/1.1"), ==, MATCH_NO);
    g_assert_cmpint(line_of("PO"), ==, MATCH_MAYBE);
    g_assert_cmpint(line_of("PUT / HTTP/1.1\r\n"), ==, MATCH_NO);
}

static void
parts(void)
{
    const payload_t payload = payload_of("one\ntwo");

    g_assert_true(octets_line_has(&payload, "one"));
    g_assert_false(octets_line_has(&payload, "two"));
    g_assert_true(octets_have(&payload, "two"));
    g_assert_false(octets_have(&payload, "three"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/octets/lines", lines);
    g_test_add_func("/octets/parts", parts);
    return g_test_run();
}
