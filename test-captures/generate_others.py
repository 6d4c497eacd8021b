#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the synthetic captures of RAS, Microsoft's data and foreign traffic in this folder.

    test-captures/generate_others.py                make all of them
    test-captures/generate_others.py NAME.pcap ...  make only these
    test-captures/generate_others.py --into DIR     put them elsewhere

All of it is written here: README.md says why. The same script always gives the same bytes. Needs
Debian's python3-scapy, and neither network nor root.
"""
import struct
from pathlib import Path

import h225
import ras
from h225 import ALERTING, CONNECT, RELEASE_COMPLETE, SETUP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from wire import SECOND, End, Frame, Message, make_captures, tcp_connection

HERE = Path(__file__).parent
START = 946_684_800 * SECOND        # 2000-01-01
GATEKEEPER_PORT = 1730
RAS_GROUP = End('01:00:5e:00:01:29', '224.0.1.41', GATEKEEPER_PORT)
CALLER = End('02:00:00:73:02:10', '10.73.2.10', 1719)
CALLEE = End('02:00:00:73:02:20', '10.73.2.20', 1719)
GATEKEEPER = End('02:00:00:73:02:30', '10.73.2.30', GATEKEEPER_PORT)


def at(seconds):
    return START + round(seconds * SECOND)


def datagram(seconds, source, target, data):
    packet = (Ether(src=source.mac, dst=target.mac) / IP(src=source.ip, dst=target.ip, id=1, flags='DF') /
              UDP(sport=source.port, dport=target.port) / data)
    return Frame(at(seconds), bytes(packet))


def using(end, port):
    return End(end.mac, end.ip, port)


def guid(number):
    return struct.pack('>IHHQ', 0x73000000 + number, 0x1731, 0x11d2, 0x8000000000000000 + number)


# ---- RAS

def a_call(start, number, reference, version=2, source_port=1040):
    """The call signalling between the two endpoints, beginning at a time."""
    named = dict(version=version, guid=guid(number)) if version >= 2 else dict(version=version)
    texts = [(0.0, True, h225.message(SETUP, reference, True, display='Ann', conference=guid(number),
                                      **named)),
             (0.2, False, h225.message(ALERTING, reference, False, **named)),
             (2.2, False, h225.message(CONNECT, reference, False, conference=guid(number), **named)),
             (5.2, True, h225.message(RELEASE_COMPLETE, reference, True, **named))]
    messages = [Message(at(start + seconds), from_caller, data) for seconds, from_caller, data in texts]
    return tcp_connection(using(CALLER, source_port), using(CALLEE, 1731), messages, opened=at(start - 0.01),
                          closed=at(start + 5.3))


def exchange(seconds, end, sequence, request, response):
    """A request of an endpoint, and the gatekeeper's answer 20 ms later."""
    frames = [datagram(seconds, end, GATEKEEPER, request)]
    if response:
        frames.append(datagram(seconds + 0.02, GATEKEEPER, end, response))
    return frames


def synthetic_ras_call():
    """Discovery, registration, a call with admission and disengagement at both ends, unregistration."""
    caller, callee = using(CALLER, 1024), using(CALLEE, 1024)
    address, signalling = (caller.ip, caller.port), (caller.ip, 1731)
    group = ras.gatekeeper_request(1, address, 'ann')
    frames = [datagram(0.0, caller, RAS_GROUP, group),
              datagram(0.02, GATEKEEPER, caller, ras.gatekeeper_confirm(1, (GATEKEEPER.ip, 1730), 'gk'))]
    frames += exchange(0.1, caller, 2, ras.registration_request(2, signalling, address, 'ann'),
                       ras.registration_confirm(2, signalling, 'ann-1'))
    frames += exchange(1.0, caller, 3,
                       ras.admission_request(3, 'ann-1', 7, guid(1), guid(1), to='bob', source='ann'),
                       ras.admission_confirm(3, (CALLEE.ip, 1731)))
    frames += a_call(1.2, 1, 7)
    frames += exchange(1.3, callee, 8,
                       ras.admission_request(8, 'bob-1', 7, guid(1), guid(1), to='bob', source='ann',
                                             answer=True),
                       ras.admission_confirm(8, (CALLEE.ip, 1731)))
    frames += exchange(7.0, caller, 4, ras.disengage_request(4, 'ann-1', 7, guid(1), guid(1)),
                       ras.short(ras.DCF, 4))
    frames += exchange(7.1, callee, 9, ras.disengage_request(9, 'bob-1', 7, guid(1), guid(1)),
                       ras.short(ras.DCF, 9))
    frames += exchange(9.0, caller, 5, ras.unregistration_request(5, signalling), ras.short(ras.UCF, 5))
    return frames


