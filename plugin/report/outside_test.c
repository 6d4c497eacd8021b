/* outside_test.c
 * The first and last of each private network, and what is next to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/outside.h"

static const struct {
    uint8_t octets[4];
    bool outside;
} v4[] = {
    {{9, 255, 255, 255}, true},   {{10, 0, 0, 0}, false},        {{10, 255, 255, 255}, false},
    {{11, 0, 0, 0}, true},        {{172, 15, 255, 255}, true},   {{172, 16, 0, 0}, false},
    {{172, 31, 255, 255}, false}, {{172, 32, 0, 0}, true},       {{192, 167, 255, 255}, true},
    {{192, 168, 0, 0}, false},    {{192, 169, 0, 0}, true},      {{169, 253, 255, 255}, true},
    {{169, 254, 0, 0}, false},    {{169, 255, 0, 0}, true},      {{100, 63, 255, 255}, true},
    {{100, 64, 0, 0}, false},     {{100, 127, 255, 255}, false}, {{100, 128, 0, 0}, true},
    {{126, 255, 255, 255}, true}, {{127, 0, 0, 0}, false},       {{127, 255, 255, 255}, false},
    {{128, 0, 0, 0}, true},       {{252, 0, 0, 1}, true},        {{254, 128, 0, 1}, true},
    {{0, 0, 0, 0}, true},         {{168, 192, 0, 0}, true},
};

static const struct {
    uint8_t first[2];
    bool outside;
} v6[] = {
    {{0xfb, 0xff}, true}, {{0xfc, 0}, false},    {{0xfd, 0xff}, false}, {{0xfe, 0}, true},
    {{0xfe, 0x7f}, true}, {{0xfe, 0x80}, false}, {{0xfe, 0xbf}, false}, {{0xfe, 0xc0}, true},
    {{0, 0}, false},      {{0, 1}, true},        {{0x20, 0x01}, true},  {{10, 0}, true},
    {{192, 168}, true},
};

static void
of_ipv4(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(v4); i++) {
        address addr;

        set_address(&addr, AT_IPv4, sizeof v4[i].octets, v4[i].octets);
        g_test_message("%u.%u", v4[i].octets[0], v4[i].octets[1]);
        g_assert_cmpint(outside_is(&addr), ==, v4[i].outside);
    }
}

static void
of_ipv6(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(v6); i++) {
        uint8_t octets[16] = {v6[i].first[0], v6[i].first[1], [15] = 1};
        address addr;

        set_address(&addr, AT_IPv6, sizeof octets, octets);
        g_test_message("%02x%02x::", octets[0], octets[1]);
        g_assert_cmpint(outside_is(&addr), ==, v6[i].outside);
    }
}

static void
of_other_kinds(void)
{
    static const uint8_t octets[6] = {8, 8, 8, 8, 8, 8};
    address addr;

    set_address(&addr, AT_ETHER, sizeof octets, octets);
    g_assert_false(outside_is(&addr));
    clear_address(&addr);
    g_assert_false(outside_is(&addr));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outside/of_ipv4", of_ipv4);
    g_test_add_func("/outside/of_ipv6", of_ipv6);
    g_test_add_func("/outside/of_other_kinds", of_other_kinds);
    return g_test_run();
}
