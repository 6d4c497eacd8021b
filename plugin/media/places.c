/* places.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/places.h"

#include "media/settled.h"

#include "common/by_frame.h"
#include "common/hash.h"

/* Of an address that was announced over and over, no more than this is looked through. */
#define MAX_EARLIER 64

/* So many are looked through one by one before they get a tree. */
#define FEW_ANNOUNCEMENTS 16

/* A transport address, which is the key that it is found by, and its announcements. */
typedef struct {
    const void *octets; /* of the address; file scope, but of a key the caller's */
    int16_t length;
    uint8_t type;
    uint8_t count; /* of announcements; FEW_ANNOUNCEMENTS + 1: they are more */
    uint16_t port;
    union {
        announcement_t *latest; /* of few */
        wmem_tree_t *by_frame;  /* frame -> announcement_t, of more */
    };
} place_t;

/* Kept some five times a call. */
G_STATIC_ASSERT(sizeof(place_t) <= 24);
G_STATIC_ASSERT(FEW_ANNOUNCEMENTS < UINT8_MAX);

/* A frame that announces something for a session. */
typedef struct {
    uint32_t frame;
    session_t *session;
} announces_t;

/* In file scope, for as long as a file is open. */
static by_frame_t *announcing; /* of announces_t */

static ws_bool link_media = true;

wmem_map_t *places_of_media; /* place_t -> itself */
wmem_map_t *places_of_h245;
wmem_map_t *places_advertised;
wmem_map_t *places_of_data;

static address
place_address(const place_t *place)
{
    address addr;

    set_address(&addr, place->type, place->length, place->octets);
    return addr;
}

/* Its octets are those of this address. */
static place_t
key_of(const address *addr, uint32_t port)
{
    return (place_t){.octets = addr->data,
                     .length = (int16_t)MIN(addr->len, INT16_MAX),
                     .type = (uint8_t)addr->type,
                     .port = (uint16_t)port};
}

static unsigned
place_hash(const void *key)
{
    const place_t *place = key;
    const address addr = place_address(place);

    return hash_address(&addr, place->port);
}

static gboolean
place_equal(const void *a, const void *b)
{
    const place_t *one = a;
    const place_t *other = b;
    const address one_addr = place_address(one);
    const address other_addr = place_address(other);

    return one->port == other->port && addresses_equal(&one_addr, &other_addr);
}

static wmem_map_t *
new_places(void)
{
    return wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), place_hash, place_equal);
}

static void
begin_file(void)
{
    announcing = by_frame_new(wmem_file_scope(), sizeof(announces_t));
}

bool
places_are_linked(void)
{
    return link_media;
}

void
places_register(module_t *module)
{
    prefs_register_bool_preference(
        module, "link_media", "Join media to its session",
        "Whether H.245 connections, RTP and RTCP streams that a call's messages name are shown "
        "as parts of the session.",
        &link_media);
    register_init_routine(begin_file);
    places_of_media = new_places();
    places_of_h245 = new_places();
    places_advertised = new_places();
    places_of_data = new_places();
}

static place_t *
place_at(wmem_map_t *places, const address *addr, uint32_t port)
{
    const place_t key = key_of(addr, port);

    return wmem_map_lookup(places, &key);
}

static place_t *
place_new(wmem_map_t *places, const address *addr, uint32_t port)
{
    place_t *place = wmem_new(wmem_file_scope(), place_t);
    address kept;

    copy_address_wmem(wmem_file_scope(), &kept, addr);
    *place = key_of(&kept, port);
    wmem_map_insert(places, place, place);
    return place;
}

/* Of those of one frame, the latest counts. */
static void
make_tree(place_t *place)
{
    wmem_tree_t *by_frame = wmem_tree_new(wmem_file_scope());

    for (announcement_t *one = place->latest; one; one = one->earlier) {
        if (!wmem_tree_lookup32(by_frame, one->frame))
            wmem_tree_insert32(by_frame, one->frame, one);
    }
    place->by_frame = by_frame;
}

static bool
has_tree(const place_t *place)
{
    return place->count > FEW_ANNOUNCEMENTS;
}

/* The latest up to a frame; NULL: none. */
static announcement_t *
place_latest(const place_t *place, uint32_t frame)
{
    announcement_t *announcement;

    if (has_tree(place))
        return wmem_tree_lookup32_le(place->by_frame, frame);
    announcement = place->latest;
    while (announcement && announcement->frame > frame)
        announcement = announcement->earlier;
    return announcement;
}

static void
place_add(place_t *place, announcement_t *announcement)
{
    announcement->earlier = place_latest(place, UINT32_MAX);
    if (has_tree(place)) {
        wmem_tree_insert32(place->by_frame, announcement->frame, announcement);
        return;
    }
    place->latest = announcement;
    if (++place->count > FEW_ANNOUNCEMENTS)
        make_tree(place);
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
    settled_forget(addr, port);
    place_add(place ? place : place_new(places, addr, port), announcement);
    return announcement;
}

const announcement_t *
places_announced(wmem_map_t *places, const address *addr, uint32_t port, uint32_t frame)
{
    const place_t *place = place_at(places, addr, port);

    return place ? place_latest(place, frame) : NULL;
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

void
places_remember_frame(session_t *session, uint32_t frame)
{
    const announces_t announces = {.frame = frame, .session = session};

    if (!places_has_announced(session, frame))
        by_frame_add(announcing, &announces);
}

bool
places_has_announced(const session_t *session, uint32_t frame)
{
    unsigned place = by_frame_first(announcing, frame);
    const announces_t *one;

    while ((one = by_frame_at(announcing, place)) != NULL && one->frame == frame) {
        if (one->session == session)
            return true;
        place++;
    }
    return false;
}

session_t *
places_only_session_of(uint32_t frame)
{
    unsigned place = by_frame_first(announcing, frame);
    const announces_t *one = by_frame_at(announcing, place);
    const announces_t *next = by_frame_at(announcing, place + 1);

    if (!one || one->frame != frame || (next && next->frame == frame))
        return NULL;
    return one->session;
}

void
places_take_over(joined_t *joined, const announcement_t *announcement)
{
    joined->codec = announcement->codec;
    joined->payload_type = announcement->payload_type;
    joined->content = announcement->content;
}

void
places_join(joined_t *joined, const announcement_t *announcement)
{
    joined->session = announcement->session;
    joined->to = announcement->side;
    joined->link = announcement->link;
    places_take_over(joined, announcement);
}

side_t
places_side_of(const session_t *session, const address *addr, side_t fallback)
{
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        if (addresses_equal(addr, &session->parties[side].addr))
            return side;
    }
    return fallback;
}
