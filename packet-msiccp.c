/* packet-msiccp.c
 * Audio call control of Microsoft NetMeeting on TCP and UDP ports 1730-1732.
 *
 * The front door: the protocol, its ports and preferences, and the places where
 * Wireshark comes in. What a packet holds goes one way through the rooms of
 * plugin/: a reader makes a message of it, the session makes a step of that,
 * and show writes the step to the tree and the columns.
 *
 * No specification of a native MSICCP message format has been published. See
 * docs/PROTOCOL.md for what is decoded here, and on which authority.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "packet-msiccp.h"

#include "common/protocol.h"
#include "report/call_window.h"
#include "report/calls.h"
#include "identify/foreign.h"
#include "readers/h225.h"
#include "identify/identify.h"
#include "media/media.h"
#include "readers/native.h"
#include "readers/netmeeting.h"
#include "media/observe.h"
#include "readers/opaque.h"
#include "readers/ras.h"
#include "readers/reading.h"
#include "session/session.h"
#include "show/show.h"
#include "report/statistics.h"
#include "report/statistics_window.h"
#include "session/steps.h"
#include "taps/taps.h"
#include "common/upstream.h"
#include "taps/voip.h"
#include "readers/waveform.h"
#include "taps/window.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/prefs.h>

#define MSICCP_PORTS "1730-1732"

/* Shorter messages than a described layout is ever likely to have, one after the other. */
#define MAX_NATIVE_IN_SEGMENT 1000

/* The same of H.225.0, each of which is several entries of Wireshark's queue of taps. */
#define MAX_H225_IN_SEGMENT 500

/* A FIN or an RST has been seen: tcp.completeness. */
#define TCP_COMPLETENESS_CLOSED (0x10 | 0x20)

static dissector_handle_t msiccp_tcp_handle;
static dissector_handle_t msiccp_udp_handle;
static dissector_handle_t msiccp_h245_handle;
static dissector_handle_t h245_handle;
static dissector_table_t tcp_ports;
static dissector_table_t udp_ports;
static heur_dissector_list_t tcp_heuristics;
static heur_dissector_list_t udp_heuristics;

static bool foreign_seen; /* in this file */
static ws_bool desegment = true;
static ws_bool link_media = true;

/* The TCP segment, or the reassembled data, that a message is in. */
typedef struct {
    connection_t *connection;
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

static int
offset_in_segment(tvbuff_t *tvb, const segment_t *segment)
{
    return tvb_raw_offset(tvb) - tvb_raw_offset(segment->tvb);
}

static uint32_t
offset_in_source(tvbuff_t *tvb)
{
    return (uint32_t)tvb_raw_offset(tvb);
}

static void
place_in_stream(message_t *message, tvbuff_t *tvb, const segment_t *segment)
{
    if (!segment->tcpinfo || is_reassembled(segment))
        return;
    message->has_sequence = true;
    message->sequence = segment->tcpinfo->seq + (uint32_t)offset_in_segment(tvb, segment);
}

static const step_t *
step_of_control(tvbuff_t *tvb, packet_info *pinfo, const segment_t *segment, message_t *message)
{
    step_t *step;

    /* There can be thousands in a frame, of which each would be searched for among all. */
    if (message->keep_alive)
        return NULL;
    if (PINFO_FD_VISITED(pinfo))
        return step_find(pinfo, KEPT_CONTROL, offset_in_source(tvb), is_reassembled(segment));
    place_in_stream(message, tvb, segment);
    step = session_control(segment->connection, pinfo, message);
    step->names_call = message->has_call_id;
    if (link_media)
        media_announce(step, pinfo, message);
    step_keep(pinfo, KEPT_CONTROL, offset_in_source(tvb), is_reassembled(segment), step);
    return step;
}

/* Tells the statistics and the windows of a control message. */
static void
report_control(tvbuff_t *tvb, packet_info *pinfo, const step_t *step)
{
    taps_control(pinfo, step);
    window_note_message(pinfo, tvb, step);
}

static proto_item *
add_protocol_item(tvbuff_t *tvb, proto_tree *tree)
{
    return proto_tree_add_item(tree, proto_msiccp, tvb, 0, -1, ENC_NA);
}

static void
dissect_h225_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, segment_t *segment)
{
    proto_item *item = add_protocol_item(tvb, tree);
    message_t *message = h225_message(pinfo, tvb);
    const char *info = show_info_begin(pinfo);
    const step_t *step = NULL;

    if (!message->keep_alive) {
        segment->messages++;
        if (PINFO_FD_VISITED(pinfo))
            step = step_peek(pinfo, KEPT_CONTROL, offset_in_source(tvb), is_reassembled(segment));
        voip_before_h225(pinfo, step);
    }
    TRY
    {
        h225_dissect(tvb, pinfo, tree, message);
    }
    FINALLY
    {
        step = step_of_control(tvb, pinfo, segment, message);
        show_control(tvb, pinfo, item, message, step);
        show_info_finish(pinfo, info, message, step);
        report_control(tvb, pinfo, step);
    }
    ENDTRY;
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
        show_unknown(tvb, pinfo, add_protocol_item(tvb, tree), h225_looks_malformed(tvb));
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
    proto_item *item = add_protocol_item(tvb, tree);
    message_t *message = native_message(pinfo, tvb);
    const char *info = show_info_begin(pinfo);
    const step_t *step = step_of_control(tvb, pinfo, data, message);

    ((segment_t *)data)->messages++;
    if (step && step->session && message->type_name)
        col_append_str(pinfo->cinfo, COL_INFO, message->type_name);
    show_info_finish(pinfo, info, message, step);
    show_control(tvb, pinfo, item, message, step);
    report_control(tvb, pinfo, step);
    native_show(tvb, pinfo, item, message);
    return (int)tvb_captured_length(tvb);
}

