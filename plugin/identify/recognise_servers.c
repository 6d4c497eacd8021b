/* recognise_servers.c
 *
 * Of servers that are found on any port: what their specifications prescribe of the first
 * octets; docs/FOREIGN.md names these.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/recognise.h"

#include "identify/octets.h"

#include <string.h>

#include <glib.h>

#define BER_SEQUENCE 0x30
#define BER_INTEGER 0x02
#define BER_OCTETS 0x04
#define NTP_LENGTH 48
#define NTP_LONGEST 1024
#define UTP_LENGTH 20
#define TRACKER_LENGTH 16
#define OPENVPN_RESET_LENGTH 14
#define WIREGUARD_INITIATION 148
#define MEMCACHED_HEADER 24
#define GIT_LENGTH_DIGITS 4
#define IPERF3_COOKIE 36

/* The length of a BER value in short or long form, where its octets are; its own width. */
static bool
ber_length(const payload_t *payload, unsigned at, unsigned *width, unsigned *length)
{
    const uint8_t *b = payload->bytes;

    if (at >= payload->length)
        return false;
    *width = b[at] < 0x80 ? 1 : 1 + (b[at] & 0x7f);
    if (*width > 5 || at + *width > payload->length)
        return false;
    *length = b[at];
    if (*width > 1)
        *length = 0;
    for (unsigned i = 1; i < *width; i++)
        *length = *length << 8 | b[at + i];
    return true;
}

/* A SEQUENCE that begins with an INTEGER: where what follows that begins; 0: it is none. */
static unsigned
behind_first_integer(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned width;
    unsigned length;
    unsigned at;

    if (payload->length < 7 || b[0] != BER_SEQUENCE || !ber_length(payload, 1, &width, &length) ||
        length < 4)
        return 0;
    at = 1 + width;
    if (at + 2 >= payload->length || b[at] != BER_INTEGER || b[at + 1] == 0 || b[at + 1] > 4)
        return 0;
    at += 2u + b[at + 1];
    return at < payload->length ? at : 0;
}

/* LDAPMessage: a message number, and an operation (RFC 4511, 4.1.1). */
match_t
recognise_ldap(const payload_t *payload)
{
    static const uint8_t operations[] = {0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x66,
                                         0x67, 0x68, 0x69, 0x4a, 0x6b, 0x6c, 0x6d,
                                         0x6e, 0x6f, 0x50, 0x73, 0x77, 0x78};
    unsigned at = behind_first_integer(payload);

    return octets_match_if(at && memchr(operations, payload->bytes[at], sizeof operations));
}

/* A version and a community (RFC 3416, RFC 1157), or the header of version 3 (RFC 3412, 6). */
match_t
recognise_snmp(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned at = behind_first_integer(payload);
    unsigned width;
    unsigned length;

    if (!at || !ber_length(payload, 1, &width, &length) ||
        1 + width + length != payload->reported || b[1 + width + 1] != 1)
        return MATCH_NO;
    switch (b[1 + width + 2]) {
    case 0:
    case 1:
        return octets_match_if(b[at] == BER_OCTETS);
    case 3:
        return octets_match_if(b[at] == BER_SEQUENCE);
    default:
        return MATCH_NO;
    }
}

/* Version, mode, stratum, poll and precision as they can be (RFC 5905, 7.3). */
match_t
recognise_ntp(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned version = b[0] >> 3 & 7;
    unsigned mode = b[0] & 7;

    if (payload->length < NTP_LENGTH || payload->reported > NTP_LONGEST ||
        payload->reported % 4 != 0)
        return MATCH_NO;
    return octets_match_if(
        version >= 3 && version <= 4 && mode >= 1 && mode <= 5 && b[1] <= 16 && b[2] <= 17 &&
        (b[3] == 0 || (b[3] >= 0xe0 && b[3] <= 0xfe) || (mode == 3 && b[3] == 0x20)));
}

/* A request: its file name and mode, each with a NUL at its end (RFC 1350, 5). */
match_t
recognise_tftp(const payload_t *payload)
{
    const char *text = (const char *)payload->bytes;
    const char *name = text + 2;
    const char *end = text + payload->length;
    const char *mode;

    if (payload->length < 9 || payload->bytes[0] != 0 ||
        (payload->bytes[1] != 1 && payload->bytes[1] != 2))
        return MATCH_NO;
    mode = memchr(name, 0, (size_t)(end - name));
    if (!mode || mode == name || !octets_is_text((uint8_t)*name) ||
        !memchr(mode + 1, 0, (size_t)(end - mode - 1)))
        return MATCH_NO;
    mode++;
    return octets_match_if(g_ascii_strcasecmp(mode, "octet") == 0 ||
                           g_ascii_strcasecmp(mode, "netascii") == 0);
}

/* ST_SYN of version 1: no time difference, nothing acknowledged (BEP 29). */
match_t
recognise_utp(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned at = UTP_LENGTH;

    if (payload->length < UTP_LENGTH || b[0] != 0x41 || octets_be32(b + 8) != 0 ||
        octets_be32(b + 12) == 0 || octets_be16(b + 18) != 0)
        return MATCH_NO;
    for (uint8_t extension = b[1]; extension != 0; at += 2u + payload->bytes[at + 1]) {
        if (extension > 2 || at + 2 > payload->length)
            return MATCH_NO;
        extension = b[at];
    }
    return octets_match_if(at == payload->reported);
}

