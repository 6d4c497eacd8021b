#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of calls as other stacks may make them, of messages by an encoder of others' making (encoder.py).

    test-captures/generate_stacks.py                make all of them
    test-captures/generate_stacks.py NAME.pcap ...  make only these
    test-captures/generate_stacks.py --into DIR     put them elsewhere

The messages are in stacks.json.xz, which script/encode-messages makes again. The calls are made up: each uses what the
specification allows and the other captures have not. Needs Debian's python3-scapy, and neither network nor root.
"""
import ipaddress
import os
from pathlib import Path

import h225
from encoder import H225, H245, NULL, Encoded, Erlang
from field import Call, Connection, guid, using
from h225 import ALERTING, BEARER, CALL_PROCEEDING, CONNECT, FACILITY, RELEASE_COMPLETE, SETUP
from wire import End, make_captures

HERE = Path(__file__).parent
PROGRESS = 0x03
IDENTIFIER = (0, 0, 8, 2250, 0, 4)

BODIES = {SETUP: 'setup', CALL_PROCEEDING: 'callProceeding', ALERTING: 'alerting', CONNECT: 'connect',
          FACILITY: 'facility', PROGRESS: 'progress', RELEASE_COMPLETE: 'releaseComplete'}

ERLANG = Erlang(os.environ['MSICCP_ENCODER']) if os.environ.get('MSICCP_ENCODER') else None
ENCODED = Encoded(HERE / 'stacks.json.xz', ERLANG)


def ends(number):
    """Two hosts that no other call has."""
    return (End(f'02:00:00:75:{number:02x}:10', f'10.75.{number}.10', 0),
            End(f'02:00:00:75:{number:02x}:20', f'10.75.{number}.20', 0))


def packed(ip):
    return ipaddress.ip_address(ip).packed


# ---- transport addresses, of H.225.0 and of H.245

def ip_of_h225(ip, port):
    if ':' in ip:
        return 'ip6Address', {'ip': packed(ip), 'port': port}
    return 'ipAddress', {'ip': packed(ip), 'port': port}


def routed_of_h225(ip, port):
    return 'ipSourceRoute', {'ip': packed(ip), 'port': port, 'route': [packed('10.75.0.9'), packed('10.75.0.10')],
                             'routing': ('strict', NULL)}


NET_BIOS = ('netBios', b'NETMEETING      ')
NSAP = ('nsap', bytes.fromhex('47000580ffe1000000f21a26d80020d40a1f0900'))


def ip_of_h245(ip, port):
    kind = 'iP6Address' if ':' in ip else 'iPAddress'
    return 'unicastAddress', (kind, {'network': packed(ip), 'tsapIdentifier': port})


def routed(ip, port):
    return 'unicastAddress', ('iPSourceRouteAddress', {'routing': ('loose', NULL), 'network': packed(ip),
                                                       'tsapIdentifier': port, 'route': [packed('10.75.0.9')]})


def group(ip, port):
    return 'multicastAddress', ('iP6Address' if ':' in ip else 'iPAddress',
                                {'network': packed(ip), 'tsapIdentifier': port})


def no_ip(address):
    return 'unicastAddress', address


# ---- H.245

def parameters(media=None, control=None, session=1, payload_type=None):
    found = {'sessionID': session, 'mediaChannel': media, 'mediaControlChannel': control,
             'dynamicRTPPayloadType': payload_type}
    return {key: value for key, value in found.items() if value is not None}


def audio(codec, value=20):
    return 'audioData', (codec, value)


ALAW, ULAW, GSM = audio('g711Alaw64k'), audio('g711Ulaw64k'), audio('gsmFullRate', {
    'audioUnitSize': 33, 'comfortNoise': False, 'scrambled': False})
EFR = audio('gsmEnhancedFullRate', {'audioUnitSize': 31, 'comfortNoise': False, 'scrambled': False})


def forward(number, data, **addresses):
    return {'forwardLogicalChannelNumber': number, 'forwardLogicalChannelParameters': {
        'dataType': data, 'multiplexParameters': ('h2250LogicalChannelParameters', parameters(**addresses))}}


def reverse(number, data, **addresses):
    return {'forwardLogicalChannelNumber': number, 'forwardLogicalChannelParameters': {
        'dataType': ('nullData', NULL), 'multiplexParameters': ('none', NULL)},
        'reverseLogicalChannelParameters': {
            'dataType': data, 'multiplexParameters': ('h2250LogicalChannelParameters', parameters(**addresses))}}


def opened(channel):
    return 'request', ('openLogicalChannel', channel)


def accepted(number, **addresses):
    return 'response', ('openLogicalChannelAck', {
        'forwardLogicalChannelNumber': number,
        'forwardMultiplexAckParameters': ('h2250LogicalChannelAckParameters', parameters(**addresses))})


def h245_octets(message):
    return ENCODED.encode(H245, 'MultimediaSystemControlMessage', message)


# ---- calls

class StackCall(Call):
    """A call whose messages the other encoder has made."""

    def tell(self, seconds, kind, from_caller=True, *, elements=(), fast=(), tunnelled=(), **fields):
        body = {'protocolIdentifier': IDENTIFIER, 'callIdentifier': {'guid': self.identifier}} | fields
        if fast:
            body['fastStart'] = [ENCODED.encode(H245, 'OpenLogicalChannel', one) for one in fast]
        information = {'h323-message-body': (BODIES[kind], body)}
        if tunnelled:
            information |= {'h245Tunnelling': True, 'h245Control': [h245_octets(one) for one in tunnelled]}
        data = ENCODED.encode(H225, 'H323-UserInformation', {'h323-uu-pdu': information})
        octets = (BEARER if kind == SETUP else b'') + b''.join(h225.element(*one) for one in elements)
        self.control.say(self.start + seconds, from_caller,
                         h225.tpkt(h225.q931(kind, self.reference, from_caller, octets + h225.user_user(data))))

    def ask(self, seconds=0.1, fast=(), **fields):
        self.tell(seconds, SETUP, fast=fast, **{
            'sourceInfo': terminal(), 'activeMC': False, 'conferenceID': self.identifier,
            'conferenceGoal': ('create', NULL), 'callType': ('pointToPoint', NULL), 'mediaWaitForConnect': False,
            'canOverlapSend': False} | fields)

    def answer(self, seconds, kind, fast=(), elements=(), **fields):
        if kind in (CALL_PROCEEDING, ALERTING, CONNECT, PROGRESS):
            fields = {'destinationInfo': terminal()} | fields
        if kind == CONNECT:
            fields = {'conferenceID': self.identifier} | fields
        if kind == FACILITY:
            fields = {'reason': ('undefinedReason', NULL)} | fields
        self.tell(seconds, kind, False, fast=fast, elements=elements, **fields)

    def hang_up(self, seconds=3.0):
        self.tell(seconds, RELEASE_COMPLETE, elements=[(0x08, b'\x80\x90')])
        self.close(seconds + 0.1)

    def say_h245(self, seconds, from_caller, message):
        if self.h245:
            self.h245.say(self.start + seconds, from_caller, h225.tpkt(h245_octets(message)))
        else:
            self.tell(seconds, FACILITY, from_caller, reason=('transportedInformation', NULL), tunnelled=[message])


def terminal():
    return {'terminal': {}, 'mc': False, 'undefinedNode': False}


def stack_call(number, **how):
    caller, callee = ends(number)
    return StackCall(caller, callee, number, start=5.0 * (number % 40), identifier=guid(0x7500 + number), **how)


def name(text):
    return [('h323-ID', text)]


def offer(call, codecs):
    """A pair of elements for each codec, the caller's addresses in them."""
    here = call.caller.ip
    elements = []
    for i, codec in enumerate(codecs):
        dynamic = {'payload_type': 96 + i} if codec == EFR else {}
        elements.append(forward(10 + i, codec, control=ip_of_h245(here, 6001), **dynamic))
        elements.append(reverse(20 + i, codec, media=ip_of_h245(here, 6000), control=ip_of_h245(here, 6001), **dynamic))
    return elements


