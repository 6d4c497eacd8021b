/* join.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/join.h"

#include "common/protocol.h"
#include "media/places.h"
#include "media/settled.h"
#include "session/legs.h"

#include <epan/conversation.h>

static int proto_rtp;
static int proto_rtcp;
static int proto_t38;

void
join_handoff(void)
{
    proto_rtp = proto_get_id_by_filter_name("rtp");
    proto_rtcp = proto_get_id_by_filter_name("rtcp");
    proto_t38 = proto_get_id_by_filter_name("t38");
}

static int
protocol_of(channel_t channel)
{
    switch (channel) {
    case CHANNEL_RTP:
        return proto_rtp;
    case CHANNEL_RTCP:
        return proto_rtcp;
    default:
        return proto_t38;
    }
}

/* What the innermost layer of RTP, RTCP and T.38 is; false: there is none of them. */
static bool
media_channel(const packet_info *pinfo, channel_t *channel)
{
    static const channel_t channels[] = {CHANNEL_RTP, CHANNEL_RTCP, CHANNEL_T38};

    for (wmem_list_frame_t *layer = wmem_list_tail(pinfo->layers); layer;
         layer = wmem_list_frame_prev(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));

        for (size_t i = 0; i < G_N_ELEMENTS(channels); i++) {
            if (proto == protocol_of(channels[i])) {
                *channel = channels[i];
                return true;
            }
        }
    }
    return false;
}

static uint32_t
setup_frame_of(const conversation_t *conversation, channel_t channel)
{
    int proto = protocol_of(channel);

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

/*
 * What the session has last agreed on for where this packet goes. Both ways of a
 * stream can have been set up by the frame that named one of its ends.
 */
static void
learn_of_destination(joined_t *joined, const packet_info *pinfo)
{
    const announcement_t *there = places_announced_by(places_of_media, joined->session,
                                                      &pinfo->net_dst, pinfo->destport, pinfo->num);

    if (there)
        places_take_over(joined, there);
}

/*
 * A look-up of a conversation costs more than all else that is done for a packet of RTP. What
 * later passes find by frame cannot be settled.
 */
static bool
can_be_settled(const packet_info *pinfo, channel_t channel)
{
    return channel == CHANNEL_RTP && !PINFO_FD_VISITED(pinfo);
}

/*
 * The announcement that counts for where the packet goes, of one that was set up: not every form
 * of an address is one that Wireshark sets a stream up for, and then an earlier call's is there.
 */
static const announcement_t *
announced_since(const packet_info *pinfo, const announcement_t *set_up)
{
    const session_t *earlier = set_up->session;
    const announcement_t *latest =
        places_announced(places_of_media, &pinfo->net_dst, pinfo->destport, pinfo->num);

    return latest->session != earlier && call_is_over(earlier) &&
                   earlier->release.frame < latest->frame
               ? latest
               : set_up;
}

/* The first session that the packet belongs to, of one that was set up: cases 1 to 3 below. */
static bool
join_set_up(packet_info *pinfo, uint32_t frame, joined_t *joined)
{
    const announcement_t *to =
        places_announced(places_of_media, &pinfo->net_dst, pinfo->destport, frame);
    const announcement_t *from;

    if (to && places_has_announced(to->session, frame)) {
        places_join(joined, announced_since(pinfo, to));
        learn_of_destination(joined, pinfo);
        if (can_be_settled(pinfo, joined->channel))
            settled_keep(pinfo, joined);
        return true;
    }
    from = places_announced(places_of_media, &pinfo->net_src, pinfo->srcport, frame);
    if (from && places_has_announced(from->session, frame)) {
        joined->session = from->session;
        joined->to = !from->side;
        joined->link = from->link;
        joined->content = from->content;
    } else {
        joined->session = places_only_session_of(frame);
        if (!joined->session)
            return false;
        joined->to = places_side_of(joined->session, &pinfo->net_dst, SIDE_CALLEE);
        joined->link = LINK_NEGOTIATED;
    }
    learn_of_destination(joined, pinfo);
    return true;
}

static bool
join_first(packet_info *pinfo, channel_t channel, joined_t *joined)
{
    const joined_t *settled = can_be_settled(pinfo, channel) ? settled_find(pinfo) : NULL;
    uint32_t frame;

    if (settled) {
        *joined = *settled;
        return true;
    }
    memset(joined, 0, sizeof *joined);
    joined->channel = channel;
    frame = media_setup_frame(pinfo, channel);
    return frame != 0 && join_set_up(pinfo, frame, joined);
}

/* The other legs of its call that have announced one of the packet's two addresses: case 4. */
static unsigned
join_other_legs(packet_info *pinfo, joined_t joined[MOST_JOINED])
{
    session_t *others[LEGS_TOLD];
    unsigned legs = legs_others(joined[0].session, others);
    unsigned count = 1;

    for (unsigned i = 0; i < legs && count < MOST_JOINED; i++) {
        session_t *leg = others[i];
        const announcement_t *to =
            places_announced_by(places_of_media, leg, &pinfo->net_dst, pinfo->destport, pinfo->num);
        const announcement_t *from =
            places_announced_by(places_of_media, leg, &pinfo->net_src, pinfo->srcport, pinfo->num);

        if ((!to && !from) ||
            legs_call_at(leg, pinfo->num) != legs_call_at(joined[0].session, pinfo->num))
            continue;
        joined[count] = joined[0];
        joined[count].session = leg;
        joined[count].stream = NULL;
        joined[count].to = to ? to->side : !from->side;
        if (to)
            places_take_over(&joined[count], to);
        count++;
    }
    return count;
}

unsigned
join_legs(packet_info *pinfo, joined_t joined[MOST_JOINED])
{
    return joined[0].session->legs ? join_other_legs(pinfo, joined) : 1;
}

bool
join_has_data(void)
{
    return wmem_map_size(places_of_data) > 0 && places_are_linked();
}

bool
join_data(packet_info *pinfo, joined_t *joined)
{
    joined_t *noted = NULL;

    if (join_has_data())
        noted = p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_DATA);
    if (!noted || p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_SHOWN_DATA))
        return false;
    p_add_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_SHOWN_DATA, noted);
    *joined = *noted;
    return true;
}

