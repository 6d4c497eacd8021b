/* dense.h
 * Memory for what every packet of media asks for: side by side, not among all that Wireshark
 * keeps of the same packets. With many calls at once, to find the page of each takes more than
 * to read it, and to read one line more than all that is done with it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_DENSE_H
#define MSICCP_DENSE_H

#include "common/compat.h"

/* A processor reads memory by so many octets. */
#define LINE_OF_MEMORY 64

/* Where things of one kind come from, each of which begins with a line of memory; all but their
 * size is zero at first. */
typedef struct {
    size_t size;    /* bytes of each */
    uint8_t *block; /* file scope */
    unsigned count; /* the block has room for */
    unsigned left;
} dense_t;

/* Has the processor read a line of memory that will be asked for soon; any address will do. */
static inline void
dense_fetch(const void *line)
{
    __builtin_prefetch(line, 1);
}

/* One more, of zeros, in file scope. */
void *dense_new(dense_t *dense);

#endif
