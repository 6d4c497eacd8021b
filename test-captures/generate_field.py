#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of what calls do in the field: routed, forwarded, faxing, changing codecs, and so on.

    test-captures/generate_field.py                make all of them
    test-captures/generate_field.py NAME.pcap ...  make only these
    test-captures/generate_field.py --into DIR     put them elsewhere

The derived ones put a recording together anew; the synthetic ones are written here, because no
endpoint at hand does these things. README.md says of each which it is. The same recordings always
give the same bytes. Needs Debian's python3-scapy, and neither network nor root.
"""
import ipaddress
import struct
from dataclasses import replace
from pathlib import Path

import h225
import h245
from h225 import (ALERTING, CALL_PROCEEDING, CONNECT, DISCONNECT, FACILITY, INFORMATION, RELEASE_COMPLETE, SETUP,
                  SETUP_ACKNOWLEDGE)
from h245 import SESSION_AUDIO, SESSION_DATA, SESSION_VIDEO
from scapy.layers.inet import IP
from wire import (SECOND, End, Message, datagram, edit_packet, is_rtp, make_captures, read_capture, tcp_connection,
                  tcp_connections)

HERE = Path(__file__).parent
MILLISECOND = SECOND // 1000
START = 978_307_200 * SECOND        # 2001-01-01
VERSION = 4

ANN = End('02:00:00:73:03:10', '10.73.3.10', 0)
BEA = End('02:00:00:73:03:20', '10.73.3.20', 0)
CLEO = End('02:00:00:73:03:30', '10.73.3.30', 0)
GATE = End('02:00:00:73:03:01', '10.73.3.1', 0)
ANN6 = End('02:00:00:73:03:10', 'fd73:3::10', 0)
BEA6 = End('02:00:00:73:03:20', 'fd73:3::20', 0)
CLEO6 = End('02:00:00:73:03:30', 'fd73:3::30', 0)
GATE6 = End('02:00:00:73:03:01', 'fd73:3::1', 0)


def at(seconds):
    return START + round(seconds * SECOND)


def guid(number):
    return struct.pack('>IHHQ', 0x73030000 + number, 0x1731, 0x11d2, 0x8000000000000000 + number)


def using(end, port):
    return replace(end, port=port)


# ---- calls written here

class Connection:
    """What is said on one TCP connection."""

    def __init__(self, client, server, opened, closed=None):
        self.client, self.server, self.opened, self.closed = client, server, opened, closed
        self.messages = []

    def say(self, seconds, from_client, data):
        self.messages.append(Message(at(seconds), from_client, data))

    def frames(self):
        closed = None if self.closed is None else at(self.closed)
        opened = None if self.opened is None else at(self.opened)
        return tcp_connection(self.client, self.server, self.messages, opened=opened, closed=closed,
                              isn=1000 * self.client.port)


class Call:
    """A call of H.323, its H.245 in a connection of its own or, without an h245_port, tunnelled.

    It is opened on the control connection at its start; `begin` says SETUP, ALERTING and CONNECT,
    1.0 s after the start, and `end` RELEASE COMPLETE. Seconds count from the start.
    """

    def __init__(self, caller, callee, number, start=0.0, port=None, h245_port=None, reference=None, called_back=False,
                 control=None, identifier=None):
        self.caller, self.callee, self.number, self.start = caller, callee, number, start
        self.port = port or 21000 + number
        self.reference = number if reference is None else reference
        self.identifier = identifier or guid(number)
        self.called_back = called_back          # the callee has opened the control connection
        client, server = (callee, caller) if called_back else (caller, callee)
        self.control = control or Connection(using(client, self.port), using(server, 1731), start)
        self.h245_port, self.h245 = h245_port, None
        self.others = []                        # frames

    def say(self, seconds, kind, from_caller=True, **fields):
        fields = dict(version=VERSION, guid=self.identifier) | fields
        if kind in (SETUP, CONNECT):
            fields.setdefault('conference', self.identifier)
        data = h225.message(kind, self.reference, from_caller, **fields)
        self.control.say(self.start + seconds, from_caller != self.called_back, data)

    def begin(self, names=('ann', 'bea'), setup=(), alerting=(), connect=()):
        self.say(0.1, SETUP, aliases=[names[0]], to_aliases=[names[1]], **dict(setup))
        self.say(0.3, ALERTING, False, **dict(alerting))
        connect = dict(connect)
        if self.h245_port:
            connect['h245_address'] = (self.callee.ip, self.h245_port)
            self.h245 = Connection(using(self.caller, self.port + 1000), using(self.callee, self.h245_port),
                                   self.start + 1.1)
        self.say(1.0, CONNECT, False, **connect)

    def control_media(self, seconds, from_caller, *messages):
        """H.245 messages, 10 ms apart, or together in one FACILITY."""
        if not self.h245:
            self.say(seconds, FACILITY, from_caller, h245=messages)
            return
        for i, message in enumerate(messages):
            self.h245.say(self.start + seconds + i / 100, from_caller, h225.tpkt(message))

    def open_both_ways(self, seconds, number, data_type, session, caller_port, callee_port, payload_type=None):
        """A channel each way, each accepted with the address where its media is wanted."""
        caller, callee = (self.caller.ip, caller_port), (self.callee.ip, callee_port)
        control = session != SESSION_DATA
        for from_caller, here in ((True, caller), (False, callee)):
            rtcp = (here[0], here[1] + 1) if control else None
            self.control_media(seconds + (0 if from_caller else 0.05), from_caller,
                               h245.open_channel(number, data_type, session, control=rtcp, payload_type=payload_type,
                                                 media=None if control else here))
        for from_caller, here in ((False, callee), (True, caller)):
            rtcp = (here[0], here[1] + 1) if control else None
            self.control_media(seconds + (0.1 if not from_caller else 0.15), from_caller,
                               h245.accept_channel(number, session, here, rtcp))

    def media(self, seconds, to_callee, caller_port, callee_port, count, payload_type=0, ssrc=None, first=100,
              interval=20, size=160, marker=False, payload=None, step=160):
        """RTP, one packet each interval of milliseconds."""
        source, target = (self.caller, self.callee) if to_callee else (self.callee, self.caller)
        ports = (caller_port, callee_port) if to_callee else (callee_port, caller_port)
        ssrc = ssrc or (0x10000 * self.number + (2 if to_callee else 1))
        self.others += rtp(self.start + seconds + (0 if to_callee else 0.005), using(source, ports[0]),
                           using(target, ports[1]), count, payload_type, ssrc, first, interval, size, marker, payload,
                           step)

    def media_both_ways(self, seconds, caller_port, callee_port, count, payload_type=0, **how):
        for to_callee in (True, False):
            self.media(seconds, to_callee, caller_port, callee_port, count, payload_type, **how)

    def end(self, seconds, from_caller=True, **fields):
        self.say(seconds, RELEASE_COMPLETE, from_caller, **dict(cause=16) | fields)
        self.close(seconds + 0.1)

    def close(self, seconds):
        self.control.closed = self.start + seconds
        if self.h245:
            self.h245.closed = self.start + seconds - 0.05

    def frames(self):
        frames = self.control.frames()
        if self.h245:
            frames += self.h245.frames()
        return frames + self.others


def tone(size):
    """What is not all alike, and so no silence."""
    return bytes((0x55, 0xd5, 0x2a, 0xaa)[i % 4] for i in range(size))


def rtp(seconds, source, target, count, payload_type, ssrc, first=100, interval=20, size=160, marker=False,
        payload=None, step=160):
    frames = []
    for i in range(count):
        header = struct.pack('>BBHII', 0x80, payload_type | 0x80 * (marker or i == 0), first + i & 0xffff,
                             (first + i) * step & 0xffffffff, ssrc)
        frames.append(datagram(at(seconds + i * interval / 1000), source, target,
                               header + (payload or tone(size)), number=first + i & 0xffff))
    return frames


def audio_call(caller, callee, number, h245_port=None, start=0.0, ports=(6000, 7000), **begin):
    """A call that has an audio channel each way 1.3 s after its start, at these ports."""
    call = Call(caller, callee, number, start=start, h245_port=h245_port)
    call.begin(**begin)
    call.control_media(1.2, True, h245.capabilities())
    call.control_media(1.25, False, h245.capabilities())
    call.open_both_ways(1.3, 1, h245.G711U, SESSION_AUDIO, *ports)
    return call


def all_frames(*calls):
    return [frame for call in calls for frame in call.frames()]


# ---- calls by way of a gatekeeper, captured on both sides of it

class Routed:
    """The recorded short call, its signalling by way of a third address."""

    THIRD = End('02:00:00:73:01:30', '10.73.1.30', 1731)
    DELAY = 20      # microseconds on its way through

    def __init__(self):
        frames = read_capture(HERE / 'h323-short-call-1731.pcap')
        self.control, self.h245 = tcp_connections(frames)
        self.caller, self.callee = self.control.client, self.control.server
        self.media = [frame for frame in frames if is_rtp(frame)]

    @staticmethod
    def packed(end, port=None):
        address = bytes(int(part) for part in end.ip.split('.'))
        return address if port is None else address + struct.pack('>H', port)

    def legs(self, connection, third_port, changes_to_caller, changes_to_callee):
        """The two connections that one becomes; the changes are made in what each of the ends sees."""
        third = using(self.THIRD, connection.server.port)
        for client, server, changes, far in (
                (connection.client, third, changes_to_caller, False),
                (using(self.THIRD, third_port), connection.server, changes_to_callee, True)):
            messages = []
            for message in connection.messages:
                data = message.data
                for old, new in changes:
                    data = data.replace(old, new)
                messages.append(replace(message, data=data).later(self.DELAY if message.from_client == far else 0))
            opened = connection.opened + 70 * far
            yield from tcp_connection(client, server, messages, opened=opened, closed=connection.closed + 100 + 50 * far,
                                      closed_by_client=connection.closed_by_client, isn=1000 * third_port)

    def signalling(self, is_media_relayed):
        caller, callee, third = (self.packed(end) for end in (self.caller, self.callee, self.THIRD))
        own = self.packed(self.caller, self.caller.port), self.packed(self.THIRD, 2000)
        frames = list(self.legs(self.control, 2000, [(callee, third)], [own]))
        to_caller, to_callee = ([(callee, third)], [(caller, third)]) if is_media_relayed else ([], [])
        return frames + list(self.legs(self.h245, 2001, to_caller, to_callee))


def derived_both_legs():
    """Media goes straight from end to end."""
    routed = Routed()
    return routed.signalling(False) + routed.media


def derived_both_legs_media_relayed():
    """Media goes by way of the third address as well: each leg has streams of its own."""
    routed = Routed()
    ends = {end.ip: end for end in (routed.caller, routed.callee)}

    def first_half(packet):
        packet.dst, packet[IP].dst = routed.THIRD.mac, routed.THIRD.ip

    def second_half(packet):
        packet.src, packet.dst = routed.THIRD.mac, ends[packet[IP].dst].mac
        packet[IP].src = routed.THIRD.ip

    return (routed.signalling(True) + [edit_packet(frame, first_half) for frame in routed.media] +
            [edit_packet(frame, second_half).later(routed.DELAY) for frame in routed.media])


def tunnelled_leg(source, target, caller, callee, number, identifier, delay, is_far):
    """A leg of a call between two ends; what it says of media is the ends' own."""
    call = Call(source, target, number, start=delay if is_far else 0.0, identifier=identifier, reference=50 + number)
    back = -delay if is_far else delay
    call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    call.say(0.4 + back, ALERTING, False)
    call.say(1.0 + back, CONNECT, False)
    for seconds, from_caller, messages in (
            (1.2, True, [h245.capabilities(), open_audio(caller, 6000)]),
            (1.4 + back, False, [h245.capabilities(), open_audio(callee, 7000), accept_audio(callee, 7000)]),
            (1.6, True, [accept_audio(caller, 6000)])):
        call.control_media(seconds, from_caller, *messages)
    call.end(4.0)
    return call


