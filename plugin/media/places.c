/* places.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/places.h"

#include "common/hash.h"

/* A transport address: the key under which its announcements are kept. */
typedef struct {
    address addr;
    uint16_t port;
} place_t;

/* In file scope, for as long as a file is open. */
static wmem_map_t *sessions_by_frame; /* announcing frame -> wmem_list of session_t */

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

wmem_map_t *
places_new(void)
{
    return wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), place_hash, place_equal);
}

void
places_register(void)
{
    sessions_by_frame =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

announcement_t *
places_announce(wmem_map_t *places, session_t *session, side_t side, uint32_t frame,
                const address *addr, uint32_t port)
{
    place_t key = {.addr = *addr, .port = (uint16_t)port};
    wmem_tree_t *by_frame = wmem_map_lookup(places, &key);
    announcement_t *announcement = wmem_new0(wmem_file_scope(), announcement_t);

    if (!by_frame) {
        place_t *place = wmem_new(wmem_file_scope(), place_t);

        copy_address_wmem(wmem_file_scope(), &place->addr, addr);
        place->port = key.port;
        by_frame = wmem_tree_new(wmem_file_scope());
        wmem_map_insert(places, place, by_frame);
    }
    announcement->session = session;
    announcement->side = side;
    announcement->frame = frame;
    announcement->link = LINK_NEGOTIATED;
    wmem_tree_insert32(by_frame, frame, announcement);
    return announcement;
}

const announcement_t *
places_announced(wmem_map_t *places, const address *addr, uint32_t port, uint32_t frame)
{
    place_t key = {.addr = *addr, .port = (uint16_t)port};
    wmem_tree_t *by_frame = wmem_map_lookup(places, &key);

    return by_frame ? wmem_tree_lookup32_le(by_frame, frame) : NULL;
}

void
places_remember_frame(session_t *session, uint32_t frame)
{
    wmem_list_t *sessions = wmem_map_lookup(sessions_by_frame, GUINT_TO_POINTER(frame));

    if (!sessions) {
        sessions = wmem_list_new(wmem_file_scope());
        wmem_map_insert(sessions_by_frame, GUINT_TO_POINTER(frame), sessions);
    }
    if (!wmem_list_find(sessions, session))
        wmem_list_append(sessions, session);
}

bool
places_has_announced(const session_t *session, uint32_t frame)
{
    wmem_list_t *sessions = wmem_map_lookup(sessions_by_frame, GUINT_TO_POINTER(frame));

    return sessions && wmem_list_find(sessions, session);
}

session_t *
places_only_session_of(uint32_t frame)
{
    wmem_list_t *sessions = wmem_map_lookup(sessions_by_frame, GUINT_TO_POINTER(frame));

    return sessions && wmem_list_count(sessions) == 1
               ? wmem_list_frame_data(wmem_list_head(sessions))
               : NULL;
}
