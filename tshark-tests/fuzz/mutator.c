/* mutator.c
 * How libFuzzer changes a script: by steps, so that what comes of it is still traffic of hosts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "script.h"

#define MAX_STEPS 256
#define MAX_COPIES 32 /* headers made in one change */
#define ROOM 4096     /* bytes that a payload may grow by in one change */
#define TPKT_HEADER 4
#define USER_USER 0x7e

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t max_size, unsigned seed);

static const uint16_t usual_ports[] = {1720,  1730, 1731, 1732, 1719, 1718, 1503, 40000,
                                       40001, 5000, 5001, 5002, 5003, 80,   102,  3389};

/* A script in pieces: what steps() and the changes work on. */
typedef struct {
    uint8_t options;
    step_t steps[MAX_STEPS];
    unsigned count;
    GRand *random;
    uint8_t header[STEP_HEADER];             /* of the step that is changed */
    uint8_t *payload;                        /* of the same, STEP_MAX_PAYLOAD bytes of room */
    uint8_t copies[MAX_COPIES][STEP_HEADER]; /* of steps that are another's but for the header */
    unsigned copies_used;
} pieces_t;

static unsigned
below(pieces_t *pieces, unsigned limit)
{
    return (unsigned)g_rand_int_range(pieces->random, 0, (int)limit);
}

static void
read_pieces(pieces_t *pieces, const uint8_t *script, size_t size, unsigned seed)
{
    size_t position = 1;

    pieces->options = size ? script[0] : 0;
    pieces->count = 0;
    pieces->copies_used = 0;
    pieces->random = g_rand_new_with_seed(seed);
    pieces->payload = g_malloc(STEP_MAX_PAYLOAD);
    while (pieces->count < MAX_STEPS &&
           script_next(script, size, &position, &pieces->steps[pieces->count]))
        pieces->count++;
}

/* As many steps as there is room for. */
static size_t
write_pieces(const pieces_t *pieces, uint8_t *out, size_t max_size)
{
    size_t size = 1;

    out[0] = pieces->options;
    for (unsigned index = 0; index < pieces->count; index++) {
        const step_t *step = &pieces->steps[index];

        if (size + STEP_HEADER + step->length > max_size)
            break;
        memcpy(out + size, step->header, STEP_HEADER);
        out[size + 8] = (uint8_t)(step->length >> 8);
        out[size + 9] = (uint8_t)step->length;
        memcpy(out + size + STEP_HEADER, step->payload, step->length);
        size += STEP_HEADER + step->length;
    }
    return size;
}

static void
insert(pieces_t *pieces, unsigned at, const step_t *step)
{
    if (pieces->count == MAX_STEPS)
        return;
    memmove(&pieces->steps[at + 1], &pieces->steps[at], (pieces->count - at) * sizeof *step);
    pieces->steps[at] = *step;
    pieces->count++;
}

static void
remove_steps(pieces_t *pieces, unsigned at, unsigned count)
{
    count = MIN(count, pieces->count - at);
    pieces->count -= count;
    memmove(&pieces->steps[at], &pieces->steps[at + count],
            (pieces->count - at) * sizeof *pieces->steps);
}

/* A port that a message of the script may have named: two bytes somewhere in a payload. */
static unsigned
named_port(pieces_t *pieces)
{
    const step_t *step = &pieces->steps[below(pieces, pieces->count)];
    const uint8_t *at;

    if (step->length < 2)
        return usual_ports[0];
    at = step->payload + below(pieces, step->length - 1);
    return (unsigned)at[0] << 8 | at[1];
}

static unsigned
another_port(pieces_t *pieces)
{
    const step_t *step = &pieces->steps[below(pieces, pieces->count)];

    switch (below(pieces, 3)) {
    case 0:
        return usual_ports[below(pieces, G_N_ELEMENTS(usual_ports))];
    case 1:
        return (unsigned)step->header[2] << 8 | step->header[3];
    default:
        return named_port(pieces);
    }
}

static void
change_port(pieces_t *pieces)
{
    const unsigned port = another_port(pieces);
    uint8_t *at = &pieces->header[below(pieces, 2) ? 2 : 4];

    at[0] = (uint8_t)(port >> 8);
    at[1] = (uint8_t)port;
}

static void
swap_ends(pieces_t *pieces)
{
    uint8_t *header = pieces->header;
    const uint8_t source[2] = {header[2], header[3]};

    header[1] = (uint8_t)(header[1] >> 4 | header[1] << 4);
    memcpy(header + 2, header + 4, 2);
    memcpy(header + 4, source, 2);
}

static void
change_header(pieces_t *pieces)
{
    uint8_t *header = pieces->header;

    switch (below(pieces, 8)) {
    case 0:
        header[0] = (uint8_t)((header[0] & ~STEP_KIND) | below(pieces, STEP_KIND + 1));
        break;
    case 1:
        header[0] ^= (uint8_t)(STEP_SAME_FRAME << below(pieces, 5));
        break;
    case 2:
        header[1] = (uint8_t)below(pieces, 256);
        break;
    case 3:
        swap_ends(pieces);
        break;
    case 4:
        header[6] = (uint8_t)below(pieces, 256);
        break;
    case 5:
        header[7] = (uint8_t)below(pieces, 256);
        break;
    default:
        change_port(pieces);
        break;
    }
}

/* The user-user information element, which is the last of an H.225.0 message, ends with it. */
static void
mend_user_user(uint8_t *message, unsigned length)
{
    for (unsigned at = 5; at + 3 < length; at++) {
        if (message[at] == USER_USER) {
            message[at + 1] = (uint8_t)((length - at - 3) >> 8);
            message[at + 2] = (uint8_t)(length - at - 3);
            return;
        }
    }
}

