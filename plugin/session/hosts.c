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
        wmem_map_insert(known_hosts, hosts, hosts);
    }
    return hosts;
}

static void
point_to(session_t **open, session_t *session)
{
    *open = session;
    if (session)
        session->open_by = open;
}

/* There can be many, and to search them for each would take time in the square. */
void
hosts_leave(session_t *session)
{
    if (!session->open_by)
        return;
    point_to(session->open_by, session->next_open);
    session->next_open = NULL;
    session->open_by = NULL;
}

void
hosts_join(session_t *session)
{
    hosts_t *hosts = hosts_between(&session->parties[SIDE_CALLER].addr,
                                   &session->parties[SIDE_CALLEE].addr, true);

    hosts_leave(session);
    point_to(&session->next_open, hosts->open);
    point_to(&hosts->open, session);
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
    session_t *session = hosts->open;
    session_t *likely = NULL;

    for (int i = 0; session && i < MAX_CALLS_COMPARED; i++, session = session->next_open) {
        if (session->number && !session->media_agreed && !call_has_media_to(session, SIDE_CALLER) &&
            !call_has_media_to(session, SIDE_CALLEE))
            return session;
        if (is_likelier(session, likely))
            likely = session;
    }
    return likely;
}
