/* packet_fields.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/packet_fields.h"

#include "common/vocabulary.h"
#include "report/listing.h"
#include "report/put.h"

#include <stdio.h>

#include <epan/epan_dissect.h>
#include <epan/print.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/crc32-tvb.h>

#define BETWEEN '\x1e'
#define ALSO '\x1f'
#define MARK_OF_MEDIA '@'
#define UDP_HEADER 8
#define RTP_HEADER 12
#define PACKED 32
#define CHECKED 40 /* octets of what RTP carries: enough to tell packets of a stream apart */

/*
 * What is asked of each packet. Headers of IP and UDP are read at the places that Wireshark found:
 * an item of the tree for each of their fields would take a third of the time.
 */
enum { IP, IPV6, UDP, ICMP_TYPE, ICMPV6_TYPE, TCP_STREAM, SESSION, CHANNEL, OWN_FIELDS };

static const char *const own_names[OWN_FIELDS] = {
    "ip",         "ipv6",           "udp",           "icmp.type", "icmpv6.type",
    "tcp.stream", "msiccp.session", "msiccp.channel"};

/* Of a header of IP. */
typedef struct {
    address source;
    address destination;
    uint8_t ttl;
    uint8_t dscp;
    uint16_t id;
} ip_t;

typedef struct {
    int own[OWN_FIELDS];
    GArray *asked; /* int; -1: this release has no such field */
    GString *line;
} packet_fields_t;

static packet_fields_t the_fields; /* of the only one that tshark can have */

static int
field_named(const char *name)
{
    const header_field_info *field = proto_registrar_get_byname(name);

    return field ? field->id : -1;
}

/* All of a packet's, or NULL. */
static const GPtrArray *
all_of(const epan_dissect_t *edt, int field)
{
    const GPtrArray *found = field < 0 ? NULL : proto_get_finfo_ptr_array(edt->tree, field);

    return found && found->len ? found : NULL;
}

static field_info *
first_of(const epan_dissect_t *edt, int field)
{
    const GPtrArray *found = all_of(edt, field);

    return found ? g_ptr_array_index(found, 0) : NULL;
}

/* 0: there is none. */
static uint32_t
number_of(const epan_dissect_t *edt, int field)
{
    field_info *found = first_of(edt, field);

    return found ? fvalue_get_uinteger(FI_VALUE(found)) : 0;
}

static bool
has_own(const packet_fields_t *fields, const epan_dissect_t *edt, int own)
{
    return first_of(edt, fields->own[own]) != NULL;
}

/* The headers that are told: those of IPv4, or else those of IPv6; NULL: neither. */
static const GPtrArray *
ip_headers(const packet_fields_t *fields, const epan_dissect_t *edt, bool *is_v6)
{
    const GPtrArray *found = all_of(edt, fields->own[IP]);

    *is_v6 = !found;
    return found ? found : all_of(edt, fields->own[IPV6]);
}

static bool
has_bytes(const field_info *header, int bytes)
{
    return tvb_bytes_exist(header->ds_tvb, header->start, bytes);
}

static ip_t
read_ipv4(const field_info *header)
{
    tvbuff_t *tvb = header->ds_tvb;
    int at = header->start;
    ip_t ip = {.source.type = AT_NONE, .destination.type = AT_NONE};

    if (!has_bytes(header, 20))
        return ip;
    set_address_tvb(&ip.source, AT_IPv4, 4, tvb, at + 12);
    set_address_tvb(&ip.destination, AT_IPv4, 4, tvb, at + 16);
    ip.ttl = tvb_get_uint8(tvb, at + 8);
    ip.dscp = tvb_get_uint8(tvb, at + 1) >> 2;
    ip.id = tvb_get_ntohs(tvb, at + 4);
    return ip;
}

