/* streams.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/streams.h"
#include "session/lacks.h"

#include "common/dense.h"
#include "common/numbering.h"
#include "readers/codecs.h"
#include "readers/payload.h"

/* Of a call with more sources than this the others are not watched. */
#define MOST_STREAMS 32

/* Fewer packets tell nothing of what is lost. */
#define LOSS_MIN_EXPECTED 50
#define LOSS_PERCENT 5

/* So long before the end of a call does a stream end that is worth a word, s. */
#define ENDED_EARLY 10

/* So many packets without a sound are no pause. */
#define SILENT_PACKETS 120

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

/* The same, tried first where the last packet of this kind was. */
static watched_stream_t *
find_lately(const session_t *session, content_t content, uint32_t ssrc, side_t to)
{
    watched_stream_t *latest = session->latest[to][content == CONTENT_VIDEO];

    return latest && is_stream(latest, ssrc, to) ? latest : find(session, ssrc, to);
}

const watched_stream_t *
streams_find(const session_t *session, uint32_t ssrc, side_t to)
{
    return find(session, ssrc, to);
}

static uint32_t
expected_of(const watched_stream_t *stream)
{
    return stream->expected + stream->sequence.highest - stream->first_sequence + 1;
}

static int64_t
lost_of(const watched_stream_t *stream)
{
    return (int64_t)expected_of(stream) - stream->received;
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

static const char *
direction(side_t to)
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
                                  missing, direction(stream->to), seconds);
    note(session, FINDING_MEDIA_GAP, stream->to, pinfo, seen);
}

static void
go_on(session_t *session, watched_stream_t *stream, uint16_t ahead, const rtp_header_t *header,
      packet_info *pinfo)
{
    uint32_t advance = header->timestamp - stream->timestamp;

    if (ahead > 1)
        check_gap(session, stream, ahead - 1u, header, pinfo);
    else if (advance && advance < INT32_MAX && (!stream->step || advance < stream->step))
        stream->step = advance;
    stream->timestamp = header->timestamp;
    stream->received++;
}

