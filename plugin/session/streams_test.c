/* streams_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/streams.h"

#include <epan/frame_data.h>

#define SSRC 0x1000

/* RTP of one source, as it goes on from packet to packet. */
typedef struct {
    session_t *session;
    side_t to;
    content_t content;
    rtp_header_t header;
    time_t at;
    uint32_t frame;
    uint16_t port;
    uint16_t to_port;
    carries_t carries;
} source_t;

/* A call that is up. */
static session_t *
call_up(void)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->begun = true;
    session->may_be_early = true;
    session->answer = (moment_t){.frame = 1, .at = {.secs = 1000}};
    session->evidence.scope = wmem_file_scope();
    return session;
}

static source_t
source_of(session_t *session, uint32_t ssrc)
{
    return (source_t){.session = session,
                      .to = SIDE_CALLEE,
                      .content = CONTENT_AUDIO,
                      .header = {.ssrc = ssrc, .sequence = 100},
                      .at = 1000,
                      .frame = 10,
                      .port = 5004,
                      .to_port = 6004};
}

static bool
send(source_t *source)
{
    frame_data fd = {.num = source->frame};
    packet_info pinfo = {.num = source->frame++,
                         .fd = &fd,
                         .abs_ts = {.secs = source->at},
                         .srcport = source->port,
                         .destport = source->to_port};
    bool is_new = streams_add(source->session, source->content, source->to, &source->header,
                              source->carries, &pinfo);

    source->header.sequence++;
    source->header.timestamp += 160;
    return is_new;
}

static void
send_many(source_t *source, unsigned count)
{
    while (count-- > 0)
        send(source);
}

static void
pass_over(source_t *source, uint16_t count)
{
    source->header.sequence = (uint16_t)(source->header.sequence + count);
    source->header.timestamp += 160u * count;
}

static const watched_stream_t *
stream_of(const source_t *source)
{
    const watched_stream_t *stream = streams_find(source->session, source->header.ssrc, source->to);

    g_assert_nonnull(stream);
    return stream;
}

static const evidence_t *
found(const source_t *source, finding_t finding)
{
    return evidence_find(&source->session->evidence, finding, source->to);
}

static void
packets_are_counted_once(void)
{
    source_t source = source_of(call_up(), SSRC);

    g_assert_true(send(&source));
    g_assert_false(send(&source));
    source.header.sequence--;
    g_assert_false(send(&source));
    g_assert_cmpuint(stream_of(&source)->received, ==, 2);
    /* before the first is none of it */
    source.header.sequence = 99;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 2);
    source.header.sequence = 103;
    send(&source);
    source.header.sequence = 102;
    send(&source);
    source.header.sequence = 102;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 4);
    g_assert_cmpuint(stream_of(&source)->highest, ==, 103);
    g_assert_cmpuint(stream_of(&source)->first_sequence, ==, 100);
    g_assert_cmpuint(stream_of(&source)->first_frame, ==, 10);
}

/* The first, and the first that begins anew, may come again as others. */
static void
the_first_may_come_again(void)
{
    source_t source = source_of(call_up(), SSRC);

    send(&source);
    source.header.sequence = 100;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 1);
    source.header.sequence = 5000;
    send(&source);
    source.header.sequence = 5000;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 2);
    g_assert_cmpuint(stream_of(&source)->step, ==, 0);
}

/* What is so far behind was counted, or is not known to be. */
static void
the_window_has_an_end(void)
{
    source_t source = source_of(call_up(), SSRC);

    send(&source);
    source.header.sequence = 200;
    send(&source);
    source.header.sequence = 137;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 3);
    source.header.sequence = 136;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 3);
    g_assert_cmpuint(stream_of(&source)->highest, ==, 200);
    source.header.sequence = 263;
    send(&source);
    source.header.sequence = 200;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->received, ==, 4);
}

/* RFC 3550 A.1 */
static void
numbers_may_begin_anew(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 2);
    source.header.sequence = 101 + 2999;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->highest, ==, 3100);
    g_assert_cmpuint(stream_of(&source)->expected, ==, 0);
    source.header.sequence = 3100 + 3000;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->highest, ==, 6100);
    g_assert_cmpuint(stream_of(&source)->first_sequence, ==, 6100);
    g_assert_cmpuint(stream_of(&source)->expected, ==, 3001);
    g_assert_cmpuint(stream_of(&source)->received, ==, 4);
    source.header.sequence = 6100 - 2999;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->first_sequence, ==, 6100);
    source.header.sequence = 6100 - 3000;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->first_sequence, ==, 3100);
}

