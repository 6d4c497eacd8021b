# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes H.225.0 call signalling: TPKT (RFC 1006), Q.931, and H.323-UserInformation in aligned PER
(ITU-T H.225.0, X.691). Only what the synthetic captures need of it.
"""
import ipaddress
import struct

ALERTING, CALL_PROCEEDING, SETUP, CONNECT, RELEASE_COMPLETE = 0x01, 0x02, 0x05, 0x07, 0x5a
SETUP_ACKNOWLEDGE, DISCONNECT, RELEASE, FACILITY, INFORMATION = 0x0d, 0x45, 0x4d, 0x62, 0x7b
BODY = {SETUP: 0, CALL_PROCEEDING: 1, CONNECT: 2, ALERTING: 3, INFORMATION: 4, RELEASE_COMPLETE: 5, FACILITY: 6}
ADDED_BODY_EMPTY, ADDED_BODY_SETUP_ACKNOWLEDGE = 1, 4

# ReleaseCompleteReason: those of version 1, and those added later
REASONS = {name: number for number, name in enumerate((
    'noBandwidth', 'gatekeeperResources', 'unreachableDestination', 'destinationRejection', 'invalidRevision',
    'noPermission', 'unreachableGatekeeper', 'gatewayResources', 'badFormatAddress', 'adaptiveBusy', 'inConf',
    'undefinedReason'))}
ADDED_REASONS = {name: number for number, name in enumerate((
    'facilityCallDeflection', 'securityDenied', 'calledPartyNotRegistered', 'callerNotRegistered',
    'newConnectionNeeded', 'nonStandardReason', 'replaceWithConferenceInvite', 'genericDataReason',
    'neededFeatureNotSupported', 'tunnelledSignallingRejected', 'invalidCID', 'securityError', 'hopCountExceeded'))}
FACILITY_REASONS = {'routeCallToGatekeeper': 0, 'callForwarded': 1, 'routeCallToMC': 2, 'undefinedReason': 3}

# packet mode, H.221 and H.242, as H.323 endpoints of the time sent it
BEARER = bytes.fromhex('0403 88c0a5')
EMPTY_TPKT = bytes.fromhex('03000004')


class Bits:
    """Aligned PER, written bit by bit."""

    def __init__(self):
        self.text = ''

    def bit(self, *values):
        self.text += ''.join('1' if value else '0' for value in values)

    def number(self, value, width):
        self.text += format(value, f'0{width}b')

    def octets(self, data):
        """A string of known size: aligned."""
        self.text += '0' * (-len(self.text) % 8) + ''.join(format(octet, '08b') for octet in data)

    def counted(self, data):
        """A string, or an open type, behind its length."""
        assert len(data) < 0x4000
        self.length(len(data))
        self.octets(data)

    def length(self, count):
        self.octets(struct.pack('>B', count) if count < 0x80 else struct.pack('>H', 0x8000 | count))

    def choice(self, index, width):
        """One of the alternatives of an extensible CHOICE's root."""
        self.bit(0)
        self.number(index, width)

    def extensions(self, *additions):
        """Extension additions in order, None for one that is absent. The extension bit is the caller's."""
        self.bit(0)
        self.number(len(additions) - 1, 6)
        self.bit(*(addition is not None for addition in additions))
        for addition in additions:
            if addition is not None:
                self.counted(addition)

    def done(self):
        self.octets(b'')
        return int('0' + self.text, 2).to_bytes(len(self.text) // 8, 'big')


def boolean(value):
    bits = Bits()
    bits.bit(value)
    return bits.done()


def call_identifier(guid):
    bits = Bits()
    bits.bit(0)
    bits.octets(guid)
    return bits.done()


def put_protocol_identifier(bits, version):
    bits.counted(bytes([0, 8, 0x80 | 2250 >> 7, 2250 & 0x7f, 0, version]))     # 0.0.8.2250.0.version


def put_transport_address(bits, ip, port):
    address = ipaddress.ip_address(ip)
    bits.choice(0 if address.version == 4 else 3, 3)
    if address.version == 6:
        bits.bit(0)
    bits.octets(address.packed)
    bits.octets(struct.pack('>H', port))


def transport_address(ip, port):
    bits = Bits()
    put_transport_address(bits, ip, port)
    return bits.done()


def put_aliases(bits, names):
    bits.octets(bytes([len(names)]))
    for name in names:
        bits.choice(1, 1)                   # h323-ID
        bits.octets(bytes([len(name) - 1]))
        bits.octets(name.encode('utf-16-be'))


def put_endpoint_type(bits, product=None, version=None):
    """A terminal; with a vendor, if it has a product name. The vendor code is one that nobody has."""
    bits.bit(0)
    bits.bit(0, product, 0, 0, 0, 1)        # nonStandardData, vendor, gatekeeper, gateway, mcu, terminal
    if product:
        bits.bit(0, 1, 1)
        bits.bit(0)                         # H221NonStandard: country, extension, manufacturer
        bits.octets(bytes([0xff]))
        bits.octets(bytes([0xff]))
        bits.octets(bytes([0xff, 0xff]))
        for text in (product, version):
            bits.octets(bytes([len(text) - 1]))
            bits.octets(text.encode())
    bits.bit(0, 0)                          # terminal: no nonStandardData
    bits.bit(0, 0)                          # mc, undefinedNode


def put_microsoft_data(bits, data):
    """NonStandardParameter under Microsoft's H.221 code."""
    bits.choice(1, 1)                       # h221NonStandard
    bits.bit(0)
    for part in ('b5', '00', '534c'):
        bits.octets(bytes.fromhex(part))
    bits.counted(data)


def several(*items):
    """A SEQUENCE OF OCTET STRING; None for none."""
    bits = Bits()
    bits.length(len(items))
    for item in items:
        bits.counted(item)
    return bits.done() if items else None


def clear_tokens(identifier):
    """One ClearToken of H.235, that has an object identifier and nothing else."""
    bits = Bits()
    bits.octets(b'\x01')
    bits.bit(*[0] * 9)
    bits.counted(identifier)
    return bits.done()


def put_reason(bits, reason):
    if reason in REASONS:
        bits.choice(REASONS[reason], 4)
    else:
        bits.bit(1, 0)
        bits.number(ADDED_REASONS[reason], 6)
        bits.counted(b'\x00')


def put_added_body(bits, index, version, identifier):
    """One of the message bodies that were added later: an open type behind its number."""
    body = Bits()
    if index == ADDED_BODY_SETUP_ACKNOWLEDGE:
        body.bit(0, 0, 0)
        put_protocol_identifier(body, version)
        body.octets(b'')
        body.text += ''.join(format(octet, '08b') for octet in identifier)
    bits.bit(1, 0)
    bits.number(index, 6)
    bits.counted(body.done() or b'\x00')


def user_information(message, version, guid=None, aliases=(), to_aliases=(), to=None, conference=bytes(16),
                     product=None, product_version=None, reason=None, microsoft=None, h245=None, h245_address=None,
                     fast_start=(), tokens=None, alternative=None, alternative_aliases=(),
                     source=None):
    """H323-UserInformation. A guid is for version 2 and later only: version 1 has no callIdentifier.

    h245 is a tunnelled message, or several. A FACILITY without a reason has the empty body.
    """
    assert guid is None or version >= 2
    identifier = guid and call_identifier(guid)
    tokens = tokens and clear_tokens(tokens)
    elements = several(*fast_start)
    h245 = (h245,) if isinstance(h245, bytes) else h245
    bits = Bits()
    bits.bit(0, 0)                          # H323-UserInformation: no user-data
    bits.bit(version >= 2, microsoft)       # H323-UU-PDU: extended by version 2; nonStandardData
    if message == FACILITY and not reason:
        put_added_body(bits, ADDED_BODY_EMPTY, version, identifier)
    elif message == SETUP_ACKNOWLEDGE:
        put_added_body(bits, ADDED_BODY_SETUP_ACKNOWLEDGE, version, identifier)
    else:
        bits.choice(BODY[message], 3)
        put_body(bits, message, version, identifier, aliases, to_aliases, to, conference, product, product_version,
                 reason, h245_address, elements, tokens, alternative, alternative_aliases, source)
    if microsoft:
        put_microsoft_data(bits, microsoft)
    if version >= 2:
        control = h245 and several(*h245)
        bits.extensions(None, boolean(h245), control, None)     # h245Tunnelling, h245Control
    return bits.done()


def put_body(bits, message, version, identifier, aliases, to_aliases, to, conference, product, product_version,
             reason, h245_address, fast_start, tokens, alternative, alternative_aliases, source):
    bits.bit(identifier)                    # every UUIE is extensible
    if message == SETUP:
        bits.bit(h245_address, aliases, to_aliases, to, 0, 0, 0)
        put_protocol_identifier(bits, version)
        if h245_address:
            put_transport_address(bits, *h245_address)
        if aliases:
            put_aliases(bits, aliases)
        put_endpoint_type(bits, product, product_version)
        if to_aliases:
            put_aliases(bits, to_aliases)
        if to:
            put_transport_address(bits, *to)
        bits.bit(0)                         # activeMC
        bits.octets(conference)
        bits.choice(0, 2)                   # create
        bits.choice(0, 2)                   # pointToPoint
        if identifier:
            bits.extensions(source and transport_address(*source), None, identifier, None, tokens, None, fast_start,
                            boolean(False), boolean(False))
    elif message == RELEASE_COMPLETE:
        bits.bit(reason)
        put_protocol_identifier(bits, version)
        if reason:
            put_reason(bits, reason)
        if identifier:
            bits.extensions(identifier)
    elif message == INFORMATION:
        put_protocol_identifier(bits, version)
        if identifier:
            bits.extensions(identifier)
    elif message == FACILITY:
        bits.bit(alternative, alternative_aliases, 0)
        put_protocol_identifier(bits, version)
        if alternative:
            put_transport_address(bits, *alternative)
        if alternative_aliases:
            put_aliases(bits, alternative_aliases)
        bits.choice(FACILITY_REASONS[reason], 2)
        if identifier:
            bits.extensions(identifier)
    else:
        put_answer(bits, message, version, identifier, conference, product, product_version, h245_address, fast_start,
                   tokens)


def put_answer(bits, message, version, identifier, conference, product, product_version, h245_address, fast_start,
               tokens):
    """CALL PROCEEDING, ALERTING or CONNECT, which has h245Address in another place."""
    bits.bit(h245_address)
    put_protocol_identifier(bits, version)
    if message == CONNECT and h245_address:
        put_transport_address(bits, *h245_address)
    put_endpoint_type(bits, product, product_version)
    if message == CONNECT:
        bits.octets(conference)
    elif h245_address:
        put_transport_address(bits, *h245_address)
    if identifier:
        bits.extensions(identifier, None, tokens, None, fast_start)


def tpkt(data):
    return struct.pack('>BBH', 3, 0, len(data) + 4) + data


def element(identifier, data):
    return bytes([identifier, len(data)]) + data


def user_user(data):
    return struct.pack('>BHB', 0x7e, len(data) + 1, 5) + data


def q931(message, reference, from_originator, elements):
    """A Q.931 message. The side that chose the call reference is the originator, and sends flag 0."""
    flag = 0 if from_originator else 0x8000
    return struct.pack('>BBHB', 8, 2, reference | flag, message) + elements


def message(kind, reference, from_originator, version, display=None, cause=None, called=None, redirected=None,
            keypad=None, **fields):
    """A whole message with its TPKT header; called and redirected are numbers, keypad is digits."""
    elements = BEARER if kind == SETUP else b''
    if cause is not None:
        elements += element(0x08, bytes([0x80, 0x80 | cause]))
    if display is not None:
        elements += element(0x28, display.encode())
    if keypad is not None:
        elements += element(0x2c, keypad.encode())
    if called is not None:
        elements += element(0x70, b'\x81' + called.encode())
    if redirected is not None:
        elements += element(0x76, b'\x81' + redirected.encode())
    if kind not in (DISCONNECT, RELEASE):       # H.225.0 has none of them, and so no body for them
        elements += user_user(user_information(kind, version, **fields))
    return tpkt(q931(kind, reference, from_originator, elements))
