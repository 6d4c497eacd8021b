/* sequence.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/sequence.h"

#include <glib.h>

/* A jump by so many is a new beginning. */
#define MAX_DROPOUT 3000

static void
go_ahead(sequence_t *sequence, uint16_t by)
{
    sequence->window = by < SEQUENCE_WINDOW ? sequence->window << by | 1 : 1;
    sequence->in_window = MIN(sequence->in_window + by, SEQUENCE_WINDOW);
    sequence->highest += by;
}

static sequence_place_t
look_back(sequence_t *sequence, uint16_t behind)
{
    uint64_t bit;

    if (behind >= sequence->in_window)
        return SEQUENCE_KNOWN;
    bit = UINT64_C(1) << behind;
    if (sequence->window & bit)
        return SEQUENCE_KNOWN;
    sequence->window |= bit;
    return SEQUENCE_LATE;
}

sequence_place_t
sequence_add(sequence_t *sequence, uint16_t number, uint16_t *ahead)
{
    uint16_t forward = sequence_distance((uint16_t)sequence->highest, number);
    uint16_t behind = (uint16_t)-forward;

    *ahead = 0;
    if (sequence->in_window == 0 || (forward >= MAX_DROPOUT && behind >= MAX_DROPOUT)) {
        *sequence = (sequence_t){.window = 1, .highest = number, .in_window = 1};
        return SEQUENCE_BEGINS;
    }
    if (behind < MAX_DROPOUT)
        return look_back(sequence, behind);
    go_ahead(sequence, forward);
    *ahead = forward;
    return SEQUENCE_AHEAD;
}
