/* attempts.h
 * Connections that somebody wanted and did not get: to a control port, or to an address
 * that a call announced for H.245.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ATTEMPTS_H
#define MSICCP_ATTEMPTS_H

#include "session/session.h"

#include <epan/conversation.h>

/* Who asks whom. */
typedef struct {
    transport_t transport;
    address client;
    address server;
    uint32_t port;
} asking_t;

void attempts_register(void);

/* No more than SYNs to this port have been seen of this connection. */
bool attempts_is_opening(conversation_t *conversation, uint32_t port, packet_info *pinfo);

/*
 * First pass only: a TCP packet from or to the address for H.245 that a side of this session
 * has announced.
 */
void attempts_watch(conversation_t *conversation, session_t *session, side_t asked,
                    packet_info *pinfo);

/* The same from or to a control port. One that a connection is opened from is none. */
void attempts_watch_control(conversation_t *conversation, packet_info *pinfo);

/*
 * First pass only: what is asked here is refused by what this frame says, and seen tells;
 * session and asked as above.
 */
void attempts_fail(session_t *session, side_t asked, const asking_t *asking, packet_info *pinfo,
                   const char *seen);

#endif
