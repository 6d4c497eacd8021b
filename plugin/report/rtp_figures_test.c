/* rtp_figures_test.c
 * Loss and jitter of streams that are made up here, packet by packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/rtp_figures.h"

#include <epan/dissectors/packet-rtp.h>

#define PCMU 0
#define NOISE 13
#define STEP_MS 20
#define STEP_TIMESTAMP 160 /* of STEP_MS at 8000 Hz */

static void
add_of(rtp_figures_t *figures, unsigned number, unsigned delay_ms, unsigned type, bool marked)
{
    packet_info pinfo = {.num = number};
    struct _rtp_info info = {
        .info_payload_type = type, .info_marker_set = marked, .info_data_len = 172};
    unsigned ms = number * STEP_MS + delay_ms;

    pinfo.rel_ts.secs = ms / 1000;
    pinfo.rel_ts.nsecs = (int)(ms % 1000) * 1000000;
    info.info_seq_num = (uint16_t)number;
    RTP_SEQUENCE(&info) = MSICCP_RTP_BY_HEADER ? (uint16_t)number : number + 0x10000;
    info.info_timestamp = number * STEP_TIMESTAMP;
    info.info_extended_timestamp = UINT64_C(0x100000000) + info.info_timestamp;
    rtp_figures_add(figures, &pinfo, &info);
}

static void
add(rtp_figures_t *figures, unsigned number, unsigned delay_ms)
{
    add_of(figures, number, delay_ms, PCMU, false);
}

static void
whole_stream(void)
{
    rtp_figures_t figures = {.packets = 0};

    for (unsigned number = 10; number < 60; number++)
        add(&figures, number, 0);
    g_assert_cmpuint(figures.packets, ==, 50);
    g_assert_cmpuint(figures.octets, ==, UINT64_C(50) * 172);
    g_assert_cmpuint(rtp_figures_expected(&figures), ==, 50);
    g_assert_cmpint(rtp_figures_lost(&figures), ==, 0);
    g_assert_cmpfloat(figures.jitter_max, ==, 0);
}

/* Numbers of a stream that begins with 0 come to 0 again. */
static void
whole_cycle(void)
{
    rtp_figures_t figures = {.packets = 0};

    for (unsigned number = 0; number < 0x10000 + 3; number++)
        add(&figures, number, 0);
    g_assert_cmpuint(rtp_figures_expected(&figures), ==, 0x10000 + 3);
    g_assert_cmpint(rtp_figures_lost(&figures), ==, 0);
}

static void
lost_and_doubled(void)
{
    rtp_figures_t figures = {.packets = 0};

    for (unsigned number = 10; number < 60; number++) {
        if (number % 10 != 5)
            add(&figures, number, 0);
    }
    g_assert_cmpint(rtp_figures_lost(&figures), ==, 5);
    for (unsigned number = 60; number < 70; number++) {
        add(&figures, number, 0);
        add(&figures, number, 0);
    }
    g_assert_cmpint(rtp_figures_lost(&figures), ==, -5);
}

/* The sequence number begins anew after 65535. */
static void
wrapped(void)
{
    rtp_figures_t figures = {.packets = 0};

    for (unsigned number = 65530; number < 65550; number++)
        add(&figures, number, 0);
    g_assert_cmpuint(rtp_figures_expected(&figures), ==, 20);
    g_assert_cmpint(rtp_figures_lost(&figures), ==, 0);
}

/* RFC 3550 A.8: of packets that are late by turns by D, the jitter goes towards D. */
static void
jitter(void)
{
    rtp_figures_t figures = {.packets = 0};

    for (unsigned number = 10; number < 510; number++)
        add(&figures, number, number % 2 ? 8 : 0);
    g_assert_cmpfloat_with_epsilon(figures.jitter_max, 8, 0.01);
}

/* Two packets, of which the second is late by 16 ms. */
static rtp_figures_t
late(void)
{
    rtp_figures_t figures = {.packets = 0};

    add(&figures, 10, 0);
    add(&figures, 11, 16);
    g_assert_cmpfloat(figures.jitter_mean, ==, 1);
    g_assert_cmpfloat(figures.jitter_max, ==, 1);
    return figures;
}

static void
mean_jitter(void)
{
    rtp_figures_t figures = late();

    add(&figures, 12, 0);
    g_assert_cmpfloat(figures.jitter_mean, ==, (1 + 31 / 16.0) / 2);
    g_assert_cmpfloat(figures.jitter_max, ==, 31 / 16.0);
}

/* Neither the start of a talk spurt, nor noise and what is behind it, tells of the network. */
static void
what_is_not_measured(void)
{
    rtp_figures_t figures = late();

    add_of(&figures, 12, 0, PCMU, true);
    g_assert_cmpfloat(figures.jitter_mean, ==, 1);
    g_assert_cmpfloat(figures.jitter_max, ==, 1);
    figures = late();
    add_of(&figures, 12, 0, NOISE, false);
    g_assert_cmpfloat(figures.jitter_mean, ==, 1);
    add(&figures, 13, 16);
    g_assert_cmpfloat(figures.jitter_mean, ==, 1);
    g_assert_cmpfloat(figures.jitter_max, ==, 1);
    add(&figures, 14, 16);
    g_assert_cmpfloat(figures.jitter_mean, !=, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rtp_figures/whole_stream", whole_stream);
    g_test_add_func("/rtp_figures/whole_cycle", whole_cycle);
    g_test_add_func("/rtp_figures/lost_and_doubled", lost_and_doubled);
    g_test_add_func("/rtp_figures/wrapped", wrapped);
    g_test_add_func("/rtp_figures/jitter", jitter);
    g_test_add_func("/rtp_figures/mean_jitter", mean_jitter);
    g_test_add_func("/rtp_figures/what_is_not_measured", what_is_not_measured);
    return g_test_run();
}
