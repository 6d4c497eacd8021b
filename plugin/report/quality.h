/* quality.h
 * What a stream of RTP is like to listen to, as far as its packets tell where they were
 * captured: runs of loss, order, lateness and silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_QUALITY_H
#define MSICCP_QUALITY_H

#include "common/compat.h"
#include "common/sequence.h"

/* A packet that comes later than this behind the fastest ones misses its turn in most
 * receivers, s. */
#define QUALITY_LATE 0.1

/* Starts as zeroes; packets that were seen before are not to be added. */
typedef struct {
    uint32_t expected;
    uint32_t lost;
    uint32_t runs;        /* of packets that are missing one after the other */
    uint32_t longest_run; /* packets */
    uint32_t out_of_order;
    uint32_t late;
    double silence;  /* s, in which nothing was sent though nothing is missing */
    double duration; /* s, by the timestamps */

    /* The running state. */
    sequence_t sequence;
    uint32_t run; /* that goes on at the window's end */
    uint32_t timestamp;
    uint32_t step;  /* between the timestamps of neighbours; 0: not known yet */
    double fastest; /* arrival less timestamp, s */
    double arrival; /* of the latest packet, s */
} quality_t;

/* A packet: its arrival in seconds, and the clock of its timestamps in Hz (0: not known). */
void quality_add(quality_t *quality, uint16_t sequence, uint32_t timestamp, double arrival,
                 unsigned clock);

/* The same with all that is still open at the end of the stream. */
quality_t quality_at_end(const quality_t *quality);

#endif
