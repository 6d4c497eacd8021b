/* places.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/places.h"

#include "common/hash.h"

/* Of an address that was announced over and over, no more than this is looked through. */
#define MAX_EARLIER 64

/* A transport address, which is the key that it is found by, and its announcements. */
typedef struct {
    address addr;
    uint16_t port;
    uint16_t settled_port; /* that what is settled comes from */
    const announcement_t *settled;
    announcement_t *latest;
    wmem_tree_t *by_frame; /* frame -> announcement_t; NULL: the latest is the only one */
} place_t;

/* Whom a frame announces something for. */
typedef struct {
    session_t *first;
    wmem_list_t *others; /* session_t; NULL: none */
} announced_for_t;

/* In file scope, for as long as a file is open. */
static wmem_map_t *sessions_by_frame; /* announcing frame -> announced_for_t */

/*
 * Places of media that were settled last, each in the slot that its port chooses: the packets of a
 * stream are found here, and hash nothing. Whoever has the slot taken by others gains no more than
 * a look-up in the map.
 */
#define SETTLED_SLOTS 256
static place_t *settled_lately[SETTLED_SLOTS];

wmem_map_t *places_of_media; /* place_t -> itself */
wmem_map_t *places_of_h245;
wmem_map_t *places_advertised;
wmem_map_t *places_of_data;

static unsigned
place_hash(const void *key)
{
    const place_t *place = key;

    return hash_address(&place->addr, place->port);
}

static gboolean
place_equal(const void *a, const void *b)
{
    const place_t *one = a;
    const place_t *other = b;

    return one->port == other->port && addresses_equal(&one->addr, &other->addr);
}

static wmem_map_t *
new_places(void)
{
    return wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), place_hash, place_equal);
}

static void
forget_settled(void)
{
    memset(settled_lately, 0, sizeof settled_lately);
}

void
places_register(void)
{
    register_init_routine(forget_settled);
    places_of_media = new_places();
    places_of_h245 = new_places();
    places_advertised = new_places();
    places_of_data = new_places();
    sessions_by_frame =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

static place_t *
place_at(wmem_map_t *places, const address *addr, uint32_t port)
{
    const place_t key = {.addr = *addr, .port = (uint16_t)port};

    return wmem_map_lookup(places, &key);
}

static place_t *
place_new(wmem_map_t *places, const address *addr, uint32_t port)
{
    place_t *place = wmem_new0(wmem_file_scope(), place_t);

    copy_address_wmem(wmem_file_scope(), &place->addr, addr);
    place->port = (uint16_t)port;
    wmem_map_insert(places, place, place);
    return place;
}

static void
place_add(place_t *place, announcement_t *announcement)
{
    announcement->earlier = place->latest;
    place->latest = announcement;
    place->settled = NULL;
    if (!announcement->earlier)
        return;
    if (!place->by_frame) {
        place->by_frame = wmem_tree_new(wmem_file_scope());
        wmem_tree_insert32(place->by_frame, announcement->earlier->frame,
                           (void *)(uintptr_t)announcement->earlier);
    }
    wmem_tree_insert32(place->by_frame, announcement->frame, announcement);
}

announcement_t *
places_announce(wmem_map_t *places, session_t *session, side_t side, uint32_t frame,
                const address *addr, uint32_t port)
{
    place_t *place = place_at(places, addr, port);
    announcement_t *announcement = wmem_new0(wmem_file_scope(), announcement_t);

    announcement->session = session;
    announcement->side = side;
    announcement->frame = frame;
    announcement->link = LINK_NEGOTIATED;
    place_add(place ? place : place_new(places, addr, port), announcement);
    return announcement;
}

const announcement_t *
places_announced(wmem_map_t *places, const address *addr, uint32_t port, uint32_t frame)
{
    const place_t *place = place_at(places, addr, port);

    if (!place)
        return NULL;
    if (place->latest->frame <= frame)
        return place->latest;
    return place->by_frame ? wmem_tree_lookup32_le(place->by_frame, frame) : NULL;
}

/* RTP has even ports. */
static place_t **
settled_slot(uint32_t port)
{
    return &settled_lately[port / 2 % SETTLED_SLOTS];
}

static place_t *
settled_place_at(const address *addr, uint32_t port)
{
    place_t *place = *settled_slot(port);

    if (place && place->port == port && addresses_equal(&place->addr, addr))
        return place;
    return place_at(places_of_media, addr, port);
}

const announcement_t *
places_settled(const address *addr, uint32_t port, uint32_t from_port)
{
    const place_t *place = settled_place_at(addr, port);

    return place && place->settled_port == from_port ? place->settled : NULL;
}

void
places_settle(const announcement_t *announcement, const address *addr, uint32_t port,
              uint32_t from_port)
{
    place_t *place = place_at(places_of_media, addr, port);

    place->settled = announcement;
    place->settled_port = (uint16_t)from_port;
    *settled_slot(port) = place;
}

const announcement_t *
places_announced_by(wmem_map_t *places, const session_t *session, const address *addr,
                    uint32_t port, uint32_t frame)
{
    const announcement_t *announcement = places_announced(places, addr, port, frame);

    for (int i = 0; announcement && i < MAX_EARLIER; i++, announcement = announcement->earlier) {
        if (announcement->session == session)
            return announcement;
    }
    return NULL;
}

static bool
is_among(const announced_for_t *announced_for, const session_t *session)
{
    return announced_for->first == session ||
           (announced_for->others && wmem_list_find(announced_for->others, session));
}

void
places_remember_frame(session_t *session, uint32_t frame)
{
    announced_for_t *announced_for = wmem_map_lookup(sessions_by_frame, GUINT_TO_POINTER(frame));

    if (!announced_for) {
        announced_for = wmem_new0(wmem_file_scope(), announced_for_t);
        announced_for->first = session;
        wmem_map_insert(sessions_by_frame, GUINT_TO_POINTER(frame), announced_for);
    }
    if (is_among(announced_for, session))
        return;
    if (!announced_for->others)
        announced_for->others = wmem_list_new(wmem_file_scope());
    wmem_list_append(announced_for->others, session);
}

bool
places_has_announced(const session_t *session, uint32_t frame)
{
    const announced_for_t *announced_for =
        wmem_map_lookup(sessions_by_frame, GUINT_TO_POINTER(frame));

    return announced_for && is_among(announced_for, session);
}

session_t *
places_only_session_of(uint32_t frame)
{
    const announced_for_t *announced_for =
        wmem_map_lookup(sessions_by_frame, GUINT_TO_POINTER(frame));

    return announced_for && !announced_for->others ? announced_for->first : NULL;
}
