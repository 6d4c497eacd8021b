/* reading.c
 *
 * The fields and their nesting follow H.225.0 and H.245 as Wireshark's ASN.1
 * dissectors name them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/reading.h"

#include "readers/h225.h"
#include "common/upstream.h"

#include "common/protocol.h"

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <wiretap/wtap.h>

/* The deepest nesting that is read; H.225.0 with H.245 inside stays below 40. */
#define MAX_DEPTH 100

/* More offers than this in one message are not kept: H.245 allows 256 channels. */
#define MAX_OFFERS 256

typedef enum {
    MEANS_NOTHING,
    MEANS_SOURCE,
    MEANS_DESTINATION,
    MEANS_ALIAS,
    MEANS_DISPLAY,
    MEANS_CALLING_NUMBER,
    MEANS_CALLED_NUMBER,
    MEANS_PRODUCT,
    MEANS_VERSION,
    MEANS_CONFERENCE_ID,
    MEANS_CALL_REFERENCE,
    MEANS_CALLED_SENDER,
    MEANS_REQUEST_NUMBER,
    MEANS_CAUSE,
    MEANS_H245_ADDRESS,
    MEANS_FAST_START,
    MEANS_CHANNEL,
    MEANS_CHANNEL_ACK,
    MEANS_CHANNEL_NUMBER,
    MEANS_CODEC,
    MEANS_MEDIA_CHANNEL,
    MEANS_MEDIA_CONTROL_CHANNEL,
    MEANS_IPV4,
    MEANS_IPV6,
    MEANS_PORT,
    MEANS_NETMEETING,
    MEANS_Q931,
    MEANS_ELEMENT_LENGTH,
    MEANS_MALFORMED,
} meaning_t;

/* Some fields have other names from 4.6 on: both are listed, and one is unknown. */
static const struct {
    const char *field;
    meaning_t meaning;
} meanings[] = {
    {"q931", MEANS_Q931},
    {"q931.information_element_len", MEANS_ELEMENT_LENGTH},
    {"q931.display_information", MEANS_DISPLAY},
    {"q931.calling_party_number.digits", MEANS_CALLING_NUMBER},
    {"q931.called_party_number.digits", MEANS_CALLED_NUMBER},
    {"q931.cause_value", MEANS_CAUSE},
    {"h225.sourceAddress", MEANS_SOURCE},
    {"h225.srcInfo", MEANS_SOURCE},
    {"h225.destinationAddress", MEANS_DESTINATION},
    {"h225.destinationInfo", MEANS_DESTINATION},
    {"h225.h323_ID", MEANS_ALIAS},
    {"h225.dialledDigits", MEANS_ALIAS},
    {"h225.url_ID", MEANS_ALIAS},
    {"h225.email_ID", MEANS_ALIAS},
    {"h225.productId", MEANS_PRODUCT},
    {"h225.versionId", MEANS_VERSION},
    {"h225.conferenceID", MEANS_CONFERENCE_ID},
    {"h225.callReferenceValue", MEANS_CALL_REFERENCE},
    {"h225.requestSeqNum", MEANS_REQUEST_NUMBER},
    {"h225.answerCall", MEANS_CALLED_SENDER},
    {"h225.answeredCall", MEANS_CALLED_SENDER},
    {"h225.h245Address", MEANS_H245_ADDRESS},
    {"h225.h245Ip", MEANS_IPV4},
    {"h225.h245Ip6", MEANS_IPV6},
    {"h225.h245IpPort", MEANS_PORT},
    {"h225.h245Ip6port", MEANS_PORT},
    {"h225.fastStart", MEANS_FAST_START},
    {"h245.OpenLogicalChannel_element", MEANS_CHANNEL},
    {"h245.openLogicalChannel_element", MEANS_CHANNEL},
    {"h245.openLogicalChannelAck_element", MEANS_CHANNEL_ACK},
    {"h245.forwardLogicalChannelNumber", MEANS_CHANNEL_NUMBER},
    {"h245.olc_fw_lcn", MEANS_CHANNEL_NUMBER},
    {"h245.olc_ack_fw_lcn", MEANS_CHANNEL_NUMBER},
    {"h245.audioData", MEANS_CODEC},
    {"h245.videoData", MEANS_CODEC},
    {"h245.mediaChannel", MEANS_MEDIA_CHANNEL},
    {"h245.mediaControlChannel", MEANS_MEDIA_CONTROL_CHANNEL},
    {"h245.ack_mediaChannel", MEANS_MEDIA_CHANNEL},
    {"h245.ack_mediaControlChannel", MEANS_MEDIA_CONTROL_CHANNEL},
    {"h245.ip4_network", MEANS_IPV4},
    {"h245.ip6_network", MEANS_IPV6},
    {"h245.tsapIdentifier", MEANS_PORT},
    {"h245.ipv6.tsapIdentifier", MEANS_PORT},
    {"msiccp.netmeeting.local_guid", MEANS_NETMEETING},
    {"_ws.malformed", MEANS_MALFORMED},
    {"h245", MEANS_NOTHING}, /* there is a message */
};

