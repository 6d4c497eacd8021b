/* connections.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/connections.h"

#include "common/ports.h"
#include "common/protocol.h"
#include "common/upstream.h"
#include "media/attempts.h"
#include "media/joined.h"
#include "media/places.h"
#include "readers/h225.h"
#include "readers/h245.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <epan/to_str.h>

/* A FIN or an RST has been seen: tcp.completeness. */
#define TCP_COMPLETENESS_RST 0x20
#define TCP_COMPLETENESS_CLOSED (0x10 | TCP_COMPLETENESS_RST)

/* RFC 9293 section 3.1. */
#define TCP_SEQUENCE_OFFSET 4
#define TCP_ACKNOWLEDGEMENT_OFFSET 8
#define TCP_DATA_OFFSET 12
#define TCP_FLAGS_OFFSET 13
#define TCP_HEADER_LENGTH 20

/* A connection that has been seen to be what was announced. */
typedef struct {
    const announcement_t *announcement;
    uint32_t frame;
    uint16_t port;       /* that was announced */
    bool is_h245;        /* or it is for data */
    captured_t captured; /* by side */
} known_t;

static wmem_map_t *known_connections; /* conversation_t -> known_t; file scope */

/*
 * A bit for each port of TCP that is ours, or that a message of this file has announced: most
 * segments are at no such port, and no more is asked of them.
 */
static port_set_t watched_ports;

/* A message of this file has announced a port of TCP. */
static bool is_any_announced;

static dissector_handle_t upstream_tcp_handle;
static dissector_handle_t upstream_h245_handle;
static dissector_handle_t our_h245_handle;
static dissector_handle_t our_data_handle;

static void
begin_file(void)
{
    memset(watched_ports, 0, sizeof watched_ports);
    ports_add_ours(OVER_TCP, watched_ports);
    is_any_announced = false;
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
connections_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return call_dissector_only(upstream_tcp_handle, tvb, pinfo, tree, data);
}

void
connections_announce_port(uint16_t port)
{
    port_set_add(watched_ports, port);
    is_any_announced = true;
}

static bool
is_watched(uint16_t port)
{
    return port_set_has(watched_ports, port);
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

/* So many calls that announce the same address are told apart by who connects to it. */
#define MOST_AT_ONE_PLACE 64

static bool
is_other_end(const announcement_t *announcement, const address *addr)
{
    return addresses_equal(&announcement->session->parties[!announcement->side].addr, addr);
}

/* A gatekeeper announces one address for the H.245 of many calls: whose is it that this end opens?
 */
static const announcement_t *
announced_to(const announcement_t *latest, const address *opener)
{
    const announcement_t *announcement = latest;
    const announcement_t *opened = NULL;

    for (int i = 0; announcement && i < MOST_AT_ONE_PLACE;
         i++, announcement = announcement->earlier) {
        if (call_is_over(announcement->session) || !is_other_end(announcement, opener))
            continue;
        if (!announcement->session->carried[OVER_H245].captured)
            return announcement;
        if (!opened)
            opened = announcement;
    }
    return opened ? opened : latest;
}

/* The latest announcement of either end, and who sends this packet if it is of that one. */
static const announcement_t *
announced_between(wmem_map_t *places, const packet_info *pinfo, uint32_t from_port,
                  uint32_t to_port, side_t *sender)
{
    const announcement_t *to = announced_at(places, &pinfo->dst, to_port, pinfo->num);
    const announcement_t *from = announced_at(places, &pinfo->src, from_port, pinfo->num);

    if (to && (!from || to->frame >= from->frame)) {
        to = announced_to(to, &pinfo->src);
        *sender = !to->side;
        return to;
    }
    if (from) {
        from = announced_to(from, &pinfo->dst);
        *sender = from->side;
    }
    return from;
}

static const announcement_t *
announced_for(wmem_map_t *places, const packet_info *pinfo, side_t *sender)
{
    return announced_between(places, pinfo, pinfo->srcport, pinfo->destport, sender);
}

/* Neither of the hosts that spoke of it is an end of this connection. */
static bool
is_of_strangers(const announcement_t *announcement, const packet_info *pinfo)
{
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        const address *host = &announcement->session->parties[side].addr;

        if (addresses_equal(host, &pinfo->src) || addresses_equal(host, &pinfo->dst))
            return false;
    }
    return true;
}

static bool
is_guess(const announcement_t *announcement, const packet_info *pinfo)
{
    return announcement->link == LINK_OBSERVED || is_of_strangers(announcement, pinfo);
}

/* Once a connection has begun as what was announced, it is that from this frame on; NULL: it has
 * not. */
static known_t *
known_of(const conversation_t *conversation, uint32_t frame)
{
    known_t *known = wmem_map_lookup(known_connections, conversation);

    return known && known->frame <= frame ? known : NULL;
}

