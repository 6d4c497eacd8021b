/* connections.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/connections.h"

#include "common/ports.h"
#include "common/protocol.h"
#include "common/upstream.h"
#include "media/attempts.h"
#include "media/media.h"
#include "media/places.h"
#include "readers/h225.h"
#include "readers/h245.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <epan/to_str.h>

/* A FIN or an RST has been seen: tcp.completeness. */
#define TCP_COMPLETENESS_CLOSED (0x10 | 0x20)

#define TCP_FLAGS_OFFSET 13

/* In file scope: conversations that have been seen to be what was announced. */
static wmem_map_t *known_connections;

/*
 * A bit for each port of TCP that is ours, or that a message of this file has announced: most
 * segments are at no such port, and no more is asked of them.
 */
static uint8_t watched_ports[(UINT16_MAX + 1) / 8];

static dissector_handle_t upstream_tcp_handle;
static dissector_handle_t upstream_h245_handle;
static dissector_handle_t our_h245_handle;
static dissector_handle_t our_data_handle;

static void
begin_file(void)
{
    memset(watched_ports, 0, sizeof watched_ports);
    ports_tell_ours(OVER_TCP, connections_watch_port);
}

void
connections_register(void)
{
    register_init_routine(begin_file);
    known_connections =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

void
connections_handoff(const media_handles_t *handles)
{
    upstream_h245_handle = find_dissector_add_dependency("h245", proto_msiccp);
    our_h245_handle = handles->h245;
    our_data_handle = handles->data;
    upstream_tcp_handle = upstream_stand_before("ip.proto", IP_PROTO_TCP, handles->tcp,
                                                "msiccp.over_tcp", "TCP, and calls over it");
}

int
media_dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return call_dissector_only(upstream_tcp_handle, tvb, pinfo, tree, data);
}

void
connections_watch_port(uint16_t port)
{
    watched_ports[port / 8] |= (uint8_t)(1 << port % 8);
}

static bool
is_watched(uint16_t port)
{
    return watched_ports[port / 8] & 1 << port % 8;
}

/*
 * The H.225.0 dissector has just told the conversation that is to come at this
 * address to be H.245. From here on it comes to us first, so that we see what
 * the H.245 dissector makes of it.
 */
void
connections_receive_h245(const packet_info *pinfo, const message_t *message)
{
    conversation_t *conversation =
        find_conversation(pinfo->num, &message->h245_addr, &message->h245_addr, CONVERSATION_TCP,
                          message->h245_port, message->h245_port, NO_ADDR_B | NO_PORT_B);

    if (conversation &&
        conversation_get_dissector(conversation, pinfo->num) == upstream_h245_handle)
        conversation_set_dissector_from_frame_number(conversation, pinfo->num, our_h245_handle);
}

static const announcement_t *
announced_at(wmem_map_t *places, const address *addr, uint32_t port, uint32_t frame)
{
    return is_watched((uint16_t)port) ? places_announced(places, addr, port, frame) : NULL;
}

static const announcement_t *
announced_for(wmem_map_t *places, const packet_info *pinfo, side_t *sender)
{
    const announcement_t *to = announced_at(places, &pinfo->dst, pinfo->destport, pinfo->num);
    const announcement_t *from = announced_at(places, &pinfo->src, pinfo->srcport, pinfo->num);

    if (to && (!from || to->frame >= from->frame)) {
        *sender = !to->side;
        return to;
    }
    if (from)
        *sender = from->side;
    return from;
}

/* Once a connection has begun as what was announced, it is that, whatever comes. */
static bool
is_known_conversation(const conversation_t *conversation)
{
    return wmem_map_contains(known_connections, conversation);
}

static bool
is_known(packet_info *pinfo)
{
    return is_known_conversation(find_conversation_pinfo(pinfo, 0));
}

