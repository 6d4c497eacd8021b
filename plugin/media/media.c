/* media.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/media.h"

#include "common/protocol.h"
#include "media/observe.h"
#include "media/places.h"

#include <epan/dissectors/packet-rtcp.h>
#include <epan/dissectors/packet-rtp.h>
#include <epan/dissectors/packet-tcp.h>

/* What rtp.setup-method says of streams that were found rather than negotiated. */
#define SETUP_METHOD "MSICCP"

/* A FIN or an RST has been seen: tcp.completeness. */
#define TCP_COMPLETENESS_CLOSED (0x10 | 0x20)

static ws_bool link_media = true;

/* All in file scope, for as long as a file is open. */
static wmem_map_t *media_places; /* place_t -> wmem_tree of frame -> announcement_t */
static wmem_map_t *h245_places;
static wmem_map_t *advertised_places;
static int proto_rtp;
static int proto_rtcp;
static int proto_icmp;
static int proto_icmpv6;
static dissector_handle_t rtp_handle;
static dissector_handle_t rtcp_handle;
static dissector_handle_t upstream_h245_handle;
static dissector_handle_t our_h245_handle;

void
media_register(module_t *module)
{
    places_register();
    media_places = places_new();
    h245_places = places_new();
    advertised_places = places_new();
    prefs_register_bool_preference(
        module, "link_media", "Join media to its session",
        "Whether H.245 connections, RTP and RTCP streams that a call's messages name are shown "
        "as parts of the session.",
        &link_media);
    observe_register_preferences(module);
}

void
media_handoff(dissector_handle_t h245_handle)
{
    proto_rtp = proto_get_id_by_filter_name("rtp");
    proto_rtcp = proto_get_id_by_filter_name("rtcp");
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
    rtp_handle = find_dissector_add_dependency("rtp", proto_msiccp);
    rtcp_handle = find_dissector_add_dependency("rtcp", proto_msiccp);
    upstream_h245_handle = find_dissector_add_dependency("h245", proto_msiccp);
    our_h245_handle = h245_handle;
    observe_handoff();
}

/*
 * The H.225.0 dissector has just told the conversation that is to come at this
 * address to be H.245. From here on it comes to us first, so that we see what
 * the H.245 dissector makes of it.
 */
static void
receive_h245(const packet_info *pinfo, const message_t *message)
{
    conversation_t *conversation =
        find_conversation(pinfo->num, &message->h245_addr, &message->h245_addr, CONVERSATION_TCP,
                          message->h245_port, message->h245_port, NO_ADDR_B | NO_PORT_B);

    if (conversation &&
        conversation_get_dissector(conversation, pinfo->num) == upstream_h245_handle)
        conversation_set_dissector_from_frame_number(conversation, pinfo->num, our_h245_handle);
}

/* The side of a session that this host is; fallback: it is neither's. */
static side_t
side_of(const session_t *session, const address *addr, side_t fallback)
{
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        if (addresses_equal(addr, &session->parties[side].addr))
            return side;
    }
    return fallback;
}

/* The codec for this address; NULL also where the frame names another one for it too. */
static const char *
only_codec(const media_offer_t *offer, uint32_t frame)
{
    const announcement_t *same = places_announced(media_places, &offer->addr, offer->port, frame);

    return same && same->frame == frame && g_strcmp0(same->codec, offer->codec) != 0 ? NULL
                                                                                     : offer->codec;
}

static void
announce_offer(const step_t *step, const media_offer_t *offer, uint32_t frame)
{
    side_t side = step->sender;
    const char *codec = only_codec(offer, frame);

    if (offer->link == LINK_ADVERTISED) {
        side = side_of(step->session, &offer->addr, side);
        places_announce(advertised_places, step->session, side, frame, &offer->addr, offer->port);
    } else {
        places_announce(media_places, step->session, side, frame, &offer->addr, offer->port)
            ->codec = codec;
        places_remember_frame(step->session, frame);
    }
}

static void
announce_h245(const step_t *step, const packet_info *pinfo, const message_t *message)
{
    places_announce(h245_places, step->session, step->sender, pinfo->num, &message->h245_addr,
                    message->h245_port);
    receive_h245(pinfo, message);
    /* Behind NAT the connection comes to where the message came from. */
    if (!addresses_equal(&message->h245_addr, &pinfo->src))
        places_announce(h245_places, step->session, step->sender, pinfo->num, &pinfo->src,
                        message->h245_port);
}