static wmem_map_t *meaning_by_field; /* field id -> meaning_t; epan scope */
static GSList *spare_trees;          /* of epan_dissect_t, that no packet has borrowed */
static wmem_array_t *wanted_fields;  /* the ids of all fields that mean something; epan scope */

/* What has been read so far; the first two are restored when their node is left. */
typedef struct {
    const char **alias;       /* where an alias goes; NULL: nobody's */
    media_offer_t *transport; /* the transport address that is being read; NULL: none */
    wmem_allocator_t *scope;
    message_t *message;
    const char *codec;   /* of the logical channel that is being read */
    uint16_t channel;    /* its number */
    bool channel_is_ack; /* it is the peer's, and is accepted here */
    const char *version; /* of the product */
    int q931_start;      /* offset in its data source */
} reader_t;

/* An abbreviation can belong to many fields: all of them mean the same here. */
static void
remember_meaning(const char *abbreviation, meaning_t meaning)
{
    const header_field_info *field = proto_registrar_get_byname(abbreviation);

    while (field && field->same_name_prev_id != -1)
        field = proto_registrar_get_nth((unsigned)field->same_name_prev_id);
    for (; field; field = field->same_name_next) {
        wmem_map_insert(meaning_by_field, GINT_TO_POINTER(field->id), GUINT_TO_POINTER(meaning));
        wmem_array_append(wanted_fields, &field->id, 1);
    }
}

void
reading_handoff(void)
{
    meaning_by_field = wmem_map_new(wmem_epan_scope(), g_direct_hash, g_direct_equal);
    wanted_fields = wmem_array_new(wmem_epan_scope(), sizeof(int));
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
        remember_meaning(meanings[i].field, meanings[i].meaning);
}

static meaning_t
meaning_of(field_info *field)
{
    return (meaning_t)GPOINTER_TO_UINT(
        wmem_map_lookup(meaning_by_field, GINT_TO_POINTER(field->hfinfo->id)));
}

/* Old endpoints end their strings with a NUL, or fill them up with blanks. */
static const char *
text_of(wmem_allocator_t *scope, field_info *field)
{
    char *text = wmem_strdup(scope, fvalue_get_string(FI_VALUE(field)));

    return g_strchomp(text);
}

static const char *
name_of_choice(field_info *field)
{
    return upstream_value_name(field->hfinfo, fvalue_get_uinteger(FI_VALUE(field)));
}

static void
first_text(const char **known, wmem_allocator_t *scope, field_info *field)
{
    if (!*known)
        *known = text_of(scope, field);
}

static void read_nodes(reader_t *reader, const proto_node *first, unsigned depth);

static bool
is_usable(const media_offer_t *transport)
{
    static const uint8_t zeros[16];

    return transport->port != 0 && transport->addr.len > 0 &&
           memcmp(transport->addr.data, zeros, (size_t)transport->addr.len) != 0;
}

static void
read_transport_address(reader_t *reader, const proto_node *node, unsigned depth,
                       media_offer_t *transport)
{
    media_offer_t *outer = reader->transport;

    reader->transport = transport;
    read_nodes(reader, node->first_child, depth + 1);
    reader->transport = outer;
}

static void
read_media_address(reader_t *reader, const proto_node *node, unsigned depth, bool rtcp)
{
    message_t *message = reader->message;
    media_offer_t offer = {.rtcp = rtcp};

    read_transport_address(reader, node, depth, &offer);
    if (!is_usable(&offer))
        return;
    offer.codec = rtcp ? NULL : reader->codec;
    offer.channel = reader->channel;
    offer.accepts = reader->channel_is_ack;
    if (!message->offers)
        message->offers = wmem_array_new(reader->scope, sizeof(media_offer_t));
    if (wmem_array_get_count(message->offers) < MAX_OFFERS)
        wmem_array_append_one(message->offers, offer);
}

