/* hosts.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/hosts.h"

#include "common/hash.h"

/* More calls side by side between two hosts than this are not told apart by their media. */
#define MAX_CALLS_COMPARED 32

static wmem_map_t *known_hosts; /* of hosts_t, by their addresses in either order */

static unsigned
hosts_hash(const void *key)
{
    const hosts_t *pair = key;

    unsigned one = hash_address(&pair->one, 0);
    unsigned other = hash_address(&pair->other, 0);

    return hash_both(MIN(one, other), MAX(one, other));
}

static gboolean
hosts_equal(const void *a, const void *b)
{
    const hosts_t *pair = a;
    const hosts_t *that = b;

    return (addresses_equal(&pair->one, &that->one) &&
            addresses_equal(&pair->other, &that->other)) ||
           (addresses_equal(&pair->one, &that->other) && addresses_equal(&pair->other, &that->one));
}

void
hosts_register(void)
{
    known_hosts =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hosts_hash, hosts_equal);
}

hosts_t *
hosts_between(const address *one, const address *other, bool make)
{
    hosts_t key = {.one = *one, .other = *other};
    hosts_t *hosts = wmem_map_lookup(known_hosts, &key);

    if (!hosts && make) {
        hosts = wmem_new0(wmem_file_scope(), hosts_t);
        copy_address_wmem(wmem_file_scope(), &hosts->one, one);
        copy_address_wmem(wmem_file_scope(), &hosts->other, other);
        hosts->open_sessions = wmem_list_new(wmem_file_scope());
        wmem_map_insert(known_hosts, hosts, hosts);
    }
    return hosts;
}

static wmem_list_t *
open_sessions_of(const session_t *session)
{
    return hosts_between(&session->parties[SIDE_CALLER].addr, &session->parties[SIDE_CALLEE].addr,
                         true)
        ->open_sessions;
}

void
hosts_join(session_t *session)
{
    wmem_list_t *open = open_sessions_of(session);

    wmem_list_prepend(open, session);
    session->place = wmem_list_head(open);
}

/* By its place: there can be many, and to search them for each would take time in the square. */
void
hosts_leave(session_t *session)
{
    if (!session->place)
        return;
    wmem_list_remove_frame(open_sessions_of(session), session->place);
    session->place = NULL;
}

/* Of calls side by side, one that has no media yet is the likelier to get some. */
session_t *
hosts_likely_session(const hosts_t *hosts)
{
    wmem_list_frame_t *frame = wmem_list_head(hosts->open_sessions);
    session_t *latest = frame ? wmem_list_frame_data(frame) : NULL;

    for (int i = 0; frame && i < MAX_CALLS_COMPARED; i++, frame = wmem_list_frame_next(frame)) {
        session_t *session = wmem_list_frame_data(frame);

        if (!session->media_agreed && !session->media_to[SIDE_CALLER] &&
            !session->media_to[SIDE_CALLEE])
            return session;
    }
    return latest;
}
