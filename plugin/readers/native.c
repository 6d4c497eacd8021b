/* native.c
 *
 * TPKT: RFC 1006 section 6. All else is as the user describes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/native.h"

#include "readers/layout.h"
#include "readers/strings.h"
#include "readers/waveform.h"

#include "common/protocol.h"

#include <epan/expert.h>

#define TPKT_VERSION 3
#define TPKT_LENGTH_OFFSET 2
#define TPKT_HEADER 4
#define IPV4_LENGTH 4
#define Q850_CAUSE_MAX 127

/* Of a segment; a field is an item, and can be undescribed bytes and a finding besides. */
#define MOST_MESSAGES 1000
#define MOST_ITEMS 200000
#define ITEMS_OF_MESSAGE 40

static int hf_transaction = -1;
static int hf_undescribed = -1;
static int ett_waveformat = ETT_UNREGISTERED;
static expert_field ei_layout_mismatch = EI_INIT;

bool
native_is_described(void)
{
    return layout_get()->framing != FRAMING_OFF;
}

bool
native_is_framed_by_segment(void)
{
    return layout_get()->framing == FRAMING_SEGMENT;
}

static uint64_t
end_of(const layout_number_t *number)
{
    return (uint64_t)number->offset + (unsigned)number->width;
}

static uint64_t
get_uint(tvbuff_t *tvb, int offset, unsigned width, order_t order)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < width; i++) {
        unsigned at = order == ORDER_BIG ? i : width - 1 - i;

        value = value << 8 | tvb_get_uint8(tvb, offset + (int)at);
    }
    return value;
}

/* False where the message has no such number, or it was not captured. */
static bool
read_number(tvbuff_t *tvb, const layout_number_t *number, uint32_t *value)
{
    if (number->width == 0 || end_of(number) > tvb_captured_length(tvb))
        return false;
    *value = (uint32_t)get_uint(tvb, (int)number->offset, (unsigned)number->width,
                                (order_t)number->order);
    return true;
}

/* So many bytes of a message have to be there to know its length. */
static uint64_t
header_length(void)
{
    switch (layout_get()->framing) {
    case FRAMING_TPKT:
        return TPKT_HEADER;
    case FRAMING_LENGTH:
        return end_of(&layout_get()->length);
    default:
        return 0;
    }
}

/* The length of the message whose header stands at the offset; 0: it cannot be. */
static unsigned
stated_length(tvbuff_t *tvb, int offset)
{
    const layout_t *layout = layout_get();
    uint64_t length;

    if (layout->framing == FRAMING_TPKT)
        length = tvb_get_uint8(tvb, offset) == TPKT_VERSION
                     ? tvb_get_ntohs(tvb, offset + TPKT_LENGTH_OFFSET)
                     : 0;
    else
        length = get_uint(tvb, offset + (int)layout->length.offset, (unsigned)layout->length.width,
                          (order_t)layout->length.order);
    if (layout->framing == FRAMING_LENGTH && layout->length_counts == COUNTS_WHAT_FOLLOWS)
        length += header_length();
    return length < header_length() || length > LAYOUT_LENGTH_MAX ? 0 : (unsigned)length;
}

unsigned
native_pdu_length(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data _U_)
{
    unsigned left = (unsigned)tvb_reported_length_remaining(tvb, offset);
    unsigned captured = (unsigned)tvb_captured_length_remaining(tvb, offset);
    unsigned length;

    if (header_length() > LAYOUT_HEADER_MAX)
        return left;
    if (captured < header_length())
        return captured == left && pinfo->can_desegment ? 0 : left;
    length = stated_length(tvb, offset);
    return length ? length : left;
}

unsigned
native_most_messages(void)
{
    unsigned count;

    layout_fields(&count);
    return MIN(MOST_MESSAGES, MOST_ITEMS / (ITEMS_OF_MESSAGE + count));
}

static bool
has_impossible_length(tvbuff_t *tvb)
{
    if (native_is_framed_by_segment())
        return false;
    if (tvb_captured_length(tvb) < header_length())
        return tvb_reported_length(tvb) < header_length();
    return stated_length(tvb, 0) != tvb_reported_length(tvb);
}

/* An empty TPKT. */
static bool
is_keep_alive(tvbuff_t *tvb)
{
    return layout_get()->framing == FRAMING_TPKT && tvb_reported_length(tvb) == TPKT_HEADER &&
           !has_impossible_length(tvb);
}

static bool
is_in(const layout_field_t *field, const message_t *message)
{
    return field->in_every_type || (message->type_offset >= 0 && field->type == message->type);
}

