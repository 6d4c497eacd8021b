/* packet-msiccp.c
 * Audio call control of Microsoft NetMeeting on TCP and UDP ports 1730-1732.
 *
 * The door: the protocol, its ports and preferences, and the places where
 * Wireshark comes in. What a packet holds goes one way through the wings of
 * plugin/: identify tells whose bytes it is, a reader makes a message of it, the
 * session makes a step of that, media follows what it announces, show writes the
 * step to the tree and the columns, and taps tells the reports. What is no message
 * goes through follow. ARCHITECTURE.md has the picture.
 *
 * No specification of a native MSICCP message format has been published. See
 * docs/PROTOCOL.md for what is decoded here, and on which authority.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "packet-msiccp.h"

#include "common/ports.h"
#include "common/protocol.h"
#include "readers/readers.h"
#include "session/session.h"
#include "media/media.h"
#include "identify/identify.h"
#include "show/show.h"
#include "taps/taps.h"
#include "follow/follow.h"
#include "report/report.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/prefs.h>

#define MSICCP_PORTS "1730-1732"

/* More messages than this of H.225.0, each of which is several entries of Wireshark's queue of
 * taps, are not read. */
#define MAX_H225_IN_SEGMENT 500

static dissector_handle_t msiccp_tcp_handle;
static dissector_handle_t msiccp_udp_handle;
static dissector_handle_t msiccp_h245_handle;
static dissector_handle_t msiccp_data_handle;
static dissector_handle_t msiccp_rtp_handle;
static dissector_handle_t msiccp_rtcp_handle;
static dissector_handle_t msiccp_expected_rtcp_handle;
static dissector_handle_t msiccp_t38_handle;

static ws_bool desegment = true;

/* The TCP segment, the reassembled data or the datagram that a message is in. */
typedef struct {
    connection_t *connection; /* NULL: RAS and H.245 have none */
    bool by_opener;
    const struct tcpinfo *tcpinfo; /* NULL: a UDP datagram */
    tvbuff_t *tvb;
    unsigned (*message_length)(packet_info *, tvbuff_t *, int, void *);
    unsigned messages; /* so far, without keep-alives */
    unsigned most_messages;
} segment_t;

static bool
is_reassembled(const segment_t *segment)
{
    return segment->tcpinfo && segment->tcpinfo->is_reassembled;
}

static where_t
where_of(tvbuff_t *tvb, const segment_t *segment, read_as_t as)
{
    where_t where = {.as = as,
                     .offset = (uint32_t)tvb_raw_offset(tvb),
                     .is_reassembled = is_reassembled(segment)};

    return where;
}

/* Opaque bytes are no messages that could be sent again. */
static void
place_in_stream(message_t *message, tvbuff_t *tvb, const segment_t *segment)
{
    if (!segment->tcpinfo || is_reassembled(segment) || message->coding == CODING_OPAQUE)
        return;
    message->has_sequence = true;
    message->sequence =
        segment->tcpinfo->seq + (uint32_t)(tvb_raw_offset(tvb) - tvb_raw_offset(segment->tvb));
}

/* First pass: what the message does. */
static step_t *
step_made(tvbuff_t *tvb, packet_info *pinfo, const segment_t *segment, message_t *message)
{
    step_t *step;

    if (message->coding == CODING_RAS)
        return session_ras(pinfo, message);
    place_in_stream(message, tvb, segment);
    step = session_control(segment->connection, pinfo, message);
    announce_message(step, pinfo, message);
    return step;
}

/* What the message does, or in later passes did; NULL: nothing that is known of. */
static const step_t *
step_of(tvbuff_t *tvb, packet_info *pinfo, const segment_t *segment, message_t *message)
{
    const where_t where =
        where_of(tvb, segment, message->coding == CODING_RAS ? READ_AS_RAS : READ_AS_CONTROL);
    step_t *step;

    /* There can be thousands in a frame, of which each would be searched for among all. */
    if (message->keep_alive)
        return NULL;
    if (PINFO_FD_VISITED(pinfo))
        return step_find(pinfo, &where);
    step = step_made(tvb, pinfo, segment, message);
    step_keep(pinfo, &where, step);
    return step;
}

/* Says what the message did: in the tree, in the columns, and to those who listen. */
static void
tell(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const char *info,
     const message_t *message, const step_t *step)
{
    show_control(tvb, pinfo, item, message, step);
    columns_finish(pinfo, info, message, step);
    taps_control(pinfo, tvb, step);
}

/*
 * A message that one of Wireshark's dissectors decodes. It is followed as far as that
 * one came, even if it throws.
 */