static known_t *
known_by_packet(packet_info *pinfo)
{
    return known_of(upstream_conversation(pinfo), pinfo->num);
}

static side_t
known_sender(const known_t *known, const packet_info *pinfo)
{
    return pinfo->srcport == known->port ? known->announcement->side : !known->announcement->side;
}

static known_t *
set_known(packet_info *pinfo, const announcement_t *announcement, side_t sender)
{
    known_t *known;

    if (PINFO_FD_VISITED(pinfo))
        return NULL;
    known = wmem_new0(wmem_file_scope(), known_t);
    known->announcement = announcement;
    known->frame = pinfo->num;
    known->port = (uint16_t)(sender == announcement->side ? pinfo->srcport : pinfo->destport);
    wmem_map_insert(known_connections, upstream_conversation(pinfo), known);
    return known;
}

/* First pass: from here on the capture tells of the call's H.245. */
static void
set_known_h245(packet_info *pinfo, const announcement_t *announcement, side_t sender)
{
    known_t *known = set_known(pinfo, announcement, sender);

    if (!known)
        return;
    known->is_h245 = true;
    announcement->session->carried[OVER_H245] = (carried_t){.captured = &known->captured};
}

/* NULL: it is no connection that has begun as H.245. */
static known_t *
known_h245_of(const conversation_t *conversation, uint32_t frame)
{
    known_t *known = conversation ? known_of(conversation, frame) : NULL;

    return known && known->is_h245 ? known : NULL;
}

bool
connections_are_announced(void)
{
    return is_any_announced && places_are_linked();
}

/* What carries nothing comes to no dissector behind TCP. Of what does, the flags are there too. */
static bool
has_payload(tvbuff_t *tvb)
{
    return tvb_bytes_exist(tvb, TCP_DATA_OFFSET, 2) &&
           4u * (tvb_get_uint8(tvb, TCP_DATA_OFFSET) >> 4) < tvb_reported_length(tvb);
}

/*
 * A connection that reuses the addresses and ports of an earlier one gets a new
 * conversation with its SYN, and one behind NAT has other addresses than were
 * named: neither has inherited the dissector that H.225.0 gave to the address.
 */
void
connections_expect(tvbuff_t *tvb, packet_info *pinfo)
{
    uint16_t ports[2];
    uint16_t from, to;
    conversation_t *conversation;
    side_t sender;

    if (tvb_captured_length(tvb) < sizeof ports)
        return;
    memcpy(ports, tvb_get_ptr(tvb, 0, sizeof ports), sizeof ports);
    from = g_ntohs(ports[0]);
    to = g_ntohs(ports[1]);
    if (!(is_watched(from) || is_watched(to)) || ports_is_ours(OVER_TCP, from) ||
        ports_is_ours(OVER_TCP, to) || !has_payload(tvb))
        return;
    conversation =
        upstream_conversation_ahead(pinfo, from, to, tvb_get_uint8(tvb, TCP_FLAGS_OFFSET) & TH_SYN);
    if (!conversation || conversation_get_dissector(conversation, pinfo->num))
        return;
    if (announced_between(places_of_h245, pinfo, from, to, &sender))
        conversation_set_dissector_from_frame_number(conversation, pinfo->num, our_h245_handle);
    else if (announced_between(places_of_data, pinfo, from, to, &sender))
        conversation_set_dissector_from_frame_number(conversation, pinfo->num, our_data_handle);
}

static bool
is_closed(conversation_t *conversation, packet_info *pinfo, bool *by_reset)
{
    const struct tcp_analysis *analysis = get_tcp_conversation_data(conversation, pinfo);

    *by_reset = analysis && analysis->conversation_completeness & TCP_COMPLETENESS_RST;
    return analysis && analysis->conversation_completeness & TCP_COMPLETENESS_CLOSED;
}

/* Whether that was a fault is seen afterwards: most ends close it just before the call ends. */
static void
note_h245_closed(session_t *session, side_t closer, packet_info *pinfo, bool by_reset)
{
    if (call_is_over(session) || session->h245.is_ended || session->control_end)
        return;
    call_h245_closed(session, closer, pinfo, by_reset);
}