/* The bytes up to and with the NUL that ends a text, or all that were captured. */
static unsigned
text_length(tvbuff_t *tvb, int offset, kind_t kind)
{
    int left = tvb_captured_length_remaining(tvb, offset);

    /* What lies behind the snapshot length is no text. */
    if (left <= 0)
        return 0;
    if (kind == KIND_STRING) {
        int nul = tvb_find_uint8(tvb, offset, left, 0);

        return (unsigned)(nul < 0 ? left : nul + 1 - offset);
    }
    for (int i = 0; i + 1 < left; i += 2) {
        if (tvb_get_ntohs(tvb, offset + i) == 0)
            return (unsigned)i + 2;
    }
    return (unsigned)left & ~1u;
}

/* The bytes of a field; false: it lies beyond the end of the message. */
static bool
locate(tvbuff_t *tvb, const layout_field_t *field, int *offset, unsigned *length)
{
    unsigned reported = tvb_reported_length(tvb);

    if (field->offset > reported || field->width > reported - field->offset)
        return false;
    *offset = (int)field->offset;
    if (field->width)
        *length = field->width;
    else if (field->kind != KIND_STRING && field->kind != KIND_UTF16)
        *length = reported - field->offset;
    else
        *length = text_length(tvb, *offset, field->kind);
    return true;
}

static const char *
get_text(wmem_allocator_t *scope, tvbuff_t *tvb, int offset, unsigned length,
         const layout_field_t *field)
{
    unsigned encoding =
        ENC_UTF_16 | (field->order == ORDER_BIG ? ENC_BIG_ENDIAN : ENC_LITTLE_ENDIAN);

    if (length == 0)
        return "";
    if (field->kind == KIND_UINT)
        return wmem_strdup_printf(scope, "%" PRIu64, get_uint(tvb, offset, length, field->order));
    if (field->kind != KIND_UTF16)
        return strings_of_octets(scope, tvb, offset, (int)length);
    return (const char *)tvb_get_string_enc(scope, tvb, offset, (int)length, encoding);
}

/* In network byte order. */
static uint32_t
get_ipv4(tvbuff_t *tvb, int offset, order_t order)
{
    uint32_t network = tvb_get_ipv4(tvb, offset);

    return order == ORDER_BIG ? network : GUINT32_SWAP_LE_BE(network);
}

/* The media that a message's roles name so far, each nth address with the nth port. */
typedef struct {
    unsigned addresses;
    unsigned ports;
} media_count_t;

static media_offer_t *
offer_at(wmem_allocator_t *scope, message_t *message, unsigned number)
{
    media_offer_t empty = {.link = LINK_ADVERTISED};

    if (!message->offers)
        message->offers = wmem_array_new(scope, sizeof empty);
    while (wmem_array_get_count(message->offers) <= number)
        wmem_array_append_one(message->offers, empty);
    return wmem_array_index(message->offers, number);
}

static void
read_cause(message_t *message, uint64_t value)
{
    if (value > Q850_CAUSE_MAX)
        return;
    message->has_cause = true;
    message->cause = (uint8_t)value;
}

static void
read_role(tvbuff_t *tvb, packet_info *pinfo, int offset, unsigned length,
          const layout_field_t *field, message_t *message, media_count_t *media)
{
    uint32_t *ipv4;

    switch (field->role) {
    case ROLE_CALLER:
        message->source_alias = get_text(pinfo->pool, tvb, offset, length, field);
        break;
    case ROLE_CALLEE:
        message->destination_alias = get_text(pinfo->pool, tvb, offset, length, field);
        break;
    case ROLE_MEDIA_ADDRESS:
        ipv4 = wmem_new(pinfo->pool, uint32_t);
        *ipv4 = get_ipv4(tvb, offset, field->order);
        offer_at(pinfo->pool, message, media->addresses++)->octets = (const uint8_t *)ipv4;
        break;
    case ROLE_MEDIA_PORT:
        offer_at(pinfo->pool, message, media->ports++)->port =
            (uint16_t)get_uint(tvb, offset, length, field->order);
        break;
    case ROLE_CAUSE:
        read_cause(message, get_uint(tvb, offset, length, field->order));
        break;
    case ROLE_NONE:
        break;
    }
}

/* A packet that was exported from elsewhere may have been sent from no address. */
static void
take_address(media_offer_t *offer, const address *addr)
{
    if (addr->type != AT_IPv4 && addr->type != AT_IPv6)
        return;
    offer->octets = addr->data;
    offer->is_ipv6 = addr->type == AT_IPv6;
}

static bool
is_usable(const media_offer_t *offer)
{
    static const uint8_t unspecified[IPV4_LENGTH];

    return offer->port && offer->octets &&
           (offer->is_ipv6 || memcmp(offer->octets, unspecified, IPV4_LENGTH) != 0);
}