static void
dissect_upstream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const segment_t *segment,
                 message_t *message,
                 void (*dissect)(tvbuff_t *, packet_info *, proto_tree *, message_t *))
{
    proto_item *item = show_protocol(tvb, tree);
    const char *info = columns_begin(pinfo);

    TRY
    {
        dissect(tvb, pinfo, tree, message);
    }
    FINALLY
    {
        tell(tvb, pinfo, item, info, message, step_of(tvb, pinfo, segment, message));
    }
    ENDTRY;
}

static void
dissect_h225_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, segment_t *segment)
{
    const where_t where = where_of(tvb, segment, READ_AS_CONTROL);
    message_t *message = h225_message(pinfo, tvb);

    if (!message->keep_alive) {
        segment->messages++;
        taps_before_h225(pinfo, PINFO_FD_VISITED(pinfo) ? step_peek(pinfo, &where) : NULL);
    }
    dissect_upstream(tvb, pinfo, tree, segment, message, h225_dissect);
}

/* Behind the last message that a segment may hold all is one lump, which is no message. */
static unsigned
pdu_length(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data)
{
    const segment_t *segment = data;

    if (segment->messages >= segment->most_messages)
        return (unsigned)tvb_reported_length_remaining(tvb, offset);
    return segment->message_length(pinfo, tvb, offset, data);
}

static bool
is_h225_to_read(tvbuff_t *tvb, const segment_t *segment)
{
    h225_start_t start = h225_start(tvb, 0);

    return segment->messages < segment->most_messages &&
           (start == H225_MESSAGE || start == H225_KEEP_ALIVE);
}

static int
dissect_h225_pdu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    segment_t *segment = data;
    unsigned layers = wmem_list_count(pinfo->layers);

    if (is_h225_to_read(tvb, segment)) {
        dissect_h225_message(tvb, pinfo, tree, segment);
    } else {
        segment->messages++;
        show_unknown(tvb, pinfo, tree, h225_looks_malformed(tvb));
        call_data_dissector(tvb, pinfo, tree);
    }
    h225_forget_layers(pinfo, layers);
    return (int)tvb_captured_length(tvb);
}

static int
dissect_h225_stream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                    connection_t *connection)
{
    segment_t segment = {.connection = connection,
                         .tcpinfo = data,
                         .tvb = tvb,
                         .message_length = h225_pdu_length,
                         .most_messages = MAX_H225_IN_SEGMENT};

    tcp_dissect_pdus(tvb, pinfo, tree, desegment, 1, pdu_length, dissect_h225_pdu, &segment);
    return (int)tvb_captured_length(tvb);
}

static int
dissect_native_pdu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    segment_t *segment = data;
    proto_item *item = show_protocol(tvb, tree);
    message_t *message = native_message(pinfo, tvb, segment->by_opener);
    const char *info = columns_begin(pinfo);

    segment->messages++;
    tell(tvb, pinfo, item, info, message, step_of(tvb, pinfo, segment, message));
    native_show(tvb, pinfo, item, message);
    return (int)tvb_captured_length(tvb);
}

/* A datagram is a message, and so may a segment be; data is of TCP, or NULL. */
static int
dissect_native(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
               connection_t *connection, bool by_opener)
{
    segment_t segment = {.connection = connection,
                         .by_opener = by_opener,
                         .tcpinfo = data,
                         .tvb = tvb,
                         .message_length = native_pdu_length,
                         .most_messages = native_most_messages()};

    if (!data || native_is_framed_by_segment())
        dissect_native_pdu(tvb, pinfo, tree, &segment);
    else
        tcp_dissect_pdus(tvb, pinfo, tree, desegment, 1, pdu_length, dissect_native_pdu, &segment);
    return (int)tvb_captured_length(tvb);
}

/*
 * Everything at our ports that is nothing of what is known comes here; data is of TCP, or NULL.
 * Where TCP could not put together what the first pass waited for, it left the bytes to Wireshark:
 * so do later passes, whatever came of the connection.
 */
