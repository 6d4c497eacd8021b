/* ras.c
 *
 * Messages and their order in RasMessage: ITU-T H.225.0 section 7.7 and annex H.
 * Encoding: aligned PER, ITU-T X.691.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/ras.h"

#include "readers/reading.h"
#include "common/upstream.h"

#include "common/protocol.h"

#include <epan/dissectors/packet-h225.h>
#include <epan/exceptions.h>
#include <epan/expert.h>

/* The choice RasMessage: 25 alternatives before the extension marker, the others after it. */
#define RAS_EXTENSION_BIT 0x80
#define RAS_ROOT_SHIFT 2 /* extension bit, 5 bits of index, 2 bits of the message itself */
#define RAS_ROOT_COUNT 25
#define RAS_EXTENSIONS 8

/* The shortest: choice, preamble, sequence number. */
#define RAS_LENGTH_MIN 3

/* The protocol identifier begins at the fourth to sixth octet of the messages that have it. */
#define IDENTIFIER_WITHIN 16

/* A message shorter than this proves nothing on its own. */
#define TELLING_LENGTH 20

/* Beyond this depth of nesting nothing is checked. */
#define MAX_DEPTH 100

enum {
    RAS_GRQ = 0,
    RAS_RRJ = 5,
    RAS_URQ = 6,
    RAS_ARQ = 9,
    RAS_ACF = 10,
    RAS_ARJ = 11,
    RAS_BRQ = 12,
    RAS_DRQ = 15,
    RAS_LRQ = 18,
    RAS_LCF = 19,
    RAS_LRJ = 20,
    RAS_IRQ = 21,
    RAS_IRR = 22,
    RAS_NSM = 23,
    RAS_XRS = 24,
    RAS_RIP = 25,
    RAS_RAI = 26,
    RAS_RAC = 27,
    RAS_IACK = 28,
    RAS_INAK = 29,
    RAS_SCI = 30,
    RAS_SCR = 31,
};

typedef enum {
    ROLE_REQUEST,
    ROLE_RESPONSE,
    ROLE_NEITHER,
} role_t;

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

typedef struct {
    bool decodes;
    bool is_cut; /* it decodes up to where the capture cut it */
} trial_t;

static dissector_handle_t upstream_ras_handle;
static dissector_handle_t trial_handle;
static int proto_h225_upstream;

/* Both in file scope, for as long as a file is open. */
static wmem_map_t *transactions; /* request_key_t -> transaction_t, the latest */
static wmem_map_t *speakers;     /* speakers_t -> itself */

static unsigned
request_hash(const void *key)
{
    const request_key_t *request = key;

    return add_address_to_hash((unsigned)request->number << 8 | request->kind, &request->requester);
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

    return add_address_to_hash(add_address_to_hash(0, &hosts->low), &hosts->high);
}

static gboolean
speakers_equal(const void *a, const void *b)
{
    const speakers_t *one = a;
    const speakers_t *other = b;

    return addresses_equal(&one->low, &other->low) && addresses_equal(&one->high, &other->high);
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

/* The message type, by the first octet; -1: none. */
static int
ras_type(tvbuff_t *tvb)
{
    uint8_t first;

    if (tvb_captured_length(tvb) < RAS_LENGTH_MIN)
        return -1;
    first = tvb_get_uint8(tvb, 0);
    if (first & RAS_EXTENSION_BIT) {
        first &= ~RAS_EXTENSION_BIT;
        return first < RAS_EXTENSIONS ? RAS_ROOT_COUNT + first : -1;
    }
    first >>= RAS_ROOT_SHIFT;
    return first < RAS_ROOT_COUNT ? first : -1;
}

/* The object identifier 0.0.8.2250.0.n, after which a version of H.225.0 is named. */
static bool
has_protocol_identifier(tvbuff_t *tvb)
{
    static const uint8_t identifier[] = {0x06, 0x00, 0x08, 0x91, 0x4a, 0x00};
    unsigned length = MIN(tvb_captured_length(tvb), IDENTIFIER_WITHIN);
    const uint8_t *octets = tvb_get_ptr(tvb, 0, (int)length);

    for (unsigned i = 0; i + sizeof identifier < length; i++) {
        if (memcmp(octets + i, identifier, sizeof identifier) == 0)
            return octets[i + sizeof identifier] >= 1 && octets[i + sizeof identifier] <= 15;
    }
    return false;
}

static bool
has_complaint(const proto_node *first, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return true;
    for (const proto_node *node = first; node; node = node->next) {
        const field_info *field = PNODE_FINFO(node);

        if (field && FI_GET_FLAG(field, PI_SEVERITY_MASK) >= PI_WARN)
            return true;
        if (has_complaint(node->first_child, depth + 1))
            return true;
    }
    return false;
}

/* What a dissector throws ends the trial, and nothing else. */
static int
try_upstream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, trial_t *trial)
{
    volatile int length = 0;

    TRY
    {
        length = call_dissector_only(upstream_ras_handle, tvb, pinfo, tree, NULL);
    }
    CATCH_BOUNDS_ERRORS
    {
        trial->is_cut = tvb_captured_length(tvb) < tvb_reported_length(tvb);
    }
    CATCH_ALL
    {
        length = 0;
    }
    ENDTRY;
    return length;
}

