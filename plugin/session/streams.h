/* streams.h
 * What a call's RTP streams tell of the call: what was lost, what is missing, what began
 * anew. A few numbers a stream; nothing is kept of a packet.
 *
 * Sequence numbers: RFC 3550 section 6.4.1 and appendix A.1; reports: section 6.4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STREAMS_H
#define MSICCP_STREAMS_H

#include "common/dense.h"
#include "common/sequence.h"
#include "session/call.h"

#include <epan/packet_info.h>

/* What an RTP packet says of itself. */
typedef struct {
    uint32_t ssrc;
    uint32_t timestamp;
    uint16_t sequence;
    uint8_t payload_type;
    unsigned payload_offset; /* behind the header and what it announces */
    unsigned payload_length; /* without padding */
} rtp_header_t;

/* What a packet of RTP carries. Of these only media is talk, or a picture. */
typedef enum {
    CARRIES_MEDIA,
    CARRIES_EVENT, /* a telephone event */
    CARRIES_NOISE, /* a description of noise, for silence */
    CARRIES_NOTHING,
} carries_t;

/* What a receiver says of a stream (RFC 3550 section 6.4.1). */
typedef struct {
    uint32_t ssrc;
    int32_t lost;         /* since the beginning */
    uint32_t highest;     /* sequence number, with its cycles */
    uint32_t jitter;      /* in units of the stream's clock */
    uint32_t last_report; /* the middle of the NTP time of the sender's report; 0: none came */
    uint32_t delay;       /* since that came, 1/65536 s */
} receiver_report_t;

/* What is kept of a receiver's latest report. */
typedef struct {
    int32_t lost;
    uint32_t highest;
    uint32_t jitter;
} reported_t;

/* One SSRC on its way to a side. */
typedef struct watched_stream {
    /* What each packet asks for, in one line of memory. */
    uint32_t ssrc;
    /* Of one size, so that every compiler puts them together. */
    side_t to : 8;
    content_t content : 8;
    carries_t carries : 8; /* the last packet */
    unsigned goes_on : 1;  /* see streams_go_on() */
    unsigned is_sound : 1; /* some of its talk is not known to be silence */
    unsigned has_sent_noise : 1;
    unsigned is_reported_sent : 1; /* its sender has told how much, after the last packet */
    unsigned has_sent_more : 1;    /* and has told that it went on */
    sequence_t sequence;
    uint16_t first_sequence;
    uint16_t source_port; /* of the last packet, as the next two */
    uint16_t destination_port;
    uint8_t payload_type;
    uint8_t in_a_row;   /* packets of it with none of another source between, to here; few */
    uint32_t received;  /* each once */
    uint32_t timestamp; /* of the packet with the highest number */
    uint32_t step;      /* between the timestamps of neighbours; 0: not known yet */
    uint32_t talk;      /* packets of media while the call was up */
    nstime_t last;      /* packet */

    uint32_t first_frame;
    uint32_t expected; /* before the sequence numbers last began anew */
    uint32_t reports;  /* of its receiver */
    reported_t latest;
    uint32_t report_time; /* the middle of the NTP time of its own latest report; 0: none */
    uint32_t sent;        /* packets, as its sender said first after its last; 0: nothing */
    nstime_t reported_at;
    double
        round_trip; /* between the place of the capture and the receiver, s; negative: not known */
    struct watched_stream *next; /* of the session */
} watched_stream_t;

G_STATIC_ASSERT(offsetof(watched_stream_t, first_frame) <= LINE_OF_MEMORY);
G_STATIC_ASSERT(sizeof(watched_stream_t) <= 2 * LINE_OF_MEMORY);

/*
 * First pass only: an RTP packet of this session on its way to a side. True if it is the
 * first of its stream, or the first from or to another port. *stream: where it is looked for
 * first, or NULL; afterwards, its stream, NULL: that is not watched.
 */
bool streams_add(session_t *session, watched_stream_t **stream, content_t content, side_t to,
                 const rtp_header_t *header, carries_t carries, packet_info *pinfo);

/*
 * First pass only: takes in a packet to this side where nothing but its stream need be looked at:
 * the stream's next one, which carries media as the last one did, from and to the same ports and of
 * the same type, while the stream goes on: it is the one that counts, of a call that is up and has
 * no other legs, and of a type that was agreed on. False: streams_add() is to be told of it.
 */
bool streams_go_on(watched_stream_t *stream, content_t content, side_t to,
                   const rtp_header_t *header, const packet_info *pinfo);

/*
 * First pass only: what streams_go_on() does not look at has changed: the codecs that are agreed
 * on, whether the call is up, or which other legs it has.
 */
void streams_look_again(session_t *session);

/* First pass only: the ends open a channel for this anew; another source or port is no wonder. */
void streams_may_begin_anew(session_t *session, content_t content, side_t to);

/* First pass only: the source has reported; ntp: the middle of its NTP time; sent: packets. */
void streams_sender_report(session_t *session, uint32_t ssrc, uint32_t ntp, uint32_t sent,
                           const packet_info *pinfo);

/* First pass only: what a receiver reports of a stream of this session. */
void streams_receiver_report(session_t *session, const receiver_report_t *report,
                             const packet_info *pinfo);

/* First pass only: a side's report on what it receives tells of no stream. */
void streams_empty_report(session_t *session, side_t reporter);

/* This side has reported that it gets a stream. */
bool streams_are_reported(const session_t *session, side_t to);

/* Which way, in words. */
const char *streams_direction(side_t to);

/* NULL: there is none, or there are too many. */
const watched_stream_t *streams_find(const session_t *session, uint32_t ssrc, side_t to);

#endif