void
media_announce(const step_t *step, const packet_info *pinfo, const message_t *message)
{
    if (!step->session || !link_media)
        return;
    for (unsigned i = 0; i < step->offer_count; i++)
        announce_offer(step, &step->offers[i], pinfo->num);
    if (message->media_accepted || message->has_fast_start)
        places_remember_frame(step->session, pinfo->num);
    if (message->has_h245_address)
        announce_h245(step, pinfo, message);
}

/*
 * A connection that reuses the addresses and ports of an earlier one gets a new
 * conversation with its SYN, and one behind NAT has other addresses than were
 * named: neither has inherited the dissector that H.225.0 gave to the address.
 */
static void
expect_h245(conversation_t *conversation, const packet_info *pinfo)
{
    if (wmem_map_size(h245_places) == 0 ||
        (!places_announced(h245_places, &pinfo->dst, pinfo->destport, pinfo->num) &&
         !places_announced(h245_places, &pinfo->src, pinfo->srcport, pinfo->num)))
        return;
    if (!conversation_get_dissector(conversation, pinfo->num))
        conversation_set_dissector_from_frame_number(conversation, pinfo->num, our_h245_handle);
}

void
media_watch_tcp(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const struct tcp_analysis *analysis;
    connection_t *connection;

    if (!conversation || !link_media)
        return;
    connection = connection_find(conversation);
    if (!connection) {
        expect_h245(conversation, pinfo);
        return;
    }
    analysis = get_tcp_conversation_data(conversation, pinfo);
    if (analysis && analysis->conversation_completeness & TCP_COMPLETENESS_CLOSED)
        connection_close(connection);
}

session_t *
media_h245_session(packet_info *pinfo, side_t *sender)
{
    const announcement_t *to =
        places_announced(h245_places, &pinfo->dst, pinfo->destport, pinfo->num);
    const announcement_t *from =
        places_announced(h245_places, &pinfo->src, pinfo->srcport, pinfo->num);

    if (!link_media)
        return NULL;
    if (to && (!from || to->frame >= from->frame)) {
        *sender = !to->side;
        return to->session;
    }
    if (from) {
        *sender = from->side;
        return from->session;
    }
    return NULL;
}

/* RTP, RTCP or neither; what an ICMP error quotes is none of the stream. */
static bool
media_channel(const packet_info *pinfo, channel_t *channel)
{
    bool found = false;

    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
         layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));

        if (proto == proto_icmp || proto == proto_icmpv6)
            return false;
        if (proto == proto_rtp || proto == proto_rtcp) {
            *channel = proto == proto_rtp ? CHANNEL_RTP : CHANNEL_RTCP;
            found = true;
        }
    }
    return found;
}

static uint32_t
setup_frame_of(const conversation_t *conversation, channel_t channel)
{
    int proto = channel == CHANNEL_RTP ? proto_rtp : proto_rtcp;

    return conversation && conversation_get_proto_data(conversation, proto)
               ? conversation->setup_frame
               : 0;
}

/*
 * The frame that set this packet's stream up; 0: none. Streams are announced by
 * the address that they go to; one that comes from an announced address and goes
 * elsewhere, as through NAT, is found by where it comes from.
 */
static uint32_t
media_setup_frame(packet_info *pinfo, channel_t channel)
{
    uint32_t frame = setup_frame_of(find_conversation(pinfo->num, &pinfo->net_dst, &pinfo->net_src,
                                                      CONVERSATION_UDP, pinfo->destport,
                                                      pinfo->srcport, NO_ADDR_B),
                                    channel);

    if (frame == 0)
        frame = setup_frame_of(find_conversation(pinfo->num, &pinfo->net_src, &pinfo->net_dst,
                                                 CONVERSATION_UDP, pinfo->srcport, pinfo->destport,
                                                 NO_ADDR_B),
                               channel);
    return frame;
}

static const announcement_t *
advertised_to(const packet_info *pinfo)
{
    return places_announced(advertised_places, &pinfo->dst, pinfo->destport, pinfo->num);
}