/* A datagram is a message, and so may a segment be; data is of TCP, or NULL. */
static int
dissect_native(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
               connection_t *connection)
{
    segment_t segment = {.connection = connection,
                         .tcpinfo = data,
                         .tvb = tvb,
                         .message_length = native_pdu_length,
                         .most_messages = MAX_NATIVE_IN_SEGMENT};

    if (!data || native_is_framed_by_segment())
        dissect_native_pdu(tvb, pinfo, tree, &segment);
    else
        tcp_dissect_pdus(tvb, pinfo, tree, desegment, 1, pdu_length, dissect_native_pdu, &segment);
    return (int)tvb_captured_length(tvb);
}

static void
name_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const connection_t *connection)
{
    uint32_t told_by;
    const foreign_t *foreign = connection_foreign(connection, &told_by);

    if (!foreign || !show_foreign(tvb, pinfo, tree, foreign_name(foreign), pinfo->num == told_by))
        return;
    taps_foreign(pinfo, foreign_name(foreign));
}

/* For name_foreign_again(), which tells of it in later passes. */
static void
remember_connection(packet_info *pinfo, connection_t *connection)
{
    if (!PINFO_FD_VISITED(pinfo))
        p_add_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_FOREIGN_CONNECTION,
                         connection);
}

/* Returns 0, which leaves it to Wireshark, where no dissector knows this protocol. */
static int
dissect_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                connection_t *connection)
{
    uint32_t told_by;

    foreign_seen = true;
    remember_connection(pinfo, connection);
    name_foreign(tvb, pinfo, tree, connection);
    return foreign_dissect(connection_foreign(connection, &told_by), tvb, pinfo, tree, data);
}

static int
wait_for_more(tvbuff_t *tvb, packet_info *pinfo)
{
    if (!desegment || !pinfo->can_desegment)
        return 0;
    pinfo->desegment_offset = 0;
    pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
    return (int)tvb_captured_length(tvb);
}

