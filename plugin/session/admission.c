/* admission.c
 *
 * RAS: ITU-T H.225.0 section 7.7 and following.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/admission.h"

#include "common/hash.h"
#include "readers/ras.h"
#include "session/exchange.h"
#include "session/names.h"
#include "session/registration.h"
#include "session/state.h"
#include "session/steps.h"

/* A request as its answer will name it: by who asked, what and under which number. */
typedef struct {
    address requester;
    uint16_t number;
    uint8_t kind; /* message type of the request */
} request_key_t;

/* A request, its first answer, and what they did. */
typedef struct {
    exchange_t exchange;
    const step_t *request;
    const step_t *response; /* NULL: none yet */
    unsigned request_hash;  /* of the datagram */
    unsigned response_hash;
} transaction_t;

/* Two hosts that are known to exchange RAS, in the order of their addresses. */
typedef struct {
    address low;
    address high;
} speakers_t;

/* Both in file scope, for as long as a file is open. */
static wmem_map_t *transactions; /* request_key_t -> transaction_t, the latest */
static wmem_map_t *speakers;     /* speakers_t -> itself */

static unsigned
request_hash(const void *key)
{
    const request_key_t *request = key;

    return hash_address(&request->requester, (unsigned)request->number << 8 | request->kind);
}

static gboolean
request_equal(const void *a, const void *b)
{
    const request_key_t *one = a;
    const request_key_t *other = b;

    return one->number == other->number && one->kind == other->kind &&
           addresses_equal(&one->requester, &other->requester);
}

static unsigned
speakers_hash(const void *key)
{
    const speakers_t *hosts = key;

    return hash_ends(&hosts->low, 0, &hosts->high, 0);
}

static gboolean
speakers_equal(const void *a, const void *b)
{
    const speakers_t *one = a;
    const speakers_t *other = b;

    return addresses_equal(&one->low, &other->low) && addresses_equal(&one->high, &other->high);
}

void
admission_register(void)
{
    transactions =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), request_hash, request_equal);
    speakers =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), speakers_hash, speakers_equal);
    registration_register();
}

static speakers_t
speakers_of(const packet_info *pinfo)
{
    bool in_order = cmp_address(&pinfo->src, &pinfo->dst) <= 0;
    speakers_t hosts = {.low = in_order ? pinfo->src : pinfo->dst,
                        .high = in_order ? pinfo->dst : pinfo->src};

    return hosts;
}

static void
remember_speakers(const packet_info *pinfo)
{
    speakers_t key = speakers_of(pinfo);
    speakers_t *hosts;

    if (wmem_map_lookup(speakers, &key))
        return;
    hosts = wmem_new(wmem_file_scope(), speakers_t);
    copy_address_wmem(wmem_file_scope(), &hosts->low, &key.low);
    copy_address_wmem(wmem_file_scope(), &hosts->high, &key.high);
    wmem_map_insert(speakers, hosts, hosts);
}

static request_key_t
request_of(const packet_info *pinfo, uint8_t type, uint16_t number)
{
    request_key_t key = {.requester = ras_role(type) == RAS_RESPONSE ? pinfo->dst : pinfo->src,
                         .number = number,
                         .kind = ras_request_of(type)};

    return key;
}

bool
admission_has_request(const packet_info *pinfo, uint8_t type, uint16_t number)
{
    request_key_t key = request_of(pinfo, type, number);

    return wmem_map_lookup(transactions, &key) != NULL;
}

bool
admission_are_speakers(const packet_info *pinfo)
{
    speakers_t hosts = speakers_of(pinfo);

    return wmem_map_lookup(speakers, &hosts) != NULL;
}

/* A call of which nothing but a request for its admission has been seen. */
static session_t *
session_admitted(const packet_info *pinfo, const message_t *message)
{
    session_t *session = session_new(pinfo, message);

    names_place_party(&session->parties[message->from_called ? SIDE_CALLEE : SIDE_CALLER],
                      &pinfo->src, pinfo->srcport);
    return session;
}

static bool
is_end(const session_t *session, side_t side, const address *addr)
{
    return addresses_equal(&session->parties[side].addr, addr);
}

