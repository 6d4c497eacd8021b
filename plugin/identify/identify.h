/* identify.h
 * Whose is this payload, and which coding is it? The look at it writes nothing;
 * what it found is settled afterwards, by whoever takes the payload. So a payload
 * that is left to others leaves no trace here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_IDENTIFY_H
#define MSICCP_IDENTIFY_H

#include "identify/foreign.h"
#include "session/session.h"

struct tcpinfo;

typedef enum {
    IDENTIFIED_H225,
    IDENTIFIED_RAS,
    IDENTIFIED_NATIVE,   /* of none of these, and the user has described a layout */
    IDENTIFIED_FOREIGN,  /* another protocol, that is known by name */
    IDENTIFIED_NOT_OURS, /* of a connection from one of our ports to another service */
    IDENTIFIED_LATER,    /* the bytes that follow will tell */
    IDENTIFIED_AS_NONE,  /* ours, and nothing that is known here */
} identified_t;

/* What a look at a payload found. */
typedef struct {
    identified_t identified;
    conversation_t *conversation;
    connection_t *connection;   /* NULL: there is none before identify_settle() */
    const foreign_t *foreign;   /* what is new about it; NULL: nothing is */
    bool is_told_foreign;       /* that is new: foreign is it, or NULL where it has ceased to be */
    bool is_beginning;          /* the first bytes of its sender on this connection */
    bool opening_seen;          /* the first packet of its connection was captured */
    bool by_opener;             /* sent by the end that opened the connection */
    captured_segment_t segment; /* TCP: where it stands, in numbers that may be relative */
    uint32_t first[2];          /* to these, of its sender and of the other end */
} look_t;

void identify_handoff(void);

/* One of our ports is an end of this TCP packet. */
bool identify_is_at_our_port(const packet_info *pinfo);

/*
 * What this TCP payload is: by its connection as it is known so far, or by its own
 * bytes. In later passes: what the first one settled.
 */
look_t identify_tcp(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *tcpinfo);

/* The same for a UDP payload. */
look_t identify_udp(tvbuff_t *tvb, packet_info *pinfo);

/*
 * Keeps on the connection what the look found, in the first pass; returns the
 * connection, in later passes NULL if there is none.
 */
connection_t *identify_settle(const look_t *look, const packet_info *pinfo);

#endif
