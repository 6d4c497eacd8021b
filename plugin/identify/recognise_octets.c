/* recognise_octets.c
 *
 * What each protocol's own specification prescribes of its first octets; docs/FOREIGN.md
 * names these.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/recognise.h"

#include "identify/octets.h"

#include <string.h>

#include <glib.h>

#define LENGTH_ALONE_MIN 8
#define LENGTH_ALONE_MAX 65535
#define TPKT_HEADER 4
#define X224_DATA_HEADER 3
#define DNS_HEADER 12
#define DNS_NAME_MAX 255
#define DNS_LABEL_MAX 63
#define NETBIOS_NAME_LENGTH 32 /* encoded */
#define NETBIOS_TYPE_NAME 0x20
#define NETBIOS_TYPE_STATUS 0x21
#define DTLS_RECORD_HEADER 13
#define PE_HEADER_POINTER 0x3c

/* TLS records (RFC 8446 5.1), and the SSL 2.0 hello that offers SSL 3.0 or TLS (RFC 5246 E.2). */
match_t
recognise_tls(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (payload->length >= 5 && (b[0] & 0x80) && b[2] == 1 && b[3] == 3 && b[4] <= 4)
        return octets_match_if(payload->reported == (octets_be16(b) & 0x7fff) + 2);
    if (b[0] < 0x14 || b[0] > 0x17 || (payload->length > 1 && b[1] != 3) ||
        (payload->length > 2 && b[2] > 4))
        return MATCH_NO;
    if (payload->length < 5)
        return MATCH_MAYBE;
    if (octets_be16(b + 3) == 0 || octets_be16(b + 3) > 0x4800 ||
        (b[0] == 0x14 && octets_be16(b + 3) != 1))
        return MATCH_NO;
    return MATCH_YES;
}

/* A number of methods, and so many of them. */
static match_t
is_socks5(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (payload->length < 2)
        return MATCH_MAYBE;
    if (b[1] == 0 || payload->length > 2u + b[1])
        return MATCH_NO;
    for (unsigned i = 2; i < payload->length; i++) {
        if (b[i] > 0x09 && b[i] < 0x80)
            return MATCH_NO;
    }
    return payload->length == 2u + b[1] ? MATCH_YES : MATCH_MAYBE;
}

/* The client's greeting: RFC 1928 3, and the SOCKS 4 request with its user and host name. */
match_t
recognise_socks(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (b[0] == 5)
        return is_socks5(payload);
    if (b[0] != 4 || (payload->length > 1 && b[1] != 1 && b[1] != 2))
        return MATCH_NO;
    if (payload->length < 9)
        return MATCH_MAYBE;
    for (unsigned i = 8; i < payload->length; i++) {
        if (b[i] != 0 && !g_ascii_isprint(b[i]))
            return MATCH_NO;
    }
    return octets_match_if(octets_be16(b + 2) != 0 && b[payload->length - 1] == 0);
}

/*
 * The length that a message begins with is often sent in a segment of its own: so
 * much is to follow that a message may be, and no more than one usually is.
 */
static bool
is_length_alone(const payload_t *payload, uint32_t (*read_length)(const uint8_t *))
{
    uint32_t length;

    if (payload->length != 4 || payload->reported != 4)
        return false;
    length = read_length(payload->bytes);
    return length >= LENGTH_ALONE_MIN && length <= LENGTH_ALONE_MAX;
}

/* SMB in a NetBIOS session message (RFC 1002 4.3.1), or the request for such a session. */
match_t
recognise_smb(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (octets_matches_at(payload, 0, "\x81\0\0\x44\x20", 5) == MATCH_YES)
        return MATCH_YES;
    if (is_length_alone(payload, octets_be32))
        return MATCH_MAYBE;
    if (payload->length < 8 || b[0] != 0 || b[4] < 0xfc)
        return MATCH_NO;
    return octets_matches_at(payload, 5, "SMB", 3);
}

/* An X.224 TPDU (ITU-T X.224 13) in a TPKT; the length of a connect or data TPDU must fit. */
static bool
is_x224(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (payload->length < 7 || b[0] != 3 || b[1] != 0 || octets_be16(b + 2) < 7 ||
        b[4] > octets_be16(b + 2) - 5)
        return false;
    switch (b[5] & 0xf0) {
    case 0xe0: /* connect request */
    case 0xd0: /* connect confirm */
        return b[4] >= 6 && b[4] == octets_be16(b + 2) - 5;
    case 0x80: /* disconnect request */
        return b[4] >= 6;
    case 0xf0: /* data */
        return b[5] == 0xf0 && b[4] == 2;
    default:
        return false;
    }
}

/* [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2: a cookie, or a negotiation request, response or failure. */
match_t
recognise_rdp(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned offset = TPKT_HEADER + 7;

    if (!is_x224(payload) || payload->length < offset + 4)
        return MATCH_NO;
    if (octets_matches_at(payload, offset, "Cookie: msts", 12) != MATCH_NO)
        return MATCH_YES;
    return octets_match_if(((b[5] & 0xf0) == 0xe0 || (b[5] & 0xf0) == 0xd0) && b[offset] >= 1 &&
                           b[offset] <= 3 && b[offset + 2] == 8 && b[offset + 3] == 0);
}

