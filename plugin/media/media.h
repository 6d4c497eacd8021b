/* media.h
 * Joins H.245 connections, RTP and RTCP to their session: by the addresses that
 * the signalling named, and by the frame that set a conversation up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MEDIA_H
#define MSICCP_MEDIA_H

#include "session/session.h"

#include <epan/prefs.h>

/* A packet's place in a call. */
typedef struct {
    session_t *session;
    const char *codec; /* that was negotiated for where it goes; NULL: none, or not known */
    channel_t channel : 8;
    link_t link : 8;
    side_t to : 8; /* the side that it is on its way to */
    content_t content : 8;
    uint8_t payload_type; /* dynamic, that was named for that codec; 0: none was */
} joined_t;

/* A packet between the ends of a call is of each of its legs; of no more than this. */
#define MOST_JOINED 4

/* What a payload is that came where H.245 was announced. */
typedef enum {
    MEDIA_H245_OF_SESSION,
    MEDIA_H245_OF_NOBODY, /* of no session that is known */
    MEDIA_H245_LATER,     /* more bytes are needed to tell */
    MEDIA_H245_NOT,       /* another protocol */
} media_h245_t;

/* What the user wants: see the preference link_media. */
bool media_is_linked(void);

/* Our dissectors of what calls announce, and of what tells of calls, in front of Wireshark's. */
typedef struct {
    dissector_handle_t h245;
    dissector_handle_t data;
    dissector_handle_t rtp;
    dissector_handle_t rtcp;
    dissector_handle_t expected_rtcp; /* where no message named it */
    dissector_handle_t t38;
    dissector_t tcp;
    dissector_t icmp;
    dissector_t icmpv6;
} media_handles_t;

/* Registers the preferences too. */
void media_register(module_t *module);
void media_handoff(const media_handles_t *handles);

/* True for what is RTCP without doubt. */
bool media_is_rtcp(tvbuff_t *tvb);

/*
 * False for what is not RTP, since it has another version: Wireshark 4.4 and later take that for
 * something to do with RTP nevertheless.
 */
bool media_may_be_rtp(tvbuff_t *tvb);

/* Wireshark's own dissector of RTP, RTCP or T.38, of TCP, and of ICMP or ICMPv6, which the protocol
 * is; returns what that returns. */
int media_dissect(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                  void *data);
int media_dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int media_dissect_icmp(uint8_t protocol, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                       void *data);

/*
 * First pass only: what a message of a session says of media and of H.245. An
 * address that is only advertised joins nothing unless a stream really appears there.
 */
void media_announce(const step_t *step, packet_info *pinfo, const message_t *message);

/*
 * First pass only, before a TCP segment, from its header on: if its connection has been announced,
 * its payload comes to us first. Asked only where something has been announced at all.
 */
bool media_has_announced_tcp(void);
void media_expect_tcp(tvbuff_t *tvb, packet_info *pinfo);

/*
 * First pass only, after a TCP segment, from its header on: notes the ends of connections, and
 * those that fail.
 */
void media_watch_tcp(tvbuff_t *tvb, packet_info *pinfo);

/* The session that this packet's H.245 connection belongs to, or NULL; and its sender. */
media_h245_t media_h245_session(tvbuff_t *tvb, packet_info *pinfo, session_t **session,
                                side_t *sender);

/*
 * Has a payload of an announced connection dissected by whom Wireshark gave the connection, as
 * without us; returns what that one returns, 0 where there is none.
 */
int media_leave_to_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* First pass: a payload of a connection that was announced for data (T.120). */
void media_note_data(tvbuff_t *tvb, packet_info *pinfo);

/*
 * First pass only: the hosts of this UDP packet, if media of a session could run
 * between them, because its messages hold one of the addresses, or because it is
 * up between them; NULL otherwise.
 */
hosts_t *media_expected_between(const packet_info *pinfo, bool *is_advertised);

/* First pass only: the session that this packet, which is RTP or RTCP, belongs to, or NULL. */
session_t *media_session_of(const packet_info *pinfo, const hosts_t *hosts, joined_t *joined);

/* First pass only: a call that is up wants media where this UDP packet goes. */
bool media_is_negotiated(const packet_info *pinfo, joined_t *joined);

/* First pass only: this packet is the first that is known to be media of a session. */
void media_found(packet_info *pinfo, const joined_t *joined);

/* Later passes: true if media_found() was told so of this very packet. */
bool media_was_found(const packet_info *pinfo, joined_t *joined);

/* First pass only: RTP or RTCP that belongs to a session. */
void media_watch(tvbuff_t *tvb, packet_info *pinfo, const joined_t *joined);

/* First pass only: a message of ICMP or ICMPv6, which the protocol is, and who sent it. */
void media_watch_error(tvbuff_t *tvb, packet_info *pinfo, uint8_t protocol, const address *sender);

/* Of the number in front of RTP where media is multiplexed, bytes. */
#define MULTIPLEX_NUMBER_LENGTH 4

/* This packet is one that carries, behind such a number, what a session has agreed on. */
bool media_is_multiplexed(tvbuff_t *tvb, const packet_info *pinfo, joined_t *joined);

/* First pass only: a packet at an address that is agreed on for RTP, which nobody took for that. */
void media_watch_unknown(tvbuff_t *tvb, packet_info *pinfo);

/* The sessions that this packet of media belongs to: how many; 0: none. */
unsigned media_join(packet_info *pinfo, joined_t joined[MOST_JOINED]);

/* Something may be data of a session, over TCP. */
bool media_has_data(void);

/* Once for each dissection of a packet: true where it is data of a session, over TCP. */
bool media_join_data(packet_info *pinfo, joined_t *joined);

#endif