static int
dissect_opaque(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
               connection_t *connection, bool by_opener)
{
    const segment_t segment = {
        .connection = connection, .by_opener = by_opener, .tcpinfo = data, .tvb = tvb};
    const where_t where = where_of(tvb, &segment, READ_AS_CONTROL);
    const step_t *before = PINFO_FD_VISITED(pinfo) ? step_peek(pinfo, &where) : NULL;
    turn_t turn;
    message_t *message;
    proto_item *item;
    const char *info;

    if (PINFO_FD_VISITED(pinfo) && !before)
        return 0;
    turn = before ? step_turn(before) : connection_turn(connection, by_opener);
    message = opaque_message(pinfo, tvb, &turn);
    item = show_protocol(tvb, tree);
    info = columns_begin(pinfo);
    tell(tvb, pinfo, item, info, message, step_of(tvb, pinfo, &segment, message));
    opaque_show(tvb, item, &turn);
    call_data_dissector(tvb, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

/* Returns 0, which leaves it to Wireshark, where no dissector knows this protocol. */
static int
dissect_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                connection_t *connection)
{
    const told_t *told = connection_foreign(connection, pinfo->num);

    follow_remember(pinfo, connection);
    follow_named(tvb, pinfo, tree, told);
    return foreign_dissect(told->foreign, tvb, pinfo, tree, data);
}

static int
ask_for_more(tvbuff_t *tvb, packet_info *pinfo)
{
    if (!desegment || !pinfo->can_desegment)
        return 0;
    pinfo->desegment_offset = 0;
    pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
    return (int)tvb_captured_length(tvb);
}

static int
wait_for_more(tvbuff_t *tvb, packet_info *pinfo, connection_t *connection)
{
    follow_remember(pinfo, connection);
    return ask_for_more(tvb, pinfo);
}

/* True for what was not sent over this connection: quoted by an ICMP error, or carried by a foreign
 * tunnel. */
static bool
leave_to_others(packet_info *pinfo)
{
    if (pinfo->flags.in_error_pkt)
        foreign_before_quoted(pinfo);
    return pinfo->flags.in_error_pkt || foreign_is_dissecting(pinfo);
}

static int
dissect_msiccp_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    look_t look;
    connection_t *connection;

    if (!data || leave_to_others(pinfo))
        return 0;
    look = identify_tcp(tvb, pinfo, data);
    connection = identify_settle(&look, pinfo);
    switch (look.identified) {
    case IDENTIFIED_H225:
        return dissect_h225_stream(tvb, pinfo, tree, data, connection);
    case IDENTIFIED_NATIVE:
        return dissect_native(tvb, pinfo, tree, data, connection, look.by_opener);
    case IDENTIFIED_FOREIGN:
        return dissect_foreign(tvb, pinfo, tree, data, connection);
    case IDENTIFIED_LATER:
        return wait_for_more(tvb, pinfo, connection);
    case IDENTIFIED_AS_NONE:
        if (foreign_dissect_by_heuristics(OVER_TCP, tvb, pinfo, tree, data))
            return (int)tvb_captured_length(tvb);
        return dissect_opaque(tvb, pinfo, tree, data, connection, look.by_opener);
    default:
        return 0;
    }
}

/*
 * TCP asks heuristics before ports if its option says so, and from 4.4 on does
 * not ask by the port that a connection was opened from. Wireshark's heuristic for
 * Q.931 would then take H.323 on our ports: this one stands before it, and takes
 * besides it only what is known by name.
 */
static ws_bool
dissect_msiccp_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    look_t look;

    if (!data || !identify_is_at_our_port(pinfo) || leave_to_others(pinfo))
        return false;
    look = identify_tcp(tvb, pinfo, data);
    switch (look.identified) {
    case IDENTIFIED_H225:
        conversation_set_dissector_from_frame_number(look.conversation, pinfo->num,
                                                     msiccp_tcp_handle);
        dissect_h225_stream(tvb, pinfo, tree, data, identify_settle(&look, pinfo));
        return true;
    case IDENTIFIED_FOREIGN:
        return dissect_foreign(tvb, pinfo, tree, data, identify_settle(&look, pinfo)) > 0;
    case IDENTIFIED_LATER:
        return wait_for_more(tvb, pinfo, identify_settle(&look, pinfo)) > 0;
    default:
        return false;
    }
}

static int
dissect_ras(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const segment_t segment = {.tvb = tvb};

    dissect_upstream(tvb, pinfo, tree, &segment, ras_message(pinfo, tvb), ras_dissect);
    return (int)tvb_captured_length(tvb);
}

static int
dissect_msiccp_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    look_t look;
    connection_t *connection;
    int length;

    if (leave_to_others(pinfo))
        return 0;
    look = identify_udp(tvb, pinfo);
    connection = identify_settle(&look, pinfo);
    switch (look.identified) {
    case IDENTIFIED_RAS:
        return dissect_ras(tvb, pinfo, tree);
    case IDENTIFIED_NATIVE:
        return dissect_native(tvb, pinfo, tree, NULL, connection, look.by_opener);
    case IDENTIFIED_FOREIGN:
        length = dissect_foreign(tvb, pinfo, tree, data, connection);
        if (length || foreign_dissect_by_heuristics(OVER_UDP, tvb, pinfo, tree, NULL))
            return length ? length : (int)tvb_captured_length(tvb);
        /* Were it not taken, UDP would in later passes no longer ask us. */
        return call_data_dissector(tvb, pinfo, tree);
    case IDENTIFIED_AS_NONE:
        if (foreign_dissect_by_heuristics(OVER_UDP, tvb, pinfo, tree, NULL))
            return (int)tvb_captured_length(tvb);
        return dissect_opaque(tvb, pinfo, tree, NULL, connection, look.by_opener);
    default:
        return 0;
    }
}

