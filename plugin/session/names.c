/* names.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/names.h"

#include "common/hash.h"
#include "session/legs.h"

static wmem_map_t *sessions_by_id;        /* call identifier -> session_t, the latest */
static wmem_map_t *sessions_by_reference; /* reference_key_t -> session_t, the latest */

/* A call as one of its ends names it where it gives no identifier. */
typedef struct {
    address end;
    uint16_t reference;
} reference_key_t;

static unsigned
call_id_hash(const void *key)
{
    return wmem_strong_hash(key, sizeof(e_guid_t));
}

static gboolean
call_id_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(e_guid_t)) == 0;
}

static unsigned
reference_hash(const void *key)
{
    const reference_key_t *reference = key;

    return hash_address(&reference->end, reference->reference);
}

static gboolean
reference_equal(const void *a, const void *b)
{
    const reference_key_t *one = a;
    const reference_key_t *other = b;

    return one->reference == other->reference && addresses_equal(&one->end, &other->end);
}

void
names_register(void)
{
    sessions_by_id =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), call_id_hash, call_id_equal);
    sessions_by_reference = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(),
                                                   reference_hash, reference_equal);
}

session_t *
names_with_same_id(const session_t *session)
{
    session_t *other =
        session->has_call_id ? wmem_map_lookup(sessions_by_id, &session->call_id) : NULL;

    return other != session ? other : NULL;
}

static bool
is_end_of(const session_t *session, const address *end)
{
    return addresses_equal(end, &session->parties[SIDE_CALLER].addr) ||
           addresses_equal(end, &session->parties[SIDE_CALLEE].addr);
}

/* Of the legs of a call that are told the latest that this end is an end of; the session itself if
 * none is. */
static session_t *
leg_of_end(session_t *session, const address *end)
{
    session_t *others[LEGS_TOLD];
    unsigned count = legs_others(session, others);

    if (is_end_of(session, end))
        return session;
    while (count > 0) {
        if (is_end_of(others[--count], end))
            return others[count];
    }
    return session;
}

/* The latest call that the message names, by its identifier or as this end refers to it. */
session_t *
names_find(const message_t *message, const address *end)
{
    reference_key_t key = {.end = *end, .reference = message->call_reference};
    session_t *session = NULL;

    if (message->has_call_id)
        session = wmem_map_lookup(sessions_by_id, &message->call_id);
    if (session)
        return leg_of_end(session, end);
    if (!message->has_call_reference)
        return NULL;
    session = wmem_map_lookup(sessions_by_reference, &key);
    return session && session->has_call_id && message->has_call_id ? NULL : session;
}

static void
keep_reference(session_t *session, const party_t *party)
{
    reference_key_t key = {.end = party->addr, .reference = session->call_reference};

    if (party->addr.type != AT_NONE && wmem_map_lookup(sessions_by_reference, &key) != session)
        wmem_map_insert(sessions_by_reference, wmem_memdup(wmem_file_scope(), &key, sizeof key),
                        session);
}

/* So that names_find() finds it. */
void
names_keep(session_t *session, const message_t *message)
{
    if (session->has_call_id)
        wmem_map_insert(sessions_by_id, &session->call_id, session);
    if (message->has_call_reference) {
        keep_reference(session, &session->parties[SIDE_CALLER]);
        keep_reference(session, &session->parties[SIDE_CALLEE]);
    }
}

void
names_place_party(party_t *party, const address *addr, uint32_t port)
{
    copy_address_wmem(wmem_file_scope(), &party->addr, addr);
    party->port = (uint16_t)port;
}

/* Keeps a name that is not known yet; the text may be NULL. */
static void
learn(const char **known, const char *text)
{
    if (!*known && text && *text)
        *known = wmem_strdup(wmem_file_scope(), text);
}

/* A name once learnt stays, but for one that only says where the party is. */
static void
learn_name(party_t *party, const char *text)
{
    if (party->is_named_by_place && text && *text) {
        party->name = NULL;
        party->is_named_by_place = false;
    }
    learn(&party->name, text);
}

static void
learn_place(party_t *party, const char *text)
{
    party->is_named_by_place |= !party->name && text;
    learn(&party->name, text);
}

void
names_learn_aliases(session_t *session, const message_t *message)
{
    learn_name(&session->parties[SIDE_CALLER], message->source_alias);
    learn_name(&session->parties[SIDE_CALLEE], message->destination_alias);
    learn_place(&session->parties[SIDE_CALLER], message->source_place);
    learn_place(&session->parties[SIDE_CALLEE], message->destination_place);
}

void
names_learn_identifiers(session_t *session, const message_t *message)
{
    session->netmeeting |= message->netmeeting;
    if (message->has_call_id && !session->has_call_id) {
        session->has_call_id = true;
        session->call_id = message->call_id;
    }
    if (message->has_conference_id && !session->has_conference_id) {
        session->has_conference_id = true;
        session->conference_id = message->conference_id;
    }
}

static bool
is_number(const char *name)
{
    return name && *name && strspn(name, "0123456789*#") == strlen(name);
}

/*
 * Overlap sending (Q.931 section 5.1.3): the digits of INFORMATION messages complete
 * the number called, until the call proceeds to ring. A callee that has a name keeps it.
 */
static void
learn_more_digits(session_t *session, const message_t *message)
{
    party_t *callee = &session->parties[SIDE_CALLEE];

    if (callee->is_named_by_place)
        learn_name(callee, message->called_number);
    else if (is_number(message->called_number) && session->state < STATE_RINGING &&
             (!callee->name || is_number(callee->name)))
        callee->name = wmem_strconcat(wmem_file_scope(), callee->name ? callee->name : "",
                                      message->called_number, NULL);
}

/* Who the ends are: one name per end. */
void
names_learn_parties(session_t *session, side_t sender, const message_t *message)
{
    party_t *caller = &session->parties[SIDE_CALLER];
    party_t *callee = &session->parties[SIDE_CALLEE];

    names_learn_aliases(session, message);
    if (message->event == EVENT_REQUEST) {
        learn_name(caller, message->display);
        learn_name(caller, message->calling_number);
        learn_name(callee, message->called_number);
    } else {
        learn_name(&session->parties[sender], message->display);
    }
    if (message->more_digits && sender == SIDE_CALLER)
        learn_more_digits(session, message);
    learn(&session->parties[sender].product, message->product);
    names_learn_identifiers(session, message);
}
