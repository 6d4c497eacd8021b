/* streams_test.c
 *
 * How streams are followed, packet by packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/streams_test.h"

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
    g_assert_cmpuint(stream_of(&source)->sequence.highest, ==, 103);
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
    g_assert_cmpuint(stream_of(&source)->sequence.highest, ==, 200);
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
    g_assert_cmpuint(stream_of(&source)->sequence.highest, ==, 3100);
    g_assert_cmpuint(stream_of(&source)->expected, ==, 0);
    source.header.sequence = 3100 + 3000;
    send(&source);
    g_assert_cmpuint(stream_of(&source)->sequence.highest, ==, 6100);
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
    g_assert_cmpuint(stream_of(&source)->sequence.highest, ==, 65537);
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
    g_assert_true(session->latest[SIDE_CALLEE][1] == stream_of(&video));
    g_assert_true(session->latest[SIDE_CALLEE][0] == stream_of(&audio));
    send_many(&fax, 3);
    g_assert_true(session->latest[SIDE_CALLEE][0] == stream_of(&fax));
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
        g_assert_true(session->latest[SIDE_CALLEE][0] == stream_of(&source));
    }
    source = source_of(session, SSRC + 32);
    source.content = CONTENT_VIDEO;
    g_assert_false(send(&source));
    g_assert_nonnull(session->latest[SIDE_CALLEE][0]);
    source.content = CONTENT_AUDIO;
    g_assert_false(send(&source));
    g_assert_null(streams_find(session, SSRC + 32, SIDE_CALLEE));
    g_assert_null(session->latest[SIDE_CALLEE][0]);
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
    return g_test_run();
}
