/* quality.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/quality.h"

/* Clocks of senders and of captures differ by no more than this, of 1. */
#define CLOCK_DRIFT 0.0005

/* A number that leaves the window has had its last chance. */
static void
settle_number(quality_t *quality, bool has_come)
{
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

/* The oldest of a window, and of those behind it, none of which has come. */
static void
settle(quality_t *quality, const sequence_t *sequence, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        settle_number(quality, i < sequence->in_window &&
                                   sequence->window >> (sequence->in_window - 1 - i) & 1);
}

static void
settle_all(quality_t *quality, const sequence_t *sequence)
{
    settle(quality, sequence, sequence->in_window);
    quality->run = 0;
}

quality_t
quality_at_end(const quality_t *quality)
{
    quality_t end = *quality;

    settle_all(&end, &quality->sequence);
    return end;
}

static void
begin(quality_t *quality, uint32_t timestamp, double arrival)
{
    quality->timestamp = timestamp;
    quality->step = 0;
    quality->fastest = arrival;
    quality->arrival = arrival;
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

static void
go_on(quality_t *quality, uint16_t ahead, uint32_t timestamp, double arrival, unsigned clock)
{
    if (clock)
        follow_fastest(quality, timestamp, arrival, clock);
    follow_time(quality, ahead, timestamp, clock);
}

void
quality_add(quality_t *quality, uint16_t sequence, uint32_t timestamp, double arrival,
            unsigned clock)
{
    const sequence_t before = quality->sequence;
    uint16_t ahead;
    sequence_place_t place = sequence_add(&quality->sequence, sequence, &ahead);

    if (place == SEQUENCE_BEGINS) {
        settle_all(quality, &before);
        begin(quality, timestamp, arrival);
        return;
    }
    if (clock)
        check_lateness(quality, timestamp, arrival, clock);
    if (place != SEQUENCE_AHEAD) {
        quality->out_of_order++;
        return;
    }
    if (before.in_window + ahead > SEQUENCE_WINDOW)
        settle(quality, &before, before.in_window + ahead - SEQUENCE_WINDOW);
    go_on(quality, ahead, timestamp, arrival, clock);
}
