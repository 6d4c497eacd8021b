/* observe.c
 *
 * RTP and RTCP headers: RFC 3550 sections 5.1, 5.3.1 and 6.4, and appendix A.1
 * for what makes a source valid. Payload types: RFC 3551 section 6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/observe.h"

#include "common/protocol.h"
#include "common/sequence.h"
#include "media/found.h"
#include "media/rtp.h"
#include "session/session.h"

#define RTP_VERSION 2
#define RTP_MAX_GAP 100 /* RFC 3550 A.1: MAX_DROPOUT is larger, for sources that are known */

/* So many packets must agree; fewer at an address that a message of the call holds. */
#define RTP_PROOF 3
#define RTP_PROOF_ADVERTISED 2

/* No clock of RTP is faster than this, Hz; so much may a packet be late, seconds. */
#define RTP_CLOCK_MAX 192000
#define RTP_LATE_MAX 2

/* Fixed payload types of video. */
#define RTP_TYPE_JPEG 26
#define RTP_TYPE_NV 28
#define RTP_TYPE_H261 31
#define RTP_TYPE_MPV 32
#define RTP_TYPE_MP2T 33
#define RTP_TYPE_H263 34
#define RTP_TYPE_DYNAMIC 96

#define RTCP_HEADER_LENGTH 4

/* Packets of one SSRC that could be RTP. */
typedef struct {
    rtp_header_t last;
    nstime_t last_time;
    unsigned agreeing; /* with their predecessors, that one included; 0: there is none yet */
    bool time_goes_on; /* their timestamps have advanced */
} run_t;

/* A sender that mixes sends two sources in turn. */
#define RUNS 2

/* A socket pair that has sent such packets. */
typedef struct {
    bool from_one; /* of hosts_t's two, or from the other */
    uint16_t from_port;
    uint16_t to_port;
    run_t runs[RUNS];
    unsigned next_run; /* to make room */
} candidate_t;

#define CANDIDATE_COUNT 16

/* A stream that was found. */
typedef struct {
    uint32_t ssrc;
    session_t *session;
    link_t link;
} source_t;

/* Of two hosts; the oldest candidates and sources make room for new ones. */
struct observation {
    candidate_t candidates[CANDIDATE_COUNT];
    unsigned next_candidate;
    source_t sources[CANDIDATE_COUNT];
    unsigned source_count;
};

static ws_bool observe_media = true;
static dissector_handle_t rtp_handle;
static dissector_handle_t rtcp_handle;

/* Timestamps stand still in a frame of video, and else go on as fast as some clock does. */
static bool
is_possible_time(uint32_t advance, const nstime_t *elapsed)
{
    return advance <= (nstime_to_sec(elapsed) + RTP_LATE_MAX) * RTP_CLOCK_MAX;
}

static bool
follows(const run_t *run, const rtp_header_t *header, const packet_info *pinfo)
{
    const rtp_header_t *last = &run->last;
    uint16_t gap = sequence_distance(last->sequence, header->sequence);
    nstime_t elapsed;

    nstime_delta(&elapsed, &pinfo->abs_ts, &run->last_time);
    return run->agreeing && header->ssrc == last->ssrc &&
           header->payload_type == last->payload_type && gap >= 1 && gap <= RTP_MAX_GAP &&
           is_possible_time(header->timestamp - last->timestamp, &elapsed);
}

static candidate_t *
candidate_of(const hosts_t *hosts, const packet_info *pinfo)
{
    observation_t *observation = hosts->observation;
    bool from_one = addresses_equal(&pinfo->src, &hosts->one);
    candidate_t *candidate;

    for (unsigned i = 0; i < CANDIDATE_COUNT; i++) {
        candidate = &observation->candidates[i];
        if (candidate->from_one == from_one && candidate->from_port == pinfo->srcport &&
            candidate->to_port == pinfo->destport)
            return candidate;
    }
    candidate = &observation->candidates[observation->next_candidate++ % CANDIDATE_COUNT];
    memset(candidate, 0, sizeof *candidate);
    candidate->from_one = from_one;
    candidate->from_port = (uint16_t)pinfo->srcport;
    candidate->to_port = (uint16_t)pinfo->destport;
    return candidate;
}

static run_t *
run_of(candidate_t *candidate, uint32_t ssrc)
{
    for (unsigned i = 0; i < RUNS; i++) {
        run_t *run = &candidate->runs[i];

        if (run->agreeing && run->last.ssrc == ssrc)
            return run;
    }
    return &candidate->runs[candidate->next_run++ % RUNS];
}

/*
 * True once packets of a stream are RTP without doubt: several of them agree, and their
 * timestamps go on, which are constant bytes where another protocol looks like RTP.
 */
