/* channels.c
 *
 * The fields and their nesting follow H.245 as Wireshark's ASN.1 dissector names them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/channels.h"

#include "common/upstream.h"
#include "readers/codecs.h"
#include "readers/waveform.h"

/* H.245 DataApplicationCapability. */
#define APPLICATION_T120 1
#define APPLICATION_T38 12

bool
channels_is_usable(const media_offer_t *transport)
{
    static const uint8_t zeros[16];

    return transport->port != 0 && transport->octets &&
           memcmp(transport->octets, zeros, transport->is_ipv6 ? 16 : 4) != 0;
}

void
channels_transport(reader_t *reader, const found_t *found, media_offer_t *transport)
{
    media_offer_t *outer = reader->transport;

    reader->transport = transport;
    meaning_read_below(reader, found);
    reader->transport = outer;
}

static void
keep_offer(reader_t *reader, const media_offer_t *offer)
{
    message_t *message = reader->message;

    if (!message->offers)
        message->offers = wmem_array_new(reader->scope, sizeof(media_offer_t));
    if (wmem_array_get_count(message->offers) < MESSAGE_MOST)
        wmem_array_append_one(message->offers, *offer);
}

/* The latest channel that the message opens, if that is the one that is being read. */
static opened_channel_t *
last_opened(const reader_t *reader)
{
    wmem_array_t *opened = reader->message->opened;
    unsigned count = opened ? wmem_array_get_count(opened) : 0;
    opened_channel_t *last = count ? wmem_array_index(opened, count - 1) : NULL;

    return last && !reader->channel_is_ack && last->channel == reader->channel.channel ? last
                                                                                       : NULL;
}

static void
note_named_media(reader_t *reader)
{
    opened_channel_t *opened = last_opened(reader);

    reader->names_media = true;
    if (opened)
        opened->has_media = true;
}

/* The channel that is being read comes to the sender of the message. */
static bool
is_receivers(const reader_t *reader)
{
    if (!reader->channel.fast)
        return reader->channel_is_ack;
    return reader->channel.backward == reader->message->from_originator;
}

/* Where nothing names media, it is wanted at the port below RTCP's (RFC 3550 section 11). */
static void
keep_media_below(reader_t *reader, media_offer_t offer)
{
    offer.rtcp = false;
    offer.port--;
    offer.codec = reader->channel.codec;
    keep_offer(reader, &offer);
}

void
channels_media_address(reader_t *reader, const found_t *found, bool rtcp)
{
    media_offer_t offer = {.rtcp = rtcp};

    if (!rtcp)
        note_named_media(reader);
    channels_transport(reader, found, &offer);
    if (!channels_is_usable(&offer))
        return;
    offer.tcp = reader->is_tcp;
    offer.codec = rtcp ? NULL : reader->channel.codec;
    offer.content = reader->channel.content;
    offer.channel = reader->channel.channel;
    offer.accepts = reader->channel_is_ack;
    offer.fast = reader->channel.fast;
    offer.backward = reader->channel.backward;
    keep_offer(reader, &offer);
    if (rtcp && !reader->names_media && is_receivers(reader) && offer.port % 2 == 1)
        keep_media_below(reader, offer);
}

static void
keep_multiplexed(reader_t *reader, const media_offer_t *transport, bool rtcp)
{
    message_t *message = reader->message;
    multiplexed_t multiplexed = {
        .port = transport->port,
        .number = reader->traversal->number,
        .channel = reader->channel.channel,
        .rtcp = rtcp,
        .accepts = reader->channel_is_ack,
    };

    if (!channels_is_usable(transport))
        return;
    multiplexed.addr = offer_address(transport);
    if (!message->multiplexed)
        message->multiplexed = wmem_array_new(reader->scope, sizeof(multiplexed_t));
    if (wmem_array_get_count(message->multiplexed) < MESSAGE_MOST)
        wmem_array_append_one(message->multiplexed, multiplexed);
}

void
channels_traversal(reader_t *reader, const found_t *found)
{
    traversal_t traversal = {.has_number = false};

    if (!reader->is_in_channel || reader->traversal)
        return;
    reader->traversal = &traversal;
    meaning_read_below(reader, found);
    if (traversal.has_number) {
        keep_multiplexed(reader, &traversal.media, false);
        keep_multiplexed(reader, &traversal.control, true);
    }
    reader->traversal = NULL;
}

/* What the channel that is being read carries, as far as the choice of its data tells. */
void
channels_data(reader_t *reader, const found_t *found, content_t content)
{
    message_t *message = reader->message;

    if (!reader->is_in_channel)
        return;
    reader->channel.content = content;
    reader->channel.codec = upstream_value_name(found->field, meaning_number_of(found));
    reader->is_generic = codec_is_generic(reader->channel.codec);
    if (reader->channel_is_ack)
        return;
    if (!message->opened)
        message->opened = wmem_array_new(reader->scope, sizeof(opened_channel_t));
    if (wmem_array_get_count(message->opened) < MESSAGE_MOST)
        wmem_array_append_one(message->opened, reader->channel);
}

