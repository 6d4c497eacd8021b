/* waveform.h
 * WAVEFORMATEX, the way in which Windows describes an audio format.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_WAVEFORM_H
#define MSICCP_WAVEFORM_H

#include "common/compat.h"

/* Of the structure without the extra bytes whose number stands at its end. */
#define WAVEFORM_LENGTH 18

void waveform_register(void);

/* What a format tag stands for; NULL: that is not known. Static. */
const char *waveform_codec(uint32_t tag);

/* The length that the structure at this offset says to have; 0: there is none. */
unsigned waveform_length(tvbuff_t *tvb, int offset);

/*
 * Shows the structure that these bytes are. Returns its item, or NULL if their
 * number does not fit what it says: then nothing has been shown.
 */
proto_item *waveform_show(tvbuff_t *tvb, proto_tree *tree);

/*
 * The length of what looks like a structure, of which there are WAVEFORM_LENGTH octets at this
 * offset; 0: nothing does.
 */
unsigned waveform_found_at(tvbuff_t *tvb, int at);

/*
 * Shows what looks like such structures among bytes that do not say what they
 * are. That is inferred, and says so.
 */
void waveform_search(tvbuff_t *tvb, proto_tree *tree);

#endif
