/* codecs.h
 * What codecs are called: generic capabilities of H.245 by their object
 * identifiers, and in RTP those that H.245 calls otherwise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CODECS_H
#define MSICCP_CODECS_H

#include "common/compat.h"

/* True for H.245's names of capabilities that an object identifier names; the name may be NULL. */
bool codec_is_generic(const char *h245_name);

/* The name of a generic capability, its identifier in digits and dots; NULL: not known. Static. */
const char *codec_of_identifier(const char *identifier);

/* The name in RTP of a codec that was signalled: the same where there is none of its own. */
const char *codec_in_rtp(const char *signalled);

/* What people call a codec that H.245 or RTP names: the same where there is no other. */
const char *codec_commonly(const char *signalled);

/* Its payload type in RTP; negative: it has no fixed one, or that is not known. */
int codec_payload_type(const char *h245_name);

/*
 * Codecs of one family understand one another, as far as their names tell: bit rates and
 * annexes are left out. Returns the length of the part of the name that counts.
 */
size_t codec_family(const char *h245_name);

#endif
