/* window.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "taps/window.h"

#include "media/media.h"

#include "common/protocol.h"

#include <epan/addr_resolv.h>
#include <epan/conversation_filter.h>
#include <epan/follow.h>
#include <epan/tap.h>

#define SESSION_FILTER "msiccp.session == %u"
#define FOLLOW_TAP "msiccp_follow"

/* One control message: what the follow tap hands on; packet scope. */
typedef struct {
    const step_t *step;
    tvbuff_t *tvb;
} followed_t;

static int follow_tap;

/* Of media nothing is kept, since there is so much of it. */
static const session_t *
session_of_media(packet_info *pinfo)
{
    joined_t joined[MOST_JOINED];

    return session_count() && join_media(pinfo, joined) ? joined[0].session : NULL;
}

static const session_t *
first_session(packet_info *pinfo)
{
    wmem_list_frame_t *first = wmem_list_head(steps_sessions(pinfo));

    return first ? wmem_list_frame_data(first) : session_of_media(pinfo);
}

static ws_filter_bool
has_session(CONVERSATION_FILTER_ARGS)
{
    return first_session(pinfo) != NULL;
}

/* To be freed with g_free(); NULL: the packet belongs to no session. */
static char *
session_filter(CONVERSATION_FILTER_ARGS)
{
    wmem_list_frame_t *frame = wmem_list_head(steps_sessions(pinfo));
    const session_t *session = first_session(pinfo);
    GString *filter;

    if (!session)
        return NULL;
    filter = g_string_new(NULL);
    g_string_append_printf(filter, SESSION_FILTER, session->number);
    while (frame && (frame = wmem_list_frame_next(frame)) != NULL) {
        session = wmem_list_frame_data(frame);
        g_string_append_printf(filter, " || " SESSION_FILTER, session->number);
    }
    return g_string_free(filter, false);
}

void
window_note_message(packet_info *pinfo, tvbuff_t *tvb, const step_t *step)
{
    followed_t *followed;

    if (!step || !step->session || !have_tap_listener(follow_tap))
        return;
    followed = wmem_new(pinfo->pool, followed_t);
    followed->step = step;
    followed->tvb = tvb;
    tap_queue_packet(follow_tap, pinfo, followed);
}

static char *
follow_filter_of_packet(epan_dissect_t *edt _U_, packet_info *pinfo, unsigned *stream,
                        unsigned *sub_stream _U_)
{
    const session_t *session = first_session(pinfo);

    if (!session)
        return NULL;
    *stream = session->number;
    return g_strdup_printf(SESSION_FILTER, session->number);
}

static char *
follow_filter_of_number(unsigned stream, unsigned sub_stream _U_)
{
    return g_strdup_printf(SESSION_FILTER, stream);
}

static char *
follow_filter_of_addresses(address *source _U_, address *destination _U_, int source_port _U_,
                           int destination_port _U_)
{
    return NULL;
}

/* Streams are counted from 0, sessions from 1: there is no stream 0. */
static uint32_t
follow_count(void)
{
    return session_count() + 1;
}

static void
follow_ends(follow_info_t *follow, const session_t *session)
{
    const party_t *caller = &session->parties[SIDE_CALLER];
    const party_t *callee = &session->parties[SIDE_CALLEE];

    follow->client_port = caller->port;
    follow->server_port = callee->port;
    copy_address(&follow->client_ip, &caller->addr);
    copy_address(&follow->server_ip, &callee->addr);
}

/*
 * The caller is the client, whatever connection the message came over. Where a
 * frame also has messages of another session, they are shown too: nothing tells
 * us here which of them is being followed.
 */
static tap_packet_status
follow_message(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
               tap_flags_t flags _U_)
{
    follow_info_t *follow = data;
    const followed_t *followed = tap_data;
    unsigned length = tvb_captured_length(followed->tvb);
    follow_record_t *record = g_new0(follow_record_t, 1);

    record->packet_num = pinfo->num;
    record->abs_ts = pinfo->abs_ts;
    record->is_server = followed->step->sender == SIDE_CALLEE;
    record->data = g_byte_array_sized_new(length);
    g_byte_array_append(record->data, tvb_get_ptr(followed->tvb, 0, (int)length), length);
    if (follow->client_ip.type == AT_NONE)
        follow_ends(follow, followed->step->session);
    follow->bytes_written[record->is_server] += length;
    follow->payload = g_list_prepend(follow->payload, record);
    return TAP_PACKET_DONT_REDRAW;
}

void
window_register(void)
{
    follow_tap = register_tap(FOLLOW_TAP);
    REGISTER_CONVERSATION_FILTER("msiccp", "MSICCP session", has_session, session_filter);
    add_conversation_filter_protocol("msiccp");
    REGISTER_FOLLOW_STREAM(proto_msiccp, FOLLOW_TAP, follow_filter_of_packet,
                           follow_filter_of_number, follow_filter_of_addresses, tcp_port_to_display,
                           follow_message, follow_count);
}
