/* codecs.c
 *
 * Object identifiers: ITU-T H.245 annexes and appendix VIII, ITU-T G.722.1 annexes
 * A and C, ITU-T H.241. Names in RTP: RFC 3551, RFC 4856.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/codecs.h"

typedef struct {
    const char *known;
    const char *name;
} naming_t;

static const naming_t generic_capabilities[] = {
    {"0.0.7.7221.1.0", "G.722.1"},        {"0.0.7.7221.1.1.0", "G.722.1 Annex C"},
    {"0.0.8.241.0.0.1", "H.264"},         {"0.0.8.245.1.0.0", "MPEG-4 Visual"},
    {"0.0.8.245.1.1.0", "MPEG-4 Audio"},  {"0.0.8.245.1.1.1", "AMR"},
    {"0.0.8.245.1.1.2", "ACELP"},         {"0.0.8.245.1.1.3", "US1"},
    {"0.0.8.245.1.1.4", "EVRC"},          {"0.0.8.245.1.1.5", "MPEG-2 AAC"},
    {"0.0.8.245.1.1.6", "comfort noise"}, {"0.0.8.245.1.1.7", "L16"},
    {"0.0.8.245.1.1.9", "AMR-NB"},        {"0.0.8.245.1.1.10", "AMR-WB"},
    {"0.0.8.245.1.1.11", "iLBC"},
};

static const naming_t names_in_rtp[] = {
    {"g711Ulaw64k", "PCMU"},
    {"g711Alaw64k", "PCMA"},
    {"g722-64k", "G722"},
    {"g722_64k", "G722"},
    {"g7231", "G723"},
    {"g728", "G728"},
    {"g729", "G729"},
    {"g729AnnexA", "G729"},
    {"g729wAnnexB", "G729"},
    {"g729AnnexAwAnnexB", "G729"},
    {"gsmFullRate", "GSM"},
    {"gsmHalfRate", "GSM-HR-08"},
    {"gsmEnhancedFullRate", "GSM-EFR"},
    {"h261VideoCapability", "H261"},
    {"h263VideoCapability", "H263"},
    {"audioTelephonyEvent", "telephone-event"},
};

static const char *
name_of(const naming_t *namings, size_t count, const char *known)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(namings[i].known, known) == 0)
            return namings[i].name;
    }
    return NULL;
}

bool
codec_is_generic(const char *h245_name)
{
    return h245_name && g_str_has_prefix(h245_name, "generic");
}

const char *
codec_of_identifier(const char *identifier)
{
    return name_of(generic_capabilities, G_N_ELEMENTS(generic_capabilities), identifier);
}

const char *
codec_in_rtp(const char *signalled)
{
    const char *name = name_of(names_in_rtp, G_N_ELEMENTS(names_in_rtp), signalled);

    return name ? name : signalled;
}

/* RFC 3551, table 4; the rates and annexes of one codec have one type. */
static const struct {
    const char *family;
    int payload_type;
} families[] = {
    {"g711Ulaw", 0}, {"g711Alaw", 8}, {"gsmFullRate", 3}, {"g7231", 4},
    {"g722", 9},     {"g728", 15},    {"g729", 18},
};

static int
family_of(const char *h245_name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        if (g_str_has_prefix(h245_name, families[i].family))
            return (int)i;
    }
    return -1;
}

int
codec_payload_type(const char *h245_name)
{
    int family = family_of(h245_name);

    return family < 0 ? -1 : families[family].payload_type;
}

size_t
codec_family(const char *h245_name)
{
    int family = family_of(h245_name);

    return strlen(family < 0 ? h245_name : families[family].family);
}

static const naming_t common_names[] = {
    {"PCMU", "G.711 mu-law"},
    {"PCMA", "G.711 A-law"},
    {"G722", "G.722"},
    {"G723", "G.723.1"},
    {"G728", "G.728"},
    {"G729", "G.729"},
    {"GSM", "GSM 06.10"},
    {"GSM-HR-08", "GSM 06.20 (half rate)"},
    {"GSM-EFR", "GSM 06.60 (enhanced full rate)"},
    {"H261", "H.261"},
    {"H263", "H.263"},
    {"DVI4", "DVI4 (IMA ADPCM)"},
    {"G726-32", "G.726 (32 kbit/s)"},
    {"g711Ulaw56k", "G.711 mu-law (56 kbit/s)"},
    {"g711Alaw56k", "G.711 A-law (56 kbit/s)"},
    {"g722-56k", "G.722 (56 kbit/s)"},
    {"g722-48k", "G.722 (48 kbit/s)"},
    {"g7231AnnexCCapability", "G.723.1 Annex C"},
};

const char *
codec_commonly(const char *signalled)
{
    const char *in_rtp = codec_in_rtp(signalled);
    const char *name = name_of(common_names, G_N_ELEMENTS(common_names), in_rtp);

    return name ? name : in_rtp;
}
