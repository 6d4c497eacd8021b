/* quality.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/quality.h"

#define WINDOW_BITS 64

/* RFC 3550 A.1: a jump that is larger is a new beginning. */
#define MAX_DROPOUT 3000

/* Clocks of senders and of captures differ by no more than this, of 1. */
#define CLOCK_DRIFT 0.0005

/* The oldest number of the window has its last chance now. */
static void
settle_oldest(quality_t *quality)
{
    bool has_come = quality->window >> (WINDOW_BITS - 1) & 1;

    quality->expected++;
    if (!has_come) {
        quality->lost++;
        quality->run++;
        quality->runs += quality->run == 1;
        quality->longest_run = MAX(quality->longest_run, quality->run);
    } else {
        quality->run = 0;
    }
}

static void
slide(quality_t *quality)
{
    if (quality->in_window == WINDOW_BITS)
        settle_oldest(quality);
    else
        quality->in_window++;
    quality->window <<= 1;
}

static void
settle_all(quality_t *quality)
{
    uint32_t left = quality->in_window;

    if (left == 0)
        return;
    quality->window <<= WINDOW_BITS - left;
    for (; left; left--) {
        settle_oldest(quality);
        quality->window <<= 1;
    }
    quality->in_window = 0;
    quality->run = 0;
}

quality_t
quality_at_end(const quality_t *quality)
{
    quality_t end = *quality;

    settle_all(&end);
    return end;
}

static void
begin(quality_t *quality, uint16_t sequence, uint32_t timestamp)
{
    quality->has_begun = true;
    quality->highest = sequence;
    quality->window = 1;
    quality->in_window = 1;
    quality->timestamp = timestamp;
    quality->step = 0;
}

/* A sender that is silent sends nothing: its numbers go on, and its timestamps jump. */
static void
follow_time(quality_t *quality, uint16_t ahead, uint32_t timestamp, unsigned clock)
{
    uint32_t advance = timestamp - quality->timestamp;

    quality->timestamp = timestamp;
    if (clock == 0 || advance == 0 || advance > INT32_MAX)
        return;
    quality->duration += (double)advance / clock;
    if (ahead != 1)
        return;
    if (quality->step && advance > 2 * quality->step)
        quality->silence += (double)(advance - quality->step) / clock;
    else if (quality->step == 0 || advance < quality->step)
        quality->step = advance;
}

static void
check_lateness(quality_t *quality, uint32_t timestamp, double arrival, unsigned clock)
{
    /* By the timestamp of the latest packet in order, so that it need not be unwrapped. */
    double due = quality->fastest + (double)(int32_t)(timestamp - quality->timestamp) / clock;

    if (arrival - due > QUALITY_LATE)
        quality->late++;
}

/* When the latest packet in order would have come, had it been as fast as the fastest. */
static void
follow_fastest(quality_t *quality, uint32_t timestamp, double arrival, unsigned clock)
{
    double spacing = (double)(int32_t)(timestamp - quality->timestamp) / clock;
    double due = quality->fastest + spacing + CLOCK_DRIFT * MAX(arrival - quality->arrival, 0);

    quality->fastest = MIN(due, arrival);
    quality->arrival = arrival;
}

void
quality_add(quality_t *quality, uint16_t sequence, uint32_t timestamp, double arrival,
            unsigned clock)
{
    uint16_t ahead = (uint16_t)(sequence - (uint16_t)quality->highest);
    uint16_t behind = (uint16_t)((uint16_t)quality->highest - sequence);

    if (!quality->has_begun || (ahead >= MAX_DROPOUT && behind >= MAX_DROPOUT)) {
        settle_all(quality);
        begin(quality, sequence, timestamp);
        quality->fastest = arrival;
        quality->arrival = arrival;
        return;
    }
    if (clock)
        check_lateness(quality, timestamp, arrival, clock);
    if (behind < MAX_DROPOUT) {
        quality->out_of_order++;
        if (behind < quality->in_window)
            quality->window |= UINT64_C(1) << behind;
        return;
    }
    if (clock)
        follow_fastest(quality, timestamp, arrival, clock);
    for (uint16_t i = 0; i < ahead; i++)
        slide(quality);
    quality->window |= 1;
    quality->highest += ahead;
    follow_time(quality, ahead, timestamp, clock);
}
