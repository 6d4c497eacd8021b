/* meanings.c
 *
 * The fields and their nesting follow H.225.0 and H.245 as Wireshark's ASN.1
 * dissectors name them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/meanings.h"

#include "readers/channels.h"
#include "readers/h225.h"

#include <epan/dissectors/packet-q931.h>

/* H.245 DataProtocolCapability. */
#define PROTOCOL_TCP 12

/* H.225.0 FacilityReason. */
#define FACILITY_CALL_FORWARDED 1

/* Old endpoints end their strings with a NUL, or fill them up with blanks. */
static const char *
text_of(wmem_allocator_t *scope, field_info *field)
{
    char *text = wmem_strdup(scope, fvalue_get_string(FI_VALUE(field)));

    return g_strchomp(text);
}

static void
first_text(const char **known, wmem_allocator_t *scope, field_info *field)
{
    if (!*known)
        *known = text_of(scope, field);
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
    *addr = transport.addr;
    *port = transport.port;
}

static void
read_call_id(message_t *message, field_info *field)
{
    if (message->has_call_id || message->coding != CODING_H225)
        return;
    message->has_call_id = true;
    message->call_id = *fvalue_get_guid(FI_VALUE(field));
}

/* The field of many reasons: of a FACILITY it is that of the facility. */
static void
read_facility_reason(message_t *message, field_info *field)
{
    if (message->coding == CODING_H225 && message->type == Q931_FACILITY &&
        fvalue_get_uinteger(FI_VALUE(field)) == FACILITY_CALL_FORWARDED)
        message->is_forwarding = true;
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

/* Of the message, at the row's offset. */
static void *
member(const reader_t *reader, const found_t *found)
{
    return (char *)reader->message + found->offset;
}

static bool
means_text(reader_t *reader, const found_t *found)
{
    first_text(member(reader, found), reader->scope, found->field);
    return true;
}

static bool
means_flag(reader_t *reader, const found_t *found)
{
    *(bool *)member(reader, found) = true;
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
        first_text(reader->alias, reader->scope, found->field);
    return true;
}

static bool
means_version(reader_t *reader, const found_t *found)
{
    first_text(&reader->version, reader->scope, found->field);
    return true;
}

static bool
means_conference_id(reader_t *reader, const found_t *found)
{
    reader->message->has_conference_id = true;
    reader->message->conference_id = *fvalue_get_guid(FI_VALUE(found->field));
    return true;
}

static bool
means_call_reference(reader_t *reader, const found_t *found)
{
    read_call_reference(reader->message, found->field);
    return true;
}

static bool
means_called_sender(reader_t *reader, const found_t *found)
{
    reader->message->from_called = fvalue_get_uinteger64(FI_VALUE(found->field)) != 0;
    return true;
}

static bool
means_request_number(reader_t *reader, const found_t *found)
{
    read_request_number(reader->message, found->field);
    return true;
}

static bool
means_cause(reader_t *reader, const found_t *found)
{
    reader->message->has_cause = true;
    reader->message->cause = (uint8_t)fvalue_get_uinteger(FI_VALUE(found->field));
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
means_h245(reader_t *reader, const found_t *found _U_)
{
    reader->is_in_channel = false;
    reader->rejected = REJECTED_NOTHING;
    reader->message->carries_h245 = true;
    return true;
}

static bool
means_capability(reader_t *reader, const found_t *found)
{
    channels_capability(reader, found->field);
    return true;
}

static bool
means_channel_reject(reader_t *reader, const found_t *found _U_)
{
    reader->rejected = REJECTED_CHANNEL;
    return true;
}

static bool
means_capabilities_reject(reader_t *reader, const found_t *found _U_)
{
    reader->rejected = REJECTED_CAPABILITIES;
    return true;
}

static bool
means_determination_reject(reader_t *reader, const found_t *found _U_)
{
    reader->rejected = REJECTED_DETERMINATION;
    return true;
}

static bool
means_reject_cause(reader_t *reader, const found_t *found)
{
    channels_rejection(reader, found->field);
    return true;
}

static bool
means_channel_ack(reader_t *reader, const found_t *found _U_)
{
    reader->message->media_accepted = true;
    channels_begin(reader, true);
    return true;
}

static bool
means_channel(reader_t *reader, const found_t *found _U_)
{
    channels_begin(reader, false);
    return true;
}

static bool
means_channel_number(reader_t *reader, const found_t *found)
{
    channels_number(reader, found->field);
    return true;
}

static bool
means_backward(reader_t *reader, const found_t *found _U_)
{
    reader->channel.backward = true;
    return true;
}

static bool
means_audio(reader_t *reader, const found_t *found)
{
    channels_data(reader, found->field, CONTENT_AUDIO);
    return true;
}

static bool
means_video(reader_t *reader, const found_t *found)
{
    channels_data(reader, found->field, CONTENT_VIDEO);
    return true;
}

static bool
means_application(reader_t *reader, const found_t *found)
{
    channels_application(reader, found->field);
    return true;
}

static bool
means_fax_protocol(reader_t *reader, const found_t *found)
{
    reader->is_tcp = fvalue_get_uinteger(FI_VALUE(found->field)) == PROTOCOL_TCP;
    return true;
}

static bool
means_generic(reader_t *reader, const found_t *found)
{
    channels_generic(reader, found->field);
    return true;
}

static bool
means_payload_type(reader_t *reader, const found_t *found)
{
    channels_payload_type(reader, found->field);
    return true;
}

static bool
means_separate_stack(reader_t *reader, const found_t *found)
{
    channels_separate_stack(reader, found);
    return false;
}

static bool
means_digits(reader_t *reader, const found_t *found)
{
    reader->message->digits += (unsigned)strlen(fvalue_get_string(FI_VALUE(found->field)));
    return true;
}

static bool
means_call_id(reader_t *reader, const found_t *found)
{
    read_call_id(reader->message, found->field);
    return true;
}

static bool
means_facility_reason(reader_t *reader, const found_t *found)
{
    read_facility_reason(reader->message, found->field);
    return true;
}

static bool
means_forward_address(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;

    read_address(reader, found, &message->has_forward_address, &message->forward_addr,
                 &message->forward_port);
    return false;
}

static bool
means_media_channel(reader_t *reader, const found_t *found)
{
    channels_media_address(reader, found, false);
    return false;
}

static bool
means_media_control_channel(reader_t *reader, const found_t *found)
{
    channels_media_address(reader, found, true);
    return false;
}

static bool
means_ipv4(reader_t *reader, const found_t *found)
{
    read_ip(reader, found->field, AT_IPv4, 4);
    return true;
}

static bool
means_ipv6(reader_t *reader, const found_t *found)
{
    read_ip(reader, found->field, AT_IPv6, 16);
    return true;
}

static bool
means_port(reader_t *reader, const found_t *found)
{
    if (reader->transport)
        reader->transport->port = (uint16_t)fvalue_get_uinteger(FI_VALUE(found->field));
    return true;
}

static bool
means_q931(reader_t *reader, const found_t *found)
{
    reader->q931_start = found->field->start;
    return true;
}

static bool
means_element_length(reader_t *reader, const found_t *found)
{
    check_element_length(reader, found->field);
    return true;
}

/* Some fields have other names from 4.6 on: both are listed, and one is unknown. */
const meaning_t meanings[] = {
    {"q931", means_q931, 0},
    {"q931.information_element_len", means_element_length, 0},
    {"q931.display_information", means_text, offsetof(message_t, display)},
    {"q931.calling_party_number.digits", means_text, offsetof(message_t, calling_number)},
    {"q931.called_party_number.digits", means_text, offsetof(message_t, called_number)},
    {"q931.cause_value", means_cause, 0},
    {"h225.sourceAddress", means_party, offsetof(message_t, source_alias)},
    {"h225.srcInfo", means_party, offsetof(message_t, source_alias)},
    {"h225.destinationAddress", means_party, offsetof(message_t, destination_alias)},
    {"h225.destinationInfo", means_party, offsetof(message_t, destination_alias)},
    {"h225.h323_ID", means_alias, 0},
    {"h225.dialledDigits", means_alias, 0},
    {"h225.url_ID", means_alias, 0},
    {"h225.email_ID", means_alias, 0},
    {"h225.productId", means_text, offsetof(message_t, product)},
    {"h225.versionId", means_version, 0},
    {"h225.conferenceID", means_conference_id, 0},
    {"h225.callReferenceValue", means_call_reference, 0},
    {"h225.requestSeqNum", means_request_number, 0},
    {"h225.answerCall", means_called_sender, 0},
    {"h225.answeredCall", means_called_sender, 0},
    {"h225.h245Address", means_h245_address, 0},
    {"h225.h245Ip", means_ipv4, 0},
    {"h225.h245Ip6", means_ipv6, 0},
    {"h225.h245IpPort", means_port, 0},
    {"h225.h245Ip6port", means_port, 0},
    {"h225.ipV4", means_ipv4, 0},
    {"h225.ipV6", means_ipv6, 0},
    {"h225.ipV4_port", means_port, 0},
    {"h225.ipV6_port", means_port, 0},
    {"h225.fastStart", means_flag, offsetof(message_t, has_fast_start)},
    {"h245.OpenLogicalChannel_element", means_channel, 0},
    {"h245.openLogicalChannel_element", means_channel, 0},
    {"h245.openLogicalChannelAck_element", means_channel_ack, 0},
    {"h245.forwardLogicalChannelNumber", means_channel_number, 0},
    {"h245.olc_fw_lcn", means_channel_number, 0},
    {"h245.olc_ack_fw_lcn", means_channel_number, 0},
    {"h245.reverseLogicalChannelParameters_element", means_backward, 0},
    {"h245.audioData", means_audio, 0},
    {"h245.videoData", means_video, 0},
    {"h245.application", means_application, 0},
    {"h245.t38FaxProtocol", means_fax_protocol, 0},
    {"h245.standardOid", means_generic, 0},
    {"h245.dynamicRTPPayloadType", means_payload_type, 0},
    {"h245.separateStack_element", means_separate_stack, 0},
    {"h245.receiveAudioCapability", means_capability, 0},
    {"h245.transmitAudioCapability", means_capability, 0},
    {"h245.receiveAndTransmitAudioCapability", means_capability, 0},
    {"h245.openLogicalChannelReject_element", means_channel_reject, 0},
    {"h245.terminalCapabilitySetReject_element", means_capabilities_reject, 0},
    {"h245.masterSlaveDeterminationReject_element", means_determination_reject, 0},
    {"h245.cause", means_reject_cause, 0},
    {"h245.olc_rej_cause", means_reject_cause, 0},
    {"h245.tcs_rej_cause", means_reject_cause, 0},
    {"h245.msd_rej_cause", means_reject_cause, 0},
    {"h245.endSessionCommand", means_flag, offsetof(message_t, ends_h245)},
    {"h245.alphanumeric", means_digits, 0},
    {"h245.signalType", means_digits, 0},
    {"h245.h235Media_element", means_flag, offsetof(message_t, encrypted)},
    {"h225.tokens", means_flag, offsetof(message_t, encrypted)},
    {"h225.cryptoTokens", means_flag, offsetof(message_t, encrypted)},
    {"h225.guid", means_call_id, 0},
    {"h225.reason", means_facility_reason, 0},
    {"h225.facilityReason", means_facility_reason, 0},
    {"h225.alternativeAddress", means_forward_address, 0},
    {"h225.alternativeAliasAddress", means_party, offsetof(message_t, forward_alias)},
    {"h245.mediaChannel", means_media_channel, 0},
    {"h245.mediaControlChannel", means_media_control_channel, 0},
    {"h245.ack_mediaChannel", means_media_channel, 0},
    {"h245.ack_mediaControlChannel", means_media_control_channel, 0},
    {"h245.ip4_network", means_ipv4, 0},
    {"h245.ip6_network", means_ipv6, 0},
    {"h245.tsapIdentifier", means_port, 0},
    {"h245.ipv6.tsapIdentifier", means_port, 0},
    {"msiccp.netmeeting.local_guid", means_flag, offsetof(message_t, netmeeting)},
    {"_ws.malformed", means_flag, offsetof(message_t, malformed)},
    {"h245", means_h245, 0},
};

const size_t meaning_count = G_N_ELEMENTS(meanings);
