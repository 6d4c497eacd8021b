/* call.h
 * What is known of a call, and what one message did to it: the types that the
 * rooms of this wing share, and what all of them ask of a call.
 *
 * Everything here is in file scope and is written in the first pass only;
 * later passes read what the first one fixed (ARCHITECTURE.md, "Passes").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CALL_H
#define MSICCP_CALL_H

#include "readers/message.h"

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

/* It has ended: what comes of it now changes nothing any more. */
static inline bool
call_is_over(const session_t *session)
{
    return session->release.frame != 0;
}

#endif
