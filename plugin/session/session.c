/* session.c
 *
 * The meaning of the messages is ITU-T Q.931 and H.225.0 section 7 (call
 * signalling), of the causes ITU-T Q.850 table 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/session.h"

#include "common/protocol.h"

/* Q.850 causes that tell a call's end from another. */
#define CAUSE_USER_BUSY 17
#define CAUSE_NO_USER_RESPONDING 18
#define CAUSE_NO_ANSWER 19
#define CAUSE_PROTOCOL_ERROR_FIRST 96 /* class 110: protocol error */
#define CAUSE_PROTOCOL_ERROR_LAST 111

/* H.225.0 ReleaseCompleteReason inConf; table 5 of H.225.0 maps it to cause 17. */
#define REASON_IN_CONF 10

/* NetMeeting's caller gives up after so many seconds ([MS-MNPR], note 32). */
#define NO_ANSWER_SECONDS 20

/* More calls side by side between two hosts than this are not told apart by their media. */
#define MAX_CALLS_COMPARED 32

struct connection {
    uint32_t since[CODING_COUNT];  /* the first frame of each coding; 0: it has not come up */
    const struct foreign *foreign; /* NULL: none */
    uint32_t foreign_told_by;      /* frame */
    address first_addr;            /* the sender of the first message seen: end 0 */
    uint16_t first_port;
    wmem_map_t *calls; /* call reference and the end that chose it -> session_t, the latest */
    uint32_t turns;
    bool turn_by_opener;
    bool opener_has_spoken;
    wmem_map_t *steps_by_seq[2]; /* of each end: TCP sequence number -> step_t */
    wmem_map_t *transactions[2]; /* of each end: transaction id -> exchange_t, the latest */
};

static uint32_t sessions_so_far;
static wmem_map_t *known_hosts;           /* of hosts_t, by their addresses in either order */
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

    return add_address_to_hash(reference->reference, &reference->end);
}

static gboolean
reference_equal(const void *a, const void *b)
{
    const reference_key_t *one = a;
    const reference_key_t *other = b;

    return one->reference == other->reference && addresses_equal(&one->end, &other->end);
}

static unsigned
hosts_hash(const void *key)
{
    const hosts_t *pair = key;

    return add_address_to_hash(0, &pair->one) ^ add_address_to_hash(0, &pair->other);
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

static void
forget_sessions(void)
{
    sessions_so_far = 0;
}

void
session_register(void)
{
    known_hosts =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hosts_hash, hosts_equal);
    sessions_by_id =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), call_id_hash, call_id_equal);
    sessions_by_reference = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(),
                                                   reference_hash, reference_equal);
    register_init_routine(forget_sessions);
}

uint32_t
session_count(void)
{
    return sessions_so_far;
}

connection_t *
connection_find(const conversation_t *conversation)
{
    return conversation_get_proto_data(conversation, proto_msiccp);
}

connection_t *
connection_get(conversation_t *conversation, const packet_info *pinfo)
{
    connection_t *connection = connection_find(conversation);

    if (!connection) {
        connection = wmem_new0(wmem_file_scope(), connection_t);
        copy_address_wmem(wmem_file_scope(), &connection->first_addr, &pinfo->src);
        connection->first_port = (uint16_t)pinfo->srcport;
        connection->calls = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        for (int end = 0; end < 2; end++) {
            connection->steps_by_seq[end] =
                wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
            connection->transactions[end] =
                wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        }
        conversation_add_proto_data(conversation, proto_msiccp, connection);
    }
    return connection;
}

bool
connection_is(const connection_t *connection, coding_t coding, uint32_t frame)
{
    return connection && connection->since[coding] && connection->since[coding] <= frame;
}

void
connection_set(connection_t *connection, coding_t coding, uint32_t frame)
{
    if (!connection->since[coding])
        connection->since[coding] = frame;
}

const struct foreign *
connection_foreign(const connection_t *connection, uint32_t *told_by_frame)
{
    *told_by_frame = connection->foreign_told_by;
    return connection->foreign;
}