def synthetic_ras_reject():
    """An admission that is refused, and one that nobody answers, sent twice."""
    caller = using(CALLER, 1024)

    def admission(sequence, number):
        return ras.admission_request(sequence, 'ann-1', number, guid(number), guid(number), to='eve',
                                     source='ann')

    frames = exchange(0.0, caller, 1, admission(1, 2),
                      ras.admission_reject(1, ras.CALLED_PARTY_NOT_REGISTERED))
    frames += exchange(1.0, caller, 2, admission(2, 3), None)
    frames += exchange(4.0, caller, 2, admission(2, 3), None)
    return frames


def synthetic_ras_v1_call():
    """Version 1 has no call identifier: the call reference joins admission and signalling."""
    caller = using(CALLER, 1024)
    frames = exchange(0.0, caller, 1, ras.admission_request(1, 'ann-1', 9, guid(4), to='bob', source='ann'),
                      ras.admission_confirm(1, (CALLEE.ip, 1731)))
    frames += a_call(0.2, 4, 9, version=1)
    frames += exchange(6.0, caller, 2, ras.disengage_request(2, 'ann-1', 9, guid(4)), ras.short(ras.DCF, 2))
    return frames


# ---- Microsoft's data

# {74423881-CC84-11D2-B4E3-00A0C90D0660}
NETMEETING = bytes.fromhex('81384274 84cc d211 b4e3 00a0c90d0660')
AUDIO_FORMAT = bytes.fromhex('1100 0100 803e0000 401f0000 0100 0400 0200 1400')    # [MS-H245] 4.1


def application_data(flags, local, node=NETMEETING):
    """[MS-MNPR] 2.2.9.2"""
    return struct.pack('<IIII16sI16s8x', 2, 0x28, 0, flags, node, 16, local)


def audio_capability(data, object_identifier='2b060104018237 1302'):
    """An H.245 TerminalCapabilitySet with one receiveAudioCapability, a nonStandard one."""
    identifier = bytes.fromhex(object_identifier)
    bits = h225.Bits()
    bits.choice(0, 2)                               # request
    bits.choice(2, 4)                               # terminalCapabilitySet
    bits.bit(0, 0, 1, 0)                            # capabilityTable
    bits.octets(b'\x01')                            # sequenceNumber
    bits.counted(bytes([0, 8, 0x81, 0x75, 0, 2]))   # protocolIdentifier 0.0.8.245.0.2
    bits.octets(b'\x00')                            # one entry
    bits.bit(1)
    bits.octets(b'\x00\x00')                        # number 1
    bits.choice(4, 4)                               # receiveAudioCapability
    bits.choice(0, 4)                               # nonStandard
    bits.number(0, 1)                               # object
    bits.counted(identifier)
    bits.counted(data)
    return bits.done()


def netmeeting_call(port, setup_data, connect_data, audio=AUDIO_FORMAT, number=10):
    named = dict(version=2, guid=guid(number))
    texts = [(0.0, True, h225.message(SETUP, 1, True, display='Ann', conference=guid(number),
                                      microsoft=setup_data, **named)),
             (0.2, False, h225.message(ALERTING, 1, False, **named)),
             (2.2, False, h225.message(CONNECT, 1, False, conference=guid(number), microsoft=connect_data,
                                       h245=audio_capability(audio), **named)),
             (5.2, True, h225.message(RELEASE_COMPLETE, 1, True, **named))]
    messages = [Message(at(seconds), from_caller, data) for seconds, from_caller, data in texts]
    return tcp_connection(using(CALLER, 1050 + number), using(CALLEE, port), messages, opened=at(-0.01),
                          closed=at(5.3))


