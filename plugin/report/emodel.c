/* emodel.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/emodel.h"

/* G.107: R with all other values as they are by default, and no delay. */
#define DEFAULT_RATING 93.2
#define WORST_IMPAIRMENT 95

/* G.723.1 frames, octets. */
#define G723_FAST_FRAME 24

/* G.113 tables I.1 and I.4; of G.711 without concealment of loss. */
static const struct {
    const char *codec;
    codec_impairment_t impairment;
} codecs[] = {
    {"PCMU", {0, 4.3}},     {"PCMA", {0, 4.3}},   {"G723", {15, 16.1}},
    {"G729", {11, 19}},     {"GSM-EFR", {5, 10}}, {"GSM", {20, 0}},
    {"GSM-HR-08", {23, 0}}, {"G728", {7, 0}},     {"G726-32", {7, 0}},
};

/* At 5.3 kbit/s. */
static const codec_impairment_t slow_g723 = {19, 0};

bool
emodel_codec(const char *codec, unsigned payload_octets, codec_impairment_t *impairment)
{
    for (size_t i = 0; codec && i < G_N_ELEMENTS(codecs); i++) {
        if (strcmp(codec, codecs[i].codec) != 0)
            continue;
        *impairment = codecs[i].impairment;
        if (strcmp(codec, "G723") == 0 && payload_octets % G723_FAST_FRAME != 0)
            *impairment = slow_g723;
        return true;
    }
    return false;
}

double
emodel_rating(const codec_impairment_t *impairment, double loss, double burst_ratio)
{
    double percent = 100 * loss;
    double effective = impairment->impairment;

    if (percent > 0 && impairment->robustness <= 0)
        return -1;
    if (percent > 0)
        effective += (WORST_IMPAIRMENT - impairment->impairment) * percent /
                     (percent / burst_ratio + impairment->robustness);
    return CLAMP(DEFAULT_RATING - effective, 0, 100);
}

double
emodel_mos(double rating)
{
    if (rating <= 0)
        return 1;
    if (rating >= 100)
        return 4.5;
    return 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
}