void
connection_set_foreign(connection_t *connection, const struct foreign *foreign, uint32_t frame)
{
    connection_set(connection, CODING_FOREIGN, frame);
    connection->foreign = foreign;
    connection->foreign_told_by = frame;
}

turn_t
connection_turn(connection_t *connection, bool by_opener)
{
    turn_t turn = {.by_opener = by_opener};

    turn.starts = connection->turns == 0 || connection->turn_by_opener != by_opener;
    if (turn.starts)
        connection->turns++;
    turn.number = connection->turns;
    turn.is_first_of_opener = by_opener && !connection->opener_has_spoken;
    connection->turn_by_opener = by_opener;
    connection->opener_has_spoken |= by_opener;
    return turn;
}

static void leave_open_sessions(session_t *session);

void
connection_close(connection_t *connection)
{
    session_t *session = wmem_map_lookup(connection->calls, NULL);

    if (session && session->coding == CODING_OPAQUE)
        leave_open_sessions(session);
}

static unsigned
end_of_sender(const connection_t *connection, const packet_info *pinfo)
{
    return !(pinfo->srcport == connection->first_port &&
             addresses_equal(&pinfo->src, &connection->first_addr));
}

static void
mark(moment_t *moment, const packet_info *pinfo)
{
    if (moment->frame)
        return;
    moment->frame = pinfo->num;
    moment->time = pinfo->abs_ts;
}

static void
set_state(session_t *session, const packet_info *pinfo, state_t state)
{
    session->state = state;
    wmem_tree_insert32(session->states, pinfo->num, GUINT_TO_POINTER(state + 1));
}

state_t
session_state_at(const session_t *session, uint32_t frame)
{
    unsigned state = GPOINTER_TO_UINT(wmem_tree_lookup32_le(session->states, frame));

    return state ? (state_t)(state - 1) : STATE_REQUESTED;
}

static void
party_set(party_t *party, const address *addr, uint32_t port)
{
    copy_address_wmem(wmem_file_scope(), &party->addr, addr);
    party->port = (uint16_t)port;
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

static void
join_open_sessions(session_t *session)
{
    wmem_list_t *open = open_sessions_of(session);

    wmem_list_prepend(open, session);
    session->place = wmem_list_head(open);
}

/* By its place: there can be many, and to search them for each would take time in the square. */
static void
leave_open_sessions(session_t *session)
{
    if (!session->place)
        return;
    wmem_list_remove_frame(open_sessions_of(session), session->place);
    session->place = NULL;
}

/* Of calls side by side, one that has no media yet is the likelier to get some. */
session_t *
session_between(const hosts_t *hosts)
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

static session_t *
session_new(const packet_info *pinfo, const message_t *message)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->number = ++sessions_so_far;
    session->coding = message->coding;
    session->call_reference = message->call_reference;
    session->outcome = OUTCOME_UNKNOWN;
    session->states = wmem_tree_new(wmem_file_scope());
    session->codecs = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    mark(&session->setup, pinfo);
    set_state(session, pinfo, STATE_REQUESTED);
    return session;
}

/* The first message of the call's own signalling: it shows who the two ends are. */
static void
begin_signalling(session_t *session, const packet_info *pinfo, const message_t *message)
{
    bool from_caller = message->from_originator;

    session->coding = message->coding;
    session->call_reference = message->call_reference;
    session->begun = message->event == EVENT_REQUEST || message->coding == CODING_OPAQUE;
    session->may_be_early = message->event == EVENT_REQUEST && message->coding != CODING_OPAQUE;
    if (message->event == EVENT_REQUEST)
        mark(&session->asked, pinfo);
    party_set(&session->parties[from_caller ? SIDE_CALLER : SIDE_CALLEE], &pinfo->src,
              pinfo->srcport);
    party_set(&session->parties[from_caller ? SIDE_CALLEE : SIDE_CALLER], &pinfo->dst,
              pinfo->destport);
    join_open_sessions(session);
}

static bool
is_over(const session_t *session)
{
    return session->release.frame != 0;
}

