# SPDX-License-Identifier: GPL-2.0-or-later
"""What is no call: it is named as far as it tells, and Wireshark keeps what is Wireshark's."""

import struct

import pytest
from field import BEA, CLEO, using
from generate_field_others import RDP_PROBE, announcing_call

from support import files, reports, tshark
from support.traffic import Traffic, write

ANNOUNCED = {"synthetic-announced-http.pcap": "tcp.port == 80", "synthetic-announced-ssh.pcap": "tcp.port == 22",
             "synthetic-announced-rdp.pcap": "tcp.port == 3389"}
NAMES = {
    "synthetic-stun-then-dtls.pcap": ["STUN", "STUN", "DTLS", "STUN", "STUN"],
    "synthetic-dtls-then-stun.pcap": ["DTLS", "STUN", "STUN", "DTLS"],
    "synthetic-probes.pcap": ["RDP", "HTTP", "TLS", "HTTP", "HTTP", "SSH", None, "HTTP"],
    "synthetic-x224.pcap": ["X.224", "X.224", "T.120", "X.224", "X.224", "X.224", "X.224", "X.224", "X.224", "X.224",
                            "X.224"],
    "synthetic-netbios-names.pcap": ["NetBIOS names", "NetBIOS names", "DNS"],
}


@pytest.mark.parametrize("name", NAMES)
def test_each_payload_is_named_by_what_it_tells(name, passes):
    rows = tshark.fields(name, ["msiccp.foreign"], "tcp.len > 0 || udp", passes)
    for number, (row, expected) in enumerate(zip(rows, NAMES[name], strict=False), 1):
        if expected:
            assert row["msiccp.foreign"] == [expected], f"payload {number}"


@pytest.mark.parametrize("name", NAMES)
def test_it_makes_no_session(name, passes):
    assert reports.records(name, passes=passes) == []


@pytest.mark.parametrize("name", ["synthetic-stun-then-dtls.pcap", "synthetic-dtls-then-stun.pcap",
                                  "synthetic-netbios-names.pcap"])
def test_each_payload_is_decoded_as_what_it_is(name, passes):
    for row, expected in zip(tshark.fields(name, ["frame.protocols"], "udp", passes), NAMES[name], strict=False):
        protocol = {"STUN": "stun", "DTLS": "dtls", "NetBIOS names": "nbns", "DNS": "dns"}[expected]
        assert protocol in row["frame.protocols"][0].split(":")


def test_the_answer_of_a_web_server_is_decoded(passes):
    assert len(tshark.frames("synthetic-probes.pcap", "http.response.code == 400", passes)) == 3


def test_segments_out_of_order_leave_no_session(passes):
    name = "synthetic-http-out-of-order.pcap"
    assert tshark.frames(name, "msiccp.session", passes) == []
    assert reports.records(name, passes=passes) == []
    assert tshark.frames(name, "http.response", passes)


def test_bytes_behind_a_gap_are_a_session_where_they_stay_unknown(passes):
    """What was lost never comes, and the peer has answered it."""
    traffic = Traffic()
    traffic.dialogue(45000, (True, b"\xfe\x01\x02\x03"), (False, b"\xfd\x01\x02\x03"), (True, b"\xfe\x05\x06\x07"))
    del traffic.packets[0]
    assert len(reports.records(traffic.write(), passes=passes)) == 1


def decoded(rows):
    """Less the layer that Wireshark lists in one pass or in the other, whoever it is that decodes RDP."""
    return [{key: [value.replace(":tpkt:", ":") for value in values] for key, values in row.items()} for row in rows]


@pytest.mark.parametrize("name", ANNOUNCED)
def test_what_another_protocol_speaks_stays_its_own(name, passes):
    """Though a call has announced the port for H.245."""
    names = ["frame.number", "frame.protocols", "tpkt.continuation_data", "http.request.method", "ssh.protocol"]
    expected = tshark.stock.fields(name, names, ANNOUNCED[name], passes)
    assert decoded(tshark.fields(name, names, ANNOUNCED[name], passes)) == decoded(expected)
    assert tshark.frames(name, f"msiccp.session && {ANNOUNCED[name]}", passes) == []


def test_whom_wireshark_gives_an_announced_connection_gets_all_of_it(passes):
    """TPKT's dissector takes the connection with a payload that is one, and the next, too, which is none."""
    turns = [(True, RDP_PROBE), (True, b"no TPKT")]
    frames = announcing_call(BEA, 3, (CLEO.ip, 3389), using(CLEO, 50002), turns)
    capture = write(sorted(frames, key=lambda frame: frame.time))
    names = ["frame.number", "frame.protocols", "tpkt.continuation_data"]
    found, expected = (world.fields(capture, names, "tcp.port == 3389 && tcp.len > 0", passes)
                       for world in (tshark.plugin, tshark.stock))
    assert decoded(found) == decoded(expected)
    assert found[-1]["tpkt.continuation_data"]


def test_h245_behind_nat_is_still_found(passes):
    assert len(tshark.frames("derived-nat.pcap", 'msiccp.channel == "h245"', passes)) == 13


@pytest.mark.parametrize("seconds", [1 << 60, -(1 << 40)], ids=["late", "early"])
def test_a_start_that_no_calendar_has_is_printed_as_seconds(seconds, passes):
    traffic = Traffic()
    traffic.send(40009, True, setup())
    path = files.scratch() / "absurd.pcapng"
    path.write_bytes(pcapng(traffic.packets[0], seconds))
    path.chmod(0o644)
    row = reports.table(path, passes=passes)[0]
    assert " - ." not in row and "1731" in "".join(reports.table(path, passes=passes))


def setup():
    row = tshark.fields("h323-short-call-1731.pcap", ["tcp.payload"], "msiccp.event == request")[0]
    return bytes.fromhex(row["tcp.payload"][0].replace(":", ""))


def pcapng(packet, seconds):
    """One packet, with a clock that counts seconds."""
    padded = packet + b"\0" * (-len(packet) % 4)
    stamp = seconds & (1 << 64) - 1
    options = struct.pack("<HHB3xHH", 9, 1, 0, 0, 0)
    blocks = struct.pack("<IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28)
    blocks += struct.pack("<IIHHI", 1, 20 + len(options), 1, 0, 0) + options + struct.pack("<I", 20 + len(options))
    blocks += struct.pack("<IIIIIII", 6, 32 + len(padded), 0, stamp >> 32, stamp & 0xffffffff, len(packet),
                          len(packet)) + padded
    return blocks + struct.pack("<I", 32 + len(padded))
