/* streams_going_on_test.c
 *
 * What is known of a stream's next packet, so that nothing but the stream is asked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/legs.h"
#include "session/streams_test.h"

/* As far as send() is asked, it would have told nothing new; what it takes in is the same. */
static bool
goes_on(source_t *source)
{
    const packet_info pinfo = {.num = source->frame++,
                               .abs_ts = {.secs = source->at},
                               .srcport = source->port,
                               .destport = source->to_port};
    bool is_taken =
        streams_go_on(source->stream, source->content, source->to, &source->header, &pinfo);

    if (is_taken) {
        source->header.sequence++;
        source->header.timestamp += 160;
    }
    return is_taken;
}

/* One that is sure to go on: it has been heard. */
static source_t
source_going_on(void)
{
    source_t source = source_of(call_up(), SSRC);

    source.header.payload_length = 160;
    send(&source);
    g_assert_nonnull(source.stream);
    source.stream->is_sound = true;
    return source;
}

static void
a_stream_goes_on(void)
{
    source_t source = source_going_on();

    source.at = 1001;
    g_assert_true(goes_on(&source));
    g_assert_true(goes_on(&source));
    g_assert_cmpuint(stream_of(&source)->received, ==, 3);
    g_assert_cmpuint(stream_of(&source)->talk, ==, 3);
    g_assert_cmpuint(stream_of(&source)->step, ==, 160);
    g_assert_cmpuint(stream_of(&source)->sequence.highest, ==, 102);
    g_assert_cmpint(stream_of(&source)->last.secs, ==, 1001);
}

static void
another_ssrc(source_t *source)
{
    source->header.ssrc++;
}

static void
another_side(source_t *source)
{
    source->to = SIDE_CALLER;
}

static void
another_content(source_t *source)
{
    source->content = CONTENT_VIDEO;
}

static void
another_type(source_t *source)
{
    source->header.payload_type++;
}

static void
another_port(source_t *source)
{
    source->port++;
}

static void
another_way(source_t *source)
{
    source->to_port++;
}

static void
a_gap(source_t *source)
{
    source->header.sequence++;
}

static void
nothing_carried(source_t *source)
{
    source->header.payload_length = 0;
}

static void
not_heard_yet(source_t *source)
{
    source->stream->is_sound = false;
}

static void
other_codecs(source_t *source)
{
    streams_look_again(source->session);
}

static void
begun_elsewhere(source_t *source)
{
    streams_may_begin_anew(source->session, CONTENT_VIDEO, SIDE_CALLEE);
}

static void
another_leg(source_t *source)
{
    const packet_info pinfo = {.num = 9};

    legs_join(source->session, call_up(), &pinfo);
}

static void
another_between(source_t *source)
{
    source_t other = source_of(source->session, SSRC + 1);

    send(&other);
}

/* It is sent again, and tells of another call. */
static void
check_again(source_t *source)
{
    const uint16_t number = source->header.sequence;

    source->header.sequence = 100;
    send(source);
    source->header.sequence = number;
}

static void
not_answered_yet(source_t *source)
{
    source->session->answer.frame = 0;
    check_again(source);
}

static void
not_agreed_on(source_t *source)
{
    source->session->negotiated[SIDE_CALLEE] = (negotiated_t){.types = 1 << 3};
    check_again(source);
}

static void
noise_between(source_t *source)
{
    source->carries = CARRIES_NOISE;
    check_again(source);
}

static void
over(source_t *source)
{
    source->session->release.frame = 9;
    check_again(source);
}

/* Whatever is another than it was has more to tell. */
static void
a_stream_does_not_go_on(void)
{
    static void (*const changes[])(source_t *) = {
        another_ssrc,  another_side,    another_content, another_type,     another_port,
        another_way,   a_gap,           nothing_carried, not_heard_yet,    other_codecs,
        another_leg,   begun_elsewhere, another_between, not_answered_yet, over,
        not_agreed_on, noise_between,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        source_t source = source_going_on();

        changes[i](&source);
        g_assert_false(goes_on(&source));
        g_assert_cmpuint(source.stream->received, ==, 1);
    }
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/streams_going_on/a_stream_goes_on", a_stream_goes_on);
    g_test_add_func("/streams_going_on/a_stream_does_not_go_on", a_stream_does_not_go_on);
    return g_test_run();
}