static void
read_h245_address(reader_t *reader, const proto_node *node, unsigned depth)
{
    message_t *message = reader->message;
    media_offer_t transport = {.rtcp = false};

    read_transport_address(reader, node, depth, &transport);
    if (!is_usable(&transport))
        return;
    message->has_h245_address = true;
    message->h245_addr = transport.addr;
    message->h245_port = transport.port;
}

static void
read_codec(reader_t *reader, field_info *field)
{
    message_t *message = reader->message;
    opened_channel_t opened = {.channel = reader->channel, .codec = name_of_choice(field)};

    reader->codec = opened.codec;
    if (!message->opened)
        message->opened = wmem_array_new(reader->scope, sizeof(opened_channel_t));
    if (wmem_array_get_count(message->opened) < MAX_OFFERS)
        wmem_array_append_one(message->opened, opened);
}

static void
read_ip(reader_t *reader, field_info *field, int type, int length)
{
    if (reader->transport && field->length == length)
        set_address(&reader->transport->addr, type, length,
                    tvb_memdup(reader->scope, field->ds_tvb, field->start, (size_t)length));
}

/* In RAS, a call's reference in its signalling; of several calls that are listed, the first. */
static void
read_call_reference(message_t *message, field_info *field)
{
    if (message->coding != CODING_RAS || message->has_call_reference)
        return;
    message->call_reference = (uint16_t)fvalue_get_uinteger(FI_VALUE(field)) & 0x7fff;
    message->has_call_reference = true;
}

static void
read_request_number(message_t *message, field_info *field)
{
    if (message->has_request_number)
        return;
    message->has_request_number = true;
    message->request_number = (uint16_t)fvalue_get_uinteger(FI_VALUE(field));
}

/* From 4.4 on Wireshark says nothing of an element that is longer than its message. */
static void
check_element_length(reader_t *reader, field_info *field)
{
    int end = reader->q931_start - TPKT_HEADER_LENGTH + (int)reader->message->length;
    int value_at = field->start + field->length;

    if (reader->message->coding == CODING_H225 && reader->message->length &&
        fvalue_get_uinteger(FI_VALUE(field)) > (uint32_t)MAX(end - value_at, 0))
        reader->message->malformed = true;
}

/* Reads one node; returns false where the nodes below it have been read as well. */
static bool
read_node(reader_t *reader, const proto_node *node, field_info *field, unsigned depth)
{
    message_t *message = reader->message;

    switch (meaning_of(field)) {
    case MEANS_SOURCE:
        reader->alias = &message->source_alias;
        break;
    case MEANS_DESTINATION:
        reader->alias = &message->destination_alias;
        break;
    case MEANS_ALIAS:
        if (reader->alias)
            first_text(reader->alias, reader->scope, field);
        break;
    case MEANS_DISPLAY:
        first_text(&message->display, reader->scope, field);
        break;
    case MEANS_CALLING_NUMBER:
        first_text(&message->calling_number, reader->scope, field);
        break;
    case MEANS_CALLED_NUMBER:
        first_text(&message->called_number, reader->scope, field);
        break;
    case MEANS_PRODUCT:
        first_text(&message->product, reader->scope, field);
        break;
    case MEANS_VERSION:
        first_text(&reader->version, reader->scope, field);
        break;
    case MEANS_CONFERENCE_ID:
        message->has_conference_id = true;
        message->conference_id = *fvalue_get_guid(FI_VALUE(field));
        break;
    case MEANS_CALL_REFERENCE:
        read_call_reference(message, field);
        break;
    case MEANS_CALLED_SENDER:
        message->from_called = fvalue_get_uinteger64(FI_VALUE(field)) != 0;
        break;
    case MEANS_REQUEST_NUMBER:
        read_request_number(message, field);
        break;
    case MEANS_CAUSE:
        message->has_cause = true;
        message->cause = (uint8_t)fvalue_get_uinteger(FI_VALUE(field));
        break;
    case MEANS_H245_ADDRESS:
        read_h245_address(reader, node, depth);
        return false;
    case MEANS_FAST_START:
        message->has_fast_start = true;
        break;
    case MEANS_CHANNEL_ACK:
        message->media_accepted = true;
        reader->channel_is_ack = true;
        reader->codec = NULL;
        break;
    case MEANS_CHANNEL:
        reader->channel_is_ack = false;
        reader->codec = NULL;
        break;
    case MEANS_CHANNEL_NUMBER:
        reader->channel = (uint16_t)fvalue_get_uinteger(FI_VALUE(field));
        break;
    case MEANS_CODEC:
        read_codec(reader, field);
        break;
    case MEANS_MEDIA_CHANNEL:
        read_media_address(reader, node, depth, false);
        return false;
    case MEANS_MEDIA_CONTROL_CHANNEL:
        read_media_address(reader, node, depth, true);
        return false;
    case MEANS_IPV4:
        read_ip(reader, field, AT_IPv4, 4);
        break;
    case MEANS_IPV6:
        read_ip(reader, field, AT_IPv6, 16);
        break;
    case MEANS_PORT:
        if (reader->transport)
            reader->transport->port = (uint16_t)fvalue_get_uinteger(FI_VALUE(field));
        break;
    case MEANS_Q931:
        reader->q931_start = field->start;
        break;
    case MEANS_ELEMENT_LENGTH:
        check_element_length(reader, field);
        break;
    case MEANS_NETMEETING:
        message->netmeeting = true;
        break;
    case MEANS_MALFORMED:
        message->malformed = true;
        break;
    case MEANS_NOTHING:
        break;
    }
    return true;
}