/*
 * A decode that leaves no trace: as of a packet in an error report (no columns,
 * no taps, no exceptions), as if in a later pass (no set-up of other streams), and
 * rejected in the end, so that no layer of it remains.
 */
static int
dissect_trial(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    trial_t *trial = data;
    unsigned in_error_pkt = pinfo->flags.in_error_pkt;
    unsigned visited = pinfo->fd->visited;
    const void *info_before = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);
    const h225_packet_info *info;
    int length;

    pinfo->flags.in_error_pkt = 1;
    pinfo->fd->visited = 1;
    length = try_upstream(tvb, pinfo, tree, trial);
    pinfo->flags.in_error_pkt = in_error_pkt & 1;
    pinfo->fd->visited = visited & 1;

    info = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);
    trial->decodes = info && info != info_before && info->msg_tag >= 0 &&
                     length == (int)tvb_reported_length(tvb);
    return 0;
}

/* True if all of it that was captured decodes, and nothing in it is complained of. */
static bool
decodes(tvbuff_t *tvb, packet_info *pinfo, uint16_t *number)
{
    trial_t trial = {.decodes = false};
    message_t message = {.coding = CODING_RAS};
    reading_t reading = reading_begin(pinfo, NULL);

    call_dissector_only(trial_handle, tvb, pinfo, reading.tree, &trial);
    reading_end(&reading, pinfo->pool, &message);
    *number = message.request_number;
    return (trial.decodes || trial.is_cut) && message.has_request_number &&
           !has_complaint(reading_first(&reading), 0);
}

/* The messages that are long and structured enough for a decode to mean something. */
static bool
is_telling(int type)
{
    switch (type) {
    case RAS_URQ:
    case RAS_ARQ:
    case RAS_ACF:
    case RAS_BRQ:
    case RAS_DRQ:
    case RAS_LRQ:
    case RAS_LCF:
    case RAS_IRR:
        return true;
    default:
        return false;
    }
}

static role_t
role_of(uint8_t type)
{
    switch (type) {
    case RAS_IRQ:
    case RAS_RAI:
    case RAS_SCI:
        return ROLE_REQUEST;
    case RAS_IRR:
    case RAS_XRS:
    case RAS_RAC:
    case RAS_IACK:
    case RAS_INAK:
    case RAS_SCR:
        return ROLE_RESPONSE;
    case RAS_NSM:
    case RAS_RIP:
        return ROLE_NEITHER;
    default:
        if (type > RAS_LRJ)
            return ROLE_NEITHER;
        return type % 3 == 0 ? ROLE_REQUEST : ROLE_RESPONSE;
    }
}

/* The request that a message is, or that it answers. */
static uint8_t
kind_of(uint8_t type)
{
    switch (type) {
    case RAS_IRR:
        return RAS_IRQ;
    case RAS_RAC:
        return RAS_RAI;
    case RAS_IACK:
    case RAS_INAK:
        return RAS_IRR;
    case RAS_SCR:
        return RAS_SCI;
    default:
        return type <= RAS_LRJ ? type - type % 3 : type;
    }
}

static request_key_t
request_of(const packet_info *pinfo, uint8_t type, uint16_t number)
{
    request_key_t key = {.requester = role_of(type) == ROLE_RESPONSE ? pinfo->dst : pinfo->src,
                         .number = number,
                         .kind = kind_of(type)};

    return key;
}

/* What makes a message that decodes credible: its own length, its request, or others before it. */
static bool
is_credible(tvbuff_t *tvb, const packet_info *pinfo, uint8_t type, uint16_t number)
{
    request_key_t key = request_of(pinfo, type, number);
    speakers_t hosts = speakers_of(pinfo);

    if (is_telling(type) && tvb_captured_length(tvb) >= TELLING_LENGTH)
        return true;
    if ((type == RAS_RAI || type == RAS_RAC) && has_protocol_identifier(tvb))
        return true;
    /* What these answer (IRR) is no request, of which nothing is kept. */
    if (role_of(type) == ROLE_RESPONSE && type != RAS_IACK && type != RAS_INAK)
        return wmem_map_lookup(transactions, &key) != NULL;
    return wmem_map_lookup(speakers, &hosts) != NULL;
}

