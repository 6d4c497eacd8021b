# SPDX-License-Identifier: GPL-2.0-or-later
"""What real programs of Debian say on our ports, recorded by script/record-foreign: the right name, or none."""

import pytest

from support import files, tshark

FOLDER = files.CAPTURES / "foreign"

# A protocol that has no row yet has no name; what is named, is named so on all of its frames.
NAMES = {
    "foreign-bind-1731.pcap": ["DNS"],
    "foreign-bittorrent-1731.pcap": ["BitTorrent"],
    "foreign-chrony-1731.pcap": ["NTP"],
    "foreign-coturn-1732.pcap": ["STUN"],
    "foreign-dht-1730.pcap": ["BitTorrent"],
    "foreign-dovecot-imap-1730.pcap": ["IMAP"],
    "foreign-dovecot-pop3-1732.pcap": ["POP3"],
    "foreign-dropbear-1730.pcap": ["SSH"],
    "foreign-git-1730.pcap": ["git"],
    "foreign-iperf3-1730.pcap": ["iperf3"],
    "foreign-iperf3-udp-1732.pcap": ["iperf3"],
    "foreign-mariadb-1730.pcap": ["MySQL"],
    "foreign-memcached-1731.pcap": ["memcached", "plain text"],
    "foreign-memcached-binary-1731.pcap": ["memcached"],
    "foreign-microsocks-1731.pcap": ["SOCKS"],
    "foreign-mosquitto-1730.pcap": ["MQTT"],
    "foreign-mumble-1731.pcap": ["TLS"],
    "foreign-ncat-chat-1730.pcap": ["plain text"],
    "foreign-ncat-elf-1732.pcap": ["ELF executable"],
    "foreign-ncat-exe-1731.pcap": ["Windows executable"],
    "foreign-ncat-shell-1731.pcap": ["plain text", "shell output"],
    "foreign-netperf-1731.pcap": [],
    "foreign-nfs-1732.pcap": [],
    "foreign-nginx-1732.pcap": ["HTTP"],
    "foreign-nginx-http2-1731.pcap": ["HTTP/2"],
    "foreign-ngircd-1730.pcap": ["IRC"],
    "foreign-nmap-1730.pcap": [
        "DNS", "HTTP", "LDAP", "MQTT", "OpenVPN", "RDP", "RTSP", "Redis", "SIP", "SMB", "SOCKS", "TLS", "Telnet", "X.224",
        "memcached", "plain text"],
    "foreign-obfs4-1732.pcap": [],
    "foreign-openldap-1732.pcap": ["LDAP"],
    "foreign-openssh-1731.pcap": ["SSH"],
    "foreign-openvpn-tcp-1732.pcap": ["OpenVPN"],
    "foreign-openvpn-udp-1731.pcap": ["OpenVPN"],
    "foreign-postfix-1731.pcap": ["SMTP"],
    "foreign-postgresql-1732.pcap": ["PostgreSQL"],
    "foreign-quic-1731.pcap": ["QUIC"],
    "foreign-redis-1731.pcap": ["Redis"],
    "foreign-rsync-1732.pcap": ["rsync"],
    "foreign-rsyslog-tcp-1730.pcap": ["syslog"],
    "foreign-rsyslog-udp-1730.pcap": ["syslog"],
    "foreign-rtsp-1732.pcap": ["RTSP"],
    "foreign-samba-1730.pcap": ["SMB"],
    "foreign-sipp-1731.pcap": [],
    "foreign-sipp-tcp-1730.pcap": ["SIP"],
    "foreign-snmpd-1732.pcap": ["SNMP"],
    "foreign-socat-reverse-shell-1731.pcap": ["plain text", "shell prompt"],
    "foreign-socat-shell-1730.pcap": ["shell prompt"],
    "foreign-socat-typed-1732.pcap": ["shell prompt"],
    "foreign-telnetd-1730.pcap": ["Telnet"],
    "foreign-tftp-1731.pcap": ["TFTP"],
    "foreign-udp-tracker-1732.pcap": ["BitTorrent"],
    "foreign-unbound-1732.pcap": ["DNS"],
    "foreign-utp-1731.pcap": ["BitTorrent"],
    "foreign-vsftpd-1730.pcap": ["FTP"],
    "foreign-wireguard-1731.pcap": ["WireGuard"],
    "foreign-x11vnc-1730.pcap": ["VNC"],
    "foreign-xrdp-1731.pcap": ["RDP"],
}


def test_every_recording_is_asked():
    assert {path.name for path in FOLDER.glob("*.pcap")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_right_or_there_is_none(name, passes):
    rows = tshark.fields(FOLDER / name, ["msiccp.foreign"], "msiccp.foreign", passes)
    assert {name for row in rows for name in row["msiccp.foreign"]} == set(NAMES[name])


def test_the_document_has_each_with_its_versions():
    document = (files.ROOT / "docs" / "FOREIGN.md").read_text()
    for line in (FOLDER / "versions.tsv").read_text().splitlines():
        name, versions = line.split("\t")
        assert f"| {name} | {versions} | {', '.join(NAMES[name]) or '-'} |" in document
