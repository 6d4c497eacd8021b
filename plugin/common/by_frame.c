/* by_frame.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/by_frame.h"

unsigned
by_frame_first(wmem_array_t *array, size_t size, uint32_t frame)
{
    const uint8_t *all = wmem_array_get_raw(array);
    unsigned low = 0;
    unsigned high = wmem_array_get_count(array);

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        uint32_t there;

        memcpy(&there, all + middle * size, sizeof there);
        if (there < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
