/* found.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/found.h"

#include "media/places.h"
#include "media/setup.h"

static const announcement_t *
advertised_to(const packet_info *pinfo)
{
    return places_announced(places_advertised, &pinfo->dst, pinfo->destport, pinfo->num);
}

static const announcement_t *
advertised_from(const packet_info *pinfo)
{
    return places_announced(places_advertised, &pinfo->src, pinfo->srcport, pinfo->num);
}

hosts_t *
found_expected_between(const packet_info *pinfo, bool *is_advertised)
{
    *is_advertised = advertised_to(pinfo) || advertised_from(pinfo);
    if (!places_are_linked())
        return NULL;
    return hosts_between(&pinfo->src, &pinfo->dst, *is_advertised);
}

/* What is sent from and to the very ports of some control traffic is that itself, and proves
 * nothing. */
static bool
is_over_its_own(const session_t *session, const packet_info *pinfo)
{
    uint32_t caller = session->parties[SIDE_CALLER].port;
    uint32_t callee = session->parties[SIDE_CALLEE].port;

    return (pinfo->srcport == caller && pinfo->destport == callee) ||
           (pinfo->srcport == callee && pinfo->destport == caller);
}

session_t *
found_session_of(const packet_info *pinfo, const hosts_t *hosts, joined_t *joined)
{
    const announcement_t *there = advertised_to(pinfo);
    const announcement_t *here = advertised_from(pinfo);

    if (there || here) {
        joined->link = LINK_ADVERTISED;
        joined->to = there ? there->side : !here->side;
        joined->session = there ? there->session : here->session;
        return joined->session;
    }
    joined->session = hosts_likely_session(hosts);
    if (joined->session && !joined->session->number && is_over_its_own(joined->session, pinfo))
        joined->session = NULL;
    if (joined->session) {
        joined->link = LINK_OBSERVED;
        joined->to = places_side_of(joined->session, &pinfo->dst, SIDE_CALLEE);
    }
    return joined->session;
}

/*
 * Wireshark's H.225.0 dissector expects media where a caller's fast start wants it, and
 * not where the callee's choice does.
 */
bool
found_is_negotiated(const packet_info *pinfo, joined_t *joined)
{
    const announcement_t *there =
        places_announced(places_of_media, &pinfo->dst, pinfo->destport, pinfo->num);

    if (!places_are_linked() || !there || there->link != LINK_NEGOTIATED || there->is_expected ||
        call_is_over(there->session))
        return false;
    places_join(joined, there);
    return true;
}

/* No message has named it, and no packet has come there yet. */
static void
announce_expected(const packet_info *pinfo, const joined_t *joined, uint32_t port)
{
    announcement_t *announcement = places_announce(places_of_media, joined->session, joined->to,
                                                   pinfo->num, &pinfo->dst, port);

    announcement->is_expected = true;
    announcement->is_rtcp = true;
    announcement->link = joined->link;
    announcement->channel = CHANNEL_RTCP;
}

/* RTCP is at the port above RTP's (RFC 3550 section 11). */
static void
expect_rtcp(packet_info *pinfo, const joined_t *joined)
{
    uint32_t port = pinfo->destport + 1u;

    if (port <= UINT16_MAX && setup_expected_rtcp(pinfo, port) &&
        !places_announced_by(places_of_media, joined->session, &pinfo->dst, port, pinfo->num))
        announce_expected(pinfo, joined, port);
}

void
found_keep(packet_info *pinfo, const joined_t *joined)
{
    announcement_t *announcement = places_announce(places_of_media, joined->session, joined->to,
                                                   pinfo->num, &pinfo->dst, pinfo->destport);

    session_is_real(joined->session, pinfo);
    announcement->is_found = true;
    announcement->link = joined->link;
    announcement->channel = joined->channel;
    announcement->content = joined->content;
    announcement->codec = joined->codec;
    announcement->payload_type = joined->payload_type;
    places_remember_frame(joined->session, pinfo->num);
    setup_found(pinfo, joined->channel);
    if (joined->channel == CHANNEL_RTP)
        expect_rtcp(pinfo, joined);
}

bool
found_in_frame(const packet_info *pinfo, joined_t *joined)
{
    const announcement_t *found =
        places_announced(places_of_media, &pinfo->dst, pinfo->destport, pinfo->num);

    if (!found || found->frame != pinfo->num || !found->is_found)
        return false;
    places_join(joined, found);
    joined->channel = found->channel;
    return true;
}