/* A port without an address is the sender's own; an address without a port is no offer. */
static void
complete_offers(packet_info *pinfo, message_t *message)
{
    wmem_array_t *offers = message->offers;

    if (!offers)
        return;
    message->offers = wmem_array_new(pinfo->pool, sizeof(media_offer_t));
    for (unsigned i = 0; i < wmem_array_get_count(offers); i++) {
        media_offer_t *offer = wmem_array_index(offers, i);

        if (!offer->octets)
            take_address(offer, &pinfo->src);
        if (is_usable(offer))
            wmem_array_append_one(message->offers, *offer);
    }
}

static void
read_roles(tvbuff_t *tvb, packet_info *pinfo, message_t *message)
{
    media_count_t media = {0};
    unsigned count;
    const layout_field_t *fields = layout_fields(&count);
    unsigned length;
    int offset;

    for (unsigned i = 0; i < count; i++) {
        if (fields[i].role != ROLE_NONE && is_in(&fields[i], message) &&
            locate(tvb, &fields[i], &offset, &length) && tvb_bytes_exist(tvb, offset, (int)length))
            read_role(tvb, pinfo, offset, length, &fields[i], message, &media);
    }
    complete_offers(pinfo, message);
}

static void
read_type(tvbuff_t *tvb, packet_info *pinfo, message_t *message)
{
    const layout_number_t *place = &layout_get()->type;
    const layout_type_t *type;

    if (!read_number(tvb, place, &message->type))
        return;
    message->type_offset = (int)place->offset;
    message->type_width = (unsigned)place->width;
    message->in_call = true;
    type = layout_type(message->type);
    if (!type)
        return;
    message->type_name = wmem_strdup(pinfo->pool, type->name);
    message->event = type->event;
    message->media_accepted = type->event == EVENT_MEDIA;
}

message_t *
native_message(packet_info *pinfo, tvbuff_t *tvb, bool by_opener)
{
    message_t *message = wmem_new0(pinfo->pool, message_t);

    message->coding = CODING_NATIVE;
    message->event = EVENT_OTHER;
    message->reason = NO_REASON;
    message->type_offset = -1;
    message->length = tvb_reported_length(tvb);
    /* Who called whom, where the request is missing. */
    message->from_originator = by_opener;
    message->malformed = has_impossible_length(tvb);
    message->keep_alive = is_keep_alive(tvb);
    if (message->keep_alive)
        message->type_name = "keep-alive";
    if (message->malformed || message->keep_alive)
        return message;

    read_type(tvb, pinfo, message);
    message->has_transaction = read_number(tvb, &layout_get()->transaction, &message->transaction);
    read_roles(tvb, pinfo, message);
    return message;
}

static void
show_field(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const layout_field_t *field,
           int offset, unsigned length)
{
    unsigned encoding = field->order == ORDER_BIG ? ENC_BIG_ENDIAN : ENC_LITTLE_ENDIAN;
    proto_item *item;

    switch (field->kind) {
    case KIND_UINT:
        proto_tree_add_uint64(tree, field->hf, tvb, offset, (int)length,
                              get_uint(tvb, offset, length, field->order));
        break;
    case KIND_IPV4:
        proto_tree_add_ipv4(tree, field->hf, tvb, offset, (int)length,
                            get_ipv4(tvb, offset, field->order));
        break;
    case KIND_STRING:
    case KIND_UTF16:
        proto_tree_add_string(tree, field->hf, tvb, offset, (int)length,
                              get_text(pinfo->pool, tvb, offset, length, field));
        break;
    case KIND_WAVEFORMAT:
        item = proto_tree_add_item(tree, field->hf, tvb, offset, (int)length, ENC_NA);
        waveform_show(tvb_new_subset_length(tvb, offset, (int)length),
                      proto_item_add_subtree(item, ett_waveformat));
        break;
    case KIND_PORT:
    case KIND_GUID:
        proto_tree_add_item(tree, field->hf, tvb, offset, (int)length, encoding);
        break;
    case KIND_BYTES:
        proto_tree_add_item(tree, field->hf, tvb, offset, (int)length, ENC_NA);
        break;
    }
}

static void
show_number_mismatch(packet_info *pinfo, proto_item *item, const message_t *message,
                     const char *what, const layout_number_t *number)
{
    if (number->width && end_of(number) > message->length)
        expert_add_info_format(
            pinfo, item, &ei_layout_mismatch,
            "The layout does not fit: the %s (%d bytes at offset %u) lies beyond "
            "the end of this message of %u bytes",
            what, number->width, number->offset, message->length);
}