/* The end that sent it; a gatekeeper's messages go the way of the other end's. */
static void
place_sender(step_t *step, const packet_info *pinfo, const message_t *message)
{
    const session_t *session = step->session;

    if (message->asks_admission) {
        step->sender = message->from_called ? SIDE_CALLEE : SIDE_CALLER;
        return;
    }
    step->from_third =
        !is_end(session, SIDE_CALLER, &pinfo->src) && !is_end(session, SIDE_CALLEE, &pinfo->src);
    if (step->from_third)
        step->sender = is_end(session, SIDE_CALLER, &pinfo->dst) ? SIDE_CALLEE : SIDE_CALLER;
    else
        step->sender = is_end(session, SIDE_CALLER, &pinfo->src) ? SIDE_CALLER : SIDE_CALLEE;
}

/* A caller that is not admitted makes no call. */
static void
end_refused(step_t *step, const packet_info *pinfo, const message_t *message)
{
    step->event = EVENT_REJECT;
    state_advance(step, pinfo, message);
}

/* The request is the step of what the message answers, or NULL. */
static session_t *
session_of(const packet_info *pinfo, const message_t *message, const step_t *request)
{
    session_t *session = request ? request->session : NULL;

    if (!session && message->in_call)
        session = names_find(message, &pinfo->src);
    if (!session && message->in_call)
        session = names_find(message, &pinfo->dst);
    return session;
}

static bool
begins_call(const session_t *known, const message_t *message)
{
    return message->asks_admission && message->in_call &&
           (!known || (call_is_over(known) && !message->from_called));
}

static bool
is_refused(const session_t *session, const message_t *message, const step_t *request)
{
    return message->refuses_admission && session->coding == CODING_RAS && !call_is_over(session) &&
           request && request->sender == SIDE_CALLER;
}

static void
learn(session_t *session, const message_t *message)
{
    names_learn_aliases(session, message);
    names_learn_identifiers(session, message);
    names_keep(session, message);
}

/* What a message does; the request is what the message that it answers did, or NULL. */
static step_t *
admit(const packet_info *pinfo, const message_t *message, const step_t *request)
{
    session_t *known = session_of(pinfo, message, request);
    bool is_new = begins_call(known, message);
    session_t *session = is_new ? session_admitted(pinfo, message) : known;
    step_t *step = step_new(session, SIDE_CALLER, message);

    if (!session)
        return step;
    place_sender(step, pinfo, message);
    if (message->asks_admission)
        learn(session, message);
    if (is_new && message->from_called)
        step->findings |= FINDING_BIT(FINDING_MIDCALL);
    if (is_refused(session, message, request))
        end_refused(step, pinfo, message);
    step_conclude(step, pinfo);
    return step;
}

static step_t *
repeat(const step_t *original, const packet_info *pinfo, const message_t *message)
{
    step_t *step = step_duplicate(original, pinfo, message);

    registration_again(step, original);
    return step;
}

static step_t *
answer(transaction_t *transaction, const packet_info *pinfo, const message_t *message)
{
    step_t *step;

    if (transaction->response && transaction->response_hash == message->hash)
        return repeat(transaction->response, pinfo, message);
    step = admit(pinfo, message, transaction->request);
    registration_take_in(step, transaction->request, pinfo, message);
    if (!transaction->response) {
        transaction->response = step;
        transaction->response_hash = message->hash;
        exchange_answer(&transaction->exchange, step, pinfo);
    }
    return step;
}

static step_t *
ask(transaction_t *transaction, const request_key_t *key, const packet_info *pinfo,
    const message_t *message)
{
    request_key_t *kept;
    step_t *step;

    if (transaction && transaction->request_hash == message->hash)
        return repeat(transaction->request, pinfo, message);
    transaction = wmem_new0(wmem_file_scope(), transaction_t);
    transaction->request_hash = message->hash;
    kept = wmem_memdup(wmem_file_scope(), key, sizeof *key);
    copy_address_wmem(wmem_file_scope(), &kept->requester, &key->requester);
    wmem_map_insert(transactions, kept, transaction);

    step = admit(pinfo, message, NULL);
    registration_take_in(step, NULL, pinfo, message);
    exchange_ask(&transaction->exchange, step, pinfo);
    transaction->request = step;
    return step;
}

step_t *
session_ras(const packet_info *pinfo, const message_t *message)
{
    ras_role_t role = ras_role(message->type);
    request_key_t key = request_of(pinfo, message->type, message->request_number);
    transaction_t *transaction = wmem_map_lookup(transactions, &key);

    if (ras_is_opening(message->type) || (role == RAS_RESPONSE && transaction))
        remember_speakers(pinfo);
    if (role == RAS_REQUEST)
        return ask(transaction, &key, pinfo, message);
    if (role == RAS_RESPONSE && transaction)
        return answer(transaction, pinfo, message);
    return admit(pinfo, message, NULL);
}