/* A connect request, with its magic number (BEP 15). */
match_t
recognise_bittorrent_tracker(const payload_t *payload)
{
    static const uint8_t connect[] = {0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0};

    if (payload->reported != TRACKER_LENGTH)
        return MATCH_NO;
    return octets_matches_at(payload, 0, connect, sizeof connect);
}

/* P_CONTROL_HARD_RESET_CLIENT_V2 without tls-auth: a session, no acknowledgement, packet 0. */
match_t
recognise_openvpn(const payload_t *payload)
{
    static const uint8_t nothing[5];
    const uint8_t *b = payload->bytes;

    return octets_match_if(payload->length == OPENVPN_RESET_LENGTH &&
                           payload->reported == OPENVPN_RESET_LENGTH && b[0] == 0x38 &&
                           memcmp(b + 9, nothing, sizeof nothing) == 0);
}

/* The same behind its length. */
match_t
recognise_openvpn_tcp(const payload_t *payload)
{
    payload_t inner = *payload;

    if (payload->length != OPENVPN_RESET_LENGTH + 2 ||
        octets_be16(payload->bytes) != OPENVPN_RESET_LENGTH)
        return MATCH_NO;
    inner.bytes += 2;
    inner.length -= 2;
    inner.captured -= 2;
    inner.reported -= 2;
    return recognise_openvpn(&inner);
}

/* The first message of a handshake: its type and its one length. */
match_t
recognise_wireguard(const payload_t *payload)
{
    static const uint8_t initiation[] = {1, 0, 0, 0};

    if (payload->reported != WIREGUARD_INITIATION)
        return MATCH_NO;
    return octets_matches_at(payload, 0, initiation, sizeof initiation);
}

/* A request: its lengths fit one another (memcached's BinaryProtocol, 2). */
match_t
recognise_memcached_binary(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (payload->length < MEMCACHED_HEADER || b[0] != 0x80 || b[1] > 0x40 || b[5] != 0)
        return MATCH_NO;
    return octets_match_if(octets_be32(b + 8) >= octets_be16(b + 2) + b[4] &&
                           octets_be32(b + 8) + MEMCACHED_HEADER <= payload->reported);
}

static bool
is_hexadecimal(const payload_t *payload, unsigned count)
{
    for (unsigned i = 0; i < MIN(count, payload->length); i++) {
        if (!g_ascii_isxdigit((char)payload->bytes[i]))
            return false;
    }
    return true;
}

/* A pkt-line with the service that is asked for (git's pack protocol). */
match_t
recognise_git(const payload_t *payload)
{
    if (!is_hexadecimal(payload, GIT_LENGTH_DIGITS))
        return MATCH_NO;
    if (payload->length <= GIT_LENGTH_DIGITS)
        return payload->bytes[0] == '0' ? MATCH_MAYBE : MATCH_NO;
    return octets_matches_at(payload, GIT_LENGTH_DIGITS, "git-", 4);
}

/* A cookie of 36 characters of base 32, and a NUL. */
match_t
recognise_iperf3(const payload_t *payload)
{
    if (payload->reported != IPERF3_COOKIE + 1 || payload->length != payload->reported ||
        payload->bytes[IPERF3_COOKIE] != 0)
        return MATCH_NO;
    for (unsigned i = 0; i < IPERF3_COOKIE; i++) {
        uint8_t octet = payload->bytes[i];

        if (!g_ascii_islower((char)octet) && (octet < '2' || octet > '7'))
            return MATCH_NO;
    }
    return MATCH_YES;
}

/* Digits from here on; where they end. */
static unsigned
behind_digits(const payload_t *payload, unsigned at)
{
    while (at < payload->length && g_ascii_isdigit((char)payload->bytes[at]))
        at++;
    return at;
}

/* An array of bulk strings, as clients send commands (the Redis serialization protocol). */
match_t
recognise_redis(const payload_t *payload)
{
    unsigned end = behind_digits(payload, 1);

    if (payload->bytes[0] != '*' || (end == 1 && payload->length > 1))
        return MATCH_NO;
    if (end >= payload->length)
        return MATCH_MAYBE;
    return octets_matches_at(payload, end, "\r\n$", 3);
}

/* A priority of at most 191 in angle brackets, and a version or the name of a month (RFC 5424, RFC
 * 3164). */
match_t
recognise_syslog(const payload_t *payload)
{
    static const char *const beginnings[] = {"1 ",   "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                             "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
    const uint8_t *b = payload->bytes;
    unsigned end = behind_digits(payload, 1);
    unsigned priority = 0;

    if (b[0] != '<' || end < 2 || end > 4 || end >= payload->length || b[end] != '>')
        return MATCH_NO;
    for (unsigned i = 1; i < end; i++)
        priority = priority * 10 + (b[i] - '0');
    for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        size_t length = strlen(beginnings[i]);

        if (priority <= 191 &&
            octets_matches_at(payload, end + 1, beginnings[i], length) == MATCH_YES)
            return MATCH_YES;
    }
    return MATCH_NO;
}

/* A command of one line that stores or gets (memcached's protocol.txt). */
match_t
recognise_memcached(const payload_t *payload)
{
    static const char *const stores[] = {"set ", "add ", "replace ", "append ", "prepend ", NULL};
    const uint8_t *end = memchr(payload->bytes, '\n', payload->length);
    unsigned blanks = 0;

    if (octets_begins_with_one_of(payload, stores) != MATCH_YES)
        return MATCH_NO;
    for (const uint8_t *octet = payload->bytes; end && octet < end; octet++)
        blanks += *octet == ' ';
    return octets_match_if(end && end[-1] == '\r' && (blanks == 4 || blanks == 5));
}
