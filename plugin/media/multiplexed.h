/* multiplexed.h
 * Media of many channels that comes to one address: each packet says by a number in front of RTP
 * which channel it is of, as the ends have agreed (ITU-T H.460.19 section 7.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MULTIPLEXED_H
#define MSICCP_MULTIPLEXED_H

#include "media/joined.h"

/* Of that number, bytes. */
#define MULTIPLEX_NUMBER_LENGTH 4

void multiplexed_register(void);

/* First pass only: where a message wants it. What it is, is kept in file scope. */
void multiplexed_announce(const step_t *step, const packet_info *pinfo,
                          const multiplexed_t *multiplexed);

/* This packet is one that carries, behind such a number, what a session has agreed on. */
bool multiplexed_join(tvbuff_t *tvb, const packet_info *pinfo, joined_t *joined);

#endif
