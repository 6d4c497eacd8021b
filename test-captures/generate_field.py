#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of how calls go in the field: routed, forwarded, begun otherwise, captured on both sides.

    test-captures/generate_field.py                make all of them
    test-captures/generate_field.py NAME.pcap ...  make only these
    test-captures/generate_field.py --into DIR     put them elsewhere

The derived ones put a recording together anew; the synthetic ones are written here, because no
endpoint at hand does these things. README.md says of each which it is. The same recordings always
give the same bytes. Needs Debian's python3-scapy, and neither network nor root.
"""
import struct
from dataclasses import replace
from pathlib import Path

import h225
import h245
from field import (ANN, ANN6, BEA, BEA6, CLEO, CLEO6, GATE, GATE6, MILLISECOND, Call, all_frames, audio_call, guid,
                   using)
from h225 import ALERTING, CALL_PROCEEDING, CONNECT, DISCONNECT, FACILITY, INFORMATION, SETUP, SETUP_ACKNOWLEDGE
from h245 import SESSION_AUDIO, SESSION_VIDEO
from scapy.layers.inet import IP
from wire import End, edit_packet, is_rtp, make_captures, read_capture, tcp_connection, tcp_connections

# ---- calls by way of a gatekeeper, captured on both sides of it


class Routed:
    """The recorded short call, its signalling by way of a third address."""

    THIRD = End('02:00:00:73:01:30', '10.73.1.30', 1731)
    DELAY = 20      # microseconds on its way through

    def __init__(self):
        frames = read_capture(Path(__file__).parent / 'h323-short-call-1731.pcap')
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
    frames = read_capture(Path(__file__).parent / 'h323-short-call-1731.pcap')
    release = tcp_connections(frames)[0].messages[-1]
    media = [frame for frame in frames if is_rtp(frame)]
    return [frame for frame in frames if frame.time >= release.time or frame in media[20:]]


def derived_rotated_middle():
    """A file of a ring that begins in the talk: a FACILITY comes in the middle of the media."""
    frames = read_capture(Path(__file__).parent / 'h323-short-call-1731.pcap')
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


# ---- how captures are taken

def tagged(frame, number):
    return replace(frame, data=frame.data[:12] + struct.pack('>HH', 0x8100, number) + frame.data[12:])


def derived_media_twice():
    """RTP is there twice, once in a VLAN and once not; the signalling once."""
    frames = read_capture(Path(__file__).parent / 'h323-short-call-1731.pcap')
    media = [frame for frame in frames if is_rtp(frame)]
    return frames + [tagged(frame, 10).later(3) for frame in media]


def derived_media_twice_one_way():
    """Only what the callee sends is there twice, and the second of each comes after the next packet."""
    frames = read_capture(Path(__file__).parent / 'h323-separate-h245-1731.pcap')
    connection = tcp_connections(frames)[0]
    source = bytes.fromhex(connection.server.mac.replace(':', ''))
    media = [frame for frame in frames if is_rtp(frame) and frame.data[6:12] == source]
    return frames + [frame.later(25 * MILLISECOND) for frame in media]


if __name__ == '__main__':
    make_captures(globals(), Path(__file__).parent)