def chosen(call, codec, to_callee=ip_of_h245, back=True, payload_type=None):
    """Both elements of one codec, with the callee's addresses and, unless it is left out, the caller's as offered."""
    callee = call.callee.ip
    there = ip_of_h245(call.caller.ip, 6000) if back else None
    return [forward(10, codec, media=to_callee(callee, 7000), control=ip_of_h245(callee, 7001),
                    payload_type=payload_type),
            reverse(20, codec, media=there, control=ip_of_h245(callee, 7001), payload_type=payload_type)]


def fast_call(number, codecs, answers, payload_type=8):
    """A fast start, answered in these messages: their kinds and elements, by the call."""
    call = stack_call(number)
    call.ask(fast=offer(call, codecs), sourceAddress=name(f'fast{number}'))
    kinds = [kind for kind, _ in answers]
    for kind, seconds in ((CALL_PROCEEDING, 0.2), (ALERTING, 0.4), (PROGRESS, 0.5), (FACILITY, 0.6), (CONNECT, 1.0)):
        if kind in kinds or kind == CONNECT:
            call.answer(seconds, kind, fast=dict(answers)[kind](call) if kind in kinds else ())
    call.media_both_ways(1.2, 6000, 7000, 20, payload_type)
    call.hang_up()
    return call.frames()


