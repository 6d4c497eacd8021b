/* signatures_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/signatures.h"

#include <string.h>

#include <glib.h>

/* A payload, and the protocol that it tells of; NULL: none. */
typedef struct {
    const char *name;
    transport_t transport;
    match_t match;
    const char *bytes;
    size_t length;
} case_t;

#define CASE(name, transport, match, bytes)                                                        \
    {                                                                                              \
        name, transport, match, bytes, sizeof(bytes) - 1                                           \
    }

static const case_t openings[] = {
    CASE("TLS", OVER_TCP, MATCH_YES, "\x16\x03\x01\x00\x05hello"),
    CASE(NULL, OVER_TCP, MATCH_NO, "\x16\x04\x01\x00\x05hello, what is this"),
    CASE("SSH", OVER_TCP, MATCH_YES, "SSH-2.0-OpenSSH_9.2\r\n"),
    CASE("HTTP", OVER_TCP, MATCH_YES, "GET / HTTP/1.0\r\n\r\n"),
    CASE("HTTP/2", OVER_TCP, MATCH_YES, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    CASE("SIP", OVER_UDP, MATCH_YES, "OPTIONS sip:a@b SIP/2.0\r\n"),
    CASE("RDP", OVER_TCP, MATCH_YES,
         "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"),
    CASE("STUN", OVER_UDP, MATCH_YES,
         "\x00\x01\x00\x00\x21\x12\xa4\x42\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"),
    CASE(NULL, OVER_UDP, MATCH_NO,
         "\x00\x01\x00\x00\x21\x12\xa4\x43\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"),
    CASE("plain text", OVER_TCP, MATCH_YES, "good evening, who is there?\n"),
    CASE(NULL, OVER_TCP, MATCH_MAYBE, "GE"),
    CASE(NULL, OVER_TCP, MATCH_NO,
         "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"),
};

static payload_t
payload_of(const case_t *this_case)
{
    unsigned length = (unsigned)this_case->length;
    payload_t payload = {.bytes = (const uint8_t *)this_case->bytes,
                         .length = length,
                         .captured = length,
                         .reported = length};

    return payload;
}

static void
first_payloads(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        payload_t payload = payload_of(&openings[i]);
        const foreign_t *foreign = NULL;

        g_test_message("case %zu", i);
        g_assert_cmpint(signature_match(&payload, openings[i].transport, PROVISIONAL, &foreign), ==,
                        openings[i].match);
        g_assert_cmpstr(foreign ? foreign->name : NULL, ==, openings[i].name);
    }
}

/* What only a first payload tells is not told by a later one. */
static void
later_payloads(void)
{
    static const case_t later = CASE(NULL, OVER_TCP, MATCH_NO, "good evening, who is there?\n");
    payload_t payload = payload_of(&later);
    const foreign_t *foreign = NULL;

    g_assert_cmpint(signature_match(&payload, OVER_TCP, FIRM, &foreign), ==, MATCH_NO);
    g_assert_null(foreign);
}

/* Every row is looked at with every beginning of some bytes: none reads behind their end. */
static void
short_payloads(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        for (unsigned length = 0; length <= openings[i].length; length++) {
            uint8_t *copy = g_memdup2(openings[i].bytes, length);
            payload_t payload = {
                .bytes = copy, .length = length, .captured = length, .reported = length};
            const foreign_t *foreign = NULL;

            signature_match(&payload, openings[i].transport, PROVISIONAL, &foreign);
            g_free(copy);
        }
    }
}

static void
rows_are_whole(void)
{
    unsigned count;
    const foreign_t *rows = signatures(&count);

    for (unsigned i = 0; i < count; i++) {
        g_assert_nonnull(rows[i].name);
        g_assert_true(rows[i].over & (OVER_TCP | OVER_UDP));
        g_assert_true((rows[i].beginnings != NULL) != (rows[i].recognise != NULL));
        g_assert_false(rows[i].dissector && rows[i].table);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signatures/first_payloads", first_payloads);
    g_test_add_func("/signatures/later_payloads", later_payloads);
    g_test_add_func("/signatures/short_payloads", short_payloads);
    g_test_add_func("/signatures/rows_are_whole", rows_are_whole);
    return g_test_run();
}