static const announcement_t *
advertised_from(const packet_info *pinfo)
{
    return places_announced(advertised_places, &pinfo->src, pinfo->srcport, pinfo->num);
}

hosts_t *
media_expected_between(const packet_info *pinfo)
{
    bool is_advertised = advertised_to(pinfo) || advertised_from(pinfo);

    return hosts_between(&pinfo->src, &pinfo->dst, is_advertised);
}

session_t *
media_session_of(const packet_info *pinfo, const hosts_t *hosts, joined_t *joined)
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
    if (joined->session) {
        joined->link = LINK_OBSERVED;
        joined->to = side_of(joined->session, &pinfo->dst, SIDE_CALLEE);
    }
    return joined->session;
}

void
media_found(packet_info *pinfo, const joined_t *joined)
{
    dissector_handle_t handle = joined->channel == CHANNEL_RTP ? rtp_handle : rtcp_handle;
    announcement_t *announcement = places_announce(media_places, joined->session, joined->to,
                                                   pinfo->num, &pinfo->dst, pinfo->destport);
    conversation_t *conversation;

    announcement->link = joined->link;
    announcement->channel = joined->channel;
    places_remember_frame(joined->session, pinfo->num);
    if (joined->channel == CHANNEL_RTP)
        rtp_add_address(pinfo, PT_UDP, &pinfo->dst, (int)pinfo->destport, 0, SETUP_METHOD,
                        pinfo->num, 0, NULL);
    else
        rtcp_add_address(pinfo, &pinfo->dst, (int)pinfo->destport, 0, SETUP_METHOD, pinfo->num);

    /* This very packet goes through the heuristic in later passes as in this one. */
    conversation = find_conversation(pinfo->num, &pinfo->dst, &pinfo->src, CONVERSATION_UDP,
                                     pinfo->destport, pinfo->srcport, NO_ADDR_B | NO_PORT_B);
    if (conversation && conversation->setup_frame == pinfo->num) {
        conversation_set_dissector(conversation, NULL);
        conversation_set_dissector_from_frame_number(conversation, pinfo->num + 1, handle);
    }
}

bool
media_was_found(const packet_info *pinfo, joined_t *joined)
{
    const announcement_t *found =
        places_announced(media_places, &pinfo->dst, pinfo->destport, pinfo->num);

    if (!found || found->frame != pinfo->num || found->link == LINK_NEGOTIATED)
        return false;
    joined->codec = NULL;
    joined->session = found->session;
    joined->to = found->side;
    joined->link = found->link;
    joined->channel = found->channel;
    return true;
}

/*
 * What the session has last agreed on for where this packet goes. Both ways of a
 * stream can have been set up by the frame that named one of its ends.
 */
static const char *
codec_of_destination(const session_t *session, const packet_info *pinfo)
{
    const announcement_t *there =
        places_announced(media_places, &pinfo->net_dst, pinfo->destport, pinfo->num);

    return there && there->session == session ? there->codec : NULL;
}

bool
media_join(packet_info *pinfo, joined_t *joined)
{
    const announcement_t *to;
    const announcement_t *from;
    uint32_t frame;

    if (!link_media || pinfo->ptype != PT_UDP || !media_channel(pinfo, &joined->channel))
        return false;
    frame = media_setup_frame(pinfo, joined->channel);
    if (frame == 0)
        return false;

    to = places_announced(media_places, &pinfo->net_dst, pinfo->destport, frame);
    if (to && places_has_announced(to->session, frame)) {
        joined->session = to->session;
        joined->to = to->side;
        joined->link = to->link;
        joined->codec = to->codec;
        return true;
    }
    from = places_announced(media_places, &pinfo->net_src, pinfo->srcport, frame);
    if (from && places_has_announced(from->session, frame)) {
        joined->session = from->session;
        joined->to = !from->side;
        joined->link = from->link;
    } else {
        joined->session = places_only_session_of(frame);
        if (!joined->session)
            return false;
        joined->to = side_of(joined->session, &pinfo->net_dst, SIDE_CALLEE);
        joined->link = LINK_NEGOTIATED;
    }
    joined->codec = codec_of_destination(joined->session, pinfo);
    return true;
}