def synthetic_stacks_fast_start():
    """Each answer that a fast start can have, a call each; audio goes both ways in all of them."""
    def with_address(call):
        return chosen(call, ALAW)

    def without_address(call):
        return chosen(call, ALAW, back=False)

    def other_order(call):
        return chosen(call, ALAW)[::-1]

    def source_routed(call):
        return chosen(call, ALAW, to_callee=routed)

    def control_alone(call):
        there = call.callee.ip
        return [forward(10, ALAW, control=ip_of_h245(there, 7001)), reverse(20, ALAW, control=ip_of_h245(there, 7001))]

    def dynamic(call):
        return chosen(call, EFR, back=False, payload_type=98)

    codecs = [GSM, ULAW, ALAW]
    answers = [[(CONNECT, with_address)], [(CALL_PROCEEDING, with_address)], [(ALERTING, with_address)],
               [(PROGRESS, with_address)], [(FACILITY, with_address)],
               [(ALERTING, with_address), (CONNECT, with_address)],
               [(CONNECT, without_address)], [(ALERTING, without_address)], [(CONNECT, other_order)],
               [(CONNECT, source_routed)], [(CONNECT, control_alone)]]
    calls = [fast_call(1 + i, codecs, answer) for i, answer in enumerate(answers)]
    calls.append(fast_call(1 + len(answers), [GSM, ULAW, EFR], [(CONNECT, dynamic)], payload_type=98))
    return [frame for frames in calls for frame in frames]


def number_digits(text):
    return {'publicTypeOfNumber': ('internationalNumber', NULL), 'publicNumberDigits': text}


ALIASES = [
    ('dialledDigits', '4711'), ('h323-ID', 'bea'), ('url-ID', 'h323:bea@example.org'), ('email-ID', 'bea@example.org'),
    ('transportID', ip_of_h225('10.75.99.1', 1720)), ('transportID', ip_of_h225('fd75::1', 1720)),
    ('transportID', NET_BIOS),
    ('partyNumber', ('e164Number', number_digits('4930123456'))), ('partyNumber', ('dataPartyNumber', '26245')),
    ('partyNumber', ('telexPartyNumber', '41123')), ('partyNumber', ('nationalStandardPartyNumber', '0301234')),
    ('partyNumber', ('privateNumber', {'privateTypeOfNumber': ('unknown', NULL), 'privateNumberDigits': '2020'})),
    ('mobileUIM', ('gsm-uim', {'imsi': '262011234567890', 'msisdn': '491711234567'})),
    ('mobileUIM', ('gsm-uim', {'tmsi': bytes.fromhex('0a0b0c0d')})),
    ('mobileUIM', ('ansi-41-uim', {'mdn': '2125550100', 'system-id': ('sid', '123')})),
    ('isupNumber', ('e164Number', {'natureOfAddress': ('internationalNumber', NULL), 'address': '4930654321'})),
    ('isupNumber', ('privateNumber', {'privateTypeOfNumber': ('unknown', NULL), 'address': '3030'})),
]


