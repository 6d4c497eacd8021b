/* packets.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "taps/packets.h"

#include "common/upstream.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <epan/tap.h>

#define TCP_HEADER_LENGTH 20
#define TCP_LENGTH_OFFSET 12
#define TCP_FLAGS_OFFSET 13

#define UDP_HEADER_LENGTH 8
#define UDP_LENGTH_OFFSET 4

static int packets_tap;
static int proto_tcp;

/* NULL: we do not stand before them. */
static dissector_handle_t upstream_tcp;
static dissector_handle_t upstream_udp;

void
packets_register(void)
{
    packets_tap = register_tap(PACKETS_TAP);
}

bool
packets_are_heard(void)
{
    return have_tap_listener(packets_tap);
}

/* NULL: nobody listens, or it is what an error sends back. */
static packet_t *
packet_begin(packet_info *pinfo, transport_t transport, uint32_t from_port, uint32_t to_port)
{
    packet_t *packet;

    if (pinfo->flags.in_error_pkt || !packets_are_heard())
        return NULL;
    packet = wmem_new0(pinfo->pool, packet_t);
    packet->transport = transport;
    copy_address_wmem(pinfo->pool, &packet->from, &pinfo->src);
    copy_address_wmem(pinfo->pool, &packet->to, &pinfo->dst);
    packet->from_port = (uint16_t)from_port;
    packet->to_port = (uint16_t)to_port;
    return packet;
}

/* It is told before what is in it. */
static packet_t *
packet_of_tcp(tvbuff_t *tvb, packet_info *pinfo)
{
    unsigned header_length;
    packet_t *packet;

    if (!tvb_bytes_exist(tvb, 0, TCP_HEADER_LENGTH))
        return NULL;
    header_length = (tvb_get_uint8(tvb, TCP_LENGTH_OFFSET) >> 4) * 4u;
    packet = packet_begin(pinfo, OVER_TCP, tvb_get_ntohs(tvb, 0), tvb_get_ntohs(tvb, 2));
    if (!packet || header_length < TCP_HEADER_LENGTH)
        return NULL;
    packet->flags = tvb_get_uint8(tvb, TCP_FLAGS_OFFSET);
    if (tvb_reported_length(tvb) > header_length)
        packet->length = tvb_reported_length(tvb) - header_length;
    tap_queue_packet(packets_tap, pinfo, packet);
    return packet;
}

static uint32_t
stream_of(const packet_t *packet, uint32_t frame)
{
    conversation_t *conversation = find_conversation(
        frame, &packet->from, &packet->to, CONVERSATION_TCP, packet->from_port, packet->to_port, 0);
    const struct tcp_analysis *analysis =
        conversation ? conversation_get_proto_data(conversation, proto_tcp) : NULL;

    return analysis ? analysis->stream + 1 : 0;
}

static int
dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    packet_t *packet = packet_of_tcp(tvb, pinfo);
    int length = call_dissector_only(upstream_tcp, tvb, pinfo, tree, data);

    if (packet)
        packet->stream = stream_of(packet, pinfo->num);
    return length;
}

static int
dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    packet_t *packet = NULL;

    if (tvb_bytes_exist(tvb, 0, UDP_HEADER_LENGTH))
        packet = packet_begin(pinfo, OVER_UDP, tvb_get_ntohs(tvb, 0), tvb_get_ntohs(tvb, 2));
    if (packet) {
        uint32_t length = tvb_get_ntohs(tvb, UDP_LENGTH_OFFSET);

        packet->length = length > UDP_HEADER_LENGTH ? length - UDP_HEADER_LENGTH : 0;
        tap_queue_packet(packets_tap, pinfo, packet);
    }
    return call_dissector_only(upstream_udp, tvb, pinfo, tree, data);
}

void
packets_begin(void)
{
    if (upstream_tcp)
        return;
    proto_tcp = proto_get_id_by_filter_name("tcp");
    upstream_tcp = upstream_stand_before("ip.proto", IP_PROTO_TCP, dissect_tcp, "msiccp.heard_tcp",
                                         "TCP, and who listens to it");
    upstream_udp = upstream_stand_before("ip.proto", IP_PROTO_UDP, dissect_udp, "msiccp.heard_udp",
                                         "UDP, and who listens to it");
}

void
packets_say(packet_info *pinfo, const tapped_t *tapped)
{
    packet_t *packet;

    packet = packet_begin(pinfo, pinfo->ptype == PT_UDP ? OVER_UDP : OVER_TCP, pinfo->srcport,
                          pinfo->destport);
    if (!packet)
        return;
    packet->tapped = tapped;
    tap_queue_packet(packets_tap, pinfo, packet);
}