static ip_t
read_ipv6(const field_info *header)
{
    tvbuff_t *tvb = header->ds_tvb;
    int at = header->start;
    ip_t ip = {.source.type = AT_NONE, .destination.type = AT_NONE};

    if (!has_bytes(header, 40))
        return ip;
    set_address_tvb(&ip.source, AT_IPv6, 16, tvb, at + 8);
    set_address_tvb(&ip.destination, AT_IPv6, 16, tvb, at + 24);
    ip.ttl = tvb_get_uint8(tvb, at + 7);
    ip.dscp = (tvb_get_ntohs(tvb, at) >> 6) & 0x3f;
    return ip;
}

static ip_t
read_ip(const GPtrArray *headers, unsigned number, bool is_v6)
{
    const field_info *header = g_ptr_array_index(headers, number);

    return is_v6 ? read_ipv6(header) : read_ipv4(header);
}

/* printf() would be a third of what a line costs. */
static void
append_number(GString *line, uint64_t value)
{
    char digits[20];
    unsigned at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    g_string_append_len(line, digits + at, (gssize)(sizeof digits - at));
}

static void
append_value(GString *line, field_info *field, epan_dissect_t *edt)
{
    char *text = get_node_field_value(field, edt);

    g_string_append(line, text ? text : "");
    g_free(text);
}

static void
append_field(GString *line, epan_dissect_t *edt, int field)
{
    const GPtrArray *found = all_of(edt, field);

    g_string_append_c(line, BETWEEN);
    for (unsigned i = 0; found && i < found->len; i++) {
        if (i)
            g_string_append_c(line, ALSO);
        append_value(line, g_ptr_array_index(found, i), edt);
    }
}

/* As far as it was captured; of no length where there is none. */
typedef struct {
    tvbuff_t *tvb;
    int start;
    unsigned length;
} payload_t;

static payload_t
payload_of(const packet_fields_t *fields, const epan_dissect_t *edt)
{
    const field_info *header = first_of(edt, fields->own[UDP]);
    payload_t payload = {0};
    unsigned said;

    if (!header || !has_bytes(header, UDP_HEADER + 1))
        return payload;
    payload.tvb = header->ds_tvb;
    payload.start = header->start + UDP_HEADER;
    said = tvb_get_ntohs(payload.tvb, header->start + 4);
    payload.length = said < UDP_HEADER
                         ? 0
                         : MIN(said - UDP_HEADER,
                               (unsigned)tvb_captured_length_remaining(payload.tvb, payload.start));
    return payload;
}

/* UDP that is not quoted by an ICMP error, and that is no message of a call or report of its media.
 */
static bool
may_be_media(const packet_fields_t *fields, const epan_dissect_t *edt)
{
    field_info *channel = first_of(edt, fields->own[CHANNEL]);

    return has_own(fields, edt, UDP) && !has_own(fields, edt, TCP_STREAM) &&
           !has_own(fields, edt, ICMP_TYPE) && !has_own(fields, edt, ICMPV6_TYPE) &&
           (!channel || fvalue_get_uinteger(FI_VALUE(channel)) == CHANNEL_RTP);
}

/* Version 2, and no RTCP. */
static bool
is_media(const payload_t *payload, bool is_joined)
{
    uint8_t type;

    if (payload->length < RTP_HEADER || tvb_get_uint8(payload->tvb, payload->start) >> 6 != 2)
        return false;
    type = tvb_get_uint8(payload->tvb, payload->start + 1);
    return is_joined || type < 0xc0 || type > 0xdf;
}

static uint8_t *
put_number_at(uint8_t *at, uint64_t value, unsigned bytes)
{
    while (bytes--) {
        *at++ = (uint8_t)value;
        value >>= 8;
    }
    return at;
}

/* 0: it was not captured whole. */
static uint32_t
check_of(const payload_t *payload)
{
    if (tvb_captured_length(payload->tvb) < tvb_reported_length(payload->tvb))
        return 0;
    return crc32_ccitt_tvb_offset(payload->tvb, payload->start + RTP_HEADER,
                                  MIN(payload->length - RTP_HEADER, CHECKED));
}

