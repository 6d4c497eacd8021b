/* h225_test.c
 * Where messages in TPKT begin, and what only looks so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/h225.h"

#include "common/octets_test.h"

#define CALL_PROCEEDING 0x02

/* A Call Proceeding: bearer capability, a display, and a user-user element of X.208 and X.209. */
static const uint8_t message[] = {3,    0, 0,    24,   0x08, 2, 0, 1, CALL_PROCEEDING,
                                  0x04, 3, 0x88, 0xc0, 0xa5, /* bearer capability */
                                  0xa1,                      /* sending complete: one octet */
                                  0x28, 1, 'A',              /* display */
                                  0x7e, 0, 3,    5,    1,    2};

#define CODE 8
#define DISPLAY_LENGTH 16
#define USER_USER 18

static tvbuff_t *
whole(const uint8_t *octets, size_t length)
{
    return captured_of(octets, length, length);
}

static bool
may_be_tpkt(uint8_t first, uint8_t second, size_t length)
{
    const uint8_t octets[] = {first, second};
    tvbuff_t *tvb = whole(octets, length);
    bool may_be = h225_may_be_tpkt(tvb, 0);

    tvb_free(tvb);
    return may_be;
}

/* RFC 1006 section 6: version 3, and an octet that is reserved. */
static void
tpkt(void)
{
    g_assert_true(may_be_tpkt(3, 0, 2));
    g_assert_false(may_be_tpkt(2, 0, 2));
    g_assert_false(may_be_tpkt(3, 1, 2));
    g_assert_true(may_be_tpkt(3, 1, 1));
    g_assert_false(may_be_tpkt(2, 1, 1));
    g_assert_true(may_be_tpkt(2, 1, 0));
}

static h225_start_t
start(size_t captured, uint8_t length, uint8_t discriminator)
{
    const uint8_t octets[] = {3, 0, 0, length, discriminator};
    tvbuff_t *tvb = captured_of(octets, captured, 64);
    h225_start_t found = h225_start(tvb, 0);

    tvb_free(tvb);
    return found;
}

static void
starts(void)
{
    g_assert_cmpint(start(5, 20, 8), ==, H225_MESSAGE);
    g_assert_cmpint(start(5, 20, 3), ==, H225_MESSAGE);
    g_assert_cmpint(start(5, 20, 4), ==, H225_NONE);
    g_assert_cmpint(start(5, 7, 8), ==, H225_MESSAGE);
    g_assert_cmpint(start(5, 6, 8), ==, H225_NONE);
    g_assert_cmpint(start(4, 4, 0), ==, H225_KEEP_ALIVE);
    g_assert_cmpint(start(4, 3, 0), ==, H225_NONE);
    g_assert_cmpint(start(4, 20, 0), ==, H225_TOO_SHORT);
    g_assert_cmpint(start(3, 20, 0), ==, H225_TOO_SHORT);
}

/* Octets of other things, and a message behind them: changed at a place, and of so many octets. */
static bool
resumes_with(unsigned at, uint8_t octet, size_t length)
{
    uint8_t octets[5 + sizeof message] = {9, 9, 3, 9, 9};
    tvbuff_t *tvb;
    bool found;

    memcpy(octets + 5, message, sizeof message);
    octets[5 + at] = octet;
    tvb = whole(octets, 5 + length);
    found = h225_resumes(tvb);
    tvb_free(tvb);
    return found;
}

static bool
resumes(unsigned at, uint8_t octet)
{
    return resumes_with(at, octet, sizeof message);
}

static void
resumes_where_a_message_stands(void)
{
    g_assert_true(resumes(0, 3));
    g_assert_false(resumes(0, 2));
    g_assert_false(resumes(1, 1));
    g_assert_false(resumes(4, 3));
    g_assert_false(resumes(5, 1));
    g_assert_false(resumes(DISPLAY_LENGTH, 2));
    g_assert_false(resumes(DISPLAY_LENGTH, 0));
    g_assert_false(resumes(USER_USER + 2, 2));
    g_assert_false(resumes(USER_USER + 3, 4));
    g_assert_false(resumes(3, sizeof message - 1));
    g_assert_false(resumes(3, sizeof message + 1));
    g_assert_false(resumes(3, 4));
    /* What was not captured cannot be looked at. */
    for (size_t length = 0; length <= USER_USER + 3; length++)
        g_assert_false(resumes_with(0, 3, length));
    g_assert_true(resumes_with(0, 3, USER_USER + 4));
}

