/* captured.c
 *
 * Sequence numbers and acknowledgements: RFC 9293 section 3.4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/captured.h"

/* Of two sequence numbers, which wrap. */
static bool
is_behind(uint32_t one, uint32_t other)
{
    return (int32_t)(one - other) > 0;
}

static bool
has_come_to(const captured_half_t *half, uint32_t begin)
{
    return !is_behind(begin, half->next);
}

static void
go_on(captured_half_t *half, uint32_t end)
{
    if (is_behind(end, half->next))
        half->next = end;
}

/* What came ahead may follow now. */
static void
take_in_ahead(captured_half_t *half)
{
    for (unsigned i = 0; i < half->ahead_count;) {
        if (has_come_to(half, half->ahead[i].begin)) {
            half->is_disordered = true;
            go_on(half, half->ahead[i].end);
            half->ahead[i] = half->ahead[--half->ahead_count];
            i = 0;
        } else {
            i++;
        }
    }
}

/*
 * A segment can come again. A hole that so much stands behind is not filled any more: there is no
 * room for more of it.
 */
static void
keep_ahead(captured_half_t *half, uint32_t begin, uint32_t end)
{
    for (unsigned i = 0; i < half->ahead_count; i++) {
        if (half->ahead[i].begin != begin)
            continue;
        if (is_behind(end, half->ahead[i].end))
            half->ahead[i].end = end;
        return;
    }
    if (!half->ahead)
        half->ahead = wmem_alloc_array(wmem_file_scope(), captured_run_t, CAPTURED_AHEAD);
    if (half->ahead_count < CAPTURED_AHEAD)
        half->ahead[half->ahead_count++] = (captured_run_t){begin, end};
}

static void
send(captured_half_t *half, const captured_segment_t *segment)
{
    uint32_t end = segment->sequence + segment->length;

    half->segments++;
    if (!half->is_known) {
        half->is_known = true;
        half->next = segment->sequence;
        half->wanted = segment->sequence;
    }
    if (segment->length == 0)
        return;
    if (segment->length > 1 && !is_behind(end, half->next))
        half->is_repeated = true;
    if (has_come_to(half, segment->sequence)) {
        go_on(half, end);
        take_in_ahead(half);
    } else {
        keep_ahead(half, segment->sequence, end);
    }
}

static void
acknowledge(captured_half_t *half, uint32_t number)
{
    if (!half->is_known) {
        half->is_known = true;
        half->next = number;
        half->wanted = number;
    } else if (is_behind(number, half->wanted)) {
        half->is_taken |= number - half->wanted > 1;
        half->wanted = number;
    }
}

void
captured_add(captured_t *captured, unsigned end, const captured_segment_t *segment)
{
    send(&captured->ends[end], segment);
    if (segment->has_acknowledgement)
        acknowledge(&captured->ends[!end], segment->acknowledgement);
}

static uint32_t
distance(uint32_t one, uint32_t other)
{
    return is_behind(one, other) ? one - other : other - one;
}

/* That of the two which is nearer to where the end is. */
static uint32_t
nearer(const captured_half_t *half, uint32_t number, uint32_t or_else)
{
    return distance(number, half->next) <= distance(or_else, half->next) ? number : or_else;
}

void
captured_add_relative(captured_t *captured, unsigned end, const captured_segment_t *segment,
                      uint32_t first, uint32_t first_of_other)
{
    captured_half_t *half = &captured->ends[end];
    captured_half_t *other = &captured->ends[!end];
    captured_segment_t absolute = *segment;

    if (half->is_known) {
        absolute.sequence = nearer(half, segment->sequence, segment->sequence + first);
        send(half, &absolute);
    }
    if (other->is_known && segment->has_acknowledgement)
        acknowledge(other, nearer(other, segment->acknowledgement,
                                  segment->acknowledgement + first_of_other));
}

/* In the first hole and behind it, less what has come there. */
uint32_t
captured_missing(const captured_t *captured, unsigned end)
{
    const captured_half_t *half = &captured->ends[end];
    uint32_t missing = is_behind(half->wanted, half->next) ? half->wanted - half->next : 0;

    for (unsigned i = 0; i < half->ahead_count; i++)
        missing -= MIN(missing, half->ahead[i].end - half->ahead[i].begin);
    return missing;
}

bool
captured_is_ignored(const captured_t *captured, unsigned end)
{
    const captured_half_t *half = &captured->ends[end];

    return captured->ends[!end].segments > 0 && half->is_repeated && !half->is_taken &&
           is_behind(half->next, half->wanted);
}
