/* connections.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/connections.h"

#include "common/ports.h"
#include "common/protocol.h"
#include "media/attempts.h"
#include "media/media.h"
#include "media/places.h"
#include "readers/h225.h"
#include "readers/h245.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/to_str.h>

/* A FIN or an RST has been seen: tcp.completeness. */
#define TCP_COMPLETENESS_CLOSED (0x10 | 0x20)

/* In file scope: conversations that have been seen to be what was announced. */
static wmem_map_t *known_connections;

static dissector_handle_t upstream_h245_handle;
static dissector_handle_t our_h245_handle;
static dissector_handle_t our_data_handle;

void
connections_register(void)
{
    known_connections =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

void
connections_handoff(dissector_handle_t h245_handle, dissector_handle_t data_handle)
{
    upstream_h245_handle = find_dissector_add_dependency("h245", proto_msiccp);
    our_h245_handle = h245_handle;
    our_data_handle = data_handle;
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
announced_for(wmem_map_t *places, const packet_info *pinfo, side_t *sender)
{
    const announcement_t *to = places_announced(places, &pinfo->dst, pinfo->destport, pinfo->num);
    const announcement_t *from = places_announced(places, &pinfo->src, pinfo->srcport, pinfo->num);

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

void
media_watch_tcp(packet_info *pinfo)
{
    bool is_control =
        ports_is_ours(OVER_TCP, pinfo->srcport) || ports_is_ours(OVER_TCP, pinfo->destport);

    if (is_control && watch_control(pinfo))
        return;
    if (media_is_linked())
        watch_announced(pinfo);
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

/* Wireshark takes the connection for H.245, perhaps by a later frame, which it does not ask about.
 */
static bool
is_wiresharks(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation && conversation_get_dissector(conversation, 0) == upstream_h245_handle;
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
