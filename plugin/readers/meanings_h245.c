/* meanings_h245.c
 * The rows of H.245, and of what is below it: ITU-T H.460.19, and Microsoft's audio formats.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/channels.h"

/* H.245 DataProtocolCapability. */
#define PROTOCOL_TCP 12

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
    channels_capability(reader, found);
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
    channels_rejection(reader, found);
    return true;
}

static bool
means_channel_ack(reader_t *reader, const found_t *found _U_)
{
    reader->message->media_accepted = true;
    channels_begin(reader, CHANNEL_ACCEPTED);
    return true;
}

static bool
means_channel(reader_t *reader, const found_t *found _U_)
{
    channels_begin(reader, CHANNEL_OPENED);
    return true;
}

/* H.245's own messages open channels under another name. */
static bool
means_fast_channel(reader_t *reader, const found_t *found _U_)
{
    channels_begin(reader, CHANNEL_FAST);
    return true;
}

static bool
means_channel_number(reader_t *reader, const found_t *found)
{
    channels_number(reader, found);
    return true;
}

static bool
means_backward(reader_t *reader, const found_t *found _U_)
{
    channels_begin_backward(reader);
    return true;
}

static bool
means_audio(reader_t *reader, const found_t *found)
{
    channels_data(reader, found, CONTENT_AUDIO);
    return true;
}

static bool
means_video(reader_t *reader, const found_t *found)
{
    channels_data(reader, found, CONTENT_VIDEO);
    return true;
}

static bool
means_application(reader_t *reader, const found_t *found)
{
    channels_application(reader, found);
    return true;
}

static bool
means_fax_protocol(reader_t *reader, const found_t *found)
{
    reader->is_tcp = meaning_number_of(found) == PROTOCOL_TCP;
    return true;
}

static bool
means_generic(reader_t *reader, const found_t *found)
{
    channels_generic(reader, found);
    return true;
}

static bool
means_format(reader_t *reader, const found_t *found)
{
    channels_format(reader, found);
    return true;
}

static bool
means_payload_type(reader_t *reader, const found_t *found)
{
    channels_payload_type(reader, found);
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
    message_t *message = reader->message;
    const char *text = meaning_text_of(reader->scope, found);

    /* Several messages can be in one of H.225.0. */
    message->digits =
        message->digits ? wmem_strconcat(reader->scope, message->digits, text, NULL) : text;
    return true;
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
means_traversal(reader_t *reader, const found_t *found)
{
    channels_traversal(reader, found);
    return false;
}

static bool
means_multiplexed_media(reader_t *reader, const found_t *found)
{
    if (reader->traversal)
        channels_transport(reader, found, &reader->traversal->media);
    return false;
}

static bool
means_multiplexed_control(reader_t *reader, const found_t *found)
{
    if (reader->traversal)
        channels_transport(reader, found, &reader->traversal->control);
    return false;
}

static bool
means_multiplex_number(reader_t *reader, const found_t *found)
{
    if (reader->traversal) {
        reader->traversal->number = meaning_number_of(found);
        reader->traversal->has_number = true;
    }
    return true;
}

/* Some fields have other names from 4.6 on: both are listed, and one is unknown. */
const meaning_t meanings_h245[] = {
    {"h245.OpenLogicalChannel_element", means_fast_channel, 0},
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
    {"h245.terminalCapabilitySet_element", meaning_flag, offsetof(message_t, sets_capabilities)},
    {"h245.CapabilityTableEntry_element", meaning_flag, offsetof(message_t, has_capabilities)},
    {"h245.multiplexCapability", meaning_flag, offsetof(message_t, has_capabilities)},
    {"h245.endSessionCommand", meaning_flag, offsetof(message_t, ends_h245)},
    {"h245.alphanumeric", means_digits, 0},
    {"h245.signalType", means_digits, 0},
    {"h245.h235Media_element", meaning_flag, offsetof(message_t, encrypted)},
    {"h245.mediaChannel", means_media_channel, 0},
    {"h245.mediaControlChannel", means_media_control_channel, 0},
    {"h245.ack_mediaChannel", means_media_channel, 0},
    {"h245.ack_mediaControlChannel", means_media_control_channel, 0},
    {"h460.19.TraversalParameters_element", means_traversal, 0},
    {"h460.19.multiplexedMediaChannel", means_multiplexed_media, 0},
    {"h460.19.multiplexedMediaControlChannel", means_multiplexed_control, 0},
    {"h460.19.multiplexID", means_multiplex_number, 0},
    {"h245.ip4_network", meaning_ipv4, 0},
    {"h245.network", meaning_ipv4, 0}, /* of an iPSourceRouteAddress */
    {"h245.mip4_network", meaning_ipv4, 0},
    {"h245.ip6_network", meaning_ipv6, 0},
    {"h245.mip6_network", meaning_ipv6, 0},
    {"h245.tsapIdentifier", meaning_port, 0},
    {"h245.iPSrcRoute.tsapIdentifier", meaning_port, 0},
    {"h245.multicast.tsapIdentifier", meaning_port, 0},
    {"h245.ipv6.tsapIdentifier", meaning_port, 0},
    {"h245.multicast_IPv6.tsapIdentifier", meaning_port, 0},
    {"h245.sequenceNumber", meaning_of_no_matter, 0},
    {"h245.terminalType", meaning_of_no_matter, 0},
    {"h245.statusDeterminationNumber", meaning_of_no_matter, 0},
    {"msiccp.waveformat.tag", means_format, 0},
    {"h245", means_h245, 0},
};

const size_t meaning_h245_count = G_N_ELEMENTS(meanings_h245);