/* False: its header is not whole. */
static bool
segment_of(tvbuff_t *tvb, captured_segment_t *segment)
{
    unsigned header_length;
    unsigned flags;

    if (!tvb_bytes_exist(tvb, 0, TCP_HEADER_LENGTH))
        return false;
    header_length = 4u * (tvb_get_uint8(tvb, TCP_DATA_OFFSET) >> 4);
    flags = tvb_get_uint8(tvb, TCP_FLAGS_OFFSET);
    if (header_length < TCP_HEADER_LENGTH || header_length > tvb_reported_length(tvb) ||
        flags & TH_RST)
        return false;
    segment->sequence = tvb_get_ntohl(tvb, TCP_SEQUENCE_OFFSET);
    segment->length =
        tvb_reported_length(tvb) - header_length + !!(flags & TH_SYN) + !!(flags & TH_FIN);
    segment->has_acknowledgement = flags & TH_ACK;
    segment->acknowledgement = tvb_get_ntohl(tvb, TCP_ACKNOWLEDGEMENT_OFFSET);
    return true;
}

/*
 * Segments that came before it was known whose connection this is are in the capture, too: as far
 * as TCP's analysis has come, be its numbers relative or not.
 */
static void
reach_as_far_as_tcp(captured_segment_t *segment, const struct tcp_analysis *analysis)
{
    const tcp_flow_t *flow = analysis ? analysis->fwd : NULL;
    uint32_t next = flow && flow->tcp_analyze_seq_info ? flow->tcp_analyze_seq_info->nextseq : 0;
    uint32_t reach;

    if (!next)
        return;
    reach = MIN(next - segment->sequence, next + flow->base_seq - segment->sequence);
    if (reach > segment->length && reach <= UINT16_MAX)
        segment->length = reach;
}

static void
note_segment(tvbuff_t *tvb, captured_t *captured, unsigned end, conversation_t *conversation,
             packet_info *pinfo)
{
    captured_segment_t segment;

    if (!captured || !segment_of(tvb, &segment))
        return;
    if (!captured->ends[end].is_known)
        reach_as_far_as_tcp(&segment, get_tcp_conversation_data(conversation, pinfo));
    captured_add(captured, end, &segment);
}

static void
watch_h245(tvbuff_t *tvb, conversation_t *conversation, known_t *known, packet_info *pinfo)
{
    session_t *session = known->announcement->session;
    side_t sender = known_sender(known, pinfo);
    bool by_reset;

    session->h245.is_tried = true;
    note_segment(tvb, &known->captured, sender, conversation, pinfo);
    if (is_closed(conversation, pinfo, &by_reset))
        note_h245_closed(session, sender, pinfo, by_reset);
}

/* What is only a guess may be another connection. */
static void
watch_attempt(conversation_t *conversation, packet_info *pinfo)
{
    side_t sender;
    const announcement_t *announcement = announced_for(places_of_h245, pinfo, &sender);

    if (!announcement || is_guess(announcement, pinfo))
        return;
    announcement->session->h245.is_tried = true;
    attempts_watch(conversation, announcement->session, announcement->side, pinfo);
}

static void
watch_announced(tvbuff_t *tvb, packet_info *pinfo)
{
    conversation_t *conversation =
        wmem_map_size(places_of_h245) ? upstream_conversation(pinfo) : NULL;
    known_t *known = known_h245_of(conversation, pinfo->num);

    if (known)
        watch_h245(tvb, conversation, known, pinfo);
    else if (conversation)
        watch_attempt(conversation, pinfo);
}

/* False: it is no control connection, or none that has carried anything. */
static bool
watch_control(tvbuff_t *tvb, packet_info *pinfo)
{
    conversation_t *conversation = upstream_conversation(pinfo);
    connection_t *connection = conversation ? connection_find(conversation) : NULL;
    bool by_reset;

    if (!connection) {
        if (conversation)
            attempts_watch_control(conversation, pinfo);
        return false;
    }
    note_segment(tvb, connection->captured, connection_end_of_sender(connection, pinfo),
                 conversation, pinfo);
    if (is_closed(conversation, pinfo, &by_reset))
        connection_close(connection, pinfo, by_reset);
    return true;
}

/* Where a segment has carried another, what pinfo tells is of that. */
static bool
is_told_of(tvbuff_t *tvb, const packet_info *pinfo)
{
    return pinfo->ptype == PT_TCP && tvb_bytes_exist(tvb, 0, 4) &&
           tvb_get_ntohs(tvb, 0) == pinfo->srcport && tvb_get_ntohs(tvb, 2) == pinfo->destport;
}

static bool
is_at_our_port(const packet_info *pinfo)
{
    return ports_is_ours(OVER_TCP, pinfo->srcport) || ports_is_ours(OVER_TCP, pinfo->destport);
}

/* Not inlined, so that most segments, which come no further, have no registers saved for it. */
static G_GNUC_NO_INLINE void
watch_segment(tvbuff_t *tvb, packet_info *pinfo)
{
    if (!is_told_of(tvb, pinfo) || (is_at_our_port(pinfo) && watch_control(tvb, pinfo)))
        return;
    if (places_are_linked())
        watch_announced(tvb, pinfo);
}

