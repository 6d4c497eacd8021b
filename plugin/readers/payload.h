/* payload.h
 * RTP's fixed payload types: RFC 3551, tables 4 and 5.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PAYLOAD_H
#define MSICCP_PAYLOAD_H

#include <stdbool.h>

#define DYNAMIC_TYPE_FIRST 96

bool payload_is_comfort_noise(unsigned type);

/* The clock of a fixed type, in Hz; 0: the type is not fixed, or has none. */
unsigned payload_clock(unsigned type);

/* The encoding name of a fixed type, static; NULL: the type is not fixed. */
const char *payload_name(unsigned type);

#endif
