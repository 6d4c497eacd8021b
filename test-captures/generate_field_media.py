#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of what calls carry in the field: data, fax, codecs that change, digits, encrypted media.

    test-captures/generate_field_media.py                make all of them
    test-captures/generate_field_media.py NAME.pcap ...  make only these
    test-captures/generate_field_media.py --into DIR     put them elsewhere

The derived ones put a recording together anew; the synthetic ones are written here, because no
endpoint at hand does these things. README.md says of each which it is. The same recordings always
give the same bytes. Needs Debian's python3-scapy, and neither network nor root.
"""
import struct
from pathlib import Path

import h225
import h245
from field import ANN, ANN6, BEA, BEA6, Call, Connection, all_frames, at, audio_call, using
from h245 import SESSION_AUDIO, SESSION_DATA, SESSION_VIDEO
from wire import datagram, make_captures

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


if __name__ == '__main__':
    make_captures(globals(), Path(__file__).parent)