void
connections_watch(tvbuff_t *tvb, packet_info *pinfo)
{
    if (is_watched((uint16_t)pinfo->srcport) || is_watched((uint16_t)pinfo->destport))
        watch_segment(tvb, pinfo);
}

/*
 * Whom Wireshark's own dissectors gave the connection, perhaps by a later frame; NULL: nobody. They
 * claim it from the first frame on, and do not know that we were put before them.
 */
static dissector_handle_t
claimer_of(packet_info *pinfo)
{
    conversation_t *conversation = upstream_conversation(pinfo);

    return conversation ? conversation_get_dissector(conversation, 0) : NULL;
}

/*
 * Wireshark takes the connection for H.245, since its address was named, and would not ask about
 * it; what cannot be H.245 is left to whoever knows it by its port or its bytes.
 */
static bool
is_wiresharks(tvbuff_t *tvb, packet_info *pinfo)
{
    return claimer_of(pinfo) == upstream_h245_handle && !h245_is_other(tvb);
}

int
connections_leave_to_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t claimer = claimer_of(pinfo);

    if (!claimer || (claimer == upstream_h245_handle && h245_is_other(tvb)))
        return 0;
    /* The layer that we were called with is not there without us. */
    wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
    return upstream_dissect(claimer, tvb, pinfo, tree, data);
}

/* It began before anybody spoke of it: it is somebody's already. */
static bool
is_older(const announcement_t *announcement, packet_info *pinfo)
{
    const conversation_t *conversation = upstream_conversation(pinfo);

    return !conversation || conversation->setup_frame < announcement->frame;
}

/*
 * Whoever writes an address into a message must not be able to take another protocol's traffic
 * away, of which much is in TPKT: only what opens H.245 is taken, unless the call's own hosts
 * make the connection after it was announced.
 */
static h245_start_t
start_of(tvbuff_t *tvb, const announcement_t *announcement, packet_info *pinfo)
{
    if (is_guess(announcement, pinfo) || is_older(announcement, pinfo))
        return h245_start(tvb);
    return h245_continues(tvb);
}

/* The connection is not known yet: what does this payload make of it? */
static media_h245_t
begin_h245(tvbuff_t *tvb, packet_info *pinfo, const announcement_t *announcement, side_t sender)
{
    switch (start_of(tvb, announcement, pinfo)) {
    case H245_TOO_SHORT:
        return MEDIA_H245_LATER;
    case H245_NONE:
        return is_wiresharks(tvb, pinfo) ? MEDIA_H245_OF_NOBODY : MEDIA_H245_NOT;
    default:
        set_known_h245(pinfo, announcement, sender);
        return MEDIA_H245_OF_SESSION;
    }
}

media_h245_t
connections_h245_session(tvbuff_t *tvb, packet_info *pinfo, session_t **session, side_t *sender)
{
    const announcement_t *announcement;
    const known_t *known;
    media_h245_t found;

    *session = NULL;
    if (!places_are_linked())
        return MEDIA_H245_OF_NOBODY;
    known = known_h245_of(upstream_conversation(pinfo), pinfo->num);
    if (known) {
        *session = known->announcement->session;
        *sender = known_sender(known, pinfo);
        return MEDIA_H245_OF_SESSION;
    }
    announcement = announced_for(places_of_h245, pinfo, sender);
    if (!announcement)
        return MEDIA_H245_OF_NOBODY;
    found = begin_h245(tvb, pinfo, announcement, *sender);
    if (found == MEDIA_H245_OF_SESSION)
        *session = announcement->session;
    return found;
}

/*
 * TPKT is no proof of T.120, and there is none in the bytes that other protocols have not: it is
 * a connection of the call's hosts, that began after it was announced.
 */
static bool
may_be_data(tvbuff_t *tvb, const announcement_t *announcement, packet_info *pinfo)
{
    return !is_older(announcement, pinfo) && !is_of_strangers(announcement, pinfo) &&
           h225_may_be_tpkt(tvb, 0);
}

void
connections_note_data(tvbuff_t *tvb, packet_info *pinfo)
{
    side_t sender;
    const announcement_t *announcement;
    const known_t *known;
    joined_t *joined;

    if (PINFO_FD_VISITED(pinfo) || !places_are_linked())
        return;
    announcement = announced_for(places_of_data, pinfo, &sender);
    known = announcement ? known_by_packet(pinfo) : NULL;
    if (!announcement || (!known && !may_be_data(tvb, announcement, pinfo)))
        return;
    if (!known || known->announcement != announcement)
        set_known(pinfo, announcement, sender);
    joined = wmem_new0(wmem_file_scope(), joined_t);
    joined->session = announcement->session;
    joined->channel = announcement->channel;
    joined->link = announcement->link;
    joined->to = !sender;
    p_set_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_DATA, joined);
}
