/* joined.h
 * What a packet of media is to a call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_JOINED_H
#define MSICCP_JOINED_H

#include "session/session.h"

/* A packet's place in a call. */
typedef struct {
    session_t *session;
    watched_stream_t *stream; /* of it, that an earlier packet here was of; NULL: not known */
    const char *codec;        /* that was negotiated for where it goes; NULL: none, or not known */
    channel_t channel : 8;
    link_t link : 8;
    side_t to : 8; /* the side that it is on its way to */
    content_t content : 8;
    uint8_t payload_type; /* dynamic, that was named for that codec; 0: none was */
} joined_t;

/* A packet between the ends of a call is of each of its legs; of no more than this. */
#define MOST_JOINED 4

#endif
