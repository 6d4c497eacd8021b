#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes scripts for the fuzzer of captures.

    tshark-tests/fuzz/seeds.py FOLDER [CAPTURE...]

A script (script.h) is written to the folder for each capture, all of test-captures/ unless some are
named, and then for messages by an encoder of others' making too. Hosts become those of the fuzzer, also
where messages name them; of every stream of UDP and of every connection only the beginning and the end
are taken, which is what makes new states.
"""

import collections
import ipaddress
import json
import lzma
import pathlib
import struct
import sys

from scapy.layers.inet import ICMP, IP, TCP, UDP, IPerror
from scapy.layers.inet6 import ICMPv6DestUnreach, IPv6
from scapy.layers.l2 import Dot1Q
from scapy.utils import PcapReader

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "test-captures"
MESSAGES = pathlib.Path(__file__).resolve().parents[1] / "encoded-messages.json.xz"
MESSAGES_TOGETHER, MESSAGES_APART = 10, 40
MOST_BYTES = 12000      # of a script
MOST_OF_UDP = 5         # datagrams of a stream
MOST_OF_TCP = 60        # segments of a direction

TCP_DATA, UDP_DATA, SYN, SYN_ACK, FIN, RST, UNREACHABLE, AGAIN = range(8)
REQUESTS = "h323-busy-1731.pcap", "h323-rejected-1731.pcap"
SAME_FRAME, WITH_IPV6, WITH_VLAN, BACK = 0x08, 0x10, 0x20, 0x40
LEAST_TO_HALVE = 60
HOSTS = 16
# Payloads of silence, by type, and by turns: ITU-T G.711, GSM 06.10, G.723.1 with a frame of each kind, G.729 annex B.
# A frame that is not whole comes behind one that is.
RTP_HEADER = 12
GSM_FRAME = bytes([0xd0] + [0] * 32)
SILENCE = {0: (bytes([255] * 160),), 3: (GSM_FRAME * 2, GSM_FRAME + GSM_FRAME[:7]),
           4: (bytes([2, 0, 0, 0, 3]), bytes([2, 0])), 8: (bytes([0xd5] * 160),), 18: (bytes(2),)}

# Seconds, and the code of a step's time.
WAIT_AT, FAR = 6, 0xe0
UNITS = [(3600, 5), (60, 4), (1, 3), (0.02, 2), (0.001, 1)]


class Hosts:
    """Numbers of addresses, and the addresses that the fuzzer gives to these numbers."""

    def __init__(self):
        self.numbers = {}

    def number(self, address):
        return self.numbers.setdefault(address, len(self.numbers) % HOSTS)

    def renamed(self, payload):
        for address, number in self.numbers.items():
            old = ipaddress.ip_address(address)
            new = ipaddress.ip_address(("fd00::" if old.version == 6 else "10.0.0.") + format(number + 1, "x"
                                       if old.version == 6 else "d"))
            payload = payload.replace(old.packed, new.packed)
        return payload


def waited(seconds):
    for unit, code in UNITS:
        if seconds >= unit:
            return code << 5 | min(31, int(seconds / unit))
    return 0


def kind_of(segment):
    flags = segment.flags
    if flags.R:
        return RST
    if flags.S:
        return SYN_ACK if flags.A else SYN
    return FIN if flags.F else TCP_DATA


def packed(kind, hosts, ports, wait, payload):
    return struct.pack("!BBHHBBH", kind, hosts[0] << 4 | hosts[1], *ports, wait, 0, len(payload)) + payload


def silenced(payload):
    """The same packet of RTP with silence in it, if it is one of audio."""
    if len(payload) > RTP_HEADER and payload[0] == 0x80:
        turns = SILENCE.get(payload[1] & 0x7f, (payload[RTP_HEADER:],))
        return payload[:RTP_HEADER] + turns[payload[3] % len(turns)]
    return payload


def quoted(payload):
    """The endpoints' name with what ends a string in it."""
    return payload.replace(b"near", b'n"ar').replace("near".encode("utf-16-be"), 'n"ar'.encode("utf-16-be"))


