/* call.h
 * What is known of a call, and what one message did to it: the types that the
 * rooms of this wing share, what all of them ask of a call, its birth and its end.
 *
 * Everything here is in file scope and is written in the first pass only;
 * later passes read what the first one fixed (ARCHITECTURE.md, "Passes").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CALL_H
#define MSICCP_CALL_H

#include "common/dense.h"
#include "common/few.h"
#include "common/ports.h"
#include "readers/message.h"
#include "session/captured.h"
#include "session/evidence.h"

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
    bool is_named_by_place; /* the name is a transport address: any other is better */
    const char *name;       /* NULL: none known yet */
    const char *product;    /* NULL: none known yet */
} party_t;

/* What is known of the ends as of some message, and of all after it that tell no more of them. */
typedef struct {
    const char *names[SIDE_COUNT];    /* NULL: none known yet */
    const char *products[SIDE_COUNT]; /* NULL: none known yet */
    bool netmeeting;                  /* an end has shown itself to be NetMeeting */
} known_ends_t;

typedef struct {
    uint32_t frame; /* 0: has not happened */
    nstime_t at;
} moment_t;

/* What is known of a logical channel by the end that opened it. */
typedef struct {
    content_t content;
    const char *codec;    /* NULL: not known */
    uint8_t payload_type; /* dynamic; 0: none was named */
} channel_state_t;

/* The audio that was agreed on for one direction. */
typedef struct {
    uint64_t types; /* fixed payload types: bit n for type n */
    bool is_open;   /* something of which no fixed type is known is agreed on, too */
} negotiated_t;

/* The connection for H.245 was closed while the call was up, and without endSession. */
typedef struct {
    uint32_t frame;
    side_t by;
    nstime_t at;
    const char *seen; /* of that; file scope */
} h245_closed_t;

/* What the ends have said of H.245. */
typedef struct {
    uint32_t announced;          /* the first frame with an address for it; 0: none */
    bool is_tried;               /* somebody connects to it */
    bool is_carried;             /* its messages are in those of H.225.0 */
    bool is_ended;               /* endSessionCommand has been seen */
    const h245_closed_t *closed; /* NULL: its connection was not closed so */
} h245_course_t;

/* What an end is capable of. */
typedef struct {
    wmem_array_t *audio; /* const char *, static, as H.245 names it; NULL: it has not said */
    uint32_t frame;      /* in which it said so */
} capabilities_t;

/* A call that was up, or waited for an answer, has lost its control connection or its reference. */
typedef struct {
    moment_t at;
    const char *by; /* the host that closed it, file scope; NULL: it goes on without this call */
    bool by_reset;
} control_end_t;

/* Its connections, of which the capture may lack something. */
typedef enum {
    OVER_CONTROL,
    OVER_H245,
    CARRIER_COUNT,
} carrier_t;

typedef struct {
    const captured_t *captured; /* NULL: there is none, or it is not of TCP */
    bool is_turned;             /* the caller is its end 1, rather than 0 */
} carried_t;

/* A pause that an end has asked for by H.245. */
typedef struct {
    bool asked[SIDE_COUNT]; /* by this side, which has not gone on since */
    moment_t since;         /* somebody has; frame 0: nobody has */
    nstime_t before;        /* the time of all that are over */
} hold_t;

/* How a digit was sent in the call. */
typedef enum {
    DIALLED_H245,   /* userInput */
    DIALLED_EVENT,  /* of RTP: RFC 2833 */
    DIALLED_KEYPAD, /* of Q.931 */
    DIALLED_COUNT,
} dialled_way_t;

/* The first of them with their moment, all by number. */
typedef struct {
    wmem_array_t *first; /* of dialled_t, in order of time; NULL: there are none */
    unsigned counts[DIALLED_COUNT];
} dialled_list_t;

/* Media that came back as undeliverable. */
typedef struct {
    uint32_t packets; /* of RTP */
    nstime_t first;
    nstime_t last;
} undelivered_t;

/* Where the caller was told to call instead. */
typedef struct {
    nstime_t at;
    const char *alias; /* or number; NULL: none */
    address addr;      /* AT_NONE: none */
    uint16_t port;
    const struct session *followed_by; /* the attempt there; NULL: there is none */
} forwarding_t;

struct step;

typedef struct legs legs_t;

#define CONTENT_BIT(content) ((uint8_t)(1u << (content)))

