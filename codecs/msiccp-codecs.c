/* msiccp-codecs.c
 * Speech of NetMeeting in Wireshark's RTP Player: GSM 06.10 and G.723.1, for which Wireshark has
 * no decoder. FFmpeg's libavcodec decodes them.
 *
 * Where another plugin, or Wireshark itself, has registered a decoder of the same name before, that
 * one stays.
 *
 * Frames in RTP: RFC 3551 sections 4.5.8.1 (GSM) and 4.5.3 (G723).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/compat.h"

#include <libavcodec/avcodec.h>
#include <wsutil/codecs.h>

/* Behind all others. */
#include "common/entry.h"

#define SAMPLE_RATE 8000
#define SAMPLE_OCTETS 2

#define GSM_OCTETS 33
#define GSM_SAMPLES 160
#define G723_SAMPLES 240

/* Up to 4.2 a decoder got its own data; since 4.4 that is part of a context. */
#if MSICCP_WS_BEFORE(4, 4)
#define INIT_ARGS void
typedef void *context_t;
#define OWN_OF(context) (context)
#else
#define INIT_ARGS codec_context_t *context _U_
typedef codec_context_t *context_t;
#define OWN_OF(context) ((context)->priv)
#endif

/* How many samples the whole frames of a payload become. */
typedef size_t (*count_samples_t)(const uint8_t *payload, size_t length);

typedef struct {
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    count_samples_t count_samples;
} decoder_t;

static size_t
count_gsm(const uint8_t *payload _U_, size_t length)
{
    return length / GSM_OCTETS * GSM_SAMPLES;
}

/* The first two bits of a frame tell its length: 6.3 and 5.3 kbit/s, a pause, and nothing new. */
static size_t
count_g723(const uint8_t *payload, size_t length)
{
    static const size_t octets[] = {24, 20, 4, 1};
    size_t samples = 0;

    for (size_t at = 0; at < length && octets[payload[at] & 3] <= length - at;
         at += octets[payload[at] & 3])
        samples += G723_SAMPLES;
    return samples;
}

static void
decoder_free(decoder_t *decoder)
{
    avcodec_free_context(&decoder->codec);
    av_packet_free(&decoder->packet);
    av_frame_free(&decoder->frame);
    g_free(decoder);
}

static bool
open_codec(decoder_t *decoder, enum AVCodecID id)
{
    const AVCodec *codec = avcodec_find_decoder(id);

    decoder->codec = avcodec_alloc_context3(codec);
    decoder->packet = av_packet_alloc();
    decoder->frame = av_frame_alloc();
    if (!codec || !decoder->codec || !decoder->packet || !decoder->frame)
        return false;
    decoder->codec->sample_rate = SAMPLE_RATE;
    av_channel_layout_default(&decoder->codec->ch_layout, 1);
    return avcodec_open2(decoder->codec, codec, NULL) == 0;
}

/* NULL: this libavcodec has been built without it. */
static decoder_t *
decoder_new(enum AVCodecID id, count_samples_t count_samples)
{
    decoder_t *decoder = g_new0(decoder_t, 1);

    decoder->count_samples = count_samples;
    if (!open_codec(decoder, id)) {
        decoder_free(decoder);
        return NULL;
    }
    return decoder;
}

static void *
init_gsm(INIT_ARGS)
{
    return decoder_new(AV_CODEC_ID_GSM, count_gsm);
}

static void *
init_g723(INIT_ARGS)
{
    return decoder_new(AV_CODEC_ID_G723_1, count_g723);
}

static void
release(context_t context)
{
    if (OWN_OF(context))
        decoder_free(OWN_OF(context));
}

static unsigned
channels(context_t context _U_)
{
    return 1;
}

static unsigned
frequency(context_t context _U_)
{
    return SAMPLE_RATE;
}

/* What libavcodec makes of it, up to so many samples of 16 bits. */
static void
take_samples(decoder_t *decoder, uint8_t *samples, size_t most)
{
    const AVFrame *frame = decoder->frame;
    size_t taken = 0;

    while (avcodec_receive_frame(decoder->codec, decoder->frame) == 0) {
        size_t count = MIN((size_t)frame->nb_samples, most - taken);

        if (av_get_bytes_per_sample(frame->format) == SAMPLE_OCTETS)
            memcpy(samples + taken * SAMPLE_OCTETS, frame->data[0], count * SAMPLE_OCTETS);
        taken += count;
    }
}

/* What does not decode is silence, so that what follows is heard in its time. */
static void
decode_payload(decoder_t *decoder, const void *payload, size_t length, uint8_t *samples,
               size_t count)
{
    memset(samples, 0, count * SAMPLE_OCTETS);
    if (av_new_packet(decoder->packet, (int)length) < 0)
        return;
    memcpy(decoder->packet->data, payload, length);
    if (avcodec_send_packet(decoder->codec, decoder->packet) == 0)
        take_samples(decoder, samples, count);
    av_packet_unref(decoder->packet);
}

/* As codecs.h has it: the octets that are needed where no place for them is given. */
static size_t
decode(context_t context, const void *payload, size_t length, void *samples, size_t *octets)
{
    decoder_t *decoder = OWN_OF(context);
    size_t count = decoder ? decoder->count_samples(payload, length) : 0;

    if (!samples || !octets)
        return count * SAMPLE_OCTETS;
    count = MIN(count, *octets / SAMPLE_OCTETS);
    if (count)
        decode_payload(decoder, payload, length, samples, count);
    *octets = count * SAMPLE_OCTETS;
    return *octets;
}

/* By the names that Wireshark has for static payload types 3 and 4. */
static void
register_codecs(void)
{
    register_codec("GSM", init_gsm, release, channels, frequency, decode);
    register_codec("G723", init_g723, release, channels, frequency, decode);
}

void
plugin_register(void)
{
    static codecs_plugin codecs = {.register_codec_module = register_codecs};

    codecs_register_plugin(&codecs);
}

#if !MSICCP_WS_BEFORE(4, 2)
uint32_t
plugin_describe(void)
{
    return WS_PLUGIN_DESC_CODEC;
}
#endif
