/* sequence.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/sequence.h"

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
sequence_add_other(sequence_t *sequence, uint16_t number)
{
    const uint16_t behind = sequence_distance(number, (uint16_t)sequence->highest);

    if (sequence->in_window && behind < SEQUENCE_DROPOUT)
        return look_back(sequence, behind);
    *sequence = (sequence_t){.window = 1, .highest = number, .in_window = 1};
    return SEQUENCE_BEGINS;
}