void
channels_application(reader_t *reader, const found_t *found)
{
    switch (meaning_number_of(found)) {
    case APPLICATION_T120:
        reader->is_tcp = true;
        channels_data(reader, found, CONTENT_T120);
        break;
    case APPLICATION_T38:
        channels_data(reader, found, CONTENT_T38);
        break;
    default:
        channels_data(reader, found, CONTENT_OTHER_DATA);
        break;
    }
}

void
channels_generic(reader_t *reader, const found_t *found)
{
    opened_channel_t *opened = last_opened(reader);
    const char *identifier = found->value.text;

    if (!reader->is_generic)
        return;
    reader->is_generic = false;
    reader->channel.codec = codec_of_identifier(identifier);
    if (!reader->channel.codec)
        reader->channel.codec = wmem_strdup(reader->scope, identifier);
    if (opened)
        opened->codec = reader->channel.codec;
}

static bool
is_nameless(const char *codec)
{
    return codec && strcmp(codec, "nonStandard") == 0;
}

static void
name_capability(message_t *message, const char *codec)
{
    unsigned count = message->audio_codecs ? wmem_array_get_count(message->audio_codecs) : 0;
    const char **last = count ? wmem_array_index(message->audio_codecs, count - 1) : NULL;

    if (last && is_nameless(*last))
        *last = codec;
}

void
channels_format(reader_t *reader, const found_t *found)
{
    opened_channel_t *opened = last_opened(reader);
    const char *codec = waveform_codec(meaning_number_of(found));

    if (!codec)
        return;
    if (!reader->is_in_channel)
        name_capability(reader->message, codec);
    else if (is_nameless(reader->channel.codec))
        reader->channel.codec = codec;
    if (opened && is_nameless(opened->codec))
        opened->codec = codec;
}

/* It stands behind the addresses of its channel. */
void
channels_payload_type(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;
    unsigned count = message->offers ? wmem_array_get_count(message->offers) : 0;
    opened_channel_t *opened = last_opened(reader);
    uint8_t type = (uint8_t)meaning_number_of(found);

    if (opened)
        opened->payload_type = type;
    for (unsigned i = reader->first_offer; i < count; i++)
        ((media_offer_t *)wmem_array_index(message->offers, i))->payload_type = type;
}

/* Where to connect to for a channel that has a connection of its own. */
void
channels_separate_stack(reader_t *reader, const found_t *found)
{
    reader->is_tcp = true;
    channels_media_address(reader, found, false);
    reader->is_tcp = false;
}

void
channels_begin(reader_t *reader, channel_origin_t origin)
{
    static const opened_channel_t unknown;

    reader->channel = unknown;
    reader->channel.fast = origin == CHANNEL_FAST;
    reader->is_in_channel = true;
    reader->channel_is_ack = origin == CHANNEL_ACCEPTED;
    reader->names_media = false;
    reader->is_tcp = false;
    reader->is_generic = false;
    reader->first_offer =
        reader->message->offers ? wmem_array_get_count(reader->message->offers) : 0;
}

void
channels_begin_backward(reader_t *reader)
{
    reader->channel.backward = true;
    reader->channel.content = CONTENT_UNKNOWN;
    reader->channel.codec = NULL;
    reader->is_tcp = false;
    reader->is_generic = false;
    reader->names_media = false;
}

void
channels_number(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;

    reader->channel.channel = (uint16_t)meaning_number_of(found);
    if (!reader->channel_is_ack)
        return;
    if (!message->accepted)
        message->accepted = wmem_array_new(reader->scope, sizeof(uint16_t));
    if (wmem_array_get_count(message->accepted) < MESSAGE_MOST)
        wmem_array_append_one(message->accepted, reader->channel.channel);
}

void
channels_capability(reader_t *reader, const found_t *found)
{
    message_t *message = reader->message;
    const char *codec = upstream_value_name(found->field, meaning_number_of(found));

    if (!message->audio_codecs)
        message->audio_codecs = wmem_array_new(reader->scope, sizeof(const char *));
    if (codec && wmem_array_get_count(message->audio_codecs) < MESSAGE_MOST)
        wmem_array_append_one(message->audio_codecs, codec);
}

/* Many messages have a field of this name: those that reject nothing of ours set none before it. */
void
channels_rejection(reader_t *reader, const found_t *found)
{
    if (reader->rejected == REJECTED_NOTHING)
        return;
    reader->message->rejected = reader->rejected;
    reader->message->rejected_for = upstream_value_name(found->field, meaning_number_of(found));
    reader->rejected = REJECTED_NOTHING;
}