static void
numbers_wrap(void)
{
    source_t source = source_of(call_up(), SSRC);

    source.header.sequence = 65535;
    send_many(&source, 3);
    g_assert_cmpuint(stream_of(&source)->highest, ==, 65537);
    g_assert_cmpuint(stream_of(&source)->received, ==, 3);
}

/* 50 packets of 160 in a row are a second of it, at 8000 Hz. */
static void
gaps(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 2);
    pass_over(&source, 49);
    send(&source);
    g_assert_null(found(&source, FINDING_MEDIA_GAP));
    pass_over(&source, 50);
    send(&source);
    g_assert_cmpstr(found(&source, FINDING_MEDIA_GAP)->seen, ==,
                    "50 packets in a row are missing of the stream to the callee, 1.0 s of it");
    g_assert_cmpuint(found(&source, FINDING_MEDIA_GAP)->frames[0], ==, 13);
    pass_over(&source, 100);
    send(&source);
    g_assert_cmpuint(found(&source, FINDING_MEDIA_GAP)->count, ==, 2);
    source = source_of(call_up(), SSRC);
    source.content = CONTENT_VIDEO;
    send_many(&source, 2);
    pass_over(&source, 50);
    send(&source);
    g_assert_null(found(&source, FINDING_MEDIA_GAP));
}

/* The smallest step between neighbours is that of all. */
static void
steps_are_learnt(void)
{
    source_t source = source_of(call_up(), SSRC);

    send(&source);
    source.header.timestamp += 800;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->step, ==, 960);
    send(&source);
    g_assert_cmpuint(stream_of(&source)->step, ==, 160);
    source.header.timestamp -= 160;
    send(&source);
    source.header.timestamp -= 320;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->step, ==, 160);
    source.header.sequence++;
    source.header.timestamp -= 100;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->step, ==, 160);
}

static void
agree_on(session_t *session, uint64_t types, bool is_open)
{
    session->negotiated[SIDE_CALLEE] = (negotiated_t){.types = types, .is_open = is_open};
}

static bool
is_mismatch(uint64_t types, bool is_open, uint8_t payload_type, content_t content,
            carries_t carries)
{
    source_t source = source_of(call_up(), SSRC);

    agree_on(source.session, types, is_open);
    source.content = content;
    source.carries = carries;
    source.header.payload_type = payload_type;
    send(&source);
    return found(&source, FINDING_CODEC_MISMATCH) != NULL;
}

