/* h225.c
 *
 * TPKT: RFC 1006 section 6. Message header and types: ITU-T Q.931 sections 4.2
 * to 4.4. What they mean in H.323: ITU-T H.225.0 section 7.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/h225.h"

#include "readers/reading.h"
#include "common/upstream.h"

#include "common/protocol.h"

#include <epan/dissectors/packet-h225.h>
#include <epan/dissectors/packet-q931.h>
#include <epan/exceptions.h>

#define TPKT_VERSION 3
#define Q931_DISCRIMINATOR 0x08
#define Q931_MAINTENANCE_DISCRIMINATOR 0x03
#define Q931_CALL_REFERENCE_FLAG 0x80 /* set by the side that did not choose the reference */
#define Q931_HEADER_MIN 3             /* discriminator, reference length, type */

#define Q931_ELEMENT_SHORT 0x80 /* an element of one octet */
#define Q931_ELEMENT_REDIRECTION_NUMBER 0x76
#define Q931_ELEMENT_USER_USER 0x7e /* its length has two octets */
#define Q931_LAST_OCTET 0x80

#define Q931_SINGLE_OCTET 0x80 /* information elements of one octet */
#define Q931_USER_USER 0x7e
#define Q931_USER_USER_X208 5 /* protocol discriminator: X.208 and X.209, as H.225.0 has it */

#define H225_REFERENCE_LENGTH 2
#define H225_HEADER (2 + H225_REFERENCE_LENGTH + 1) /* to the message type, with it */

/* No message of H.225.0 has as many information elements. */
#define MAX_ELEMENTS 32

/*
 * Wireshark gives up on a packet with very many protocols (gui.max_tree_depth, 500), and
 * each message brings some: beyond these, those of further messages are not kept.
 */
#define LAYERS_KEPT 100
#define TYPE_OFFSET_MIN (TPKT_HEADER_LENGTH + Q931_HEADER_MIN - 1)

static dissector_handle_t q931_tpkt_handle;
static int proto_h225_upstream;
static const header_field_info *message_type_field;

void
h225_handoff(void)
{
    message_type_field = proto_registrar_get_byname("q931.message_type");
    q931_tpkt_handle = find_dissector_add_dependency("q931.tpkt", proto_msiccp);
    proto_h225_upstream = proto_get_id_by_filter_name("h225");
}

static bool
is_q931_discriminator(uint8_t octet)
{
    return octet == Q931_DISCRIMINATOR || octet == Q931_MAINTENANCE_DISCRIMINATOR;
}

bool
h225_may_be_tpkt(tvbuff_t *tvb, int offset)
{
    int available = tvb_captured_length_remaining(tvb, offset);

    if (available >= 1 && tvb_get_uint8(tvb, offset) != TPKT_VERSION)
        return false;
    return available < 2 || tvb_get_uint8(tvb, offset + 1) == 0;
}

h225_start_t
h225_start(tvbuff_t *tvb, int offset)
{
    int available = tvb_captured_length_remaining(tvb, offset);
    unsigned length;

    if (!h225_may_be_tpkt(tvb, offset))
        return H225_NONE;
    if (available < TPKT_HEADER_LENGTH)
        return H225_TOO_SHORT;
    length = tvb_get_ntohs(tvb, offset + 2);
    if (length == TPKT_HEADER_LENGTH)
        return H225_KEEP_ALIVE;
    if (length < TPKT_HEADER_LENGTH + Q931_HEADER_MIN)
        return H225_NONE;
    if (available == TPKT_HEADER_LENGTH)
        return H225_TOO_SHORT;
    return is_q931_discriminator(tvb_get_uint8(tvb, offset + TPKT_HEADER_LENGTH)) ? H225_MESSAGE
                                                                                  : H225_NONE;
}

