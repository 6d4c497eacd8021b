/* dense.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/dense.h"

/* The first of a file take little: most files have few. */
#define FEWEST 4
#define MOST 64

void *
dense_new(dense_t *dense)
{
    if (dense->left == 0) {
        dense->count = dense->count ? MIN(dense->count * 2, MOST) : FEWEST;
        dense->block = wmem_alloc0(wmem_file_scope(), dense->count * dense->size);
        dense->left = dense->count;
    }
    return dense->block + --dense->left * dense->size;
}

void
dense_forget(dense_t *dense)
{
    dense->count = 0;
    dense->left = 0;
}
