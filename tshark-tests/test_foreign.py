# SPDX-License-Identifier: GPL-2.0-or-later
"""Other protocols on our ports: named, no session, and decoded as on their own port."""

import re

import h225
import pytest
from generate_others import FOREIGN_TCP, FOREIGN_UDP

from support import files, tshark
from support.traffic import Traffic

REAL = {
    "foreign-tls-1731.pcap": ("TLS", "tcp.port==1731,tls"),
    "foreign-ssh-1731.pcap": ("SSH", "tcp.port==1731,ssh"),
    "foreign-http-1732.pcap": ("HTTP", "tcp.port==1732,http"),
    "foreign-dns-1730.pcap": ("DNS", "udp.port==1730,dns"),
    "foreign-dtls-1732.pcap": ("DTLS", "udp.port==1732,dtls"),
    "foreign-smb-1730.pcap": ("SMB", "tcp.port==1730,nbss"),
}
PAYLOAD = "tcp.len > 0 || udp"
SYNTHETIC = "synthetic-foreign.pcap"


def test_each_protocol_is_named_on_each_of_its_payloads(passes):
    expected = [name for name, turns in FOREIGN_TCP for _ in turns]
    expected += [name for name, _ in FOREIGN_UDP]
    rows = tshark.fields(SYNTHETIC, ["msiccp.foreign"], PAYLOAD, passes)
    assert [row["msiccp.foreign"] for row in rows] == [[name] for name in expected]


def test_the_readme_of_the_captures_lists_each_protocol():
    readme = (files.CAPTURES / "README.md").read_text()
    [row] = re.findall(r"^\| synthetic-foreign\.pcap \|.*", readme, re.MULTILINE)
    [(tcp, udp)] = re.findall(r" Over TCP: (.*)\. Over UDP: ([^|]*) \|", row)
    assert tcp.split(", ") == list(dict.fromkeys(name for name, _ in FOREIGN_TCP))
    assert udp.split(", ") == list(dict.fromkeys(name for name, _ in FOREIGN_UDP))


def test_the_expert_info_comes_once_a_connection(passes):
    assert len(tshark.frames(SYNTHETIC, "msiccp.expert.foreign", passes)) == len(FOREIGN_TCP) + len(
        FOREIGN_UDP)


@pytest.mark.parametrize("capture", [SYNTHETIC, *REAL])
def test_no_session_is_made(capture, passes):
    assert tshark.frames(capture, "msiccp.session", passes) == []


@pytest.mark.parametrize("capture", REAL)
def test_real_programs_are_named(capture, passes):
    rows = tshark.fields(capture, ["msiccp.foreign", "msiccp.coding"], PAYLOAD, passes)
    assert rows and all(row == {"msiccp.foreign": [REAL[capture][0]], "msiccp.coding": ["4"]} for row in rows)


@pytest.mark.parametrize("capture", REAL)
def test_real_programs_decode_as_on_their_own_port(capture, passes):
    """Stock is told which dissector: but for our own items, the fields are the same."""

    def decoded(world, extra):
        return [[(field.get("name"), field.get("show")) for proto in packet.findall("proto")
                 if proto.get("name") not in ("msiccp", "geninfo", "frame") for field in proto.iter("field")]
                for packet in world.pdml(capture, None, passes, extra=extra)]

    also = ["-d", "tcp.port==1730,dns"] if "dns" in capture else []
    assert decoded(tshark.plugin, []) == decoded(tshark.stock, ["-d", REAL[capture][1], *also])


def test_the_expert_text_names_the_other_users_of_the_ports():
    text = tshark.run(["-V", "-Y", "msiccp.expert.foreign"], "foreign-tls-1731.pcap")
    for name in ("TLS", "roketz", "proxim", "OKWin"):
        assert name in text


def named(turns, passes, server_port=1731):
    """What each segment of a connection is named, None if nothing; and whether it is in a session."""
    traffic = Traffic()
    traffic.dialogue(40001, *turns, server_port=server_port)
    return [(row["msiccp.foreign"][0] if row["msiccp.foreign"] else None, bool(row["msiccp.session"]))
            for row in tshark.fields(traffic.write(), ["msiccp.foreign", "msiccp.session"], passes=passes)]


BEGINNINGS = {
    "SMB": (b"\0\0\0\x2f", b"\xffSMBr" + b"\0" * 42),
    "DNS": (b"\0\x1d", b"\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"),
    "PostgreSQL": (b"\0\0\0\x08", b"\4\xd2\x16\x2f"),
    "MQTT": (b"\x10", b"\x0c\0\4MQTT\4\2\0\x3c\0\0"),
    "Telnet": (b"\xff", b"\xfd\x18\xff\xfd\x20"),
    "SOCKS": (b"\5", b"\1", b"\0"),
    "FTP": (b"220 ", b"FTP server ready\r\n"),
    "SMTP": (b"220 ", b"mail.example ESMTP\r\n"),
    "HTTP": (b"GE", b"T", b" / HTTP/1.0\r\n\r\n"),
    "Windows executable": (b"MZ", b"\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0"),
}


@pytest.mark.parametrize("name", BEGINNINGS)
def test_a_short_beginning_waits_for_what_follows(name, passes):
    """No session is made of it; in two passes it has the name as well."""
    found = named([(True, part) for part in BEGINNINGS[name]], passes)
    waiting = (None if passes == () else name, False)
    assert found == [waiting] * (len(found) - 1) + [(name, False)]


