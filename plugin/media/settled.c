/* settled.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/settled.h"

#include "common/dense.h"

#define LONGEST_ADDRESS 16 /* of IPv6 */

/* Where a packet goes. */
typedef struct {
    uint64_t octets[LONGEST_ADDRESS / 8];
    uint8_t type; /* of the address */
    uint8_t length;
    uint16_t port;
} place_t;

/* All that a packet asks for is in one line: with many calls side by side, reading memory is most
 * of what such a packet takes. */
typedef struct {
    _Alignas(LINE_OF_MEMORY) joined_t joined;
    place_t place; /* its length is 0: this slot is free */
    uint16_t from_port;
    uint16_t then; /* the slot of the packet after the next one, when this one was last found */
} settled_t;

G_STATIC_ASSERT(sizeof(settled_t) == LINE_OF_MEMORY);

/*
 * An address and port choose a row of slots. Whoever makes that they fall together gains no more
 * than that their packets are looked for.
 */
#define ROWS_BITS 11
#define ROWS (1 << ROWS_BITS)
#define SLOTS 4 /* with a thousand streams at once, hardly any row has more */

static settled_t slots[ROWS * SLOTS];
static bool are_used; /* a file without media leaves their memory alone */

G_STATIC_ASSERT(ROWS *SLOTS - 1 <= UINT16_MAX);

/* That were found for the last packet, and for the one before it. */
static settled_t *lately[] = {slots, slots};

static void
begin_file(void)
{
    if (are_used)
        memset(slots, 0, sizeof slots);
    are_used = false;
}

void
settled_register(void)
{
    register_init_routine(begin_file);
}

/* False: there are no slots for addresses of this kind. */
static bool
place_of(place_t *place, const address *addr, uint32_t port)
{
    if (addr->len <= 0 || addr->len > LONGEST_ADDRESS)
        return false;
    *place = (place_t){
        .type = (uint8_t)addr->type, .length = (uint8_t)addr->len, .port = (uint16_t)port};
    if (addr->len == 4)
        memcpy(place->octets, addr->data, 4); /* IPv4, in one instruction */
    else
        memcpy(place->octets, addr->data, (size_t)addr->len);
    return true;
}

/* Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4). */
#define GOLDEN_RATIO UINT64_C(0x9e3779b97f4a7c15)

static settled_t *
row_of(const place_t *place)
{
    uint64_t mixed = (place->octets[0] ^ place->port) * GOLDEN_RATIO ^ place->octets[1];

    return slots + SLOTS * (mixed * GOLDEN_RATIO >> (64 - ROWS_BITS));
}

static bool
is_there(const settled_t *slot, const place_t *place)
{
    return slot->place.octets[0] == place->octets[0] && slot->place.octets[1] == place->octets[1] &&
           slot->place.port == place->port && slot->place.type == place->type &&
           slot->place.length == place->length;
}

/* NULL: there is none. */
static settled_t *
slot_of(const packet_info *pinfo)
{
    place_t place;
    settled_t *row;

    if (!place_of(&place, &pinfo->net_dst, pinfo->destport))
        return NULL;
    row = row_of(&place);
    for (int i = 0; i < SLOTS; i++) {
        if (row[i].from_port == pinfo->srcport && is_there(&row[i], &place))
            return &row[i];
    }
    return NULL;
}

/*
 * Streams send in turn, so that the packets that come next are of those that came next before.
 * Their memory is read while Wireshark dissects this one: the stream of the next packet, of which
 * the slot has been read by now, and the slot of the one after that.
 */
static void
fetch_ahead(settled_t *slot)
{
    const settled_t *next = slots + lately[0]->then;

    if (slot == lately[0])
        return;
    lately[1]->then = (uint16_t)(slot - slots);
    lately[1] = lately[0];
    lately[0] = slot;
    dense_fetch(next->joined.stream);
    dense_fetch(slots + slot->then);
}

const joined_t *
settled_find(const packet_info *pinfo)
{
    settled_t *slot = slot_of(pinfo);

    if (!slot)
        return NULL;
    fetch_ahead(slot);
    return &slot->joined;
}

void
settled_stream(const packet_info *pinfo, const session_t *session, watched_stream_t *stream)
{
    settled_t *slot = slot_of(pinfo);

    if (slot && slot->joined.session == session)
        slot->joined.stream = stream;
}

void
settled_keep(const packet_info *pinfo, const joined_t *joined)
{
    settled_t new = {.from_port = (uint16_t)pinfo->srcport, .joined = *joined};
    settled_t *row;

    if (!place_of(&new.place, &pinfo->net_dst, pinfo->destport))
        return;
    row = row_of(&new.place);
    memmove(row + 1, row, (SLOTS - 1) * sizeof *row);
    row[0] = new;
    are_used = true;
}

void
settled_forget(const address *addr, uint32_t port)
{
    place_t place;
    settled_t *row;

    if (!are_used || !place_of(&place, addr, port))
        return;
    row = row_of(&place);
    for (int i = 0; i < SLOTS; i++) {
        if (is_there(&row[i], &place))
            row[i].place.length = 0;
    }
}
