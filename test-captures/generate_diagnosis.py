#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of calls that fail in ways that no endpoint at hand fails in.

    test-captures/generate_diagnosis.py                make all of them, in diagnosis/
    test-captures/generate_diagnosis.py NAME.pcap ...  make only these
    test-captures/generate_diagnosis.py --into DIR     put them elsewhere

All are synthetic: README.md says of each why. Needs Debian's python3-scapy, and neither network
nor root.
"""
import struct
from pathlib import Path

import h245
from field import ANN, ANN6, BEA, BEA6, Call, Connection, at, using
from h225 import ALERTING, CONNECT, SETUP
from h245 import SESSION_AUDIO
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6DestUnreach, IPv6
from scapy.layers.l2 import Ether
from wire import Frame, datagram, make_captures, network

FOLDER = Path(__file__).parent / 'diagnosis'
MU_LAW, A_LAW = h245.g711(3), h245.g711(1)


def call_with_capabilities(number, caller=ANN, callee=BEA, h245_port=20600, audio=(MU_LAW,)):
    call = Call(caller, callee, number, h245_port=h245_port)
    call.begin()
    for from_caller in (True, False):
        call.control_media(1.2 if from_caller else 1.25, from_caller, h245.capabilities(1, audio))
        call.control_media(1.3 if from_caller else 1.35, from_caller, h245.capabilities_accepted())
    return call


def open_one_way(call, seconds, from_caller, here, there, number=1):
    """A channel from one end to the other, accepted."""
    call.control_media(seconds, from_caller,
                       h245.open_channel(number, h245.G711U, SESSION_AUDIO, control=(here[0], here[1] + 1)))
    call.control_media(seconds + 0.05, not from_caller,
                       h245.accept_channel(number, SESSION_AUDIO, there, (there[0], there[1] + 1)))


def rejected_channel(number, h245_port):
    """The callee does not accept what the caller wants to send, and sends itself."""
    call = call_with_capabilities(number, h245_port=h245_port)
    call.control_media(1.5, True, h245.open_channel(1, h245.G711U, SESSION_AUDIO, control=(ANN.ip, 6001)))
    call.control_media(1.55, False, h245.reject_channel(1))
    open_one_way(call, 1.7, False, (BEA.ip, 7000), (ANN.ip, 6000))
    call.media(2.0, False, 6000, 7000, 150)
    call.end(5.5)
    return call.frames()


def synthetic_channel_rejected():
    return rejected_channel(1, 20600)


def synthetic_channel_rejected_tunnelled():
    return rejected_channel(2, None)


def synthetic_capabilities_rejected():
    call = Call(ANN, BEA, 3, h245_port=20603)
    call.begin()
    call.control_media(1.2, True, h245.capabilities(1, (MU_LAW,)))
    call.control_media(1.25, False, h245.capabilities_rejected())
    call.end(3.0)
    return call.frames()


def synthetic_determination_rejected():
    call = call_with_capabilities(4, h245_port=20604)
    call.control_media(1.5, False, h245.determination_rejected())
    call.end(3.0)
    return call.frames()


def synthetic_no_channel():
    """The callee never opens a channel: the caller hears nothing."""
    call = call_with_capabilities(5, h245_port=20605)
    open_one_way(call, 1.5, True, (ANN.ip, 6000), (BEA.ip, 7000))
    call.media(2.0, True, 6000, 7000, 150)
    call.end(5.5)
    return call.frames()


def synthetic_other_codec():
    """The callee sends A-law where mu-law was agreed on; the caller comfort noise and digits besides."""
    call = call_with_capabilities(6, h245_port=20606, audio=(MU_LAW, A_LAW))
    call.open_both_ways(1.5, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media(2.0, True, 6000, 7000, 100)
    call.media(4.0, True, 6000, 7000, 1, payload_type=13, first=200, size=1)
    call.media(4.1, True, 6000, 7000, 3, payload_type=101, first=201, payload=bytes.fromhex('030a00a0'), step=0)
    call.media(4.2, True, 6000, 7000, 50, first=204)
    call.media(2.0, False, 6000, 7000, 150, payload_type=8)
    call.end(5.5)
    return call.frames()


def report(kind, ssrc, blocks, time=None):
    """A sender report (200), with its NTP time, or a receiver report (201)."""
    body = struct.pack('>I', ssrc)
    if kind == 200:
        body += struct.pack('>IIIII', int(time), int(time % 1 * 2 ** 32), 0, 0, 0)
    for block in blocks:
        body += struct.pack('>IIIIII', *block)
    return struct.pack('>BBH', 0x80 | len(blocks), kind, len(body) // 4) + body


def middle(time):
    """Of an NTP time, as report blocks have it."""
    return int(time * 65536) & 0xffffffff


def synthetic_round_trip():
    """Reports that name the report before: the callee answers 80 ms after it, of which it waited 50 ms."""
    call = call_with_capabilities(7, h245_port=20607)
    call.open_both_ways(1.5, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media_both_ways(2.0, 6000, 7000, 150)
    caller, callee = using(ANN, 6001), using(BEA, 7001)
    to_callee, to_caller = 0x10000 * 7 + 2, 0x10000 * 7 + 1
    ntp = 3_187_296_000.25
    call.others.append(datagram(at(3.0), caller, callee, report(200, to_callee, [], ntp)))
    call.others.append(datagram(at(3.08), callee, caller, report(
        201, to_caller, [(to_callee, 0, 100 + 49, 12, middle(ntp), 65536 // 20)])))
    call.end(5.5)
    return call.frames()


# ---- ICMP errors that are not those of today's Linux

def error(seconds, sender, target, quoted, code, octets=None):
    """Destination unreachable, with so many octets of what it quotes behind the header of IP."""
    data = bytes(quoted)
    if octets is not None:
        data = data[:(40 if isinstance(quoted, IPv6) else 20) + octets]
    head = network(sender, target, 1)
    if isinstance(quoted, IPv6):
        return Frame(at(seconds), bytes(head / ICMPv6DestUnreach(code=code) / data))
    return Frame(at(seconds), bytes(head / ICMP(type=3, code=code) / data))


def lone_syn(seconds, client, server, number):
    packet = network(client, server, number) / TCP(sport=client.port, dport=server.port, flags='S',
                                                   seq=1000 * client.port, window=64240, options=[('MSS', 1460)])
    return Frame(at(seconds), bytes(packet)), packet[Ether].payload


def synthetic_short_quotes():
    """An old router quotes no more than 8 octets: of SYNs to the control port, and of RTP."""
    frames = []
    for i in range(2):
        syn, packet = lone_syn(0.1 + i, using(ANN, 4000), using(BEA, 1731), i + 1)
        frames += [syn, error(0.11 + i, BEA, ANN, packet, 13, 8)]
    call = call_with_capabilities(8, h245_port=None)
    call.start = 0
    call.open_both_ways(1.5, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media_both_ways(2.0, 6000, 7000, 150)
    for i in range(8):
        packet = (network(using(ANN, 6000), using(BEA, 7000), i + 1) / UDP(sport=6000, dport=7000) / bytes(172))
        call.others.append(error(2.1 + i / 4, BEA, ANN, packet[IP], 3, 8))
    call.end(5.5)
    return frames + call.frames()


def synthetic_h245_unreachable_ipv6():
    """A firewall of IPv6 prohibits H.245, and media with it."""
    call = Call(ANN6, BEA6, 9)
    call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    call.say(0.3, ALERTING, False)
    call.say(1.0, CONNECT, False, h245_address=(BEA6.ip, 20609))
    frames = []
    for i in range(2):
        syn, packet = lone_syn(1.1 + i, using(ANN6, 4001), using(BEA6, 20609), i + 1)
        frames += [syn, error(1.11 + i, BEA6, ANN6, packet, 1)]
    call.end(5.5)
    return frames + call.frames()


def synthetic_media_unreachable_ipv6():
    call = call_with_capabilities(10, caller=ANN6, callee=BEA6, h245_port=20610)
    call.open_both_ways(1.5, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media_both_ways(2.0, 6000, 7000, 150)
    for i in range(8):
        packet = network(using(BEA6, 7000), using(ANN6, 6000), i + 1) / UDP(sport=7000, dport=6000) / bytes(172)
        call.others.append(error(2.1 + i / 4, ANN6, BEA6, packet[IPv6], 4))
    call.end(5.5)
    return call.frames()


def synthetic_late_answer():
    """The third SYN is answered, after 4 seconds: the call is a good one, and so is its H.245."""
    call = call_with_capabilities(11, h245_port=20611)
    call.open_both_ways(1.5, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media_both_ways(2.0, 6000, 7000, 150)
    call.end(5.5)
    return [lone_syn(seconds, using(ANN, call.port), using(BEA, 1731), 1)[0] for seconds in (-4.0, -0.5)] + call.frames()


def synthetic_scan():
    """Somebody who speaks to nobody: a SYN to each of the ports of many hosts, refused or not."""
    frames = []
    for i in range(12):
        scanner = using(ANN, 40000 + i)
        target = using(BEA, 1730 + i % 3)
        connection = Connection(scanner, target, 0.1 * i, None)
        frames += connection.frames()[:1]
    return frames


if __name__ == '__main__':
    make_captures(globals(), FOLDER)
