#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of media that no message named, and of opaque control traffic.

    test-captures/generate_observe.py           make them all
    test-captures/generate_observe.py --into DIR

The derived ones put recordings together anew; the synthetic ones are bytes written here that
are nothing in particular: openly nobody's format. README.md says of each which it is. The same
recordings always give the same bytes. Needs Debian's python3-scapy, and neither network nor root.
"""
import struct
from pathlib import Path

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from wire import SECOND, End, Frame, Message, make_captures, read_capture, tcp_connection, tcp_connections, tcp_ports

HERE = Path(__file__).parent
MILLISECOND = SECOND // 1000
START = 1_700_000_000 * SECOND

CLIENT = End('02:00:00:73:02:10', '192.0.2.10', 1042)
SERVER = End('02:00:00:73:02:20', '192.0.2.20', 1731)


def derived_observed_media():
    """A call whose H.245 connection was not captured: nothing in the capture names its media."""
    frames = read_capture(HERE / 'h323-separate-h245-1731.pcap')
    control, h245 = tcp_connections(frames)[:2]
    return [frame for frame in frames if h245.server.port not in tcp_ports(frame)
            or control.server.port in tcp_ports(frame)]


def derived_other_udp_in_call():
    """What other programs send over UDP between the ends of a call while it is up."""
    frames = read_capture(HERE / 'h323-short-call-1731.pcap')
    control = tcp_connections(frames)[0]
    *begin, release = [m for m in control.messages]
    others = read_capture(HERE / 'udp-of-other-programs.pcap')
    shift = begin[-1].time + 100 * MILLISECOND - others[0].time
    others = [frame.later(shift) for frame in others]
    end = others[-1].time + SECOND
    release = Message(end, release.from_client, release.data)
    return tcp_connection(control.client, control.server, [*begin, release], opened=control.opened,
                          closed=end + SECOND) + others


def rtp(time, sender, sender_port, receiver, receiver_port, number, ssrc, payload_type=4):
    """One packet of 24 bytes every 30 ms, which is how G.723.1 goes; the bytes are all alike."""
    header = struct.pack('>BBHII', 0x80, payload_type, 100 + number, 240 * number, ssrc)
    packet = (Ether(src=sender.mac, dst=receiver.mac) / IP(src=sender.ip, dst=receiver.ip)
              / UDP(sport=sender_port, dport=receiver_port) / Raw(header + b'\x55' * 24))
    return Frame(time, bytes(packet))


def both_ways(start, client_port, server_port, count=20):
    frames = []
    for i in range(count):
        time = start + i * 30 * MILLISECOND
        frames.append(rtp(time, CLIENT, client_port, SERVER, server_port, i, 0x11111111))
        frames.append(rtp(time + MILLISECOND, SERVER, server_port, CLIENT, client_port, i, 0x22222222))
    return frames


def synthetic_two_sources_in_turn():
    """A call of whose media no message is there, and whose caller sends two sources in turn from one port."""
    frames = [frame for frame in derived_observed_media() if 1731 in tcp_ports(frame)]
    control = tcp_connections(frames)[0]
    start = control.messages[-1].time - SECOND
    for i in range(30):
        for turn, ssrc in enumerate((0x33333333, 0x44444444)):
            time = start + (30 * i + 15 * turn) * MILLISECOND
            frames.append(rtp(time, control.client, 5004, control.server, 5004, i, ssrc))
    return frames


def address(end):
    return bytes(int(octet) for octet in end.ip.split('.'))


def sockaddr(end, port):
    """struct sockaddr_in as Windows has it in memory."""
    return struct.pack('<H', 2) + struct.pack('>H', port) + address(end) + bytes(8)


def as_in_h245(end, port):
    return address(end) + struct.pack('>H', port)


def opaque_connection(*said):
    """A connection on which these things are said: seconds, by the client?, bytes."""
    messages = [Message(START + int(seconds * SECOND), by_client, data) for seconds, by_client, data in said]
    return tcp_connection(CLIENT, SERVER, messages, opened=START, closed=messages[-1].time + 3 * SECOND)


# the published example of [MS-H245] 4.1
WAVEFORMAT = bytes.fromhex('11000100803e0000401f00000100040002001400')
FILLER = bytes.fromhex('a7c3') + bytes(range(0xb0, 0xd0))


def synthetic_opaque_with_media():
    """Two turns that hold the addresses at which RTP then appears."""
    return opaque_connection((0.1, True, FILLER + sockaddr(CLIENT, 49606)),
                             (0.2, True, FILLER + WAVEFORMAT + FILLER),
                             (0.5, False, FILLER + as_in_h245(SERVER, 49608) + FILLER),
                             (0.9, True, FILLER)) + both_ways(START + SECOND, 49606, 49608)


def synthetic_opaque_without_media():
    """The same two turns; RTP appears only after the connection has been closed, and elsewhere."""
    return opaque_connection((0.1, True, FILLER + sockaddr(CLIENT, 49606)),
                             (0.5, False, FILLER + as_in_h245(SERVER, 49608) + FILLER)) \
        + both_ways(START + 60 * SECOND, 50000, 50002)


if __name__ == '__main__':
    make_captures(globals(), HERE)