def named_call(number, aliases):
    call = stack_call(number)
    call.ask(sourceAddress=aliases, destinationAddress=name('bea'))
    call.answer(0.3, ALERTING)
    call.hang_up(2.0)
    return call.frames()


def synthetic_stacks_aliases():
    """Every alternative of AliasAddress as the caller, alone and behind a transport address that says less."""
    frames = []
    for i, alias in enumerate(ALIASES):
        frames += named_call(40 + 2 * i, [alias])
        frames += named_call(41 + 2 * i, [('transportID', ip_of_h225('10.75.99.9', 1720)), alias])
    return frames


def channels_call(number, h245_address=None, accept=None, connect_to=None):
    """Audio both ways over H.245, tunnelled without an address for it; accept gives what an acknowledgement names."""
    caller, callee = (('fd75::10', 'fd75::20') if number in (112, 113) else (None, None))
    call = stack_call(number)
    if caller:
        call.caller, call.callee = (End(end.mac, ip, 0) for end, ip in zip((call.caller, call.callee), (caller, callee)))
        call.control.client, call.control.server = using(call.caller, call.port), using(call.callee, 1731)
    call.ask(sourceAddress=name(f'channels{number}'))
    call.answer(0.3, ALERTING)
    if h245_address:
        call.h245 = Connection(using(call.caller, call.port + 1000), using(call.callee, 5001), call.start + 1.1, None)
        call.answer(1.0, CONNECT, h245Address=h245_address(call.callee.ip, 5001))
    else:
        call.answer(1.0, CONNECT)
    accept = accept or (lambda ip, port: {'media': ip_of_h245(ip, port), 'control': ip_of_h245(ip, port + 1)})
    for way, here, port in ((True, call.caller, 6000), (False, call.callee, 7000)):
        call.say_h245(1.2 + 0.02 * way, way, opened(forward(2, ALAW, control=ip_of_h245(here.ip, port + 1))))
    for way, here, port in ((True, call.caller, 6000), (False, call.callee, 7000)):
        call.say_h245(1.3 + 0.02 * way, way, accepted(2, **accept(here.ip, port)))
    call.media_both_ways(1.5, 6000, 7000, 20, 8)
    call.hang_up()
    return call.frames()


def synthetic_stacks_addresses():
    """Every form of an address of media and of H.245 that holds an address of IP; and some that hold none."""
    def in_ack(write, control=ip_of_h245):
        return lambda ip, port: {'media': write(ip, port), 'control': control(ip, port + 1)}

    def control_alone(ip, port):
        return {'control': ip_of_h245(ip, port + 1)}

    calls = [channels_call(110, accept=in_ack(routed)), channels_call(111, ip_of_h225, in_ack(routed, routed)),
             channels_call(112), channels_call(113, ip_of_h225, control_alone),
             channels_call(114, routed_of_h225), channels_call(115, accept=control_alone),
             channels_call(116, accept=in_ack(lambda ip, port: no_ip(NET_BIOS))),
             channels_call(117, accept=in_ack(lambda ip, port: no_ip(NSAP))),
             channels_call(118, lambda ip, port: NET_BIOS)]
    return [frame for frames in calls for frame in frames]


# ---- calls with the fields that products set

def vendor(manufacturer, product, version):
    return {'vendor': {'t35CountryCode': 181, 't35Extension': 0, 'manufacturerCode': manufacturer},
            'productId': product.encode('cp1252'), 'versionId': version.encode('cp1252')}


def product_terminal(*maker):
    return {'vendor': vendor(*maker), **terminal()}


