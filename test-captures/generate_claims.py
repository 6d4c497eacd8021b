#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of calls of which too much is easily claimed: what is no audio, no NAT, no loss, nobody's identifier.

    test-captures/generate_claims.py                make all of them
    test-captures/generate_claims.py NAME.pcap ...  make only these
    test-captures/generate_claims.py --into DIR     put them elsewhere

All are synthetic: no endpoint at hand does these things. README.md says of each what it shows. Needs Debian's
python3-scapy, and neither network nor root.
"""
import struct
from pathlib import Path

import h245
import ras
from field import ANN, ANN6, BEA, BEA6, CLEO, GATE, Call, Connection, all_frames, at, audio_call, rtp, tone, using
from generate_field_media import send_event
from h225 import FACILITY, INFORMATION, SETUP
from h245 import SESSION_AUDIO
from wire import End, datagram, make_captures

HERE = Path(__file__).parent

G711_SILENCE = b'\xff' * 160
# A full rate frame of nothing (GSM 06.10), and a frame of G.723.1 that describes noise.
GSM_SILENCE = bytes.fromhex('d82000') + bytes(30)
G7231_NOISE = bytes.fromhex('02000000')
COMFORT_NOISE = b'\x4d'


def talking_call(caller=ANN, callee=BEA, number=1, count=60, until=5.0, **how):
    """Audio to the callee, and the call's end; what goes to the caller is still to be said."""
    call = audio_call(caller, callee, number, **how)
    call.media(1.6, True, 6000, 7000, count, interval=50)
    call.end(until)
    return call


# ---- what is no audio

def synthetic_digits_instead_of_audio():
    """Nothing but telephone events to the caller."""
    call = talking_call()
    for i, digit in enumerate((5, 5, 6, 11)):
        send_event(call, 2.0 + i * 0.3, digit, 200 + 4 * i, to_callee=False)
    return call.frames()


def synthetic_comfort_noise_instead_of_audio():
    """Nothing but comfort noise (payload type 13) to the caller, over IPv6."""
    call = talking_call(ANN6, BEA6)
    call.media(1.7, False, 6000, 7000, 30, 13, interval=100, payload=COMFORT_NOISE)
    return call.frames()


def synthetic_empty_rtp_instead_of_audio():
    """RTP without a payload to the caller, which keeps a NAT open."""
    call = talking_call()
    source, target = using(BEA, 7000), using(ANN, 6000)
    for i in range(30):
        header = struct.pack('>BBHII', 0x80, 0, 100 + i, 1600 * i, 0x10001)
        call.others.append(datagram(at(1.7 + i / 10), source, target, header, number=i))
    return call.frames()


