/* settled_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/settled.h"

#define FROM_PORT 5000

static const uint8_t host[] = {192, 0, 2, 1};
static const uint8_t other_host[] = {192, 0, 2, 2};

/* Any addresses: nothing looks behind them. */
static session_t session;
static session_t other_session;

static packet_info
packet_to(const uint8_t *octets, uint32_t port)
{
    packet_info pinfo = {.srcport = FROM_PORT, .destport = port};

    set_address(&pinfo.net_dst, AT_IPv4, sizeof host, octets);
    return pinfo;
}

static void
keep(const packet_info *pinfo, session_t *of)
{
    settled_keep(pinfo, &(joined_t){.session = of});
}

static void
expect(const packet_info *pinfo, const session_t *of)
{
    const joined_t *joined = settled_find(pinfo);

    g_assert_true((joined ? joined->session : NULL) == of);
}

/* What is asked first is of that session, and of no other that came to be there. */
static void
keeps_the_stream_of_its_session(void)
{
    static watched_stream_t stream;
    const packet_info here = packet_to(host, 5004);
    const packet_info nowhere = packet_to(host, 5014);

    keep(&here, &session);
    g_assert_null(settled_find(&here)->stream);
    settled_stream(&here, &other_session, &stream);
    g_assert_null(settled_find(&here)->stream);
    settled_stream(&here, &session, &stream);
    g_assert_true(settled_find(&here)->stream == &stream);
    settled_stream(&nowhere, &session, &stream);
    expect(&nowhere, NULL);
    keep(&here, &other_session);
    g_assert_null(settled_find(&here)->stream);
}

static void
finds_what_is_kept(void)
{
    const packet_info here = packet_to(host, 5004);
    const packet_info there = packet_to(other_host, 5004);

    expect(&here, NULL);
    keep(&here, &session);
    keep(&there, &other_session);
    expect(&here, &session);
    expect(&there, &other_session);
}

static void
tells_ports_apart(void)
{
    packet_info packet = packet_to(host, 5006);

    keep(&packet, &session);
    packet.srcport++;
    expect(&packet, NULL);
    packet.srcport--;
    packet.destport++;
    expect(&packet, NULL);
}

/* As a conference does that mixes nothing. */
static void
two_may_send_to_one_place(void)
{
    packet_info packet = packet_to(host, 5012);

    keep(&packet, &session);
    packet.srcport++;
    keep(&packet, &other_session);
    expect(&packet, &other_session);
    packet.srcport--;
    expect(&packet, &session);
}

static void
forgets_what_is_announced_again(void)
{
    packet_info packet = packet_to(host, 5008);

    keep(&packet, &session);
    packet.srcport++;
    keep(&packet, &session);
    settled_forget(&packet.net_dst, 5010);
    expect(&packet, &session);
    settled_forget(&packet.net_dst, 5008);
    expect(&packet, NULL);
    packet.srcport--;
    expect(&packet, NULL);
}

/* There are fewer slots than ports: many are taken by others, none is taken for another's. */
static void
never_finds_another(void)
{
    unsigned found = 0;

    for (uint32_t port = 1; port <= UINT16_MAX; port++) {
        const packet_info packet = packet_to(host, port);

        keep(&packet, (session_t *)(uintptr_t)port);
        expect(&packet, (session_t *)(uintptr_t)port);
    }
    for (uint32_t port = 1; port <= UINT16_MAX; port++) {
        const packet_info packet = packet_to(host, port);
        const joined_t *joined = settled_find(&packet);

        if (!joined)
            continue;
        g_assert_cmpuint((uintptr_t)joined->session, ==, port);
        found++;
    }
    g_assert_cmpuint(found, >, 0);
    g_assert_cmpuint(found, <, UINT16_MAX);
}

static void
has_no_room_for_long_addresses(void)
{
    static const uint8_t octets[17];
    packet_info packet = packet_to(host, 5012);

    set_address(&packet.net_dst, AT_STRINGZ, sizeof octets, octets);
    keep(&packet, &session);
    expect(&packet, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settled/finds_what_is_kept", finds_what_is_kept);
    g_test_add_func("/settled/keeps_the_stream_of_its_session", keeps_the_stream_of_its_session);
    g_test_add_func("/settled/tells_ports_apart", tells_ports_apart);
    g_test_add_func("/settled/two_may_send_to_one_place", two_may_send_to_one_place);
    g_test_add_func("/settled/forgets_what_is_announced_again", forgets_what_is_announced_again);
    g_test_add_func("/settled/never_finds_another", never_finds_another);
    g_test_add_func("/settled/has_no_room_for_long_addresses", has_no_room_for_long_addresses);
    return g_test_run();
}
