/* by_frame.h
 * What the first pass keeps by the number of a frame: in the order of frames, since they come in
 * it. It takes a fraction of what a map or data of each packet would.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_BY_FRAME_H
#define MSICCP_BY_FRAME_H

#include "common/compat.h"

typedef struct by_frame by_frame_t;

/* For entries of SIZE bytes, each of which begins with the number of its frame, a uint32_t. It
 * and they live as long as the scope. */
by_frame_t *by_frame_new(wmem_allocator_t *scope, size_t size);

/* Adds a copy of this entry, which is of no earlier frame than the last one. */
void by_frame_add(by_frame_t *kept, const void *entry);

/* The entry at this place, of 0, 1, 2, ...; NULL: there are not so many. */
const void *by_frame_at(const by_frame_t *kept, unsigned place);

/* The place of the first entry that is of no earlier frame. */
unsigned by_frame_first(const by_frame_t *kept, uint32_t frame);

#endif
