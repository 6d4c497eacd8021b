/* streams.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/streams.h"
#include "session/lacks.h"

#include "common/numbering.h"
#include "readers/codecs.h"
#include "readers/payload.h"

/* Of a call with more sources than this the others are not watched. */
#define MOST_STREAMS 32

/* Another source has taken over when so many of its packets came with none of the old between. */
#define TAKEN_OVER 3

static dense_t all_streams = {.size = sizeof(watched_stream_t)};

static bool
is_stream(const watched_stream_t *stream, uint32_t ssrc, side_t to)
{
    return stream->ssrc == ssrc && stream->to == to;
}

static watched_stream_t *
find(const session_t *session, uint32_t ssrc, side_t to)
{
    for (watched_stream_t *stream = session->streams; stream; stream = stream->next) {
        if (is_stream(stream, ssrc, to))
            return stream;
    }
    return NULL;
}

/* The same, tried first where earlier packets were. */
static watched_stream_t *
find_lately(const session_t *session, watched_stream_t *earlier, content_t content, uint32_t ssrc,
            side_t to)
{
    watched_stream_t *latest;

    if (earlier && is_stream(earlier, ssrc, to))
        return earlier;
    latest = session->latest[to][content == CONTENT_VIDEO];
    return latest && is_stream(latest, ssrc, to) ? latest : find(session, ssrc, to);
}

const watched_stream_t *
streams_find(const session_t *session, uint32_t ssrc, side_t to)
{
    return find(session, ssrc, to);
}

/* Its numbers do: for the first time, or anew, after what was expected before. */
static void
begin(watched_stream_t *stream, const rtp_header_t *header)
{
    stream->first_sequence = header->sequence;
    stream->timestamp = header->timestamp;
    stream->received++;
    stream->step = 0;
}

static watched_stream_t *
stream_new(session_t *session, content_t content, side_t to, const rtp_header_t *header,
           const packet_info *pinfo)
{
    watched_stream_t **end = &session->streams;
    watched_stream_t *stream;
    uint16_t ahead;
    int count = 0;

    for (; *end; end = &(*end)->next)
        count++;
    if (count >= MOST_STREAMS)
        return NULL;
    stream = dense_new(&all_streams);
    stream->ssrc = header->ssrc;
    stream->to = to;
    stream->content = content;
    stream->first_frame = pinfo->num;
    stream->round_trip = -1;
    sequence_add(&stream->sequence, header->sequence, &ahead);
    begin(stream, header);
    *end = stream;
    return stream;
}

static void
note(session_t *session, finding_t finding, side_t to, packet_info *pinfo, const char *seen)
{
    evidence_t *evidence = evidence_add(&session->evidence, finding, to, pinfo->num, seen);

    if (evidence->count <= EVIDENCE_FRAMES)
        evidence_keep(pinfo, session, evidence);
}

static bool
is_new(const session_t *session, finding_t finding, side_t to)
{
    return evidence_is_new(&session->evidence, finding, to);
}

const char *
streams_direction(side_t to)
{
    return to == SIDE_CALLER ? "to the caller" : "to the callee";
}

/*
 * By sequence numbers alone: a sender that is silent sends nothing, and its numbers go on
 * without a gap while its timestamps jump.
 */
static void
check_gap(session_t *session, const watched_stream_t *stream, uint32_t missing,
          const rtp_header_t *header, packet_info *pinfo)
{
    uint32_t rate = payload_clock(header->payload_type);
    double seconds = rate ? (double)missing * stream->step / rate : 0;

    const char *seen = NULL;

    if (seconds < 1 || stream->content == CONTENT_VIDEO)
        return;
    if (is_new(session, FINDING_MEDIA_GAP, stream->to))
        seen = wmem_strdup_printf(wmem_file_scope(),
                                  "%u packets in a row are missing of the stream %s, %.1f s of it",
                                  missing, streams_direction(stream->to), seconds);
    note(session, FINDING_MEDIA_GAP, stream->to, pinfo, seen);
}

static void
go_ahead(watched_stream_t *stream, uint16_t ahead, const rtp_header_t *header)
{
    uint32_t advance = header->timestamp - stream->timestamp;

    if (ahead == 1 && advance && advance < INT32_MAX && (!stream->step || advance < stream->step))
        stream->step = advance;
    stream->timestamp = header->timestamp;
    stream->received++;
}

static void
follow(session_t *session, watched_stream_t *stream, const rtp_header_t *header, packet_info *pinfo)
{
    const uint32_t expected = stream->sequence.highest - stream->first_sequence + 1;
    uint16_t ahead;

    switch (sequence_add(&stream->sequence, header->sequence, &ahead)) {
    case SEQUENCE_AHEAD:
        if (ahead > 1)
            check_gap(session, stream, ahead - 1u, header, pinfo);
        go_ahead(stream, ahead, header);
        break;
    case SEQUENCE_LATE:
        stream->received++;
        break;
    case SEQUENCE_BEGINS:
        stream->expected += expected;
        begin(stream, header);
        break;
    case SEQUENCE_KNOWN:
        break;
    }
}

