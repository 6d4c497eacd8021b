/* rtp_figures.c
 *
 * Wireshark 4.0 counts with the fields of the RTP header, and leaves packets
 * that are older than the first one out of the jitter; later releases count
 * with the extended numbers that the RTP dissector makes of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/rtp_figures.h"

#include "readers/payload.h"

#include <math.h>

#include <epan/dissectors/packet-rtp.h>

#define SEQUENCE_LAST 0xffff
#define TIMESTAMP_HALF 0x80000000u

/* The timestamps of telephone events stand still: they have no jitter. */
unsigned
rtp_figures_clock(const struct _rtp_info *info)
{
    if (info->info_payload_type < DYNAMIC_TYPE_FIRST)
        return payload_clock(info->info_payload_type);
    if (!info->info_payload_type_str ||
        g_ascii_strncasecmp(info->info_payload_type_str, "telephone-event",
                            strlen("telephone-event")) == 0)
        return 0;
    return info->info_payload_rate > 0 ? (unsigned)info->info_payload_rate : 0;
}

static void
begin(rtp_figures_t *figures, const struct _rtp_info *info, double now)
{
    figures->first_sequence = RTP_SEQUENCE(info);
    figures->last_sequence = RTP_SEQUENCE(info);
    figures->first_timestamp = info->info_timestamp;
    figures->extended_timestamp = info->info_extended_timestamp;
    figures->first_time = now;
    figures->last_time = now;
}

/* Whole ones, as Wireshark reckons: a clock of 11,025 Hz has 11. */
static unsigned
kilohertz(unsigned clock)
{
    return clock / 1000;
}

#if MSICCP_RTP_BY_HEADER

static bool
is_in_order(const rtp_figures_t *figures, const struct _rtp_info *info)
{
    return info->info_timestamp - figures->first_timestamp < TIMESTAMP_HALF;
}

static void
follow_sequence(rtp_figures_t *figures, const struct _rtp_info *info, bool in_order)
{
    uint32_t sequence = info->info_seq_num;
    bool from_zero = sequence == 0 && figures->last_sequence == SEQUENCE_LAST;

    if (in_order && !figures->in_new_cycle && (sequence < figures->first_sequence || from_zero)) {
        figures->cycles++;
        figures->in_new_cycle = true;
    } else if (in_order && sequence > figures->first_sequence) {
        figures->in_new_cycle = false;
    }
    figures->last_sequence = sequence;
}

/* The deviation of this packet's spacing from that of its timestamp, in ms. */
static double
deviation(rtp_figures_t *figures, const struct _rtp_info *info, double now, unsigned clock)
{
    double nominal = (double)(info->info_timestamp - figures->first_timestamp) / kilohertz(clock);
    double expected = figures->last_time + (nominal - figures->nominal_time);

    figures->nominal_time = nominal;
    return fabs(now - expected);
}

static bool
has_jitter(bool in_order)
{
    return in_order;
}

#else

static bool
is_in_order(const rtp_figures_t *figures, const struct _rtp_info *info)
{
    return figures->extended_timestamp <= info->info_extended_timestamp;
}

static void
follow_sequence(rtp_figures_t *figures, const struct _rtp_info *info, bool in_order _U_)
{
    figures->first_sequence = MIN(figures->first_sequence, info->info_extended_seq_num);
    figures->last_sequence = MAX(figures->last_sequence, info->info_extended_seq_num);
}

/* The deviation of this packet's spacing from that of its timestamp, in ms. */
static double
deviation(const rtp_figures_t *figures, const struct _rtp_info *info, double now, unsigned clock)
{
    double nominal =
        (double)((int64_t)info->info_extended_timestamp - (int64_t)figures->extended_timestamp) /
        kilohertz(clock);

    return fabs(now - (figures->last_time + nominal));
}

static bool
has_jitter(bool in_order _U_)
{
    return true;
}

#endif

void
rtp_figures_add(rtp_figures_t *figures, const packet_info *pinfo, const struct _rtp_info *info)
{
    double now = nstime_to_msec(&pinfo->rel_ts);
    unsigned clock = rtp_figures_clock(info);
    double jitter = 0;
    bool in_order;
    bool after_noise;

    figures->octets += info->info_data_len;
    if (figures->packets == 0) {
        begin(figures, info, now);
        figures->payload_type = info->info_payload_type;
        figures->packets = 1;
        return;
    }

    in_order = is_in_order(figures, info);
    after_noise = payload_is_comfort_noise(figures->payload_type);
    if (clock >= 1000 && has_jitter(in_order)) {
        jitter = (15 * figures->jitter + deviation(figures, info, now, clock)) / 16;
        figures->jitter = jitter;
    }
    /* The start of a talk spurt, and comfort noise, are no measure of the network. */
    if (clock >= 1000 && in_order && !info->info_marker_set && !after_noise &&
        !payload_is_comfort_noise(info->info_payload_type)) {
        figures->jitter_max = MAX(figures->jitter_max, figures->jitter);
        figures->jitter_mean =
            (figures->jitter_mean * (figures->packets - 1) + jitter) / figures->packets;
    }
    follow_sequence(figures, info, in_order);
    if (in_order) {
        figures->last_time = now;
        figures->extended_timestamp = info->info_extended_timestamp;
    }
    figures->payload_type = info->info_payload_type;
    figures->packets++;
}

uint32_t
rtp_figures_expected(const rtp_figures_t *figures)
{
    return figures->last_sequence + (figures->cycles << 16) - figures->first_sequence + 1;
}

int32_t
rtp_figures_lost(const rtp_figures_t *figures)
{
    return (int32_t)(rtp_figures_expected(figures) - figures->packets);
}
