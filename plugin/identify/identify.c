/* identify.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/identify.h"

#include "readers/h225.h"
#include "readers/native.h"
#include "readers/ras.h"
#include "session/steps.h"

#include "common/protocol.h"

#include <epan/dissectors/packet-tcp.h>

/* So many bytes of each direction of a connection may tell that it is foreign. */
#define STREAM_BEGINNING 4096

#define WELL_KNOWN_PORTS_END 1024
#define T120_PORT 1503 /* NetMeeting listens there too; Wireshark has no dissector for it */

static dissector_table_t tcp_ports;
static dissector_table_t udp_ports;
static dissector_handle_t our_tcp_handle;
static dissector_handle_t our_udp_handle;

void
identify_handoff(dissector_handle_t tcp_handle, dissector_handle_t udp_handle)
{
    tcp_ports = find_dissector_table("tcp.port");
    udp_ports = find_dissector_table("udp.port");
    our_tcp_handle = tcp_handle;
    our_udp_handle = udp_handle;
}

static bool
is_service(dissector_table_t ports, uint32_t port)
{
    return port < WELL_KNOWN_PORTS_END || port == T120_PORT ||
           dissector_get_uint_handle(ports, port) != NULL;
}

/*
 * Without a sign of who opened it, a connection between one of our ports and
 * one of another service is that service's: clients drew their ports from 1024
 * up. A port that the user decodes as ours counts as ours.
 */
static bool
other_port_is_service(const packet_info *pinfo, dissector_table_t ports, dissector_handle_t ours)
{
    bool from_ours = dissector_get_uint_handle(ports, pinfo->srcport) == ours;
    bool to_ours = dissector_get_uint_handle(ports, pinfo->destport) == ours;

    if (from_ours == to_ours)
        return false;
    return is_service(ports, from_ours ? pinfo->destport : pinfo->srcport);
}

static bool
belongs_elsewhere(packet_info *pinfo, const struct tcp_analysis *analysis)
{
    uint32_t server_port = analysis ? analysis->server_port : 0;

    if (server_port == 0)
        return other_port_is_service(pinfo, tcp_ports, our_tcp_handle);
    if (dissector_get_uint_handle(tcp_ports, server_port) == our_tcp_handle)
        return false;
    return dissector_get_uint_handle(tcp_ports, pinfo->srcport) == our_tcp_handle ||
           dissector_get_uint_handle(tcp_ports, pinfo->destport) == our_tcp_handle;
}

/* TCP hands on relative sequence numbers, unless its preferences say otherwise. */
static bool
is_near_beginning(const struct tcpinfo *tcpinfo, const struct tcp_analysis *analysis)
{
    return tcpinfo->seq <= STREAM_BEGINNING || !analysis || !analysis->fwd ||
           tcpinfo->seq - analysis->fwd->base_seq <= STREAM_BEGINNING;
}

/* Nothing has been taken for a session's yet. */
static bool
is_opening(const packet_info *pinfo, const connection_t *connection)
{
    return !connection_is(connection, CODING_OPAQUE, pinfo->num - 1);
}

static bool
is_settled_as_foreign(const connection_t *connection, const packet_info *pinfo)
{
    uint32_t told_by;

    return connection_is(connection, CODING_FOREIGN, pinfo->num) &&
           !foreign_is_provisional(connection_foreign(connection, &told_by));
}

/* In later passes: what the first one found, without another look at the bytes. */
static identified_t
identified_before(const connection_t *connection, const packet_info *pinfo)
{
    if (connection_is(connection, CODING_H225, pinfo->num))
        return IDENTIFIED_H225;
    if (connection_is(connection, CODING_NATIVE, pinfo->num))
        return IDENTIFIED_NATIVE;
    if (connection_is(connection, CODING_FOREIGN, pinfo->num))
        return IDENTIFIED_FOREIGN;
    if (connection_is(connection, CODING_OPAQUE, pinfo->num))
        return IDENTIFIED_AS_NONE;
    return IDENTIFIED_NOT_OURS;
}

/*
 * What the bytes alone tell of a TCP payload that is not known to be another
 * protocol's; due: none came before that were no message.
 */
static identified_t
identify_h225(tvbuff_t *tvb, bool is_due)
{
    switch (h225_start(tvb, 0)) {
    case H225_MESSAGE:
    case H225_KEEP_ALIVE:
        if (is_due)
            return IDENTIFIED_H225;
        break;
    case H225_TOO_SHORT:
        return IDENTIFIED_LATER;
    case H225_NONE:
        break;
    }
    return h225_resumes(tvb) ? IDENTIFIED_H225 : IDENTIFIED_AS_NONE;
}

static connection_t *
settle(connection_t **connection, conversation_t *conversation, const packet_info *pinfo)
{
    if (!*connection)
        *connection = connection_get(conversation, pinfo);
    return *connection;
}

