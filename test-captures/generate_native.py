#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the synthetic-native-fictitious-*.pcap captures of this folder.

    test-captures/generate_native.py                make all of them
    test-captures/generate_native.py NAME.pcap ...  make only these
    test-captures/generate_native.py --into DIR     put them elsewhere

The messages are of protocols made up here, so that a layout described by the user can be tested.
They are FICTITIOUS: no message of NetMeeting's own is known, and these are none. The layouts that
describe them are in tshark-tests/native/. The same bytes come out each time.
Needs Debian's python3-scapy, and neither network nor root.
"""
import struct
import uuid
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from wire import SECOND, End, Frame, Message, make_captures, tcp_connection

HERE = Path(__file__).parent
START = 946_684_800 * SECOND        # 2000-01-01
CALLER = End('02:00:00:00:00:10', '198.51.100.10', 0)
CALLEE = End('02:00:00:00:00:20', '198.51.100.20', 1731)
PCMU, PACKET_TIME, SAMPLES = 0, SECOND // 50, 160
WAVEFORMAT = struct.pack('<HHIIHHH', 7, 1, 8000, 8000, 1, 8, 0)     # G.711 u-law


def ip(end):
    return IPv4Address(end.ip).packed


def datagram(time, source, target, data):
    packet = (Ether(src=source.mac, dst=target.mac) / IP(src=source.ip, dst=target.ip) /
              UDP(sport=source.port, dport=target.port) / data)
    return Frame(time, bytes(packet))


def rtp(start, seconds, source, target, ssrc):
    """One way of G.711 u-law silence."""
    return [datagram(start + i * PACKET_TIME, source, target,
                     struct.pack('>BBHII', 0x80, PCMU, 100 + i, SAMPLES * i, ssrc) + b'\xff' * SAMPLES)
            for i in range(int(seconds * SECOND) // PACKET_TIME)]


def talk(start, seconds, caller_port, callee_port, ssrc):
    caller, callee = replace(CALLER, port=caller_port), replace(CALLEE, port=callee_port)
    return (rtp(start, seconds, caller, callee, ssrc) +
            rtp(start + 3000, seconds, callee, caller, ssrc + 1))


class Script:
    """What the two ends of one control connection send, and when."""

    def __init__(self, port, service=1731, start=0):
        self.caller, self.callee = replace(CALLER, port=port), replace(CALLEE, port=service)
        self.start = START + int(start * SECOND)
        self.messages = []

    def time(self, seconds):
        return self.start + int(seconds * SECOND)

    def send(self, seconds, from_caller, data):
        self.messages.append(Message(self.time(seconds), from_caller, data))

    def frames(self):
        last = max(m.time for m in self.messages)
        return tcp_connection(self.caller, self.callee, self.messages, isn=1000 * self.caller.port,
                              opened=self.start, closed=last + SECOND // 10)

    def datagrams(self):
        ends = {True: self.caller, False: self.callee}
        return [datagram(m.time, ends[m.from_client], ends[not m.from_client], m.data)
                for m in self.messages]


# ---- "Length": little-endian; type, length of the whole message, transaction id, then the rest

CALL, TRYING, RING, PICK_UP, HANG_UP, HUNG_UP, TICK = 0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x1ff


def length_message(kind, transaction, body=b''):
    return struct.pack('<HHI', kind, 8 + len(body), transaction) + body


def call_message(transaction, caller, callee, port):
    body = (caller.encode().ljust(16, b'\0') + callee.encode('utf-16-le').ljust(32, b'\0') +
            ip(CALLER) + struct.pack('<H', port) +
            uuid.UUID(int=0x6d736963_6370_4000_8000_000000000000 + transaction).bytes_le)
    return length_message(CALL, transaction, body)


def pick_up_message(transaction, port):
    return length_message(PICK_UP, transaction, ip(CALLEE) + struct.pack('<H', port) + WAVEFORMAT)


def hang_up_message(transaction, cause):
    return length_message(HANG_UP, transaction, struct.pack('<I', cause))


def synthetic_native_fictitious_length():
    script = Script(1050)
    call = call_message(1, 'ann', 'bea', 49170)
    script.send(0.1, True, call[:30])                       # in two segments
    script.send(0.101, True, call[30:])
    script.send(0.2, False, length_message(TRYING, 1) + length_message(RING, 1))
    script.send(2.2, False, pick_up_message(1, 49180))
    script.send(5.2, False, hang_up_message(1, 16))         # each end counts for itself
    script.send(5.3, True, length_message(HUNG_UP, 1))
    script.send(7.0, True, length_message(TICK, 2))         # beside calls
    script.send(7.1, False, length_message(TICK, 2))
    script.send(8.0, True, call_message(3, 'ann', 'cleo', 49172))
    script.send(8.3, False, hang_up_message(3, 17))         # busy
    return script.frames() + talk(script.time(2.3), 2.8, 49170, 49180, 0x1000)


# ---- "Segment": one message a segment (or datagram); type, version 1, then the rest

INVITE, WAIT, YES, NO, BYE = 0x81, 0x82, 0x83, 0x84, 0x85


def segment_message(kind, body=b''):
    return bytes([kind, 1]) + body


def segment_call(script, port, caller, outcome):
    script.send(0.1, True, segment_message(INVITE, struct.pack('>H', port) + caller.encode() + b'\0'))
    script.send(0.4, False, segment_message(WAIT))
    script.send(1.4, False, outcome)


def synthetic_native_fictitious_segment():
    answered, rejected = Script(1051, service=1732), Script(1052, service=1732, start=20)
    segment_call(answered, 50000, 'dora', segment_message(YES, struct.pack('>H', 50010)))
    answered.send(3.4, True, segment_message(BYE))
    segment_call(rejected, 50002, 'dora', segment_message(NO, bytes([21])))
    return (answered.frames() + rejected.frames() +
            talk(answered.time(1.5), 1.8, 50000, 50010, 0x2000))


def synthetic_native_fictitious_udp():
    script = Script(1053)
    segment_call(script, 50020, 'eve', segment_message(YES, struct.pack('>H', 50030)))
    script.send(2.4, True, segment_message(BYE))
    return script.datagrams()


# ---- "TPKT": RFC 1006 around a type and a name

def synthetic_native_fictitious_tpkt():
    script = Script(1054, service=1730)

    def tpkt(kind, body=b''):
        return struct.pack('>BBHB', 3, 0, 5 + len(body), kind) + body

    script.send(0.1, True, tpkt(0xc1, b'finn'))
    script.send(0.5, False, tpkt(0xc2))
    script.send(1.5, True, tpkt(0xc3))
    return script.frames()


# ---- messages that the "Length" layout does not fit

def synthetic_native_fictitious_misfit():
    call, release = call_message(1, 'ann', 'bea', 49170), hang_up_message(1, 31)
    bad = [
        length_message(PICK_UP, 1, ip(CALLEE)),                     # ends before its port
        length_message(0x777, 1, b'what is this'),                  # a type that is not described
        struct.pack('<HHI', RING, 3, 1),                            # shorter than its own header
        struct.pack('<HHI', RING, 0, 1),
        struct.pack('<HH', RING, 4),                                # no room for the transaction id
    ]
    frames = []
    for i, data in enumerate(bad):
        script = Script(1055 + i, start=i * 10)
        script.send(0.1, True, call)
        script.send(0.5, False, data)
        script.send(1.0, False, release)
        frames += script.frames()
    return frames


if __name__ == '__main__':
    make_captures(globals(), HERE)
