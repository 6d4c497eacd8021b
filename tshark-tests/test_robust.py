# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged, truncated and hostile input: every byte can be anything."""

import random
import struct

import pytest

from support import edited, files, tshark, view
from support.traffic import Traffic, write

SETUP_AT = "h323-short-call-1731.pcap"


def tcp_payloads(name):
    """The payload of each control message of a recording, with whether the caller sent it."""
    rows = tshark.fields(name, ["tcp.payload", "msiccp.from_caller"], "msiccp.coding")
    return [(bytes.fromhex(row["tcp.payload"][0].replace(":", "")),
             tshark.truth(row["msiccp.from_caller"][0])) for row in rows]


def whole(capture, passes):
    """Decodes all there is; the harness fails on dissector bugs and on anything on stderr."""
    return tshark.run(["-V"], capture, passes)


@pytest.mark.parametrize("index", range(7), ids=["setup", "proceeding", "alerting", "connect",
                                                 "progress", "facility", "release"])
def test_a_message_may_end_at_any_byte(index, passes):
    """With a TPKT that says so: every length from 0 to all of it, each on a connection."""
    payload, from_caller = tcp_payloads(SETUP_AT)[index]
    traffic = Traffic()
    for length in range(5, len(payload)):
        cut = struct.pack("!BBH", 3, 0, length) + payload[4:length]
        traffic.send(20000 + length, from_caller, cut)
        traffic.send(20000 + length, from_caller, payload)
    capture = traffic.write()
    text = whole(capture, passes)
    assert text.count("Microsoft NetMeeting Audio Call Control") >= 2 * (len(payload) - 5)
    sound = [row for row in view.rows(capture, passes)
             if row["tpkt.length"] and row["tpkt.length"][-1] == str(len(payload))]
    assert len(sound) == len(payload) - 5
    assert all(row.session for row in sound)


@pytest.mark.parametrize("seed", range(3))
def test_bytes_may_be_anything(seed, passes):
    """Every message with up to four bytes changed, two hundred times."""
    dice = random.Random(seed)
    messages = [m for name in ("h323-fast-start-tunnelled-1731.pcap", SETUP_AT)
                for m in tcp_payloads(name)]
    traffic = Traffic()
    for i in range(200):
        payload, from_caller = dice.choice(messages)
        damaged = bytearray(payload)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        traffic.send(30000 + i % 50, from_caller, bytes(damaged))
    assert whole(traffic.write(), passes)


def test_noise_is_no_call(passes):
    """A thousand segments of random bytes: no request, no answer, no media is made up of them."""
    dice = random.Random(7)
    traffic = Traffic()
    for i in range(1000):
        noise = bytes(dice.randrange(256) for _ in range(dice.randint(1, 60)))
        traffic.send(40000 + i % 100, i % 2 == 0, b"\xff" + noise)
    capture = traffic.write()
    assert whole(capture, passes)
    assert tshark.frames(capture, 'msiccp.coding == "h225"', passes) == []


def test_a_stream_of_tpkt_headers_only(passes):
    """Ten thousand empty TPKTs in a few segments: all keep-alives, and of no call."""
    traffic = Traffic()
    for i in range(8):
        traffic.send(50000, i % 2 == 0, bytes.fromhex("03000004") * 1250)
    capture = traffic.write()
    rows = view.rows(capture, passes)
    assert sum(len(row["msiccp.length"]) for row in rows) == 10000
    assert all(row.session is None for row in rows)


def test_a_tpkt_that_is_never_finished(passes):
    """A header of 65535 bytes, then little: nothing is decoded, and nothing complains."""
    traffic = Traffic()
    traffic.send(50001, True, bytes.fromhex("0300ffff0802"))
    for _ in range(20):
        traffic.send(50001, True, b"\0" * 100)
    assert "NetMeeting" not in tshark.run(["-V"], traffic.write(), passes)


def test_many_calls_on_one_connection(passes):
    """Two thousand SETUPs of one connection, each with a reference of its own."""
    setup = tcp_payloads(SETUP_AT)[0][0]
    traffic = Traffic()
    for reference in range(1, 2001):
        traffic.send(50002, True, setup[:6] + struct.pack("!H", reference) + setup[8:])
    rows = view.rows(traffic.write(), passes)
    assert [row.session for row in rows] == list(range(1, 2001))


def test_messages_in_the_middle_of_noise_are_found(passes):
    """However long the noise is: the search goes forward only."""
    alerting = tcp_payloads(SETUP_AT)[2][0]
    traffic = Traffic()
    traffic.send(50003, False, tcp_payloads(SETUP_AT)[1][0])
    for _ in range(10):
        traffic.send(50003, False, b"\x03\x7f" * 600 + alerting)
    rows = view.rows(traffic.write(), passes)
    assert [row["q931.message_type"] != [] for row in rows] == [True] * 11
    assert {row.session for row in rows} == {1}