static void
show_mismatches(packet_info *pinfo, proto_item *item, const message_t *message)
{
    if (message->malformed) {
        expert_add_info_format(
            pinfo, item, &ei_layout_mismatch,
            "The layout does not fit: by the framing described, these %u bytes are no message",
            message->length);
        return;
    }
    show_number_mismatch(pinfo, item, message, "message type", &layout_get()->type);
    show_number_mismatch(pinfo, item, message, "transaction id", &layout_get()->transaction);
    if (message->type_offset >= 0 && !layout_type(message->type))
        expert_add_info_format(pinfo, item, &ei_layout_mismatch,
                               "The layout does not fit: it has no message type %u (0x%x)",
                               message->type, message->type);
}

/* Marks bytes of the message as described; only those that were captured count. */
static void
cover(uint8_t *covered, tvbuff_t *tvb, uint64_t offset, uint64_t length)
{
    uint64_t captured = tvb_captured_length(tvb);

    if (offset < captured)
        memset(covered + offset, 1, (size_t)MIN(length, captured - offset));
}

static void
cover_numbers(uint8_t *covered, tvbuff_t *tvb, const message_t *message)
{
    const layout_t *layout = layout_get();

    if (message->malformed)
        return;
    if (layout->framing == FRAMING_TPKT)
        cover(covered, tvb, 0, TPKT_HEADER);
    if (layout->framing == FRAMING_LENGTH)
        cover(covered, tvb, layout->length.offset, (unsigned)layout->length.width);
    cover(covered, tvb, layout->type.offset, (unsigned)layout->type.width);
    cover(covered, tvb, layout->transaction.offset, (unsigned)layout->transaction.width);
}

static void
show_undescribed(tvbuff_t *tvb, proto_tree *tree, const uint8_t *covered)
{
    int end = (int)tvb_captured_length(tvb);
    int start = 0;

    while (start < end) {
        int stop = start;

        while (stop < end && covered[stop] == covered[start])
            stop++;
        if (!covered[start])
            proto_tree_add_item(tree, hf_undescribed, tvb, start, stop - start, ENC_NA);
        start = stop;
    }
}

static void
show_field_mismatch(packet_info *pinfo, proto_item *item, const message_t *message,
                    const layout_field_t *field)
{
    const char *place =
        field->width
            ? wmem_strdup_printf(pinfo->pool, "%u bytes at offset %u", field->width, field->offset)
            : wmem_strdup_printf(pinfo->pool, "from offset %u on", field->offset);

    expert_add_info_format(pinfo, item, &ei_layout_mismatch,
                           "The layout does not fit: the field \"%s\" (%s) lies beyond the end of "
                           "this message of %u bytes",
                           field->name, place, message->length);
}

void
native_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const message_t *message)
{
    proto_tree *tree = proto_item_get_subtree(item);
    uint8_t *covered = wmem_alloc0(pinfo->pool, tvb_captured_length(tvb) + 1);
    const layout_number_t *transaction = &layout_get()->transaction;
    unsigned count;
    const layout_field_t *fields = layout_fields(&count);
    unsigned length;
    int offset;

    if (message->keep_alive)
        return;
    show_mismatches(pinfo, item, message);
    cover_numbers(covered, tvb, message);
    if (message->has_transaction)
        proto_tree_add_uint(tree, hf_transaction, tvb, (int)transaction->offset, transaction->width,
                            message->transaction);
    for (unsigned i = 0; i < count && !message->malformed; i++) {
        const layout_field_t *field = &fields[i];

        if (!is_in(field, message))
            continue;
        if (!locate(tvb, field, &offset, &length)) {
            show_field_mismatch(pinfo, item, message, field);
            continue;
        }
        cover(covered, tvb, (unsigned)offset, length);
        show_field(tvb, pinfo, tree, field, offset, length);
    }
    show_undescribed(tvb, tree, covered);
}

void
native_register(module_t *module)
{
    static hf_register_info infos[] = {
        {&hf_transaction,
         {"Transaction", "msiccp.transaction", FT_UINT32, BASE_DEC_HEX, NULL, 0x0,
          "What an answer has in common with its request", HFILL}},
        {&hf_undescribed,
         {"Not described", "msiccp.undescribed", FT_BYTES, BASE_NONE, NULL, 0x0,
          "Bytes of a native message that the layout does not describe", HFILL}},
    };
    static int *subtrees[] = {&ett_waveformat};
    static ei_register_info experts[] = {
        {&ei_layout_mismatch,
         {"msiccp.expert.layout_mismatch", PI_PROTOCOL, PI_NOTE,
          "The described layout does not fit this message", EXPFILL}},
    };

    proto_register_field_array(proto_msiccp, infos, array_length(infos));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(expert_register_protocol(proto_msiccp), experts,
                                array_length(experts));
    layout_register(module);
}
