/* waveform_test.c
 * What is taken for a WAVEFORMATEX structure among other octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/waveform.h"

#include "common/octets_test.h"

#define BEFORE 3
#define EXTRA 4

typedef struct {
    uint16_t tag;
    uint16_t channels;
    uint32_t sample_rate;
    uint32_t byte_rate;
    uint16_t block_align;
    uint16_t bits;
} format_t;

/* GSM 06.10. */
static const format_t gsm = {0x31, 1, 8000, 1625, 65, 0};

static void
put(uint8_t *at, uint32_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* Behind a few other octets, and with few octets of its own at the end. */
static unsigned
found_in(format_t format, size_t captured)
{
    uint8_t octets[BEFORE + WAVEFORM_LENGTH + EXTRA] = {0};
    uint8_t *at = octets + BEFORE;
    tvbuff_t *tvb;
    unsigned found;

    put(at, format.tag, 2);
    put(at + 2, format.channels, 2);
    put(at + 4, format.sample_rate, 4);
    put(at + 8, format.byte_rate, 4);
    put(at + 12, format.block_align, 2);
    put(at + 14, format.bits, 2);
    put(at + 16, EXTRA, 2);
    tvb = captured_of(octets, captured, captured);
    found = waveform_found_at(tvb, BEFORE);
    tvb_free(tvb);
    return found;
}

static bool
is_found(format_t format)
{
    return found_in(format, BEFORE + WAVEFORM_LENGTH + EXTRA) != 0;
}

static void
is_found_whole(void)
{
    const size_t whole = BEFORE + WAVEFORM_LENGTH + EXTRA;

    g_assert_cmpuint(found_in(gsm, whole), ==, WAVEFORM_LENGTH + EXTRA);
    g_assert_cmpuint(found_in(gsm, whole - 1), ==, 0);
    g_assert_cmpuint(found_in(gsm, whole - EXTRA), ==, 0);
}

static void
has_a_usual_sample_rate(void)
{
    static const uint32_t usual[] = {8000, 11025, 16000, 22050, 32000, 44100, 48000};
    format_t format = gsm;

    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
        format.sample_rate = usual[i];
        g_assert_true(is_found(format));
        format.sample_rate++;
        g_assert_false(is_found(format));
        format.sample_rate -= 2;
        g_assert_false(is_found(format));
    }
}

static void
has_a_known_tag_and_channels(void)
{
    format_t format = gsm;

    format.tag = 0x32;
    g_assert_false(is_found(format));
    format = gsm;
    format.channels = 2;
    g_assert_true(is_found(format));
    format.channels = 3;
    g_assert_false(is_found(format));
    format.channels = 0;
    g_assert_false(is_found(format));
}

/* Samples have at most four octets. */
static void
has_samples_of_a_size_that_can_be(void)
{
    format_t format = gsm;

    format.byte_rate = 8000 * 4;
    g_assert_true(is_found(format));
    format.byte_rate++;
    g_assert_false(is_found(format));
    format.channels = 2;
    g_assert_true(is_found(format));
    format.byte_rate = 0;
    g_assert_false(is_found(format));
    format = gsm;
    format.block_align = 0;
    g_assert_false(is_found(format));
    format = gsm;
    format.bits = 32;
    g_assert_true(is_found(format));
    format.bits = 33;
    g_assert_false(is_found(format));
}

static void
says_its_length(void)
{
    uint8_t octets[WAVEFORM_LENGTH + 1] = {[16] = 5, [17] = 1};
    tvbuff_t *tvb = captured_of(octets, sizeof octets, sizeof octets);

    g_assert_cmpuint(waveform_length(tvb, 0), ==, WAVEFORM_LENGTH + 0x105);
    g_assert_cmpuint(waveform_length(tvb, 1), ==, WAVEFORM_LENGTH + 1);
    g_assert_cmpuint(waveform_length(tvb, 2), ==, 0);
    tvb_free(tvb);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/waveform/is_found_whole", is_found_whole);
    g_test_add_func("/waveform/has_a_usual_sample_rate", has_a_usual_sample_rate);
    g_test_add_func("/waveform/has_a_known_tag_and_channels", has_a_known_tag_and_channels);
    g_test_add_func("/waveform/has_samples_of_a_size_that_can_be",
                    has_samples_of_a_size_that_can_be);
    g_test_add_func("/waveform/says_its_length", says_its_length);
    return g_test_run();
}