@pytest.mark.parametrize("length", [60, 70, 80, 96, 128, 200])
def test_any_snapshot_length(length, passes):
    capture = edited.editcap("h323-tunnelled-1731.pcap", "-s", str(length))
    assert whole(capture, passes)
    assert {row.session for row in view.control_rows(capture, passes)} <= {1}


@pytest.mark.parametrize("seed", range(2))
def test_frames_in_any_order(seed, passes):
    """A capture whose frames are shuffled is decoded without a complaint, and alike in both ways."""
    name = "h323-separate-h245-1731.pcap"
    frames = edited.read(name)
    random.Random(seed).shuffle(frames)
    path = write(frames, f"shuffled-{seed}.pcap")
    assert whole(path, passes)
    assert [[row[field] for field in view.EVERY_FRAME] for row in view.rows(path)] == [
        [row[field] for field in view.EVERY_FRAME] for row in view.rows(path, ("-2",))]


@pytest.mark.parametrize("way", [(), ("-V",), ("-q", "-z", "msiccp,cdr"), ("-q", "-z", "msiccp,tree")],
                         ids=lambda way: " ".join(way) or "list")
@pytest.mark.parametrize("message", [bytes.fromhex("03000004"), bytes.fromhex("0300000908020001 01"),
                                     bytes.fromhex("03000005ff"), b"\x03\x00\x00\x07\x08\x02\xff"],
                         ids=["keep-alives", "alertings", "scraps", "cut short"])
def test_a_segment_may_hold_thousands_of_messages(message, way, passes):
    """Wireshark bears 500 protocols in a packet, and 5000 entries in its queue of taps."""
    traffic = Traffic()
    traffic.send(50004, True, tcp_payloads(SETUP_AT)[0][0])
    traffic.send(50004, False, message * (60000 // len(message)))
    assert tshark.run(way, traffic.write(), passes)


def test_most_of_many_messages_in_a_segment_are_decoded(passes):
    """And what is behind them is shown as one lump."""
    traffic = Traffic()
    traffic.send(50005, True, tcp_payloads(SETUP_AT)[0][0])
    traffic.send(50005, False, bytes.fromhex("0300000908020001 01") * 600)
    row = view.rows(traffic.write(), passes)[1]
    assert len(row["msiccp.message"]) == 500


def test_a_tunnel_to_our_port_on_our_port(passes):
    """What HTTP's CONNECT carries comes to its dissector by the port, which is ours again."""
    traffic = Traffic()
    traffic.dialogue(50006, (True, b"CONNECT host:1731 HTTP/1.1\r\nHost: host:1731\r\n\r\n"),
                     (False, b"HTTP/1.1 200 OK\r\n\r\n"), (True, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                     (False, b"HTTP/1.1 204 No Content\r\n\r\n"))
    capture = traffic.write()
    assert whole(capture, passes)
    assert tshark.frames(capture, 'msiccp.foreign == "HTTP"', passes)[:2] == [1, 2]


def test_a_message_that_an_icmp_error_quotes_is_none(passes):
    traffic = Traffic()
    traffic.datagram(50007, True, b"\xfe\xdc\xba\x98 what is this?")
    traffic.unreachable()
    capture = traffic.write()
    assert whole(capture, passes)
    assert tshark.frames(capture, "msiccp.coding == opaque", passes) == [1]


def test_request_and_answer_in_one_segment(passes):
    """Each says which of the two it is, also in the second pass, which knows both frame numbers."""
    traffic = Traffic()
    traffic.send(50008, True, bytes.fromhex("0300000c0802800105280178") * 2)
    row = tshark.fields(traffic.write(), ["msiccp.response_to"], passes=passes)[0]
    assert row["msiccp.response_to"] == ["1"]


def test_a_time_that_microseconds_cannot_hold():
    """Two to the 60th seconds, in pcapng with a resolution of a second."""
    traffic = Traffic()
    traffic.send(50009, True, tcp_payloads(SETUP_AT)[0][0])
    packet = traffic.packets[0]
    padded = packet + b"\0" * (-len(packet) % 4)
    options = struct.pack("<HHB3xHH", 9, 1, 0, 0, 0)
    blocks = struct.pack("<IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28)
    blocks += struct.pack("<IIHHI", 1, 20 + len(options), 1, 0, 0)
    blocks += options + struct.pack("<I", 20 + len(options))
    blocks += struct.pack("<IIIIIII", 6, 32 + len(padded), 0, 1 << 28, 0, len(packet), len(packet)) + padded
    blocks += struct.pack("<I", 32 + len(padded))
    path = files.scratch() / "late.pcapng"
    path.write_bytes(blocks)
    path.chmod(0o644)
    assert '"session":1' in tshark.run(["-q", "-z", "msiccp,cdr"], path)
