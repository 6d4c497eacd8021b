/* identify.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/identify.h"

#include "common/ports.h"
#include "common/upstream.h"
#include "identify/ras_proof.h"
#include "readers/h225.h"
#include "readers/native.h"

#include <epan/dissectors/packet-tcp.h>

/* So many bytes of each direction of a connection may tell that it is foreign. */
#define STREAM_BEGINNING 4096

static int proto_tcp;

void
identify_handoff(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
    foreign_handoff();
}

bool
identify_is_at_our_port(const packet_info *pinfo)
{
    return ports_is_ours(OVER_TCP, pinfo->destport) || ports_is_ours(OVER_TCP, pinfo->srcport);
}

/*
 * Without a sign of who opened it, a connection between one of our ports and
 * one of another service is that service's: clients drew their ports from 1024
 * up. A port that the user decodes as ours counts as ours.
 */
static bool
other_port_is_service(const packet_info *pinfo, transport_t transport)
{
    bool from_ours = ports_is_ours(transport, pinfo->srcport);
    bool to_ours = ports_is_ours(transport, pinfo->destport);

    if (from_ours == to_ours)
        return false;
    return ports_is_service(transport, from_ours ? pinfo->destport : pinfo->srcport);
}

static bool
belongs_elsewhere(packet_info *pinfo, const struct tcp_analysis *analysis)
{
    uint32_t server_port = analysis ? analysis->server_port : 0;

    if (server_port == 0)
        return other_port_is_service(pinfo, OVER_TCP);
    return !ports_is_ours(OVER_TCP, server_port) && identify_is_at_our_port(pinfo);
}

/*
 * Whoever sent the SYN opened a connection. Without one it is the end that came to
 * our port, and where both ports are ours, or none is, the one that was heard first.
 */
static bool
is_by_opener(const packet_info *pinfo, const connection_t *connection, transport_t transport,
             uint32_t server_port)
{
    bool from_ours = ports_is_ours(transport, pinfo->srcport);
    bool to_ours = ports_is_ours(transport, pinfo->destport);

    if (server_port)
        return pinfo->destport == server_port;
    if (from_ours != to_ours)
        return to_ours;
    return !connection || connection_end_of_sender(connection, pinfo) == 0;
}

/* TCP hands on relative sequence numbers, unless its preferences say otherwise. */
static bool
is_within(const struct tcpinfo *tcpinfo, const struct tcp_analysis *analysis, uint32_t bytes)
{
    return tcpinfo->seq <= bytes || !analysis || !analysis->fwd ||
           tcpinfo->seq - analysis->fwd->base_seq <= bytes;
}

static bool
is_near_beginning(const struct tcpinfo *tcpinfo, const struct tcp_analysis *analysis)
{
    return is_within(tcpinfo, analysis, STREAM_BEGINNING);
}

/* The first byte of a direction has the number 1. */
static bool
is_first_of_sender(const struct tcpinfo *tcpinfo, const struct tcp_analysis *analysis)
{
    return is_within(tcpinfo, analysis, 1);
}

/* Nothing has been taken for a session's yet. */
static bool
is_opening(const packet_info *pinfo, const connection_t *connection)
{
    return !connection_is(connection, CODING_OPAQUE, pinfo->num - 1);
}

/* The protocol that is known to be foreign here; NULL: none. */
static const foreign_t *
foreign_of(const connection_t *connection, const packet_info *pinfo)
{
    const told_t *told = connection_foreign(connection, pinfo->num);

    return told ? told->foreign : NULL;
}

