# SPDX-License-Identifier: GPL-2.0-or-later
"""RTP and RTCP of which nothing is heard and nobody named: headers stay, and what is behind them
becomes silence of the same codec and length."""

import struct

# A frame of silence of each codec that has one; of the rest, zeros.
GSM = bytes.fromhex("d820a2e15a50" + "00492492492450" * 4)[:33]
STATIC = {0: b"\xff", 3: GSM, 8: b"\xd5", 9: b"\xfa"}
NAMED = {"PCMU": b"\xff", "PCMA": b"\xd5", "GSM": GSM, "G722": b"\xfa", "G726-32": b"\xff"}
DIGITS = "telephone-event"
SDES, BYE, APP = 202, 203, 204
RTCP = range(192, 224)


def header_length(payload):
    """Where the payload of an RTP packet begins; None where it is no RTP."""
    if len(payload) < 12 or payload[0] >> 6 != 2:
        return None
    length = 12 + 4 * (payload[0] & 0x0F)
    if payload[0] & 0x10:
        if len(payload) < length + 4:
            return None
        length += 4 + 4 * struct.unpack_from(">H", payload, length + 2)[0]
    return length if length <= len(payload) else None


def is_rtcp(payload):
    return len(payload) >= 8 and payload[0] >> 6 == 2 and payload[1] in RTCP


def silence_rtp(payload, codecs):
    """Makes PAYLOAD, a bytearray, silent. CODECS are names of dynamic payload types."""
    start = header_length(payload)
    if start is None:
        payload[:] = bytes(len(payload))
        return
    extension = 12 + 4 * (payload[0] & 0x0F)
    if payload[0] & 0x10:
        payload[extension + 4:start] = bytes(start - extension - 4)
    kind = payload[1] & 0x7F
    end = len(payload)
    if payload[0] & 0x20 and 0 < payload[-1] <= end - start:
        end -= payload[-1]
        payload[end:-1] = bytes(len(payload) - 1 - end)
    codec = codecs.get(kind, "")
    if codec.lower() == DIGITS:
        if start < end and payload[start] < 16:
            payload[start] = 0      # which key it was
        return
    model = STATIC.get(kind) or NAMED.get(codec.upper(), b"\0")
    payload[start:end] = (model * ((end - start) // len(model) + 1))[:end - start]


def _rename(payload, start, end, substitutes):
    """The items of a chunk of SDES (RFC 3550, 6.5)."""
    at = start
    while at < end:
        at += 4     # whose
        while at + 1 < end and payload[at]:
            length = min(payload[at + 1], end - at - 2)
            payload[at + 2:at + 2 + length] = substitutes.octets(
                bytes(payload[at + 2:at + 2 + length]))
            at += 2 + length
        at = start + ((at - start) // 4 + 1) * 4


def rename_rtcp(payload, substitutes):
    """Reports stay; names, reasons and what applications say do not."""
    at = 0
    while at + 4 <= len(payload):
        kind = payload[at + 1]
        end = min(at + 4 + 4 * struct.unpack_from(">H", payload, at + 2)[0], len(payload))
        if kind == SDES:
            _rename(payload, at + 4, end, substitutes)
        elif kind == BYE:
            reason = at + 4 + 4 * (payload[at] & 0x1F)
            if reason < end:
                stop = min(reason + 1 + payload[reason], end)
                payload[reason + 1:stop] = substitutes.octets(bytes(payload[reason + 1:stop]))
                payload[stop:end] = bytes(end - stop)
        elif kind == APP or kind not in (200, 201, 205, 207):
            payload[at + 8:end] = bytes(max(end - at - 8, 0))
        at = end
