/* sequence.h
 * The sequence numbers of an RTP source as its packets come: RFC 3550 appendix A.1, which takes a
 * larger jump for a new beginning, and RFC 1982 for which of two is ahead.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SEQUENCE_H
#define MSICCP_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers that are looked back at. */
#define SEQUENCE_WINDOW 64

/* Starts as zeroes. */
typedef struct {
    uint64_t window;    /* bit n: highest - n has come */
    uint32_t highest;   /* with its cycles */
    uint32_t in_window; /* numbers since the beginning, at most SEQUENCE_WINDOW; 0: there is none */
} sequence_t;

typedef enum {
    SEQUENCE_BEGINS, /* as the first one, or anew */
    SEQUENCE_AHEAD,
    SEQUENCE_LATE,  /* out of order: it was missing until now */
    SEQUENCE_KNOWN, /* nothing that was missing: it has come, is of before the beginning, or too old
                     */
} sequence_place_t;

/* How far it is forward from one number to another, which is less than half of all if that is
 * ahead.
 */
static inline uint16_t
sequence_distance(uint16_t from, uint16_t to)
{
    return (uint16_t)(to - from);
}

static inline bool
sequence_is_ahead(uint16_t number, uint16_t of)
{
    return number != of && sequence_distance(of, number) < 0x8000;
}

/* Nearly all are. */
static inline bool
sequence_is_next(const sequence_t *sequence, uint16_t number)
{
    return sequence->in_window && sequence_distance((uint16_t)sequence->highest, number) == 1;
}

/* A jump by so many is a new beginning. */
#define SEQUENCE_DROPOUT 3000

static inline void
sequence_go_ahead(sequence_t *sequence, uint16_t by)
{
    sequence->window = by < SEQUENCE_WINDOW ? sequence->window << by | 1 : 1;
    sequence->in_window =
        sequence->in_window + by < SEQUENCE_WINDOW ? sequence->in_window + by : SEQUENCE_WINDOW;
    sequence->highest += by;
}

/* The same as sequence_add() of a number that is not ahead. */
sequence_place_t sequence_add_other(sequence_t *sequence, uint16_t number);

/* Takes in the number of a packet; *ahead: how far it is ahead of all before it, else 0. Most are,
 * and there are many packets. */
static inline sequence_place_t
sequence_add(sequence_t *sequence, uint16_t number, uint16_t *ahead)
{
    const uint16_t forward = sequence_distance((uint16_t)sequence->highest, number);
    const bool is_ahead = sequence->in_window && forward > 0 && forward < SEQUENCE_DROPOUT;

    *ahead = is_ahead ? forward : 0;
    if (!is_ahead)
        return sequence_add_other(sequence, number);
    sequence_go_ahead(sequence, forward);
    return SEQUENCE_AHEAD;
}

#endif
