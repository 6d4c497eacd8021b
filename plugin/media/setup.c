/* setup.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/setup.h"

#include "common/protocol.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-rtcp.h>
#include <epan/dissectors/packet-rtp.h>

/* What rtp.setup-method says of streams that were found rather than negotiated. */
#define SETUP_METHOD "MSICCP"

static int proto_t38;

/* Of each channel of media: Wireshark's dissector, and ours, which stands before it. That of
 * T.38 has no name to be found by: it is the one that comes up in a conversation. */
static dissector_handle_t upstream_handles[CHANNEL_COUNT];
static dissector_handle_t our_handles[CHANNEL_COUNT];
static dissector_handle_t expected_rtcp_handle;

void
setup_handoff(const media_handles_t *handles)
{
    proto_t38 = proto_get_id_by_filter_name("t38");
    upstream_handles[CHANNEL_RTP] = find_dissector_add_dependency("rtp", proto_msiccp);
    upstream_handles[CHANNEL_RTCP] = find_dissector_add_dependency("rtcp", proto_msiccp);
    upstream_handles[CHANNEL_T38] = find_dissector_add_dependency("t38_udp", proto_msiccp);
    our_handles[CHANNEL_RTP] = handles->rtp;
    our_handles[CHANNEL_RTCP] = handles->rtcp;
    our_handles[CHANNEL_T38] = handles->t38;
    expected_rtcp_handle = handles->expected_rtcp;
}

int
setup_dissect(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return call_dissector_only(upstream_handles[channel], tvb, pinfo, tree, data);
}

void
setup_media(packet_info *pinfo, const address *addr, uint32_t port, channel_t channel)
{
    address expected = *addr;

    if (channel == CHANNEL_RTP)
        rtp_add_address(pinfo, PT_UDP, &expected, (int)port, 0, SETUP_METHOD, pinfo->num, 0, NULL);
    else
        rtcp_add_address(pinfo, &expected, (int)port, 0, SETUP_METHOD, pinfo->num);
}

void
setup_receive(const packet_info *pinfo, const address *addr, uint32_t port)
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

/* This very packet goes through the heuristic in later passes as in this one. */
void
setup_found(packet_info *pinfo, channel_t channel)
{
    conversation_t *conversation;

    setup_media(pinfo, &pinfo->dst, pinfo->destport, channel);
    conversation = conversation_set_up(pinfo, pinfo->destport);
    if (!conversation)
        return;
    conversation_set_dissector(conversation, NULL);
    conversation_set_dissector_from_frame_number(conversation, pinfo->num + 1,
                                                 our_handles[channel]);
}

/* Were it left to heuristics, Wireshark's own could be asked before ours; what is no RTCP is left
 * to whoever wants it. */
bool
setup_expected_rtcp(packet_info *pinfo, uint32_t port)
{
    conversation_t *conversation;

    if (is_taken(pinfo, port))
        return false;
    setup_media(pinfo, &pinfo->dst, port, CHANNEL_RTCP);
    conversation = conversation_set_up(pinfo, port);
    if (conversation)
        conversation_set_dissector(conversation, expected_rtcp_handle);
    return true;
}