match_t
recognise_any_x224(const payload_t *payload)
{
    return octets_match_if(is_x224(payload));
}

/* MCS Connect-Initial or Connect-Response (ITU-T T.125 section 7) in a data TPDU. */
match_t
recognise_t120(const payload_t *payload)
{
    const uint8_t *mcs = payload->bytes + TPKT_HEADER + X224_DATA_HEADER;

    return octets_match_if(is_x224(payload) &&
                           payload->length >= TPKT_HEADER + X224_DATA_HEADER + 2 &&
                           payload->bytes[TPKT_HEADER + 1] == 0xf0 && mcs[0] == 0x7f &&
                           (mcs[1] == 0x65 || mcs[1] == 0x66));
}

/* Option negotiation: RFC 854, RFC 855. */
match_t
recognise_telnet(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (b[0] != 0xff || (payload->length > 1 && (b[1] < 0xfa || b[1] == 0xff)))
        return MATCH_NO;
    if (payload->length < 3)
        return MATCH_MAYBE;
    /* Another command follows, or text: what follows a UTF-16 byte order mark is neither. */
    if (b[1] != 0xfa && payload->length > 3 && b[3] != 0xff && !octets_is_text(b[3]))
        return MATCH_NO;
    return octets_match_if(b[2] < 0x90);
}

/* The server's greeting: protocol version 9 or 10, and its version as text. */
match_t
recognise_mysql(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned i = 5;

    if (is_length_alone(payload, octets_le32))
        return MATCH_MAYBE;
    if (payload->length < 8 || (octets_le32(b) & 0xffffff) + 4 != payload->reported || b[3] != 0 ||
        (b[4] != 9 && b[4] != 10) || !g_ascii_isdigit(b[5]))
        return MATCH_NO;
    while (i < payload->length && g_ascii_isprint(b[i]))
        i++;
    return octets_match_if(i == payload->length || b[i] == 0);
}

/* The client's first message: start-up 3.0, or a request for TLS, GSSAPI or a cancellation. */
match_t
recognise_postgresql(const payload_t *payload)
{
    uint32_t code;

    if (is_length_alone(payload, octets_be32))
        return MATCH_MAYBE;
    if (payload->length < 8 || octets_be32(payload->bytes) != payload->reported)
        return MATCH_NO;
    code = octets_be32(payload->bytes + 4);
    return octets_match_if(code == 0x00030000 || (code >= 80877102 && code <= 80877104));
}

/* CONNECT: MQTT 3.1 3.1, MQTT 3.1.1 and 5.0 3.1.2. */
match_t
recognise_mqtt(const payload_t *payload)
{
    unsigned offset = 1;

    if (payload->bytes[0] != 0x10)
        return MATCH_NO;
    while (offset < 4 && offset < payload->length && payload->bytes[offset] & 0x80)
        offset++;
    offset++;
    return MAX(octets_matches_at(payload, offset, "\0\4MQTT", 6),
               octets_matches_at(payload, offset, "\0\6MQIsdp", 8));
}

static bool
is_dns_type(uint32_t type)
{
    return type != 0 && (type <= 264 || type == 32768 || type == 32769);
}

static bool
is_dns_class(uint32_t class)
{
    class &= 0x7fff; /* the top bit asks multicast DNS for a unicast answer */
    return class == 1 || class == 3 || class == 4 || class == 254 || class == 255;
}

/* RFC 1035 section 4.1.1: an opcode and a code of answers that there are, one question, and counts
 * that are modest; a query has none of what an answer has. */
static bool
is_dns_header(const uint8_t *b)
{
    const bool is_answer = b[2] & 0x80;
    const unsigned answers = octets_be16(b + 6);

    if ((b[2] & 0x78) > 0x28 || b[3] & 0x40 || (b[3] & 0x0f) > 10 || octets_be16(b + 4) != 1)
        return false;
    if (!is_answer && (b[3] & 0x0f || answers > 1))
        return false;
    return answers <= 100 && octets_be16(b + 8) <= 100 && octets_be16(b + 10) <= 100;
}

static bool
is_dns_label(const uint8_t *b, unsigned length)
{
    if (b[0] > DNS_LABEL_MAX || length <= b[0])
        return false;
    for (unsigned i = 1; i <= b[0]; i++) {
        if (!g_ascii_isgraph(b[i]))
            return false;
    }
    return true;
}

/* Where the zero is that ends the name of the question, which begins here; 0: it is no name. */
static unsigned
dns_name_end(const uint8_t *b, unsigned offset, unsigned length)
{
    while (offset < length && b[offset] != 0) {
        if (offset > DNS_HEADER + DNS_NAME_MAX || !is_dns_label(b + offset, length - offset))
            return 0;
        offset += 1u + b[offset];
    }
    return offset;
}

