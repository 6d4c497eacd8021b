/* opaque.h
 * The reader of control traffic that nothing else here can read. It knows turns
 * (a run of bytes one way), and looks for things that describe themselves:
 * addresses of the two hosts next to a port, and WAVEFORMATEX structures. All of
 * that is inferred, is shown as such, and joins nothing by itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OPAQUE_H
#define MSICCP_OPAQUE_H

#include "readers/message.h"

void opaque_register(void);

/* The bytes of one segment as a message; turn as of connection_turn(). */
message_t *opaque_message(packet_info *pinfo, tvbuff_t *tvb, const turn_t *turn);

/* Shows the turn, what was found in the bytes, and the bytes, below the message's item. */
void opaque_show(tvbuff_t *tvb, proto_item *item, const turn_t *turn);

#endif
