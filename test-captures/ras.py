# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes H.225.0 RAS messages (ITU-T H.225.0 section 7.7) in aligned PER: only what the synthetic
captures need of them.
"""
import struct

from h225 import Bits, boolean, call_identifier, put_aliases, put_endpoint_type, put_protocol_identifier, \
    put_transport_address

(GRQ, GCF, GRJ, RRQ, RCF, RRJ, URQ, UCF, URJ, ARQ, ACF, ARJ, BRQ, BCF, BRJ, DRQ, DCF, DRJ, LRQ, LCF, LRJ,
 IRQ, IRR) = range(23)
REQUEST_DENIED, CALLED_PARTY_NOT_REGISTERED = 2, 0
NORMAL_DROP = 1
DUPLICATE_ALIAS, UNDEFINED_REASON = 4, 6
TTL_EXPIRED = 1


def begin(kind, sequence, *optional, extended=False):
    """The choice, the bits that say what is there, and the sequence number."""
    bits = Bits()
    bits.choice(kind, 5)
    bits.bit(extended, *optional)
    bits.octets(struct.pack('>H', sequence - 1))
    return bits


def put_bmp_string(bits, text, width):
    """A BMPString whose length has so many bits."""
    bits.number(len(text) - 1, width)
    bits.octets(text.encode('utf-16-be'))


def put_gatekeeper(bits, name):
    bits.octets(b'')
    put_bmp_string(bits, name, 7)


def put_addresses(bits, *addresses):
    bits.octets(bytes([len(addresses)]))
    for address in addresses:
        put_transport_address(bits, *address)


def put_bandwidth(bits, value):
    data = value.to_bytes(max(1, (value.bit_length() + 7) // 8), 'big')
    bits.number(len(data) - 1, 2)
    bits.octets(data)


def put_vendor(bits):
    bits.bit(0, 0, 0)
    bits.bit(0)
    for data in (b'\xff', b'\xff', b'\xff\xff'):
        bits.octets(data)


def gatekeeper_request(sequence, address, alias):
    bits = begin(GRQ, sequence, 0, 0, 0, 1)
    put_protocol_identifier(bits, 2)
    put_transport_address(bits, *address)
    put_endpoint_type(bits)
    put_aliases(bits, [alias])
    return bits.done()


def gatekeeper_confirm(sequence, address, name):
    bits = begin(GCF, sequence, 0, 1)
    put_protocol_identifier(bits, 2)
    put_bmp_string(bits, name, 7)
    put_transport_address(bits, *address)
    return bits.done()


def whole(number):
    """A TimeToLive: a number from 1 on, in as few octets as it needs."""
    bits = Bits()
    put_bandwidth(bits, number - 1)
    return bits.done()


def identifier(text):
    bits = Bits()
    put_bmp_string(bits, text, 7)
    return bits.done()


def registration_request(sequence, signalling, address, alias, seconds=None, keep_alive=None):
    """For so many seconds, if it says so; keep_alive is the identifier that the gatekeeper has given."""
    bits = begin(RRQ, sequence, 0, 1, 0, extended=seconds is not None)
    put_protocol_identifier(bits, 2)
    bits.bit(1)                                     # discoveryComplete
    put_addresses(bits, signalling)
    put_addresses(bits, address)
    put_endpoint_type(bits)
    put_aliases(bits, [alias])
    put_vendor(bits)
    if seconds is not None:
        bits.extensions(None, whole(seconds), None, None, None, boolean(keep_alive is not None),
                        keep_alive and identifier(keep_alive), boolean(False))
    return bits.done()


def registration_reject(sequence, alias=None):
    """The alias is another's already; without one, no reason."""
    bits = begin(RRJ, sequence, 0, 0)
    put_protocol_identifier(bits, 2)
    bits.choice(DUPLICATE_ALIAS if alias else UNDEFINED_REASON, 3)
    if alias:
        put_aliases(bits, [alias])
    return bits.done()


def registration_confirm(sequence, signalling, endpoint, seconds=None):
    bits = begin(RCF, sequence, 0, 0, 0, extended=seconds is not None)
    put_protocol_identifier(bits, 2)
    put_addresses(bits, signalling)
    put_bmp_string(bits, endpoint, 7)
    if seconds is not None:
        bits.extensions(None, whole(seconds), None, None, None, boolean(False))
    return bits.done()


def unregistration_request(sequence, *signalling, reason=None):
    bits = begin(URQ, sequence, 0, 0, 0, extended=reason is not None)
    put_addresses(bits, *signalling)
    if reason is not None:
        why = Bits()
        why.choice(reason, 2)
        bits.extensions(None, None, None, None, None, why.done())
    return bits.done()


def admission_request(sequence, endpoint, reference, conference, guid=None, to=None, source=None,
                      answer=False):
    bits = begin(ARQ, sequence, 0, to, 0, 0, 0, 0, 0, extended=guid is not None)
    bits.choice(0, 2)                               # pointToPoint
    put_bmp_string(bits, endpoint, 7)
    if to:
        put_aliases(bits, [to])
    put_aliases(bits, [source])
    put_bandwidth(bits, 640)
    bits.octets(struct.pack('>H', reference))
    bits.octets(conference)
    bits.bit(0, answer)                             # activeMC, answerCall
    if guid is not None:
        bits.extensions(boolean(False), call_identifier(guid))
    return bits.done()


def admission_confirm(sequence, address):
    bits = begin(ACF, sequence, 0, 0)
    put_bandwidth(bits, 640)
    bits.choice(0, 1)                               # direct
    put_transport_address(bits, *address)
    return bits.done()


def admission_reject(sequence, reason):
    bits = begin(ARJ, sequence, 0)
    bits.choice(reason, 3)
    return bits.done()


def disengage_request(sequence, endpoint, reference, conference, guid=None):
    bits = begin(DRQ, sequence, 0, extended=guid is not None)
    put_bmp_string(bits, endpoint, 7)
    bits.octets(conference)
    bits.octets(struct.pack('>H', reference))
    bits.choice(NORMAL_DROP, 2)
    if guid is not None:
        bits.extensions(call_identifier(guid))
    return bits.done()


def short(kind, sequence):
    """A confirmation that says nothing but its number: UCF, DCF."""
    return begin(kind, sequence, 0).done()
