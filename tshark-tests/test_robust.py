"""Damaged, truncated and hostile input: every byte can be anything."""

import random
import struct

import pytest

import tsh
import view

SETUP_AT = "h323-short-call-1731.pcap"
START = 946684800


def tcp_payloads(name):
    """The payload of each control message of a recording, with whether the caller sent it."""
    rows = tsh.fields(name, ["tcp.payload", "msiccp.from_caller"], "msiccp.coding")
    return [(bytes.fromhex(row["tcp.payload"][0].replace(":", "")),
             row["msiccp.from_caller"][0] in ("1", "True")) for row in rows]


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Connections:
    """TCP connections to port 1731, without handshakes."""

    def __init__(self):
        self.packets = []
        self.next = {}

    def send(self, port, from_client, payload):
        client, server = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
        source, target = (client, server) if from_client else (server, client)
        ports = (port, 1731) if from_client else (1731, port)
        sequence = self.next.setdefault((port, from_client), 1)
        other = self.next.setdefault((port, not from_client), 1)
        self.next[port, from_client] += len(payload)
        tcp = struct.pack("!HHIIBBHHH", *ports, sequence, other, 0x50, 0x18, 64240, 0, 0) + payload
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, source, target)
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        self.packets.append(b"\2" * 12 + b"\x08\0" + ip + tcp)

    def write(self, name="made.pcap"):
        path = tsh.scratch() / name
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
            for i, packet in enumerate(self.packets):
                file.write(struct.pack("<IIII", START + i // 1000, i % 1000 * 1000, len(packet),
                                       len(packet)) + packet)
        return path


def whole(capture, passes):
    """Decodes all there is; the harness fails on dissector bugs and on anything on stderr."""
    return tsh.run(["-V"], capture, passes)


@pytest.mark.parametrize("index", range(7), ids=["setup", "proceeding", "alerting", "connect",
                                                 "progress", "facility", "release"])
def test_a_message_may_end_at_any_byte(index, passes):
    """With a TPKT that says so: every length from 0 to all of it, each on a connection."""
    payload, from_caller = tcp_payloads(SETUP_AT)[index]
    connections = Connections()
    for length in range(5, len(payload)):
        cut = struct.pack("!BBH", 3, 0, length) + payload[4:length]
        connections.send(20000 + length, from_caller, cut)
        connections.send(20000 + length, from_caller, payload)
    capture = connections.write()
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
    connections = Connections()
    for i in range(200):
        payload, from_caller = dice.choice(messages)
        damaged = bytearray(payload)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        connections.send(30000 + i % 50, from_caller, bytes(damaged))
    assert whole(connections.write(), passes)


def test_noise_is_no_call(passes):
    """A thousand segments of random bytes: no request, no answer, no media is made up of them."""
    dice = random.Random(7)
    connections = Connections()
    for i in range(1000):
        noise = bytes(dice.randrange(256) for _ in range(dice.randint(1, 60)))
        connections.send(40000 + i % 100, i % 2 == 0, b"\xff" + noise)
    capture = connections.write()
    assert whole(capture, passes)
    assert tsh.frames(capture, 'msiccp.coding == "h225"', passes) == []


def test_a_stream_of_tpkt_headers_only(passes):
    """Ten thousand empty TPKTs in a few segments: all keep-alives, and of no call."""
    connections = Connections()
    for i in range(8):
        connections.send(50000, i % 2 == 0, bytes.fromhex("03000004") * 1250)
    capture = connections.write()
    rows = view.rows(capture, passes)
    assert sum(len(row["msiccp.length"]) for row in rows) == 10000
    assert all(row.session is None for row in rows)


def test_a_tpkt_that_is_never_finished(passes):
    """A header of 65535 bytes, then little: nothing is decoded, and nothing complains."""
    connections = Connections()
    connections.send(50001, True, bytes.fromhex("0300ffff0802"))
    for _ in range(20):
        connections.send(50001, True, b"\0" * 100)
    assert "NetMeeting" not in tsh.run(["-V"], connections.write(), passes)


def test_many_calls_on_one_connection(passes):
    """Two thousand SETUPs of one connection, each with a reference of its own."""
    setup = tcp_payloads(SETUP_AT)[0][0]
    connections = Connections()
    for reference in range(1, 2001):
        connections.send(50002, True, setup[:6] + struct.pack("!H", reference) + setup[8:])
    rows = view.rows(connections.write(), passes)
    assert [row.session for row in rows] == list(range(1, 2001))


def test_messages_in_the_middle_of_noise_are_found(passes):
    """However long the noise is: the search goes forward only."""
    alerting = tcp_payloads(SETUP_AT)[2][0]
    connections = Connections()
    connections.send(50003, False, tcp_payloads(SETUP_AT)[1][0])
    for _ in range(10):
        connections.send(50003, False, b"\x03\x7f" * 600 + alerting)
    rows = view.rows(connections.write(), passes)
    assert [row["q931.message_type"] != [] for row in rows] == [True] * 11
    assert {row.session for row in rows} == {1}


@pytest.mark.parametrize("length", [60, 70, 80, 96, 128, 200])
def test_any_snapshot_length(length, passes):
    capture = view.editcap("h323-tunnelled-1731.pcap", "-s", str(length))
    assert whole(capture, passes)
    assert {row.session for row in view.control_rows(capture, passes)} <= {1}


@pytest.mark.parametrize("seed", range(2))
def test_frames_in_any_order(seed, passes):
    """A capture whose frames are shuffled is decoded without a complaint, and alike in both ways."""
    name = "h323-separate-h245-1731.pcap"
    data = open(tsh.CAPTURES / name, "rb").read()
    head, at, records = data[:24], 24, []
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        records.append(data[at:at + 16 + length])
        at += 16 + length
    random.Random(seed).shuffle(records)
    path = tsh.scratch() / f"shuffled-{seed}.pcap"
    path.write_bytes(head + b"".join(records))
    assert whole(path, passes)
    assert [[row[field] for field in view.EVERY_FRAME] for row in view.rows(path)] == [
        [row[field] for field in view.EVERY_FRAME] for row in view.rows(path, ("-2",))]
