/* legs.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/legs.h"

#include "session/streams.h"

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

    return has_caller != has_callee;
}

/* Sets that have become one are reached through one another, the smaller through the larger. */
struct legs {
    struct legs *merged_into; /* NULL: it is none's part */
    uint32_t merged_at;       /* the frame of that */
    uint32_t number;          /* of its first session */
    unsigned count;
    unsigned known;                  /* of those that are told */
    session_t *first[LEGS_TOLD + 1]; /* by number */
    wmem_tree_t *numbers;            /* frame -> its number, from that frame on */
};

static legs_t *
legs_of(const session_t *session)
{
    legs_t *legs = session->legs;

    while (legs && legs->merged_into)
        legs = legs->merged_into;
    return legs;
}

static void
set_number(legs_t *legs, uint32_t number, uint32_t frame)
{
    if (legs->number == number)
        return;
    legs->number = number;
    wmem_tree_insert32(legs->numbers, frame, GUINT_TO_POINTER(number));
}

/* Only those with the lowest numbers are kept. */
static void
know(legs_t *legs, session_t *session)
{
    unsigned place = legs->known;

    if (legs->known < G_N_ELEMENTS(legs->first))
        legs->known++;
    else if (legs->first[--place]->number <= session->number)
        return;
    for (; place > 0 && legs->first[place - 1]->number > session->number; place--)
        legs->first[place] = legs->first[place - 1];
    legs->first[place] = session;
}

static legs_t *
legs_begin(session_t *session, uint32_t frame)
{
    legs_t *legs = wmem_new0(wmem_file_scope(), legs_t);

    legs->numbers = wmem_tree_new(wmem_file_scope());
    legs->count = 1;
    know(legs, session);
    set_number(legs, session->number, frame);
    session->legs = legs;
    streams_look_again(session);
    session->legs_since = frame;
    return legs;
}

void
legs_join(session_t *session, session_t *other, const packet_info *pinfo)
{
    legs_t *part = session->legs ? legs_of(session) : legs_begin(session, pinfo->num);
    legs_t *whole = other->legs ? legs_of(other) : legs_begin(other, pinfo->num);

    if (part == whole)
        return;
    if (part->count > whole->count) {
        legs_t *larger = part;

        part = whole;
        whole = larger;
    }
    part->merged_into = whole;
    part->merged_at = pinfo->num;
    whole->count += part->count;
    for (unsigned i = 0; i < part->known; i++)
        know(whole, part->first[i]);
    set_number(whole, MIN(whole->number, part->number), pinfo->num);
}

uint32_t
legs_call(const session_t *session)
{
    return session->legs ? legs_of(session)->number : session->number;
}

uint32_t
legs_call_at(const session_t *session, uint32_t frame)
{
    const legs_t *legs = session->legs_since <= frame ? session->legs : NULL;

    if (!legs)
        return session->number;
    while (legs->merged_into && legs->merged_at <= frame)
        legs = legs->merged_into;
    return GPOINTER_TO_UINT(wmem_tree_lookup32_le(legs->numbers, frame));
}

unsigned
legs_others(const session_t *session, session_t *others[LEGS_TOLD])
{
    const legs_t *legs = legs_of(session);
    unsigned count = 0;

    for (unsigned i = 0; legs && i < legs->known && count < LEGS_TOLD; i++) {
        if (legs->first[i] != session)
            others[count++] = legs->first[i];
    }
    return count;
}

unsigned
legs_more(const session_t *session)
{
    const legs_t *legs = legs_of(session);

    return legs && legs->count > LEGS_TOLD + 1 ? legs->count - LEGS_TOLD - 1 : 0;
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
