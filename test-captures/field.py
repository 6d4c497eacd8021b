# SPDX-License-Identifier: GPL-2.0-or-later
"""The calls that the generators of captures write: who speaks, over which connections, and when."""
import struct
from dataclasses import replace

import h225
import h245
from h225 import ALERTING, CONNECT, FACILITY, RELEASE_COMPLETE, SETUP
from h245 import SESSION_AUDIO, SESSION_DATA
from wire import SECOND, End, Message, datagram, tcp_connection

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