static void
pack(const packet_info *pinfo, const ip_t *ip, const payload_t *payload, uint8_t packed[PACKED])
{
    tvbuff_t *tvb = payload->tvb;
    int start = payload->start;
    uint8_t *at = put_number_at(packed, (uint64_t)put_microseconds(&pinfo->abs_ts), 8);

    at = put_number_at(at, pinfo->num, 4);
    at = put_number_at(at, tvb_get_ntohl(tvb, start + 8), 4);
    at = put_number_at(at, tvb_get_ntohl(tvb, start + 4), 4);
    at = put_number_at(at, check_of(payload), 4);
    at = put_number_at(at, tvb_get_ntohs(tvb, start + 2), 2);
    at = put_number_at(at, ip->id, 2);
    at = put_number_at(at, ip->ttl, 1);
    at = put_number_at(at, ip->dscp, 1);
    at = put_number_at(at, tvb_get_uint8(tvb, start + 1) & 0x7f, 1);
    (void)put_number_at(at, 0, 1);
}

static void
append_digits(GString *line, const uint8_t *bytes, unsigned length)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = line->len;

    g_string_set_size(line, at + 2 * (size_t)length);
    for (unsigned i = 0; i < length; i++) {
        line->str[at++] = digits[bytes[i] >> 4];
        line->str[at++] = digits[bytes[i] & 0xf];
    }
}

static void
append_address(GString *line, const address *addr)
{
    const uint8_t *bytes = addr->data;
    char *text;

    if (addr->type == AT_IPv4) { /* as Wireshark writes it, which takes longer */
        for (unsigned i = 0; i < 4; i++) {
            if (i)
                g_string_append_c(line, '.');
            append_number(line, bytes[i]);
        }
    } else if (addr->type != AT_NONE) {
        text = address_to_str(NULL, addr);
        g_string_append(line, text);
        wmem_free(NULL, text);
    }
}

/* Where the packet goes from and to: the first header of UDP has the ports. */
static void
append_ends(GString *line, const ip_t *ip, const payload_t *payload)
{
    const address *ends[] = {&ip->source, &ip->destination};

    for (int i = 0; i < 2; i++) {
        g_string_append_c(line, BETWEEN);
        append_address(line, ends[i]);
        g_string_append_c(line, BETWEEN);
        append_number(line, tvb_get_ntohs(payload->tvb, payload->start - UDP_HEADER + 2 * i));
    }
}

static void
append_media(const packet_fields_t *fields, epan_dissect_t *edt, const packet_info *pinfo,
             const payload_t *payload)
{
    GString *line = fields->line;
    uint8_t packed[PACKED];
    bool is_v6;
    const GPtrArray *headers = ip_headers(fields, edt, &is_v6);
    ip_t ip = headers ? read_ip(headers, 0, is_v6) : (ip_t){0};

    pack(pinfo, &ip, payload, packed);
    g_string_append_c(line, MARK_OF_MEDIA);
    append_digits(line, packed, PACKED);
    append_ends(line, &ip, payload);
    g_string_append_c(line, BETWEEN);
    append_number(line, tvb_get_ntohl(payload->tvb, payload->start + 8));
    g_string_append_c(line, BETWEEN);
    if (has_own(fields, edt, CHANNEL))
        append_number(line, number_of(edt, fields->own[SESSION]));
}

/* Addresses from and to, of all headers; TTL, DSCP and identification of the first. */
static void
append_ip(GString *line, const GPtrArray *headers, bool is_v6)
{
    unsigned count = headers ? headers->len : 0;
    ip_t first = count ? read_ip(headers, 0, is_v6) : (ip_t){0};
    const unsigned numbers[] = {first.ttl, first.dscp, first.id};

    for (unsigned end = 0; end < 2; end++) {
        for (unsigned i = 0; i < count; i++) {
            ip_t ip = read_ip(headers, i, is_v6);

            g_string_append_c(line, i ? ALSO : BETWEEN);
            append_address(line, end ? &ip.destination : &ip.source);
        }
        if (!count)
            g_string_append_c(line, BETWEEN);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_string_append_c(line, BETWEEN);
        append_number(line, numbers[i]);
    }
}

