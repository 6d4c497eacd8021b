/* signatures.c
 *
 * The signatures are the first octets that each protocol's own specification
 * prescribes; docs/FOREIGN.md names these. Nothing here knows of Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/signatures.h"

#include <string.h>

#include <glib.h>

#define LENGTH_ALONE_MIN 8
#define LENGTH_ALONE_MAX 65535
#define TPKT_HEADER 4
#define DNS_HEADER 12
#define DNS_NAME_MAX 255
#define DNS_LABEL_MAX 63
#define DTLS_RECORD_HEADER 13
#define PE_HEADER_POINTER 0x3c

/* A payload so short may be the beginning of something: it waits for more. */
#define WAIT_BELOW 16

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static uint32_t
be16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static uint32_t
be32(const uint8_t *bytes)
{
    return be16(bytes) << 16 | be16(bytes + 2);
}

static uint32_t
le32(const uint8_t *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

static bool
is_text_octet(uint8_t octet)
{
    return g_ascii_isprint(octet) || (octet >= '\b' && octet <= '\r') || octet == '\033';
}

/* How far the payload goes along with these octets at an offset. */
static match_t
matches_at(const payload_t *payload, unsigned offset, const void *octets, size_t count)
{
    size_t there;

    if (payload->length <= offset)
        return MATCH_MAYBE;
    there = MIN(payload->length - offset, count);
    if (memcmp(payload->bytes + offset, octets, there) != 0)
        return MATCH_NO;
    return there == count ? MATCH_YES : MATCH_MAYBE;
}

static match_t
begins_with(const payload_t *payload, const char *text)
{
    return matches_at(payload, 0, text, strlen(text));
}

static match_t
begins_with_one_of(const payload_t *payload, const char *const *beginnings)
{
    match_t best = MATCH_NO;

    for (; *beginnings && best != MATCH_YES; beginnings++)
        best = MAX(best, begins_with(payload, *beginnings));
    return best;
}

/* True if the text stands somewhere in the payload's first line. */
static bool
line_has(const payload_t *payload, const char *text)
{
    const void *end = memchr(payload->bytes, '\n', payload->length);
    size_t length = end ? (size_t)((const uint8_t *)end - payload->bytes) : payload->length;

    return g_strstr_len((const char *)payload->bytes, (gssize)length, text) != NULL;
}

static bool
has(const payload_t *payload, const char *text)
{
    return g_strstr_len((const char *)payload->bytes, (gssize)payload->length, text) != NULL;
}

static match_t
yes_if(bool is)
{
    return is ? MATCH_YES : MATCH_NO;
}

/* A line that begins with one of these and has that in it. */
static match_t
line_of(const payload_t *payload, const char *const *beginnings, const char *text)
{
    match_t match = begins_with_one_of(payload, beginnings);

    if (match != MATCH_YES || line_has(payload, text))
        return match;
    return memchr(payload->bytes, '\n', payload->length) ? MATCH_NO : MATCH_MAYBE;
}

/* TLS records (RFC 8446 5.1), and the SSL 2.0 hello that offers SSL 3.0 or TLS (RFC 5246 E.2). */
static match_t
is_tls(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (payload->length >= 5 && (b[0] & 0x80) && b[2] == 1 && b[3] == 3 && b[4] <= 4)
        return yes_if(payload->reported == (be16(b) & 0x7fff) + 2);
    if (b[0] < 0x14 || b[0] > 0x17 || (payload->length > 1 && b[1] != 3) ||
        (payload->length > 2 && b[2] > 4))
        return MATCH_NO;
    if (payload->length < 5)
        return MATCH_MAYBE;
    if (be16(b + 3) == 0 || be16(b + 3) > 0x4800 || (b[0] == 0x14 && be16(b + 3) != 1))
        return MATCH_NO;
    return MATCH_YES;
}

static match_t
is_http(const payload_t *payload)
{
    static const char *const methods[] = {"GET ",   "POST ",  "HEAD ",      "PUT ",      "DELETE ",
                                          "TRACE ", "PATCH ", "OPTIONS ",   "PROPFIND ", "CONNECT ",
                                          "MKCOL ", "COPY ",  "SUBSCRIBE ", "NOTIFY ",   NULL};
    match_t match = begins_with_one_of(payload, LIST("HTTP/1.", "HTTP/0."));
    const uint8_t *target;

    if (match == MATCH_YES)
        return match;
    match = MAX(match, begins_with_one_of(payload, methods));
    if (match != MATCH_YES)
        return match;
    if (line_has(payload, " HTTP/1."))
        return MATCH_YES;
    target = memchr(payload->bytes, ' ', payload->length);
    if (target + 1 == payload->bytes + payload->length)
        return MATCH_MAYBE;
    return yes_if(target[1] == '/');
}

static match_t
is_sip(const payload_t *payload)
{
    static const char *const methods[] = {
        "INVITE ",  "REGISTER ",  "OPTIONS ", "ACK ",     "BYE ",   "CANCEL ", "NOTIFY ", "INFO ",
        "MESSAGE ", "SUBSCRIBE ", "UPDATE ",  "PUBLISH ", "REFER ", "PRACK ",  NULL};
    match_t match = begins_with(payload, "SIP/2.0 ");

    if (match == MATCH_YES)
        return match;
    return MAX(match, line_of(payload, methods, " SIP/2.0"));
}

static match_t
is_rtsp(const payload_t *payload)
{
    static const char *const methods[] = {"OPTIONS ",  "DESCRIBE ", "SETUP ", "PLAY ",
                                          "ANNOUNCE ", "TEARDOWN ", "PAUSE ", NULL};
    match_t match = begins_with(payload, "RTSP/1.0 ");

    if (match == MATCH_YES)
        return match;
    return MAX(match, line_of(payload, methods, " RTSP/1.0"));
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
static match_t
is_socks(const payload_t *payload)
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
    return yes_if(be16(b + 2) != 0 && b[payload->length - 1] == 0);
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
static match_t
is_smb(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (matches_at(payload, 0, "\x81\0\0\x44\x20", 5) == MATCH_YES)
        return MATCH_YES;
    if (is_length_alone(payload, be32))
        return MATCH_MAYBE;
    if (payload->length < 8 || b[0] != 0 || b[4] < 0xfc)
        return MATCH_NO;
    return matches_at(payload, 5, "SMB", 3);
}

/* An X.224 TPDU (ITU-T X.224 13) in a TPKT; the length of a connect or data TPDU must fit. */
static bool
is_x224(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (payload->length < 7 || b[0] != 3 || b[1] != 0 || be16(b + 2) < 7 || b[4] > be16(b + 2) - 5)
        return false;
    switch (b[5] & 0xf0) {
    case 0xe0: /* connect request */
    case 0xd0: /* connect confirm */
        return b[4] >= 6 && b[4] == be16(b + 2) - 5;
    case 0x80: /* disconnect request */
        return b[4] >= 6;
    case 0xf0: /* data */
        return b[5] == 0xf0 && b[4] == 2;
    default:
        return false;
    }
}

/* [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2: a cookie, or a negotiation request, response or failure. */
static match_t
is_rdp(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned offset = TPKT_HEADER + 7;

    if (!is_x224(payload) || payload->length < offset + 4)
        return MATCH_NO;
    if (matches_at(payload, offset, "Cookie: msts", 12) != MATCH_NO)
        return MATCH_YES;
    return yes_if(((b[5] & 0xf0) == 0xe0 || (b[5] & 0xf0) == 0xd0) && b[offset] >= 1 &&
                  b[offset] <= 3 && b[offset + 2] == 8 && b[offset + 3] == 0);
}

static match_t
is_t120(const payload_t *payload)
{
    return yes_if(is_x224(payload));
}

static match_t
is_smtp(const payload_t *payload)
{
    static const char *const commands[] = {"EHLO ", "HELO ", NULL};
    match_t match = begins_with_one_of(payload, commands);

    if (match == MATCH_YES)
        return match;
    return MAX(match, line_of(payload, LIST("220 ", "220-"), "SMTP"));
}

static match_t
is_ftp(const payload_t *payload)
{
    return line_of(payload, LIST("220 ", "220-"), "FTP");
}

static match_t
is_irc(const payload_t *payload)
{
    static const char *const commands[] = {"NICK ", "CAP LS", "NOTICE AUTH", "NOTICE *", NULL};
    match_t match = begins_with_one_of(payload, commands);

    if (match == MATCH_YES)
        return match;
    match = MAX(match, line_of(payload, LIST("USER "), " :"));
    if (match == MATCH_YES)
        return match;
    if (begins_with(payload, ":") == MATCH_YES &&
        (line_has(payload, " NOTICE ") || line_has(payload, " 001 ")))
        return MATCH_YES;
    if (begins_with(payload, "PASS ") == MATCH_YES && has(payload, "\nNICK "))
        return MATCH_YES;
    return match;
}

/* Option negotiation: RFC 854, RFC 855. */
static match_t
is_telnet(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    if (b[0] != 0xff || (payload->length > 1 && (b[1] < 0xfa || b[1] == 0xff)))
        return MATCH_NO;
    if (payload->length < 3)
        return MATCH_MAYBE;
    /* Another command follows, or text: what follows a UTF-16 byte order mark is neither. */
    if (b[1] != 0xfa && payload->length > 3 && b[3] != 0xff && !is_text_octet(b[3]))
        return MATCH_NO;
    return yes_if(b[2] < 0x90);
}

/* The server's greeting: protocol version 9 or 10, and its version as text. */
static match_t
is_mysql(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    unsigned i = 5;

    if (is_length_alone(payload, le32))
        return MATCH_MAYBE;
    if (payload->length < 8 || (le32(b) & 0xffffff) + 4 != payload->reported || b[3] != 0 ||
        (b[4] != 9 && b[4] != 10) || !g_ascii_isdigit(b[5]))
        return MATCH_NO;
    while (i < payload->length && g_ascii_isprint(b[i]))
        i++;
    return yes_if(i == payload->length || b[i] == 0);
}

/* The client's first message: start-up 3.0, or a request for TLS, GSSAPI or a cancellation. */
static match_t
is_postgresql(const payload_t *payload)
{
    uint32_t code;

    if (is_length_alone(payload, be32))
        return MATCH_MAYBE;
    if (payload->length < 8 || be32(payload->bytes) != payload->reported)
        return MATCH_NO;
    code = be32(payload->bytes + 4);
    return yes_if(code == 0x00030000 || (code >= 80877102 && code <= 80877104));
}

/* CONNECT: MQTT 3.1 3.1, MQTT 3.1.1 and 5.0 3.1.2. */
static match_t
is_mqtt(const payload_t *payload)
{
    unsigned offset = 1;

    if (payload->bytes[0] != 0x10)
        return MATCH_NO;
    while (offset < 4 && offset < payload->length && payload->bytes[offset] & 0x80)
        offset++;
    offset++;
    return MAX(matches_at(payload, offset, "\0\4MQTT", 6),
               matches_at(payload, offset, "\0\6MQIsdp", 8));
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

/* A header (RFC 1035 4.1.1) whose counts are modest, and one well-formed question. */
static bool
is_dns_at(const payload_t *payload, unsigned start)
{
    const uint8_t *b = payload->bytes + start;
    unsigned length = payload->length - start;
    unsigned offset = DNS_HEADER;

    if (payload->length < start + DNS_HEADER + 5 || (b[2] & 0x78) > 0x28 || (b[3] & 0x40) ||
        (b[3] & 0x0f) > 10 || be16(b + 4) != 1)
        return false;
    if (!(b[2] & 0x80) && ((b[3] & 0x0f) || be16(b + 6) > 1))
        return false;
    if (be16(b + 6) > 100 || be16(b + 8) > 100 || be16(b + 10) > 100)
        return false;
    while (offset < length && b[offset] != 0) {
        if (b[offset] > DNS_LABEL_MAX || offset > DNS_HEADER + DNS_NAME_MAX)
            return false;
        for (unsigned i = offset + 1; i <= offset + b[offset]; i++) {
            if (i >= length || !g_ascii_isgraph(b[i]))
                return false;
        }
        offset += 1u + b[offset];
    }
    return offset + 5 <= length && is_dns_type(be16(b + offset + 1)) &&
           is_dns_class(be16(b + offset + 3));
}

static match_t
is_dns(const payload_t *payload)
{
    return yes_if(is_dns_at(payload, 0));
}

/* Over TCP a length goes before the message (RFC 1035 4.2.2). */
static match_t
is_dns_tcp(const payload_t *payload)
{
    /* The length is often sent in a segment of its own. */
    if (payload->length == 2 && payload->reported == 2 && be16(payload->bytes) > DNS_HEADER)
        return MATCH_MAYBE;
    return yes_if(payload->length > 2 && be16(payload->bytes) + 2 >= payload->reported &&
                  is_dns_at(payload, 2));
}

/* RFC 8489 5: two zero bits, the length in words, and the magic cookie. */
static match_t
is_stun(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    return yes_if(payload->length >= 20 && (b[0] & 0xc0) == 0 && (b[3] & 3) == 0 &&
                  be32(b + 4) == 0x2112a442 && be16(b + 2) + 20 <= payload->reported);
}

/* RFC 6347 4.1; versions 1.0 and 1.2 (1.3 writes 1.2). */
static match_t
is_dtls(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;

    return yes_if(payload->length >= DTLS_RECORD_HEADER && b[0] >= 0x14 && b[0] <= 0x19 &&
                  b[1] == 0xfe && (b[2] == 0xff || b[2] == 0xfd) && be16(b + 11) > 0 &&
                  be16(b + 11) + DTLS_RECORD_HEADER <= payload->reported);
}

/* A long header (RFC 9000 17.2) of a version that is in use. */
static match_t
is_quic(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    uint32_t version;

    if (payload->length < 7 || (b[0] & 0x80) == 0 || b[5] > 20 || payload->length < 7u + b[5] ||
        b[6 + b[5]] > 20)
        return MATCH_NO;
    version = be32(b + 1);
    if (version == 0)
        return yes_if(payload->reported == 7u + b[5] + b[6 + b[5]] + 4u ||
                      (payload->reported - 7u - b[5] - b[6 + b[5]]) % 4 == 0);
    return yes_if((b[0] & 0x40) && (version == 1 || version == 0x6b3343cf ||
                                    (version >= 0xff00001d && version <= 0xff000022)));
}

/* BEP 5: a bencoded dictionary that is a query, a response or an error. */
static match_t
is_bittorrent_dht(const payload_t *payload)
{
    return begins_with_one_of(payload, LIST("d1:ad2:id20:", "d1:rd2:id20:", "d1:el", "d2:ip6:"));
}

/* A DOS header as linkers write it, and where the capture has it, what it points to. */
static match_t
is_dos_executable(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    uint32_t offset;

    if (begins_with(payload, "MZ") == MATCH_NO)
        return MATCH_NO;
    if (payload->length < 16)
        return MATCH_MAYBE;
    if (payload->length >= PE_HEADER_POINTER + 4) {
        offset = le32(b + PE_HEADER_POINTER);
        if (offset < payload->length - 4)
            return matches_at(payload, offset, "PE\0\0", 4);
    }
    return yes_if(b[8] == 4 && b[9] == 0 && b[12] == 0xff && b[13] == 0xff);
}

static match_t
is_elf(const payload_t *payload)
{
    const uint8_t *b = payload->bytes;
    match_t match = begins_with(payload, "\177ELF");

    if (match != MATCH_YES || payload->length < 7)
        return match == MATCH_NO ? MATCH_NO : MATCH_MAYBE;
    return yes_if((b[4] == 1 || b[4] == 2) && (b[5] == 1 || b[5] == 2) && b[6] == 1);
}

static bool
is_all_text(const payload_t *payload)
{
    for (unsigned i = 0; i < payload->length; i++) {
        if (!is_text_octet(payload->bytes[i]))
            return false;
    }
    return true;
}

/* All of it ASCII; a few characters are enough where they end a line. */
static match_t
is_plain_text(const payload_t *payload)
{
    return yes_if(is_all_text(payload) &&
                  (payload->length >= 12 ||
                   (payload->length >= 3 && payload->bytes[payload->length - 1] == '\n')));
}

/* What shells write first: their prompt last, or a banner of Windows' or of a shell without a tty.
 */
static match_t
is_shell_prompt(const payload_t *payload)
{
    const char *text = (const char *)payload->bytes;
    unsigned length = payload->length;

    if (has(payload, "Microsoft Windows [Version ") || has(payload, "Microsoft(R) Windows ") ||
        has(payload, ": no job control in this shell") || has(payload, "Windows PowerShell"))
        return MATCH_YES;
    if (length < 2 || length == SIGNATURE_LENGTH)
        return MATCH_NO;
    if (!is_all_text(payload))
        return MATCH_NO;
    if (text[length - 1] == '>' || (text[length - 1] == ' ' && text[length - 2] == '>'))
        return yes_if(has(payload, ":\\"));
    return yes_if(text[length - 1] == ' ' && strchr("$#%", text[length - 2]) && text[length - 2]);
}

/*
 * The table: the first row that fits is taken. To add a protocol, add a row, and
 * a line to docs/FOREIGN.md.
 */
static const foreign_t table[] = {
    {"TLS", OVER_TCP, UNMISTAKABLE, NULL, is_tls, "tls", NULL, 0},
    {"SSH", OVER_TCP, UNMISTAKABLE, LIST("SSH-1.", "SSH-2."), NULL, "ssh", NULL, 0},
    {"SIP", OVER_TCP, UNMISTAKABLE, NULL, is_sip, "sip.tcp", NULL, 0},
    {"SIP", OVER_UDP, UNMISTAKABLE, NULL, is_sip, "sip", NULL, 0},
    {"RTSP", OVER_TCP, UNMISTAKABLE, NULL, is_rtsp, "rtsp", NULL, 0},
    {"HTTP/2", OVER_TCP, UNMISTAKABLE, LIST("PRI * HTTP/2.0\r\n"), NULL, "http2", NULL, 0},
    {"HTTP", OVER_TCP, UNMISTAKABLE, NULL, is_http, "http-over-tcp", NULL, 0},
    {"SOCKS", OVER_TCP, OPENING, NULL, is_socks, NULL, "tcp.port", 1080},
    {"SMB", OVER_TCP, UNMISTAKABLE, NULL, is_smb, NULL, "tcp.port", 445},
    {"RDP", OVER_TCP, FIRM, NULL, is_rdp, NULL, "tcp.port", 3389},
    {"T.120", OVER_TCP, FIRM, NULL, is_t120, "tpkt", NULL, 0},
    {"SMTP", OVER_TCP, FIRM, NULL, is_smtp, "smtp", NULL, 0},
    {"IRC", OVER_TCP, FIRM, NULL, is_irc, NULL, "tcp.port", 6667},
    {"FTP", OVER_TCP, FIRM, NULL, is_ftp, "ftp", NULL, 0},
    {"FTP", OVER_TCP, FIRM, LIST("USER ", "AUTH TLS", "AUTH SSL"), NULL, "ftp", NULL, 0},
    {"POP3", OVER_TCP, FIRM, LIST("+OK "), NULL, "pop", NULL, 0},
    {"IMAP", OVER_TCP, FIRM, LIST("* OK "), NULL, "imap", NULL, 0},
    {"Telnet", OVER_TCP, FIRM, NULL, is_telnet, "telnet", NULL, 0},
    {"VNC", OVER_TCP, UNMISTAKABLE, LIST("RFB 003.", "RFB 004.", "RFB 005."), NULL, NULL,
     "tcp.port", 5900},
    {"MySQL", OVER_TCP, FIRM, NULL, is_mysql, "mysql", NULL, 0},
    {"PostgreSQL", OVER_TCP, FIRM, NULL, is_postgresql, "pgsql", NULL, 0},
    {"MQTT", OVER_TCP, FIRM, NULL, is_mqtt, "mqtt", NULL, 0},
    {"BitTorrent", OVER_TCP, UNMISTAKABLE,
     LIST("\x13"
          "BitTorrent protocol"),
     NULL, "bittorrent.tcp", NULL, 0},
    {"BitTorrent", OVER_UDP, FIRM, NULL, is_bittorrent_dht, "bt-dht", NULL, 0},
    {"STUN", OVER_TCP, UNMISTAKABLE, NULL, is_stun, "stun-tcp", NULL, 0},
    {"STUN", OVER_UDP, EACH, NULL, is_stun, "stun-udp", NULL, 0},
    {"DTLS", OVER_UDP, EACH, NULL, is_dtls, "dtls", NULL, 0},
    {"QUIC", OVER_UDP, UNMISTAKABLE, NULL, is_quic, "quic", NULL, 0},
    {"DNS", OVER_TCP, OPENING, NULL, is_dns_tcp, "dns", NULL, 0},
    {"DNS", OVER_UDP, FIRM, NULL, is_dns, "dns", NULL, 0},
    {"Windows executable", OVER_TCP, OPENING, NULL, is_dos_executable, NULL, NULL, 0},
    {"ELF executable", OVER_TCP, OPENING, NULL, is_elf, NULL, NULL, 0},
    {"shell prompt", OVER_TCP, PROVISIONAL, NULL, is_shell_prompt, NULL, NULL, 0},
    {"plain text", OVER_TCP | OVER_UDP, PROVISIONAL, NULL, is_plain_text, NULL, NULL, 0},
};

const foreign_t *
signatures(unsigned *count)
{
    *count = G_N_ELEMENTS(table);
    return table;
}

static match_t
match_row(const foreign_t *row, const payload_t *payload)
{
    return row->beginnings ? begins_with_one_of(payload, row->beginnings) : row->recognise(payload);
}

static bool
is_asked(const foreign_t *row, transport_t transport, strength_t weakest)
{
    return (row->over & transport) && row->strength <= weakest;
}

match_t
signature_match(const payload_t *payload, transport_t transport, strength_t weakest,
                const foreign_t **foreign)
{
    match_t best = MATCH_NO;

    if (payload->length == 0)
        return MATCH_NO;
    for (const foreign_t *row = table; row < table + G_N_ELEMENTS(table); row++) {
        match_t match = is_asked(row, transport, weakest) ? match_row(row, payload) : MATCH_NO;

        if (match == MATCH_YES) {
            *foreign = row;
            return match;
        }
        best = MAX(best, match);
    }
    if (weakest < PROVISIONAL || payload->captured != payload->reported ||
        payload->length >= WAIT_BELOW)
        return MATCH_NO;
    return best;
}