def open_audio(end, port):
    return h245.open_channel(1, h245.G711U, SESSION_AUDIO, control=(end.ip, port + 1))


def accept_audio(end, port):
    return h245.accept_channel(1, SESSION_AUDIO, (end.ip, port), (end.ip, port + 1))


def both_legs(caller, callee, gate, identifiers, delay=0.05):
    near = tunnelled_leg(caller, gate, caller, callee, 1, identifiers[0], delay, False)
    far = tunnelled_leg(gate, callee, caller, callee, 2, identifiers[1], delay, True)
    direct = Call(caller, callee, 1)
    direct.media_both_ways(1.9, 6000, 7000, 60)
    return near.frames() + far.frames() + direct.others


def synthetic_both_legs_ipv6():
    """The leg to the callee comes first: the two were captured at two places with other clocks."""
    return both_legs(ANN6, BEA6, GATE6, (guid(1), guid(1)), delay=-0.02)


def synthetic_both_legs_other_identifier():
    """What stands between gives the second leg an identifier of its own: only the media tells."""
    return both_legs(ANN, BEA, GATE, (guid(1), guid(2)))


# ---- audio and video, each for itself

def video_call(caller, callee, number, video, payload_type, audio_ways, video_ways, h245_port=None, opened=(True, False)):
    """The ways are those that media is seen: True to the callee; opened, those of the video channels."""
    call = audio_call(caller, callee, number, h245_port)
    dynamic = payload_type if payload_type >= 96 else None
    for way in opened:
        sender, receiver = ((callee, 7002), (caller, 6002))[::-1 if way else 1]
        call.control_media(1.5, way, h245.open_channel(2, video, SESSION_VIDEO, control=(sender[0].ip, sender[1] + 1),
                                                       payload_type=dynamic))
        call.control_media(1.6, not way, h245.accept_channel(2, SESSION_VIDEO, (receiver[0].ip, receiver[1]),
                                                             (receiver[0].ip, receiver[1] + 1)))
    for way in audio_ways:
        call.media(2.0, way, 6000, 7000, 60)
    for way in video_ways:
        call.media(2.0, way, 6002, 7002, 40, payload_type, interval=40, size=400, ssrc=0x7000 + way, step=3600,
                   payload=b'\x20\x00\x00\x00' + bytes(396))
    call.end(5.0)
    return call.frames()


