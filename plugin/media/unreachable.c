/* unreachable.c
 *
 * Errors: RFC 792, RFC 1812 section 5.2.7.1, RFC 4443 section 3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/unreachable.h"

#include "common/ports.h"
#include "common/upstream.h"
#include "media/attempts.h"
#include "media/places.h"

#include <epan/ipproto.h>
#include <epan/to_str.h>

#define ICMP_HEADER_LENGTH 8
#define PORTS_LENGTH 4

/* Where a header of IP has what is read of it; the addresses stand one behind the other. */
typedef struct {
    uint8_t version;
    int type; /* address_type */
    int address_length;
    int length; /* at least */
    int protocol_at;
    int source_at;
    uint8_t unreachable;
    uint8_t time_exceeded;
    const value_string *codes;
    const char *icmp_name;
} family_t;

#define ICMP_UNREACHABLE 3
#define ICMP_TIME_EXCEEDED 11
#define ICMPV6_UNREACHABLE 1
#define ICMPV6_TIME_EXCEEDED 3

static const value_string codes[] = {
    {0, "network unreachable"},
    {1, "host unreachable"},
    {2, "protocol unreachable"},
    {3, "port unreachable"},
    {4, "fragmentation needed"},
    {5, "source route failed"},
    {6, "network unknown"},
    {7, "host unknown"},
    {9, "network administratively prohibited"},
    {10, "host administratively prohibited"},
    {13, "communication administratively prohibited"},
    {0, NULL},
};

static const value_string codes_v6[] = {
    {0, "no route"},
    {1, "administratively prohibited"},
    {2, "beyond the scope of the source address"},
    {3, "address unreachable"},
    {4, "port unreachable"},
    {5, "source address failed policy"},
    {6, "route rejected"},
    {0, NULL},
};

static const family_t ipv4 = {4,     AT_IPv4, 4, 20, 9, 12, ICMP_UNREACHABLE, ICMP_TIME_EXCEEDED,
                              codes, "ICMP"};
static const family_t ipv6 = {
    6, AT_IPv6, 16, 40, 6, 8, ICMPV6_UNREACHABLE, ICMPV6_TIME_EXCEEDED, codes_v6, "ICMPv6"};

/* What an error says, who sent it, and of which packet. */
typedef struct {
    const family_t *family;
    uint8_t type;
    uint8_t code;
    address sender;
    address from;
    address to;
    uint8_t protocol;
    uint16_t from_port;
    uint16_t to_port;
} error_t;

static dissector_handle_t upstream_icmp_handle;
static dissector_handle_t upstream_icmpv6_handle;

void
unreachable_handoff(const media_handles_t *handles)
{
    upstream_icmp_handle = upstream_stand_before("ip.proto", IP_PROTO_ICMP, handles->icmp,
                                                 "msiccp.icmp", "ICMP, and calls that it tells of");
    upstream_icmpv6_handle =
        upstream_stand_before("ip.proto", IP_PROTO_ICMPV6, handles->icmpv6, "msiccp.icmpv6",
                              "ICMPv6, and calls that it tells of");
}

int
unreachable_dissect(uint8_t protocol, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                    void *data)
{
    return call_dissector_only(protocol == IP_PROTO_ICMP ? upstream_icmp_handle
                                                         : upstream_icmpv6_handle,
                               tvb, pinfo, tree, data);
}

/* Of the header of IP here, with its options; 0: there is none, or not all of it. */
static int
header_length(tvbuff_t *tvb, int at, const family_t *family)
{
    if (!tvb_bytes_exist(tvb, at, family->length) || tvb_get_uint8(tvb, at) >> 4 != family->version)
        return 0;
    return family->version == 4 ? 4 * (tvb_get_uint8(tvb, at) & 0x0f) : family->length;
}

static void
read_address(tvbuff_t *tvb, int at, const family_t *family, unsigned which, address *addr)
{
    set_address_tvb(addr, family->type, family->address_length, tvb,
                    at + family->source_at + (int)which * family->address_length);
}

/* The packet that is quoted: its addresses, and its ports, which the least of quotes holds. */
static bool
read_quote(tvbuff_t *tvb, int at, error_t *error)
{
    int length = header_length(tvb, at, error->family);

    if (length == 0 || !tvb_bytes_exist(tvb, at + length, PORTS_LENGTH))
        return false;
    read_address(tvb, at, error->family, 0, &error->from);
    read_address(tvb, at, error->family, 1, &error->to);
    error->protocol = tvb_get_uint8(tvb, at + error->family->protocol_at);
    error->from_port = tvb_get_ntohs(tvb, at + length);
    error->to_port = tvb_get_ntohs(tvb, at + length + 2);
    return true;
}