/* Dynamic types are left out: telephone events and comfort noise may have any of them. */
static bool
is_mismatch(const session_t *session, content_t content, side_t to, uint8_t payload_type)
{
    const negotiated_t *negotiated = &session->negotiated[to];

    return content != CONTENT_VIDEO && payload_type < DYNAMIC_TYPE_FIRST &&
           !payload_is_comfort_noise(payload_type) && negotiated->types && !negotiated->is_open &&
           (payload_type >= 64 || !(negotiated->types >> payload_type & 1));
}

static void
check_codec(session_t *session, content_t content, side_t to, const rtp_header_t *header,
            packet_info *pinfo)
{
    const char *name;
    const char *seen = NULL;

    if (!is_mismatch(session, content, to, header->payload_type))
        return;
    name = payload_name(header->payload_type);
    if (is_new(session, FINDING_CODEC_MISMATCH, to))
        seen = wmem_strdup_printf(
            wmem_file_scope(),
            "what goes %s is %s, payload type %u, which was not agreed on for it",
            streams_direction(to), name ? codec_commonly(name) : "another codec",
            header->payload_type);
    note(session, FINDING_CODEC_MISMATCH, to, pinfo, seen);
}

/* Early media may come from elsewhere than the call's. */
static bool
is_in_call(const session_t *session)
{
    return session->answer.frame && !call_is_over(session);
}

/* Whatever comes now is no word from the sender of what it has not sent. */
static void
take_in_payload(watched_stream_t *stream, carries_t carries, bool is_heard,
                const packet_info *pinfo)
{
    stream->last = pinfo->abs_ts;
    stream->is_reported_sent = false;
    stream->carries = carries;
    stream->has_sent_noise |= carries == CARRIES_NOISE;
    stream->talk += is_heard && carries == CARRIES_MEDIA;
}

/* What the ends may have agreed on in a message that the capture has not, or not all of, is no
 * fault of a stream. */
static bool
may_be_agreed_on(const session_t *session)
{
    return session->has_cut || lacks_some_of(session, SIDE_CALLER) ||
           lacks_some_of(session, SIDE_CALLEE);
}

static const char *
new_source_text(const watched_stream_t *stream, const watched_stream_t *before)
{
    return wmem_strdup_printf(wmem_file_scope(),
                              "since frame %" PRIu64
                              " another source (SSRC 0x%08x instead of 0x%08x) "
                              "sends %s",
                              numbering_told(stream->first_frame), stream->ssrc, before->ssrc,
                              streams_direction(stream->to));
}

static void
check_source(session_t *session, watched_stream_t *stream, packet_info *pinfo)
{
    watched_stream_t **current = &session->current[stream->to][stream->content == CONTENT_VIDEO];
    watched_stream_t *before = *current;

    if (before == stream)
        return;
    if (before && stream->in_a_row < TAKEN_OVER)
        return;
    *current = stream;
    if (before && session->current_answered && is_in_call(session) && !may_be_agreed_on(session))
        note(session, FINDING_RESTARTED, stream->to, pinfo,
             is_new(session, FINDING_RESTARTED, stream->to) ? new_source_text(stream, before)
                                                            : NULL);
    session->current_answered = is_in_call(session);
}

static const char *
new_port_text(const watched_stream_t *stream, uint16_t from)
{
    return wmem_strdup_printf(wmem_file_scope(),
                              "the stream %s comes from port %u instead of %u from here on",
                              streams_direction(stream->to), from, stream->source_port);
}

/* Returns true if the stream now comes from or goes to another port. */
static bool
check_ports(session_t *session, watched_stream_t *stream, packet_info *pinfo)
{
    uint16_t from = (uint16_t)pinfo->srcport;
    uint16_t to = (uint16_t)pinfo->destport;
    bool is_first = stream->source_port == 0;

    if (stream->source_port == from && stream->destination_port == to)
        return false;
    if (!is_first && is_in_call(session) && stream->source_port != from &&
        !may_be_agreed_on(session))
        note(session, FINDING_RESTARTED, stream->to, pinfo,
             is_new(session, FINDING_RESTARTED, stream->to) ? new_port_text(stream, from) : NULL);
    stream->source_port = from;
    stream->destination_port = to;
    return true;
}

/* stream: NULL, where that of the packet is not watched. */
static void
set_latest(session_t *session, content_t content, side_t to, watched_stream_t *stream)
{
    watched_stream_t **latest = &session->latest[to][content == CONTENT_VIDEO];

    if (*latest && *latest != stream)
        (*latest)->goes_on = false;
    *latest = stream;
}

