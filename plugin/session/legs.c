/* legs.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/legs.h"

#include <epan/to_str.h>

/* A caller that is sent elsewhere calls there at once; a minute later it is another call. */
#define FORWARDING_SECONDS 60

/* More attempts than this that wait for being followed are not compared. */
#define MAX_FORWARDINGS 64

static wmem_list_t *forwarded; /* of session_t that nobody has followed yet, the latest first */

static void
forget_forwarded(void)
{
    forwarded = NULL;
}

void
legs_register(void)
{
    register_init_routine(forget_forwarded);
}

static bool
is_end_of(const session_t *session, const address *addr)
{
    return addresses_equal(addr, &session->parties[SIDE_CALLER].addr) ||
           addresses_equal(addr, &session->parties[SIDE_CALLEE].addr);
}

/* What two ends have in common is the gatekeeper: between the same two hosts are two calls. */
bool
legs_may_be(const session_t *session, const session_t *other)
{
    bool has_caller = is_end_of(other, &session->parties[SIDE_CALLER].addr);
    bool has_callee = is_end_of(other, &session->parties[SIDE_CALLEE].addr);

    return session != other && has_caller != has_callee;
}

static bool
is_leg_of(const session_t *session, const session_t *other)
{
    return session->legs && session->legs == other->legs;
}

static void
set_call(session_t *session, uint32_t number, const packet_info *pinfo)
{
    session->call = number;
    if (!session->calls)
        session->calls = wmem_tree_new(wmem_file_scope());
    wmem_tree_insert32(session->calls, pinfo->num, GUINT_TO_POINTER(number));
}

static void
take_in(wmem_list_t *legs, session_t *session)
{
    session->legs = legs;
    wmem_list_append(legs, session);
}

void
legs_join(session_t *session, session_t *other, const packet_info *pinfo)
{
    wmem_list_t *legs;
    uint32_t number = MIN(session->call, other->call);

    if (is_leg_of(session, other))
        return;
    if (!other->legs)
        take_in(wmem_list_new(wmem_file_scope()), other);
    legs = other->legs;
    if (session->legs) {
        for (wmem_list_frame_t *frame = wmem_list_head(session->legs); frame;
             frame = wmem_list_frame_next(frame))
            take_in(legs, wmem_list_frame_data(frame));
    } else {
        take_in(legs, session);
    }
    for (wmem_list_frame_t *frame = wmem_list_head(legs); frame;
         frame = wmem_list_frame_next(frame)) {
        session_t *leg = wmem_list_frame_data(frame);

        if (leg->call != number)
            set_call(leg, number, pinfo);
    }
}

uint32_t
legs_call_at(const session_t *session, uint32_t frame)
{
    uint32_t number =
        session->calls ? GPOINTER_TO_UINT(wmem_tree_lookup32_le(session->calls, frame)) : 0;

    return number ? number : session->number;
}

void
legs_begin_forwarding(session_t *session, const packet_info *pinfo, const message_t *message)
{
    forwarding_t *forwarding;

    if (session->forwarding || (!message->forward_alias && !message->has_forward_address))
        return;
    forwarding = wmem_new0(wmem_file_scope(), forwarding_t);
    forwarding->at = pinfo->abs_ts;
    if (message->forward_alias)
        forwarding->alias = wmem_strdup(wmem_file_scope(), message->forward_alias);
    forwarding->port = message->forward_port;
    if (message->has_forward_address)
        copy_address_wmem(wmem_file_scope(), &forwarding->addr, &message->forward_addr);
    session->forwarding = forwarding;
    if (!forwarded)
        forwarded = wmem_list_new(wmem_file_scope());
    wmem_list_prepend(forwarded, session);
}

char *
legs_forwarded_party(wmem_allocator_t *scope, const session_t *session)
{
    const forwarding_t *forwarding = session->forwarding;
    char *text;
    char *with_port;

    if (!forwarding)
        return NULL;
    if (forwarding->alias)
        return wmem_strdup(scope, forwarding->alias);
    text = address_to_str(NULL, &forwarding->addr);
    with_port = wmem_strdup_printf(scope, forwarding->addr.type == AT_IPv6 ? "[%s]:%u" : "%s:%u",
                                   text, forwarding->port);
    wmem_free(NULL, text);
    return with_port;
}

static bool
is_in_time(const session_t *session, const session_t *first)
{
    nstime_t since;

    nstime_delta(&since, &session->asked.at, &first->forwarding->at);
    return nstime_to_sec(&since) >= 0 && nstime_to_sec(&since) <= FORWARDING_SECONDS;
}

/* The same end calls, as far as that can be told, and whom it was told to. */
static bool
follows(const session_t *session, const session_t *first)
{
    const forwarding_t *forwarding = first->forwarding;
    const party_t *callee = &session->parties[SIDE_CALLEE];
    bool is_same_caller =
        addresses_equal(&session->parties[SIDE_CALLER].addr, &first->parties[SIDE_CALLER].addr) ||
        (session->has_call_id && first->has_call_id &&
         memcmp(&session->call_id, &first->call_id, sizeof first->call_id) == 0);
    bool is_named = forwarding->alias && callee->name &&
                    g_ascii_strcasecmp(callee->name, forwarding->alias) == 0;
    bool is_there = forwarding->port && forwarding->port == callee->port &&
                    addresses_equal(&forwarding->addr, &callee->addr);

    return session != first && is_same_caller && (is_named || is_there) &&
           is_in_time(session, first);
}

void
legs_follow_forwarding(session_t *session)
{
    wmem_list_frame_t *frame = forwarded ? wmem_list_head(forwarded) : NULL;

    for (int i = 0; frame && i < MAX_FORWARDINGS; i++, frame = wmem_list_frame_next(frame)) {
        session_t *first = wmem_list_frame_data(frame);

        if (follows(session, first)) {
            first->forwarding->followed_by = session;
            wmem_list_remove_frame(forwarded, frame);
            return;
        }
    }
}