/* H.225.0 section 7.1, table 4. */
static void
resumes_with_messages_of_h225(void)
{
    static const uint8_t sent[] = {0x01, 0x02, 0x03, 0x05, 0x07, 0x0d, 0x20,
                                   0x5a, 0x62, 0x6e, 0x75, 0x7b, 0x7d};

    for (unsigned type = 0; type <= UINT8_MAX; type++)
        g_assert_true(resumes(CODE, (uint8_t)type) ==
                      (memchr(sent, (int)type, sizeof sent) != NULL));
}

/* An element of no octets that the next header is not in, and too many of one octet. */
static void
looks_at_a_few_elements(void)
{
    uint8_t octets[9 + 40 + 6] = {3, 0, 0, sizeof octets, 0x08, 2, 0, 1, CALL_PROCEEDING};
    static const uint8_t user_user[] = {0x7e, 0, 3, 5, 1, 2};

    for (unsigned elements = 0; elements <= 40; elements++) {
        const size_t length = 9 + elements + sizeof user_user;
        tvbuff_t *tvb;

        memset(octets + 9, 0xa1, elements);
        memcpy(octets + 9 + elements, user_user, sizeof user_user);
        octets[3] = (uint8_t)length;
        tvb = whole(octets, length);
        g_assert_true(h225_resumes(tvb) == (elements < 32));
        tvb_free(tvb);
    }
}

static unsigned
pdu_length(const uint8_t *octets, size_t captured, size_t reported)
{
    tvbuff_t *tvb = captured_of(octets, captured, reported);
    unsigned length = h225_pdu_length(NULL, tvb, 0, NULL);

    tvb_free(tvb);
    return length;
}

static void
has_the_length_of_its_tpkt(void)
{
    uint8_t octets[2 * sizeof message];

    memcpy(octets, message, sizeof message);
    memcpy(octets + sizeof message, message, sizeof message);
    g_assert_cmpuint(pdu_length(octets, sizeof octets, sizeof octets), ==, sizeof message);
    g_assert_cmpuint(pdu_length(octets, 10, 10), ==, sizeof message);
    g_assert_cmpuint(pdu_length(octets, 4, 4), ==, sizeof message);
    g_assert_cmpuint(pdu_length(octets, 3, 3), ==, 0);
    /* One that is none goes to where the next begins, or to the end. */
    octets[0] = 4;
    g_assert_cmpuint(pdu_length(octets, sizeof octets, sizeof octets), ==, sizeof message);
    g_assert_cmpuint(pdu_length(octets, 10, 10), ==, 10);
    octets[0] = 3;
    octets[3] = 3;
    g_assert_cmpuint(pdu_length(octets, sizeof octets, sizeof octets), ==, sizeof message);
    octets[3] = 4;
    g_assert_cmpuint(pdu_length(octets, sizeof octets, sizeof octets), ==, 4);
    /* That of other things is believed only if it is all there. */
    octets[3] = 40;
    octets[4] = 9;
    g_assert_cmpuint(pdu_length(octets, sizeof octets, sizeof octets), ==, 40);
    octets[3] = sizeof octets + 1;
    g_assert_cmpuint(pdu_length(octets, sizeof octets, sizeof octets), ==, sizeof message);
}

static bool
looks_malformed(uint8_t first, uint8_t length, size_t captured, size_t reported)
{
    const uint8_t octets[8] = {first, 0, 0, length};
    tvbuff_t *tvb = captured_of(octets, captured, reported);
    bool found = h225_looks_malformed(tvb);

    tvb_free(tvb);
    return found;
}

static void
is_malformed_if_it_is_all_there(void)
{
    g_assert_true(looks_malformed(3, 8, 8, 8));
    g_assert_true(looks_malformed(3, 4, 4, 4));
    g_assert_false(looks_malformed(3, 3, 3, 3));
    g_assert_false(looks_malformed(3, 9, 8, 8));
    g_assert_false(looks_malformed(3, 8, 8, 9));
    g_assert_false(looks_malformed(2, 8, 8, 8));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/h225/tpkt", tpkt);
    g_test_add_func("/h225/starts", starts);
    g_test_add_func("/h225/resumes_where_a_message_stands", resumes_where_a_message_stands);
    g_test_add_func("/h225/resumes_with_messages_of_h225", resumes_with_messages_of_h225);
    g_test_add_func("/h225/looks_at_a_few_elements", looks_at_a_few_elements);
    g_test_add_func("/h225/has_the_length_of_its_tpkt", has_the_length_of_its_tpkt);
    g_test_add_func("/h225/is_malformed_if_it_is_all_there", is_malformed_if_it_is_all_there);
    return g_test_run();
}