/* The lengths that a TPKT has, of a payload that is one. */
static void
mend_lengths(uint8_t *payload, unsigned length)
{
    if (length < TPKT_HEADER || payload[0] != 3 || payload[1] != 0)
        return;
    payload[2] = (uint8_t)(length >> 8);
    payload[3] = (uint8_t)length;
    if (length > TPKT_HEADER && payload[TPKT_HEADER] == 8)
        mend_user_user(payload + TPKT_HEADER, length - TPKT_HEADER);
}

static void
change_payload(pieces_t *pieces, step_t *step)
{
    const unsigned room = MIN(step->length + ROOM, STEP_MAX_PAYLOAD);

    memcpy(pieces->payload, step->payload, step->length);
    step->length = (unsigned)LLVMFuzzerMutate(pieces->payload, step->length, room);
    if (below(pieces, 2))
        mend_lengths(pieces->payload, step->length);
    step->payload = pieces->payload;
}

static void
change_step(pieces_t *pieces, step_t *step)
{
    memcpy(pieces->header, step->header, STEP_HEADER);
    step->header = pieces->header;
    if (below(pieces, 3))
        change_payload(pieces, step);
    else
        change_header(pieces);
}

/* Many the same, or nearly: what fills tables. */
static void
repeat(pieces_t *pieces, unsigned at)
{
    const step_t step = pieces->steps[at];
    const unsigned times = 1u << below(pieces, 5);

    for (unsigned done = 0; done < times; done++)
        insert(pieces, at, &step);
}

static bool
is_same_connection(const step_t *step, const uint8_t *header)
{
    return memcmp(step->header + 1, header + 1, 5) == 0;
}

/* The same traffic once more, from another port: another connection with what names the first. */
static void
repeat_connection(pieces_t *pieces, unsigned at)
{
    const unsigned port = 2000 + below(pieces, 0x8000);
    const uint8_t *const first = pieces->steps[at].header;
    const unsigned count = pieces->count;
    uint8_t back[STEP_HEADER] = {
        0, (uint8_t)(first[1] >> 4 | first[1] << 4), first[4], first[5], first[2], first[3]};

    for (unsigned index = 0; index < count && pieces->copies_used < MAX_COPIES; index++) {
        step_t step = pieces->steps[index];
        const bool is_back = is_same_connection(&step, back);
        uint8_t *header = pieces->copies[pieces->copies_used];

        if (!is_back && !is_same_connection(&step, first))
            continue;
        memcpy(header, step.header, STEP_HEADER);
        header[is_back ? 4 : 2] = (uint8_t)(port >> 8);
        header[is_back ? 5 : 3] = (uint8_t)port;
        step.header = header;
        pieces->copies_used++;
        insert(pieces, pieces->count, &step);
    }
}

/* What comes from here on comes in one frame. */
static void
join_frames(pieces_t *pieces, unsigned at)
{
    const unsigned more = below(pieces, MAX_COPIES);
    const unsigned end = MIN(pieces->count, at + 1 + more); /* which reads its arguments twice */

    for (; at < end; at++) {
        uint8_t *header = pieces->copies[pieces->copies_used++];

        memcpy(header, pieces->steps[at].header, STEP_HEADER);
        header[0] |= STEP_SAME_FRAME;
        pieces->steps[at].header = header;
    }
}

static void
change(pieces_t *pieces)
{
    const unsigned at = below(pieces, pieces->count);
    const step_t step = pieces->steps[at];

    switch (below(pieces, 14)) {
    case 0:
        remove_steps(pieces, at, 1 + below(pieces, 8));
        break;
    case 1:
        repeat(pieces, at);
        break;
    case 2:
        remove_steps(pieces, at, 1);
        insert(pieces, below(pieces, pieces->count + 1), &step);
        break;
    case 3:
        insert(pieces, below(pieces, pieces->count + 1), &step);
        break;
    case 4:
        pieces->options ^= (uint8_t)(1 << below(pieces, 6));
        break;
    case 5:
        repeat_connection(pieces, at);
        break;
    case 6:
        join_frames(pieces, at);
        break;
    default:
        change_step(pieces, &pieces->steps[at]);
        break;
    }
}

static size_t
finish(pieces_t *pieces, uint8_t *out, size_t max_size)
{
    uint8_t *script = g_malloc(max_size);
    const size_t size = write_pieces(pieces, script, max_size);

    memcpy(out, script, size);
    g_free(script);
    g_free(pieces->payload);
    g_rand_free(pieces->random);
    return size;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    pieces_t pieces;

    read_pieces(&pieces, data, size, seed);
    if (!pieces.count) {
        (void)finish(&pieces, data, max_size);
        return LLVMFuzzerMutate(data, size, max_size);
    }
    change(&pieces);
    return finish(&pieces, data, max_size);
}

/* Some steps of the other are put between those of the one, or take the place of some. */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                          size_t other_size, uint8_t *out, size_t max_size, unsigned seed)
{
    pieces_t into, from;
    unsigned at, first, count;

    read_pieces(&into, one, one_size, seed);
    read_pieces(&from, other, other_size, seed);
    if (from.count) {
        at = below(&into, into.count + 1);
        first = below(&into, from.count);
        count = 1 + below(&into, from.count - first);
        if (below(&into, 2))
            remove_steps(&into, at, count);
        for (unsigned index = 0; index < count; index++)
            insert(&into, at + index, &from.steps[first + index]);
    }
    g_free(from.payload);
    g_rand_free(from.random);
    return finish(&into, out, max_size);
}