static void
codecs_that_were_not_agreed_on(void)
{
    g_assert_false(is_mismatch(1, false, 0, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_true(is_mismatch(1, false, 8, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_true(is_mismatch(1, false, 8, CONTENT_UNKNOWN, CARRIES_MEDIA));
    g_assert_false(is_mismatch(1 | 1 << 8, false, 8, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_false(is_mismatch(1, false, 8, CONTENT_VIDEO, CARRIES_MEDIA));
    g_assert_false(is_mismatch(1, false, 8, CONTENT_AUDIO, CARRIES_EVENT));
    g_assert_false(is_mismatch(1, true, 8, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_false(is_mismatch(0, false, 8, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_false(is_mismatch(1, false, 13, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_true(is_mismatch(1, false, 64, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_true(is_mismatch(1, false, 95, CONTENT_AUDIO, CARRIES_MEDIA));
    g_assert_false(is_mismatch(1, false, 96, CONTENT_AUDIO, CARRIES_MEDIA));
}

static void
a_mismatch_is_told_once(void)
{
    source_t source = source_of(call_up(), SSRC);

    agree_on(source.session, 1, false);
    source.header.payload_type = 8;
    send_many(&source, 20);
    g_assert_cmpstr(found(&source, FINDING_CODEC_MISMATCH)->seen, ==,
                    "what goes to the callee is G.711 A-law, payload type 8, which was not agreed "
                    "on for it");
    g_assert_cmpuint(found(&source, FINDING_CODEC_MISMATCH)->count, ==, 20);
}

/* Two sources of which the second takes over. */
static bool
is_restarted(session_t *session, content_t content, unsigned packets)
{
    source_t source = source_of(session, SSRC);
    source_t other = source_of(session, SSRC + 1);

    source.content = other.content = content;
    send_many(&source, 3);
    send_many(&other, packets);
    return found(&source, FINDING_RESTARTED) != NULL;
}

static void
another_source_takes_over(void)
{
    session_t *session = call_up();

    g_assert_false(is_restarted(call_up(), CONTENT_AUDIO, 2));
    g_assert_true(is_restarted(session, CONTENT_AUDIO, 3));
    g_assert_cmpstr(evidence_find(&session->evidence, FINDING_RESTARTED, SIDE_CALLEE)->seen, ==,
                    "since frame 10 another source (SSRC 0x00001001 instead of 0x00001000) sends "
                    "to the callee");
    g_assert_true(is_restarted(call_up(), CONTENT_VIDEO, 3));
    session = call_up();
    session->answer.frame = 0;
    g_assert_false(is_restarted(session, CONTENT_AUDIO, 3));
    session = call_up();
    session->release.frame = 9;
    g_assert_false(is_restarted(session, CONTENT_AUDIO, 3));
    session = call_up();
    session->has_cut = true;
    g_assert_false(is_restarted(session, CONTENT_AUDIO, 3));
}

/* As long as both send, neither takes over; nor does one after early media. */
static void
sources_may_be_two(void)
{
    session_t *session = call_up();
    source_t source = source_of(session, SSRC);
    source_t other = source_of(session, SSRC + 1);

    for (unsigned i = 0; i < 10; i++) {
        send(&source);
        send_many(&other, 2);
    }
    g_assert_null(found(&source, FINDING_RESTARTED));
    session = call_up();
    session->answer.frame = 0;
    source = source_of(session, SSRC);
    other = source_of(session, SSRC + 1);
    send_many(&source, 3);
    session->answer.frame = 9;
    send_many(&other, 3);
    g_assert_null(found(&source, FINDING_RESTARTED));
    send_many(&source, 3);
    g_assert_nonnull(found(&source, FINDING_RESTARTED));
}

static void
a_channel_may_be_opened_anew(void)
{
    session_t *session = call_up();
    source_t source = source_of(session, SSRC);
    source_t other = source_of(session, SSRC + 1);

    send_many(&source, 3);
    streams_may_begin_anew(session, CONTENT_AUDIO, SIDE_CALLEE);
    source.port = 5006;
    g_assert_true(send(&source));
    streams_may_begin_anew(session, CONTENT_AUDIO, SIDE_CALLEE);
    send_many(&other, 3);
    g_assert_null(found(&source, FINDING_RESTARTED));
    streams_may_begin_anew(session, CONTENT_AUDIO, SIDE_CALLER);
    streams_may_begin_anew(session, CONTENT_VIDEO, SIDE_CALLEE);
    send_many(&source, 3);
    g_assert_nonnull(found(&source, FINDING_RESTARTED));
}

static void
ports_may_change(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 2);
    source.port = 5006;
    g_assert_true(send(&source));
    g_assert_false(send(&source));
    g_assert_cmpstr(found(&source, FINDING_RESTARTED)->seen, ==,
                    "the stream to the callee comes from port 5006 instead of 5004 from here on");
    g_assert_cmpuint(found(&source, FINDING_RESTARTED)->count, ==, 1);
    source = source_of(call_up(), SSRC);
    source.session->answer.frame = 0;
    send(&source);
    source.port = 5006;
    g_assert_true(send(&source));
    g_assert_null(found(&source, FINDING_RESTARTED));
    source = source_of(call_up(), SSRC);
    source.session->has_cut = true;
    send(&source);
    source.port = 5006;
    send(&source);
    g_assert_null(found(&source, FINDING_RESTARTED));
}

/* Where it goes to may change without another source. */
static void
the_receiver_may_move(void)
{
    source_t source = source_of(call_up(), SSRC);

    send(&source);
    source.to_port = 6006;
    g_assert_true(send(&source));
    g_assert_false(send(&source));
    g_assert_null(found(&source, FINDING_RESTARTED));
}

/* What the ends agree on may be in what the capture lacks. */
static void
the_capture_may_lack_messages(void)
{
    captured_t captured = {.ends = {{.segments = 2, .is_known = true, .next = 10, .wanted = 17},
                                    {.segments = 2, .is_known = true, .next = 10, .wanted = 10}}};

    for (unsigned turned = 0; turned < 2; turned++) {
        session_t *session = call_up();

        session->carried[OVER_CONTROL] =
            (carried_t){.captured = &captured, .is_turned = turned != 0};
        g_assert_false(is_restarted(session, CONTENT_AUDIO, 3));
    }
}

static void
video_is_for_itself(void)
{
    session_t *session = call_up();
    source_t audio = source_of(session, SSRC);
    source_t video = source_of(session, SSRC + 1);
    source_t fax = source_of(session, SSRC + 2);

    video.content = CONTENT_VIDEO;
    fax.content = CONTENT_T38;
    send_many(&audio, 3);
    send_many(&video, 3);
    g_assert_null(found(&audio, FINDING_RESTARTED));
    g_assert_true(streams_latest(session, CONTENT_VIDEO, SIDE_CALLEE) == stream_of(&video));
    g_assert_true(streams_latest(session, CONTENT_AUDIO, SIDE_CALLEE) == stream_of(&audio));
    send_many(&fax, 3);
    g_assert_true(streams_latest(session, CONTENT_AUDIO, SIDE_CALLEE) == stream_of(&fax));
    g_assert_nonnull(found(&audio, FINDING_RESTARTED));
}

static void
there_is_a_limit(void)
{
    session_t *session = call_up();
    source_t source;

    for (uint32_t i = 0; i < 32; i++) {
        source = source_of(session, SSRC + i);
        g_assert_true(send(&source));
        g_assert_true(streams_latest(session, CONTENT_AUDIO, SIDE_CALLEE) == stream_of(&source));
    }
    source = source_of(session, SSRC + 32);
    source.content = CONTENT_VIDEO;
    g_assert_false(send(&source));
    g_assert_nonnull(streams_latest(session, CONTENT_AUDIO, SIDE_CALLEE));
    source.content = CONTENT_AUDIO;
    g_assert_false(send(&source));
    g_assert_null(streams_find(session, SSRC + 32, SIDE_CALLEE));
    g_assert_null(streams_latest(session, CONTENT_AUDIO, SIDE_CALLEE));
}

static void
talk_is_what_is_heard(void)
{
    source_t source = source_of(call_up(), SSRC);

    send(&source);
    source.carries = CARRIES_NOISE;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->talk, ==, 1);
    g_assert_true(stream_of(&source)->has_sent_noise);
    g_assert_cmpint(stream_of(&source)->carries, ==, CARRIES_NOISE);
    source.carries = CARRIES_MEDIA;
    source.session->release.frame = 9;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->talk, ==, 1);
    g_assert_true(stream_of(&source)->has_sent_noise);
    g_assert_null(streams_find(source.session, SSRC, SIDE_CALLER));
}

/* Reports */

static void
report_sent(const source_t *source, uint32_t ntp, uint32_t sent, time_t at)
{
    const packet_info pinfo = {.abs_ts = {.secs = at}};

    streams_sender_report(source->session, source->header.ssrc, ntp, sent, &pinfo);
}

static void
report_received(const source_t *source, receiver_report_t report, time_t at)
{
    const packet_info pinfo = {.abs_ts = {.secs = at}};

    report.ssrc = source->header.ssrc;
    streams_receiver_report(source->session, &report, &pinfo);
}

static void
expect_reports_kept(side_t to)
{
    source_t source = source_of(call_up(), SSRC);

    source.to = to;
    send(&source);
    g_assert_cmpfloat(stream_of(&source)->round_trip, <, 0);
    g_assert_false(streams_are_reported(source.session, to));
    report_received(&source, (receiver_report_t){.lost = 0}, 1000);
    g_assert_true(streams_are_reported(source.session, to));
    g_assert_false(streams_are_reported(source.session, !to));
    g_assert_cmpfloat(stream_of(&source)->round_trip, <, 0);
    report_sent(&source, 77, 5, 1001);
    report_sent(&source, 78, 6, 1002);
    g_assert_cmpuint(stream_of(&source)->sent[0], ==, 5);
    g_assert_cmpuint(stream_of(&source)->sent[1], ==, 6);
    report_received(&source, (receiver_report_t){.last_report = 77}, 1004);
    g_assert_cmpfloat(stream_of(&source)->round_trip, <, 0);
    report_received(&source, (receiver_report_t){.last_report = 78, .delay = 65536}, 1004);
    g_assert_cmpfloat_with_epsilon(stream_of(&source)->round_trip, 1, 1e-9);
    g_assert_cmpuint(stream_of(&source)->reports, ==, 3);
    /* what comes now has not been reported yet */
    send(&source);
    g_assert_cmpuint(stream_of(&source)->sent[0], ==, 0);
    source.header.ssrc++;
    report_sent(&source, 79, 7, 1005);
    report_received(&source, (receiver_report_t){.lost = 0}, 1005);
    streams_empty_report(source.session, SIDE_CALLER);
    g_assert_cmpuint(source.session->empty_reports[SIDE_CALLER], ==, 1);
}

static void
reports_are_kept(void)
{
    expect_reports_kept(SIDE_CALLEE);
    expect_reports_kept(SIDE_CALLER);
}

/* Loss */

/* Of 100 packets this many are not there, and its receiver has lost those; negative: it says
 * nothing.
 */
static evidence_list_t
loss(uint16_t missing, int32_t reported, uint32_t highest)
{
    source_t source = source_of(call_up(), SSRC);
    evidence_list_t list = {.scope = wmem_file_scope()};

    send(&source);
    pass_over(&source, missing);
    send_many(&source, 99u - missing);
    if (reported >= 0)
        report_received(&source, (receiver_report_t){.lost = reported, .highest = highest}, 1002);
    streams_judge(source.session, &list, 99);
    return list;
}

static void
expect_loss(const evidence_list_t *list, const char *seen)
{
    const evidence_t *evidence = evidence_find(list, FINDING_LOSSY_MEDIA, SIDE_CALLEE);

    g_assert_cmpstr(evidence ? evidence->seen : NULL, ==, seen);
}

static void
what_is_lost(void)
{
    evidence_list_t list = loss(4, -1, 0);

    expect_loss(&list, NULL);
    list = loss(5, -1, 0);
    expect_loss(&list, "5 of 100 packets to the callee were lost, 5.0 %, by the sequence numbers "
                       "in this capture");
    /* the receiver is believed where it tells of most of it */
    list = loss(0, 5, 199);
    expect_loss(&list, "5 of 100 packets to the callee were lost, 5.0 %, as the receiver says in "
                       "its RTCP reports");
    list = loss(0, 4, 199);
    expect_loss(&list, NULL);
    list = loss(10, 0, 199);
    expect_loss(&list, NULL);
    g_assert_cmpstr(evidence_find(&list, FINDING_CAPTURED_IN_PART, SIDE_CALLER)->seen, ==,
                    "the capture has lost 10 of 100 packets to the callee, which their receiver "
                    "had");
    list = loss(10, 6, 199);
    g_assert_false(evidence_has(&list, FINDING_CAPTURED_IN_PART));
    expect_loss(&list, "6 of 100 packets to the callee were lost, 6.0 %, as the receiver says in "
                       "its RTCP reports");
    /* of less than half of it */
    list = loss(10, 0, 148);
    expect_loss(&list, "10 of 100 packets to the callee were lost, 10.0 %, by the sequence numbers "
                       "in this capture");
    list = loss(10, 0, 149);
    expect_loss(&list, NULL);
    /* of more than there is */
    list = loss(10, 0, 249);
    expect_loss(&list, NULL);
    list = loss(10, 0, 250);
    expect_loss(&list, "10 of 100 packets to the callee were lost, 10.0 %, by the sequence numbers "
                       "in this capture");
}

/* A gap that the receiver does not have is one of the capture. */
static void
the_capture_may_have_lost_it(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 2);
    pass_over(&source, 60);
    send_many(&source, 38);
    g_assert_nonnull(found(&source, FINDING_MEDIA_GAP));
    streams_judge(source.session, &source.session->evidence, 99);
    g_assert_nonnull(found(&source, FINDING_MEDIA_GAP));
    report_received(&source, (receiver_report_t){.lost = 0, .highest = 199}, 1002);
    streams_judge(source.session, &source.session->evidence, 99);
    g_assert_null(found(&source, FINDING_MEDIA_GAP));
}

/* It tells nothing of a stream that began anew, nor does one that has not reported. */
static void
the_receiver_may_not_tell(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 100);
    g_assert_false(streams_are_told_by_receiver(source.session, stream_of(&source)));
    streams_latest(source.session, CONTENT_AUDIO, SIDE_CALLEE)->latest.highest = 199;
    g_assert_false(streams_are_told_by_receiver(source.session, stream_of(&source)));
    report_received(&source, (receiver_report_t){.lost = 1, .highest = 199}, 1002);
    g_assert_true(streams_are_told_by_receiver(source.session, stream_of(&source)));
    g_assert_cmpfloat(streams_reported_loss(source.session, stream_of(&source)), ==, 0.01);
    source.header.sequence = 10000;
    send(&source);
    report_received(&source, (receiver_report_t){.lost = 1, .highest = 10000}, 1002);
    g_assert_false(streams_are_told_by_receiver(source.session, stream_of(&source)));
}

static void
few_packets_tell_nothing(void)
{
    source_t source = source_of(call_up(), SSRC);
    evidence_list_t list = {.scope = wmem_file_scope()};

    send(&source);
    pass_over(&source, 20);
    send_many(&source, 28);
    streams_judge(source.session, &list, 99);
    expect_loss(&list, NULL);
    send(&source);
    streams_judge(source.session, &list, 99);
    expect_loss(&list, "20 of 50 packets to the callee were lost, 40.0 %, by the sequence numbers "
                       "in this capture");
}

static void
loss_in_numbers(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 100);
    report_received(&source, (receiver_report_t){.lost = 10, .highest = 199}, 1002);
    g_assert_cmpfloat_with_epsilon(streams_reported_loss(source.session, stream_of(&source)), 0.1,
                                   1e-9);
    report_received(&source, (receiver_report_t){.lost = 1000, .highest = 199}, 1002);
    g_assert_cmpfloat(streams_reported_loss(source.session, stream_of(&source)), ==, 1);
    report_received(&source, (receiver_report_t){.lost = -3, .highest = 199}, 1002);
    g_assert_cmpfloat(streams_reported_loss(source.session, stream_of(&source)), ==, 0);
    report_received(&source, (receiver_report_t){.lost = 10, .highest = 199}, 1002);
    source.session->begun = false;
    g_assert_cmpfloat(streams_reported_loss(source.session, stream_of(&source)), ==, 0);
    g_assert_false(streams_are_told_by_receiver(source.session, stream_of(&source)));
}

/* Audio at the end of a call */

static const char *
judged(const source_t *source, time_t until, finding_t finding)
{
    const nstime_t end = {.secs = until};
    evidence_list_t list = {.scope = wmem_file_scope()};
    const evidence_t *evidence;

    streams_judge_audio(source->session, &end, &list, 99);
    evidence = evidence_find(&list, finding, source->to);
    return evidence ? evidence->seen : NULL;
}

static void
silence(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 119);
    g_assert_null(judged(&source, 1000, FINDING_SILENT_MEDIA));
    send(&source);
    g_assert_cmpstr(judged(&source, 1000, FINDING_SILENT_MEDIA), ==,
                    "the RTP to the callee carried silence all the time");
    streams_latest(source.session, CONTENT_AUDIO, SIDE_CALLEE)->is_sound = true;
    g_assert_null(judged(&source, 1000, FINDING_SILENT_MEDIA));
    source = source_of(call_up(), SSRC);
    source.content = CONTENT_VIDEO;
    send_many(&source, 120);
    g_assert_null(judged(&source, 1000, FINDING_SILENT_MEDIA));
}

#define ENDED "the stream to the callee ended 10 s before the call; its sender "

static void
the_end_of_a_stream(void)
{
    hold_t hold = {.since = {.frame = 5}};
    source_t source = source_of(call_up(), SSRC);
    source_t later = source_of(source.session, SSRC + 1);

    send_many(&source, 3);
    g_assert_null(judged(&source, 1009, FINDING_MEDIA_ENDED));
    g_assert_cmpstr(judged(&source, 1010, FINDING_MEDIA_ENDED), ==, ENDED "may suppress silence");
    source.session->hold = &hold;
    g_assert_null(judged(&source, 1010, FINDING_MEDIA_ENDED));
    source.session->hold = NULL;
    report_sent(&source, 77, 3, 1000);
    g_assert_cmpstr(judged(&source, 1010, FINDING_MEDIA_ENDED), ==, ENDED "may suppress silence");
    report_sent(&source, 78, 3, 1003);
    g_assert_cmpstr(judged(&source, 1010, FINDING_MEDIA_ENDED), ==,
                    ENDED "says in RTCP that it sent no more");
    report_sent(&source, 79, 4, 1004);
    g_assert_cmpstr(judged(&source, 1010, FINDING_MEDIA_ENDED), ==,
                    ENDED "says in RTCP that it went on sending");
    source.carries = CARRIES_NOISE;
    send(&source);
    g_assert_cmpstr(judged(&source, 1010, FINDING_MEDIA_ENDED), ==,
                    ENDED "had announced silence (comfort noise)");
    source.carries = CARRIES_MEDIA;
    send(&source);
    g_assert_cmpstr(judged(&source, 1010, FINDING_MEDIA_ENDED), ==,
                    ENDED "announces silence otherwise (comfort noise)");
    later.at = 1001;
    send(&later);
    g_assert_null(judged(&source, 1010, FINDING_MEDIA_ENDED));
    g_assert_nonnull(judged(&source, 1011, FINDING_MEDIA_ENDED));
}

static void
half_of_the_call(void)
{
    control_end_t end = {.at = {.frame = 8, .at = {.secs = 1010}}};
    source_t source = source_of(call_up(), SSRC);

    source.at = 1004;
    send(&source);
    source.session->control_end = &end;
    g_assert_true(streams_cover_little(source.session));
    source.at = 1005;
    send(&source);
    g_assert_false(streams_cover_little(source.session));
    source.session->release = (moment_t){.frame = 9, .at = {.secs = 1012}};
    g_assert_true(streams_cover_little(source.session));
    source.session->control_end = NULL;
    g_assert_true(streams_cover_little(source.session));
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/streams/packets_are_counted_once", packets_are_counted_once);
    g_test_add_func("/streams/the_first_may_come_again", the_first_may_come_again);
    g_test_add_func("/streams/the_window_has_an_end", the_window_has_an_end);
    g_test_add_func("/streams/numbers_may_begin_anew", numbers_may_begin_anew);
    g_test_add_func("/streams/numbers_wrap", numbers_wrap);
    g_test_add_func("/streams/gaps", gaps);
    g_test_add_func("/streams/steps_are_learnt", steps_are_learnt);
    g_test_add_func("/streams/codecs_that_were_not_agreed_on", codecs_that_were_not_agreed_on);
    g_test_add_func("/streams/a_mismatch_is_told_once", a_mismatch_is_told_once);
    g_test_add_func("/streams/another_source_takes_over", another_source_takes_over);
    g_test_add_func("/streams/sources_may_be_two", sources_may_be_two);
    g_test_add_func("/streams/a_channel_may_be_opened_anew", a_channel_may_be_opened_anew);
    g_test_add_func("/streams/ports_may_change", ports_may_change);
    g_test_add_func("/streams/the_receiver_may_move", the_receiver_may_move);
    g_test_add_func("/streams/the_capture_may_lack_messages", the_capture_may_lack_messages);
    g_test_add_func("/streams/video_is_for_itself", video_is_for_itself);
    g_test_add_func("/streams/there_is_a_limit", there_is_a_limit);
    g_test_add_func("/streams/talk_is_what_is_heard", talk_is_what_is_heard);
    g_test_add_func("/streams/reports_are_kept", reports_are_kept);
    g_test_add_func("/streams/what_is_lost", what_is_lost);
    g_test_add_func("/streams/the_capture_may_have_lost_it", the_capture_may_have_lost_it);
    g_test_add_func("/streams/the_receiver_may_not_tell", the_receiver_may_not_tell);
    g_test_add_func("/streams/few_packets_tell_nothing", few_packets_tell_nothing);
    g_test_add_func("/streams/loss_in_numbers", loss_in_numbers);
    g_test_add_func("/streams/silence", silence);
    g_test_add_func("/streams/the_end_of_a_stream", the_end_of_a_stream);
    g_test_add_func("/streams/half_of_the_call", half_of_the_call);
    return g_test_run();
}
