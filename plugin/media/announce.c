/* announce.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/announce.h"

#include "media/connections.h"
#include "media/multiplexed.h"
#include "media/places.h"
#include "media/setup.h"
#include "session/legs.h"

#define T120_PORT 1503

/* The codec for this address; NULL also where the frame names another one for it too. */
static const char *
only_codec(const media_offer_t *offer, uint32_t frame)
{
    const address addr = offer_address(offer);
    const announcement_t *same = places_announced(places_of_media, &addr, offer->port, frame);

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
    const address addr = offer_address(offer);

    places_announce(places_advertised, step->session,
                    places_side_of(step->session, &addr, step->sender), frame, &addr, offer->port);
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
    const address addr = offer_address(offer);
    announcement_t *announcement =
        places_announce(places_of_media, step->session, side, pinfo->num, &addr, offer->port);

    announcement->codec = codec;
    announcement->payload_type = offer->payload_type;
    announcement->content = offer->content;
    announcement->is_rtcp = offer->rtcp;
    if (!offer->rtcp)
        step->session->media_addr[side] = addr;
    setup_receive(pinfo, &addr, offer->port);
    /* RTCP that no message names is expected at the port above RTP's. */
    setup_receive(pinfo, &addr, offer->port + 1u);
    places_remember_frame(step->session, pinfo->num);
    compare_with_earlier(announcement, pinfo);
}

static void
announce_offer(const step_t *step, const media_offer_t *offer, const packet_info *pinfo)
{
    if (offer->link == LINK_ADVERTISED) {
        announce_advertised(step, offer, pinfo->num);
    } else if (offer->tcp) {
        const address addr = offer_address(offer);

        announce_data(step, &addr, offer->port,
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
    multiplexed_announce(step, pinfo, multiplexed);
    setup_media(pinfo, &multiplexed->addr, multiplexed->port,
                multiplexed->rtcp ? CHANNEL_RTCP : CHANNEL_RTP);
    setup_receive(pinfo, &multiplexed->addr, multiplexed->port);
}

void
announce_message(const step_t *step, packet_info *pinfo, const message_t *message)
{
    if (!step->session || !places_are_linked())
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