/* Ports of the first header, and the payload where it is a message's; empty where it is no UDP. */
static void
append_udp(const packet_fields_t *fields, const epan_dissect_t *edt)
{
    const field_info *header = first_of(edt, fields->own[UDP]);
    payload_t payload = payload_of(fields, edt);
    GString *line = fields->line;

    for (int i = 0; i < 2; i++) {
        g_string_append_c(line, BETWEEN);
        if (header && has_bytes(header, 4))
            append_number(line, tvb_get_ntohs(header->ds_tvb, header->start + 2 * i));
    }
    g_string_append_c(line, BETWEEN);
    if (payload.length && has_own(fields, edt, CHANNEL))
        append_digits(line, tvb_get_ptr(payload.tvb, payload.start, (int)payload.length),
                      payload.length);
}

static void
append_packet(const packet_fields_t *fields, epan_dissect_t *edt, const packet_info *pinfo)
{
    bool is_v6;
    const GPtrArray *headers = ip_headers(fields, edt, &is_v6);

    g_string_append_printf(fields->line, "%" PRId64 "%c%u", put_microseconds(&pinfo->abs_ts),
                           BETWEEN, pinfo->num);
    if (may_be_media(fields, edt))
        return;
    append_ip(fields->line, headers, is_v6);
    append_udp(fields, edt);
    for (unsigned i = 0; i < fields->asked->len; i++)
        append_field(fields->line, edt, g_array_index(fields->asked, int, i));
}

static tap_packet_status
hear(void *data, packet_info *pinfo, epan_dissect_t *edt, const void *tap_data _U_,
     tap_flags_t flags _U_)
{
    const packet_fields_t *fields = data;
    payload_t payload = payload_of(fields, edt);

    g_string_truncate(fields->line, 0);
    if (may_be_media(fields, edt) && is_media(&payload, has_own(fields, edt, CHANNEL)))
        append_media(fields, edt, pinfo, &payload);
    else
        append_packet(fields, edt, pinfo);
    g_string_append_c(fields->line, '\n');
    (void)fwrite(fields->line->str, 1, fields->line->len, stdout);
    return TAP_PACKET_DONT_REDRAW;
}

/* A filter that every packet passes, and for which tshark has to find these fields. */
static char *
filter_for(char *const *names)
{
    GString *filter = g_string_new("frame");

    for (unsigned i = 0; i < OWN_FIELDS; i++)
        g_string_append_printf(filter, " || %s", own_names[i]);
    for (; *names; names++) {
        if (field_named(*names) >= 0)
            g_string_append_printf(filter, " || %s", *names);
    }
    return g_string_free(filter, FALSE);
}

static bool
begin(const char *names, char **error)
{
    packet_fields_t *fields = &the_fields;
    char **asked = g_strsplit(names ? names : "", ",", -1);
    char *filter = filter_for(asked);
    GString *text;

    for (unsigned i = 0; i < OWN_FIELDS; i++)
        fields->own[i] = field_named(own_names[i]);
    fields->line = g_string_new(NULL);
    fields->asked = g_array_new(FALSE, FALSE, sizeof(int));
    for (unsigned i = 0; asked[i]; i++) {
        int field = field_named(asked[i]);

        g_array_append_val(fields->asked, field);
    }
    text =
        register_tap_listener("frame", fields, filter, TL_REQUIRES_NOTHING, NULL, hear, NULL, NULL);
    g_strfreev(asked);
    g_free(filter);
    if (text)
        *error = g_string_free(text, FALSE);
    return !text;
}

void
packet_fields_register(void)
{
    static listing_t listing = {.name = "msiccp,packet_fields", .begin = begin};

    listing_register(&listing);
}