static void
learn(const char **known, const char *text)
{
    if (!*known && text && *text)
        *known = wmem_strdup(wmem_file_scope(), text);
}

static void
learn_identifiers(session_t *session, const message_t *message)
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
static void
learn_parties(session_t *session, side_t sender, const message_t *message)
{
    party_t *caller = &session->parties[SIDE_CALLER];
    party_t *callee = &session->parties[SIDE_CALLEE];

    learn(&caller->name, message->source_alias);
    learn(&callee->name, message->destination_alias);
    if (message->event == EVENT_REQUEST) {
        learn(&caller->name, message->display);
        learn(&caller->name, message->calling_number);
        learn(&callee->name, message->called_number);
    } else {
        learn(&session->parties[sender].name, message->display);
    }
    learn(&session->parties[sender].product, message->product);
    learn_identifiers(session, message);
}

static double
seconds_between(const nstime_t *earlier, const nstime_t *later)
{
    nstime_t delta;

    nstime_delta(&delta, later, earlier);
    return nstime_to_sec(&delta);
}

static outcome_t
outcome_of(const session_t *session, const message_t *message)
{
    if (session->answer.frame)
        return OUTCOME_ANSWERED;
    if (!session->may_be_early)
        return OUTCOME_UNKNOWN;
    if (message->reason == REASON_IN_CONF ||
        (message->has_cause && message->cause == CAUSE_USER_BUSY))
        return OUTCOME_BUSY;
    if (message->has_cause &&
        (message->cause == CAUSE_NO_USER_RESPONDING || message->cause == CAUSE_NO_ANSWER))
        return OUTCOME_NO_ANSWER;
    if (message->has_cause && message->cause >= CAUSE_PROTOCOL_ERROR_FIRST &&
        message->cause <= CAUSE_PROTOCOL_ERROR_LAST)
        return OUTCOME_FAILED;
    if (!session->released_by_caller)
        return OUTCOME_REJECTED;
    if (session->ringing.frame &&
        seconds_between(&session->ringing.time, &session->release.time) >= NO_ANSWER_SECONDS)
        return OUTCOME_NO_ANSWER;
    return OUTCOME_CANCELLED;
}

/* What is to be said of the whole call, on the frame that ends it. */
static uint32_t
findings_at_end(const session_t *session)
{
    bool to_caller = session->media_to[SIDE_CALLER];
    bool to_callee = session->media_to[SIDE_CALLEE];
    uint32_t findings = 0;

    if (session->begun && !session->callee_spoke)
        findings |= FINDING_BIT(FINDING_UNANSWERED);
    if (session->answer.frame && to_caller != to_callee)
        findings |= FINDING_BIT(FINDING_ONE_WAY_MEDIA);
    if (session->answer.frame && session->media_agreed && !to_caller && !to_callee)
        findings |= FINDING_BIT(FINDING_NO_MEDIA);
    return findings;
}

static void
end_session(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message)
{
    mark(&session->release, pinfo);
    leave_open_sessions(session);
    session->released_by_caller = step->sender == SIDE_CALLER;
    session->has_cause = message->has_cause;
    session->cause = message->cause;
    session->outcome = outcome_of(session, message);

    if (session->answer.frame || !session->may_be_early)
        set_state(session, pinfo, STATE_RELEASED);
    else
        set_state(session, pinfo, session->released_by_caller ? STATE_ABANDONED : STATE_REJECTED);

    step->ends_session = true;
    step->findings |= findings_at_end(session);
}

/* Both ends have agreed on a channel; that is the call's state once it is answered too. */
static void
agree_on_media(session_t *session, step_t *step, const packet_info *pinfo)
{
    session->media_agreed = true;
    if (step->event == EVENT_OTHER)
        step->event = EVENT_MEDIA;
    if (session->state == STATE_ANSWERED)
        set_state(session, pinfo, STATE_MEDIA);
}

static void
progress_to(session_t *session, const packet_info *pinfo, state_t state)
{
    if (state > session->state && session->state < STATE_ANSWERED)
        set_state(session, pinfo, state);
}