static bool
is_rtp_stream(const hosts_t *hosts, const packet_info *pinfo, tvbuff_t *tvb, unsigned proof,
              rtp_header_t *header)
{
    run_t *run;

    if (!rtp_may_be(tvb, header))
        return false;
    run = run_of(candidate_of(hosts, pinfo), header->ssrc);
    if (follows(run, header, pinfo)) {
        run->agreeing++;
        run->time_goes_on |= header->timestamp != run->last.timestamp;
    } else {
        run->agreeing = 1;
        run->time_goes_on = false;
    }
    run->last = *header;
    run->last_time = pinfo->abs_ts;
    return run->agreeing >= proof && run->time_goes_on;
}

static content_t
content_of(uint8_t payload_type)
{
    switch (payload_type) {
    case RTP_TYPE_JPEG:
    case RTP_TYPE_NV:
    case RTP_TYPE_H261:
    case RTP_TYPE_MPV:
    case RTP_TYPE_MP2T:
    case RTP_TYPE_H263:
        return CONTENT_VIDEO;
    default:
        return payload_type < RTP_TYPE_DYNAMIC ? CONTENT_AUDIO : CONTENT_UNKNOWN;
    }
}

static void
remember_source(observation_t *observation, uint32_t ssrc, const joined_t *joined)
{
    source_t *source = &observation->sources[observation->source_count++ % CANDIDATE_COUNT];

    source->ssrc = ssrc;
    source->session = joined->session;
    source->link = joined->link;
}

static const source_t *
source_of(const observation_t *observation, uint32_t ssrc)
{
    unsigned count = MIN(observation->source_count, CANDIDATE_COUNT);

    for (unsigned i = 0; i < count; i++) {
        if (observation->sources[i].ssrc == ssrc)
            return &observation->sources[i];
    }
    return NULL;
}

/* The stream that a report is by or about; NULL: none that was found. */
static const source_t *
reported_source(const observation_t *observation, tvbuff_t *tvb)
{
    const source_t *source = source_of(observation, rtp_reporter(tvb));
    uint32_t reported;

    if (!source && rtp_reported(tvb, &reported))
        source = source_of(observation, reported);
    return source;
}

static bool
find_rtcp(const observation_t *observation, const packet_info *pinfo, tvbuff_t *tvb,
          joined_t *joined)
{
    const source_t *source = reported_source(observation, tvb);

    if (!source)
        return false;
    joined->channel = CHANNEL_RTCP;
    joined->session = source->session;
    joined->link = source->link;
    joined->to = addresses_equal(&pinfo->dst, &source->session->parties[SIDE_CALLER].addr)
                     ? SIDE_CALLER
                     : SIDE_CALLEE;
    return true;
}

/* First pass: what this datagram is found to be, and in which session. */
static bool
find_media(tvbuff_t *tvb, const packet_info *pinfo, joined_t *joined)
{
    bool is_advertised;
    hosts_t *hosts = observe_media ? found_expected_between(pinfo, &is_advertised) : NULL;
    unsigned proof = hosts && is_advertised ? RTP_PROOF_ADVERTISED : RTP_PROOF;
    rtp_header_t header;

    if (found_is_negotiated(pinfo, joined) && (rtp_is_rtcp(tvb) || rtp_may_be(tvb, &header))) {
        joined->channel = rtp_is_rtcp(tvb) ? CHANNEL_RTCP : CHANNEL_RTP;
        return true;
    }
    if (!hosts)
        return false;
    if (!hosts->observation)
        hosts->observation = wmem_new0(wmem_file_scope(), observation_t);
    if (rtp_is_rtcp(tvb))
        return find_rtcp(hosts->observation, pinfo, tvb, joined);
    if (!is_rtp_stream(hosts, pinfo, tvb, proof, &header) ||
        !found_session_of(pinfo, hosts, joined))
        return false;
    joined->channel = CHANNEL_RTP;
    joined->content = content_of(header.payload_type);
    remember_source(hosts->observation, header.ssrc, joined);
    return true;
}

static ws_bool
dissect_observed_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    joined_t joined = {.session = NULL};

    if (!session_is_expected() || tvb_captured_length(tvb) < RTCP_HEADER_LENGTH ||
        tvb_get_uint8(tvb, 0) >> 6 != RTP_VERSION)
        return false;
    if (PINFO_FD_VISITED(pinfo)) {
        if (!found_in_frame(pinfo, &joined))
            return false;
    } else {
        if (!find_media(tvb, pinfo, &joined))
            return false;
        found_keep(pinfo, &joined);
    }
    call_dissector_with_data(joined.channel == CHANNEL_RTP ? rtp_handle : rtcp_handle, tvb, pinfo,
                             tree, data);
    return true;
}

void
observe_register_preferences(module_t *module)
{
    prefs_register_bool_preference(
        module, "observe_media", "Join media that no message named",
        "Whether UDP between the two ends of a call is taken for RTP of that call when at least "
        "two of its packets agree that it is, though no message named its ports.",
        &observe_media);
}

void
observe_handoff(dissector_handle_t rtp, dissector_handle_t rtcp)
{
    rtp_handle = rtp;
    rtcp_handle = rtcp;
    heur_dissector_add("udp", dissect_observed_heur, "RTP of a NetMeeting call", "msiccp_udp",
                       proto_msiccp, HEURISTIC_ENABLE);
}