/* The messages that H.225.0 sends, or allows (section 7.1, table 4). */
static bool
is_h225_type(uint8_t type)
{
    switch (type) {
    case Q931_ALERTING:
    case Q931_CALL_PROCEEDING:
    case Q931_PROGRESS:
    case Q931_SETUP:
    case Q931_CONNECT:
    case Q931_SETUP_ACK:
    case Q931_USER_INFORMATION:
    case Q931_RELEASE_COMPLETE:
    case Q931_FACILITY:
    case Q931_NOTIFY:
    case Q931_STATUS_ENQUIRY:
    case Q931_INFORMATION:
    case Q931_STATUS:
        return true;
    default:
        return false;
    }
}

/*
 * The length of the information element at the offset (Q.931 section 4.5.1; that of
 * a user-user element has two octets, H.225.0 section 7.2.2); 0: it is not there.
 */
static int
element_length(tvbuff_t *tvb, int offset)
{
    uint8_t identifier;

    if (!tvb_bytes_exist(tvb, offset, 1))
        return 0;
    identifier = tvb_get_uint8(tvb, offset);
    if (identifier & Q931_SINGLE_OCTET)
        return 1;
    if (identifier == Q931_USER_USER)
        return tvb_bytes_exist(tvb, offset, 3) ? 3 + tvb_get_ntohs(tvb, offset + 1) : 0;
    return tvb_bytes_exist(tvb, offset, 2) ? 2 + tvb_get_uint8(tvb, offset + 1) : 0;
}

/* True if a user-user element with H.225.0 in it ends where the message does. */
static bool
ends_with_user_user(tvbuff_t *tvb, int offset, int end)
{
    for (unsigned i = 0; i < MAX_ELEMENTS; i++) {
        int length = element_length(tvb, offset);

        if (length == 0 || offset + length > end)
            return false;
        if (tvb_get_uint8(tvb, offset) == Q931_USER_USER)
            return offset + length == end && tvb_bytes_exist(tvb, offset + 3, 1) &&
                   tvb_get_uint8(tvb, offset + 3) == Q931_USER_USER_X208;
        offset += length;
    }
    return false;
}

/*
 * In the midst of bytes anything can look like the beginning of a message: there,
 * all of it is checked that H.225.0 sends alike.
 */
static bool
resumes_at(tvbuff_t *tvb, int offset)
{
    int at = offset + TPKT_HEADER_LENGTH;

    return h225_start(tvb, offset) == H225_MESSAGE && tvb_bytes_exist(tvb, at, H225_HEADER) &&
           tvb_get_uint8(tvb, at) == Q931_DISCRIMINATOR &&
           tvb_get_uint8(tvb, at + 1) == H225_REFERENCE_LENGTH &&
           is_h225_type(tvb_get_uint8(tvb, at + H225_HEADER - 1)) &&
           ends_with_user_user(tvb, at + H225_HEADER, offset + tvb_get_ntohs(tvb, offset + 2));
}

/* The offset at which the next message starts, or the end of the bytes. */
static int
next_message(tvbuff_t *tvb, int offset)
{
    int end = (int)tvb_captured_length(tvb);

    while (offset < end) {
        offset = tvb_find_uint8(tvb, offset, end - offset, TPKT_VERSION);
        if (offset < 0)
            return end;
        if (resumes_at(tvb, offset))
            return offset;
        offset++;
    }
    return end;
}

bool
h225_resumes(tvbuff_t *tvb)
{
    return next_message(tvb, 0) < (int)tvb_captured_length(tvb);
}

bool
h225_looks_malformed(tvbuff_t *tvb)
{
    unsigned length = tvb_captured_length(tvb);

    /* Behind what the capture cut off, nothing is due at any place. */
    return length >= TPKT_HEADER_LENGTH && length == tvb_reported_length(tvb) &&
           h225_may_be_tpkt(tvb, 0) && tvb_get_ntohs(tvb, 2) <= length;
}

/*
 * True if the TPKT is not all here, and what is here is not how H.225.0 begins: its
 * length is as likely none, and who waited for the rest would swallow what follows.
 */
