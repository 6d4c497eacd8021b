/* numbering.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/numbering.h"

#include "common/by_frame.h"

static by_frame_t *passed_over; /* NULL: no frame is */
static uint64_t counted_before;

static void
forget(void)
{
    passed_over = NULL;
    counted_before = 0;
}

void
numbering_register(void)
{
    register_init_routine(forget);
}

void
numbering_pass_over(uint32_t frame, uint64_t before)
{
    if (!passed_over) {
        passed_over = by_frame_new(wmem_file_scope(), sizeof frame);
        counted_before = before;
    }
    by_frame_add(passed_over, &frame);
}

uint64_t
numbering_told(uint32_t frame)
{
    return passed_over ? counted_before + frame - by_frame_first(passed_over, frame) : frame;
}