static void
set_known(packet_info *pinfo)
{
    if (!PINFO_FD_VISITED(pinfo))
        wmem_map_insert(known_connections, find_conversation_pinfo(pinfo, 0),
                        GUINT_TO_POINTER(pinfo->num));
}

/*
 * A connection that reuses the addresses and ports of an earlier one gets a new
 * conversation with its SYN, and one behind NAT has other addresses than were
 * named: neither has inherited the dissector that H.225.0 gave to the address.
 */
static void
expect(dissector_handle_t handle, conversation_t *conversation, const packet_info *pinfo)
{
    if (!conversation_get_dissector(conversation, pinfo->num))
        conversation_set_dissector_from_frame_number(conversation, pinfo->num, handle);
}

static bool
is_closed(conversation_t *conversation, packet_info *pinfo)
{
    const struct tcp_analysis *analysis = get_tcp_conversation_data(conversation, pinfo);

    return analysis && analysis->conversation_completeness & TCP_COMPLETENESS_CLOSED;
}

/* Good ends say endSession first, and the control connection takes H.245 with it. */
static void
note_broken(session_t *session, packet_info *pinfo)
{
    char *host;

    if (call_is_over(session) || session->h245.is_ended || session->control_closed ||
        evidence_has(&session->evidence, FINDING_H245_BROKEN))
        return;
    host = address_to_str(pinfo->pool, &pinfo->src);
    evidence_keep(
        pinfo, session,
        evidence_add(&session->evidence, FINDING_H245_BROKEN, SIDE_COUNT, pinfo->num,
                     wmem_strdup_printf(wmem_file_scope(),
                                        "%s ended the H.245 connection without endSession while "
                                        "the call was up",
                                        host)));
}

/* What is only a guess may be another connection. */
static void
watch_h245(conversation_t *conversation, const announcement_t *announcement, packet_info *pinfo)
{
    session_t *session = announcement->session;

    if (is_known_conversation(conversation)) {
        session->h245.is_tried = true;
        if (is_closed(conversation, pinfo))
            note_broken(session, pinfo);
        return;
    }
    expect(our_h245_handle, conversation, pinfo);
    if (announcement->link == LINK_OBSERVED)
        return;
    session->h245.is_tried = true;
    attempts_watch(conversation, session, announcement->side, pinfo);
}

static void
watch_announced(packet_info *pinfo)
{
    side_t sender;
    const announcement_t *h245 =
        wmem_map_size(places_of_h245) ? announced_for(places_of_h245, pinfo, &sender) : NULL;
    const announcement_t *data =
        wmem_map_size(places_of_data) ? announced_for(places_of_data, pinfo, &sender) : NULL;
    conversation_t *conversation = h245 || data ? find_conversation_pinfo(pinfo, 0) : NULL;

    if (!conversation)
        return;
    if (h245)
        watch_h245(conversation, h245, pinfo);
    if (data)
        expect(our_data_handle, conversation, pinfo);
}

/* False: it is no control connection, or none that has carried anything. */
static bool
watch_control(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    connection_t *connection = conversation ? connection_find(conversation) : NULL;

    if (!connection) {
        if (conversation)
            attempts_watch_control(conversation, pinfo);
        return false;
    }
    if (is_closed(conversation, pinfo))
        connection_close(connection);
    return true;
}

/* Those that a connection begins and ends with. */
static unsigned
turning_flags(tvbuff_t *tvb)
{
    return tvb_bytes_exist(tvb, TCP_FLAGS_OFFSET, 1)
               ? tvb_get_uint8(tvb, TCP_FLAGS_OFFSET) & (TH_SYN | TH_FIN | TH_RST)
               : 0;
}

/* Where a segment has carried another, what pinfo tells is of that. */
static bool
is_told_of(tvbuff_t *tvb, const packet_info *pinfo)
{
    return pinfo->ptype == PT_TCP && tvb_bytes_exist(tvb, 0, 4) &&
           tvb_get_ntohs(tvb, 0) == pinfo->srcport && tvb_get_ntohs(tvb, 2) == pinfo->destport;
}

