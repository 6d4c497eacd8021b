/* connections.h
 * TCP connections that calls announce: H.245, and T.120 and T.38 over TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CONNECTIONS_H
#define MSICCP_CONNECTIONS_H

#include "media/handles.h"
#include "session/session.h"

/* What a payload is that came where H.245 was announced. */
typedef enum {
    MEDIA_H245_OF_SESSION,
    MEDIA_H245_OF_NOBODY, /* of no session that is known */
    MEDIA_H245_LATER,     /* more bytes are needed to tell */
    MEDIA_H245_NOT,       /* another protocol */
} media_h245_t;

void connections_register(void);
void connections_handoff(const media_handles_t *handles);

/*
 * First pass only: a message names this port for a connection. Segments from and to it are looked
 * at, also those that carry nothing.
 */
void connections_announce_port(uint16_t port);

/* First pass only: what comes to the address that this message announces comes to us first. */
void connections_receive_h245(const packet_info *pinfo, const message_t *message);

/* Wireshark's own dissector of TCP; returns what that returns. */
int connections_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/*
 * First pass only, before a TCP segment, from its header on: if its connection has been announced,
 * its payload comes to us first. Asked only where something has been announced at all.
 */
bool connections_are_announced(void);
void connections_expect(tvbuff_t *tvb, packet_info *pinfo);

/*
 * First pass only, after a TCP segment, from its header on: notes the ends of connections, and
 * those that fail.
 */
void connections_watch(tvbuff_t *tvb, packet_info *pinfo);

/* The session that this packet's H.245 connection belongs to, or NULL; and its sender. */
media_h245_t connections_h245_session(tvbuff_t *tvb, packet_info *pinfo, session_t **session,
                                      side_t *sender);

/*
 * Has a payload of an announced connection dissected by whom Wireshark gave the connection, as
 * without us; returns what that one returns, 0 where there is none.
 */
int connections_leave_to_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* First pass: a payload of a connection that was announced for data (T.120). */
void connections_note_data(tvbuff_t *tvb, packet_info *pinfo);

#endif