def synthetic_netmeeting_data():
    return netmeeting_call(1731, application_data(0, guid(101)), application_data(7, guid(102)))


def synthetic_netmeeting_data_1720():
    """The same on a port that is not ours."""
    return netmeeting_call(1720, application_data(0, guid(101)), application_data(7, guid(102)))


def synthetic_netmeeting_odd_data():
    """Data that is not as specified: too short, a GUID of another program, an audio format cut short."""
    return netmeeting_call(1731, application_data(0, guid(101))[:-4],
                           application_data(7, guid(102), node=guid(103)),
                           audio=AUDIO_FORMAT[:-2], number=11)


# ---- foreign traffic, and connections that only begin at one of these ports

DNS_QUERY = (bytes.fromhex('1731 0100 0001 0000 0000 0000') + b'\x07example\x03com\x00' +
             bytes.fromhex('0001 0001'))
CLIENT_HELLO_START = bytes.fromhex('16 0301 0100 01 0000fc 0303') + bytes(range(32)) + bytes(214)
HTTP_REQUEST = b'GET /index.html HTTP/1.1\r\nHost: example.com\r\n\r\n'
HTTP_RESPONSE = b'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n'

# The first turns of a connection: True is the client's, False the server's.
FOREIGN_TCP = [
    ('TLS', [(True, CLIENT_HELLO_START)]),
    ('SSH', [(False, b'SSH-2.0-OpenSSH_9.2\r\n'), (True, b'SSH-2.0-PuTTY\r\n')]),
    ('HTTP', [(True, HTTP_REQUEST), (False, HTTP_RESPONSE)]),
    ('HTTP/2', [(True, b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + bytes.fromhex('000000 04 00 00000000'))]),
    ('SOCKS', [(True, bytes.fromhex('05 01 00')), (False, bytes.fromhex('05 00'))]),
    ('SOCKS', [(True, bytes.fromhex('04 01 0050 0a490214') + b'joe\x00')]),
    ('SMB', [(True, bytes.fromhex('00 00002f ff') + b'SMB' + b'\x72' + bytes(27) +
              bytes.fromhex('00 0c00 02') + b'NT LM 0.12\x00')]),
    ('RDP', [(True, bytes.fromhex('03 00 0029 24 e0 0000 0000 00') + b'Cookie: mstshash=joe\r\n' +
              bytes.fromhex('01 00 0800 00000000'))]),
    ('X.224', [(True, bytes.fromhex('03 00 000b 06 e0 0000 0001 00')),
               (False, bytes.fromhex('03 00 000b 06 d0 0001 0002 00'))]),
    ('FTP', [(False, b'220 ProFTPD FTP server ready\r\n'), (True, b'USER joe\r\n')]),
    ('SMTP', [(False, b'220 mail.example.com ESMTP\r\n'), (True, b'EHLO example.com\r\n')]),
    ('POP3', [(False, b'+OK POP3 ready\r\n'), (True, b'USER joe\r\n')]),
    ('IMAP', [(False, b'* OK IMAP4rev1 ready\r\n')]),
    ('IRC', [(True, b'NICK joe\r\nUSER joe 0 * :Joe\r\n'),
             (False, b':irc.example.com 001 joe :Welcome\r\n')]),
    ('Telnet', [(False, bytes.fromhex('fffd18 fffd20')), (True, bytes.fromhex('fffb18'))]),
    ('VNC', [(False, b'RFB 003.008\n'), (True, b'RFB 003.008\n')]),
    ('MySQL', [(False, bytes.fromhex('2c000000 0a') + b'8.0.36\x00' + bytes(36))]),
    ('PostgreSQL', [(True, bytes.fromhex('00000008 04d2162f')), (False, b'N')]),
    ('MQTT', [(True, bytes.fromhex('10 0e 0004') + b'MQTT' + bytes.fromhex('04 02 003c 0002') + b'me')]),
    ('BitTorrent', [(True, b'\x13BitTorrent protocol' + bytes(48))]),
    ('STUN', [(True, bytes.fromhex('0001 0000 2112a442') + bytes(range(12)))]),
    ('SIP', [(True, b'OPTIONS sip:joe@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n')]),
    ('RTSP', [(True, b'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n')]),
    ('DNS', [(True, struct.pack('>H', len(DNS_QUERY)) + DNS_QUERY)]),
    ('Windows executable', [(True, b'MZ' + bytes.fromhex('90000300000004000000ffff0000b800') + bytes(42) +
                             bytes.fromhex('40000000') + b'PE\0\0' + bytes(60))]),
    ('ELF executable', [(True, b'\x7fELF' + bytes.fromhex('020101') + bytes(57))]),
    ('shell prompt', [(False, b'Microsoft Windows [Version 10.0.19045]\r\n\r\nC:\\Windows>'),
                      (True, b'whoami\n')]),
    ('shell prompt', [(False, b'joe@host:~$ '), (True, b'id\n')]),
    ('plain text', [(True, b'hello, is anybody there?\n'), (False, b'yes\n')]),
]
FOREIGN_UDP = [
    ('DNS', DNS_QUERY),
    ('STUN', bytes.fromhex('0001 0000 2112a442') + bytes(range(12))),
    ('DTLS', bytes.fromhex('16 feff 0000 000000000000 0010 01 000004 0000 000000 000004 feff 0000')),
    ('QUIC', bytes.fromhex('c0 00000001 08 0001020304050607 00 00 4496') + bytes(1174)),
    ('SIP', b'OPTIONS sip:joe@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n'),
    ('BitTorrent', b'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe'),
    ('plain text', b'hello, is anybody there?\n'),
]


