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

static size_t
to_whole_lines(size_t bytes)
{
    return (bytes + LINE_OF_MEMORY - 1) / LINE_OF_MEMORY * LINE_OF_MEMORY;
}

/* Zeros that begin with a line of memory, in file scope. */
static uint8_t *
lines_new(size_t bytes)
{
    uint8_t *block = wmem_alloc0(wmem_file_scope(), bytes + LINE_OF_MEMORY - 1);

    return block + (to_whole_lines((uintptr_t)block) - (uintptr_t)block);
}

void *
dense_new(dense_t *dense)
{
    const size_t size = to_whole_lines(dense->size);

    if (dense->left == 0) {
        if (dense->count == 0)
            wmem_register_callback(wmem_file_scope(), forget, dense);
        dense->count = dense->count ? MIN(dense->count * 2, MOST) : FEWEST;
        dense->block = lines_new(dense->count * size);
        dense->left = dense->count;
    }
    return dense->block + --dense->left * size;
}