def synthetic_silent_from_the_answer_on():
    """An announcement to the caller before the answer; after it nothing more."""
    call = Call(ANN, BEA, 1)
    call.begin()
    call.open_both_ways(0.4, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media(0.6, False, 6000, 7000, 20)
    call.media(1.6, True, 6000, 7000, 60, interval=50)
    call.end(5.0)
    return call.frames()


def stopping_call(noise):
    """A call of a minute; after three seconds nothing more comes to the caller, but for these packets of noise."""
    call = audio_call(ANN, BEA, 1)
    call.media(1.6, True, 6000, 7000, 590, interval=100)
    call.media(1.6, False, 6000, 7000, 30, interval=100)
    call.media(4.6, False, 6000, 7000, noise, 13, first=130, payload=COMFORT_NOISE)
    call.end(61.0)
    return call.frames()


def synthetic_audio_stops():
    return stopping_call(0)


def synthetic_audio_stops_with_noise():
    """Its sender announces silence: that is no fault."""
    return stopping_call(1)


def silent_call(payload_type, silence, interval, codec=h245.G711U):
    call = Call(ANN, BEA, 1)
    call.begin()
    call.open_both_ways(1.3, 1, codec, SESSION_AUDIO, 6000, 7000)
    call.media(1.6, True, 6000, 7000, 130, payload_type, interval=interval,
               payload=tone(len(silence)) if payload_type == 0 else b'\xd5' * len(silence))
    call.media(1.6, False, 6000, 7000, 130, payload_type, interval=interval, payload=silence)
    call.end(7.0)
    return call.frames()


def synthetic_silent_g711():
    """All that comes to the caller is silence."""
    return silent_call(0, G711_SILENCE, 20)


# ---- whose it is

def synthetic_nil_identifier():
    """Two calls at once, of other parties; both have the identifier of nothing."""
    calls = (Call(ANN, GATE, 1, identifier=bytes(16)), Call(GATE, BEA, 2, start=0.2, identifier=bytes(16)))
    for call, names in zip(calls, (('ann', 'gate'), ('gate', 'bea')), strict=True):
        call.begin(names)
        call.end(4.0)
    return all_frames(*calls)


def synthetic_h245_address_of_all():
    """A gatekeeper announces one address of H.245 to two endpoints, and each connects to it."""
    frames = []
    for number, end, start in ((1, ANN, 0.0), (2, CLEO, 0.4)):
        call = audio_call(end, GATE, number, h245_port=1722, start=start, ports=(6000, 7000 + 10 * number))
        call.media_both_ways(1.6, 6000, 7000 + 10 * number, 40)
        call.end(4.0)
        frames += call.frames()
    return frames


def synthetic_fast_start_answer_echoes():
    """The callee's answer repeats in its own channel's element the address that the caller has named for it."""
    call = Call(ANN, BEA, 1)
    here, there = (ANN.ip, 6000), (BEA.ip, 7000)
    offer = [h245.fast_start_element(1, h245.G711U, control=(ANN.ip, 6001)),
             h245.fast_start_element(1, h245.G711U, here, (ANN.ip, 6001), backward=True)]
    answer = [h245.fast_start_element(1, h245.G711U, there, (BEA.ip, 7001)),
              h245.fast_start_element(1, h245.G711U, here, (BEA.ip, 7001), backward=True)]
    call.begin(setup={'fast_start': offer}, alerting={'fast_start': answer})
    call.media_both_ways(1.2, 6000, 7000, 60)
    call.end(4.0)
    return call.frames()


def synthetic_control_connected_again():
    """The signalling's connection ends in mid-call; the same end connects again and goes on."""
    call = audio_call(ANN, BEA, 1)
    call.media_both_ways(1.6, 6000, 7000, 100)
    call.control.closed = 2.5
    first = call.control.frames()
    call.control = Connection(using(ANN, 21501), using(BEA, 1731), 3.0)
    call.say(3.1, FACILITY)
    call.end(4.0)
    return first + call.frames()


def routed(reason):
    """The callee asks to be called by way of the gatekeeper; the caller does so, with the same call identifier."""
    first = Call(ANN, BEA, 1)
    first.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'])
    first.say(0.3, FACILITY, False, reason=reason, alternative=(GATE.ip, 1731))
    first.end(0.4, cause=None, reason='facilityCallDeflection')
    second = audio_call(ANN, GATE, 2, start=0.5)
    second.identifier = first.identifier
    second.media_both_ways(1.6, 6000, 7000, 40)
    second.end(4.0)
    return all_frames(first, second)


def synthetic_routed_to_gatekeeper():
    return routed('routeCallToGatekeeper')


def synthetic_routed_to_mc():
    return routed('routeCallToMC')


# ---- what is no address translation

def synthetic_music_by_multicast():
    """Talk, then the callee opens a channel to a group, and music comes to it from a third host."""
    group = End('01:00:5e:01:01:01', '239.1.1.1', 16384)
    call = audio_call(ANN, BEA, 1)
    call.media_both_ways(1.6, 6000, 7000, 60)
    call.control_media(3.0, False, h245.close_channel(1))
    call.control_media(3.05, True, h245.close_channel_accepted(1))
    call.control_media(3.1, False, h245.open_channel(2, h245.G711U, SESSION_AUDIO, media=(group.ip, group.port)))
    call.control_media(3.15, True, h245.accept_channel(2, SESSION_AUDIO))
    call.others += rtp(3.3, using(CLEO, 16384), group, 60, 0, 0x77)
    call.end(5.0)
    return call.frames()


def hold(call, seconds):
    """By an empty capability set (H.323 section 8.4.6): both channels are closed."""
    call.control_media(seconds, False, h245.capabilities(2))
    call.control_media(seconds + 0.05, True, h245.capabilities_accepted(2))
    for from_caller in (True, False):
        call.control_media(seconds + 0.1, from_caller, h245.close_channel(1))
        call.control_media(seconds + 0.15, not from_caller, h245.close_channel_accepted(1))


def synthetic_hold_and_resume():
    """Held for three seconds; then the channels are opened again at other ports."""
    call = Call(ANN, BEA, 1)
    call.begin()
    for from_caller in (True, False):
        call.control_media(1.2, from_caller, h245.capabilities())
    call.open_both_ways(1.3, 1, h245.G711U, SESSION_AUDIO, 6000, 7000)
    call.media_both_ways(1.6, 6000, 7000, 60)
    hold(call, 3.0)
    call.open_both_ways(6.0, 2, h245.G711U, SESSION_AUDIO, 6010, 7010)
    for to_callee, ssrc in ((True, 0x51), (False, 0x52)):
        call.media(6.3, to_callee, 6010, 7010, 60, ssrc=ssrc)
    call.end(8.0)
    return call.frames()


def synthetic_held_at_no_address():
    """The callee wants its media at 0.0.0.0 for as long as the call is held."""
    call = audio_call(ANN, BEA, 1)
    call.media_both_ways(1.6, 6000, 7000, 60)
    call.control_media(3.0, True, h245.close_channel(1))
    call.control_media(3.05, False, h245.close_channel_accepted(1))
    call.control_media(3.1, True, h245.open_channel(2, h245.G711U, SESSION_AUDIO, control=(ANN.ip, 6001)))
    call.control_media(3.15, False, h245.accept_channel(2, SESSION_AUDIO, ('0.0.0.0', 7000), ('0.0.0.0', 7001)))
    call.end(6.0)
    return call.frames()


def synthetic_request_of_elsewhere():
    """From behind a router that leaves messages alone; nobody answers the request."""
    public = End('02:00:00:73:09:01', '198.51.100.9', 0)
    call = Call(public, BEA, 1)
    call.say(0.1, SETUP, aliases=['ann'], to_aliases=['bea'], source=('192.168.4.10', 1720))
    call.end(9.0)
    return call.frames()


# ---- media of another form

def numbered(call, seconds, to_callee, number, count, source, target, inner=None):
    """RTP behind a multiplexID."""
    for i in range(count):
        header = struct.pack('>IBBHII', number, 0x80, 0, 100 + i, 160 * i, 0x10000 + number + to_callee)
        call.others.append(datagram(at(call.start + seconds + i / 50), source, target,
                                    header + (inner or tone(160)), number=i))


def synthetic_multiplexed_media():
    """Two calls by way of a gatekeeper, of which all media comes to one port (H.460.19), told apart by its numbers."""
    frames = []
    shared, shared_rtcp = (GATE.ip, 3000), (GATE.ip, 3001)
    for number, end, start in ((1, ANN, 0.0), (2, CLEO, 0.4)):
        call = Call(end, GATE, number, start=start, h245_port=20500 + number)
        call.begin()
        to_gate, to_end = 0x10 * number, 0x10 * number + 1
        call.control_media(1.3, True, h245.open_channel(1, h245.G711U, SESSION_AUDIO, control=(end.ip, 6001),
                                                        information=h245.traversal(to_end, control=(end.ip, 6001))))
        call.control_media(1.35, False, h245.open_channel(1, h245.G711U, SESSION_AUDIO, control=shared_rtcp))
        call.control_media(1.4, False, h245.accept_channel(
            1, SESSION_AUDIO, shared, shared_rtcp, information=h245.traversal(to_gate, shared, shared_rtcp)))
        call.control_media(1.45, True, h245.accept_channel(
            1, SESSION_AUDIO, (end.ip, 6000), (end.ip, 6001),
            information=h245.traversal(to_end, (end.ip, 6000), (end.ip, 6001))))
        numbered(call, 1.6, True, to_gate, 60, using(end, 6000), using(GATE, 3000))
        numbered(call, 1.605, False, to_end, 60, using(GATE, 3000), using(end, 6000))
        call.end(4.0)
        frames += call.frames()
    return frames


def synthetic_media_of_unknown_form():
    """Datagrams both ways between the addresses that were agreed on, in a form that no message tells of."""
    call = audio_call(ANN, BEA, 1)
    numbered(call, 1.6, True, 7, 60, using(ANN, 6000), using(BEA, 7000))
    numbered(call, 1.605, False, 8, 60, using(BEA, 7000), using(ANN, 6000))
    call.end(4.0)
    return call.frames()


# ---- digits

def synthetic_keypad_digits():
    """One digit by each INFORMATION, then one by H.245 and one by RFC 2833."""
    call = talking_call(count=30, until=6.0)
    call.media(1.6, False, 6000, 7000, 60, interval=50)
    for i, digit in enumerate('12345'):
        call.say(2.0 + i / 10, INFORMATION, keypad=digit)
    call.control_media(3.0, True, h245.digits('#'))
    send_event(call, 3.5, 9, 130)
    return call.frames()


# ---- registrations

GATEKEEPER = using(GATE, 1730)
ENDPOINT = using(ANN, 1024)
SIGNALLING = (ANN.ip, 1720)
RAS_OF_ALL = End('01:00:5e:00:01:29', '224.0.1.41', 1730)       # H.225.0 section 7.2.1: 1718 there


def ras_talk(*messages):
    """Seconds, from the endpoint or not, and the message."""
    return [datagram(at(seconds), *((ENDPOINT, GATEKEEPER) if by_endpoint else (GATEKEEPER, ENDPOINT)), data, number=i)
            for i, (seconds, by_endpoint, data) in enumerate(messages)]


def request(sequence, **how):
    return ras.registration_request(sequence, SIGNALLING, (ENDPOINT.ip, ENDPOINT.port), 'ann', **how)


def synthetic_registration_refused():
    """Its name is another's; it tries three times."""
    return ras_talk(*((10.0 * i + j / 10, not j, ras.registration_reject(7 + i, 'ann') if j else request(7 + i))
                      for i in range(3) for j in range(2)))


def synthetic_registration_kept_alive():
    """For 60 seconds at a time; the gatekeeper leaves the last two renewals without an answer."""
    frames = ras_talk((0.0, True, request(7, seconds=60)), (0.1, False, ras.registration_confirm(7, SIGNALLING, '1', 60)))
    for i in range(5):
        frames += ras_talk((30.0 * (i + 1), True, request(8 + i, seconds=60, keep_alive='1')))
        if i < 3:
            frames += ras_talk((30.0 * (i + 1) + 0.1, False, ras.registration_confirm(8 + i, SIGNALLING, '1', 60)))
    return frames


def synthetic_registration_unanswered():
    """It looks for a gatekeeper by multicast, then asks one that it knows; nobody answers either."""
    search = ras.gatekeeper_request(3, (ENDPOINT.ip, ENDPOINT.port), 'ann')
    frames = [datagram(at(i), ENDPOINT, RAS_OF_ALL, search, number=i) for i in range(2)]
    return frames + ras_talk(*((5.0 + i, True, request(7 + i)) for i in range(3)))


def synthetic_unregistered_by_gatekeeper():
    """Its time is over."""
    return ras_talk((0.0, True, request(7, seconds=60)), (0.1, False, ras.registration_confirm(7, SIGNALLING, '1', 60)),
                    (70.0, False, ras.unregistration_request(9, SIGNALLING, reason=ras.TTL_EXPIRED)),
                    (70.1, True, ras.short(ras.UCF, 9)))


if __name__ == '__main__':
    make_captures(globals(), HERE)
