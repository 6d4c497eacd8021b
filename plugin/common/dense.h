/* dense.h
 * Memory for what every packet of media asks for: side by side, not among all that Wireshark
 * keeps of the same packets. With many calls at once, to find the page of each takes more than
 * to read it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_DENSE_H
#define MSICCP_DENSE_H

#include "common/compat.h"

/* Where things of one kind come from; all but their size is zero at first. Their alignment is that
 * of their size. */
typedef struct {
    size_t size;    /* bytes */
    uint8_t *block; /* file scope */
    unsigned count; /* the block has room for */
    unsigned left;
} dense_t;

/* One more, of zeros, in file scope. */
void *dense_new(dense_t *dense);

#endif
