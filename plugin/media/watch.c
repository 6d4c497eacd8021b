/* watch.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/watch.h"

#include "media/multiplexed.h"
#include "media/places.h"
#include "media/rtp.h"
#include "media/settled.h"
#include "session/lacks.h"
#include "session/legs.h"

#include <epan/to_str.h>

/* A message of the call that the session is a leg of has named this for media, or for its RTCP. */
static bool
is_agreed_on(const session_t *session, const packet_info *pinfo, const address *addr, uint32_t port)
{
    const announcement_t *announcement = places_announced(places_of_media, addr, port, pinfo->num);

    return announcement && !announcement->is_found && !announcement->is_expected &&
           legs_call(announcement->session) == legs_call(session);
}

/* Where H.245 names RTCP only, RTP is expected at the port below it. */
static bool
is_place_of(const session_t *session, const packet_info *pinfo, const address *addr, uint32_t port)
{
    return is_agreed_on(session, pinfo, addr, port) || is_agreed_on(session, pinfo, addr, port + 1);
}

static const char *
elsewhere_text(const joined_t *joined, packet_info *pinfo, const char *how, const address *addr,
               uint32_t port)
{
    return wmem_strdup_printf(wmem_file_scope(),
                              "RTP to the %s %s %s port %u, which was not agreed on",
                              joined->to == SIDE_CALLER ? "caller" : "callee", how,
                              address_to_str(pinfo->pool, addr), port);
}

static void
note_elsewhere(const joined_t *joined, packet_info *pinfo, const char *how, const address *addr,
               uint32_t port)
{
    evidence_list_t *list = &joined->session->evidence;
    const char *seen = NULL;

    if (evidence_is_new(list, FINDING_MEDIA_ELSEWHERE, joined->to))
        seen = elsewhere_text(joined, pinfo, how, addr, port);
    evidence_keep(pinfo, joined->session,
                  evidence_add(list, FINDING_MEDIA_ELSEWHERE, joined->to, pinfo->num, seen));
}

/*
 * Only a side that has said where it is can be elsewhere. It may send from another port than
 * it receives at, which nobody agrees on; not from another host.
 */
static void
compare_places(packet_info *pinfo, const joined_t *joined)
{
    const session_t *session = joined->session;
    const address *sender = &session->media_addr[!joined->to];

    if (session->redirected)
        return;
    if (session->media_addr[joined->to].type != AT_NONE &&
        !is_place_of(session, pinfo, &pinfo->net_dst, pinfo->destport))
        note_elsewhere(joined, pinfo, "goes to", &pinfo->net_dst, pinfo->destport);
    else if (sender->type != AT_NONE && !addresses_equal(sender, &pinfo->net_src) &&
             !is_place_of(session, pinfo, &pinfo->net_src, pinfo->srcport))
        note_elsewhere(joined, pinfo, "comes from", &pinfo->net_src, pinfo->srcport);
}

/* Once there was a sound, nothing more is asked. Where audio and video have one source, video is
 * none. */
static void
listen(tvbuff_t *tvb, const joined_t *joined, watched_stream_t *stream, const rtp_header_t *header)
{
    bool is_video = joined->content == CONTENT_VIDEO;

    if (!stream->is_sound && is_video == (stream->content == CONTENT_VIDEO) &&
        session_hears_now(joined->session))
        stream->is_sound = !rtp_is_silence(tvb, header);
}

void
watch_rtp(tvbuff_t *tvb, packet_info *pinfo, const joined_t *joined, const rtp_header_t *header)
{
    carries_t carries = rtp_carries(tvb, header, joined->codec, joined->payload_type);
    watched_stream_t *stream = joined->stream;

    session_media(joined->session, joined->content, joined->to, carries, pinfo);
    if (streams_add(joined->session, &stream, joined->content, joined->to, header, carries, pinfo))
        compare_places(pinfo, joined);
    if (stream && carries == CARRIES_MEDIA)
        listen(tvb, joined, stream, header);
    if (stream != joined->stream)
        settled_stream(pinfo, joined->session, stream);
}

/* Fewer octets keep a NAT open, and hold no RTP behind a number. */
#define LEAST_OF_UNKNOWN (MULTIPLEX_NUMBER_LENGTH + 12)

void
watch_unknown(tvbuff_t *tvb, packet_info *pinfo)
{
    const announcement_t *there =
        places_announced(places_of_media, &pinfo->net_dst, pinfo->destport, pinfo->num);

    if (!there || there->is_found || there->is_expected || there->is_rtcp ||
        tvb_reported_length(tvb) < LEAST_OF_UNKNOWN || rtp_is_beside_media(tvb))
        return;
    session_unknown_media(there->session, there->side, pinfo);
}

void
watch_media(tvbuff_t *tvb, packet_info *pinfo, const joined_t *joined)
{
    rtp_header_t header;

    if (joined->channel == CHANNEL_RTCP) {
        joined->session->has_rtcp = true;
        rtp_take_in_reports(tvb, joined->session, !joined->to, pinfo);
    } else if (joined->channel == CHANNEL_RTP && rtp_header(tvb, &header)) {
        watch_rtp(tvb, pinfo, joined, &header);
    } else if (joined->channel == CHANNEL_RTP) {
        session_media(joined->session, joined->content, joined->to, CARRIES_MEDIA, pinfo);
    }
}
