/* emodel.h
 * An estimate of how speech is heard, by ITU-T G.107 (the E-model) with its default values
 * and without the delay of the network; codecs: ITU-T G.113 Appendix I (05/2002).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_EMODEL_H
#define MSICCP_EMODEL_H

#include "common/compat.h"

/* What a codec costs, and how it bears loss. */
typedef struct {
    double impairment; /* Ie */
    double robustness; /* Bpl; 0: none is published */
} codec_impairment_t;

/*
 * False: none is published. The name is RTP's; the octets of a packet's payload tell the two
 * rates of G.723.1 apart.
 */
bool emodel_codec(const char *codec, unsigned payload_octets, codec_impairment_t *impairment);

/*
 * The rating R, 0 to 100. loss: of 1; burst_ratio: how long runs of loss are, of what they
 * would be by chance. Negative: it cannot be told.
 */
double emodel_rating(const codec_impairment_t *impairment, double loss, double burst_ratio);

/* The mean opinion score that a rating stands for, 1 to 4.5. */
double emodel_mos(double rating);

#endif