static bool
read_error(tvbuff_t *tvb, uint8_t protocol, const address *sender, error_t *error)
{
    const family_t *family = protocol == IP_PROTO_ICMP ? &ipv4 : &ipv6;

    if (family->type != sender->type || !tvb_bytes_exist(tvb, 0, ICMP_HEADER_LENGTH))
        return false;
    error->family = family;
    error->type = tvb_get_uint8(tvb, 0);
    error->code = tvb_get_uint8(tvb, 1);
    error->sender = *sender;
    return (error->type == family->unreachable || error->type == family->time_exceeded) &&
           read_quote(tvb, ICMP_HEADER_LENGTH, error);
}

static const char *
error_words(const error_t *error)
{
    return error->type == error->family->unreachable
               ? val_to_str_const(error->code, error->family->codes, "unreachable")
               : "time exceeded on the way";
}

/*
 * "10.73.1.20 refused RTP at its port 49604: port unreachable (ICMP type 3, code 3)", or "10.73.1.1
 * refused RTP on its way to 10.73.1.20 port 49604: ..."
 */
static const char *
error_text(const error_t *error, const char *what)
{
    char *sender = address_to_str(NULL, &error->sender);
    char *to = address_to_str(NULL, &error->to);
    bool is_by_receiver = addresses_equal(&error->sender, &error->to);
    char *text = wmem_strdup_printf(
        wmem_file_scope(), "%s refused %s %s%s port %u: %s (%s type %u, code %u)", sender, what,
        is_by_receiver ? "at its" : "on its way to ", is_by_receiver ? "" : to, error->to_port,
        error_words(error), error->family->icmp_name, error->type, error->code);

    wmem_free(NULL, sender);
    wmem_free(NULL, to);
    return text;
}

static void
count_undelivered(session_t *session, side_t to, const packet_info *pinfo)
{
    undelivered_t *undelivered = session->undelivered[to];

    if (!undelivered) {
        undelivered = wmem_new0(wmem_file_scope(), undelivered_t);
        undelivered->first = pinfo->abs_ts;
        session->undelivered[to] = undelivered;
    }
    undelivered->packets++;
    undelivered->last = pinfo->abs_ts;
}

/* Where one end has closed its sockets the other's last packets come back: that is no fault. */
static void
note_media_error(packet_info *pinfo, const error_t *error)
{
    const announcement_t *there =
        places_announced(places_of_media, &error->to, error->to_port, pinfo->num);
    session_t *session = there ? there->session : NULL;
    const char *seen = NULL;

    if (!session || call_is_over(session) || session->h245.is_ended)
        return;
    if (!there->is_rtcp)
        count_undelivered(session, there->side, pinfo);
    if (!evidence_find(&session->evidence, FINDING_MEDIA_UNREACHABLE, there->side))
        seen = error_text(error, there->is_rtcp ? "RTCP" : "RTP");
    evidence_keep(
        pinfo, session,
        evidence_add(&session->evidence, FINDING_MEDIA_UNREACHABLE, there->side, pinfo->num, seen));
}

/* An error that comes later is none of the connection's opening. */
static bool
is_opening(packet_info *pinfo, const error_t *error)
{
    conversation_t *conversation =
        find_conversation(pinfo->num, &error->from, &error->to, CONVERSATION_TCP, error->from_port,
                          error->to_port, 0);

    return !conversation || attempts_is_opening(conversation, error->to_port, pinfo);
}

/* h245: the address is that; NULL: it is a control port. */
static void
fail(const announcement_t *h245, transport_t transport, packet_info *pinfo, const error_t *error)
{
    const asking_t asking = {transport, error->from, error->to, error->to_port};
    const char *what = transport == OVER_TCP ? "the connection" : "a datagram";

    attempts_fail(h245 ? h245->session : NULL, h245 ? h245->side : SIDE_CALLEE, &asking, pinfo,
                  error_text(error, h245 ? "the H.245 connection" : what));
}

static void
note_connection_error(packet_info *pinfo, const error_t *error)
{
    bool to_control_port = ports_is_ours(OVER_TCP, error->to_port);
    const announcement_t *h245 = places_are_linked() ? places_announced(places_of_h245, &error->to,
                                                                        error->to_port, pinfo->num)
                                                     : NULL;

    if ((!to_control_port && !h245) || !is_opening(pinfo, error))
        return;
    fail(to_control_port ? NULL : h245, OVER_TCP, pinfo, error);
}

/* A client's port may be one of ours: what is sent back to it is an answer that came too late. */
static bool
is_to_control_port(const error_t *error)
{
    return ports_is_ours(OVER_UDP, error->to_port) && !ports_is_service(OVER_UDP, error->from_port);
}

void
unreachable_watch(tvbuff_t *tvb, packet_info *pinfo, uint8_t protocol, const address *sender)
{
    error_t error;

    if (!read_error(tvb, protocol, sender, &error))
        return;
    if (error.protocol == IP_PROTO_TCP)
        note_connection_error(pinfo, &error);
    else if (error.protocol == IP_PROTO_UDP && is_to_control_port(&error))
        fail(NULL, OVER_UDP, pinfo, &error);
    else if (error.protocol == IP_PROTO_UDP && places_are_linked())
        note_media_error(pinfo, &error);
}
