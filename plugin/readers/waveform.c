/* waveform.c
 *
 * The structure: Microsoft, WAVEFORMATEX, as cited in [MS-H245] 2.2. The tags:
 * RFC 2361, and Microsoft's mmreg.h for those of its own and of Lernout & Hauspie.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/waveform.h"

#include "common/vocabulary.h"

#include "common/protocol.h"

#define EXTRA_LENGTH_OFFSET 16

/* What is looked for among other bytes has no larger samples, and is not more often there. */
#define SAMPLE_BYTES_MAX 4u
#define FOUND_MAX 16

static const value_string tag_vals[] = {
    {0x0001, "PCM"},
    {0x0002, "Microsoft ADPCM"},
    {0x0003, "IEEE float"},
    {0x0006, "A-law"},
    {0x0007, "mu-law"},
    {0x0010, "OKI ADPCM"},
    {0x0011, "IMA/DVI ADPCM"},
    {0x0014, "G.723 ADPCM"},
    {0x0020, "Yamaha ADPCM"},
    {0x0022, "DSP Group TrueSpeech"},
    {0x0031, "GSM 6.10"},
    {0x0040, "G.721 ADPCM"},
    {0x0042, "Microsoft G.723.1"},
    {0x0050, "MPEG"},
    {0x0055, "MPEG layer 3"},
    {0x0064, "G.726 ADPCM"},
    {0x0065, "G.722 ADPCM"},
    {0x0069, "Voxware byte aligned"},
    {0x0070, "Voxware AC8 or Lernout & Hauspie"}, /* in NetMeeting, to 0x0073, the latter */
    {0x0071, "Voxware AC10 or Lernout & Hauspie"},
    {0x0072, "Voxware AC16 or Lernout & Hauspie"},
    {0x0073, "Voxware AC20 or Lernout & Hauspie"},
    {0x0074, "Voxware RT24"},
    {0x0075, "Voxware RT29"},
    {0x0111, "Vivo G.723"},
    {0x0112, "Vivo Siren"},
    {0x0130, "Sipro Lab ACELP.net"},
    {0x1100, "Lernout & Hauspie"},
    {0x1101, "Lernout & Hauspie CELP 4.8 kbit/s"},
    {0x1102, "Lernout & Hauspie SBC 8 kbit/s"},
    {0x1103, "Lernout & Hauspie SBC 12 kbit/s"},
    {0x1104, "Lernout & Hauspie SBC 16 kbit/s"},
    {0, NULL},
};

static int hf_waveform = -1;
static int hf_tag = -1;
static int hf_channels = -1;
static int hf_sample_rate = -1;
static int hf_byte_rate = -1;
static int hf_block_align = -1;
static int hf_bits = -1;
static int hf_extra_length = -1;
static int hf_extra = -1;

static int ett_waveform = ETT_UNREGISTERED;

const char *
waveform_codec(uint32_t tag)
{
    return try_val_to_str(tag, tag_vals);
}

unsigned
waveform_length(tvbuff_t *tvb, int offset)
{
    if (tvb_reported_length_remaining(tvb, offset) < WAVEFORM_LENGTH)
        return 0;
    return WAVEFORM_LENGTH + (unsigned)tvb_get_letohs(tvb, offset + EXTRA_LENGTH_OFFSET);
}

proto_item *
waveform_show(tvbuff_t *tvb, proto_tree *parent)
{
    unsigned length = tvb_reported_length(tvb);
    uint16_t tag;
    uint16_t extra_length;
    const char *name;
    proto_item *item;
    proto_tree *tree;

    if (waveform_length(tvb, 0) != length)
        return NULL;
    extra_length = tvb_get_letohs(tvb, EXTRA_LENGTH_OFFSET);
    tag = tvb_get_letohs(tvb, 0);
    name = waveform_codec(tag);
    item = proto_tree_add_none_format(parent, hf_waveform, tvb, 0, (int)length,
                                      "Audio format: %s, %u Hz", name ? name : "unknown",
                                      tvb_get_letohl(tvb, 4));
    tree = proto_item_add_subtree(item, ett_waveform);
    proto_tree_add_item(tree, hf_tag, tvb, 0, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_channels, tvb, 2, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_sample_rate, tvb, 4, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_byte_rate, tvb, 8, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_block_align, tvb, 12, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_bits, tvb, 14, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_extra_length, tvb, EXTRA_LENGTH_OFFSET, 2, ENC_LITTLE_ENDIAN);
    if (extra_length)
        proto_tree_add_item(tree, hf_extra, tvb, WAVEFORM_LENGTH, extra_length, ENC_NA);
    return item;
}

