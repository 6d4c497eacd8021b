/* carried_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/carried.h"

#include <epan/dissectors/packet-rtp.h>

#define HEADER 12

/* A packet of a type that has this name, with an event for a payload. */
static struct _rtp_info
packet(unsigned type, const char *name, const uint8_t *octets, unsigned length)
{
    return (struct _rtp_info){.info_payload_type = type,
                              .info_payload_type_str = name,
                              .info_all_data_present = true,
                              .info_data = octets,
                              .info_payload_offset = HEADER,
                              .info_payload_len = length};
}

static gunichar
digit(unsigned type, const char *name, uint8_t event)
{
    const uint8_t octets[HEADER + 4] = {[HEADER] = event};
    const struct _rtp_info info = packet(type, name, octets, 4);

    return carried_digit(&(joined_t){.codec = NULL}, &info);
}

static void
digits_are_events(void)
{
    const char *digits = "0123456789*#ABCD";

    for (uint8_t event = 0; event < 16; event++)
        g_assert_cmpuint(digit(101, "telephone-event", event), ==, (gunichar)digits[event]);
    g_assert_cmpuint(digit(101, "telephone-event", 16), ==, 0);
    g_assert_cmpuint(digit(96, "TELEPHONE-EVENT/8000", 1), ==, '1');
    g_assert_cmpuint(digit(127, "rtpevent", 1), ==, '1');
}

static void
other_types_are_none(void)
{
    g_assert_cmpuint(digit(101, "red", 1), ==, 0);
    g_assert_cmpuint(digit(101, "rtpevents", 1), ==, 0);
    g_assert_cmpuint(digit(101, "telephone", 1), ==, 0);
    g_assert_cmpuint(digit(101, NULL, 1), ==, 0);
    g_assert_cmpuint(digit(95, "telephone-event", 1), ==, 0);
}

static void
a_digit_is_the_first_octet(void)
{
    const uint8_t octets[HEADER + 1] = {[HEADER] = 10};
    const joined_t joined = {.codec = NULL};
    struct _rtp_info info = packet(101, "telephone-event", octets, 1);

    g_assert_cmpuint(carried_digit(&joined, &info), ==, '*');
    info.info_payload_len = 0;
    g_assert_cmpuint(carried_digit(&joined, &info), ==, 0);
    info.info_payload_len = 1;
    info.info_all_data_present = false;
    g_assert_cmpuint(carried_digit(&joined, &info), ==, 0);
}

/* What the signalling says of a type goes before what else it may be. */
static void
codecs_by_the_signalling(void)
{
    joined_t joined = {.codec = "gsmFullRate", .payload_type = 101};
    struct _rtp_info info = packet(101, "telephone-event", NULL, 4);

    g_assert_false(carried_is_event(&joined, &info));
    g_assert_cmpstr(carried_codec(&joined, &info), ==, "GSM");
    info.info_payload_type = 102;
    g_assert_true(carried_is_event(&joined, &info));
    g_assert_cmpstr(carried_codec(&joined, &info), ==, "telephone-event");
    joined.payload_type = 0;
    g_assert_true(carried_is_event(&joined, &info));
    g_assert_cmpstr(carried_codec(&joined, &info), ==, "GSM");
    joined.codec = NULL;
    g_assert_cmpstr(carried_codec(&joined, &info), ==, "telephone-event");
    info.info_payload_type = 0;
    g_assert_cmpstr(carried_codec(&joined, &info), ==, "PCMU");
    joined.codec = "gsmFullRate";
    g_assert_cmpstr(carried_codec(&joined, &info), ==, "PCMU");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/carried/digits_are_events", digits_are_events);
    g_test_add_func("/carried/other_types_are_none", other_types_are_none);
    g_test_add_func("/carried/a_digit_is_the_first_octet", a_digit_is_the_first_octet);
    g_test_add_func("/carried/codecs_by_the_signalling", codecs_by_the_signalling);
    return g_test_run();
}
