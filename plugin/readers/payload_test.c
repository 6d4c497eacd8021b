/* payload_test.c
 * What is silence, and what is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/payload.h"

#include <glib.h>
#include <string.h>

/* A frame of GSM 06.10 as an encoder makes it of zeros. */
static const uint8_t gsm_of_zeros[] = {
    0xd8, 0x20, 0xa2, 0xe1, 0x5a, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49,
    0x24, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24, 0x50, 0x00, 0x49,
    0x24, 0x92, 0x49, 0x24, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24,
};

static void
g711(void)
{
    uint8_t octets[160];

    memset(octets, 0xff, sizeof octets);
    g_assert_true(payload_is_silence(0, octets, sizeof octets));
    g_assert_true(payload_is_silence(8, octets, sizeof octets));
    g_assert_false(payload_is_silence(9, octets, sizeof octets));
    g_assert_false(payload_is_silence(0, octets, 0));
    octets[159] = 0xfe;
    g_assert_false(payload_is_silence(0, octets, sizeof octets));
}

static void
gsm(void)
{
    uint8_t octets[2 * sizeof gsm_of_zeros];

    memcpy(octets, gsm_of_zeros, sizeof gsm_of_zeros);
    memcpy(octets + sizeof gsm_of_zeros, gsm_of_zeros, sizeof gsm_of_zeros);
    g_assert_true(payload_is_silence(3, octets, sizeof octets));
    g_assert_false(payload_is_silence(3, octets, sizeof octets - 1));
    octets[sizeof gsm_of_zeros + 27] |= 1;
    g_assert_false(payload_is_silence(3, octets, sizeof octets));
    octets[sizeof gsm_of_zeros + 27] = 0;
    octets[7] |= 0x80;
    g_assert_false(payload_is_silence(3, octets, sizeof octets));
}

static void
g723(void)
{
    static const uint8_t silence[] = {0x02, 0x11, 0x22, 0x33, 0x03};
    static const uint8_t speech[] = {0x02, 0x11, 0x22, 0x33, 0x01, 0, 0, 0};

    g_assert_true(payload_is_silence(4, silence, sizeof silence));
    g_assert_false(payload_is_silence(4, speech, sizeof speech));
}

static void
g729(void)
{
    static const uint8_t octets[12] = {0};

    g_assert_true(payload_is_silence(18, octets, 2));
    g_assert_false(payload_is_silence(18, octets, 12));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/payload/g711", g711);
    g_test_add_func("/payload/gsm", gsm);
    g_test_add_func("/payload/g723", g723);
    g_test_add_func("/payload/g729", g729);
    return g_test_run();
}
