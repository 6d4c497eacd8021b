# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes H.245 messages (ITU-T H.245) in aligned PER: only what the synthetic captures need of them.

A place is (address, port); an address with a colon in it is IPv6. Each function gives a whole
MultimediaSystemControlMessage; `tpkt` of h225.py frames it for a connection of its own.
"""
import ipaddress
import struct

from h225 import Bits

REQUEST, RESPONSE, COMMAND, INDICATION = range(4)
WIDTH = {REQUEST: 4, RESPONSE: 5, COMMAND: 3, INDICATION: 4}

SESSION_AUDIO, SESSION_VIDEO, SESSION_DATA = 1, 2, 3


def encoded_identifier(dotted):
    """The content octets of an object identifier."""
    first, second, *others = (int(part) for part in dotted.split('.'))
    data = bytes([first * 40 + second])
    for number in others:
        septets = [number & 0x7f]
        while number >> 7:
            number >>= 7
            septets.insert(0, 0x80 | number & 0x7f)
        data += bytes(septets)
    return data


def message(kind, choice):
    bits = Bits()
    bits.choice(kind, 2)
    bits.choice(choice, WIDTH[kind])
    return bits


def put_extension_choice(bits, index, value):
    """One of the alternatives that were added to a CHOICE: an open type behind its number."""
    bits.bit(1)
    bits.bit(0)
    bits.number(index, 6)
    bits.counted(value.done() or b'\x00')


def put_number(bits, number):
    """A LogicalChannelNumber or another number of 16 bits."""
    bits.octets(struct.pack('>H', number))


def put_wide_number(bits, number, length_width):
    """A number whose range is wider than 16 bits: its length in so many bits, then the octets."""
    data = number.to_bytes(max(1, (number.bit_length() + 7) // 8), 'big')
    bits.number(len(data) - 1, length_width)
    bits.octets(data)


def put_transport_address(bits, place):
    address = ipaddress.ip_address(place[0])
    bits.choice(int(address.is_multicast), 1)
    if address.is_multicast:
        bits.choice(0 if address.version == 4 else 1, 1)
    else:
        bits.choice(0 if address.version == 4 else 2, 3)
    bits.bit(0)
    bits.octets(address.packed)
    put_number(bits, place[1])


# ---- data types: each puts a DataType; those of audio, an AudioCapability

def g711(index):
    def put(bits):
        bits.choice(index, 4)
        bits.octets(bytes([20 - 1]))        # frames of a millisecond
    return put


def put_g7231(bits):
    bits.choice(8, 4)
    bits.octets(bytes([1 - 1]))             # frames in a packet
    bits.bit(0)                             # silenceSuppression


def put_gsm_enhanced_full_rate(bits):
    capability = Bits()
    capability.bit(0)
    capability.octets(bytes([31 - 1]))      # audioUnitSize
    capability.bit(0, 0)                    # comfortNoise, scrambled
    put_extension_choice(bits, 5, capability)


def audio(put_capability):
    def put(bits):
        bits.choice(3, 3)
        put_capability(bits)
    return put


G711A, G711U = audio(g711(1)), audio(g711(3))
G7231, GSM_EFR = audio(put_g7231), audio(put_gsm_enhanced_full_rate)


def generic(identifier, bit_rate=None):
    """A GenericCapability."""
    bits = Bits()
    bits.bit(0, bit_rate, 0, 0, 0, 0)
    bits.choice(0, 2)                       # standard
    bits.counted(encoded_identifier(identifier))
    if bit_rate:
        put_wide_number(bits, bit_rate, 2)
    return bits


def generic_audio(identifier, bit_rate=None):
    return audio(lambda bits: put_extension_choice(bits, 6, generic(identifier, bit_rate)))


def generic_video(identifier, bit_rate):
    def put(bits):
        bits.choice(2, 3)
        put_extension_choice(bits, 0, generic(identifier, bit_rate))
    return put


def H261(bits):
    bits.choice(2, 3)
    bits.choice(1, 3)
    bits.bit(0, 1, 0)                       # qcifMPI
    bits.number(0, 2)
    bits.bit(0)                             # temporalSpatialTradeOffCapability
    put_number(bits, 640 - 1)               # maxBitRate
    bits.bit(0)                             # stillImageTransmission


def H263(bits):
    bits.choice(2, 3)
    bits.choice(3, 3)
    bits.bit(0, 0, 1, 0, 0, 0, 0, 0)        # qcifMPI
    bits.number(0, 5)
    put_wide_number(bits, 640 - 1, 2)       # maxBitRate
    bits.bit(0, 0, 0, 0, 0)


def null_data(bits):
    bits.choice(1, 3)


def T120(bits):
    """Data over a TCP connection of its own."""
    bits.choice(4, 3)
    bits.bit(0)
    bits.choice(1, 4)
    put_extension_choice(bits, 3, Bits())   # separateLANStack
    put_wide_number(bits, 621, 2)


def T38(over_tcp=False):
    def put(bits):
        fax = Bits()
        fax.bit(0)
        put_extension_choice(fax, 5 if over_tcp else 6, Bits())
        fax.bit(0, 0, 0, 0)                 # T38FaxProfile
        bits.choice(4, 3)
        bits.bit(0)
        put_extension_choice(bits, 2, fax)
        put_wide_number(bits, 144, 2)
    return put


def encrypted(put_audio_capability, algorithm='2.16.840.1.101.3.4.1.2'):
    """H.235 media: audio encrypted with an algorithm, by default AES-128 in CBC."""
    def put(bits):
        media = Bits()
        media.bit(0)
        media.bit(0, 1, 0, 0)               # encryptionCapability
        media.octets(b'\x00')               # one
        media.choice(1, 1)                  # algorithm
        media.counted(encoded_identifier(algorithm))
        media.choice(2, 2)                  # audioData
        put_audio_capability(media)
        put_extension_choice(bits, 1, media)
    return put


# ---- channels

def channel_parameters(session, media=None, control=None, payload_type=None):
    """H2250LogicalChannelParameters."""
    bits = Bits()
    bits.bit(0, 0, 0, media, 0, control, 0, 0, 0, payload_type, 0)
    bits.octets(bytes([session]))
    if media:
        put_transport_address(bits, media)
    if control:
        put_transport_address(bits, control)
    if payload_type:
        bits.number(payload_type - 96, 5)
    return bits


TRAVERSAL = '0.0.8.460.19.0.1'


def traversal(number=None, media=None, control=None):
    """genericInformation with the TraversalParameters of H.460.19: where multiplexed media is wanted, by which number."""
    parameters = Bits()
    parameters.bit(0, media, control, number is not None, 0, 0, 0)
    for place in (media, control):
        if place:
            put_transport_address(parameters, place)
    if number is not None:
        put_wide_number(parameters, number, 2)
    bits = Bits()
    bits.octets(b'\x01')                    # of one GenericMessage
    bits.bit(0, 0, 1)                       # no subMessageIdentifier, messageContent
    bits.choice(0, 2)                       # standard
    bits.counted(encoded_identifier(TRAVERSAL))
    bits.octets(b'\x01')                    # of one GenericParameter
    bits.bit(0, 0)
    bits.choice(0, 2)                       # standard
    bits.number(1, 7)
    bits.choice(6, 3)                       # octetString
    bits.counted(parameters.done())
    return bits.done()


def put_open_channel(bits, number, data_type=None, parameters=None, reverse_type=None, reverse=None, stack=None,
                     information=None):
    """OpenLogicalChannel; without a type of its own, the channel goes the other way only."""
    bits.bit(stack or information, reverse_type)
    put_number(bits, number)
    bits.bit(0, 0)                          # portNumber
    (data_type or null_data)(bits)
    if data_type:
        put_extension_choice(bits, 0, parameters)
    else:
        put_extension_choice(bits, 1, Bits())           # none
    if reverse_type:
        bits.bit(0, reverse)
        reverse_type(bits)
        if reverse:
            put_extension_choice(bits, 0, reverse)
    if stack:
        bits.extensions(separate_stack(stack))
    elif information:
        bits.extensions(None, None, information)


def open_channel(number, data_type, session, media=None, control=None, payload_type=None, information=None):
    bits = message(REQUEST, 3)
    put_open_channel(bits, number, data_type, channel_parameters(session, media, control, payload_type),
                     information=information)
    return bits.done()


def fast_start_element(number, data_type, media=None, control=None, backward=False, payload_type=None,
                       session=SESSION_AUDIO):
    """An OpenLogicalChannel as H.225.0 carries it: of the sender of SETUP, or backward."""
    bits = Bits()
    parameters = channel_parameters(session, media, control, payload_type)
    if backward:
        put_open_channel(bits, number, reverse_type=data_type, reverse=parameters)
    else:
        put_open_channel(bits, number, data_type, parameters)
    return bits.done()


def separate_stack(place):
    """NetworkAccessParameters."""
    bits = Bits()
    bits.bit(0, 0, 0)
    bits.choice(2, 2)                       # localAreaAddress
    put_transport_address(bits, place)
    bits.bit(0)                             # associateConference
    return bits.done()


def open_data_channel(number, place=None):
    """T.120 both ways; the place is where to connect to."""
    bits = message(REQUEST, 3)
    parameters = channel_parameters(SESSION_DATA)
    put_open_channel(bits, number, T120, parameters, T120, parameters, place)
    return bits.done()


def put_acknowledgement(bits, session, media, control, payload_type):
    bits.bit(0)                             # h2250LogicalChannelAckParameters, of one
    bits.bit(0, 0, session, media, control, payload_type)
    if session:
        bits.number(session - 1, 8)
    if media:
        put_transport_address(bits, media)
    if control:
        put_transport_address(bits, control)
    if payload_type:
        bits.number(payload_type - 96, 5)


def accept_channel(number, session=None, media=None, control=None, payload_type=None, information=None):
    bits = message(RESPONSE, 5)
    bits.bit(1, 0)
    put_number(bits, number)
    parameters = Bits()
    put_acknowledgement(parameters, session, media, control, payload_type)
    bits.extensions(None, parameters.done(), *((None, information) if information else ()))
    return bits.done()


def accept_data_channel(number, place):
    """The reverse channel has the same number; the place is where to connect to."""
    bits = message(RESPONSE, 5)
    bits.bit(1, 1)
    put_number(bits, number)
    bits.bit(0, 0, 0)                       # reverseLogicalChannelParameters: its number alone
    put_number(bits, number)
    bits.extensions(separate_stack(place))
    return bits.done()


def close_channel(number):
    bits = message(REQUEST, 4)
    bits.bit(0)
    put_number(bits, number)
    bits.bit(0)                             # user
    return bits.done()


def close_channel_accepted(number):
    bits = message(RESPONSE, 7)
    bits.bit(0)
    put_number(bits, number)
    return bits.done()


# ---- others

def capabilities(number=1, audio_codecs=()):
    """A TerminalCapabilitySet with its version, and with what audio its sender receives."""
    bits = message(REQUEST, 2)
    bits.bit(0, 0, audio_codecs, 0)
    bits.octets(bytes([number]))
    bits.counted(encoded_identifier('0.0.8.245.0.3'))
    if audio_codecs:
        bits.octets(bytes([len(audio_codecs) - 1]))
    for entry, put_capability in enumerate(audio_codecs, 1):
        bits.bit(1)
        put_number(bits, entry - 1)
        bits.choice(4, 4)                   # receiveAudioCapability
        put_capability(bits)
    return bits.done()


def capabilities_rejected(number=1, cause=1):
    """TerminalCapabilitySetReject; cause 1: undefinedTableEntryUsed."""
    bits = message(RESPONSE, 4)
    bits.bit(0)
    bits.octets(bytes([number]))
    bits.choice(cause, 2)
    return bits.done()


def determination_rejected():
    """MasterSlaveDeterminationReject: identicalNumbers."""
    bits = message(RESPONSE, 2)
    bits.bit(0)
    bits.bit(0)
    return bits.done()


def reject_channel(number, cause=2):
    """OpenLogicalChannelReject; cause 2: dataTypeNotSupported."""
    bits = message(RESPONSE, 6)
    bits.bit(0)
    put_number(bits, number - 1)
    bits.choice(cause, 3)
    return bits.done()


def capabilities_accepted(number=1):
    bits = message(RESPONSE, 3)
    bits.bit(0)
    bits.octets(bytes([number]))
    return bits.done()


def end_session():
    bits = message(COMMAND, 5)
    bits.choice(1, 2)                       # disconnect
    return bits.done()


def digits(text):
    """UserInputIndication alphanumeric."""
    bits = message(INDICATION, 13)
    bits.choice(1, 1)
    bits.counted(text.encode())
    return bits.done()


def digit_signal(digit, milliseconds=None):
    """UserInputIndication signal."""
    signal = Bits()
    signal.bit(0, milliseconds, 0)
    signal.number(ord(digit), 8)
    if milliseconds:
        put_number(signal, milliseconds - 1)
    bits = message(INDICATION, 13)
    put_extension_choice(bits, 1, signal)
    return bits.done()
