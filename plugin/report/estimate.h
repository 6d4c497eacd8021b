/* estimate.h
 * How a stream was heard: what its receiver says, and what the E-model makes of what was lost.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ESTIMATE_H
#define MSICCP_ESTIMATE_H

#include "report/records.h"

typedef struct {
    double loss;   /* of 1: where it was captured, or as its receiver says if that is more */
    double rating; /* R of the E-model; negative: it cannot be told */
    double mos;
} estimate_t;

/* What the stream's receiver has reported of it last; NULL: nothing. */
const watched_stream_t *estimate_reported(const record_t *record, const stream_t *stream);

estimate_t estimate_of(const record_t *record, const stream_t *stream);

#endif
