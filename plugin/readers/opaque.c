/* opaque.c
 *
 * Where an address is looked for: H.245 (transport address: network, then the
 * port, big-endian), and the BSD and Windows sockaddr_in (family, port, address,
 * all but the family big-endian). Other structures may hold the port in either
 * order, before or after the address.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/opaque.h"

#include "common/protocol.h"
#include "readers/waveform.h"

#define IPV4_LENGTH 4
#define PORT_LENGTH 2
#define SOCKADDR_FAMILY_INET 2
#define SOCKADDR_ADDRESS_OFFSET 4

/* Media ports are dynamically assigned, 1024-65535. */
#define FIRST_MEDIA_PORT 1024

/* More candidates than this in one segment tell nothing. */
#define MAX_CANDIDATES 16

static int hf_turn = -1;
static int hf_turn_starts = -1;
static int hf_data = -1;

static void
add_candidate(message_t *message, packet_info *pinfo, tvbuff_t *tvb, int at, uint16_t port)
{
    media_offer_t offer = {.port = port, .link = LINK_ADVERTISED, .inferred = true};

    if (port < FIRST_MEDIA_PORT || wmem_array_get_count(message->offers) >= MAX_CANDIDATES)
        return;
    offer.octets = tvb_memdup(pinfo->pool, tvb, at, IPV4_LENGTH);
    wmem_array_append_one(message->offers, offer);
}

static bool
is_sockaddr(tvbuff_t *tvb, int address_at)
{
    int family_at = address_at - SOCKADDR_ADDRESS_OFFSET;

    return family_at >= 0 && (tvb_get_letohs(tvb, family_at) == SOCKADDR_FAMILY_INET ||
                              tvb_get_ntohs(tvb, family_at) == SOCKADDR_FAMILY_INET);
}

static void
read_either_order(message_t *message, packet_info *pinfo, tvbuff_t *tvb, int address_at,
                  int port_at)
{
    uint16_t port = tvb_get_ntohs(tvb, port_at);

    add_candidate(message, pinfo, tvb, address_at, port);
    if (tvb_get_letohs(tvb, port_at) != port)
        add_candidate(message, pinfo, tvb, address_at, tvb_get_letohs(tvb, port_at));
}

/* A port of four bytes has two that are 0 next to the address. */
static void
read_port(message_t *message, packet_info *pinfo, tvbuff_t *tvb, int address_at, int port_at,
          int further_at)
{
    bool is_wide = tvb_get_ntohs(tvb, port_at) == 0 && further_at >= 0 &&
                   tvb_bytes_exist(tvb, further_at, PORT_LENGTH);

    read_either_order(message, pinfo, tvb, address_at, is_wide ? further_at : port_at);
}

static void
read_around(message_t *message, packet_info *pinfo, tvbuff_t *tvb, int at)
{
    int before = at - PORT_LENGTH;
    int after = at + IPV4_LENGTH;

    if (is_sockaddr(tvb, at) && tvb_get_ntohs(tvb, before) >= FIRST_MEDIA_PORT) {
        add_candidate(message, pinfo, tvb, at, tvb_get_ntohs(tvb, before));
        return;
    }
    if (before >= 0)
        read_port(message, pinfo, tvb, at, before, before - PORT_LENGTH);
    if (tvb_bytes_exist(tvb, after, PORT_LENGTH))
        read_port(message, pinfo, tvb, at, after, after + PORT_LENGTH);
}

/* Every place in the bytes that holds this address of one of the two hosts. */
static void
find_address(message_t *message, packet_info *pinfo, tvbuff_t *tvb, const address *host)
{
    const uint8_t *octets = host->data;
    int end = (int)tvb_captured_length(tvb) - IPV4_LENGTH;

    if (host->type != AT_IPv4)
        return;
    for (int at = 0; at <= end; at++) {
        at = tvb_find_uint8(tvb, at, end - at + 1, octets[0]);
        if (at < 0)
            return;
        if (tvb_memeql(tvb, at, octets, IPV4_LENGTH) == 0)
            read_around(message, pinfo, tvb, at);
    }
}

message_t *
opaque_message(packet_info *pinfo, tvbuff_t *tvb, const turn_t *turn)
{
    message_t *message = wmem_new0(pinfo->pool, message_t);

    message->coding = CODING_OPAQUE;
    message->reason = NO_REASON;
    message->type_offset = -1;
    message->length = tvb_reported_length(tvb);
    message->in_call = true;
    message->from_originator = turn->by_opener;
    message->event = turn->is_first_of_opener ? EVENT_REQUEST : EVENT_OTHER;
    message->type_name = "opaque";
    message->turn = *turn;
    message->offers = wmem_array_new(pinfo->pool, sizeof(media_offer_t));
    if (!PINFO_FD_VISITED(pinfo)) {
        find_address(message, pinfo, tvb, &pinfo->src);
        find_address(message, pinfo, tvb, &pinfo->dst);
    }
    return message;
}

static void
add_inferred(proto_item *item)
{
    proto_item_set_generated(item);
    proto_item_append_text(item, INFERRED);
}

void
opaque_show(tvbuff_t *tvb, proto_item *item, const turn_t *turn)
{
    proto_tree *tree = proto_item_get_subtree(item);

    add_inferred(proto_tree_add_uint(tree, hf_turn, tvb, 0, 0, turn->number));
    add_inferred(proto_tree_add_boolean(tree, hf_turn_starts, tvb, 0, 0, turn->starts));
    proto_tree_add_item(tree, hf_data, tvb, 0, -1, ENC_NA);
    waveform_search(tvb, tree);
}

void
opaque_register(void)
{
    static hf_register_info fields[] = {
        {&hf_turn,
         {"Turn", "msiccp.opaque.turn", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Inferred: a turn is a run of bytes one way; the first on the connection is 1", HFILL}},
        {&hf_turn_starts,
         {"Turn begins here", "msiccp.opaque.turn_starts", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "Inferred: the bytes before these went the other way, or there were none", HFILL}},
        {&hf_data,
         {"Bytes", "msiccp.opaque.data", FT_BYTES, BASE_NONE, NULL, 0x0,
          "Bytes in a format that is not known", HFILL}},
    };

    proto_register_field_array(proto_msiccp, fields, array_length(fields));
}