bool
ras_recognise(tvbuff_t *tvb, packet_info *pinfo)
{
    int type = ras_type(tvb);
    uint16_t number;

    if (type < 0)
        return false;
    if (type >= RAS_GRQ && type <= RAS_RRJ)
        return has_protocol_identifier(tvb);
    return decodes(tvb, pinfo, &number) && is_credible(tvb, pinfo, (uint8_t)type, number);
}

static void
read_info(const h225_packet_info *info, message_t *message)
{
    static const e_guid_t no_guid;

    message->has_call_id = memcmp(&info->guid, &no_guid, sizeof no_guid) != 0;
    message->call_id = info->guid;
}

static void
read_upstream(packet_info *pinfo, const reading_t *reading, const void *info_before,
              message_t *message)
{
    const void *info = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);

    reading_end(reading, pinfo->pool, message);
    if (info && info != info_before)
        read_info(info, message);
    message->in_call = message->has_call_id || message->has_call_reference;
}

void
ras_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message)
{
    const void *info_before = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);
    reading_t reading;

    message->coding = CODING_RAS;
    message->event = EVENT_OTHER;
    message->reason = NO_REASON;
    message->length = tvb_reported_length(tvb);
    message->type_width = 1;
    message->type = (uint8_t)ras_type(tvb);
    message->asks_admission = message->type == RAS_ARQ;
    message->refuses_admission = message->type == RAS_ARJ;
    message->type_name = upstream_value_name_of("h225.RasMessage", message->type);

    message->call_reference_offset = -1;

    reading = reading_begin(pinfo, tree);
    TRY
    {
        call_dissector(upstream_ras_handle, tvb, pinfo, reading.tree);
    }
    FINALLY
    {
        read_upstream(pinfo, &reading, info_before, message);
    }
    ENDTRY;
}

static unsigned
hash_of_datagram(tvbuff_t *tvb)
{
    unsigned length = tvb_captured_length(tvb);

    return wmem_strong_hash(tvb_get_ptr(tvb, 0, (int)length), length);
}

static step_t *
answer(transaction_t *transaction, unsigned hash, const packet_info *pinfo,
       const message_t *message)
{
    step_t *step;

    if (transaction->response && transaction->response_hash == hash)
        return session_repeated(transaction->response, message);
    step = session_ras(pinfo, message, transaction->request);
    if (!transaction->response) {
        transaction->response = step;
        transaction->response_hash = hash;
        transaction->exchange.response_frame = pinfo->num;
        transaction->exchange.response_time = pinfo->abs_ts;
        step->exchange = &transaction->exchange;
        step->is_answer = true;
    }
    return step;
}

static step_t *
ask(transaction_t *transaction, const request_key_t *key, unsigned hash, const packet_info *pinfo,
    const message_t *message)
{
    request_key_t *kept;
    step_t *step;

    if (transaction && transaction->request_hash == hash)
        return session_repeated(transaction->request, message);
    transaction = wmem_new0(wmem_file_scope(), transaction_t);
    transaction->request_hash = hash;
    transaction->exchange.request_frame = pinfo->num;
    transaction->exchange.request_time = pinfo->abs_ts;
    kept = wmem_memdup(wmem_file_scope(), key, sizeof *key);
    copy_address_wmem(wmem_file_scope(), &kept->requester, &key->requester);
    wmem_map_insert(transactions, kept, transaction);

    step = session_ras(pinfo, message, NULL);
    step->exchange = &transaction->exchange;
    transaction->request = step;
    return step;
}

step_t *
ras_step(tvbuff_t *tvb, const packet_info *pinfo, const message_t *message)
{
    role_t role = role_of(message->type);
    request_key_t key = request_of(pinfo, message->type, message->request_number);
    transaction_t *transaction = wmem_map_lookup(transactions, &key);
    unsigned hash = hash_of_datagram(tvb);

    if (message->type <= RAS_RRJ || (role == ROLE_RESPONSE && transaction))
        remember_speakers(pinfo);
    if (role == ROLE_REQUEST)
        return ask(transaction, &key, hash, pinfo, message);
    if (role == ROLE_RESPONSE && transaction)
        return answer(transaction, hash, pinfo, message);
    return session_ras(pinfo, message, NULL);
}

void
ras_register(void)
{
    transactions =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), request_hash, request_equal);
    speakers =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), speakers_hash, speakers_equal);
    trial_handle = create_dissector_handle(dissect_trial, proto_msiccp);
}

void
ras_handoff(void)
{
    upstream_ras_handle = find_dissector_add_dependency("h225.ras", proto_msiccp);
    proto_h225_upstream = proto_get_id_by_filter_name("h225");
}
