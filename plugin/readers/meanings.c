/* meanings.c
 *
 * The fields and their nesting follow H.225.0 and H.245 as Wireshark's ASN.1
 * dissectors name them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/meanings.h"

#include "common/upstream.h"
#include "readers/channels.h"
#include "readers/h225.h"

#include <epan/dissectors/packet-q931.h>
#include <epan/to_str.h>

/* H.225.0 FacilityReason. */
#define FACILITY_ROUTE_TO_GATEKEEPER 0
#define FACILITY_CALL_FORWARDED 1
#define FACILITY_ROUTE_TO_MC 2

uint32_t
meaning_number_of(const found_t *found)
{
    return (uint32_t)found->value.number;
}

/* Old endpoints end their strings with a NUL, or fill them up with blanks. */
const char *
meaning_text_of(wmem_allocator_t *scope, const found_t *found)
{
    return g_strchomp(wmem_strdup(scope, found->value.text));
}

static void
first_text(const char **known, wmem_allocator_t *scope, const found_t *found)
{
    if (!*known && FT_IS_STRING(found->field->type))
        *known = meaning_text_of(scope, found);
}

void
meaning_read_all(reader_t *reader, const found_t *first, unsigned count)
{
    const found_t *behind = first + count;

    for (const found_t *found = first; found < behind; found += 1 + found->below) {
        const char **alias = reader->alias;

        if (found->meaning->read(reader, found))
            meaning_read_below(reader, found);
        reader->alias = alias;
    }
}

void
meaning_read_below(reader_t *reader, const found_t *found)
{
    meaning_read_all(reader, found + 1, found->below);
}

/* An address that is not for media; has: whether it is there. */
static void
read_address(reader_t *reader, const found_t *found, bool *has, address *addr, uint16_t *port)
{
    media_offer_t transport = {.rtcp = false};

    channels_transport(reader, found, &transport);
    if (!channels_is_usable(&transport))
        return;
    *has = true;
    *addr = offer_address(&transport);
    *port = transport.port;
}

static void
read_call_id(message_t *message, const found_t *found)
{
    static const e_guid_t nil; /* RFC 9562 section 5.9: it identifies nothing */

    if (message->has_call_id || message->coding != CODING_H225 ||
        memcmp(&found->value.guid, &nil, sizeof nil) == 0)
        return;
    message->has_call_id = true;
    message->call_id = found->value.guid;
}

/* The field of many reasons: of a FACILITY it is that of the facility. */
static void
read_facility_reason(message_t *message, const found_t *found)
{
    uint32_t reason = meaning_number_of(found);

    if (message->coding == CODING_H225 && message->type == Q931_FACILITY &&
        (reason == FACILITY_ROUTE_TO_GATEKEEPER || reason == FACILITY_CALL_FORWARDED ||
         reason == FACILITY_ROUTE_TO_MC))
        message->is_forwarding = true;
}

static void
read_refusal(message_t *message, const found_t *found)
{
    message->refusal = upstream_value_name(found->field, meaning_number_of(found));
}

static void
read_ip(reader_t *reader, const found_t *found, bool is_ipv6, int length)
{
    if (!reader->transport || found->length != length || !found->octets)
        return;
    reader->transport->octets = wmem_memdup(reader->scope, found->octets, (size_t)length);
    reader->transport->is_ipv6 = is_ipv6;
}

/* In RAS, a call's reference in its signalling; of several calls that are listed, the first. */
static void
read_call_reference(message_t *message, const found_t *found)
{
    if (message->coding != CODING_RAS || message->has_call_reference)
        return;
    message->call_reference = (uint16_t)meaning_number_of(found) & 0x7fff;
    message->has_call_reference = true;
}

static void
read_request_number(message_t *message, const found_t *found)
{
    if (message->has_request_number)
        return;
    message->has_request_number = true;
    message->request_number = (uint16_t)meaning_number_of(found);
}

/* From 4.4 on Wireshark says nothing of an element that is longer than its message. */
static void
check_element_length(reader_t *reader, const found_t *found)
{
    int end = reader->q931_start - TPKT_HEADER_LENGTH + (int)reader->message->length;
    int value_at = found->start + found->length;

    if (reader->message->coding == CODING_H225 && reader->message->length &&
        meaning_number_of(found) > (uint32_t)MAX(end - value_at, 0))
        reader->message->malformed = true;
}

/* Of the message, at the row's offset. */
static void *
member(const reader_t *reader, const found_t *found)
{
    return (char *)reader->message + found->meaning->offset;
}

static bool
means_text(reader_t *reader, const found_t *found)
{
    first_text(member(reader, found), reader->scope, found);
    return true;
}

bool
meaning_flag(reader_t *reader, const found_t *found)
{
    *(bool *)member(reader, found) = true;
    return true;
}