/* Moves the call on by one message that it has not seen before. */
static void
advance(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message)
{
    if (step->sender == SIDE_CALLEE)
        session->callee_spoke = true;

    switch (step->event) {
    case EVENT_PROCEEDING:
        session->may_be_early = true;
        progress_to(session, pinfo, STATE_PROCEEDING);
        break;
    case EVENT_RINGING:
        session->may_be_early = true;
        mark(&session->ringing, pinfo);
        progress_to(session, pinfo, STATE_RINGING);
        break;
    case EVENT_ACCEPT:
        if (!is_over(session)) {
            mark(&session->answer, pinfo);
            progress_to(session, pinfo, session->media_agreed ? STATE_MEDIA : STATE_ANSWERED);
        }
        break;
    case EVENT_REJECT:
        session->may_be_early = !session->answer.frame;
        /* fallthrough */
    case EVENT_RELEASE:
        if (!is_over(session))
            end_session(session, step, pinfo, message);
        break;
    default:
        break;
    }

    if (!is_over(session) &&
        (message->media_accepted || (message->has_fast_start && step->sender == SIDE_CALLEE)))
        agree_on_media(session, step, pinfo);

    if (session->state == STATE_REJECTED && step->ends_session)
        step->event = EVENT_REJECT;
}

static void
ask(exchange_t *exchange, step_t *step, const packet_info *pinfo)
{
    exchange->request_frame = pinfo->num;
    exchange->request_time = pinfo->abs_ts;
    exchange->session = step->session;
    step->exchange = exchange;
}

static void
answer(exchange_t *exchange, step_t *step, const packet_info *pinfo)
{
    exchange->response_frame = pinfo->num;
    exchange->response_time = pinfo->abs_ts;
    step->exchange = exchange;
    step->is_answer = true;
}

/* The first message of the callee answers the request, be it provisional or final. */
static void
match_request(session_t *session, step_t *step, const packet_info *pinfo)
{
    exchange_t *request = &session->request;

    if (step->event == EVENT_REQUEST && !request->request_frame)
        ask(request, step, pinfo);
    else if (request->request_frame && !request->response_frame && step->sender == SIDE_CALLEE)
        answer(request, step, pinfo);
}

static exchange_t *
transaction_of(const connection_t *connection, unsigned end, const message_t *message)
{
    return message->has_transaction ? wmem_map_lookup(connection->transactions[end],
                                                      GUINT_TO_POINTER(message->transaction))
                                    : NULL;
}

/* What the other end asked under the transaction id of this message; NULL: nothing. */
static exchange_t *
asked_by_peer(const connection_t *connection, unsigned sender_end, const message_t *message)
{
    exchange_t *asked = transaction_of(connection, !sender_end, message);

    /* Each end may count for itself: these begin a transaction of their own. */
    if (message->event == EVENT_REQUEST ||
        (message->event == EVENT_RELEASE && asked && asked->response_frame))
        return NULL;
    return asked;
}

/* By transaction id: the first message from the other end with the same id is the answer. */
static void
match_transaction(connection_t *connection, unsigned sender_end, step_t *step,
                  const packet_info *pinfo, const message_t *message)
{
    exchange_t *exchange = asked_by_peer(connection, sender_end, message);
    bool is_call_request = message->event == EVENT_REQUEST && step->session;

    if (exchange) {
        if (!exchange->response_frame)
            answer(exchange, step, pinfo);
        return;
    }
    exchange = transaction_of(connection, sender_end, message);
    if (exchange && !exchange->response_frame && exchange->session == step->session)
        return;
    exchange = is_call_request && !step->session->request.request_frame
                   ? &step->session->request
                   : wmem_new0(wmem_file_scope(), exchange_t);
    ask(exchange, step, pinfo);
    wmem_map_insert(connection->transactions[sender_end], GUINT_TO_POINTER(message->transaction),
                    exchange);
}