class Script:
    def __init__(self, edited=lambda payload: payload, in_halves=False, in_a_frame=2):
        self.edited, self.in_halves, self.in_a_frame = edited, in_halves, in_a_frame
        self.halves = 0
        self.hosts = Hosts()
        self.bytes = bytearray(1)
        self.seen = collections.Counter()
        self.sequence = {}
        self.last = None
        self.steps = []         # where the bytes of each begin

    def take(self, packet):
        ip = packet.getlayer(IP) or packet.getlayer(IPv6)
        if ip is None or len(self.bytes) > MOST_BYTES:
            return
        now = float(packet.time)
        wait = waited(now - self.last) if self.last is not None else 0
        flags = (WITH_IPV6 if ip.version == 6 else 0) | (WITH_VLAN if Dot1Q in packet else 0)
        step = self.step(ip, flags, wait)
        if step:
            self.steps.append(len(self.bytes))
            self.bytes += step
            self.last = now

    def step(self, ip, flags, wait):
        hosts = self.hosts.number(ip.src), self.hosts.number(ip.dst)
        if IPerror in ip or ICMPv6DestUnreach in ip:
            return self.once((hosts, "icmp"), 2, packed(UNREACHABLE | flags, hosts, (0, 0), wait, b""))
        if UDP in ip and ICMP not in ip:
            ports = ip[UDP].sport, ip[UDP].dport
            payload = self.edited(self.hosts.renamed(bytes(ip[UDP].payload)))
            return self.once((hosts, ports), MOST_OF_UDP, packed(UDP_DATA | flags, hosts, ports, wait, payload))
        if TCP in ip:
            return self.segment(ip[TCP], hosts, flags, wait)
        return None

    def segment(self, tcp, hosts, flags, wait):
        ports = tcp.sport, tcp.dport
        payload = self.edited(self.hosts.renamed(bytes(tcp.payload)))
        kind = kind_of(tcp)
        if kind == TCP_DATA and not payload:
            return None
        if kind == TCP_DATA and self.sequence.get((hosts, ports)) == tcp.seq:
            flags |= BACK
        self.sequence[hosts, ports] = tcp.seq
        return self.once((hosts, ports), MOST_OF_TCP, self.pieces(kind | flags, hosts, ports, wait, payload))

    def ending_late(self):
        """The same, whose second half comes beyond all time."""
        late = Script()
        late.bytes += self.bytes[1:]
        if self.steps:
            late.bytes[self.steps[len(self.steps) // 2] + WAIT_AT] = FAR
        return late

    def pieces(self, kind, hosts, ports, wait, payload):
        """One segment, or two, of which so many come in one frame."""
        if not self.in_halves or kind & 7 != TCP_DATA or len(payload) < LEAST_TO_HALVE:
            return packed(kind, hosts, ports, wait, payload)
        half = len(payload) // 2
        return (packed(kind | self.same_frame(), hosts, ports, wait, payload[:half])
                + packed(kind | self.same_frame(), hosts, ports, 0, payload[half:]))

    def same_frame(self):
        self.halves += 1
        return SAME_FRAME if self.halves % self.in_a_frame else 0

    def once(self, stream, most, step):
        self.seen[stream] += 1
        return step if self.seen[stream] <= most else None


def write_messages(folder):
    """Those of an encoder of others' making, some to a script."""
    messages = json.loads(lzma.decompress(MESSAGES.read_bytes()))
    for first in range(0, len(messages), MESSAGES_APART):
        script = bytearray(1)
        for number, message in enumerate(messages[first:first + MESSAGES_TOGETHER]):
            kind = UDP_DATA if message.get("over") == "udp" else TCP_DATA
            script += packed(kind, (0, 1), (2000 + number, 1731), 0, bytes.fromhex(message["octets"]))
        (folder / f"encoded-{first}").write_bytes(script)


def write_capture(capture, folder):
    """As it is; with silence where it has audio; with a quotation mark in a name; with each message in two segments of a
    frame, or with five of these in each; with an end beyond all time."""
    scripts = {"": Script(), "-silent": Script(silenced), "-quoted": Script(quoted), "-halves": Script(in_halves=True),
               "-together": Script(in_halves=True, in_a_frame=5)}
    with PcapReader(str(capture)) as packets:
        for packet in packets:
            for script in scripts.values():
                script.take(packet)
    scripts["-late"] = scripts[""].ending_late()
    for name, script in scripts.items():
        if len(script.bytes) > 1 and (not name or script.bytes != scripts[""].bytes):
            (folder / f"{capture.stem}{name}").write_bytes(script.bytes)


def write_quoted_datagram(folder):
    """An ICMP error that quotes all of a datagram, which Wireshark's heuristic for STUN takes in it: also for what came
    before, if it is let."""
    there, back, ports = (0, 1), (1, 0), (40001, 1731)
    stun = bytes.fromhex("000100002112a442") + bytes(range(12))
    everything = bytes([3, 255])
    (folder / "stun-quoted-whole").write_bytes(bytes(1) + packed(UDP_DATA, there, ports, 0, stun)
                                               + packed(UNREACHABLE, back, (0, 0), 0, everything))


def request(capture):
    with PcapReader(str(capture)) as packets:
        return next(bytes(packet[TCP].payload) for packet in packets
                    if TCP in packet and packet[TCP].dport == 1731 and len(packet[TCP].payload) >= LEAST_TO_HALVE)


def write_request_again(folder):
    """A request that comes twice, and another's behind it, in one frame. In later passes TCP hides what came again, both
    times."""
    connections = [((0, 1), (2000, 1731)), ((2, 3), (2001, 1731))]
    first, other = (request(CAPTURES / name) for name in REQUESTS)
    script = bytearray(1)
    for hosts, ports in connections:
        script += packed(SYN, hosts, ports, 0, b"")
    script += packed(TCP_DATA | SAME_FRAME, *connections[0], 0, first)
    script += packed(AGAIN | SAME_FRAME, *connections[0], 0, bytes(1))
    script += packed(TCP_DATA, *connections[1], 0, other)
    (folder / "request-again").write_bytes(script)


def main():
    folder = pathlib.Path(sys.argv[1])
    captures = [pathlib.Path(name) for name in sys.argv[2:]] or sorted(CAPTURES.glob("**/*.pcap"))
    folder.mkdir(parents=True, exist_ok=True)
    for capture in captures:
        write_capture(capture, folder)
    if not sys.argv[2:]:
        write_messages(folder)
        write_quoted_datagram(folder)
        write_request_again(folder)


if __name__ == "__main__":
    main()