static void
dissect_opaque(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const segment_t *segment,
               bool by_opener)
{
    proto_item *item = add_protocol_item(tvb, tree);
    const char *info = show_info_begin(pinfo);
    turn_t turn = {.number = 0};
    message_t *message;
    step_t *step;

    if (PINFO_FD_VISITED(pinfo)) {
        step = step_find(pinfo, KEPT_CONTROL, offset_in_source(tvb), is_reassembled(segment));
        if (step)
            turn = step->turn;
        message = opaque_message(pinfo, tvb, &turn);
    } else {
        turn = connection_turn(segment->connection, by_opener);
        message = opaque_message(pinfo, tvb, &turn);
        step = session_control(segment->connection, pinfo, message);
        step->turn = turn;
        if (link_media)
            media_announce(step, pinfo, message);
        step_keep(pinfo, KEPT_CONTROL, offset_in_source(tvb), is_reassembled(segment), step);
    }
    show_control(tvb, pinfo, item, message, step);
    opaque_show(tvb, pinfo, proto_item_get_subtree(item), &turn);
    show_info_finish(pinfo, info, message, step);
    report_control(tvb, pinfo, step);
    call_data_dissector(tvb, pinfo, tree);
}

static bool
is_our_port(dissector_table_t ports, dissector_handle_t handle, uint32_t port)
{
    return dissector_get_uint_handle(ports, port) == handle;
}

/* Everything over TCP at our ports that is nothing of what is known comes here. */
static int
dissect_unknown_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
                    connection_t *connection)
{
    const struct tcp_analysis *analysis = get_tcp_conversation_data(NULL, pinfo);
    segment_t segment = {.connection = connection, .tcpinfo = data, .tvb = tvb};
    bool by_opener;

    /* Other dissectors that recognise their protocol by its bytes go before us. */
    if (upstream_try_heuristics(tcp_heuristics, tvb, pinfo, tree, data))
        return (int)tvb_captured_length(tvb);
    by_opener = analysis && analysis->server_port
                    ? pinfo->destport == analysis->server_port
                    : is_our_port(tcp_ports, msiccp_tcp_handle, pinfo->destport);
    dissect_opaque(tvb, pinfo, tree, &segment, by_opener);
    return (int)tvb_captured_length(tvb);
}

/* The same over UDP. */
static int
dissect_unknown_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, connection_t *connection)
{
    segment_t segment = {.connection = connection, .tvb = tvb};

    if (!upstream_try_heuristics(udp_heuristics, tvb, pinfo, tree, NULL))
        dissect_opaque(tvb, pinfo, tree, &segment,
                       is_our_port(udp_ports, msiccp_udp_handle, pinfo->destport));
    return (int)tvb_captured_length(tvb);
}

/* Not sent over this connection: quoted by an ICMP error, or carried by a foreign tunnel. */
static bool
is_quoted(const packet_info *pinfo)
{
    return pinfo->flags.in_error_pkt || foreign_is_dissecting();
}

static int
dissect_msiccp_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    connection_t *connection;

    if (!data || is_quoted(pinfo))
        return 0;
    switch (identify_tcp(tvb, pinfo, data, &connection)) {
    case IDENTIFIED_H225:
        return dissect_h225_stream(tvb, pinfo, tree, data, connection);
    case IDENTIFIED_NATIVE:
        return dissect_native(tvb, pinfo, tree, data, connection);
    case IDENTIFIED_FOREIGN:
        return dissect_foreign(tvb, pinfo, tree, data, connection);
    case IDENTIFIED_LATER:
        remember_connection(pinfo, connection);
        return wait_for_more(tvb, pinfo);
    case IDENTIFIED_AS_NONE:
        return dissect_unknown_tcp(tvb, pinfo, tree, data, connection);
    default:
        return 0;
    }
}

static void
forget_foreign(void)
{
    foreign_seen = false;
}

/*
 * TCP asks heuristics before ports if its option says so, and from 4.4 on does
 * not ask by the port that a connection was opened from. Wireshark's heuristic for
 * Q.931 would then take H.323 on our ports: this one stands before it, and takes
 * nothing else.
 */
