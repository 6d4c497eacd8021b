/* steps.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/steps.h"

#include "common/protocol.h"

/* Where a message stood. */
typedef struct {
    uint32_t ends; /* a hash of the two hosts and ports, one way */
    uint32_t offset;
    uint8_t as;
    bool is_reassembled;
} place_of_step_t;

typedef struct kept {
    place_of_step_t place;
    step_t *step;
    struct kept *next; /* in the same frame */
} kept_t;

typedef struct {
    kept_t *first;
    kept_t *last;
} kept_steps_t;

static place_of_step_t
place_of(const packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled)
{
    place_of_step_t place = {.offset = offset, .as = as, .is_reassembled = is_reassembled};

    place.ends = add_address_to_hash(pinfo->srcport << 16 ^ pinfo->destport, &pinfo->src);
    place.ends = add_address_to_hash(place.ends, &pinfo->dst);
    return place;
}

static bool
is_same_place(const place_of_step_t *one, const place_of_step_t *other)
{
    return one->offset == other->offset && one->ends == other->ends && one->as == other->as &&
           one->is_reassembled == other->is_reassembled;
}

void
step_keep(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled, step_t *step)
{
    kept_steps_t *steps = p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_STEPS);
    kept_t *kept = wmem_new0(wmem_file_scope(), kept_t);

    kept->place = place_of(pinfo, as, offset, is_reassembled);
    kept->step = step;
    if (steps) {
        steps->last->next = kept;
        steps->last = kept;
        return;
    }
    steps = wmem_new(wmem_file_scope(), kept_steps_t);
    steps->first = kept;
    steps->last = kept;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_STEPS, steps);
}

static kept_t *
first_at(kept_t *kept, const place_of_step_t *place)
{
    while (kept && !is_same_place(&kept->place, place))
        kept = kept->next;
    return kept;
}

/* Messages come in the same order in each pass: the next one is behind the one that was last. */
static kept_t *
find(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled)
{
    const kept_steps_t *steps = p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_STEPS);
    const kept_t *last = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LAST_STEP);
    place_of_step_t place = place_of(pinfo, as, offset, is_reassembled);

    return steps ? first_at(last ? last->next : steps->first, &place) : NULL;
}

step_t *
step_peek(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled)
{
    const kept_t *kept = find(pinfo, as, offset, is_reassembled);

    return kept ? kept->step : NULL;
}

step_t *
step_find(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled)
{
    kept_t *kept = find(pinfo, as, offset, is_reassembled);

    if (!kept)
        return NULL;
    p_set_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LAST_STEP, kept);
    return kept->step;
}