static bool
is_not_worth_waiting_for(tvbuff_t *tvb, int offset, unsigned length)
{
    return length > (unsigned)tvb_reported_length_remaining(tvb, offset) &&
           h225_start(tvb, offset) == H225_NONE;
}

unsigned
h225_pdu_length(packet_info *pinfo _U_, tvbuff_t *tvb, int offset, void *data _U_)
{
    if (h225_may_be_tpkt(tvb, offset)) {
        unsigned length;

        if (tvb_captured_length_remaining(tvb, offset) < TPKT_HEADER_LENGTH)
            return 0;
        length = tvb_get_ntohs(tvb, offset + 2);
        if (length >= TPKT_HEADER_LENGTH && !is_not_worth_waiting_for(tvb, offset, length))
            return length;
    }
    return (unsigned)(next_message(tvb, offset + 1) - offset);
}

static event_t
event_of(uint8_t type)
{
    switch (type) {
    case Q931_SETUP:
        return EVENT_REQUEST;
    case Q931_SETUP_ACK:
    case Q931_CALL_PROCEEDING:
        return EVENT_PROCEEDING;
    case Q931_ALERTING:
        return EVENT_RINGING;
    case Q931_CONNECT:
        return EVENT_ACCEPT;
    case Q931_DISCONNECT:
    case Q931_RELEASE:
    case Q931_RELEASE_COMPLETE:
        return EVENT_RELEASE;
    default:
        return EVENT_OTHER;
    }
}

/*
 * Q.931 section 4.3: a reference of no length is a dummy one, and 0 is the global
 * one, of all calls. But there are endpoints that give a call of theirs the
 * reference 0, so it is global only where Q.931 says so of the message.
 */
static bool
is_of_all_calls(uint8_t type)
{
    return type == Q931_RESTART || type == Q931_RESTART_ACK || type == Q931_STATUS ||
           type == Q931_STATUS_ENQUIRY;
}

/* H.225.0 section 7.2.1 has references of two octets, Q.931 also of one. */
static void
read_call_reference(tvbuff_t *tvb, int offset, unsigned length, message_t *message)
{
    uint8_t first;

    message->malformed = length > 2;
    if (length != 1 && length != 2)
        return;
    first = tvb_get_uint8(tvb, offset);
    message->call_reference_offset = offset;
    message->call_reference_width = (int)length;
    message->from_originator = !(first & Q931_CALL_REFERENCE_FLAG);
    message->call_reference = first & ~Q931_CALL_REFERENCE_FLAG;
    if (length == 2)
        message->call_reference =
            (uint16_t)(message->call_reference << 8 | tvb_get_uint8(tvb, offset + 1));
    message->has_call_reference = true;
    message->in_call = message->call_reference != 0 || !is_of_all_calls(message->type);
}

/*
 * Where the digits of a Q.931 element of a number begin, and their count; 0: there is
 * none. They stand behind the octets of number type and presentation, of which each
 * but the last has bit 8 clear (Q.931 section 4.5).
 */
static int
find_number(tvbuff_t *tvb, const message_t *message, uint8_t wanted, int *digits_at)
{
    int end = (int)tvb_captured_length(tvb);
    int at = message->type_offset + 1;

    while (at + 1 < end && tvb_get_uint8(tvb, at) != Q931_ELEMENT_USER_USER) {
        uint8_t element = tvb_get_uint8(tvb, at);
        int value = at + 2;
        int next = value + tvb_get_uint8(tvb, at + 1);

        if (element & Q931_ELEMENT_SHORT) {
            at++;
            continue;
        }
        if (element == wanted && next <= end) {
            while (value < next && !(tvb_get_uint8(tvb, value) & Q931_LAST_OCTET))
                value++;
            *digits_at = value + 1;
            return next - *digits_at;
        }
        at = next;
    }
    return 0;
}