/* In SETUP it is the number that is called, or asks the network for a service. */
static bool
means_keypad(reader_t *reader, const found_t *found)
{
    if (reader->message->type == Q931_INFORMATION)
        first_text(&reader->message->keypad, reader->scope, found);
    return true;
}

/* Whose the aliases below are. */
static bool
means_party(reader_t *reader, const found_t *found)
{
    reader->alias = member(reader, found);
    return true;
}

static bool
means_alias(reader_t *reader, const found_t *found)
{
    if (reader->alias)
        first_text(reader->alias, reader->scope, found);
    return true;
}

/* The number of a subscriber that is no text. */
static bool
means_octets_alias(reader_t *reader, const found_t *found)
{
    if (reader->alias && !*reader->alias && found->octets)
        *reader->alias = bytes_to_str(reader->scope, found->octets, (size_t)found->length);
    return true;
}

/* Where the words for a transport address go that stands among these aliases; NULL: nowhere. */
static const char **
place_beside(message_t *message, const char **alias)
{
    if (alias == &message->source_alias)
        return &message->source_place;
    return alias == &message->destination_alias ? &message->destination_place : NULL;
}

static bool
means_transport_alias(reader_t *reader, const found_t *found)
{
    const char **place = place_beside(reader->message, reader->alias);
    media_offer_t transport = {.rtcp = false};
    address addr;

    channels_transport(reader, found, &transport);
    if (!place || *place || !channels_is_usable(&transport))
        return false;
    addr = offer_address(&transport);
    *place = wmem_strdup_printf(reader->scope, transport.is_ipv6 ? "[%s]:%u" : "%s:%u",
                                address_to_str(reader->scope, &addr), transport.port);
    return false;
}

static bool
means_version(reader_t *reader, const found_t *found)
{
    first_text(&reader->version, reader->scope, found);
    return true;
}

static bool
means_conference_id(reader_t *reader, const found_t *found)
{
    reader->message->has_conference_id = true;
    reader->message->conference_id = found->value.guid;
    return true;
}

static bool
means_call_reference(reader_t *reader, const found_t *found)
{
    read_call_reference(reader->message, found);
    return true;
}

static bool
means_called_sender(reader_t *reader, const found_t *found)
{
    reader->message->from_called = found->value.number != 0;
    return true;
}

static bool
means_request_number(reader_t *reader, const found_t *found)
{
    read_request_number(reader->message, found);
    return true;
}

static bool
means_cause(reader_t *reader, const found_t *found)
{
    reader->message->has_cause = true;
    reader->message->cause = (uint8_t)meaning_number_of(found);
    return true;
}

static bool
means_h245_address(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;

    read_address(reader, found, &message->has_h245_address, &message->h245_addr,
                 &message->h245_port);
    return false;
}

static bool
means_call_id(reader_t *reader, const found_t *found)
{
    read_call_id(reader->message, found);
    return true;
}

static bool
means_facility_reason(reader_t *reader, const found_t *found)
{
    if (reader->message->coding == CODING_RAS)
        read_refusal(reader->message, found);
    else
        read_facility_reason(reader->message, found);
    return true;
}

/* Why a gatekeeper does not do what it was asked for. */
static bool
means_refusal(reader_t *reader, const found_t *found)
{
    read_refusal(reader->message, found);
    return true;
}

static bool
means_keep_alive(reader_t *reader, const found_t *found)
{
    reader->message->keeps_alive = found->value.number != 0;
    return true;
}

static bool
means_time_to_live(reader_t *reader, const found_t *found)
{
    reader->message->has_time_to_live = true;
    reader->message->time_to_live = meaning_number_of(found);
    return true;
}

static bool
means_source_address(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;

    read_address(reader, found, &message->has_source_address, &message->source_addr,
                 &message->source_port);
    return false;
}

static bool
means_forward_address(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;

    read_address(reader, found, &message->has_forward_address, &message->forward_addr,
                 &message->forward_port);
    return false;
}

bool
meaning_ipv4(reader_t *reader, const found_t *found)
{
    read_ip(reader, found, false, 4);
    return true;
}

bool
meaning_ipv6(reader_t *reader, const found_t *found)
{
    read_ip(reader, found, true, 16);
    return true;
}

bool
meaning_port(reader_t *reader, const found_t *found)
{
    if (reader->transport)
        reader->transport->port = (uint16_t)meaning_number_of(found);
    return true;
}

bool
meaning_of_no_matter(reader_t *reader _U_, const found_t *found _U_)
{
    return true;
}

static bool
means_q931(reader_t *reader, const found_t *found)
{
    reader->q931_start = found->start;
    return true;
}

static bool
means_element_length(reader_t *reader, const found_t *found)
{
    check_element_length(reader, found);
    return true;
}

