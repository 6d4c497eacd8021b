/* ras.c
 *
 * Messages and their order in RasMessage: ITU-T H.225.0 section 7.7 and annex H.
 * Encoding: aligned PER, ITU-T X.691.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/ras.h"

#include "common/protocol.h"
#include "common/upstream.h"
#include "readers/reading.h"

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

/* Beyond this depth of nesting nothing is checked. */
#define MAX_DEPTH 100

typedef struct {
    bool decodes;
    bool is_cut; /* it decodes up to where the capture cut it */
} trial_t;

static dissector_handle_t upstream_ras_handle;
static dissector_handle_t trial_handle;
static int proto_h225_upstream;
static const header_field_info *message_type_field;

/* The message type, by the first octet; -1: none. */
int
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
bool
ras_has_protocol_identifier(tvbuff_t *tvb)
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
bool
ras_decodes(tvbuff_t *tvb, packet_info *pinfo, uint16_t *number)
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

ras_role_t
ras_role(uint8_t type)
{
    switch (type) {
    case RAS_IRQ:
    case RAS_RAI:
    case RAS_SCI:
        return RAS_REQUEST;
    case RAS_IRR:
    case RAS_XRS:
    case RAS_RAC:
    case RAS_IACK:
    case RAS_INAK:
    case RAS_SCR:
        return RAS_RESPONSE;
    case RAS_NSM:
    case RAS_RIP:
        return RAS_NEITHER;
    default:
        if (type > RAS_LRJ)
            return RAS_NEITHER;
        return type % 3 == 0 ? RAS_REQUEST : RAS_RESPONSE;
    }
}

/* The request that a message is, or that it answers. */
uint8_t
ras_request_of(uint8_t type)
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

bool
ras_is_opening(uint8_t type)
{
    return type <= RAS_RRJ;
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

message_t *
ras_message(packet_info *pinfo, tvbuff_t *tvb)
{
    message_t *message = wmem_new0(pinfo->pool, message_t);
    unsigned captured = tvb_captured_length(tvb);

    message->coding = CODING_RAS;
    message->event = EVENT_OTHER;
    message->reason = NO_REASON;
    message->length = tvb_reported_length(tvb);
    message->hash = wmem_strong_hash(tvb_get_ptr(tvb, 0, (int)captured), captured);
    message->type_width = 1;
    message->type = (uint8_t)ras_type(tvb);
    message->asks_admission = message->type == RAS_ARQ;
    message->refuses_admission = message->type == RAS_ARJ;
    message->type_name = upstream_value_name(message_type_field, message->type);
    message->call_reference_offset = -1;
    return message;
}

void
ras_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message)
{
    const void *info_before = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);
    const reading_t reading = reading_begin(pinfo, tree);

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

void
ras_register(void)
{
    trial_handle = create_dissector_handle(dissect_trial, proto_msiccp);
}

void
ras_handoff(void)
{
    upstream_ras_handle = find_dissector_add_dependency("h225.ras", proto_msiccp);
    proto_h225_upstream = proto_get_id_by_filter_name("h225");
    message_type_field = proto_registrar_get_byname("h225.RasMessage");
}