/* Wireshark's dissector shows the redirection number as bytes. */
static void
read_redirection(tvbuff_t *tvb, wmem_allocator_t *scope, message_t *message)
{
    int digits_at;
    int count;

    if (message->type_offset < 0 || message->event != EVENT_RELEASE)
        return;
    count = find_number(tvb, message, Q931_ELEMENT_REDIRECTION_NUMBER, &digits_at);
    if (count <= 0)
        return;
    message->is_forwarding = true;
    message->forward_alias =
        (const char *)tvb_get_string_enc(scope, tvb, digits_at, count, ENC_ASCII | ENC_NA);
}

/* What is in the header of Q.931, as far as that is there. */
static void
read_q931(tvbuff_t *tvb, packet_info *pinfo, message_t *message)
{
    unsigned reference_length;
    int type_offset;

    if (!tvb_bytes_exist(tvb, TPKT_HEADER_LENGTH, Q931_HEADER_MIN) ||
        tvb_get_uint8(tvb, TPKT_HEADER_LENGTH) != Q931_DISCRIMINATOR)
        return;
    reference_length = tvb_get_uint8(tvb, TPKT_HEADER_LENGTH + 1) & 0x0f;
    type_offset = TYPE_OFFSET_MIN + (int)reference_length;
    if (!tvb_bytes_exist(tvb, type_offset, 1))
        return;
    message->type_offset = type_offset;
    message->type_width = 1;
    message->type = tvb_get_uint8(tvb, type_offset);
    read_call_reference(tvb, TPKT_HEADER_LENGTH + 2, reference_length, message);
    message->type_name = upstream_value_name(message_type_field, message->type);
    message->event = event_of(message->type);
    message->more_digits = message->type == Q931_INFORMATION;
    read_redirection(tvb, pinfo->pool, message);
}

message_t *
h225_message(packet_info *pinfo, tvbuff_t *tvb)
{
    message_t *message = wmem_new0(pinfo->pool, message_t);
    h225_start_t start = h225_start(tvb, 0);

    message->coding = CODING_H225;
    message->is_cut = tvb_captured_length(tvb) < tvb_reported_length(tvb);
    message->event = EVENT_OTHER;
    message->reason = NO_REASON;
    message->type_offset = -1;
    message->length = tvb_reported_length(tvb);
    message->keep_alive = start == H225_KEEP_ALIVE;
    if (message->keep_alive)
        message->type_name = "keep-alive";
    if (start == H225_MESSAGE)
        read_q931(tvb, pinfo, message);
    return message;
}

/* What the H.225.0 dissector itself makes public of the message, if it has seen one. */
static void
read_h225_info(const h225_packet_info *info, message_t *message)
{
    static const e_guid_t no_guid;

    if (!message->has_call_id && memcmp(&info->guid, &no_guid, sizeof no_guid) != 0) {
        message->has_call_id = true;
        message->call_id = info->guid;
    }
    if (info->cs_type == H225_RELEASE_COMPLET)
        message->reason = info->reason;
}

void
h225_forget_layers(packet_info *pinfo, unsigned before)
{
    while (wmem_list_count(pinfo->layers) > MAX(before, LAYERS_KEPT))
        wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
}

static void
dissect_q931(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    call_dissector(q931_tpkt_handle, tvb, pinfo, tree);
}

static void
dissect_and_read(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message)
{
    const void *info_before = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);
    const void *info;

    TRY
    {
        reading_dissect(dissect_q931, tvb, pinfo, tree, message);
    }
    FINALLY
    {
        info = p_get_proto_data(pinfo->pool, pinfo, proto_h225_upstream, 0);
        if (info && info != info_before)
            read_h225_info(info, message);
    }
    ENDTRY;
}

void
h225_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, message_t *message)
{
    const uint16_t can_desegment = pinfo->can_desegment;

    /* The message is all there is: it must not be asked of TCP a second time. */
    pinfo->can_desegment = 0;
    TRY
    {
        if (PINFO_FD_VISITED(pinfo))
            call_dissector(q931_tpkt_handle, tvb, pinfo, tree);
        else
            dissect_and_read(tvb, pinfo, tree, message);
    }
    FINALLY
    {
        pinfo->can_desegment = can_desegment;
    }
    ENDTRY;
}