bool
meaning_varies(const found_t *found)
{
    static bool (*const reads[])(reader_t *, const found_t *) = {
        meaning_ipv4,  meaning_ipv6,        meaning_port,
        means_call_id, means_conference_id, meaning_of_no_matter,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(reads); i++) {
        if (found->meaning->read == reads[i])
            return true;
    }
    return false;
}

/* Some fields have other names from 4.6 on: both are listed, and one is unknown. */
const meaning_t meanings[] = {
    {"q931", means_q931, 0},
    {"q931.information_element_len", means_element_length, 0},
    {"q931.display_information", means_text, offsetof(message_t, display)},
    {"q931.calling_party_number.digits", means_text, offsetof(message_t, calling_number)},
    {"q931.called_party_number.digits", means_text, offsetof(message_t, called_number)},
    {"q931.keypad_facility", means_keypad, 0},
    {"q931.cause_value", means_cause, 0},
    {"h225.sourceAddress", means_party, offsetof(message_t, source_alias)},
    {"h225.srcInfo", means_party, offsetof(message_t, source_alias)},
    {"h225.destinationAddress", means_party, offsetof(message_t, destination_alias)},
    {"h225.destinationInfo", means_party, offsetof(message_t, destination_alias)},
    {"h225.h323_ID", means_alias, 0},
    {"h225.dialledDigits", means_alias, 0},
    {"h225.url_ID", means_alias, 0},
    {"h225.email_ID", means_alias, 0},
    {"h225.publicNumberDigits", means_alias, 0},
    {"h225.privateNumberDigits", means_alias, 0},
    {"h225.dataPartyNumber", means_alias, 0},
    {"h225.telexPartyNumber", means_alias, 0},
    {"h225.nationalStandardPartyNumber", means_alias, 0},
    {"h225.address", means_alias, 0}, /* of an isupNumber */
    {"h225.imsi", means_alias, 0},
    {"h225.min", means_alias, 0},
    {"h225.mdn", means_alias, 0},
    {"h225.msisdn", means_alias, 0},
    {"h225.esn", means_alias, 0},
    {"h225.imei", means_alias, 0},
    {"h225.tmsi", means_octets_alias, 0},
    {"h225.transportID", means_transport_alias, 0},
    {"h225.productId", means_text, offsetof(message_t, product)},
    {"h225.versionId", means_version, 0},
    {"h225.terminalAlias", means_party, offsetof(message_t, source_alias)},
    {"h225.endpointAlias", means_party, offsetof(message_t, source_alias)},
    {"h225.gatekeeperIdentifier", means_text, offsetof(message_t, gatekeeper_name)},
    {"h225.endpointIdentifier", means_text, offsetof(message_t, endpoint_name)},
    {"h225.keepAlive", means_keep_alive, 0},
    {"h225.timeToLive", means_time_to_live, 0},
    {"h225.conferenceID", means_conference_id, 0},
    {"h225.callReferenceValue", means_call_reference, 0},
    {"h225.requestSeqNum", means_request_number, 0},
    {"h225.answerCall", means_called_sender, 0},
    {"h225.answeredCall", means_called_sender, 0},
    {"h225.h245Address", means_h245_address, 0},
    {"h225.h245Ip", meaning_ipv4, 0},
    {"h225.h245Ip6", meaning_ipv6, 0},
    {"h225.h245IpPort", meaning_port, 0},
    {"h225.h245Ip6port", meaning_port, 0},
    {"h225.ip", meaning_ipv4, 0}, /* of an h245Address that is an ipSourceRoute */
    {"h225.port", meaning_port, 0},
    {"h225.ipV4", meaning_ipv4, 0},
    {"h225.src_route_ipV4", meaning_ipv4, 0},
    {"h225.ipV6", meaning_ipv6, 0},
    {"h225.ipV4_port", meaning_port, 0},
    {"h225.ipV4_src_port", meaning_port, 0},
    {"h225.ipV6_port", meaning_port, 0},
    {"h225.fastStart", meaning_flag, offsetof(message_t, has_fast_start)},
    {"h225.tokens", meaning_flag, offsetof(message_t, encrypted)},
    {"h225.cryptoTokens", meaning_flag, offsetof(message_t, encrypted)},
    {"h225.guid", means_call_id, 0},
    {"h225.reason", means_facility_reason, 0},
    {"h225.facilityReason", means_facility_reason, 0},
    {"h225.rejectReason", means_refusal, 0},
    {"h225.sourceCallSignalAddress", means_source_address, 0},
    {"h225.alternativeAddress", means_forward_address, 0},
    {"h225.alternativeAliasAddress", means_party, offsetof(message_t, forward_alias)},
    {"msiccp.netmeeting.local_guid", meaning_flag, offsetof(message_t, netmeeting)},
    {"_ws.malformed", meaning_flag, offsetof(message_t, malformed)},
};

const size_t meaning_count = G_N_ELEMENTS(meanings);
