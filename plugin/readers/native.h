/* native.h
 * The reader of the native coding: messages as the user has described them (see
 * layout.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_NATIVE_H
#define MSICCP_NATIVE_H

#include "readers/message.h"

#include <epan/prefs.h>

/* Registers fields and expert infos, and the preferences of the layout. */
void native_register(module_t *module);

/* True if the user has described a layout. */
bool native_is_described(void);

/* True if each segment is one message, so that there is nothing to put together. */
bool native_is_framed_by_segment(void);

/*
 * The length of the message at the offset, for tcp_dissect_pdus(): as its framing
 * says, or all that is there where that cannot be; 0: more bytes are needed.
 */
unsigned native_pdu_length(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data);

/* So many messages of a segment are read: Wireshark shows no more items than a million of a packet.
 */
unsigned native_most_messages(void);

/*
 * What the message says, the same in every pass; by_opener: the end that sent it has
 * opened the connection.
 */
message_t *native_message(packet_info *pinfo, tvbuff_t *tvb, bool by_opener);

/*
 * Shows the described fields, the bytes that none describes, and where the layout
 * does not fit, below the message's item. Throws at the end of what was captured.
 */
void native_show(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const message_t *message);

#endif
