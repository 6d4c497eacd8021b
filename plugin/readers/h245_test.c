/* h245_test.c
 * How a connection of H.245 begins and goes on, and what else there is in TPKT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/h245.h"

#include "common/octets_test.h"

/* A terminalCapabilitySet, with the protocol identifier behind its sequence number. */
static const uint8_t capabilities[] = {3, 0, 0, 13, 0x02, 0x70, 1, 0x06, 0, 0x08, 0x81, 0x75, 0};

static h245_start_t
start_of(const uint8_t *octets, size_t captured)
{
    tvbuff_t *tvb = captured_of(octets, captured, captured);
    h245_start_t start = h245_start(tvb);

    tvb_free(tvb);
    return start;
}

static h245_start_t
start(uint8_t length, uint8_t choice, uint8_t second, size_t captured)
{
    const uint8_t octets[32] = {3, 0, 0, length, choice, second};

    return start_of(octets, captured);
}

static void
begins_with_capabilities(void)
{
    uint8_t octets[sizeof capabilities];

    for (size_t captured = 0; captured < sizeof capabilities - 1; captured++)
        g_assert_cmpint(start_of(capabilities, captured), ==, H245_TOO_SHORT);
    g_assert_cmpint(start_of(capabilities, sizeof capabilities - 1), ==, H245_OPENS);
    for (size_t at = 7; at < sizeof capabilities - 1; at++) {
        memcpy(octets, capabilities, sizeof octets);
        octets[at] ^= 1;
        g_assert_cmpint(start_of(octets, at), ==, H245_TOO_SHORT);
        g_assert_cmpint(start_of(octets, at + 1), ==, H245_NONE);
    }
}

static void
begins_with_few_messages(void)
{
    g_assert_cmpint(start(16, 0x01, 0, 5), ==, H245_OPENS);
    g_assert_cmpint(start(17, 0x01, 0, 5), ==, H245_NONE);
    g_assert_cmpint(start(16, 0x20, 0, 5), ==, H245_OPENS);
    g_assert_cmpint(start(17, 0x20, 0, 5), ==, H245_NONE);
    g_assert_cmpint(start(16, 0x21, 0, 5), ==, H245_OPENS);
    g_assert_cmpint(start(17, 0x21, 0, 5), ==, H245_NONE);
    for (unsigned choice = 0x04; choice < 0x20; choice++)
        g_assert_cmpint(start(16, (uint8_t)choice, 0, 5), ==, H245_NONE);
    for (unsigned choice = 0x22; choice <= UINT8_MAX; choice++)
        g_assert_cmpint(start(16, (uint8_t)choice, 0, 5), ==, H245_NONE);
    g_assert_cmpint(start(16, 0x00, 0, 5), ==, H245_NONE);
}

/* The channel's number is of two octets, before which the encoding puts six bits of 0. */
static void
begins_with_a_channel(void)
{
    g_assert_cmpint(start(100, 0x03, 0, 5), ==, H245_TOO_SHORT);
    g_assert_cmpint(start(100, 0x03, 0, 6), ==, H245_OPENS);
    g_assert_cmpint(start(100, 0x03, 0xc0, 6), ==, H245_OPENS);
    g_assert_cmpint(start(100, 0x03, 0x20, 6), ==, H245_NONE);
    g_assert_cmpint(start(100, 0x03, 0x01, 6), ==, H245_NONE);
}

static h245_start_t
goes_on(uint8_t first, uint8_t length, uint8_t choice, uint8_t second, size_t captured)
{
    const uint8_t octets[32] = {first, 0, 0, length, choice, second};
    tvbuff_t *tvb = captured_of(octets, captured, captured);
    h245_start_t found = h245_continues(tvb);

    tvb_free(tvb);
    return found;
}

static void
goes_on_with_any_message(void)
{
    g_assert_cmpint(goes_on(3, 16, 0x01, 0, 5), ==, H245_OPENS);
    g_assert_cmpint(goes_on(3, 16, 0x22, 0, 6), ==, H245_OPENS);
    g_assert_cmpint(goes_on(3, 6, 0x22, 0, 5), ==, H245_TOO_SHORT);
    g_assert_cmpint(goes_on(3, 5, 0x22, 0, 5), ==, H245_OPENS);
    g_assert_cmpint(goes_on(3, 5, 0x22, 0, 4), ==, H245_TOO_SHORT);
    g_assert_cmpint(goes_on(2, 16, 0x22, 0, 6), ==, H245_NONE);
    /* The version stands in front, not behind. */
    g_assert_cmpint(goes_on(0, 3, 0x22, 0, 6), ==, H245_NONE);
}

/* X.224 section 13: data; connection requests and the like, whose header says its own length. */
static void
is_not_what_else_is_in_tpkt(void)
{
    static const uint8_t codes[] = {0xe0, 0xd0, 0x80, 0x70};

    g_assert_cmpint(goes_on(3, 16, 2, 0xf0, 8), ==, H245_NONE);
    g_assert_cmpint(goes_on(3, 16, 2, 0x90, 8), ==, H245_OPENS);
    g_assert_cmpint(goes_on(3, 16, 0x22, 0xf0, 6), ==, H245_OPENS);
    for (size_t i = 0; i < sizeof codes; i++) {
        g_assert_cmpint(goes_on(3, 0x27, 0x22, codes[i], 6), ==, H245_NONE);
        g_assert_cmpint(goes_on(3, 0x28, 0x22, codes[i], 6), ==, H245_OPENS);
        g_assert_cmpint(goes_on(3, 0x26, 0x22, codes[i], 6), ==, H245_OPENS);
    }
    g_assert_cmpint(goes_on(3, 0x27, 0x22, 0x90, 6), ==, H245_OPENS);
    g_assert_cmpint(goes_on(3, 16, 0x08, 2, 6), ==, H245_NONE);
    g_assert_cmpint(goes_on(3, 16, 0x09, 2, 6), ==, H245_OPENS);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/h245/begins_with_capabilities", begins_with_capabilities);
    g_test_add_func("/h245/begins_with_few_messages", begins_with_few_messages);
    g_test_add_func("/h245/begins_with_a_channel", begins_with_a_channel);
    g_test_add_func("/h245/goes_on_with_any_message", goes_on_with_any_message);
    g_test_add_func("/h245/is_not_what_else_is_in_tpkt", is_not_what_else_is_in_tpkt);
    return g_test_run();
}
