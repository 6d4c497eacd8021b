/* by_frame.h
 * What the first pass keeps by the number of a frame: an array in the order of frames, since they
 * come in it. It takes a fraction of what a map or data of each packet would.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_BY_FRAME_H
#define MSICCP_BY_FRAME_H

#include "common/compat.h"

/* The place of the first that is of no earlier frame. Each, of SIZE bytes, begins with its frame.
 */
unsigned by_frame_first(wmem_array_t *array, size_t size, uint32_t frame);

#endif