/* A header, and one well-formed question. */
static bool
is_dns_at(const payload_t *payload, unsigned start)
{
    const uint8_t *b = payload->bytes + start;
    unsigned length = payload->length - start;
    unsigned end;

    if (payload->length < start + DNS_HEADER + 5 || !is_dns_header(b))
        return false;
    end = dns_name_end(b, DNS_HEADER, length);
    return end && end + 5 <= length && is_dns_type(octets_be16(b + end + 1)) &&
           is_dns_class(octets_be16(b + end + 3));
}

match_t
recognise_dns(const payload_t *payload)
{
    return octets_match_if(is_dns_at(payload, 0));
}

/*
 * RFC 1002 4.2: the header of the DNS, and behind it a name of 32 letters, half an octet
 * each.
 */
match_t
recognise_netbios_names(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    const uint8_t *name = b + DNS_HEADER + 1;
    unsigned end = DNS_HEADER + 1 + NETBIOS_NAME_LENGTH;
    uint32_t type;

    if (payload->length < end + 5 || octets_be16(b + 4) + octets_be16(b + 6) == 0 ||
        octets_be16(b + 4) > 1 || octets_be16(b + 6) > 1 || b[DNS_HEADER] != NETBIOS_NAME_LENGTH ||
        b[end] != 0)
        return MATCH_NO;
    for (unsigned i = 0; i < NETBIOS_NAME_LENGTH; i++) {
        if (name[i] < 'A' || name[i] > 'P')
            return MATCH_NO;
    }
    type = octets_be16(b + end + 1);
    return octets_match_if((type == NETBIOS_TYPE_NAME || type == NETBIOS_TYPE_STATUS) &&
                           octets_be16(b + end + 3) == 1);
}

/* Over TCP a length goes before the message (RFC 1035 4.2.2). */
match_t
recognise_dns_tcp(const payload_t *payload)
{
    /* The length is often sent in a segment of its own. */
    if (payload->length == 2 && payload->reported == 2 && octets_be16(payload->bytes) > DNS_HEADER)
        return MATCH_MAYBE;
    return octets_match_if(payload->length > 2 &&
                           octets_be16(payload->bytes) + 2 >= payload->reported &&
                           is_dns_at(payload, 2));
}

/* RFC 8489 5: two zero bits, the length in words, and the magic cookie. */
match_t
recognise_stun(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    return octets_match_if(payload->length >= 20 && (b[0] & 0xc0) == 0 && (b[3] & 3) == 0 &&
                           octets_be32(b + 4) == 0x2112a442 &&
                           octets_be16(b + 2) + 20 <= payload->reported);
}

/* RFC 6347 4.1; versions 1.0 and 1.2 (1.3 writes 1.2). */
match_t
recognise_dtls(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    return octets_match_if(payload->length >= DTLS_RECORD_HEADER && b[0] >= 0x14 && b[0] <= 0x19 &&
                           b[1] == 0xfe && (b[2] == 0xff || b[2] == 0xfd) &&
                           octets_be16(b + 11) > 0 &&
                           octets_be16(b + 11) + DTLS_RECORD_HEADER <= payload->reported);
}

/* A long header (RFC 9000 17.2) of a version that is in use. */
match_t
recognise_quic(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    uint32_t identified;
    uint32_t version;

    if (payload->length < 7 || (b[0] & 0x80) == 0 || b[5] > 20 || payload->length < 7u + b[5] ||
        b[6 + b[5]] > 20)
        return MATCH_NO;
    version = octets_be32(b + 1);
    identified = 7u + b[5] + b[6 + b[5]];
    /* Negotiation: versions follow, one at least. */
    if (version == 0)
        return octets_match_if(payload->reported > identified &&
                               (payload->reported - identified) % 4 == 0);
    return octets_match_if((b[0] & 0x40) && (version == 1 || version == 0x6b3343cf ||
                                             (version >= 0xff00001d && version <= 0xff000022)));
}

/* BEP 5: a bencoded dictionary that is a query, a response or an error. */
match_t
recognise_bittorrent_dht(const payload_t *payload)
{
    return octets_begins_with_one_of(payload,
                                     LIST("d1:ad2:id20:", "d1:rd2:id20:", "d1:el", "d2:ip6:"));
}

/* A DOS header as linkers write it, and where the capture has it, what it points to. */
match_t
recognise_dos_executable(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    uint32_t offset;

    if (octets_begins_with(payload, "MZ") == MATCH_NO)
        return MATCH_NO;
    if (payload->length < 16)
        return MATCH_MAYBE;
    if (payload->length >= PE_HEADER_POINTER + 4) {
        offset = octets_le32(b + PE_HEADER_POINTER);
        if (offset < payload->length - 4)
            return octets_matches_at(payload, offset, "PE\0\0", 4);
    }
    return octets_match_if(b[8] == 4 && b[9] == 0 && b[12] == 0xff && b[13] == 0xff);
}

match_t
recognise_elf(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    match_t match = octets_begins_with(payload, "\177ELF");

    if (match != MATCH_YES || payload->length < 7)
        return match == MATCH_NO ? MATCH_NO : MATCH_MAYBE;
    return octets_match_if((b[4] == 1 || b[4] == 2) && (b[5] == 1 || b[5] == 2) && b[6] == 1);
}
