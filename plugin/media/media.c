/* media.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/media.h"

#include "common/protocol.h"
#include "media/attempts.h"
#include "media/connections.h"
#include "media/join.h"
#include "media/multiplexed.h"
#include "media/observe.h"
#include "media/places.h"
#include "media/rtp.h"
#include "media/settled.h"
#include "media/unreachable.h"
#include "readers/h225.h"
#include "session/connection.h"
#include "session/legs.h"

#include <epan/dissectors/packet-rtcp.h>
#include <epan/dissectors/packet-rtp.h>

/* What rtp.setup-method says of streams that were found rather than negotiated. */
#define SETUP_METHOD "MSICCP"

#define T120_PORT 1503

static ws_bool link_media = true;

static int proto_t38;

/* Of each channel of media: Wireshark's dissector, and ours, which stands before it. That of
 * T.38 has no name to be found by: it is the one that comes up in a conversation. */
static dissector_handle_t upstream_handles[CHANNEL_COUNT];
static dissector_handle_t our_handles[CHANNEL_COUNT];
static dissector_handle_t expected_rtcp_handle;

bool
media_is_linked(void)
{
    return link_media;
}

void
media_register(module_t *module)
{
    places_register();
    settled_register();
    multiplexed_register();
    connections_register();
    attempts_register();
    prefs_register_bool_preference(
        module, "link_media", "Join media to its session",
        "Whether H.245 connections, RTP and RTCP streams that a call's messages name are shown "
        "as parts of the session.",
        &link_media);
    observe_register_preferences(module);
}

void
media_handoff(const media_handles_t *handles)
{
    proto_t38 = proto_get_id_by_filter_name("t38");
    upstream_handles[CHANNEL_RTP] = find_dissector_add_dependency("rtp", proto_msiccp);
    upstream_handles[CHANNEL_RTCP] = find_dissector_add_dependency("rtcp", proto_msiccp);
    upstream_handles[CHANNEL_T38] = find_dissector_add_dependency("t38_udp", proto_msiccp);
    our_handles[CHANNEL_RTP] = handles->rtp;
    our_handles[CHANNEL_RTCP] = handles->rtcp;
    our_handles[CHANNEL_T38] = handles->t38;
    expected_rtcp_handle = handles->expected_rtcp;
    join_handoff();
    connections_handoff(handles);
    unreachable_handoff(handles);
    observe_handoff(handles->rtp, handles->rtcp);
}

bool
media_is_rtcp(tvbuff_t *tvb)
{
    return rtp_is_rtcp(tvb);
}

bool
media_may_be_rtp(tvbuff_t *tvb)
{
    return rtp_has_version(tvb, 0) || tvb_captured_length(tvb) == 0;
}

int
media_dissect(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return call_dissector_only(upstream_handles[channel], tvb, pinfo, tree, data);
}

/* Wireshark is told what comes to this address from this frame on. */
static void
set_up(packet_info *pinfo, address *addr, uint32_t port, channel_t channel)
{
    if (channel == CHANNEL_RTP)
        rtp_add_address(pinfo, PT_UDP, addr, (int)port, 0, SETUP_METHOD, pinfo->num, 0, NULL);
    else
        rtcp_add_address(pinfo, addr, (int)port, 0, SETUP_METHOD, pinfo->num);
}

/* What Wireshark has just been told to be media at this address comes to us first. */
static void
receive(const packet_info *pinfo, const address *addr, uint32_t port)
{
    conversation_t *conversation = find_conversation(pinfo->num, addr, addr, CONVERSATION_UDP, port,
                                                     port, NO_ADDR_B | NO_PORT_B);
    dissector_handle_t handle =
        conversation ? conversation_get_dissector(conversation, pinfo->num) : NULL;

    if (handle && dissector_handle_get_protocol_index(handle) == proto_t38)
        upstream_handles[CHANNEL_T38] = handle;
    for (unsigned channel = 0; handle && channel < CHANNEL_COUNT; channel++) {
        if (handle == upstream_handles[channel])
            conversation_set_dissector(conversation, our_handles[channel]);
    }
}

/* The codec for this address; NULL also where the frame names another one for it too. */
static const char *
only_codec(const media_offer_t *offer, uint32_t frame)
{
    const announcement_t *same =
        places_announced(places_of_media, &offer->addr, offer->port, frame);

    return same && same->frame == frame && g_strcmp0(same->codec, offer->codec) != 0 ? NULL
                                                                                     : offer->codec;
}

/*
 * Two attempts that name the same places of media, of both their ends, are legs of one
 * call: what stands between has given the second an identifier of its own.
 */
