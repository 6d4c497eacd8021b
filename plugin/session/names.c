/* names.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/names.h"

#include "common/hash.h"

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

/* The latest call that the message names, by its identifier or as this end refers to it. */
session_t *
names_find(const message_t *message, const address *end)
{
    reference_key_t key = {.end = *end, .reference = message->call_reference};
    session_t *session = NULL;

    if (message->has_call_id)
        session = wmem_map_lookup(sessions_by_id, &message->call_id);
    if (session || !message->has_call_reference)
        return session;
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

void
names_learn(const char **known, const char *text)
{
    if (!*known && text && *text)
        *known = wmem_strdup(wmem_file_scope(), text);
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

/* Who the ends are. A name once learnt stays, so that a session keeps one name per end. */
void
names_learn_parties(session_t *session, side_t sender, const message_t *message)
{
    party_t *caller = &session->parties[SIDE_CALLER];
    party_t *callee = &session->parties[SIDE_CALLEE];

    names_learn(&caller->name, message->source_alias);
    names_learn(&callee->name, message->destination_alias);
    if (message->event == EVENT_REQUEST) {
        names_learn(&caller->name, message->display);
        names_learn(&caller->name, message->calling_number);
        names_learn(&callee->name, message->called_number);
    } else {
        names_learn(&session->parties[sender].name, message->display);
    }
    names_learn(&session->parties[sender].product, message->product);
    names_learn_identifiers(session, message);
}
