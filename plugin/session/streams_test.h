/* streams_test.h
 *
 * A call and sources of RTP in it, for the tests of streams.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STREAMS_TEST_H
#define MSICCP_STREAMS_TEST_H

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
    watched_stream_t *stream; /* of the last packet */
} source_t;

/* A call that is up. */
static inline session_t *
call_up(void)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->begun = true;
    session->may_be_early = true;
    session->answer = (moment_t){.frame = 1, .at = {.secs = 1000}};
    session->evidence.scope = wmem_file_scope();
    return session;
}

static inline source_t
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

static inline bool
send(source_t *source)
{
    frame_data fd = {.num = source->frame};
    packet_info pinfo = {.num = source->frame++,
                         .fd = &fd,
                         .abs_ts = {.secs = source->at},
                         .srcport = source->port,
                         .destport = source->to_port};
    bool is_new = streams_add(source->session, &source->stream, source->content, source->to,
                              &source->header, source->carries, &pinfo);

    source->header.sequence++;
    source->header.timestamp += 160;
    return is_new;
}

static inline void
send_many(source_t *source, unsigned count)
{
    while (count-- > 0)
        send(source);
}

static inline void
pass_over(source_t *source, uint16_t count)
{
    source->header.sequence = (uint16_t)(source->header.sequence + count);
    source->header.timestamp += 160u * count;
}

static inline const watched_stream_t *
stream_of(const source_t *source)
{
    const watched_stream_t *stream = streams_find(source->session, source->header.ssrc, source->to);

    g_assert_nonnull(stream);
    return stream;
}

static inline const evidence_t *
found(const source_t *source, finding_t finding)
{
    return evidence_find(&source->session->evidence, finding, source->to);
}

#endif
