/* watch.c
 * What a packet of media tells of its call. Nothing of it is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/media.h"
#include "media/places.h"
#include "media/rtp.h"

#include <epan/to_str.h>

/* A message of the call that the session is a leg of has named this for media, or for its RTCP. */
static bool
is_agreed_on(const session_t *session, const packet_info *pinfo, const address *addr, uint32_t port)
{
    const announcement_t *announcement = places_announced(places_of_media, addr, port, pinfo->num);

    return announcement && !announcement->is_found && !announcement->is_expected &&
           announcement->session->call == session->call;
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

    if (session->media_addr[joined->to].type != AT_NONE &&
        !is_place_of(session, pinfo, &pinfo->net_dst, pinfo->destport))
        note_elsewhere(joined, pinfo, "goes to", &pinfo->net_dst, pinfo->destport);
    else if (sender->type != AT_NONE && !addresses_equal(sender, &pinfo->net_src) &&
             !is_place_of(session, pinfo, &pinfo->net_src, pinfo->srcport))
        note_elsewhere(joined, pinfo, "comes from", &pinfo->net_src, pinfo->srcport);
}

void
media_watch(tvbuff_t *tvb, packet_info *pinfo, const joined_t *joined)
{
    rtp_header_t header;

    if (joined->channel == CHANNEL_RTCP) {
        joined->session->has_rtcp = true;
        rtp_take_in_reports(tvb, joined->session, !joined->to, pinfo);
    }
    if (joined->channel != CHANNEL_RTP)
        return;
    session_media(joined->session, joined->content, joined->to, pinfo);
    if (rtp_header(tvb, &header) &&
        streams_add(joined->session, joined->content, joined->to, &header, pinfo))
        compare_places(pinfo, joined);
}