def turns(turns_, start, client, server, opened=True):
    messages = [Message(at(start + 0.1 + i * 0.2), from_client, data)
                for i, (from_client, data) in enumerate(turns_)]
    return tcp_connection(client, server, messages, opened=at(start) if opened else None,
                          closed=at(start + 0.9) if opened else None)


def synthetic_foreign():
    """The first turns of each protocol of the table, on 1730, 1731 and 1732 in turn."""
    frames = []
    for i, (_, messages) in enumerate(FOREIGN_TCP):
        frames += turns(messages, i, using(CALLER, 2000 + i), using(CALLEE, 1730 + i % 3))
    for i, (_, data) in enumerate(FOREIGN_UDP):
        frames.append(datagram(len(FOREIGN_TCP) + i, using(CALLER, 2100 + i),
                               using(CALLEE, 1730 + i % 3), data))
    return frames


def synthetic_not_ours():
    """Connections from port 1731 to other services, with and without their SYN, and H.323 from there."""
    client = using(CALLER, 1731)
    other = b'\x01\x02\x03\x04\x05\x06\x07\x08'
    http = [(True, HTTP_REQUEST), (False, HTTP_RESPONSE)]
    dns = [(True, struct.pack('>H', len(DNS_QUERY)) + DNS_QUERY)]
    frames = turns(http, 0, client, using(CALLEE, 80))
    frames += turns(http, 1, client, using(CALLEE, 8080), opened=False)
    frames += turns(dns, 2, using(CALLER, 1730), using(CALLEE, 53), opened=False)
    frames += turns([(True, other), (False, other)], 3, using(CALLER, 1732), using(CALLEE, 40000))
    frames += turns([(True, other), (False, other)], 4, client, using(CALLEE, 445), opened=False)
    frames += turns([(True, CLIENT_HELLO_START)], 5, client, using(CALLEE, 443))
    frames.append(datagram(6, client, using(CALLEE, 53), DNS_QUERY))
    frames.append(datagram(7, client, using(CALLEE, 161), other))
    return frames


def synthetic_h323_from_our_port():
    """H.323 on a connection from port 1731 to a port that is none of ours: a call all the same."""
    messages = [Message(at(0.1), True, h225.message(SETUP, 1, True, version=2, display='Ann', guid=guid(20))),
                Message(at(0.3), False, h225.message(RELEASE_COMPLETE, 1, False, version=2, guid=guid(20)))]
    return tcp_connection(using(CALLER, 1731), using(CALLEE, 40001), messages, opened=at(0), closed=at(0.5))


if __name__ == '__main__':
    make_captures(globals(), HERE)
