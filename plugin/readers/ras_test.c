/* ras_test.c
 * What the octets of a message of RAS tell before it is decoded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/ras.h"

#include "common/octets_test.h"

#define TYPES 32

static int
type_of(uint8_t first, size_t captured)
{
    const uint8_t octets[16] = {first};
    tvbuff_t *tvb = captured_of(octets, captured, captured);
    int type = ras_type(tvb);

    tvb_free(tvb);
    return type;
}

/* ITU-T X.691: 25 choices in five bits behind that of the extension, and eight more in six. */
static void
the_first_octet_has_the_type(void)
{
    for (unsigned first = 0; first < 0x80; first++)
        g_assert_cmpint(type_of((uint8_t)first, 16), ==, first >> 2 < 25 ? (int)(first >> 2) : -1);
    for (unsigned first = 0x80; first <= UINT8_MAX; first++)
        g_assert_cmpint(type_of((uint8_t)first, 16), ==,
                        first - 0x80 < 8 ? (int)(first - 0x80 + 25) : -1);
    g_assert_cmpint(type_of(0, 0), ==, -1);
}

/* ITU-T H.225.0 section 7.7 and following. */
static void
requests_and_answers(void)
{
    /* The request of each type; its own: it is one. */
    static const uint8_t requests[TYPES] = {0,  0,  0,  3,  3,  3,  6,  6,  6,  9,  9,
                                            9,  12, 12, 12, 15, 15, 15, 18, 18, 18, 21,
                                            21, 23, 24, 25, 26, 26, 22, 22, 30, 30};

    for (uint8_t type = 0; type < TYPES; type++) {
        ras_role_t expected = requests[type] == type ? RAS_REQUEST : RAS_RESPONSE;

        g_assert_cmpuint(ras_request_of(type), ==, type == RAS_IRR ? RAS_IRQ : requests[type]);
        if (type == RAS_NSM || type == RAS_RIP)
            expected = RAS_NEITHER;
        if (type == RAS_XRS)
            expected = RAS_RESPONSE;
        g_assert_cmpint(ras_role(type), ==, expected);
        g_assert_true(ras_is_opening(type) == (type < RAS_URQ));
    }
    g_assert_cmpint(ras_role(TYPES), ==, RAS_NEITHER);
}

/* Behind so many octets, and of this version. */
static bool
has_identifier(unsigned at, uint8_t version, size_t captured)
{
    static const uint8_t identifier[] = {0x06, 0x00, 0x08, 0x91, 0x4a, 0x00};
    uint8_t octets[128] = {0};
    tvbuff_t *tvb;
    bool found;

    memcpy(octets + at, identifier, sizeof identifier);
    octets[at + sizeof identifier] = version;
    tvb = captured_of(octets, captured, sizeof octets);
    found = ras_has_protocol_identifier(tvb);
    tvb_free(tvb);
    return found;
}

static void
the_protocol_is_named(void)
{
    for (unsigned at = 0; at < 10; at++) {
        g_assert_true(has_identifier(at, 4, 128));
        g_assert_true(has_identifier(at, 4, at + 7));
        g_assert_false(has_identifier(at, 4, at + 6));
    }
    g_assert_true(has_identifier(3, 1, 128));
    g_assert_true(has_identifier(3, 15, 128));
    g_assert_false(has_identifier(3, 0, 128));
    g_assert_false(has_identifier(3, 16, 128));
    g_assert_false(has_identifier(10, 4, 128));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ras/the_first_octet_has_the_type", the_first_octet_has_the_type);
    g_test_add_func("/ras/requests_and_answers", requests_and_answers);
    g_test_add_func("/ras/the_protocol_is_named", the_protocol_is_named);
    return g_test_run();
}