/* How many packets of a stream came with none of the others to that side between them. */
static void
count_in_a_row(session_t *session, watched_stream_t *stream)
{
    if (session->latest[stream->to][stream->content == CONTENT_VIDEO] != stream)
        stream->in_a_row = 0;
    set_latest(session, stream->content, stream->to, stream);
    if (stream->in_a_row < TAKEN_OVER)
        stream->in_a_row++;
}

/* What its call has agreed on, and which other streams it has. Returns true if the stream now comes
 * from or goes to another port. */
static bool
hold_against_call(session_t *session, watched_stream_t *stream, content_t content,
                  const rtp_header_t *header, carries_t carries, packet_info *pinfo)
{
    count_in_a_row(session, stream);
    check_source(session, stream, pinfo);
    if (carries == CARRIES_MEDIA)
        check_codec(session, content, stream->to, header, pinfo);
    stream->payload_type = header->payload_type;
    stream->goes_on = carries == CARRIES_MEDIA && content == stream->content &&
                      session->current[stream->to][content == CONTENT_VIDEO] == stream &&
                      !is_mismatch(session, content, stream->to, header->payload_type) &&
                      is_in_call(session) && !session->legs;
    return check_ports(session, stream, pinfo);
}

bool
streams_add(session_t *session, watched_stream_t **stream, content_t content, side_t to,
            const rtp_header_t *header, carries_t carries, packet_info *pinfo)
{
    *stream = find_lately(session, *stream, content, header->ssrc, to);
    if (*stream)
        follow(session, *stream, header, pinfo);
    else
        *stream = stream_new(session, content, to, header, pinfo);
    if (!*stream) {
        set_latest(session, content, to, NULL);
        return false;
    }
    take_in_payload(*stream, carries, session_hears_now(session), pinfo);
    return hold_against_call(session, *stream, content, header, carries, pinfo);
}

/* What hold_against_call() found in order of the last packet is so of this one. */
static bool
has_nothing_new(const watched_stream_t *stream, const rtp_header_t *header,
                const packet_info *pinfo)
{
    return stream->goes_on && stream->payload_type == header->payload_type &&
           stream->source_port == (uint16_t)pinfo->srcport &&
           stream->destination_port == (uint16_t)pinfo->destport;
}

bool
streams_go_on(watched_stream_t *stream, content_t content, side_t to, const rtp_header_t *header,
              const packet_info *pinfo)
{
    if (!is_stream(stream, header->ssrc, to) || stream->content != content ||
        !has_nothing_new(stream, header, pinfo) || !stream->is_sound ||
        header->payload_length == 0 || !sequence_is_next(&stream->sequence, header->sequence))
        return false;
    sequence_go_ahead(&stream->sequence, 1);
    go_ahead(stream, 1, header);
    take_in_payload(stream, CARRIES_MEDIA, true, pinfo);
    return true;
}

void
streams_may_begin_anew(session_t *session, content_t content, side_t to)
{
    session->current[to][content == CONTENT_VIDEO] = NULL;
    streams_look_again(session);
    for (watched_stream_t *stream = session->streams; stream; stream = stream->next) {
        if (stream->to == to)
            stream->source_port = 0;
    }
}

void
streams_look_again(session_t *session)
{
    for (watched_stream_t *stream = session->streams; stream; stream = stream->next)
        stream->goes_on = false;
}

void
streams_sender_report(session_t *session, uint32_t ssrc, uint32_t ntp, uint32_t sent,
                      const packet_info *pinfo)
{
    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        watched_stream_t *stream = find(session, ssrc, to);

        if (!stream)
            continue;
        stream->report_time = ntp;
        stream->reported_at = pinfo->abs_ts;
        if (!stream->is_reported_sent)
            stream->sent = sent;
        stream->is_reported_sent |= sent != 0;
        stream->has_sent_more = sent > stream->sent;
    }
}

void
streams_receiver_report(session_t *session, const receiver_report_t *report,
                        const packet_info *pinfo)
{
    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        watched_stream_t *stream = find(session, report->ssrc, to);
        nstime_t since;

        if (!stream)
            continue;
        stream->reports++;
        stream->latest = (reported_t){
            .lost = report->lost, .highest = report->highest, .jitter = report->jitter};
        if (!report->last_report || report->last_report != stream->report_time)
            continue;
        nstime_delta(&since, &pinfo->abs_ts, &stream->reported_at);
        stream->round_trip = nstime_to_sec(&since) - report->delay / 65536.0;
    }
}

void
streams_empty_report(session_t *session, side_t reporter)
{
    session->empty_reports[reporter]++;
}

bool
streams_are_reported(const session_t *session, side_t to)
{
    for (const watched_stream_t *stream = session->streams; stream; stream = stream->next) {
        if (stream->to == to && stream->reports)
            return true;
    }
    return false;
}
