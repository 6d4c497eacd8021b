/* payload.h
 * RTP's fixed payload types: RFC 3551, tables 4 and 5; and which of their payloads are silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PAYLOAD_H
#define MSICCP_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMFORT_NOISE 13
#define COMFORT_NOISE_OLD 19
#define DYNAMIC_TYPE_FIRST 96

static inline bool
payload_is_comfort_noise(unsigned type)
{
    return type == COMFORT_NOISE || type == COMFORT_NOISE_OLD;
}

/* The clock of a fixed type, in Hz; 0: the type is not fixed, or has none. */
unsigned payload_clock(unsigned type);

/* The encoding name of a fixed type, static; NULL: the type is not fixed. */
const char *payload_name(unsigned type);

/*
 * The payload can be read without decoding it, and is silence: G.711 of one value, GSM 06.10 frames
 * of no amplitude, G.723.1 and G.729 frames that describe silence. False where that cannot be told.
 */
bool payload_is_silence(unsigned type, const uint8_t *octets, size_t length);

#endif