/*
 * Who may join media to a call: nobody by an address alone. A packet is of a session if
 * Wireshark's own dissector has taken it for RTP, RTCP or T.38, in a conversation that was
 * set up by a frame of that session, and
 *   1. that frame, or one before it, announced for the session where the packet goes; or
 *   2. where it comes from, as of a stream that answers, or goes to a translated address; or
 *   3. that frame announced something for this session and no other.
 * Frames that set streams up are its control messages and H.245, and the packet with which
 * observe.c has found a stream: at an address that a message of the session advertised, or
 * between its two ends while it was up, in both cases on the evidence of several packets. With
 * RTP it sets up RTCP at the port above.
 *   4. It is of the other legs of that call, too, that have announced one of its addresses.
 *   5. What comes over TCP is of the session that announced the connection for data, if the
 *      connection begins as TPKT. That takes nothing from whoever decodes it.
 */
unsigned
join_media(packet_info *pinfo, joined_t joined[MOST_JOINED])
{
    channel_t channel;

    if (!places_are_linked() || pinfo->ptype != PT_UDP || !media_channel(pinfo, &channel) ||
        !join_first(pinfo, channel, joined))
        return 0;
    return join_legs(pinfo, joined);
}

const joined_t *
join_settled(const packet_info *pinfo)
{
    return !pinfo->flags.in_error_pkt && pinfo->ptype == PT_UDP &&
                   can_be_settled(pinfo, CHANNEL_RTP)
               ? settled_find(pinfo)
               : NULL;
}