/* Decodes the bytes; what they do, or in later passes did, is NULL where they complete nothing. */
static const step_t *
step_of_h245(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const segment_t *segment,
             session_t *session, side_t sender)
{
    const where_t where = where_of(tvb, segment, READ_AS_H245);
    const message_t *message;
    step_t *step;

    if (PINFO_FD_VISITED(pinfo)) {
        h245_dissect(tvb, pinfo, tree, NULL);
        return step_find(pinfo, &where);
    }
    message = h245_message(tvb, pinfo, tree);
    if (!message)
        return NULL;
    step = session_h245(session, sender, pinfo, message);
    announce_message(step, pinfo, message);
    step_keep(pinfo, &where, step);
    return step;
}

/* An H.245 connection that a session announced. */
static int
dissect_msiccp_h245(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const segment_t segment = {.tcpinfo = data, .tvb = tvb};
    side_t sender;
    session_t *session;
    const step_t *step;

    switch (connections_h245_session(tvb, pinfo, &session, &sender)) {
    case MEDIA_H245_OF_SESSION:
        break;
    case MEDIA_H245_OF_NOBODY:
        return h245_dissect(tvb, pinfo, tree, data);
    case MEDIA_H245_LATER:
        return ask_for_more(tvb, pinfo);
    case MEDIA_H245_NOT:
        return connections_leave_to_others(tvb, pinfo, tree, data);
    }
    if (!data)
        return h245_dissect(tvb, pinfo, tree, data);
    step = step_of_h245(tvb, pinfo, tree, &segment, session, sender);
    if (step) {
        show_h245(tvb, pinfo, show_protocol(tvb, tree), step);
        taps_h245(pinfo, step);
    }
    return (int)tvb_captured_length(tvb);
}

/*
 * A connection that a session announced for data: it is noted, and whoever would decode it
 * without us does so, since nothing is taken here.
 */
static int
dissect_msiccp_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    connections_note_data(tvb, pinfo);
    return connections_leave_to_others(tvb, pinfo, tree, data);
}

static module_t *
register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_msiccp, NULL);

    prefs_register_bool_preference(
        module, "desegment", "Reassemble messages spanning multiple TCP segments",
        "Whether messages that span several TCP segments are put together. To use this option, "
        "you must also enable \"Allow subdissectors to reassemble TCP streams\" in the TCP "
        "protocol settings.",
        &desegment);
    return module;
}

void
proto_register_msiccp(void)
{
    module_t *module;

    proto_msiccp =
        proto_register_protocol("Microsoft NetMeeting Audio Call Control", "MSICCP", "msiccp");
    module = register_preferences();
    session_register();
    media_register(module);
    show_register();
    readers_register(module);
    taps_register();
    report_register(module);
    msiccp_tcp_handle = register_dissector("msiccp", dissect_msiccp_tcp, proto_msiccp);
    msiccp_udp_handle = register_dissector("msiccp.udp", dissect_msiccp_udp, proto_msiccp);
    msiccp_h245_handle = register_dissector("msiccp.h245", dissect_msiccp_h245, proto_msiccp);
    msiccp_data_handle = register_dissector("msiccp.data", dissect_msiccp_data, proto_msiccp);
    /* Without a protocol of their own these add no layer to the packet. */
    msiccp_rtp_handle = create_dissector_handle(follow_rtp, -1);
    msiccp_rtcp_handle = create_dissector_handle(follow_rtcp, -1);
    msiccp_expected_rtcp_handle = create_dissector_handle(follow_expected_rtcp, -1);
    msiccp_t38_handle = create_dissector_handle(follow_t38, -1);
}

void
proto_reg_handoff_msiccp(void)
{
    const media_handles_t handles = {.h245 = msiccp_h245_handle,
                                     .data = msiccp_data_handle,
                                     .rtp = msiccp_rtp_handle,
                                     .rtcp = msiccp_rtcp_handle,
                                     .expected_rtcp = msiccp_expected_rtcp_handle,
                                     .t38 = msiccp_t38_handle,
                                     .tcp = follow_tcp,
                                     .icmp = follow_icmp,
                                     .icmpv6 = follow_icmpv6};

    readers_handoff();
    ports_handoff(msiccp_tcp_handle, msiccp_udp_handle);
    identify_handoff();
    media_handoff(&handles);
    taps_handoff();
    heur_dissector_add("tcp", dissect_msiccp_heuristic, "NetMeeting call control over TCP",
                       "msiccp_tcp", proto_msiccp, HEURISTIC_ENABLE);
    dissector_add_uint_range_with_preference("tcp.port", MSICCP_PORTS, msiccp_tcp_handle);
    dissector_add_uint_range_with_preference("udp.port", MSICCP_PORTS, msiccp_udp_handle);
}
