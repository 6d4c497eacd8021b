/* dense.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/dense.h"

/* The first of a file take little: most files have few. */
#define FEWEST 4
#define MOST 64

/* The file is closed. */
static ws_bool
forget(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    dense_t *dense = user_data;

    dense->count = 0;
    dense->left = 0;
    return false;
}

void *
dense_new(dense_t *dense)
{
    if (dense->left == 0) {
        if (dense->count == 0)
            wmem_register_callback(wmem_file_scope(), forget, dense);
        dense->count = dense->count ? MIN(dense->count * 2, MOST) : FEWEST;
        dense->block = wmem_alloc0(wmem_file_scope(), dense->count * dense->size);
        dense->left = dense->count;
    }
    return dense->block + --dense->left * dense->size;
}