def product_gateway(*maker):
    return {'vendor': vendor(*maker), 'gateway': {'protocol': [('voice', {'supportedPrefixes': []})]}, 'mc': False,
            'undefinedNode': False}


def number_element(identifier, digits):
    return identifier, b'\x80' + digits.encode()


G7231 = audio('g7231', {'maxAl-sduAudioFrames': 4, 'silenceSuppression': True})
G729 = audio('g729', 2)
PROGRESS_INBAND = (0x1e, b'\x81\x88')
NIL = {'callIdentifier': {'guid': bytes(16)}}


def capability_set(*codecs):
    table = [{'capabilityTableEntryNumber': 1 + i, 'capability': ('receiveAudioCapability', codec[1])}
             for i, codec in enumerate(codecs)]
    return 'request', ('terminalCapabilitySet', {
        'sequenceNumber': 1, 'protocolIdentifier': (0, 0, 8, 245, 0, 7), 'capabilityTable': table,
        'capabilityDescriptors': [{'capabilityDescriptorNumber': 0,
                                   'simultaneousCapabilities': [[1 + i for i in range(len(codecs))]]}]})


def open_audio_both_ways(call, codec, seconds=1.3):
    for way, here, port in ((True, call.caller, 6000), (False, call.callee, 7000)):
        call.say_h245(seconds + 0.02 * way, way, capability_set(codec, GSM))
        call.say_h245(seconds + 0.05 + 0.02 * way, way,
                      opened(forward(257, codec, control=ip_of_h245(here.ip, port + 1))))
    for way, here, port in ((True, call.caller, 6000), (False, call.callee, 7000)):
        call.say_h245(seconds + 0.1 + 0.02 * way, way, accepted(
            257, media=ip_of_h245(here.ip, port), control=ip_of_h245(here.ip, port + 1)))


def listen_for_h245(call, port=5001):
    call.h245 = Connection(using(call.caller, call.port + 1000), using(call.callee, port), call.start + 1.1, None)
    return {'h245Address': ip_of_h225(call.callee.ip, port)}


def as_netmeeting(number):
    """Its own set of fields: no fast start, H.245 by itself, and no identifier in what the callee says."""
    call = stack_call(number)
    maker = (21324, 'Microsoft® NetMeeting®', '3.0')
    call.ask(sourceAddress=name('ann'), sourceInfo=product_terminal(*maker), destinationAddress=name('bea'),
             destCallSignalAddress=ip_of_h225(call.callee.ip, 1731),
             sourceCallSignalAddress=ip_of_h225(call.caller.ip, call.port))
    call.answer(0.3, ALERTING, destinationInfo=product_terminal(*maker), **NIL)
    call.answer(1.0, CONNECT, destinationInfo=product_terminal(*maker), **NIL, **listen_for_h245(call))
    open_audio_both_ways(call, G7231)
    call.media_both_ways(1.6, 6000, 7000, 40, 4, interval=30, payload=b'\x10' + bytes(range(23)))
    call.hang_up()
    return call.frames()


def as_openh323(number):
    """Fast start and tunnelling at once; names in Q.931, too."""
    call = stack_call(number)
    call.tell(0.1, SETUP, elements=[(0x28, b'ann'), number_element(0x6c, '1001'), number_element(0x70, '1002')],
              fast=offer(call, [GSM, ULAW]), tunnelled=[capability_set(ULAW, GSM)], sourceAddress=name('ann'),
              sourceInfo=product_terminal(61, 'OpenH323', '1.18.0'), destinationAddress=name('bea'),
              destCallSignalAddress=ip_of_h225(call.callee.ip, 1731), activeMC=False, conferenceID=call.identifier,
              conferenceGoal=('create', NULL), callType=('pointToPoint', NULL), mediaWaitForConnect=False,
              canOverlapSend=False, sourceCallSignalAddress=ip_of_h225(call.caller.ip, call.port))
    call.answer(0.2, CALL_PROCEEDING, destinationInfo=product_terminal(61, 'OpenH323', '1.18.0'))
    call.answer(0.4, ALERTING, fast=chosen(call, ULAW))
    call.answer(1.0, CONNECT, destinationInfo=product_terminal(61, 'OpenH323', '1.18.0'))
    call.media_both_ways(1.2, 6000, 7000, 40, 0)
    call.hang_up()
    return call.frames()