static ws_bool
dissect_msiccp_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    connection_t *connection;

    if (!data || is_quoted(pinfo) ||
        (!is_our_port(tcp_ports, msiccp_tcp_handle, pinfo->destport) &&
         !is_our_port(tcp_ports, msiccp_tcp_handle, pinfo->srcport)))
        return false;
    switch (identify_tcp(tvb, pinfo, data, &connection)) {
    case IDENTIFIED_H225:
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num,
                                                     msiccp_tcp_handle);
        dissect_h225_stream(tvb, pinfo, tree, data, connection);
        return true;
    case IDENTIFIED_LATER:
        return wait_for_more(tvb, pinfo) > 0;
    default:
        return false;
    }
}

static const step_t *
step_of_ras(tvbuff_t *tvb, packet_info *pinfo, const message_t *message)
{
    step_t *step;

    if (PINFO_FD_VISITED(pinfo))
        return step_find(pinfo, KEPT_RAS, offset_in_source(tvb), false);
    step = ras_step(tvb, pinfo, message);
    step_keep(pinfo, KEPT_RAS, offset_in_source(tvb), false, step);
    return step;
}

static int
dissect_ras(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    proto_item *item = add_protocol_item(tvb, tree);
    message_t *message = wmem_new0(pinfo->pool, message_t);
    const char *info = show_info_begin(pinfo);
    const step_t *step;

    TRY
    {
        ras_dissect(tvb, pinfo, tree, message);
    }
    FINALLY
    {
        step = step_of_ras(tvb, pinfo, message);
        show_control(tvb, pinfo, item, message, step);
        show_info_finish(pinfo, info, message, step);
        report_control(tvb, pinfo, step);
    }
    ENDTRY;
    return (int)tvb_captured_length(tvb);
}

static int
dissect_msiccp_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    connection_t *connection;
    int length;

    if (is_quoted(pinfo))
        return 0;
    switch (identify_udp(tvb, pinfo, &connection)) {
    case IDENTIFIED_RAS:
        return dissect_ras(tvb, pinfo, tree);
    case IDENTIFIED_NATIVE:
        return dissect_native(tvb, pinfo, tree, NULL, connection);
    case IDENTIFIED_FOREIGN:
        length = dissect_foreign(tvb, pinfo, tree, data, connection);
        /* Were it not taken, UDP would in later passes no longer ask us. */
        return length ? length : call_data_dissector(tvb, pinfo, tree);
    case IDENTIFIED_AS_NONE:
        return dissect_unknown_udp(tvb, pinfo, tree, connection);
    default:
        return 0;
    }
}

/*
 * An H.245 connection that a session announced: Wireshark's H.245 dissector
 * decodes it, and what it finds goes to the session.
 */
static int
dissect_msiccp_h245(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    segment_t segment = {.tcpinfo = data, .tvb = tvb};
    side_t sender;
    session_t *session = media_h245_session(pinfo, &sender);
    message_t *message;
    step_t *step;

    if (!session || !data || !link_media)
        return upstream_dissect(h245_handle, tvb, pinfo, tree, data);

    if (PINFO_FD_VISITED(pinfo)) {
        upstream_dissect(h245_handle, tvb, pinfo, tree, data);
        step = step_find(pinfo, KEPT_H245, offset_in_source(tvb), is_reassembled(&segment));
    } else {
        message = reading_h245(h245_handle, tvb, pinfo, tree);
        step = NULL;
        if (message) {
            step = session_h245(session, sender, pinfo, message);
            media_announce(step, pinfo, message);
            step_keep(pinfo, KEPT_H245, offset_in_source(tvb), is_reassembled(&segment), step);
        }
    }
    if (step)
        show_h245(tvb, pinfo, add_protocol_item(tvb, tree), step);
    taps_h245(pinfo, step);
    return (int)tvb_captured_length(tvb);
}

static int
mark_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    joined_t joined = {.codec = NULL};

    if (!media_join(pinfo, &joined))
        return 0;
    if (!PINFO_FD_VISITED(pinfo) && joined.channel == CHANNEL_RTP)
        session_media(joined.session, joined.to, pinfo);
    show_media(tvb, pinfo, proto_tree_add_item(tree, proto_msiccp, tvb, 0, 0, ENC_NA), &joined);
    taps_media(pinfo, &joined);
    return (int)tvb_captured_length(tvb);
}