/* In later passes: what the first one found, without another look at the bytes. */
static identified_t
identified_before(const connection_t *connection, const packet_info *pinfo)
{
    if (connection_is(connection, CODING_H225, pinfo->num))
        return IDENTIFIED_H225;
    if (connection_is(connection, CODING_NATIVE, pinfo->num))
        return IDENTIFIED_NATIVE;
    if (foreign_of(connection, pinfo))
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

static void
tell_foreign(look_t *look, const foreign_t *foreign)
{
    look->foreign = foreign;
    look->is_told_foreign = true;
}

/* What is known gives way to what says more: the table has that above it. */
static bool
is_refined(const foreign_t *known, const foreign_t *foreign)
{
    return !known || foreign->strength != PROVISIONAL || foreign < known;
}

/* A payload that nothing settled tells about: is it foreign? */
static identified_t
identify_foreign(look_t *look, tvbuff_t *tvb, const packet_info *pinfo, transport_t transport)
{
    const foreign_t *known = foreign_of(look->connection, pinfo);
    const foreign_t *foreign = NULL;
    match_t match = foreign_identify(
        tvb, transport, is_opening(pinfo, look->connection) ? PROVISIONAL : FIRM, &foreign);

    /* What the user has described goes before a guess. */
    if (match == MATCH_YES && foreign->strength == PROVISIONAL && native_is_described())
        match = MATCH_NO;
    if (match == MATCH_YES && is_refined(known, foreign))
        tell_foreign(look, foreign);
    if (known || match == MATCH_YES)
        return IDENTIFIED_FOREIGN;
    return match == MATCH_MAYBE ? IDENTIFIED_LATER : IDENTIFIED_AS_NONE;
}

/* Protocols share connections: one that cannot be mistaken is believed after another, too. */
static void
look_again(look_t *look, tvbuff_t *tvb, transport_t transport, const foreign_t *known)
{
    const foreign_t *foreign = NULL;

    if (foreign_identify(tvb, transport, UNMISTAKABLE, &foreign) == MATCH_YES && foreign != known)
        tell_foreign(look, foreign);
}

/* Where segments are messages, the bytes that follow belong to another one. */
static bool
is_native(identified_t identified)
{
    return native_is_described() &&
           (identified == IDENTIFIED_AS_NONE ||
            (identified == IDENTIFIED_LATER && native_is_framed_by_segment()));
}

static look_t
look_at(packet_info *pinfo)
{
    look_t look = {.conversation = upstream_conversation(pinfo)};

    if (!look.conversation)
        look.conversation = find_or_create_conversation(pinfo);
    look.connection = connection_find(look.conversation);
    return look;
}

/*
 * What stands before these bytes is missing, though the capture has the opening of the
 * connection: it may come yet, and tell what they are.
 */
static bool
is_behind_a_gap(const look_t *look, const packet_info *pinfo)
{
    const connection_t *connection = look->connection;

    return look->opening_seen && !look->is_beginning && is_opening(pinfo, connection) &&
           !(connection && connection->has_begun[connection_end_of_sender(connection, pinfo)]);
}

static identified_t
identify_new_tcp(look_t *look, tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *tcpinfo,
                 const struct tcp_analysis *analysis)
{
    const foreign_t *known = foreign_of(look->connection, pinfo);
    identified_t identified;

    if (known && known->strength != PROVISIONAL) {
        if (look->is_beginning)
            look_again(look, tvb, OVER_TCP, known);
        return IDENTIFIED_FOREIGN;
    }
    identified = identify_h225(tvb, is_opening(pinfo, look->connection));
    if (identified == IDENTIFIED_H225)
        return identified;
    if (belongs_elsewhere(pinfo, analysis))
        return IDENTIFIED_NOT_OURS;
    if (identified == IDENTIFIED_AS_NONE && is_near_beginning(tcpinfo, analysis))
        identified = identify_foreign(look, tvb, pinfo, OVER_TCP);
    else if (known)
        identified = IDENTIFIED_FOREIGN;
    if (identified == IDENTIFIED_AS_NONE && is_behind_a_gap(look, pinfo))
        return IDENTIFIED_NOT_OURS;
    return is_native(identified) ? IDENTIFIED_NATIVE : identified;
}

static void
place_segment(look_t *look, const struct tcpinfo *tcpinfo, const struct tcp_analysis *analysis)
{
    look->segment = (captured_segment_t){.sequence = tcpinfo->seq,
                                         .length = tcpinfo->nxtseq - tcpinfo->seq,
                                         .has_acknowledgement = true,
                                         .acknowledgement = tcpinfo->lastackseq};
    if (analysis && analysis->fwd && analysis->rev) {
        look->first[0] = analysis->fwd->base_seq;
        look->first[1] = analysis->rev->base_seq;
    }
}

look_t
identify_tcp(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *tcpinfo)
{
    look_t look = look_at(pinfo);
    /* As TCP has just left it: to ask TCP for it is another look-up of the conversation. */
    const struct tcp_analysis *analysis = conversation_get_proto_data(look.conversation, proto_tcp);

    look.opening_seen = analysis && analysis->server_port;
    look.is_beginning = is_first_of_sender(tcpinfo, analysis);
    place_segment(&look, tcpinfo, analysis);
    look.by_opener =
        is_by_opener(pinfo, look.connection, OVER_TCP, analysis ? analysis->server_port : 0);
    if (PINFO_FD_VISITED(pinfo))
        look.identified = identified_before(look.connection, pinfo);
    else if (connection_is(look.connection, CODING_H225, pinfo->num))
        look.identified = IDENTIFIED_H225;
    else if (connection_is(look.connection, CODING_NATIVE, pinfo->num))
        look.identified = IDENTIFIED_NATIVE;
    else
        look.identified = identify_new_tcp(&look, tvb, pinfo, tcpinfo, analysis);
    return look;
}

/* What makes a message credible may come after it: the first pass decides. */
static bool
was_ras(tvbuff_t *tvb, packet_info *pinfo)
{
    const where_t where = {.as = READ_AS_RAS, .offset = (uint32_t)tvb_raw_offset(tvb)};

    return step_peek(pinfo, &where) != NULL;
}

static identified_t
identify_new_udp(look_t *look, tvbuff_t *tvb, packet_info *pinfo)
{
    const foreign_t *known = foreign_of(look->connection, pinfo);
    identified_t identified;

    if (known && known->strength != PROVISIONAL && known->strength != EACH) {
        look_again(look, tvb, OVER_UDP, known);
        return IDENTIFIED_FOREIGN;
    }
    if (ras_proof_holds(tvb, pinfo))
        return IDENTIFIED_RAS;
    if (other_port_is_service(pinfo, OVER_UDP))
        return IDENTIFIED_NOT_OURS;
    if (known && known->strength == EACH) {
        look_again(look, tvb, OVER_UDP, NULL);
        if (!look->is_told_foreign)
            tell_foreign(look, NULL);
        identified = look->foreign ? IDENTIFIED_FOREIGN : IDENTIFIED_AS_NONE;
    } else {
        identified = identify_foreign(look, tvb, pinfo, OVER_UDP);
    }
    if (identified == IDENTIFIED_LATER)
        identified = IDENTIFIED_AS_NONE;
    return is_native(identified) ? IDENTIFIED_NATIVE : identified;
}

look_t
identify_udp(tvbuff_t *tvb, packet_info *pinfo)
{
    look_t look = look_at(pinfo);

    look.by_opener = is_by_opener(pinfo, look.connection, OVER_UDP, 0);
    if (PINFO_FD_VISITED(pinfo))
        look.identified =
            was_ras(tvb, pinfo) ? IDENTIFIED_RAS : identified_before(look.connection, pinfo);
    else if (connection_is(look.connection, CODING_NATIVE, pinfo->num))
        look.identified = IDENTIFIED_NATIVE;
    else
        look.identified = identify_new_udp(&look, tvb, pinfo);
    return look;
}

connection_t *
identify_settle(const look_t *look, const packet_info *pinfo)
{
    connection_t *connection = look->connection;

    if (PINFO_FD_VISITED(pinfo) || look->identified == IDENTIFIED_NOT_OURS ||
        look->identified == IDENTIFIED_RAS)
        return connection;
    if (!connection)
        connection = connection_get(look->conversation, pinfo);
    if (connection->captured)
        captured_add_relative(connection->captured, connection_end_of_sender(connection, pinfo),
                              &look->segment, look->first[0], look->first[1]);
    connection->opening_seen |= look->opening_seen;
    connection->has_begun[connection_end_of_sender(connection, pinfo)] |= look->is_beginning;
    if (look->identified == IDENTIFIED_H225)
        connection_set(connection, CODING_H225, pinfo->num);
    if (look->identified == IDENTIFIED_NATIVE)
        connection_set(connection, CODING_NATIVE, pinfo->num);
    if (look->identified == IDENTIFIED_AS_NONE)
        connection_set(connection, CODING_OPAQUE, pinfo->num);
    if (look->is_told_foreign && look->foreign != foreign_of(connection, pinfo))
        connection_set_foreign(connection, look->foreign, pinfo->num);
    return connection;
}