static void
compare_with_earlier(const announcement_t *announcement, const packet_info *pinfo)
{
    const announcement_t *earlier = announcement->earlier;
    session_t *session = announcement->session;
    session_t *other = earlier ? earlier->session : NULL;

    if (!other || other == session || call_is_over(other) || earlier->side != announcement->side ||
        !legs_may_be(session, other))
        return;
    if (session->kin != other) {
        session->kin = other;
        session->kin_at[SIDE_CALLER] = false;
        session->kin_at[SIDE_CALLEE] = false;
    }
    session->kin_at[announcement->side] = true;
    if (session->kin_at[!announcement->side] ||
        (other->kin == session && other->kin_at[!announcement->side]))
        legs_join(session, other, pinfo);
}

static void
announce_advertised(const step_t *step, const media_offer_t *offer, uint32_t frame)
{
    places_announce(places_advertised, step->session,
                    places_side_of(step->session, &offer->addr, step->sender), frame, &offer->addr,
                    offer->port);
}

static void
announce_data(const step_t *step, const address *addr, uint32_t port, channel_t channel,
              link_t link, uint32_t frame)
{
    announcement_t *announcement =
        places_announce(places_of_data, step->session, step->sender, frame, addr, port);

    announcement->link = link;
    announcement->channel = channel;
    connections_announce_port((uint16_t)port);
}

static void
announce_media(const step_t *step, const media_offer_t *offer, const packet_info *pinfo)
{
    const char *codec = only_codec(offer, pinfo->num);
    side_t side = offer->to_callee ? SIDE_CALLEE : SIDE_CALLER;
    announcement_t *announcement = places_announce(places_of_media, step->session, side, pinfo->num,
                                                   &offer->addr, offer->port);

    announcement->codec = codec;
    announcement->payload_type = offer->payload_type;
    announcement->content = offer->content;
    announcement->is_rtcp = offer->rtcp;
    if (!offer->rtcp)
        step->session->media_addr[side] = offer->addr;
    receive(pinfo, &offer->addr, offer->port);
    /* RTCP that no message names is expected at the port above RTP's. */
    receive(pinfo, &offer->addr, offer->port + 1u);
    places_remember_frame(step->session, pinfo->num);
    compare_with_earlier(announcement, pinfo);
}

static void
announce_offer(const step_t *step, const media_offer_t *offer, const packet_info *pinfo)
{
    if (offer->link == LINK_ADVERTISED) {
        announce_advertised(step, offer, pinfo->num);
    } else if (offer->tcp) {
        announce_data(step, &offer->addr, offer->port,
                      offer->content == CONTENT_T38 ? CHANNEL_T38 : CHANNEL_T120, LINK_NEGOTIATED,
                      pinfo->num);
    } else {
        announce_media(step, offer, pinfo);
    }
}

/* T.120 for which no message names an address is spoken at its own port, at either end. */
static void
announce_usual_data(const step_t *step, const packet_info *pinfo, const message_t *message)
{
    unsigned count = message->opened ? wmem_array_get_count(message->opened) : 0;

    for (unsigned i = 0; i < count; i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);

        if (opened->content != CONTENT_T120)
            continue;
        announce_data(step, &pinfo->src, T120_PORT, CHANNEL_T120, LINK_OBSERVED, pinfo->num);
        announce_data(step, &pinfo->dst, T120_PORT, CHANNEL_T120, LINK_OBSERVED, pinfo->num);
    }
}

static void
announce_h245(const step_t *step, const packet_info *pinfo, const message_t *message)
{
    places_announce(places_of_h245, step->session, step->sender, pinfo->num, &message->h245_addr,
                    message->h245_port);
    connections_announce_port(message->h245_port);
    connections_receive_h245(pinfo, message);
    /* Behind NAT the connection comes to where the message came from: that is a guess. */
    if (!addresses_equal(&message->h245_addr, &pinfo->src))
        places_announce(places_of_h245, step->session, step->sender, pinfo->num, &pinfo->src,
                        message->h245_port)
            ->link = LINK_OBSERVED;
}

/* Wireshark knows of no address that is only named so. */
static void
announce_multiplexed(const step_t *step, packet_info *pinfo, const multiplexed_t *multiplexed)
{
    address addr = multiplexed->addr;

    multiplexed_announce(step, pinfo, multiplexed);
    set_up(pinfo, &addr, multiplexed->port, multiplexed->rtcp ? CHANNEL_RTCP : CHANNEL_RTP);
    receive(pinfo, &addr, multiplexed->port);
}