static void
watch_tcp(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const struct tcp_analysis *analysis;
    connection_t *connection;

    if (!conversation)
        return;
    connection = connection_find(conversation);
    if (!connection) {
        media_watch_tcp(conversation, pinfo);
        return;
    }
    analysis = get_tcp_conversation_data(conversation, pinfo);
    if (analysis && analysis->conversation_completeness & TCP_COMPLETENESS_CLOSED)
        connection_close(connection);
}

/*
 * In later passes TCP shows a segment that only begins a message itself, and does
 * not ask us: what the first pass named is named here.
 */
static void
name_foreign_again(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const connection_t *connection =
        p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_FOREIGN_CONNECTION);

    if (connection)
        name_foreign(tvb, pinfo, tree, connection);
}

/* Runs after every packet: RTP and RTCP that belong to a session are marked so. */
static int
dissect_msiccp_after(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (foreign_seen && PINFO_FD_VISITED(pinfo))
        name_foreign_again(tvb, pinfo, tree);
    if (session_count() == 0 || !link_media)
        return 0;
    if (pinfo->ptype == PT_UDP)
        return mark_media(tvb, pinfo, tree);
    if (pinfo->ptype == PT_TCP && !PINFO_FD_VISITED(pinfo))
        watch_tcp(pinfo);
    return 0;
}

static void
register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_msiccp, NULL);

    prefs_register_bool_preference(
        module, "desegment", "Reassemble messages spanning multiple TCP segments",
        "Whether messages that span several TCP segments are put together. To use this option, "
        "you must also enable \"Allow subdissectors to reassemble TCP streams\" in the TCP "
        "protocol settings.",
        &desegment);
    prefs_register_bool_preference(
        module, "link_media", "Join media to its session",
        "Whether H.245 connections, RTP and RTCP streams that a call's messages name are shown "
        "as parts of the session.",
        &link_media);
    observe_register_preferences(module);
    native_register(module);
}

void
proto_register_msiccp(void)
{
    proto_msiccp =
        proto_register_protocol("Microsoft NetMeeting Audio Call Control", "MSICCP", "msiccp");
    show_register();
    opaque_register();
    ras_register();
    netmeeting_register();
    waveform_register();
    media_register();
    taps_register();
    calls_register();
    call_window_register();
    window_register();
    statistics_register();
    statistics_window_register();
    register_preferences();
    session_register();
    register_init_routine(forget_foreign);
    msiccp_tcp_handle = register_dissector("msiccp", dissect_msiccp_tcp, proto_msiccp);
    msiccp_udp_handle = register_dissector("msiccp.udp", dissect_msiccp_udp, proto_msiccp);
    msiccp_h245_handle = register_dissector("msiccp.h245", dissect_msiccp_h245, proto_msiccp);
    register_postdissector(register_dissector("msiccp.after", dissect_msiccp_after, proto_msiccp));
}

void
proto_reg_handoff_msiccp(void)
{
    h245_handle = find_dissector_add_dependency("h245", proto_msiccp);
    tcp_ports = find_dissector_table("tcp.port");
    udp_ports = find_dissector_table("udp.port");
    tcp_heuristics = find_heur_dissector_list("tcp");
    udp_heuristics = find_heur_dissector_list("udp");
    reading_handoff();
    h225_handoff();
    foreign_handoff();
    ras_handoff();
    netmeeting_handoff();
    identify_handoff(msiccp_tcp_handle, msiccp_udp_handle);
    media_handoff(msiccp_h245_handle);
    observe_handoff();
    voip_handoff();
    heur_dissector_add("tcp", dissect_msiccp_heuristic, "NetMeeting call control over TCP",
                       "msiccp_tcp", proto_msiccp, HEURISTIC_ENABLE);
    dissector_add_uint_range_with_preference("tcp.port", MSICCP_PORTS, msiccp_tcp_handle);
    dissector_add_uint_range_with_preference("udp.port", MSICCP_PORTS, msiccp_udp_handle);
}
