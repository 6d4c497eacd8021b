/* records.h
 * Collects, for a statistic that asks for it, what is known of each session:
 * what the session itself holds, the figures of its RTP streams, and the end
 * of its control connection. Nothing is kept where no such statistic runs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RECORDS_H
#define MSICCP_RECORDS_H

#include "report/copies.h"
#include "report/quality.h"
#include "report/rtp_figures.h"
#include "session/verdict.h"
#include "taps/taps.h"

/* What a sender can have as many of as it likes is told up to here, and counted beyond. */
#define MOST_RUNS 16
#define MOST_STREAMS 256

/* A run of packets of one codec; telephone events and comfort noise do not interrupt it. */
typedef struct {
    const char *codec; /* NULL: no name is known */
    uint8_t payload_type;
    uint32_t first_frame;
    uint32_t packets;
} codec_run_t;

typedef struct record record_t;

/* What tells a stream from others; with no destination, no ports and no SSRC, a sender of RTCP. */
typedef struct {
    const session_t *session;
    address source;
    address destination;
    uint16_t source_port;
    uint16_t destination_port;
    uint32_t ssrc;
    side_t to;
} stream_key_t;

/* An RTP stream: one SSRC from one transport address to another. */
typedef struct {
    stream_key_t key;
    record_t *record; /* of its session */
    link_t link;
    const char *negotiated_codec; /* as H.245 names it; NULL: none, or not known */
    uint8_t payload_type;         /* of the first packet */
    uint64_t payload_types[2];    /* all that were seen: bit 64 * i + n for type n */
    const char *payload_name;     /* of the first packet's type; NULL: none */
    wmem_list_t *codecs;          /* of codec_run_t: the first MOST_RUNS */
    uint32_t more_runs;           /* behind them */
    uint8_t latest_type;          /* of the last of all runs */
    bool has_event;
    uint32_t event_timestamp; /* of the latest telephone event */
    moment_t first;
    moment_t last;
    rtp_figures_t figures;
    quality_t quality;
    unsigned clock;          /* of the latest packet that has one, Hz; 0: none has */
    unsigned payload_octets; /* of the first packet */
    copies_t copies;
} stream_t;

/* A TCP connection that carried control messages. */
typedef struct {
    moment_t closed; /* its first FIN or RST */
    bool reset;      /* that was an RST */
} control_connection_t;

/* Lives until the statistic is reset or the file is closed. */
struct record {
    const session_t *session;
    bool chosen;                            /* a frame of it has passed the statistic's filter */
    const control_connection_t *connection; /* NULL: not over TCP */
    wmem_list_t *streams;                   /* of stream_t, by their first packets */
    dialled_list_t dialled;                 /* by telephone events, RFC 2833 */
    moment_t latest;                        /* when it was last heard of; no frame */
};

/* The records of one statistic. */
typedef struct records records_t;

typedef void (*records_draw_t)(records_t *records);

/*
 * Begins to collect; draw is called when the statistic is to be shown. With a
 * filter, the sessions are chosen of which at least one frame passes it. Returns
 * NULL and sets error (to be freed with g_free()) if the filter is wrong.
 */
records_t *records_begin(const char *filter, records_draw_t draw, char **error);

/* Nothing is collected or drawn any more. */
void records_end(records_t *records);

/* The chosen sessions by their start: record_t pointers, to be freed with g_ptr_array_unref(). */
GPtrArray *records_sorted(records_t *records);

/* NULL: nothing has been told of this session. */
const record_t *records_find(records_t *records, const session_t *session);

/* All that was found; lives in scope. */
evidence_list_t record_findings(const record_t *record, wmem_allocator_t *scope);

/* By what was found. */
judgement_t record_verdict(const record_t *record, const evidence_list_t *found);

/* The close of the control connection, if it came before the call's end; NULL: it did not. */
const control_connection_t *record_closed(const record_t *record);

/* RTCP was seen from the stream's source to the end that the stream goes to. */
bool record_has_rtcp(records_t *records, const record_t *record, const stream_t *stream);

/* The stream's first codec, or what its first packet's payload type stands for; NULL: not known. */
const char *record_payload_name(const stream_t *stream);

#endif