/* One call attempt. */
typedef struct session {
    /* What a packet of RTP asks for where more than its stream is looked at, in one line of memory.
     */
    struct legs *legs; /* the sessions of its call, as legs.c keeps them; NULL: it has no other */
    uint8_t media_to[SIDE_COUNT]; /* CONTENT_BIT()s of the RTP seen on its way to this side */
    uint8_t talk_to[SIDE_COUNT];  /* the same of media while the call was up */
    uint8_t other_to[SIDE_COUNT]; /* bit n: that carries_t, or media when the call was not up */
    bool may_be_early;            /* it is known to have been unanswered at some frame */
    moment_t answer;
    moment_t release;

    bool current_answered;          /* it was up when the latest of the sources that count began */
    uint8_t unknown_to[SIDE_COUNT]; /* datagrams in no known form, counted to some ten */
    /* Audio, and video, on its way to a side: the source that counts, and that of the last packet.
     */
    struct watched_stream *current[SIDE_COUNT][2];
    struct watched_stream *latest[SIDE_COUNT][2];
    negotiated_t negotiated[SIDE_COUNT]; /* what is sent to a side; streams_look_again() is told */
    struct watched_stream *streams;      /* the first; NULL: none yet */

    uint32_t number;          /* 1, 2, 3, ... by first control frame; 0: not known to be a call */
    uint32_t legs_since;      /* the frame from which on it has others */
    struct session *kin;      /* another that names the same places of media; NULL: none does */
    forwarding_t *forwarding; /* NULL: it is not told to go on elsewhere */
    coding_t coding : 8;
    state_t state : 8; /* after the latest frame of the first pass */
    outcome_t outcome : 8;
    verdict_t verdict : 8;    /* once it is over */
    finding_t decided_by : 8; /* that verdict; FINDING_NONE: by no finding */
    transport_t attempted_over : 8;
    uint16_t call_reference;
    bool has_call_id;
    e_guid_t call_id;
    bool has_conference_id;
    e_guid_t conference_id;
    bool netmeeting;             /* an end has shown itself to be NetMeeting */
    bool begun;                  /* its request is in the capture */
    bool callee_spoke;           /* the callee has sent a message */
    bool media_agreed;           /* both ends have agreed on a channel */
    bool kin_at[SIDE_COUNT];     /* the kin names the same places of this side */
    bool encrypted;              /* its messages have tokens or media of H.235 */
    dialled_list_t dialled;      /* in messages */
    uint32_t since[STATE_COUNT]; /* the first frame of each; 0: it has not come to that */
    party_t parties[SIDE_COUNT];
    const known_ends_t *known; /* as of its latest message */
    exchange_t request;
    const struct step *fast_offer; /* the latest with the caller's elements; NULL: none yet */
    few_t channels; /* logical channel and the side that opened it -> channel_state_t */
    /* Both ends have agreed on a channel of this content to this side. */
    bool agreed_to[CONTENT_COUNT][SIDE_COUNT];
    struct session *next_open; /* of its hosts; NULL: it is the last, or none of them */
    struct session **open_by;  /* what points to it there; NULL: it is none of them */

    moment_t setup; /* the first frame, request or not */
    moment_t asked; /* the request; an admission may come before it */
    moment_t ringing;
    uint32_t empty_reports[SIDE_COUNT]; /* of RTCP, by a side: it has got nothing of late */
    h245_course_t h245;
    struct step *quiet[SIDE_COUNT]; /* the latest step of H.245 that did nothing; NULL: none yet */
    capabilities_t capabilities[SIDE_COUNT];
    bool audio_opened; /* an end has opened a channel for audio */
    bool fast_started; /* the callee has chosen from the caller's offer */
    bool is_attempt;   /* no more than a connection that was not accepted: it has no number */
    bool has_rtcp;     /* RTCP of it has been seen */
    bool has_cut;      /* a message of it is not all in the capture */
    bool redirected;   /* the ends have agreed on media from or to others than them */
    address media_addr[SIDE_COUNT];         /* where this side wants RTP, last; AT_NONE: not said */
    undelivered_t *undelivered[SIDE_COUNT]; /* on its way to a side; NULL: none */

    bool has_cause;
    uint8_t cause;
    int16_t reason; /* H.225.0 ReleaseCompleteReason, or NO_REASON */
    bool released_by_caller;
    bool released_by_third; /* by their gatekeeper, rather than by an end */
    const char *refusal;    /* RAS: why it was not admitted, as H.225.0 names it; NULL: it was */
    hold_t *hold;           /* NULL: it never was held */
    const char *translated; /* its request says that the caller is elsewhere, by a private address:
                               in words; NULL: it does not */
    carried_t carried[CARRIER_COUNT];
    control_end_t *control_end; /* NULL: the connection is open, or was when the call ended */
    evidence_list_t evidence;   /* in file scope */
} session_t;

