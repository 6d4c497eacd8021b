/* channels.h
 * What H.245 says of logical channels, and of what an end is capable of: read from the
 * fields of Wireshark's dissector into the message.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CHANNELS_H
#define MSICCP_CHANNELS_H

#include "readers/meanings.h"

/* Reads the fields below into a transport address. */
void channels_transport(reader_t *reader, const found_t *found, media_offer_t *transport);

/* It names somewhere: neither its address nor its port is zero. */
bool channels_is_usable(const media_offer_t *transport);

/* A channel of the sender's begins, or one of the peer's, or one of a fast start element. */
typedef enum { CHANNEL_OPENED, CHANNEL_ACCEPTED, CHANNEL_FAST } channel_origin_t;

void channels_begin(reader_t *reader, channel_origin_t origin);
/* The other direction of that channel begins. */
void channels_begin_backward(reader_t *reader);
void channels_number(reader_t *reader, const found_t *found);

/* What the channel carries, as far as the choice of its data tells. */
void channels_data(reader_t *reader, const found_t *found, content_t content);
void channels_application(reader_t *reader, const found_t *found);
void channels_generic(reader_t *reader, const found_t *found);
/* Of Microsoft's, by the tag of its audio format: of a channel, or of a capability. */
void channels_format(reader_t *reader, const found_t *found);
void channels_payload_type(reader_t *reader, const found_t *found);

/* Where media or RTCP of the channel is wanted. */
void channels_media_address(reader_t *reader, const found_t *found, bool rtcp);
void channels_separate_stack(reader_t *reader, const found_t *found);

/* How its media passes NAT. */
void channels_traversal(reader_t *reader, const found_t *found);

/* An audio codec of a capability set. */
void channels_capability(reader_t *reader, const found_t *found);

/* Why what the message rejects is rejected. */
void channels_rejection(reader_t *reader, const found_t *found);

#endif
