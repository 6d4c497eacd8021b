/* opaque_test.c
 * Which addresses and ports are found in octets of a format that is not known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/opaque.h"

#include "common/hosts_test.h"
#include "common/octets_test.h"

#include <epan/frame_data.h>

static wmem_allocator_t *scope;

/* The ports that are found beside the address of the first host, in the order in which they are. */
static void
expect(const uint8_t *octets, size_t length, const uint16_t *ports, unsigned count)
{
    frame_data fd = {.num = 1};
    packet_info pinfo = {.fd = &fd, .pool = scope, .src = host(0), .dst = host(1)};
    const turn_t turn = {.number = 1};
    tvbuff_t *tvb = captured_of(octets, length, length);
    const message_t *message = opaque_message(&pinfo, tvb, &turn);

    g_assert_cmpuint(wmem_array_get_count(message->offers), ==, count);
    for (unsigned i = 0; i < count; i++) {
        const media_offer_t *offer = wmem_array_index(message->offers, i);

        g_assert_cmpuint(offer->port, ==, ports[i]);
        g_assert_cmpmem(offer->octets, 4, pinfo.src.data, 4);
        g_assert_true(offer->inferred);
    }
    tvb_free(tvb);
}

#define EXPECT(octets, ...)                                                                        \
    expect(octets, sizeof(octets), (const uint16_t[]){__VA_ARGS__},                                \
           sizeof((const uint16_t[]){__VA_ARGS__}) / 2)

/* ITU-T H.245: the network, then the port. */
static void
a_port_behind(void)
{
    static const uint8_t octets[] = {9, 192, 0, 2, 1, 0x13, 0x8c};
    static const uint8_t wide[] = {192, 0, 2, 1, 0, 0, 0x13, 0x8c, 9};

    EXPECT(octets, 0x138c, 0x8c13);
    EXPECT(wide, 0x138c, 0x8c13);
}

static void
a_port_in_front(void)
{
    static const uint8_t octets[] = {0x13, 0x8c, 192, 0, 2, 1};
    static const uint8_t wide[] = {0x13, 0x8c, 0, 0, 192, 0, 2, 1};

    EXPECT(octets, 0x138c, 0x8c13);
    EXPECT(wide, 0x138c, 0x8c13);
}

/* sockaddr_in: the family in either order, the port, and the address. */
static void
a_socket(void)
{
    static const uint8_t little[] = {2, 0, 0x13, 0x8c, 192, 0, 2, 1, 0x14, 0x15};
    static const uint8_t big[] = {0, 2, 0x13, 0x8c, 192, 0, 2, 1, 0x14, 0x15};
    static const uint8_t low[] = {2, 0, 0x03, 0xff, 192, 0, 2, 1};
    static const uint8_t other[] = {3, 0, 0x13, 0x8c, 192, 0, 2, 1, 0x14, 0x15};

    EXPECT(little, 0x138c);
    EXPECT(big, 0x138c);
    EXPECT(low, 0xff03);
    EXPECT(other, 0x138c, 0x8c13, 0x1415, 0x1514);
}

/* Below 1024 there is no media. */
static void
ports_that_can_be(void)
{
    static const uint8_t lowest[] = {192, 0, 2, 1, 0x04, 0x00};
    static const uint8_t below[] = {192, 0, 2, 1, 0x03, 0xff};
    static const uint8_t same[] = {192, 0, 2, 1, 0x13, 0x13};
    static const uint8_t cut[] = {192, 0, 2, 1, 0x13};
    static const uint8_t others[] = {192, 0, 2, 3, 0x13, 0x8c};

    EXPECT(lowest, 0x0400);
    EXPECT(below, 0xff03);
    EXPECT(same, 0x1313);
    expect(cut, sizeof cut, NULL, 0);
    expect(others, sizeof others, NULL, 0);
}

static void
so_many_are_told(void)
{
    uint8_t octets[20 * 6];
    uint16_t ports[16];

    for (unsigned i = 0; i < 20; i++)
        memcpy(octets + (size_t)6 * i, (const uint8_t[]){192, 0, 2, 1, 0x13, 0x13}, 6);
    for (unsigned i = 0; i < G_N_ELEMENTS(ports); i++)
        ports[i] = 0x1313;
    expect(octets, sizeof octets, ports, G_N_ELEMENTS(ports));
}

int
main(int argc, char **argv)
{
    int result;

    scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/opaque/a_port_behind", a_port_behind);
    g_test_add_func("/opaque/a_port_in_front", a_port_in_front);
    g_test_add_func("/opaque/a_socket", a_socket);
    g_test_add_func("/opaque/ports_that_can_be", ports_that_can_be);
    g_test_add_func("/opaque/so_many_are_told", so_many_are_told);
    result = g_test_run();
    wmem_destroy_allocator(scope);
    return result;
}