def as_ericsson(number):
    """A gateway: numbers alone, and the answer to a fast start in PROGRESS, with tones before the answer."""
    call = stack_call(number)
    call.ask(fast=offer(call, [ALAW]), sourceInfo=product_gateway(9, 'IPT', '4.0'),
             sourceAddress=[('dialledDigits', '46851001')], destinationAddress=[('dialledDigits', '46851002')])
    call.answer(0.2, CALL_PROCEEDING, destinationInfo=product_gateway(9, 'IPT', '4.0'))
    call.answer(0.4, PROGRESS, fast=chosen(call, ALAW, back=False), elements=[PROGRESS_INBAND])
    call.media(0.6, False, 6000, 7000, 20, 8)
    call.answer(1.0, CONNECT)
    call.media(1.2, True, 6000, 7000, 40, 8)
    call.media(1.2, False, 6000, 7000, 40, 8, first=120)
    call.hang_up()
    return call.frames()


def as_cisco(number):
    """A gateway: H.245's address in CALL PROCEEDING, with the choice of a fast start, and both are used."""
    call = stack_call(number)
    call.ask(fast=offer(call, [G729, ULAW]), sourceInfo=product_gateway(18, 'Cisco', '12.4'),
             sourceAddress=[('dialledDigits', '1001'), ('h323-ID', 'gw1')],
             destinationAddress=[('dialledDigits', '1002')])
    call.answer(0.2, CALL_PROCEEDING, fast=chosen(call, G729), **listen_for_h245(call))
    call.answer(0.4, ALERTING, elements=[PROGRESS_INBAND])
    call.answer(1.0, CONNECT)
    call.say_h245(1.3, True, capability_set(G729, ULAW))
    call.say_h245(1.35, False, capability_set(G729, ULAW))
    call.media_both_ways(1.2, 6000, 7000, 40, 18, payload=b'\x78\x52' * 10)
    call.hang_up()
    return call.frames()


def as_gnugk(number):
    """By way of a gatekeeper that routes the signalling and H.245, and leaves media between the ends alone."""
    near, far = stack_call(number), stack_call(number + 1)
    far.start, far.identifier = near.start + 0.02, near.identifier
    gate = End('02:00:00:75:00:01', '10.75.0.1', 0)
    callee = far.callee
    near.callee, far.caller = gate, gate
    near.control.server, far.control.client = using(gate, 1731), using(gate, far.port)
    near.control.opened, far.control.opened = near.start, far.start
    for call in (near, far):
        call.ask(sourceAddress=name('ann'), destinationAddress=name('bea'))
        call.answer(0.3, ALERTING)
        call.answer(1.0, CONNECT)
        for way, here, port in ((True, near.caller, 6000), (False, callee, 7000)):
            call.say_h245(1.2 + 0.02 * way, way, opened(forward(2, ALAW, control=ip_of_h245(here.ip, port + 1))))
        for way, here, port in ((True, near.caller, 6000), (False, callee, 7000)):
            call.say_h245(1.3 + 0.02 * way, way, accepted(2, media=ip_of_h245(here.ip, port),
                                                          control=ip_of_h245(here.ip, port + 1)))
        call.hang_up()
    media = stack_call(number)
    media.callee = callee
    media.media_both_ways(1.5, 6000, 7000, 40, 8)
    return near.frames() + far.frames() + media.others


def synthetic_stacks_products():
    """Whole calls with the fields that products are known to set; names, numbers and addresses are made up."""
    makers = (as_netmeeting, as_openh323, as_ericsson, as_cisco, as_gnugk)
    return [frame for i, make in enumerate(makers) for frame in make(150 + 2 * i)]


if __name__ == '__main__':
    make_captures(globals(), HERE)
    if ERLANG:
        ENCODED.save()
