/* streams_told_test.c
 *
 * What streams tell of a call: reports, loss, silence and their ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/streams_told.h"

#include "session/streams_test.h"

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
    g_assert_cmpuint(stream_of(&source)->sent, ==, 5);
    g_assert_true(stream_of(&source)->is_reported_sent);
    g_assert_true(stream_of(&source)->has_sent_more);
    report_received(&source, (receiver_report_t){.last_report = 77}, 1004);
    g_assert_cmpfloat(stream_of(&source)->round_trip, <, 0);
    report_received(&source, (receiver_report_t){.last_report = 78, .delay = 65536}, 1004);
    g_assert_cmpfloat_with_epsilon(stream_of(&source)->round_trip, 1, 1e-9);
    g_assert_cmpuint(stream_of(&source)->reports, ==, 3);
    /* what comes now has not been reported yet */
    send(&source);
    g_assert_false(stream_of(&source)->is_reported_sent);
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
    source.stream->latest.highest = 199;
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
    source.stream->is_sound = true;
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
    g_test_add_func("/streams_told/reports_are_kept", reports_are_kept);
    g_test_add_func("/streams_told/what_is_lost", what_is_lost);
    g_test_add_func("/streams_told/the_capture_may_have_lost_it", the_capture_may_have_lost_it);
    g_test_add_func("/streams_told/the_receiver_may_not_tell", the_receiver_may_not_tell);
    g_test_add_func("/streams_told/few_packets_tell_nothing", few_packets_tell_nothing);
    g_test_add_func("/streams_told/loss_in_numbers", loss_in_numbers);
    g_test_add_func("/streams_told/silence", silence);
    g_test_add_func("/streams_told/the_end_of_a_stream", the_end_of_a_stream);
    g_test_add_func("/streams_told/half_of_the_call", half_of_the_call);
    return g_test_run();
}