/* An address is no mismatch if it is the peer's: that is an echo of the peer's own offer. */
static bool
is_elsewhere(const address *addr, const packet_info *pinfo)
{
    return addr->type == pinfo->src.type && !addresses_equal(addr, &pinfo->src) &&
           !addresses_equal(addr, &pinfo->dst);
}

static void *
channel_key(side_t opener, uint16_t channel)
{
    return GUINT_TO_POINTER((unsigned)channel << 1 | opener);
}

static void
keep_codecs(session_t *session, side_t sender, const message_t *message)
{
    unsigned count = message->opened ? wmem_array_get_count(message->opened) : 0;

    for (unsigned i = 0; i < count; i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);

        if (opened->codec)
            wmem_map_insert(session->codecs, channel_key(sender, opened->channel),
                            wmem_strdup(wmem_file_scope(), opened->codec));
    }
}

/* An acceptance names no codec: it is the one that the channel was opened with. */
static const char *
codec_of(const session_t *session, side_t sender, const media_offer_t *offer)
{
    if (offer->codec)
        return wmem_strdup(wmem_file_scope(), offer->codec);
    if (offer->rtcp || !offer->accepts)
        return NULL;
    return wmem_map_lookup(session->codecs, channel_key(!sender, offer->channel));
}

static void
keep_offers(step_t *step, const packet_info *pinfo, const message_t *message)
{
    unsigned count = message->offers ? wmem_array_get_count(message->offers) : 0;

    keep_codecs(step->session, step->sender, message);
    if (message->has_h245_address && is_elsewhere(&message->h245_addr, pinfo))
        step->findings |= FINDING_BIT(FINDING_ADDRESS_MISMATCH);
    if (count == 0)
        return;
    step->offers = wmem_alloc_array(wmem_file_scope(), media_offer_t, count);
    step->offer_count = count;
    for (unsigned i = 0; i < count; i++) {
        const media_offer_t *offer = wmem_array_index(message->offers, i);

        step->offers[i] = *offer;
        copy_address_wmem(wmem_file_scope(), &step->offers[i].addr, &offer->addr);
        step->offers[i].codec = codec_of(step->session, step->sender, offer);
        if (!offer->inferred && is_elsewhere(&offer->addr, pinfo))
            step->findings |= FINDING_BIT(FINDING_ADDRESS_MISMATCH);
    }
}

static void
conclude(step_t *step)
{
    session_t *session = step->session;

    if (!session)
        return;
    session->findings |= step->findings;
    step->state = session->state;
    step->netmeeting = session->netmeeting;
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        step->names[side] = session->parties[side].name;
        step->products[side] = session->parties[side].product;
    }
}

static step_t *
step_new(session_t *session, side_t sender, const message_t *message)
{
    step_t *step = wmem_new0(wmem_file_scope(), step_t);

    step->coding = message->coding;
    step->session = session;
    step->sender = sender;
    step->event = message->event;
    if (message->malformed)
        step->findings |= FINDING_BIT(FINDING_MALFORMED);
    return step;
}

static step_t *
step_duplicate(const step_t *original, const message_t *message)
{
    step_t *step = step_new(original->session, original->sender, message);

    step->event = original->event;
    step->offers = original->offers;
    step->offer_count = original->offer_count;
    step->findings |= FINDING_BIT(FINDING_DUPLICATE);
    conclude(step);
    return step;
}

/* Calls are told apart by their reference and the end that chose it. */
static void *
call_key(unsigned sender_end, const message_t *message)
{
    unsigned originator = message->from_originator ? sender_end : !sender_end;

    return message->has_call_reference
               ? GUINT_TO_POINTER(((unsigned)message->call_reference << 1 | originator) + 1)
               : NULL;
}

static side_t
side_of_sender(const session_t *session, const packet_info *pinfo, const message_t *message)
{
    const party_t *caller = &session->parties[SIDE_CALLER];

    if (message->has_call_reference)
        return message->from_originator ? SIDE_CALLER : SIDE_CALLEE;
    return pinfo->srcport == caller->port && addresses_equal(&pinfo->src, &caller->addr)
               ? SIDE_CALLER
               : SIDE_CALLEE;
}