/* In the midst of a control connection nothing is to be learnt, but that its opener is answered. */
static bool
watch_at_our_ports(packet_info *pinfo, unsigned flags)
{
    if (!ports_is_ours(OVER_TCP, pinfo->srcport) && !ports_is_ours(OVER_TCP, pinfo->destport))
        return false;
    return (!flags && !attempts_are_open()) || watch_control(pinfo);
}

/* Not inlined, so that most segments, which come no further, have no registers saved for it. */
static G_GNUC_NO_INLINE void
watch_segment(tvbuff_t *tvb, packet_info *pinfo)
{
    if (is_told_of(tvb, pinfo) && !watch_at_our_ports(pinfo, turning_flags(tvb)) &&
        media_is_linked())
        watch_announced(pinfo);
}

void
media_watch_tcp(tvbuff_t *tvb, packet_info *pinfo)
{
    if (is_watched((uint16_t)pinfo->srcport) || is_watched((uint16_t)pinfo->destport))
        watch_segment(tvb, pinfo);
}

/*
 * Whoever writes an address into a message must not be able to take another protocol's
 * traffic away: what does not begin as TPKT is not taken, and at an address that no
 * message named, but that the message came from, only what opens H.245.
 */
static h245_start_t
start_of(tvbuff_t *tvb, const announcement_t *announcement)
{
    if (announcement->link == LINK_OBSERVED)
        return h245_start(tvb);
    return h225_may_be_tpkt(tvb, 0) ? H245_OPENS : H245_NONE;
}

/*
 * Whom Wireshark's own dissectors gave the connection, perhaps by a later frame; NULL: nobody. They
 * claim it from the first frame on, and do not know that we were put before them.
 */
static dissector_handle_t
claimer_of(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation ? conversation_get_dissector(conversation, 0) : NULL;
}

/* Wireshark takes the connection for H.245, which does not ask about it. */
static bool
is_wiresharks(packet_info *pinfo)
{
    return claimer_of(pinfo) == upstream_h245_handle;
}

int
media_leave_to_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t claimer = claimer_of(pinfo);

    if (!claimer)
        return 0;
    /* The layer that we were called with is not there without us. */
    wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
    return upstream_dissect(claimer, tvb, pinfo, tree, data);
}

media_h245_t
media_h245_session(tvbuff_t *tvb, packet_info *pinfo, session_t **session, side_t *sender)
{
    const announcement_t *announcement =
        media_is_linked() ? announced_for(places_of_h245, pinfo, sender) : NULL;

    *session = NULL;
    if (!announcement)
        return MEDIA_H245_OF_NOBODY;
    if (!is_known(pinfo)) {
        h245_start_t start = start_of(tvb, announcement);

        if (start == H245_TOO_SHORT)
            return MEDIA_H245_LATER;
        if (start == H245_NONE)
            return is_wiresharks(pinfo) ? MEDIA_H245_OF_NOBODY : MEDIA_H245_NOT;
        set_known(pinfo);
    }
    *session = announcement->session;
    return MEDIA_H245_OF_SESSION;
}

void
media_note_data(tvbuff_t *tvb, packet_info *pinfo)
{
    side_t sender;
    const announcement_t *announcement;
    joined_t *joined;

    if (PINFO_FD_VISITED(pinfo) || !media_is_linked())
        return;
    announcement = announced_for(places_of_data, pinfo, &sender);
    if (!announcement || (!is_known(pinfo) && !h225_may_be_tpkt(tvb, 0)))
        return;
    set_known(pinfo);
    joined = wmem_new0(wmem_file_scope(), joined_t);
    joined->session = announcement->session;
    joined->channel = announcement->channel;
    joined->link = announcement->link;
    joined->to = !sender;
    p_set_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_DATA, joined);
}
