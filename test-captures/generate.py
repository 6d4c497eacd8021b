#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the derived-*.pcap and synthetic-*.pcap captures of this folder.

    test-captures/generate.py                make all of them
    test-captures/generate.py NAME.pcap ...  make only these
    test-captures/generate.py --into DIR     put them elsewhere

Derived captures hold the messages and media of a recording (h323-*.pcap) in another packaging.
Synthetic captures hold messages written here, because no endpoint at hand sends them. README.md
says of each which it is. The same recordings always give the same bytes.
Needs Debian's python3-scapy, and neither network nor root.
"""
import struct
from dataclasses import replace
from pathlib import Path

import h225
from h225 import ALERTING, CALL_PROCEEDING, CONNECT, RELEASE_COMPLETE, SETUP
from scapy.layers.inet import IP, UDP
from scapy.packet import Raw
from wire import (SECOND, End, Message, edit_packet, is_rtp, make_captures, read_capture, source_ip, tcp_connection,
                  tcp_connections, tcp_ports)

HERE = Path(__file__).parent
MILLISECOND = SECOND // 1000
PROGRESS, FACILITY = 0x03, 0x62


# ---- derived captures: a recorded call, packed otherwise

class Call:
    """A recording that holds one call."""

    def __init__(self, name):
        self.frames = read_capture(HERE / name)
        self.control, *others = tcp_connections(self.frames)
        self.h245 = others[0] if others else None
        self.caller_ip, self.callee_ip = self.control.client.ip, self.control.server.ip
        self.rtp = [frame for frame in self.frames if is_rtp(frame)]
        # everything but the control connection
        self.rest = [frame for frame in self.frames if self.control.server.port not in tcp_ports(frame)]

    def message(self, kind):
        return next(m for m in self.control.messages if message_type(m.data) == kind)

    def rebuilt(self, messages, **changes):
        """The frames of the control connection, with these messages in place of its own."""
        return rebuilt(self.control, messages, **changes)


def rebuilt(connection, messages, **changes):
    settings = dict(opened=connection.opened, closed=connection.closed + 100,
                    closed_by_client=connection.closed_by_client)
    return tcp_connection(connection.client, connection.server, messages, **settings | changes)


def message_type(data):
    """The Q.931 message type; None for an empty TPKT."""
    return data[8] if len(data) > 8 else None


def split(message, offset, labels=('', ''), gap=200):
    """The two messages that a message becomes when its segment is cut at the offset."""
    return [replace(message, data=message.data[:offset], label=labels[0]),
            replace(message, data=message.data[offset:], label=labels[1]).later(gap)]


def renumbered(call, messages, number, port):
    """The messages of another call: with a callIdentifier and a source port of its own."""
    setup = call.message(SETUP).data
    at = setup.index(b'ooh323c-')       # chan_ooh323 begins each with this, and ends it with a number
    old, new = setup[at:at + 16], setup[at:at + 8] + struct.pack('>Q', number)
    ip = bytes(int(part) for part in call.caller_ip.split('.'))
    old_source = ip + struct.pack('>H', call.control.client.port)
    new_source = ip + struct.pack('>H', port)
    return [replace(m, data=m.data.replace(old, new).replace(old_source, new_source)) for m in messages]


def derived_segmented():
    call = Call('h323-short-call-1731.pcap')
    frames = []
    for offset in range(1, len(call.message(SETUP).data)):
        later = (offset - 1) * 3 * SECOND
        client = replace(call.control.client, port=20000 + offset)
        messages = renumbered(call, call.control.messages, offset, client.port)
        messages = [m.later(later) for m in split(messages[0], offset) + messages[1:]]
        frames += tcp_connection(client, call.control.server, messages, isn=1000 * offset,
                                 opened=call.control.opened + later, closed=call.control.closed + later + 100)
    return frames


def derived_one_byte_segments():
    call = Call('h323-short-call-1731.pcap')
    step = 10       # microseconds from byte to byte; what follows a message waits until it has passed

    def delayed(time):
        return time + sum(step * len(m.data) for m in call.control.messages if m.time < time)

    control = [Message(delayed(m.time) + i * step, m.from_client, m.data[i:i + 1])
               for m in call.control.messages for i in range(len(m.data))]
    return ([replace(frame, time=delayed(frame.time)) for frame in call.rest] +
            call.rebuilt(control, closed=delayed(call.control.closed) + 100))


def derived_coalesced():
    call = Call('h323-short-call-1731.pcap')
    data = {message_type(m.data): m.data for m in call.control.messages}
    empty = h225.EMPTY_TPKT
    connect, facility, release = map(call.message, (CONNECT, FACILITY, RELEASE_COMPLETE))
    control = [
        call.message(SETUP),
        # The H.245 connection follows CONNECT, so what comes after it cannot join this segment.
        replace(connect, data=data[CALL_PROCEEDING] + empty + data[ALERTING] + empty + data[CONNECT]),
        replace(facility, data=data[PROGRESS] + empty + data[FACILITY]),
        Message(facility.time + 300 * MILLISECOND, True, empty),
        replace(release, data=empty + release.data),
    ]
    return call.rest + call.rebuilt(control)


def derived_reordered():
    call = Call('h323-short-call-1731.pcap')
    control = []
    for message in call.control.messages:
        kind = message_type(message.data)
        if kind in (SETUP, CONNECT):
            control += split(message, len(message.data) // 2, (f'{kind}: first', f'{kind}: second'), gap=50)
        else:
            control.append(message)
    frames = call.rebuilt(control)
    return call.rest + [frame.later(50) if frame.label.endswith('first') else
                        frame.later(-50) if frame.label.endswith('second') else frame for frame in frames]


def derived_retransmitted():
    call = Call('h323-short-call-1731.pcap')
    control = []
    for message in call.control.messages:
        kind = message_type(message.data)
        message = replace(message, label=str(kind))
        control.append(message)
        if kind == SETUP:               # lost at first: sent 220 ms before the one that is answered
            control.append(replace(message, lost=True).later(-220 * MILLISECOND))
        elif kind == CONNECT:           # doubled by the network
            control.append(message.later(30))
        elif kind == FACILITY:          # sent again although it was acknowledged
            control.append(message.later(210 * MILLISECOND))
        elif kind == RELEASE_COMPLETE:  # lost at first
            control[-1:] = [replace(message, lost=True), message.later(210 * MILLISECOND)]
    without_arp = [frame for frame in call.rest if source_ip(frame)]
    return without_arp + call.rebuilt(control, opened=call.control.opened - 221 * MILLISECOND,
                                      closed=call.control.closed + 220 * MILLISECOND)


def derived_mirrored():
    return [copy for frame in Call('h323-short-call-1731.pcap').frames for copy in (frame, frame.later(1))]


def derived_vlan():
    call = Call('h323-short-call-1731.pcap')
    caller_mac = bytes.fromhex(call.control.client.mac.replace(':', ''))

    def tagged(data):
        return data[:12] + struct.pack('>HH', 0x8100, 10 if data[6:12] == caller_mac else 20) + data[12:]

    return [replace(frame, data=tagged(frame.data)) for frame in call.frames]


def derived_snaplen_96():
    return [replace(frame, data=frame.data[:96], length=len(frame.data))
            for frame in Call('h323-short-call-1731.pcap').frames]


def derived_starts_inside_call():
    call = Call('h323-short-call-1731.pcap')
    return [frame for frame in call.frames if frame.time > call.message(ALERTING).time]


def derived_starts_inside_message():
    call = Call('h323-short-call-1731.pcap')
    setup, *others = call.control.messages
    control = call.rebuilt(split(setup, 60, ('unseen', '')) + others, opened=None)
    return [frame for frame in call.rest if frame.time > setup.time] + [
        frame for frame in control if frame.label != 'unseen']


def derived_ends_inside_call():
    call = Call('h323-short-call-1731.pcap')
    return [frame for frame in call.frames if frame.time < call.message(CONNECT).time]


def derived_no_release():
    call = Call('h323-short-call-1731.pcap')
    end_of_h245 = min(m.time for m in call.h245.messages if m.time > call.message(FACILITY).time)
    return [frame for frame in call.frames if frame.time < end_of_h245]


def derived_lost_segment():
    call = Call('h323-short-call-1731.pcap')
    return [frame for frame in call.frames if not frame.data.endswith(call.message(ALERTING).data)]


def derived_one_way_media():
    call = Call('h323-short-call-1731.pcap')
    return [frame for frame in call.frames if frame not in call.rtp or source_ip(frame) == call.caller_ip]


def derived_no_media():
    call = Call('h323-short-call-1731.pcap')
    return [frame for frame in call.frames if frame not in call.rtp]


def derived_media_after_release():
    call = Call('h323-short-call-1731.pcap')
    late = [frame for frame in call.rtp if source_ip(frame) == call.callee_ip][-5:]
    release = call.message(RELEASE_COMPLETE).time
    return ([frame for frame in call.frames if frame not in late] +
            [replace(frame, time=release + (i + 1) * 20 * MILLISECOND) for i, frame in enumerate(late)])


def derived_nat():
    call = Call('h323-short-call-1731.pcap')

    def translate(packet):
        for end in ('src', 'dst'):
            if getattr(packet[IP], end) == call.callee_ip:
                setattr(packet[IP], end, '192.0.2.20')

    return [edit_packet(frame, translate) for frame in call.frames if source_ip(frame)]    # no ARP


def derived_ports_used_again():
    call = Call('h323-short-call-1731.pcap')
    minute = 60 * SECOND

    def other_source(packet):
        rtp = bytearray(packet[UDP].payload.load)
        rtp[8:12] = (octet ^ 0xff for octet in rtp[8:12])       # the SSRC
        packet[UDP].payload = Raw(bytes(rtp))

    second = [m.later(minute) for m in renumbered(call, call.control.messages, 2, call.control.client.port)]
    frames = list(call.rtp) + [edit_packet(frame, other_source).later(minute) for frame in call.rtp]
    for connection, messages, later in (
            (call.control, call.control.messages, 0), (call.h245, call.h245.messages, 0),
            (call.control, second, minute),
            (call.h245, [m.later(minute) for m in call.h245.messages], minute)):
        frames += rebuilt(connection, messages, isn=1000 + later, opened=connection.opened + later,
                          closed=connection.closed + later + 100)
    return frames


# ---- synthetic captures: messages written here

START = 946_684_800 * SECOND        # 2000-01-01
CALLER = End('02:00:00:00:00:10', '198.51.100.10', 0)
CALLEE = End('02:00:00:00:00:20', '198.51.100.20', 1731)


class Script:
    """What the two ends of one control connection send, and when."""

    def __init__(self, port, start=0):
        self.caller = replace(CALLER, port=port)
        self.start = START + int(start * SECOND)
        self.messages = []

    def send(self, seconds, from_caller, data):
        self.messages.append(Message(self.start + int(seconds * SECOND), from_caller, data))

    def say(self, seconds, kind, reference, from_caller=True, called_back=False, **fields):
        """A message of a call that the caller opened, or, called back, the callee."""
        self.send(seconds, from_caller,
                  h225.message(kind, reference, from_caller != called_back, **fields))

    def frames(self):
        last = max(m.time for m in self.messages)
        return tcp_connection(self.caller, CALLEE, self.messages, isn=1000 * self.caller.port,
                              opened=self.start, closed=last + SECOND // 10)


def guid(number):
    return bytes.fromhex('6d7369636370') + bytes(8) + struct.pack('>H', number)


def synthetic_h225_v1_call():
    script = Script(1025)
    v1 = dict(version=1)
    vendor = dict(product='Example Phone', product_version='1.0')
    conference = guid(1)
    script.say(0.1, SETUP, 0x00d6, display='Alice\0', to=(CALLEE.ip, CALLEE.port), conference=conference,
               **v1, **vendor)
    script.say(0.2, CALL_PROCEEDING, 0x00d6, False, **v1, **vendor)
    script.say(0.3, ALERTING, 0x00d6, False, **v1, **vendor)
    script.say(4.3, CONNECT, 0x00d6, False, display='Carol\0', conference=conference, **v1, **vendor)
    script.say(14.3, RELEASE_COMPLETE, 0x00d6, False, **v1)
    return script.frames()


def synthetic_netmeeting_profile_call():
    script = Script(1026)
    v2 = dict(version=2, guid=guid(2))
    script.say(0.1, SETUP, 1, display='Bob', to=(CALLEE.ip, CALLEE.port), conference=guid(2), **v2)
    script.say(0.3, ALERTING, 1, False, **v2)
    script.say(3.3, CONNECT, 1, False, conference=guid(2), **v2)
    script.say(8.3, RELEASE_COMPLETE, 1, **v2)
    return script.frames()


def synthetic_calls_on_one_connection():
    script = Script(1027)

    def setup(seconds, reference, call, source, target, **direction):
        script.say(seconds, SETUP, reference, aliases=[source], to_aliases=[target], conference=guid(call),
                   version=2, guid=guid(call), **direction)

    def say(seconds, kind, reference, call, from_caller, **direction):
        fields = dict(conference=guid(call)) if kind == CONNECT else {}
        script.say(seconds, kind, reference, from_caller, version=2, guid=guid(call), **fields, **direction)

    back = dict(called_back=True)
    setup(0.1, 100, 3, 'ann', 'bea')                            # call A
    setup(0.2, 101, 4, 'ann', 'cleo')                           # call B, side by side
    say(0.4, ALERTING, 100, 3, False)
    say(0.5, ALERTING, 101, 4, False)
    say(1.0, CONNECT, 101, 4, False)
    say(1.2, CONNECT, 100, 3, False)
    setup(2.0, 100, 5, 'dora', 'ann', from_caller=False, **back)       # call C, from the other side
    say(2.2, ALERTING, 100, 5, True, **back)
    say(3.0, RELEASE_COMPLETE, 100, 3, True)                    # A, by its caller
    say(3.5, CONNECT, 100, 5, True, **back)
    setup(4.0, 100, 6, 'ann', 'eve')                            # call D uses A's call reference again
    say(4.2, ALERTING, 100, 6, False)
    say(5.0, RELEASE_COMPLETE, 100, 5, False, **back)           # C, by its caller
    say(5.5, CONNECT, 100, 6, False)
    say(6.0, RELEASE_COMPLETE, 101, 4, False)                   # B, by its callee
    say(7.0, RELEASE_COMPLETE, 100, 6, False)                   # D, by its callee
    return script.frames()


def synthetic_repeated_setup():
    script = Script(1028)
    v2 = dict(version=2, guid=guid(7))
    for seconds in (0.1, 0.6):
        script.say(seconds, SETUP, 7, aliases=['ann'], to_aliases=['bea'], conference=guid(7), **v2)
    script.say(0.8, ALERTING, 7, False, **v2)
    script.say(2.8, CONNECT, 7, False, conference=guid(7), **v2)
    script.say(5.8, RELEASE_COMPLETE, 7, cause=16, **v2)
    return script.frames()


def synthetic_unanswered():
    script = Script(1029)
    v2 = dict(version=2, guid=guid(8))
    script.say(0.1, SETUP, 8, aliases=['ann'], to_aliases=['bea'], conference=guid(8), **v2)
    script.say(5.1, RELEASE_COMPLETE, 8, cause=16, **v2)
    return script.frames()


def synthetic_no_answer_20s():
    script = Script(1030)
    v2 = dict(version=2, guid=guid(9))
    script.say(0.1, SETUP, 9, display='Bob', conference=guid(9), **v2)
    script.say(0.3, ALERTING, 9, False, **v2)
    script.say(21.3, RELEASE_COMPLETE, 9, **v2)
    return script.frames()


def synthetic_causes():
    frames = []
    endings = [(False, dict(cause=cause)) for cause in (17, 18, 19, 21, 111)]
    endings += [(False, dict(reason='inConf')), (False, dict(reason='destinationRejection')),
                (True, dict(cause=16))]
    for i, (from_caller, ending) in enumerate(endings):
        script = Script(1040 + i, start=i * 10)
        v2 = dict(version=2, guid=guid(20 + i))
        script.say(0.1, SETUP, 20 + i, aliases=['ann'], to_aliases=['bea'], conference=guid(20 + i), **v2)
        script.say(0.3, ALERTING, 20 + i, False, **v2)
        script.say(3.3, RELEASE_COMPLETE, 20 + i, from_caller, **ending, **v2)
        frames += script.frames()
    return frames


def synthetic_malformed():
    frames = []
    v2 = dict(version=2, guid=guid(30))
    alerting = h225.user_information(ALERTING, **v2)
    setup = h225.message(SETUP, 30, True, aliases=['ann'], to_aliases=['bea'], conference=guid(30), **v2)
    release = h225.message(RELEASE_COMPLETE, 30, False, cause=31, **v2)
    good = h225.message(ALERTING, 30, False, **v2)
    noise = bytes.fromhex('de ad be ef 00 ff 55 aa 42')

    def wrapped(elements):
        return h225.tpkt(h225.q931(ALERTING, 30, False, elements))

    bad = [
        [bytes.fromhex('03 00 00 03')],                             # TPKT length 3: less than its header
        [bytes.fromhex('03 00 00 00')],                             # TPKT length 0
        [bytes.fromhex('03 00 00 06 08 02')],                       # room for two bytes of Q.931
        [wrapped(b'\x28\x40Eve')],                                  # display of 64 bytes, 3 there
        [wrapped(b'\x7e\x00\x00')],                                 # user-user of no length
        [wrapped(b'\x7e\x00\x01\x05')],                             # of length 1: the discriminator only
        [wrapped(b'\x7e\x00\x02\x05\x23')],                         # of length 2
        [wrapped(b'\x7e\x01\x00\x05' + alerting)],                  # longer than the message
        [h225.tpkt(b'\x08\x0f' + bytes(15) + bytes([ALERTING]) + h225.user_user(alerting))],  # long reference
        [h225.tpkt(b'\x99' + h225.q931(ALERTING, 30, False, h225.user_user(alerting))[1:])],    # not Q.931
        [wrapped(h225.user_user(alerting[:len(alerting) // 2]))],   # H.225.0 that ends too early
        [good, noise],                                              # foreign bytes in a segment of their own
        [good + noise],                                             # foreign bytes behind a message
    ]
    for i, segments in enumerate(bad):
        script = Script(1060 + i, start=i * 10)
        timed = [(0.1, True, setup), *((0.5 + j, False, segment) for j, segment in enumerate(segments)),
                 (3.0, False, release)]
        for seconds, from_caller, data in timed:
            script.send(seconds, from_caller, data.replace(guid(30), guid(30 + i)))
        frames += script.frames()
    return frames


if __name__ == '__main__':
    make_captures(globals(), HERE, snaplens={'derived-snaplen-96.pcap': 96})