static void
follow(session_t *session, watched_stream_t *stream, const rtp_header_t *header, packet_info *pinfo)
{
    const uint32_t expected = expected_of(stream);
    uint16_t ahead;

    switch (sequence_add(&stream->sequence, header->sequence, &ahead)) {
    case SEQUENCE_AHEAD:
        go_on(session, stream, ahead, header, pinfo);
        break;
    case SEQUENCE_LATE:
        stream->received++;
        break;
    case SEQUENCE_BEGINS:
        stream->expected = expected;
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
            "what goes %s is %s, payload type %u, which was not agreed on for it", direction(to),
            name ? codec_commonly(name) : "another codec", header->payload_type);
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
take_in_payload(const session_t *session, watched_stream_t *stream, carries_t carries,
                const packet_info *pinfo)
{
    stream->last = pinfo->abs_ts;
    stream->sent[0] = 0;
    stream->carries = carries;
    stream->has_sent_noise |= carries == CARRIES_NOISE;
    if (carries == CARRIES_MEDIA && session_hears_now(session))
        stream->talk++;
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
    return wmem_strdup_printf(
        wmem_file_scope(),
        "since frame %" PRIu64 " another source (SSRC 0x%08x instead of 0x%08x) "
        "sends %s",
        numbering_told(stream->first_frame), stream->ssrc, before->ssrc, direction(stream->to));
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
                              direction(stream->to), from, stream->source_port);
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

/* How many packets of a stream came with none of the others to that side between them. */
static void
count_in_a_row(session_t *session, watched_stream_t *stream)
{
    bool is_video = stream->content == CONTENT_VIDEO;

    if (session->latest[stream->to][is_video] != stream)
        stream->in_a_row = 0;
    session->latest[stream->to][is_video] = stream;
    stream->in_a_row++;
}

bool
streams_add(session_t *session, content_t content, side_t to, const rtp_header_t *header,
            carries_t carries, packet_info *pinfo)
{
    watched_stream_t *stream = find_lately(session, content, header->ssrc, to);

    if (stream)
        follow(session, stream, header, pinfo);
    else
        stream = stream_new(session, content, to, header, pinfo);
    if (!stream) {
        session->latest[to][content == CONTENT_VIDEO] = NULL;
        return false;
    }
    take_in_payload(session, stream, carries, pinfo);
    count_in_a_row(session, stream);
    check_source(session, stream, pinfo);
    if (carries == CARRIES_MEDIA)
        check_codec(session, content, to, header, pinfo);
    return check_ports(session, stream, pinfo);
}

void
streams_may_begin_anew(session_t *session, content_t content, side_t to)
{
    session->current[to][content == CONTENT_VIDEO] = NULL;
    for (watched_stream_t *stream = session->streams; stream; stream = stream->next) {
        if (stream->to == to)
            stream->source_port = 0;
    }
}

watched_stream_t *
streams_latest(const session_t *session, content_t content, side_t to)
{
    return session->latest[to][content == CONTENT_VIDEO];
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
        if (!stream->sent[0])
            stream->sent[0] = sent;
        stream->sent[1] = sent;
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
        stream->latest = *report;
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

static bool
is_much(int64_t lost, uint32_t expected)
{
    return expected >= LOSS_MIN_EXPECTED && lost * 100 >= (int64_t)LOSS_PERCENT * expected;
}

/*
 * A receiver counts from the first packet that it got; that is taken for the first here.
 * What it can only have got of another stretch of the stream tells nothing.
 */
static uint32_t
expected_by_receiver(const session_t *session, const watched_stream_t *stream)
{
    uint32_t expected = stream->latest.highest - stream->first_sequence + 1;

    return session->begun && stream->reports && stream->expected == 0 &&
                   expected <= expected_of(stream) + LOSS_MIN_EXPECTED
               ? expected
               : 0;
}

double
streams_reported_loss(const session_t *session, const watched_stream_t *stream)
{
    uint32_t expected = expected_by_receiver(session, stream);

    return expected && stream->latest.lost > 0 ? MIN((double)stream->latest.lost / expected, 1) : 0;
}

bool
streams_are_told_by_receiver(const session_t *session, const watched_stream_t *stream)
{
    return expected_by_receiver(session, stream) >= (expected_of(stream) + 1) / 2;
}

static void
note_loss(const watched_stream_t *stream, evidence_list_t *list, uint32_t frame, int64_t lost,
          uint32_t expected, const char *how)
{
    if (is_much(lost, expected))
        evidence_add(list, FINDING_LOSSY_MEDIA, stream->to, frame,
                     wmem_strdup_printf(
                         list->scope, "%" PRId64 " of %u packets %s were lost, %.1f %%, %s", lost,
                         expected, direction(stream->to), (double)lost * 100 / expected, how));
}

/* What its receiver had and this capture has not: the capture has lost it. */
static void
note_lost_by_capture(const watched_stream_t *stream, evidence_list_t *list, uint32_t frame,
                     int64_t lost)
{
    if (!is_much(lost, expected_of(stream)))
        return;
    evidence_withdraw(list, FINDING_MEDIA_GAP, stream->to);
    evidence_add(list, FINDING_CAPTURED_IN_PART, !stream->to, frame,
                 wmem_strdup_printf(list->scope,
                                    "the capture has lost %" PRId64
                                    " of %u packets %s, which their receiver had",
                                    lost, expected_of(stream), direction(stream->to)));
}

/* Where the receiver tells of most of a stream, it is believed rather than the capture. */
static void
judge(const session_t *session, const watched_stream_t *stream, evidence_list_t *list,
      uint32_t frame)
{
    uint32_t by_receiver = expected_by_receiver(session, stream);

    if (streams_are_told_by_receiver(session, stream)) {
        note_lost_by_capture(stream, list, frame, lost_of(stream) - MAX(stream->latest.lost, 0));
    } else if (is_much(lost_of(stream), expected_of(stream))) {
        note_loss(stream, list, frame, lost_of(stream), expected_of(stream),
                  "by the sequence numbers in this capture");
        return;
    }
    note_loss(stream, list, frame, stream->latest.lost, by_receiver,
              "as the receiver says in its RTCP reports");
}

static bool
is_audio(const watched_stream_t *stream, side_t to)
{
    return stream->to == to && stream->content != CONTENT_VIDEO;
}

/* All that came to a side while the call was up was silence. */
static bool
is_silent(const session_t *session, side_t to)
{
    uint32_t packets = 0;

    for (const watched_stream_t *stream = session->streams; stream; stream = stream->next) {
        if (!is_audio(stream, to) || stream->talk == 0)
            continue;
        if (stream->is_sound)
            return false;
        packets += stream->talk;
    }
    return packets >= SILENT_PACKETS;
}

/* The audio to a side that came last; NULL: there is none. */
static const watched_stream_t *
last_to(const session_t *session, side_t to)
{
    const watched_stream_t *last = NULL;

    for (const watched_stream_t *stream = session->streams; stream; stream = stream->next) {
        if (is_audio(stream, to) && stream->talk &&
            (!last || nstime_cmp(&stream->last, &last->last) > 0))
            last = stream;
    }
    return last;
}

static double
seconds_between(const nstime_t *from, const nstime_t *to)
{
    nstime_t span;

    nstime_delta(&span, to, from);
    return nstime_to_sec(&span);
}

/* What is known of why nothing more came. */
static const char *
ended_because(const watched_stream_t *stream)
{
    if (stream->sent[0] && stream->sent[1] > stream->sent[0])
        return "; its sender says in RTCP that it went on sending";
    if (stream->sent[0] && nstime_cmp(&stream->reported_at, &stream->last) > 0)
        return "; its sender says in RTCP that it sent no more";
    if (stream->carries == CARRIES_NOISE)
        return "; its sender had announced silence (comfort noise)";
    if (stream->has_sent_noise)
        return "; its sender announces silence otherwise (comfort noise)";
    return "; its sender may suppress silence";
}

bool
streams_cover_little(const session_t *session)
{
    const moment_t *end = session->control_end && !call_is_over(session) ? &session->control_end->at
                                                                         : &session->release;
    double talk = seconds_between(&session->answer.at, &end->at);

    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        const watched_stream_t *last = last_to(session, to);

        if (last && seconds_between(&session->answer.at, &last->last) < talk / 2)
            return true;
    }
    return false;
}

static void
judge_end(const session_t *session, side_t to, const nstime_t *until, evidence_list_t *list,
          uint32_t frame)
{
    const watched_stream_t *last = last_to(session, to);
    double before;

    if (!last || call_is_held(session))
        return;
    before = seconds_between(&last->last, until);
    if (before >= ENDED_EARLY)
        evidence_add(list, FINDING_MEDIA_ENDED, to, frame,
                     wmem_strdup_printf(list->scope, "the stream %s ended %.0f s before the call%s",
                                        direction(to), before, ended_because(last)));
}

void
streams_judge_audio(const session_t *session, const nstime_t *until, evidence_list_t *list,
                    uint32_t frame)
{
    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        if (is_silent(session, to))
            evidence_add(list, FINDING_SILENT_MEDIA, to, frame,
                         wmem_strdup_printf(list->scope, "the RTP %s carried silence all the time",
                                            direction(to)));
        judge_end(session, to, until, list, frame);
    }
}

void
streams_judge(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    for (const watched_stream_t *stream = session->streams; stream; stream = stream->next)
        judge(session, stream, list, frame);
}
