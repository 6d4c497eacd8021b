/* streams_told.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/streams_told.h"

/* Fewer packets tell nothing of what is lost. */
#define LOSS_MIN_EXPECTED 50
#define LOSS_PERCENT 5

/* So long before the end of a call does a stream end that is worth a word, s. */
#define ENDED_EARLY 10

/* So many packets without a sound are no pause. */
#define SILENT_PACKETS 120

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
                     wmem_strdup_printf(list->scope,
                                        "%" PRId64 " of %u packets %s were lost, %.1f %%, %s", lost,
                                        expected, streams_direction(stream->to),
                                        (double)lost * 100 / expected, how));
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
                                    lost, expected_of(stream), streams_direction(stream->to)));
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
    if (stream->is_reported_sent && stream->has_sent_more)
        return "; its sender says in RTCP that it went on sending";
    if (stream->is_reported_sent && nstime_cmp(&stream->reported_at, &stream->last) > 0)
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
                                        streams_direction(to), before, ended_because(last)));
}

void
streams_judge_audio(const session_t *session, const nstime_t *until, evidence_list_t *list,
                    uint32_t frame)
{
    for (side_t to = SIDE_CALLER; to < SIDE_COUNT; to++) {
        if (is_silent(session, to))
            evidence_add(list, FINDING_SILENT_MEDIA, to, frame,
                         wmem_strdup_printf(list->scope, "the RTP %s carried silence all the time",
                                            streams_direction(to)));
        judge_end(session, to, until, list, frame);
    }
}

void
streams_judge(const session_t *session, evidence_list_t *list, uint32_t frame)
{
    for (const watched_stream_t *stream = session->streams; stream; stream = stream->next)
        judge(session, stream, list, frame);
}
