/* rtp_figures.h
 * Loss and jitter of one RTP stream (RFC 3550, sections 6.4.1 and A.3, A.8),
 * counted as Wireshark's own RTP statistics count them, so that both agree.
 * Those are not open to plugins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RTP_FIGURES_H
#define MSICCP_RTP_FIGURES_H

#include "common/compat.h"

struct _rtp_info;

typedef struct {
    uint32_t packets;
    uint64_t octets;    /* RTP header and payload, as sent */
    double jitter_max;  /* ms */
    double jitter_mean; /* ms */

    /* The running state; times in ms since the start of the capture. */
    uint32_t first_sequence;
    uint32_t last_sequence;
    uint32_t cycles; /* of the sequence number */
    bool in_new_cycle;
    uint32_t first_timestamp;
    uint64_t extended_timestamp; /* of the latest packet in order */
    double first_time;
    double last_time; /* of the latest packet in order */
    double nominal_time;
    double jitter;
    unsigned payload_type; /* of the latest packet */
} rtp_figures_t;

/* Figures start as zeroes. */
void rtp_figures_add(rtp_figures_t *figures, const packet_info *pinfo,
                     const struct _rtp_info *info);

/* The clock of the packet's timestamps, Hz; 0: not known, or they stand still. */
unsigned rtp_figures_clock(const struct _rtp_info *info);

uint32_t rtp_figures_expected(const rtp_figures_t *figures);

/* Negative where packets came more than once. */
int32_t rtp_figures_lost(const rtp_figures_t *figures);

#endif