/* What one message did, as it was in the first pass. */
typedef struct step {
    coding_t coding : 4; /* of the message */
    event_t event : 4;
    state_t state : 4;
    side_t sender : 2;
    /* Not of type bool, as in media_offer_t. */
    unsigned from_third : 1; /* sent by neither side: by their gatekeeper */
    unsigned ends_session : 1;
    unsigned is_answer : 1;    /* to the request of its exchange, rather than that request */
    unsigned names_call : 1;   /* the message carries the call's identifier */
    unsigned offer_count : 14; /* of MESSAGE_MOST, and as many that are taken up */
    uint32_t findings;         /* FINDING_BIT()s */
    session_t *session;        /* NULL: the message belongs to no call */
    const known_ends_t *known;
    union {
        turn_t turn;          /* of what is opaque */
        exchange_t *exchange; /* of which any other is the request or the answer, or NULL */
    };
    media_offer_t *offers;
} step_t;

/* Kept for each call, and some fifteen times a call: what is added here is paid for by each. */
G_STATIC_ASSERT(sizeof(session_t) <= 832);
G_STATIC_ASSERT(offsetof(session_t, current_answered) <= LINE_OF_MEMORY);
G_STATIC_ASSERT(sizeof(step_t) <= 40);
G_STATIC_ASSERT(CODING_COUNT <= 16 && EVENT_COUNT <= 16 && STATE_COUNT <= 16 && SIDE_COUNT <= 4);
G_STATIC_ASSERT(2 * MESSAGE_MOST < 1 << 14);

void call_register(void);

/* How many sessions this file has had so far. */
uint32_t session_count(void);

/* True if there is one, or may come to be one. */
bool session_is_expected(void);

/*
 * First pass only: a call of which this is the first message; its ends are not known
 * yet. One that media has to prove has no number until session_is_real().
 */
session_t *session_new(const packet_info *pinfo, const message_t *message);

/*
 * First pass only: somebody wanted to speak to a control port, and was not accepted. That
 * is no call, and has no number and no messages; it is only a record of what failed.
 */
session_t *session_attempt(const moment_t *begin, transport_t transport, const address *client,
                           const address *server, uint32_t port);

/* First pass only: media of it is there. */
void session_is_real(session_t *session, const packet_info *pinfo);

/* First pass only: this moment is now, unless it has come before. */
void call_mark(moment_t *moment, const packet_info *pinfo);

/* First pass only. */
void call_set_state(session_t *session, const packet_info *pinfo, state_t state);

/* Where a call goes that ends now, by who ends it. */
state_t call_state_at_end(const session_t *session);

/* First pass only: the message of this step ends the call, whoever sent it and over what. */
void call_end(session_t *session, step_t *step, const packet_info *pinfo, const message_t *message);

/* First pass only: nothing more of it can come, though no message has ended it. */
void call_leave(session_t *session, const packet_info *pinfo);

/* First pass only: the connection that carried the call's messages has been closed or reset. */
void call_control_closed(session_t *session, packet_info *pinfo, bool by_reset);

/* First pass only: the connection that carried its H.245 has been closed or reset. */
void call_h245_closed(session_t *session, side_t closer, packet_info *pinfo, bool by_reset);

/* Why it was released or not admitted, in words; NULL: that is not known. */
char *call_reason(wmem_allocator_t *scope, const session_t *session);

/* It has ended: what comes of it now changes nothing any more. */
static inline bool
call_is_over(const session_t *session)
{
    return session->release.frame != 0;
}

/* The turn of a message that is opaque; all zero: it is not. */
static inline turn_t
step_turn(const step_t *step)
{
    return step->coding == CODING_OPAQUE ? step->turn : (turn_t){.number = 0};
}

/* What the message of this step is the request or the answer of; NULL: nothing. */
static inline const exchange_t *
step_exchange(const step_t *step)
{
    return step->coding == CODING_OPAQUE ? NULL : step->exchange;
}

/* An end has asked for a pause, and has not gone on since. */
static inline bool
call_is_held(const session_t *session)
{
    return session->hold && session->hold->since.frame;
}

/* RTP has been seen on its way to this side. */
static inline bool
call_has_media_to(const session_t *session, side_t side)
{
    return session->media_to[side];
}

#endif