static bool
is_usual_sample_rate(uint32_t rate)
{
    static const uint32_t usual[] = {8000, 11025, 16000, 22050, 32000, 44100, 48000};

    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
        if (rate == usual[i])
            return true;
    }
    return false;
}

unsigned
waveform_found_at(tvbuff_t *tvb, int at)
{
    uint32_t sample_rate = tvb_get_letohl(tvb, at + 4);
    uint16_t channels = tvb_get_letohs(tvb, at + 2);
    uint32_t byte_rate = tvb_get_letohl(tvb, at + 8);
    unsigned length = WAVEFORM_LENGTH + tvb_get_letohs(tvb, at + EXTRA_LENGTH_OFFSET);

    if (!is_usual_sample_rate(sample_rate) || !waveform_codec(tvb_get_letohs(tvb, at)) ||
        channels < 1 || channels > 2 || byte_rate == 0 ||
        byte_rate > sample_rate * channels * SAMPLE_BYTES_MAX ||
        tvb_get_letohs(tvb, at + 12) == 0 || tvb_get_letohs(tvb, at + 14) > 8 * SAMPLE_BYTES_MAX)
        return 0;
    return tvb_bytes_exist(tvb, at, (int)length) ? length : 0;
}

void
waveform_search(tvbuff_t *tvb, proto_tree *tree)
{
    int end = (int)tvb_captured_length(tvb) - WAVEFORM_LENGTH;
    unsigned found = 0;

    for (int at = 0; at <= end && found < FOUND_MAX; at++) {
        unsigned length = waveform_found_at(tvb, at);

        if (length == 0)
            continue;
        proto_item_append_text(waveform_show(tvb_new_subset_length(tvb, at, (int)length), tree),
                               INFERRED);
        found++;
        at += (int)length - 1;
    }
}

void
waveform_register(void)
{
    static hf_register_info fields[] = {
        {&hf_waveform,
         {"Audio format", "msiccp.waveformat", FT_NONE, BASE_NONE, NULL, 0x0,
          "Microsoft's WAVEFORMATEX structure", HFILL}},
        {&hf_tag,
         {"Format tag", "msiccp.waveformat.tag", FT_UINT16, BASE_HEX, VALS(tag_vals), 0x0,
          "wFormatTag: the codec, by its registered number", HFILL}},
        {&hf_channels,
         {"Channels", "msiccp.waveformat.channels", FT_UINT16, BASE_DEC, NULL, 0x0, "nChannels",
          HFILL}},
        {&hf_sample_rate,
         {"Samples per second", "msiccp.waveformat.sample_rate", FT_UINT32, BASE_DEC, NULL, 0x0,
          "nSamplesPerSec", HFILL}},
        {&hf_byte_rate,
         {"Bytes per second", "msiccp.waveformat.byte_rate", FT_UINT32, BASE_DEC, NULL, 0x0,
          "nAvgBytesPerSec", HFILL}},
        {&hf_block_align,
         {"Block alignment", "msiccp.waveformat.block_align", FT_UINT16, BASE_DEC, NULL, 0x0,
          "nBlockAlign, in bytes", HFILL}},
        {&hf_bits,
         {"Bits per sample", "msiccp.waveformat.bits_per_sample", FT_UINT16, BASE_DEC, NULL, 0x0,
          "wBitsPerSample", HFILL}},
        {&hf_extra_length,
         {"Extra bytes", "msiccp.waveformat.extra_length", FT_UINT16, BASE_DEC, NULL, 0x0,
          "cbSize: how many bytes follow", HFILL}},
        {&hf_extra,
         {"Extra data", "msiccp.waveformat.extra", FT_BYTES, BASE_NONE, NULL, 0x0,
          "What the codec adds", HFILL}},
    };
    static int *subtrees[] = {&ett_waveform};

    proto_register_field_array(proto_msiccp, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
