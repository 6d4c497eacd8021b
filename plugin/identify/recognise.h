/* recognise.h
 * Recognisers of single protocols, for the table of signatures.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RECOGNISE_H
#define MSICCP_RECOGNISE_H

#include "identify/signatures.h"

/* Of protocols that are octets. */
match_t recognise_tls(const payload_t *payload);
match_t recognise_socks(const payload_t *payload);
match_t recognise_smb(const payload_t *payload);
match_t recognise_rdp(const payload_t *payload);
match_t recognise_any_x224(const payload_t *payload);
match_t recognise_t120(const payload_t *payload);
match_t recognise_telnet(const payload_t *payload);
match_t recognise_mysql(const payload_t *payload);
match_t recognise_postgresql(const payload_t *payload);
match_t recognise_mqtt(const payload_t *payload);
match_t recognise_dns(const payload_t *payload);
match_t recognise_netbios_names(const payload_t *payload);
match_t recognise_dns_tcp(const payload_t *payload);
match_t recognise_stun(const payload_t *payload);
match_t recognise_dtls(const payload_t *payload);
match_t recognise_quic(const payload_t *payload);
match_t recognise_bittorrent_dht(const payload_t *payload);
match_t recognise_dos_executable(const payload_t *payload);
match_t recognise_elf(const payload_t *payload);

/* Of protocols that are text. */
match_t recognise_http(const payload_t *payload);
match_t recognise_sip(const payload_t *payload);
match_t recognise_rtsp(const payload_t *payload);
match_t recognise_smtp(const payload_t *payload);
match_t recognise_ftp(const payload_t *payload);
match_t recognise_irc(const payload_t *payload);
match_t recognise_plain_text(const payload_t *payload);
match_t recognise_shell_prompt(const payload_t *payload);
match_t recognise_shell_output(const payload_t *payload);
match_t recognise_login_prompt(const payload_t *payload);

/* Of servers of all kinds. */
match_t recognise_ldap(const payload_t *payload);
match_t recognise_snmp(const payload_t *payload);
match_t recognise_ntp(const payload_t *payload);
match_t recognise_tftp(const payload_t *payload);
match_t recognise_utp(const payload_t *payload);
match_t recognise_bittorrent_tracker(const payload_t *payload);
match_t recognise_openvpn(const payload_t *payload);
match_t recognise_openvpn_tcp(const payload_t *payload);
match_t recognise_wireguard(const payload_t *payload);
match_t recognise_memcached(const payload_t *payload);
match_t recognise_memcached_binary(const payload_t *payload);
match_t recognise_git(const payload_t *payload);
match_t recognise_iperf3(const payload_t *payload);
match_t recognise_redis(const payload_t *payload);
match_t recognise_syslog(const payload_t *payload);

#endif
