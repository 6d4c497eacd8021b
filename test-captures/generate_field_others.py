#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of what is no call at the ports of calls, or not what it looks like.

    test-captures/generate_field_others.py                make all of them
    test-captures/generate_field_others.py NAME.pcap ...  make only these
    test-captures/generate_field_others.py --into DIR     put them elsewhere

The derived ones put a recording together anew; the synthetic ones are written here, because no
endpoint at hand does these things. README.md says of each which it is. The same recordings always
give the same bytes. Needs Debian's python3-scapy, and neither network nor root.
"""
import ipaddress
import struct
from pathlib import Path

from field import ANN, ANN6, BEA, BEA6, CLEO, GATE, Call, Connection, at, rtp, using
from generate_field_media import MCS_INITIAL, X224_CONFIRM, X224_REQUEST
from h225 import ALERTING, CONNECT, SETUP
from wire import End, Message, datagram, make_captures

# ---- what is no call, or not what it looks like


def udp_dialogue(client, server, *turns, start=0.0, gap=0.1):
    return [datagram(at(start + i * gap), *(((client, server) if from_client else (server, client))), data, number=i)
            for i, (from_client, data) in enumerate(turns)]


TRANSACTION = bytes(range(12))
STUN_REQUEST = bytes.fromhex('0001 0000 2112a442') + TRANSACTION
STUN_COOKIE = bytes.fromhex('2112a442')


def stun_answer(client):
    """Binding success with XOR-MAPPED-ADDRESS."""
    address = ipaddress.ip_address(client.ip)
    key = STUN_COOKIE + TRANSACTION
    mapped = bytes(a ^ b for a, b in zip(address.packed, key, strict=False))
    value = struct.pack('>BBH', 0, 1 if address.version == 4 else 2, client.port ^ 0x2112) + mapped
    attribute = struct.pack('>HH', 0x20, len(value)) + value
    return struct.pack('>HH', 0x0101, len(attribute)) + key + attribute


DTLS_HELLO = bytes.fromhex('16 fefd 0000 000000000000 0036 01 00002a 0000 000000 00002a fefd') + bytes(range(32)) + \
    bytes.fromhex('00 00 0002 c02b 0100')


def synthetic_stun_then_dtls():
    """As WebRTC does it: STUN, DTLS and RTP between the same two ports."""
    client, server = using(ANN, 40001), using(BEA, 1731)
    answer = stun_answer(client)
    frames = udp_dialogue(client, server, (True, STUN_REQUEST), (False, answer), (True, DTLS_HELLO),
                          (True, STUN_REQUEST), (False, answer))
    return frames + rtp(1.0, client, server, 10, 111, 0x51, size=60) + rtp(1.01, server, client, 10, 111, 0x52, size=60)


def synthetic_dtls_then_stun():
    """The other way round, over IPv6, on 1732."""
    client, server = using(ANN6, 40002), using(BEA6, 1732)
    return udp_dialogue(client, server, (True, DTLS_HELLO), (False, STUN_REQUEST), (True, stun_answer(server)),
                        (True, DTLS_HELLO))


RDP_PROBE = bytes.fromhex('03000013 0e e0 0000 0000 00 01 00 0800 03000000')
HTTP_ANSWER = b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'


def probe(number, end, port, *turns):
    connection = Connection(using(ANN, 5000 + number), using(end, port), number, number + 0.9)
    for i, (from_client, data) in enumerate(turns):
        connection.say(number + 0.1 + i / 10, from_client, data)
    return connection.frames()


def synthetic_probes():
    """Scanners: what they ask is one protocol, and what answers is another."""
    hello = bytes.fromhex('16 0301 0100 01 0000fc 0303') + bytes(range(32)) + bytes(214)
    return (probe(1, BEA, 1731, (True, RDP_PROBE), (False, HTTP_ANSWER)) +
            probe(2, BEA, 1732, (True, hello), (False, HTTP_ANSWER)) +
            probe(3, CLEO, 1730, (True, b'GET / HTTP/1.0\r\n\r\n'), (False, b'SSH-2.0-OpenSSH_9.2\r\n')) +
            probe(4, CLEO, 1731, (True, b'\r\n\r\n'), (False, HTTP_ANSWER)))


S7_REQUEST = bytes.fromhex('03000016 11 e0 0000 0001 00 c00109 c1020100 c2020102')
S7_CONFIRM = bytes.fromhex('03000016 11 d0 0001 0002 00 c00109 c1020100 c2020102')
S7_SETUP = bytes.fromhex('03000019 02f080 32 01 0000 0400 0008 0000 f0 00 0001 0001 01e0')
MMS_DATA = bytes.fromhex('0300001a 02f080 0d 11 05060 13013 0200 16 01 02 14 0200 02 33 02'.replace(' ', ''))


def synthetic_x224():
    """X.224 with T.120's MCS in it, with S7 communication in it, with ISO's session layer, and alone."""
    return (probe(1, BEA, 1731, (True, X224_REQUEST), (False, X224_CONFIRM), (True, MCS_INITIAL)) +
            probe(2, BEA, 1732, (True, S7_REQUEST), (False, S7_CONFIRM), (True, S7_SETUP)) +
            probe(3, CLEO, 1730, (True, X224_REQUEST), (False, X224_CONFIRM), (True, MMS_DATA)) +
            probe(4, CLEO, 1731, (True, X224_REQUEST), (False, X224_CONFIRM)))


def netbios_name(text, suffix=0):
    padded = text.ljust(15).encode() + bytes([suffix])
    return b'\x20' + b''.join(bytes([0x41 + (octet >> 4), 0x41 + (octet & 15)]) for octet in padded) + b'\x00'


def synthetic_netbios_names():
    """Name queries and a registration, beside a query of the DNS, which looks much alike."""
    def query(number, flags, name, type_):
        return struct.pack('>HHHHHH', number, flags, 1, 0, 0, 0) + name + struct.pack('>HH', type_, 1)

    client = using(ANN, 1730)
    frames = udp_dialogue(client, using(BEA, 1731), (True, query(1, 0x0110, netbios_name('WORKGROUP'), 0x20)),
                          (True, query(2, 0x0000, netbios_name('*'), 0x21)))
    return frames + udp_dialogue(using(ANN, 40003), using(CLEO, 1731),
                                 (True, query(3, 0x0100, b'\x07example\x03com\x00', 1)), start=1.0)


def synthetic_http_out_of_order():
    """A request in three segments, captured in another order."""
    request = b'POST /upload HTTP/1.1\r\nHost: example.com\r\nContent-Length: 600\r\n\r\n' + b'\xf5' * 600
    parts = [request[:200], request[200:400], request[400:]]
    connection = Connection(using(ANN, 5101), using(BEA, 1731), 0.0, 3.0)
    for i, part in enumerate(parts):
        connection.messages.append(Message(at(0.1) + i * 100, True, part, label=f'part {i}'))
    connection.say(0.5, False, HTTP_ANSWER)
    moved = {'part 0': 250, 'part 2': -150}
    return [frame.later(moved.get(frame.label, 0)) for frame in connection.frames()]


def bacnet(client, server, start, count):
    """BACnet/IP: 0x81, the function, and the length, which goes up by one each time."""
    turns = []
    for i in range(count):
        data = bytes.fromhex('0104 0275 010e 0c02') + bytes(range(8 * i, 8 * i + 8 + i))
        turns.append((i % 2 == 0, struct.pack('>BBH', 0x81, 0x0a, 4 + len(data)) + data))
    return udp_dialogue(client, server, *turns, start=start, gap=0.3)


def synthetic_bacnet():
    """On 1731, and between the ends of a call that is up, on BACnet's own port and on others."""
    call = Call(ANN, BEA, 1)
    call.begin()
    call.end(9.0)
    return (bacnet(using(CLEO, 40808), using(GATE, 1731), 0.0, 12) + call.frames() +
            bacnet(using(ANN, 47808), using(BEA, 47808), 2.0, 12) + bacnet(using(ANN, 40809), using(BEA, 40810), 2.1, 12))