/* The latest call that the message names, by its identifier or as this end refers to it. */
static session_t *
session_named(const message_t *message, const address *end)
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

/* So that session_named() finds it. */
static void
keep_names(session_t *session, const message_t *message)
{
    if (session->has_call_id)
        wmem_map_insert(sessions_by_id, &session->call_id, session);
    if (message->has_call_reference) {
        keep_reference(session, &session->parties[SIDE_CALLER]);
        keep_reference(session, &session->parties[SIDE_CALLEE]);
    }
}

/* The call that a gatekeeper was asked to admit, and whose own signalling begins now. */
static session_t *
admitted_session(const packet_info *pinfo, const message_t *message)
{
    session_t *session =
        session_named(message, message->from_originator ? &pinfo->src : &pinfo->dst);

    return session && session->coding == CODING_RAS && !is_over(session) ? session : NULL;
}

/*
 * Bytes of which nothing could be made, such as the rest of a message that the
 * capture begins in, belong to the call whose messages follow them.
 */
static session_t *
session_of_unread(connection_t *connection, const message_t *message)
{
    session_t *session = wmem_map_lookup(connection->calls, NULL);

    if (message->coding != CODING_H225 || !session || session->coding != CODING_OPAQUE)
        return NULL;
    wmem_map_remove(connection->calls, NULL);
    leave_open_sessions(session);
    session->asked.frame = 0;
    return session;
}

/*
 * Without a reference, what neither begins a call nor belongs to its progress is
 * of the call that is up on the connection, or that asked for it; of none otherwise.
 */
static bool
is_beside_calls(const message_t *message, const session_t *latest, const exchange_t *asked)
{
    return message->coding == CODING_NATIVE &&
           (message->event == EVENT_OTHER || message->event == EVENT_MEDIA) &&
           (!latest || is_over(latest)) && !(asked && asked->session);
}

static bool
begins_session(const message_t *message, const session_t *latest)
{
    switch (message->event) {
    case EVENT_REQUEST:
        return !latest || is_over(latest) || !latest->begun;
    case EVENT_PROCEEDING:
    case EVENT_RINGING:
    case EVENT_ACCEPT:
        /* Without a reference these cannot be of a call that is over. */
        return !latest || (!message->has_call_reference && is_over(latest));
    default:
        return !latest;
    }
}

/*
 * The session that this message belongs to, made if it is the first of a call;
 * NULL: none.
 */
static session_t *
session_of(connection_t *connection, unsigned sender_end, const packet_info *pinfo,
           const message_t *message, bool *is_new)
{
    void *key = call_key(sender_end, message);
    session_t *session = wmem_map_lookup(connection->calls, key);
    const exchange_t *asked = asked_by_peer(connection, sender_end, message);

    *is_new = false;
    if (is_beside_calls(message, session, asked))
        return NULL;
    *is_new = begins_session(message, session);
    if (*is_new) {
        session = session_of_unread(connection, message);
        if (!session)
            session = admitted_session(pinfo, message);
        if (!session)
            session = session_new(pinfo, message);
        begin_signalling(session, pinfo, message);
        wmem_map_insert(connection->calls, key, session);
    }
    return session;
}

static void
take_in(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message,
        bool is_new)
{
    if (is_new && !session->begun)
        step->findings |= FINDING_BIT(FINDING_MIDCALL);
    if (!is_new && message->event == EVENT_REQUEST && message->coding != CODING_OPAQUE)
        step->findings |= FINDING_BIT(FINDING_DUPLICATE);

    learn_parties(session, step->sender, message);
    if (is_new)
        keep_names(session, message);
    advance(session, step, pinfo, message);
    keep_offers(step, pinfo, message);
    conclude(step);
}

