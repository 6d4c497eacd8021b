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
    bool is_ordered = cmp_address(&pair->one, &pair->other) <= 0;

    return is_ordered ? hash_ends(&pair->one, 0, &pair->other, 0)
                      : hash_ends(&pair->other, 0, &pair->one, 0);
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

/* One that is not known to be a call is likely only where there is no other. */
static bool
is_likelier(const session_t *session, const session_t *than)
{
    return !than || (session->number && !than->number);
}

/* Of calls side by side, one that has no media yet is the likelier to get some. */
session_t *
hosts_likely_session(const hosts_t *hosts)
{
    wmem_list_frame_t *frame = wmem_list_head(hosts->open_sessions);
    session_t *likely = NULL;

    for (int i = 0; frame && i < MAX_CALLS_COMPARED; i++, frame = wmem_list_frame_next(frame)) {
        session_t *session = wmem_list_frame_data(frame);

        if (session->number && !session->media_agreed && !call_has_media_to(session, SIDE_CALLER) &&
            !call_has_media_to(session, SIDE_CALLEE))
            return session;
        if (is_likelier(session, likely))
            likely = session;
    }
    return likely;
}