def synthetic_udp_of_nobody():
    """A chat program: UDP from port 1731 to port 1731 of many others, in bytes that tell nothing."""
    frames = []
    for i in range(12):
        peer = End(f'02:00:00:73:03:{0x40 + i:02x}', f'10.73.3.{64 + i}', 1731)
        turns = [(j % 2 == 0, bytes([0xe3, 0x96 + j, 0x00, 0x11 * (1 + i % 7)]) + bytes(range(40 + j, 60 + i)))
                 for j in range(4)]
        frames += udp_dialogue(using(ANN, 1731), peer, *turns, start=i * 0.5)
    return frames


def announcing_call(end, number, address, client, turns, from_caller=False):
    """A call whose message announces an H.245 address that is another service's."""
    call = Call(ANN, end, number)
    call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'], **(dict(h245_address=address) if from_caller else {}))
    call.say(0.3, ALERTING, False)
    call.say(1.0, CONNECT, False, **({} if from_caller else dict(h245_address=address)))
    call.end(5.0)
    connection = Connection(client, using(ANN if from_caller else end, address[1]), 2.0, 3.0)
    for i, (from_client, data) in enumerate(turns):
        connection.say(2.1 + i / 10, from_client, data)
    return call.frames() + connection.frames()


HTTP_TURNS = [(True, b'GET /index.html HTTP/1.1\r\nHost: 10.73.3.20\r\n\r\n'),
              (False, b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')]


def synthetic_announced_http():
    """Port 80 of another host; a web server answers at that port of the sender's."""
    return announcing_call(BEA, 1, (CLEO.ip, 80), using(CLEO, 50000), HTTP_TURNS)


def synthetic_announced_ssh():
    """In SETUP, by the caller, over which SSH is then spoken."""
    return announcing_call(BEA, 2, (CLEO.ip, 22), using(BEA, 50001),
                           [(False, b'SSH-2.0-OpenSSH_9.2\r\n'), (True, b'SSH-2.0-PuTTY\r\n')], from_caller=True)


def synthetic_announced_rdp():
    """TPKT it is, but no H.245."""
    return announcing_call(BEA, 3, (CLEO.ip, 3389), using(CLEO, 50002), [(True, RDP_PROBE)])


if __name__ == '__main__':
    make_captures(globals(), Path(__file__).parent)