/* A payload that nothing settled tells about: is it foreign? */
static identified_t
identify_foreign(tvbuff_t *tvb, packet_info *pinfo, transport_t transport,
                 conversation_t *conversation, connection_t **connection)
{
    const foreign_t *foreign = NULL;
    match_t match = foreign_identify(tvb, transport, is_opening(pinfo, *connection), &foreign);

    /* What the user has described goes before a guess. */
    if (match == MATCH_YES && foreign_is_provisional(foreign) && native_is_described())
        match = MATCH_NO;
    if (connection_is(*connection, CODING_FOREIGN, pinfo->num)) {
        if (match == MATCH_YES && !foreign_is_provisional(foreign))
            connection_set_foreign(*connection, foreign, pinfo->num);
        return IDENTIFIED_FOREIGN;
    }
    if (match == MATCH_YES) {
        connection_set_foreign(settle(connection, conversation, pinfo), foreign, pinfo->num);
        return IDENTIFIED_FOREIGN;
    }
    return match == MATCH_MAYBE ? IDENTIFIED_LATER : IDENTIFIED_AS_NONE;
}

/* Where segments are messages, the bytes that follow belong to another one. */
static bool
is_native(identified_t identified)
{
    return native_is_described() &&
           (identified == IDENTIFIED_AS_NONE ||
            (identified == IDENTIFIED_LATER && native_is_framed_by_segment()));
}

/* Bytes that no specification tells of are native if a layout is described, and opaque if not. */
static identified_t
settle_rest(identified_t identified, connection_t **connection, conversation_t *conversation,
            const packet_info *pinfo)
{
    if (is_native(identified)) {
        connection_set(settle(connection, conversation, pinfo), CODING_NATIVE, pinfo->num);
        return IDENTIFIED_NATIVE;
    }
    if (identified == IDENTIFIED_AS_NONE || identified == IDENTIFIED_LATER)
        settle(connection, conversation, pinfo);
    if (identified == IDENTIFIED_AS_NONE)
        connection_set(*connection, CODING_OPAQUE, pinfo->num);
    return identified;
}

identified_t
identify_tcp(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *tcpinfo,
             connection_t **connection)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    const struct tcp_analysis *analysis = get_tcp_conversation_data(NULL, pinfo);
    identified_t identified;

    *connection = connection_find(conversation);
    if (PINFO_FD_VISITED(pinfo))
        return identified_before(*connection, pinfo);
    if (connection_is(*connection, CODING_H225, pinfo->num))
        return IDENTIFIED_H225;
    if (connection_is(*connection, CODING_NATIVE, pinfo->num))
        return IDENTIFIED_NATIVE;
    if (is_settled_as_foreign(*connection, pinfo))
        return IDENTIFIED_FOREIGN;

    identified = identify_h225(tvb, is_opening(pinfo, *connection));
    if (identified == IDENTIFIED_H225) {
        connection_set(settle(connection, conversation, pinfo), CODING_H225, pinfo->num);
        return identified;
    }
    if (belongs_elsewhere(pinfo, analysis))
        return IDENTIFIED_NOT_OURS;
    if (identified == IDENTIFIED_AS_NONE && is_near_beginning(tcpinfo, analysis))
        identified = identify_foreign(tvb, pinfo, OVER_TCP, conversation, connection);
    else if (connection_is(*connection, CODING_FOREIGN, pinfo->num))
        identified = IDENTIFIED_FOREIGN;
    return settle_rest(identified, connection, conversation, pinfo);
}

/* What makes a message credible may come after it: the first pass decides. */
static bool
was_ras(tvbuff_t *tvb, packet_info *pinfo)
{
    return step_peek(pinfo, KEPT_RAS, (uint32_t)tvb_raw_offset(tvb), false) != NULL;
}

identified_t
identify_udp(tvbuff_t *tvb, packet_info *pinfo, connection_t **connection)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    identified_t identified;

    *connection = connection_find(conversation);
    if (PINFO_FD_VISITED(pinfo))
        return was_ras(tvb, pinfo) ? IDENTIFIED_RAS : identified_before(*connection, pinfo);
    if (connection_is(*connection, CODING_NATIVE, pinfo->num))
        return IDENTIFIED_NATIVE;
    if (is_settled_as_foreign(*connection, pinfo))
        return IDENTIFIED_FOREIGN;
    if (ras_recognise(tvb, pinfo))
        return IDENTIFIED_RAS;
    if (other_port_is_service(pinfo, udp_ports, our_udp_handle))
        return IDENTIFIED_NOT_OURS;
    identified = identify_foreign(tvb, pinfo, OVER_UDP, conversation, connection);
    if (identified == IDENTIFIED_LATER)
        identified = IDENTIFIED_AS_NONE;
    return settle_rest(identified, connection, conversation, pinfo);
}
