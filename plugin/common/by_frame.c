/* by_frame.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/by_frame.h"

/* Entries in a block. They are never moved: an array that doubles would be half empty. */
#define BLOCK 128

struct by_frame {
    wmem_allocator_t *scope;
    size_t size;
    unsigned count;
    wmem_array_t *blocks; /* of uint8_t * */
};

by_frame_t *
by_frame_new(wmem_allocator_t *scope, size_t size)
{
    by_frame_t *kept = wmem_new0(scope, by_frame_t);

    kept->scope = scope;
    kept->size = size;
    kept->blocks = wmem_array_new(scope, sizeof(uint8_t *));
    return kept;
}

static uint8_t *
entry_at(const by_frame_t *kept, unsigned place)
{
    uint8_t *const *blocks = wmem_array_get_raw(kept->blocks);

    return blocks[place / BLOCK] + place % BLOCK * kept->size;
}

void
by_frame_add(by_frame_t *kept, const void *entry)
{
    if (kept->count % BLOCK == 0) {
        uint8_t *block = wmem_alloc(kept->scope, BLOCK * kept->size);

        wmem_array_append_one(kept->blocks, block);
    }
    memcpy(entry_at(kept, kept->count), entry, kept->size);
    kept->count++;
}

const void *
by_frame_at(const by_frame_t *kept, unsigned place)
{
    return place < kept->count ? entry_at(kept, place) : NULL;
}

unsigned
by_frame_first(const by_frame_t *kept, uint32_t frame)
{
    unsigned low = 0;
    unsigned high = kept->count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        uint32_t there;

        memcpy(&there, entry_at(kept, middle), sizeof there);
        if (there < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
