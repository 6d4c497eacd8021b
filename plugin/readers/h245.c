/* h245.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/h245.h"

#include "common/protocol.h"
#include "common/upstream.h"
#include "readers/h225.h"
#include "readers/reading.h"

static dissector_handle_t upstream_h245_handle;

void
h245_handoff(void)
{
    upstream_h245_handle = find_dissector_add_dependency("h245", proto_msiccp);
}

/* In packed encoding: the choice of message, and for capabilities their protocol identifier. */
static const struct {
    uint8_t first_octet;
    int identifier_at; /* -1: none */
    unsigned longest;  /* with its TPKT; 0: any length */
    uint8_t padding;   /* bits of the second octet that are none */
} openings[] = {
    {0x01, -1, 16, 0},   /* masterSlaveDetermination */
    {0x02, 7, 0, 0},     /* terminalCapabilitySet */
    {0x03, -1, 0, 0x3f}, /* openLogicalChannel: some begin with it */
    {0x20, -1, 16, 0},   /* masterSlaveDeterminationAck */
    {0x21, -1, 16, 0},   /* terminalCapabilitySetAck */
};

/* An object identifier of 6 octets that begins with 0.0.8.245. */
static const uint8_t identifier[] = {0x06, 0x00, 0x08, 0x81, 0x75};

static h245_start_t
is_identifier(tvbuff_t *tvb, int at)
{
    int available = MIN(tvb_captured_length_remaining(tvb, at), (int)sizeof identifier);

    if (available > 0 && tvb_memeql(tvb, at, identifier, (size_t)available) != 0)
        return H245_NONE;
    return available < (int)sizeof identifier ? H245_TOO_SHORT : H245_OPENS;
}

h245_start_t
h245_start(tvbuff_t *tvb)
{
    unsigned length;

    if (!h225_may_be_tpkt(tvb, 0))
        return H245_NONE;
    if (tvb_captured_length(tvb) <= TPKT_HEADER_LENGTH)
        return H245_TOO_SHORT;
    length = tvb_get_ntohs(tvb, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (tvb_get_uint8(tvb, TPKT_HEADER_LENGTH) != openings[i].first_octet)
            continue;
        if (openings[i].longest && length > openings[i].longest)
            return H245_NONE;
        if (openings[i].padding && tvb_captured_length(tvb) <= TPKT_HEADER_LENGTH + 1)
            return H245_TOO_SHORT;
        if (openings[i].padding && tvb_get_uint8(tvb, TPKT_HEADER_LENGTH + 1) & openings[i].padding)
            return H245_NONE;
        return openings[i].identifier_at < 0 ? H245_OPENS
                                             : is_identifier(tvb, openings[i].identifier_at);
    }
    return H245_NONE;
}

/* What else is in TPKT: all that runs over X.224 (ITU-T X.224 section 13), and H.225.0. */
static bool
is_other_tpkt(tvbuff_t *tvb)
{
    unsigned header = tvb_get_uint8(tvb, TPKT_HEADER_LENGTH);
    unsigned code = tvb_get_uint8(tvb, TPKT_HEADER_LENGTH + 1) >> 4;
    unsigned length = tvb_get_ntohs(tvb, 2);

    switch (code) {
    case 0xf: /* data */
        return header == 2;
    case 0xe: /* connection request, and confirm; disconnect request; error */
    case 0xd:
    case 0x8:
    case 0x7:
        return header + TPKT_HEADER_LENGTH + 1 == length;
    default:
        return h225_start(tvb, 0) == H225_MESSAGE;
    }
}

bool
h245_is_other(tvbuff_t *tvb)
{
    return h225_may_be_tpkt(tvb, 0) && tvb_captured_length(tvb) >= TPKT_HEADER_LENGTH + 2 &&
           is_other_tpkt(tvb);
}

h245_start_t
h245_continues(tvbuff_t *tvb)
{
    h245_start_t start = h245_start(tvb);

    if (start != H245_NONE || !h225_may_be_tpkt(tvb, 0))
        return start;
    if (tvb_captured_length(tvb) < TPKT_HEADER_LENGTH + 2)
        return tvb_get_ntohs(tvb, 2) < TPKT_HEADER_LENGTH + 2 ? H245_OPENS : H245_TOO_SHORT;
    return h245_is_other(tvb) ? H245_NONE : H245_OPENS;
}

int
h245_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return upstream_dissect(upstream_h245_handle, tvb, pinfo, tree, data);
}

static void
dissect_alone(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    h245_dissect(tvb, pinfo, tree, NULL);
}

message_t *
h245_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    message_t *message = wmem_new0(pinfo->pool, message_t);

    message->coding = CODING_H225;
    message->is_cut = tvb_captured_length(tvb) < tvb_reported_length(tvb);
    message->event = EVENT_OTHER;
    message->reason = NO_REASON;
    return reading_dissect(dissect_alone, tvb, pinfo, tree, message) ? message : NULL;
}