step_t *
session_control(connection_t *connection, const packet_info *pinfo, const message_t *message)
{
    unsigned sender_end = end_of_sender(connection, pinfo);
    wmem_map_t *steps_by_seq = connection->steps_by_seq[sender_end];
    session_t *session;
    step_t *step;
    bool is_new;

    if (!message->in_call)
        return step_new(NULL, SIDE_CALLER, message);

    if (message->has_sequence) {
        step = wmem_map_lookup(steps_by_seq, GUINT_TO_POINTER(message->sequence));
        if (step)
            return step_duplicate(step, message);
    }

    session = session_of(connection, sender_end, pinfo, message, &is_new);
    step =
        step_new(session, session ? side_of_sender(session, pinfo, message) : SIDE_CALLER, message);
    if (message->has_sequence)
        wmem_map_insert(steps_by_seq, GUINT_TO_POINTER(message->sequence), step);
    if (session)
        take_in(session, step, pinfo, message, is_new);

    if (message->has_transaction)
        match_transaction(connection, sender_end, step, pinfo, message);
    else if (session && message->coding != CODING_OPAQUE)
        match_request(session, step, pinfo);
    return step;
}

/* A call of which nothing but a request for its admission has been seen. */
static session_t *
session_admitted(const packet_info *pinfo, const message_t *message)
{
    session_t *session = session_new(pinfo, message);

    party_set(&session->parties[message->from_called ? SIDE_CALLEE : SIDE_CALLER], &pinfo->src,
              pinfo->srcport);
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
refuse(session_t *session, step_t *step, const packet_info *pinfo)
{
    step->event = EVENT_REJECT;
    step->ends_session = true;
    mark(&session->release, pinfo);
    session->outcome = OUTCOME_REJECTED;
    set_state(session, pinfo, STATE_REJECTED);
}

step_t *
session_ras(const packet_info *pinfo, const message_t *message, const step_t *request)
{
    session_t *session = request ? request->session : NULL;
    bool is_new;
    step_t *step;

    if (!session && message->in_call)
        session = session_named(message, &pinfo->src);
    if (!session && message->in_call)
        session = session_named(message, &pinfo->dst);
    is_new = message->asks_admission && message->in_call &&
             (!session || (is_over(session) && !message->from_called));
    if (is_new)
        session = session_admitted(pinfo, message);
    step = step_new(session, SIDE_CALLER, message);
    if (!session)
        return step;

    place_sender(step, pinfo, message);
    if (message->asks_admission) {
        learn(&session->parties[SIDE_CALLER].name, message->source_alias);
        learn(&session->parties[SIDE_CALLEE].name, message->destination_alias);
        learn_identifiers(session, message);
        keep_names(session, message);
    }
    if (is_new && message->from_called)
        step->findings |= FINDING_BIT(FINDING_MIDCALL);
    if (message->refuses_admission && session->coding == CODING_RAS && !is_over(session) &&
        request && request->sender == SIDE_CALLER)
        refuse(session, step, pinfo);
    conclude(step);
    return step;
}

step_t *
session_repeated(const step_t *original, const message_t *message)
{
    return step_duplicate(original, message);
}

step_t *
session_h245(session_t *session, side_t sender, const packet_info *pinfo, const message_t *message)
{
    step_t *step = step_new(session, sender, message);

    if (message->media_accepted && !is_over(session))
        agree_on_media(session, step, pinfo);
    keep_offers(step, pinfo, message);
    conclude(step);
    return step;
}

void
session_media(session_t *session, side_t to, const packet_info *pinfo)
{
    session->media_to[to] = true;
    if (is_over(session)) {
        if (!session->late_media_frame)
            session->late_media_frame = pinfo->num;
    } else if (!session->answer.frame && session->may_be_early && !session->early_media_frame) {
        session->early_media_frame = pinfo->num;
    }
}

uint32_t
session_findings(const session_t *session)
{
    uint32_t findings = session->findings;

    if (session->early_media_frame)
        findings |= FINDING_BIT(FINDING_MEDIA_BEFORE_ANSWER);
    if (session->late_media_frame)
        findings |= FINDING_BIT(FINDING_MEDIA_AFTER_RELEASE);
    /* Media of a call that goes on may still come the other way. */
    if (!is_over(session))
        findings |= findings_at_end(session) & ~FINDING_BIT(FINDING_ONE_WAY_MEDIA);
    return findings;
}
