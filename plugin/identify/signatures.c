/* signatures.c
 * Nothing here, nor in the recognisers, knows of Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/signatures.h"

#include "identify/octets.h"
#include "identify/recognise.h"

#include <glib.h>

/* A payload so short may be the beginning of something: it waits for more. */
#define WAIT_BELOW 16

/*
 * The table: the first row that fits is taken. To add a protocol, add a row, and
 * a line to docs/FOREIGN.md.
 */
static const foreign_t table[] = {
    {"TLS", OVER_TCP, UNMISTAKABLE, NULL, recognise_tls, "tls", NULL, 0},
    {"SSH", OVER_TCP, UNMISTAKABLE, LIST("SSH-1.", "SSH-2."), NULL, "ssh", NULL, 0},
    {"SIP", OVER_TCP, UNMISTAKABLE, NULL, recognise_sip, "sip.tcp", NULL, 0},
    {"SIP", OVER_UDP, UNMISTAKABLE, NULL, recognise_sip, "sip", NULL, 0},
    {"RTSP", OVER_TCP, UNMISTAKABLE, NULL, recognise_rtsp, "rtsp", NULL, 0},
    {"HTTP/2", OVER_TCP, UNMISTAKABLE, LIST("PRI * HTTP/2.0\r\n"), NULL, "http2", NULL, 0},
    {"HTTP", OVER_TCP, UNMISTAKABLE, NULL, recognise_http, "http-over-tcp", NULL, 0},
    {"SOCKS", OVER_TCP, OPENING, NULL, recognise_socks, NULL, "tcp.port", 1080},
    {"SMB", OVER_TCP, UNMISTAKABLE, NULL, recognise_smb, NULL, "tcp.port", 445},
    {"RDP", OVER_TCP, FIRM, NULL, recognise_rdp, "tpkt", NULL, 0},
    {"T.120", OVER_TCP, FIRM, NULL, recognise_t120, "tpkt", NULL, 0},
    {"X.224", OVER_TCP, PROVISIONAL, NULL, recognise_any_x224, "tpkt", NULL, 0},
    {"SMTP", OVER_TCP, FIRM, NULL, recognise_smtp, "smtp", NULL, 0},
    {"IRC", OVER_TCP, FIRM, NULL, recognise_irc, NULL, "tcp.port", 6667},
    {"FTP", OVER_TCP, FIRM, NULL, recognise_ftp, "ftp", NULL, 0},
    {"FTP", OVER_TCP, FIRM, LIST("USER ", "AUTH TLS", "AUTH SSL"), NULL, "ftp", NULL, 0},
    {"POP3", OVER_TCP, FIRM, LIST("+OK "), NULL, "pop", NULL, 0},
    {"IMAP", OVER_TCP, FIRM, LIST("* OK "), NULL, "imap", NULL, 0},
    {"Telnet", OVER_TCP, FIRM, NULL, recognise_telnet, "telnet", NULL, 0},
    {"VNC", OVER_TCP, UNMISTAKABLE, LIST("RFB 003.", "RFB 004.", "RFB 005."), NULL, NULL,
     "tcp.port", 5900},
    {"MySQL", OVER_TCP, FIRM, NULL, recognise_mysql, "mysql", NULL, 0},
    {"PostgreSQL", OVER_TCP, FIRM, NULL, recognise_postgresql, "pgsql", NULL, 0},
    {"MQTT", OVER_TCP, FIRM, NULL, recognise_mqtt, "mqtt", NULL, 0},
    {"BitTorrent", OVER_TCP, UNMISTAKABLE,
     LIST("\x13"
          "BitTorrent protocol"),
     NULL, "bittorrent.tcp", NULL, 0},
    {"BitTorrent", OVER_UDP, FIRM, NULL, recognise_bittorrent_dht, "bt-dht", NULL, 0},
    {"STUN", OVER_TCP, UNMISTAKABLE, NULL, recognise_stun, "stun-tcp", NULL, 0},
    {"STUN", OVER_UDP, EACH, NULL, recognise_stun, "stun-udp", NULL, 0},
    {"DTLS", OVER_UDP, EACH, NULL, recognise_dtls, "dtls", NULL, 0},
    {"QUIC", OVER_UDP, UNMISTAKABLE, NULL, recognise_quic, "quic", NULL, 0},
    {"DNS", OVER_TCP, OPENING, NULL, recognise_dns_tcp, "dns", NULL, 0},
    {"NetBIOS names", OVER_UDP, FIRM, NULL, recognise_netbios_names, NULL, "udp.port", 137},
    {"DNS", OVER_UDP, FIRM, NULL, recognise_dns, "dns", NULL, 0},
    {"LDAP", OVER_TCP, FIRM, NULL, recognise_ldap, "ldap", NULL, 0},
    {"rsync", OVER_TCP, UNMISTAKABLE, LIST("@RSYNCD: "), NULL, NULL, "tcp.port", 873},
    {"git", OVER_TCP, UNMISTAKABLE, NULL, recognise_git, "git", NULL, 0},
    {"Redis", OVER_TCP, FIRM, NULL, recognise_redis, NULL, "tcp.port", 6379},
    {"memcached", OVER_TCP, FIRM, NULL, recognise_memcached, "memcache.tcp", NULL, 0},
    {"memcached", OVER_TCP, FIRM, NULL, recognise_memcached_binary, "memcache.tcp", NULL, 0},
    {"iperf3", OVER_TCP, OPENING, NULL, recognise_iperf3, NULL, NULL, 0},
    {"OpenVPN", OVER_TCP, OPENING, NULL, recognise_openvpn_tcp, "openvpn.tcp", NULL, 0},
    {"OpenVPN", OVER_UDP, OPENING, NULL, recognise_openvpn, "openvpn.udp", NULL, 0},
    {"WireGuard", OVER_UDP, FIRM, NULL, recognise_wireguard, "wg", NULL, 0},
    {"SNMP", OVER_UDP, FIRM, NULL, recognise_snmp, "snmp", NULL, 0},
    {"TFTP", OVER_UDP, OPENING, NULL, recognise_tftp, "tftp", NULL, 0},
    {"BitTorrent", OVER_UDP, OPENING, NULL, recognise_utp, "bt-utp", NULL, 0},
    {"BitTorrent", OVER_UDP, UNMISTAKABLE, NULL, recognise_bittorrent_tracker, "bt-tracker", NULL,
     0},
    {"NTP", OVER_UDP, OPENING, NULL, recognise_ntp, NULL, "udp.port", 123},
    {"syslog", OVER_TCP | OVER_UDP, FIRM, NULL, recognise_syslog, "syslog", NULL, 0},
    {"Windows executable", OVER_TCP, OPENING, NULL, recognise_dos_executable, NULL, NULL, 0},
    {"ELF executable", OVER_TCP, OPENING, NULL, recognise_elf, NULL, NULL, 0},
    {"shell prompt", OVER_TCP, PROVISIONAL, NULL, recognise_shell_prompt, NULL, NULL, 0},
    {"shell output", OVER_TCP, PROVISIONAL, NULL, recognise_shell_output, NULL, NULL, 0},
    {"login prompt", OVER_TCP, PROVISIONAL, NULL, recognise_login_prompt, NULL, NULL, 0},
    {"plain text", OVER_TCP | OVER_UDP, PROVISIONAL, NULL, recognise_plain_text, NULL, NULL, 0},
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
    return row->beginnings ? octets_begins_with_one_of(payload, row->beginnings)
                           : row->recognise(payload);
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