void
media_announce(const step_t *step, packet_info *pinfo, const message_t *message)
{
    if (!step->session || !link_media)
        return;
    announce_usual_data(step, pinfo, message);
    for (unsigned i = 0; i < step->offer_count; i++)
        announce_offer(step, &step->offers[i], pinfo);
    for (unsigned i = 0; message->multiplexed && i < wmem_array_get_count(message->multiplexed);
         i++)
        announce_multiplexed(step, pinfo, wmem_array_index(message->multiplexed, i));
    if (message->media_accepted || message->has_fast_start)
        places_remember_frame(step->session, pinfo->num);
    if (message->has_h245_address)
        announce_h245(step, pinfo, message);
}

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
media_expected_between(const packet_info *pinfo, bool *is_advertised)
{
    *is_advertised = advertised_to(pinfo) || advertised_from(pinfo);
    if (!link_media)
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
media_is_negotiated(const packet_info *pinfo, joined_t *joined)
{
    const announcement_t *there =
        places_announced(places_of_media, &pinfo->dst, pinfo->destport, pinfo->num);

    if (!link_media || !there || there->link != LINK_NEGOTIATED || there->is_expected ||
        call_is_over(there->session))
        return false;
    joined->session = there->session;
    joined->to = there->side;
    joined->link = LINK_NEGOTIATED;
    joined->codec = there->codec;
    joined->payload_type = there->payload_type;
    joined->content = there->content;
    return true;
}

/* With whomever, at this port of where the packet goes; NULL: none. */
static conversation_t *
conversation_with_anybody(const packet_info *pinfo, uint32_t port)
{
    return find_conversation(pinfo->num, &pinfo->dst, &pinfo->src, CONVERSATION_UDP, port,
                             pinfo->srcport, NO_ADDR_B | NO_PORT_B);
}

/* The same; NULL also where another frame set it up. */
static conversation_t *
conversation_set_up(const packet_info *pinfo, uint32_t port)
{
    conversation_t *conversation = conversation_with_anybody(pinfo, port);

    return conversation && conversation->setup_frame == pinfo->num ? conversation : NULL;
}

static bool
is_taken(const packet_info *pinfo, uint32_t port)
{
    conversation_t *conversation = conversation_with_anybody(pinfo, port);

    return conversation && conversation_get_dissector(conversation, pinfo->num);
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

/*
 * RTCP is at the port above RTP's (RFC 3550 section 11). Were it left to heuristics, Wireshark's
 * own could be asked before ours; what is no RTCP is left to whoever wants it.
 */
static void
expect_rtcp(packet_info *pinfo, const joined_t *joined)
{
    uint32_t port = pinfo->destport + 1u;
    conversation_t *conversation;

    if (port > UINT16_MAX || is_taken(pinfo, port))
        return;
    if (!places_announced_by(places_of_media, joined->session, &pinfo->dst, port, pinfo->num))
        announce_expected(pinfo, joined, port);
    set_up(pinfo, &pinfo->dst, port, CHANNEL_RTCP);
    conversation = conversation_set_up(pinfo, port);
    if (conversation)
        conversation_set_dissector(conversation, expected_rtcp_handle);
}

void
media_found(packet_info *pinfo, const joined_t *joined)
{
    dissector_handle_t handle = our_handles[joined->channel];
    announcement_t *announcement = places_announce(places_of_media, joined->session, joined->to,
                                                   pinfo->num, &pinfo->dst, pinfo->destport);
    conversation_t *conversation;

    session_is_real(joined->session, pinfo);
    announcement->is_found = true;
    announcement->link = joined->link;
    announcement->channel = joined->channel;
    announcement->content = joined->content;
    announcement->codec = joined->codec;
    announcement->payload_type = joined->payload_type;
    places_remember_frame(joined->session, pinfo->num);
    set_up(pinfo, &pinfo->dst, pinfo->destport, joined->channel);

    /* This very packet goes through the heuristic in later passes as in this one. */
    conversation = conversation_set_up(pinfo, pinfo->destport);
    if (conversation) {
        conversation_set_dissector(conversation, NULL);
        conversation_set_dissector_from_frame_number(conversation, pinfo->num + 1, handle);
    }
    if (joined->channel == CHANNEL_RTP)
        expect_rtcp(pinfo, joined);
}

bool
media_was_found(const packet_info *pinfo, joined_t *joined)
{
    const announcement_t *found =
        places_announced(places_of_media, &pinfo->dst, pinfo->destport, pinfo->num);

    if (!found || found->frame != pinfo->num || !found->is_found)
        return false;
    joined->codec = found->codec;
    joined->payload_type = found->payload_type;
    joined->content = found->content;
    joined->session = found->session;
    joined->to = found->side;
    joined->link = found->link;
    joined->channel = found->channel;
    return true;
}
