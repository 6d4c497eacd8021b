/* session.h
 * Events in, state out: calls, their numbers, states, times and ends, and the
 * matching of requests with their first answer. Knows no bytes, no tree and no
 * columns.
 *
 * Everything here is in file scope and is written in the first pass only;
 * later passes read what the first one fixed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SESSION_H
#define MSICCP_SESSION_H

#include "readers/message.h"

#include <epan/conversation.h>

/* A request and its first answer. */
typedef struct {
    uint32_t request_frame;
    uint32_t response_frame; /* 0: none yet */
    nstime_t request_time;
    nstime_t response_time;
    struct session *session; /* that the request belongs to; NULL: none */
} exchange_t;

typedef struct {
    address addr;
    uint16_t port;
    const char *name;    /* NULL: none known yet */
    const char *product; /* NULL: none known yet */
} party_t;

typedef struct {
    uint32_t frame; /* 0: has not happened */
    nstime_t time;
} moment_t;

/* One call attempt. */
typedef struct session {
    uint32_t number; /* 1, 2, 3, ... by first control frame */
    coding_t coding;
    uint16_t call_reference;
    bool has_call_id;
    e_guid_t call_id;
    bool has_conference_id;
    e_guid_t conference_id;
    bool netmeeting;     /* an end has shown itself to be NetMeeting */
    bool begun;          /* its request is in the capture */
    bool callee_spoke;   /* the callee has sent a message */
    bool media_agreed;   /* both ends have agreed on a channel */
    bool may_be_early;   /* it is known to have been unanswered at some frame */
    state_t state;       /* after the latest frame of the first pass */
    wmem_tree_t *states; /* frame -> state + 1, from that frame on */
    party_t parties[SIDE_COUNT];
    exchange_t request;
    wmem_map_t *codecs;       /* logical channel and the side that opened it -> name */
    wmem_list_frame_t *place; /* among the open sessions of its hosts; NULL: it is none of them */

    moment_t setup; /* the first frame, request or not */
    moment_t asked; /* the request; an admission may come before it */
    moment_t ringing;
    moment_t answer;
    moment_t release;

    bool media_to[SIDE_COUNT];  /* RTP has been seen on its way to this side */
    uint32_t early_media_frame; /* the first RTP before the answer; 0: none */
    uint32_t late_media_frame;  /* the first RTP after the release; 0: none */

    outcome_t outcome;
    bool has_cause;
    uint8_t cause;
    bool released_by_caller;
    uint32_t findings; /* FINDING_BIT()s of all its messages so far */
} session_t;

/* A run of bytes one way on a connection, and a segment's place in it. */
typedef struct {
    uint32_t number; /* 1, 2, 3, ...; 0: turns are not counted here */
    bool starts;     /* the segment is the first of its turn */
    bool by_opener;  /* sent by the end that opened the connection */
    bool is_first_of_opener;
} turn_t;

/* What one message did, as it was in the first pass. */
typedef struct {
    turn_t turn;
    coding_t coding;    /* of the message */
    session_t *session; /* NULL: the message belongs to no call */
    event_t event;
    state_t state;
    side_t sender;
    bool from_third; /* sent by neither side: by their gatekeeper */
    bool ends_session;
    bool is_answer;  /* to the request of its exchange, rather than that request */
    bool names_call; /* the message carries the call's identifier */
    bool netmeeting; /* the session was known as NetMeeting's by then */
    const char *names[SIDE_COUNT];
    const char *products[SIDE_COUNT];
    exchange_t *exchange; /* that this message is the request or the answer of, or NULL */
    uint32_t findings;    /* FINDING_BIT()s */
    unsigned offer_count;
    media_offer_t *offers;
} step_t;

/* The control connection that a session's messages come over. */
typedef struct connection connection_t;

struct foreign;

void session_register(void);

/* The connection of this conversation, made on first use. */
connection_t *connection_get(conversation_t *conversation, const packet_info *pinfo);

/* The same, or NULL where none has been made. */
connection_t *connection_find(const conversation_t *conversation);

/*
 * What a connection carries from a frame on. More than one coding can be true: bytes that
 * nothing recognised (opaque) may be followed by some that are. The connection may be NULL.
 */
bool connection_is(const connection_t *connection, coding_t coding, uint32_t frame);

/* First pass only. */
void connection_set(connection_t *connection, coding_t coding, uint32_t frame);

/* The foreign protocol that a connection carries, as known by now, and the frame that told; or
 * NULL. */
const struct foreign *connection_foreign(const connection_t *connection, uint32_t *told_by_frame);

/* First pass only. */
void connection_set_foreign(connection_t *connection, const struct foreign *foreign,
                            uint32_t frame);

/*
 * First pass only: the connection has been closed or reset. That ends a session
 * of which nothing else is known; others end by a message.
 */
void connection_close(connection_t *connection);

/* First pass only: the turn that this segment belongs to. */
turn_t connection_turn(connection_t *connection, bool by_opener);

/* First pass only: what this control message does. Never NULL. */
step_t *session_control(connection_t *connection, const packet_info *pinfo,
                        const message_t *message);

/*
 * First pass only: what a RAS message does; the request is what the message that
 * it answers did, or NULL. Never NULL.
 */
step_t *session_ras(const packet_info *pinfo, const message_t *message, const step_t *request);

/* First pass only: a message that has been seen before did nothing more. Never NULL. */
step_t *session_repeated(const step_t *original, const message_t *message);

/* First pass only: what this H.245 message of a separate connection does. Never NULL. */
step_t *session_h245(session_t *session, side_t sender, const packet_info *pinfo,
                     const message_t *message);

/* First pass only: an RTP packet of this session on its way to a side. */
void session_media(session_t *session, side_t to, const packet_info *pinfo);

/* What observe.c has noted of UDP between two hosts. */
typedef struct observation observation_t;

/* Two hosts that call each other, or one of which was named as a place of media. */
typedef struct {
    address one;
    address other;
    wmem_list_t *open_sessions; /* of session_t, the latest first */
    observation_t *observation; /* NULL: nothing to note yet */
} hosts_t;

/* First pass only: these hosts, in either order; NULL if they are not known and not to be made. */
hosts_t *hosts_between(const address *one, const address *other, bool make);

/*
 * First pass only: the session between these two hosts that media of theirs most
 * likely belongs to, of those that are not over yet; NULL: there is none.
 */
session_t *session_between(const hosts_t *hosts);

/* The state of the session after this frame. */
state_t session_state_at(const session_t *session, uint32_t frame);

/*
 * What is to be said of the call with what has been seen of it so far:
 * FINDING_BIT()s, also of those that single media packets show.
 */
uint32_t session_findings(const session_t *session);

/* How many sessions this file has had so far. */
uint32_t session_count(void);

#endif