static void
read_nodes(reader_t *reader, const proto_node *first, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return;
    for (const proto_node *node = first; node; node = node->next) {
        field_info *field = PNODE_FINFO(node);
        const char **alias = reader->alias;

        if (!field || read_node(reader, node, field, depth))
            read_nodes(reader, node->first_child, depth + 1);
        reader->alias = alias;
    }
}

/*
 * Called when the borrower's pool is emptied. It must not be freed there: Wireshark
 * keeps one pool for the next packet, and would lose that of the lent tree over
 * the borrower's.
 */
static ws_bool
take_back(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    static wtap_rec no_record; /* epan_dissect_reset() looks into it */
    epan_dissect_t *lent = user_data;

    lent->pi.rec = &no_record;
    epan_dissect_reset(lent);
    spare_trees = g_slist_prepend(spare_trees, lent);
    return false;
}

static epan_dissect_t *
spare_tree(packet_info *pinfo)
{
    epan_dissect_t *spare;

    if (!spare_trees)
        return epan_dissect_new(pinfo->epan, true, false);
    spare = spare_trees->data;
    spare_trees = g_slist_delete_link(spare_trees, spare_trees);
    return spare;
}

/* A tree that only has what is read from it; a packet borrows at most one, until it is done. */
static proto_tree *
lend_tree(packet_info *pinfo)
{
    epan_dissect_t *lent = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LENT_TREE);
    unsigned count = wmem_array_get_count(wanted_fields);

    if (lent)
        return lent->tree;
    lent = spare_tree(pinfo);
    p_add_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LENT_TREE, lent);
    for (unsigned i = 0; i < count; i++)
        epan_dissect_prime_with_hfid(lent, *(const int *)wmem_array_index(wanted_fields, i));
    /* Taps that run after the dissection may still refer to its items. */
    wmem_register_callback(pinfo->pool, take_back, lent);
    return lent->tree;
}

reading_t
reading_begin(packet_info *pinfo, proto_tree *tree)
{
    reading_t reading = {.tree = tree ? tree : lend_tree(pinfo)};

    reading.before = reading.tree->last_child;
    if (tree)
        reading.was_visible = proto_tree_set_visible(tree, true);
    reading.is_lent = !tree;
    return reading;
}

const proto_node *
reading_first(const reading_t *reading)
{
    return reading->before ? reading->before->next : reading->tree->first_child;
}

void
reading_end(const reading_t *reading, wmem_allocator_t *scope, message_t *message)
{
    reader_t reader = {.scope = scope, .message = message};

    if (!reading->is_lent)
        proto_tree_set_visible(reading->tree, reading->was_visible);
    read_nodes(&reader, reading_first(reading), 0);
    if (message->product && reader.version)
        message->product = wmem_strdup_printf(scope, "%s %s", message->product, reader.version);
}