@pytest.mark.parametrize("prompt", ["sh-5.1# ", "sh-3.2$ ", "/ # ", "C:\\>", "host% ",
                                    "PS C:\\Users\\Public> "])
def test_the_prompt_of_a_shell_is_named(prompt, passes):
    assert named([(False, prompt.encode())], passes) == [("shell prompt", False)]


@pytest.mark.parametrize("payload", [b"\xff\xfeh\0e\0l\0l\0o\0", b"\4\1\6\xc3\x80\x81\x82\x83\x84\x85\0"],
                         ids=["UTF-16, no Telnet", "no name, no SOCKS"])
def test_what_only_begins_alike_is_opaque(payload, passes):
    assert named([(True, payload)], passes) == [(None, True)]


def test_a_session_stays_one_though_foreign_traffic_follows(passes):
    """The first pass knew nothing of what was to come; the second must not take the session away."""
    turns = [(True, b"\xfe\1\x99\xcc\xdd"), (False, b"\x81\x82\x83\x84"),
             (True, b"\x16\3\1\0\x31\1\0\0\x2d\3\3" + b"\x55" * 43)]
    assert named(turns, passes) == [(None, True), (None, True), ("TLS", False)]


@pytest.mark.parametrize("name", ["foreign-tls-1731.pcap", "foreign-ssh-1731.pcap", "foreign-http-1732.pcap",
                                  "synthetic-foreign.pcap"])
def test_heuristics_first_makes_no_difference_to_names(name, passes):
    """TCP then asks heuristics before it asks by port."""
    names = ["frame.number", "msiccp.foreign"]
    usual = tshark.fields(name, names, "msiccp.foreign && tcp", passes)
    first = tshark.fields(name, names, "msiccp.foreign && tcp", passes, ["tcp.try_heuristic_first:TRUE"])
    assert usual and first == usual


SNMP = bytes.fromhex("302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500")
RPC_CALL = bytes.fromhex("80000028 00000001 00000000 00000002 000186a3 00000004 00000000" + "00000000" * 4)


def shown(traffic, passes):
    """As what each packet is shown."""
    names = ["msiccp.opaque.data", "msiccp.foreign", "snmp.version", "rpc.xid"]
    return [{name for name in names if row[name]} for row in tshark.fields(traffic.write(), names, passes=passes)]


def test_snmp_keeps_what_is_known_of_its_conversation(passes):
    """Its dissector makes another one of a conversation that is not its own."""
    traffic = Traffic()
    for payload in (b"\xfe\1\x99\xcc\xdd" * 3, SNMP, SNMP):
        traffic.datagram(40001, True, payload)
    assert shown(traffic, passes) == [{"msiccp.opaque.data"}] + [{"msiccp.foreign", "snmp.version"}] * 2


def test_what_an_icmp_error_quotes_takes_nothing_that_came_before(passes):
    """Wireshark dissects the quoted STUN by its heuristic, which claims the conversation for all of the capture."""
    traffic = Traffic()
    traffic.datagram(40001, True, bytes.fromhex("000100002112a442") + bytes(range(12)))
    traffic.unreachable()
    rows = tshark.fields(traffic.write(), ["msiccp.foreign", "stun.type"], passes=passes)
    assert [row["msiccp.foreign"] for row in rows] == [["STUN"], []]
    assert [row["stun.type"] for row in rows] == [["0x0001"]] * 2


def test_a_heuristic_that_takes_a_connection_gets_nothing_that_came_before(passes):
    """RPC's claims all of it, with each of its messages."""
    traffic = Traffic()
    traffic.dialogue(40001, (False, b"\xfe\1\x99\xcc\xdd" * 3), (True, RPC_CALL), (True, RPC_CALL))
    assert shown(traffic, passes) == [{"msiccp.opaque.data"}, {"rpc.xid"}, {"rpc.xid"}]


def test_text_in_datagrams_stays_text_until_more_is_known(passes):
    traffic = Traffic()
    for payload in (b"hello there, who is it\r\n", b"and what do you want\r\n",
                    b"OPTIONS sip:192.0.2.2 SIP/2.0\r\n\r\n", b"and what is that\r\n"):
        traffic.datagram(40001, True, payload)
    rows = tshark.fields(traffic.write(), ["msiccp.foreign"], passes=passes)
    assert [row["msiccp.foreign"] for row in rows] == [["plain text"]] * 2 + [["SIP"]] * 2


@pytest.mark.parametrize(("greeting", "answer", "is_call"), [
    (b"hello, is this the conference?\r\n", b"yes, go on\r\n", True),
    (bytes.fromhex("050100"), bytes.fromhex("0500"), False),        # SOCKS
], ids=["text", "SOCKS"])
def test_a_request_behind_other_bytes_is_a_calls_unless_they_were_sure(greeting, answer, is_call, passes):
    made = Traffic()
    made.dialogue(40001, (True, greeting), (False, answer), (True, h225.message(
        h225.SETUP, 7, True, 4, guid=bytes(range(16)), conference=bytes(range(16)))))
    assert tshark.frames(made.write(), "msiccp.event == request", passes) == ([3] if is_call else [])