def synthetic_audio_one_way_video_both():
    return video_call(ANN, BEA, 1, h245.H261, 31, [True], [True, False], h245_port=20500)


def synthetic_audio_one_way_video_both_ipv6():
    """Audio to the caller only, H.264 under a dynamic payload type, H.245 tunnelled."""
    return video_call(ANN6, BEA6, 2, h245.generic_video('0.0.8.241.0.0.1', 3840), 109, [False], [True, False])


def synthetic_video_one_way():
    """Video was opened both ways, and is seen one way only; audio goes both ways."""
    return video_call(ANN, BEA, 3, h245.H263, 34, [True, False], [False], h245_port=20500)


def synthetic_video_of_one_camera():
    """Only the caller opens video: nothing is amiss."""
    return video_call(ANN, BEA, 4, h245.H261, 31, [True, False], [True], h245_port=20500, opened=[True])


# ---- data and fax without audio

X224_REQUEST = bytes.fromhex('0300000b 06e00000000100')
X224_CONFIRM = bytes.fromhex('0300000b 06d00001000200')


def ber(tag, *parts):
    """A value of BER, of less than 128 octets."""
    data = b''.join(parts)
    return tag + bytes([len(data)]) + data


def domain_parameters(channels, users, tokens, size):
    """T.125 DomainParameters: these, and the same priorities, throughput, height and version in each."""
    values = (channels, users, tokens, 1, 0, 1, size, 2)
    return ber(b'\x30', *(ber(b'\x02', value.to_bytes(value.bit_length() // 8 + 1, 'big')) for value in values))


# MCS Connect-Initial, with no user data
MCS_INITIAL = h225.tpkt(bytes.fromhex('02f080') + ber(
    b'\x7f\x65', ber(b'\x04', b'\x01'), ber(b'\x04', b'\x01'), ber(b'\x01', b'\xff'),
    domain_parameters(34, 2, 0, 65535), domain_parameters(1, 1, 1, 1056), domain_parameters(65535, 64535, 65535, 65535),
    ber(b'\x04')))


def t120_connection(client, server, opened, closed):
    connection = Connection(client, server, opened, closed)
    connection.say(opened + 0.1, True, X224_REQUEST)
    connection.say(opened + 0.2, False, X224_CONFIRM)
    connection.say(opened + 0.3, True, MCS_INITIAL)
    return connection.frames()


def data_call(call, opener_is_caller, server_end, client_end, port=1503):
    """T.120 is offered by one end, and the connection goes to the one that names its address."""
    call.begin()
    call.control_media(1.2, True, h245.capabilities())
    call.control_media(1.3, opener_is_caller, h245.open_data_channel(1))
    call.control_media(1.4, not opener_is_caller, h245.accept_data_channel(1, (server_end.ip, port)))
    call.end(8.0)
    return call.frames() + t120_connection(using(client_end, 4500), using(server_end, port), 1.6, 7.9)


def synthetic_data_only():
    """As NetMeeting's data-only meetings: T.120 is all that is opened."""
    return data_call(Call(ANN, BEA, 1, h245_port=20500), True, BEA, ANN)


def synthetic_data_only_ipv6():
    """The callee opens it, and connects to the caller, to a port of its own choice; H.245 is tunnelled."""
    return data_call(Call(ANN6, BEA6, 2), False, ANN6, BEA6, port=4800)


def udptl(seconds, source, target, count, first=0):
    """T.38 over UDPTL: T.30 indications that say v21-preamble."""
    return [datagram(at(seconds + i * 0.03), source, target, struct.pack('>H', first + i) + bytes.fromhex('0106 0000'))
            for i in range(count)]


def fax_both_ways(call, seconds, caller_port, callee_port, count=30):
    caller, callee = using(call.caller, caller_port), using(call.callee, callee_port)
    call.others += udptl(call.start + seconds, caller, callee, count)
    call.others += udptl(call.start + seconds + 0.01, callee, caller, count)


def fax_only_call(number, count, **ends):
    call = Call(**ends, number=number, h245_port=20500)
    call.begin()
    call.control_media(1.2, True, h245.capabilities())
    call.open_both_ways(1.3, 1, h245.T38(), SESSION_DATA, 6004, 7004)
    if count:
        fax_both_ways(call, 1.7, 6004, 7004, count)
    call.end(4.0)
    return call.frames()


def synthetic_fax_only():
    return fax_only_call(3, 30, caller=ANN, callee=BEA)


def synthetic_fax_only_unseen():
    """The fax itself went another way: only its channels are seen."""
    return fax_only_call(4, 0, caller=ANN, callee=BEA)


def fax_in_call(call, ports=(6000, 7000, 6004, 7004)):
    """Audio, then the channels are closed and T.38 takes their place."""
    call.begin()
    call.control_media(1.2, True, h245.capabilities())
    call.open_both_ways(1.3, 1, h245.G711U, SESSION_AUDIO, *ports[:2])
    call.media_both_ways(1.6, *ports[:2], 60)
    for from_caller in (False, True):
        call.control_media(3.0 + from_caller / 10, from_caller, h245.close_channel(1))
        call.control_media(3.05 + from_caller / 10, not from_caller, h245.close_channel_accepted(1))
    call.open_both_ways(3.3, 2, h245.T38(), SESSION_DATA, *ports[2:])
    fax_both_ways(call, 3.7, *ports[2:])
    call.control_media(5.0, True, h245.end_session())
    call.end(5.2)
    return call.frames()


def synthetic_fax_in_call():
    return fax_in_call(Call(ANN, BEA, 1, h245_port=20500))


def synthetic_fax_in_call_same_ports():
    """Tunnelled, and T.38 comes where the audio came before."""
    return fax_in_call(Call(ANN, BEA, 2), (6000, 7000, 6000, 7000))


def synthetic_fax_in_call_ipv6():
    return fax_in_call(Call(ANN6, BEA6, 3, h245_port=20500))


def synthetic_data_in_call():
    """Audio, and T.120 beside it."""
    call = audio_call(ANN, BEA, 4, 20500)
    call.media_both_ways(1.6, 6000, 7000, 60)
    call.control_media(1.8, False, h245.open_data_channel(2))
    call.control_media(1.9, True, h245.accept_data_channel(2, (ANN.ip, 1503)))
    call.end(5.0)
    return call.frames() + t120_connection(using(BEA, 4501), using(ANN, 1503), 2.1, 4.9)


# ---- fast start

def offers(end, ports=(6000,), codecs=(h245.G711U,), payload_type=None):
    """What a caller offers: of each codec, a channel from it, and one to it."""
    elements, number = [], 1
    for codec in codecs:
        for port in ports:
            control = (end.ip, port + 1)
            elements.append(h245.fast_start_element(number, codec, control=control, payload_type=payload_type))
            elements.append(h245.fast_start_element(number + 1, codec, (end.ip, port), control, True, payload_type))
            number += 2
    return elements


def choice(end, port, codec=h245.G711U, payload_type=None, receives_at=True):
    """What a callee answers: the channel to it, with where it wants it, and the one from it."""
    place, control = (end.ip, port), (end.ip, port + 1)
    return [h245.fast_start_element(1, codec, place if receives_at else None, control, payload_type=payload_type),
            h245.fast_start_element(2, codec, None, control, True, payload_type)]


def fast_call(caller, gate, callee, number, answer_in, **codec):
    """The signalling is the gatekeeper's; the answer names the callee's own address."""
    call = Call(caller, gate, number)
    answer = dict(fast_start=choice(callee, 7000, **codec))
    call.begin(setup=dict(fast_start=offers(caller, codecs=[codec.get('codec', h245.G711U)],
                                            payload_type=codec.get('payload_type'))), **{answer_in: answer})
    direct = Call(caller, callee, number)
    payload_type = codec.get('payload_type', 0)
    direct.media(1.5, True, 6100, 7000, 80, payload_type)       # from a port that nothing names
    direct.media(1.5, False, 6000, 7000, 80, payload_type)
    call.end(4.0)
    return call.frames() + direct.others


def synthetic_fast_start_answer():
    return fast_call(ANN, GATE, BEA, 1, 'connect')


def synthetic_fast_start_answer_early():
    """In ALERTING, over IPv6."""
    return fast_call(ANN6, GATE6, BEA6, 2, 'alerting')


def synthetic_fast_start_answer_dynamic():
    """G.722.1 under payload type 101, which Wireshark takes for telephone events."""
    return fast_call(ANN, GATE, BEA, 3, 'connect', codec=h245.generic_audio('0.0.7.7221.1.0', 320),
                     payload_type=101)


# ---- calls that begin otherwise

def facility_first(call, reason='undefinedReason', reference=0, seconds=0.1):
    """H.460.18: the callee opens the connection, and says by FACILITY which call it is for."""
    setup_reference, call.reference = call.reference, reference
    call.say(seconds, FACILITY, reference == 0 or not call.called_back, reason=reason)
    call.control.messages[-1] = replace(call.control.messages[-1], from_client=True)
    call.reference = setup_reference


def synthetic_facility_before_setup():
    call = Call(GATE, BEA, 1, called_back=True, reference=7)
    facility_first(call)
    call.say(0.2, SETUP, aliases=['ann'], to_aliases=['bea'])
    call.say(0.3, ALERTING, False)
    call.say(1.0, CONNECT, False)
    call.end(4.0)
    return call.frames()


def synthetic_facility_before_setup_twice():
    """Two calls side by side, each with a connection and a FACILITY of its own; one is rejected."""
    calls = [Call(GATE6, BEA6, 2, called_back=True, reference=9), Call(GATE6, CLEO6, 3, called_back=True, reference=9,
                                                                       start=0.05)]
    for call in calls:
        facility_first(call, reference=4)
        call.say(0.2, SETUP, aliases=['ann'], to_aliases=['bea' if call is calls[0] else 'cleo'])
        call.say(0.3, ALERTING, False)
    calls[0].say(1.0, CONNECT, False)
    calls[0].end(4.0)
    calls[1].end(2.0, from_caller=False, cause=21)
    return all_frames(*calls)


def second_call(first, number, start, names):
    """On the same connection, with the same reference, after a release that was not captured."""
    call = Call(first.caller, first.callee, number, start=start, reference=first.reference, control=first.control,
                called_back=first.called_back)
    call.begin(names)
    return call


def synthetic_second_setup():
    first = Call(ANN, BEA, 1, reference=5)
    first.begin()
    second = second_call(first, 2, 3.0, ('ann', 'cleo'))
    second.end(4.0)
    return first.frames()


def synthetic_second_setup_called_back():
    """The calls of the end that did not open the connection; the first was still ringing."""
    first = Call(ANN6, BEA6, 3, reference=5, called_back=True)
    first.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    first.say(0.3, ALERTING, False)
    second = second_call(first, 4, 3.0, ('ann', 'bea'))
    second.end(4.0, from_caller=False)
    return first.frames()


def cut_setup(call, behind):
    """A SETUP whose H.225.0 part cannot be decoded behind these bytes."""
    call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    data = call.control.messages[-1].data
    end = data.rindex(behind) + len(behind)         # the conference identifier comes before, and is the same
    user_user = data.index(b'\x7e\x00')
    body = data[4:user_user] + h225.user_user(data[user_user + 4:end])
    call.control.messages[-1] = replace(call.control.messages[-1], data=h225.tpkt(body))


def synthetic_cut_setup():
    """The SETUP ends behind its call identifier, and the RELEASE COMPLETE has another one."""
    call = Call(ANN, BEA, 1)
    cut_setup(call, call.identifier)
    call.end(0.5, from_caller=False, guid=guid(99), cause=100)
    return call.frames()


def synthetic_cut_setup_ipv6():
    """With the same identifier in the answers; nothing of the SETUP's names comes behind it."""
    call = Call(ANN6, BEA6, 2)
    cut_setup(call, call.identifier)
    call.say(0.3, ALERTING, False, guid=guid(98))
    call.say(1.0, CONNECT, False, guid=guid(98))
    call.end(2.0, guid=guid(98))
    return call.frames()


def overlap_call(call, first, *rest):
    call.say(0.1, SETUP, aliases=['ann'], called=first)
    call.say(0.2, SETUP_ACKNOWLEDGE, False)
    for i, more in enumerate(rest):
        call.say(0.5 + i / 2, INFORMATION, called=more)
    call.say(2.2, CALL_PROCEEDING, False)
    call.say(2.3, ALERTING, False)
    call.say(3.0, CONNECT, False)
    return call


def synthetic_overlap_digits():
    call = overlap_call(Call(ANN, BEA, 1), '5', '550', '1', '00')
    call.end(5.0)
    return call.frames()


def synthetic_overlap_digits_from_nothing():
    """The SETUP has no digit; and an INFORMATION in the call, which is no overlap sending, completes nothing."""
    call = overlap_call(Call(ANN6, BEA6, 2), None, '47', '11')
    call.say(3.5, INFORMATION, called='99')
    call.end(5.0)
    return call.frames()


def derived_rotated_tail():
    """The last file of a ring: media, and then nothing of the control messages but the release."""
    frames = read_capture(HERE / 'h323-short-call-1731.pcap')
    release = tcp_connections(frames)[0].messages[-1]
    media = [frame for frame in frames if is_rtp(frame)]
    return [frame for frame in frames if frame.time >= release.time or frame in media[20:]]


def derived_rotated_middle():
    """A file of a ring that begins in the talk: a FACILITY comes in the middle of the media."""
    frames = read_capture(HERE / 'h323-short-call-1731.pcap')
    control = tcp_connections(frames)[0]
    media = [frame for frame in frames if is_rtp(frame)]
    *_, facility, release = control.messages
    middle = media[len(media) // 2].time
    return media[10:] + tcp_connection(control.client, control.server,
                                       [replace(facility, time=middle), release], closed=control.closed + 100)


# ---- how calls end

def synthetic_release_reasons():
    """Each reason of H.225.0 and no cause, 10 s apart; by the callee, the last three by the caller."""
    reasons = [*h225.REASONS, *h225.ADDED_REASONS]
    calls = []
    for i, reason in enumerate(reasons):
        call = Call(ANN, BEA, 1 + i, start=10.0 * i)
        call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
        call.end(0.6, from_caller=i >= len(reasons) - 3, cause=None, reason=reason)
        calls.append(call)
    return all_frames(*calls)


def synthetic_release_reason_and_cause():
    """Both are given, and differ: each is what it is. Over IPv6, and after the answer."""
    call = Call(ANN6, BEA6, 1)
    call.begin()
    call.end(2.0, from_caller=False, cause=31, reason='adaptiveBusy')
    return call.frames()


def synthetic_forwarded_by_facility():
    """The callee says by FACILITY where it is to be found: the caller releases, and calls there."""
    first = Call(ANN, BEA, 1)
    first.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    first.say(0.3, FACILITY, False, reason='callForwarded', alternative=(CLEO.ip, 1731), alternative_aliases=['cleo'])
    first.end(0.4, cause=None, reason='facilityCallDeflection')
    second = Call(ANN, CLEO, 2, start=0.5)
    second.begin(('ann', 'cleo'))
    second.end(4.0)
    return all_frames(first, second)


def synthetic_forwarded_by_facility_ipv6():
    """By its alias only, and the gatekeeper calls on with the same call identifier; a call beside it goes elsewhere."""
    first = Call(GATE6, BEA6, 3)
    first.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    first.say(0.2, ALERTING, False)
    first.say(5.3, FACILITY, False, reason='callForwarded', alternative_aliases=['cleo'])
    first.end(5.4, cause=None, reason='facilityCallDeflection')
    beside = Call(GATE6, ANN6, 5, start=5.45)
    beside.begin(('dora', 'ann'))
    beside.end(3.0)
    second = Call(GATE6, CLEO6, 4, start=5.5, identifier=first.identifier)
    second.begin(('ann', 'cleo'))
    second.end(4.0)
    return all_frames(first, beside, second)


def synthetic_forwarded_by_disconnect():
    """DISCONNECT with a redirection number; the caller calls that number."""
    first = Call(ANN, BEA, 6)
    first.say(0.1, SETUP, aliases=['ann'], called='1001')
    first.say(0.3, DISCONNECT, False, cause=22, redirected='1002')
    first.end(0.4)
    second = Call(ANN, GATE, 7, start=0.5)
    second.say(0.1, SETUP, aliases=['ann'], called='1002')
    second.say(0.3, ALERTING, False)
    second.say(1.0, CONNECT, False)
    second.end(4.0)
    return all_frames(first, second)


def synthetic_forwarded_and_given_up():
    """The caller does not call on."""
    call = Call(ANN, BEA, 8)
    call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    call.say(0.3, FACILITY, False, reason='callForwarded', alternative=(CLEO.ip, 1731))
    call.end(0.4)
    later = Call(ANN, BEA, 9, start=60.0)
    later.begin()
    later.end(2.0)
    return all_frames(call, later)


# ---- what codecs are

def dynamic_call(number, codec, payload_type, h245_port=20500, caller=ANN, callee=BEA, size=31):
    call = Call(caller, callee, number, h245_port=h245_port)
    call.begin()
    call.control_media(1.2, True, h245.capabilities())
    call.open_both_ways(1.3, 1, codec, SESSION_AUDIO, 6000, 7000, payload_type)
    call.media_both_ways(1.7, 6000, 7000, 60, payload_type, size=size)
    return call


def synthetic_dynamic_payload_type():
    """GSM-EFR under 101, a number that other programs use for telephone events."""
    call = dynamic_call(1, h245.GSM_EFR, 101)
    call.end(4.0)
    return call.frames()


def synthetic_dynamic_payload_type_ipv6():
    """AMR under 96; H.245 is tunnelled."""
    call = dynamic_call(2, h245.generic_audio('0.0.8.245.1.1.1', 122), 96, None, ANN6, BEA6)
    call.end(4.0)
    return call.frames()


GENERIC_AUDIO = [('0.0.7.7221.1.0', 'G.722.1'), ('0.0.7.7221.1.1.0', 'G.722.1 Annex C'), ('0.0.8.245.1.1.1', 'AMR'),
                 ('0.0.8.245.1.1.10', 'AMR-WB'), ('0.0.8.245.1.1.11', 'iLBC'), ('1.3.6.1.4.1.6731.9', None)]
GENERIC_VIDEO = [('0.0.8.241.0.0.1', 'H.264'), ('0.0.8.245.1.0.0', 'MPEG-4 Visual')]


def synthetic_generic_capabilities():
    """A channel of each generic capability, in a call of its own, 10 s apart; one is nobody's."""
    calls = []
    for i, (identifier, _) in enumerate(GENERIC_AUDIO):
        call = Call(ANN, BEA, 1 + i, start=10.0 * i)
        call.begin()
        call.open_both_ways(1.3, 1, h245.generic_audio(identifier, 240), SESSION_AUDIO, 6000 + 10 * i, 7000 + 10 * i, 97)
        call.media_both_ways(1.7, 6000 + 10 * i, 7000 + 10 * i, 10, 97, size=60)
        call.end(4.0)
        calls.append(call)
    for i, (identifier, _) in enumerate(GENERIC_VIDEO, len(calls)):
        call = Call(ANN, BEA, 1 + i, start=10.0 * i)
        call.begin()
        call.open_both_ways(1.3, 1, h245.generic_video(identifier, 3840), SESSION_VIDEO, 6000 + 10 * i, 7000 + 10 * i, 98)
        call.media_both_ways(1.7, 6000 + 10 * i, 7000 + 10 * i, 10, 98, size=400, step=3600)
        call.end(4.0)
        calls.append(call)
    return all_frames(*calls)


def synthetic_codec_change():
    """From G.711 u-law to A-law in the middle, each way under the SSRC and with the ports of before."""
    call = audio_call(ANN, BEA, 1, 20500)
    call.media_both_ways(1.6, 6000, 7000, 60, 0)
    for from_caller in (True, False):
        call.control_media(2.5, from_caller, h245.close_channel(1))
        call.control_media(2.55, not from_caller, h245.close_channel_accepted(1))
    call.open_both_ways(2.6, 2, h245.G711A, SESSION_AUDIO, 6000, 7000)
    call.media_both_ways(2.9, 6000, 7000, 40, 8, first=160)
    call.end(5.0)
    return call.frames()


def synthetic_codec_change_ipv6():
    """Three codecs to the callee, the last of them the first again; one the other way."""
    call = audio_call(ANN6, BEA6, 2)
    call.media(1.6, True, 6000, 7000, 30, 0)
    call.media(1.6, False, 6000, 7000, 80, 0)
    call.control_media(2.15, True, h245.open_channel(2, h245.G7231, SESSION_AUDIO, control=(ANN6.ip, 6001)))
    call.control_media(2.17, False, h245.accept_channel(2, SESSION_AUDIO, (BEA6.ip, 7000), (BEA6.ip, 7001)))
    call.media(2.2, True, 6000, 7000, 20, 4, first=130, size=24)
    call.media(2.6, True, 6000, 7000, 30, 0, first=150)
    call.end(5.0)
    return call.frames()


# ---- what goes on in a call

def telephone_event(digit, is_end, duration):
    return struct.pack('>BBH', digit, 0x80 * is_end | 10, duration)


def send_event(call, seconds, digit, first, count=4, payload_type=101, to_callee=True):
    """RFC 2833: the event while it lasts, then its end three times, all with one timestamp."""
    parts = [(False, 160 * (i + 1)) for i in range(count)] + [(True, 160 * (count + 1))] * 3
    source, target = using(call.caller, 6000), using(call.callee, 7000)
    if not to_callee:
        source, target = target, source
    for i, (is_end, duration) in enumerate(parts):
        header = struct.pack('>BBHII', 0x80, payload_type | 0x80 * (i == 0), first + i, first * 160,
                             0x10000 * call.number + (2 if to_callee else 1))
        call.others.append(datagram(at(call.start + seconds + i * 0.02), source, target,
                                    header + telephone_event(digit, is_end, duration)))


def synthetic_digits():
    """Digits by H.245: three as text and two as signals; and by RFC 2833, four."""
    call = audio_call(ANN, BEA, 1, 20500)
    call.media(1.6, True, 6000, 7000, 20)
    call.media(1.6, False, 6000, 7000, 150)
    call.control_media(1.7, True, h245.digits('123'))
    call.control_media(1.8, True, h245.digit_signal('4', 100))
    call.control_media(1.9, False, h245.digit_signal('#'))
    for i, digit in enumerate((5, 5, 6, 11)):
        send_event(call, 2.1 + i * 0.3, digit, 200 + 10 * i)
    call.end(5.0)
    return call.frames()


def synthetic_digits_tunnelled():
    """One message, in a FACILITY, over IPv6; and none by RFC 2833."""
    call = audio_call(ANN6, BEA6, 2)
    call.media_both_ways(1.6, 6000, 7000, 40)
    call.control_media(1.9, False, h245.digits('0'))
    call.end(5.0)
    return call.frames()


TOKEN = h245.encoded_identifier('0.0.8.235.0.3.24')     # H.235.6, a Diffie-Hellman group


def synthetic_encrypted():
    """H.235 in the media channels."""
    call = dynamic_call(1, h245.encrypted(h245.g711(3)), 120, size=176)
    call.end(4.0)
    return call.frames()


def synthetic_encrypted_tokens():
    """Tokens of H.235 in SETUP and CONNECT, and no more, over IPv6."""
    call = Call(ANN6, BEA6, 2)
    call.begin(setup=dict(tokens=TOKEN), connect=dict(tokens=TOKEN))
    call.end(4.0)
    return call.frames()


# ---- how captures are taken

def tagged(frame, number):
    return replace(frame, data=frame.data[:12] + struct.pack('>HH', 0x8100, number) + frame.data[12:])


def derived_media_twice():
    """RTP is there twice, once in a VLAN and once not; the signalling once."""
    frames = read_capture(HERE / 'h323-short-call-1731.pcap')
    media = [frame for frame in frames if is_rtp(frame)]
    return frames + [tagged(frame, 10).later(3) for frame in media]


def derived_media_twice_one_way():
    """Only what the callee sends is there twice, and the second of each comes after the next packet."""
    frames = read_capture(HERE / 'h323-separate-h245-1731.pcap')
    connection = tcp_connections(frames)[0]
    source = bytes.fromhex(connection.server.mac.replace(':', ''))
    media = [frame for frame in frames if is_rtp(frame) and frame.data[6:12] == source]
    return frames + [frame.later(25 * MILLISECOND) for frame in media]


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
    make_captures(globals(), HERE)
