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
    uint8_t fraction_lost; /* since the report before, of 256 */
    int32_t lost;          /* since the beginning */
    uint32_t highest;      /* sequence number, with its cycles */
    uint32_t jitter;       /* in units of the stream's clock */
    uint32_t last_report;  /* the middle of the NTP time of the sender's report; 0: none came */
    uint32_t delay;        /* since that came, 1/65536 s */
} receiver_report_t;

/* One SSRC on its way to a side. */
typedef struct watched_stream {
    /* What each packet asks for. */
    uint32_t ssrc;
    side_t to : 8;
    content_t content : 8;
    uint16_t source_port;
    uint16_t destination_port;
    sequence_t sequence;
    uint32_t received;     /* each once */
    uint32_t timestamp;    /* of the packet with the highest number */
    uint32_t step;         /* between the timestamps of neighbours; 0: not known yet */
    uint32_t in_a_row;     /* packets of it with none of another source between, to here */
    nstime_t last;         /* packet */
    uint32_t talk;         /* packets of media while the call was up */
    carries_t carries : 8; /* the last packet */
    bool is_sound : 1;     /* some of that is not known to be silence */
    bool has_sent_noise : 1;

    uint16_t first_sequence;
    uint32_t first_frame;
    uint32_t expected; /* before the sequence numbers last began anew */
    uint32_t reports;  /* of its receiver */
    receiver_report_t latest;
    uint32_t report_time; /* the middle of the NTP time of its own latest report; 0: none */
    nstime_t reported_at;
    uint32_t sent[2]; /* packets, as its sender says in its first and latest report after its last;
                         0: none */
    double
        round_trip; /* between the place of the capture and the receiver, s; negative: not known */
    struct watched_stream *next; /* of the session */
} watched_stream_t;

/*
 * First pass only: an RTP packet of this session on its way to a side. True if it is the
 * first of its stream, or the first from or to another port.
 */
bool streams_add(session_t *session, content_t content, side_t to, const rtp_header_t *header,
                 carries_t carries, packet_info *pinfo);

/* First pass only: the ends open a channel for this anew; another source or port is no wonder. */
void streams_may_begin_anew(session_t *session, content_t content, side_t to);

/* The stream of the packet that streams_add() was last told of; NULL: it is not watched. */
watched_stream_t *streams_latest(const session_t *session, content_t content, side_t to);

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

/* NULL: there is none, or there are too many. */
const watched_stream_t *streams_find(const session_t *session, uint32_t ssrc, side_t to);

/* What the receiver says that it has lost, of 1; 0: nothing, or that cannot be told. */
double streams_reported_loss(const session_t *session, const watched_stream_t *stream);

/* Of one side, what its receiver says of loss covers most of the stream: it is to be believed. */
bool streams_are_told_by_receiver(const session_t *session, const watched_stream_t *stream);

/* Adds to the list what is to be said of each way of the audio: that it was silent, or ended. */
void streams_judge_audio(const session_t *session, const nstime_t *until, evidence_list_t *list,
                         uint32_t frame);

/* What came to a side was over before half of the call was. */
bool streams_cover_little(const session_t *session);

/* Adds to the list which streams have lost much, by their numbers or as their receivers say. */
void streams_judge(const session_t *session, evidence_list_t *list, uint32_t frame);

#endif
