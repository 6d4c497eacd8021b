# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture that grows, cut where one packet ends and the next begins; whatever its format, as the
blocks of pcapng, which tshark is given. And what tshark is asked between packets.

Nothing of what is in a packet is read here.
"""

import dataclasses
import struct

SECTION, INTERFACE, SIMPLE, STATISTICS, PACKET, OLD_PACKET = 0x0A0D0D0A, 1, 3, 5, 6, 2
ORDER_MARK = 0x1A2B3C4D
# How a pcap begins: the order of its bytes, and its seconds' parts.
PCAP = {b"\xd4\xc3\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xc3\xd4": (">", 10**6),
        b"\x4d\x3c\xb2\xa1": ("<", 10**9), b"\xa1\xb2\x3c\x4d": (">", 10**9)}
LONGEST = 64 << 20
END_OF_OPTIONS, RESOLUTION = 0, 9
RECEIVED, DROPPED, DROPPED_BY_SYSTEM = 4, 5, 7

# Wireshark's "exported PDU", by which a dissector is named, and that of questions: taps/ask.h.
ASK_LINK_TYPE = 252
ASK_HEADER = struct.pack(">HH12sHH", 12, 12, b"msiccp_ask", 0, 0)


class Damaged(Exception):
    """What comes is no capture, or is none any more."""


@dataclasses.dataclass
class Piece:
    """Blocks as they are given to tshark. OFFSET is where the next one begins in what was read."""

    kind: int               # PACKET for any number of packets, or the type of its one block
    order: str
    content: bytes
    packets: int = 0
    first_us: int | None = None     # the time of the first packet
    time_us: int | None = None      # and of the last
    offset: int = 0
    interface: int = 0              # of statistics
    dropped: int | None = None      # what it has lost since the capture was begun; None: not told


def _block(order, kind, body):
    length = len(body) + 12
    return struct.pack(f"{order}II", kind, length) + body + struct.pack(f"{order}I", length)


def section(order):
    return _block(order, SECTION, struct.pack(f"{order}IHHq", ORDER_MARK, 1, 0, -1))


def interface(order, link_type, resolution=6):
    option = struct.pack(f"{order}HHB3xHH", RESOLUTION, 1, resolution, END_OF_OPTIONS, 0)
    return _block(order, INTERFACE, struct.pack(f"{order}HHI", link_type, 0, 0) + option)


def packet(order, number, time, content, length):
    padded = content + bytes(-len(content) % 4)
    return _block(order, PACKET, struct.pack(
        f"{order}IIIII", number, time >> 32 & 0xFFFFFFFF, time & 0xFFFFFFFF, len(content), length) + padded)


def question(order, interface_number, time_us, number, before):
    content = ASK_HEADER + struct.pack(">QQ", number, before)
    return packet(order, interface_number, max(time_us, 0), content, len(content))


def _options(order, body):
    """(code, value) of each option."""
    at = 0
    while at + 4 <= len(body):
        code, length = struct.unpack_from(f"{order}HH", body, at)
        if code == END_OF_OPTIONS:
            return
        yield code, body[at + 4:at + 4 + length]
        at += 4 + length + -length % 4


def _units(order, block):
    """How many parts a second has in the times of this interface."""
    for code, value in _options(order, block[16:-4]):
        if code == RESOLUTION and value:
            return 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
    return 10**6


def _dropped(order, block):
    """What this interface has lost so far; None: it does not say."""
    counts = [int.from_bytes(value, "little" if order == "<" else "big")
              for code, value in _options(order, block[20:-4]) if code in (DROPPED, DROPPED_BY_SYSTEM)]
    return sum(counts) if counts else None


class Splitter:
    """Takes a capture as it comes, in any portions."""

    def __init__(self):
        self.rest = b""
        self.offset = 0         # of REST
        self._cut = None
        self.order = None
        self._units = []

    def feed(self, data):
        """The pieces that are whole by now."""
        self.rest += data
        if self._cut is None and not self._begin():
            return []
        return self._cut()

    def _begin(self):
        if len(self.rest) < 4:
            return False
        if self.rest[:4] in PCAP:
            if len(self.rest) < 24:
                return False
            self._cut = self._begin_pcap
        elif self.rest[:4] == struct.pack("<I", SECTION):
            self._cut = self._cut_blocks
        else:
            raise Damaged("it is neither a pcap nor a pcapng")
        return True

    def _take(self, size):
        self.rest = self.rest[size:]
        self.offset += size

    def _begin_pcap(self):
        self.order, self._parts = PCAP[self.rest[:4]]
        (link_type,) = struct.unpack_from(f"{self.order}I", self.rest, 20)
        self._take(24)
        self._cut = self._cut_pcap
        resolution = 6 if self._parts == 10**6 else 9
        return [Piece(SECTION, self.order, section(self.order), offset=self.offset),
                Piece(INTERFACE, self.order, interface(self.order, link_type & 0xFFFF, resolution),
                      offset=self.offset), *self._cut_pcap()]

    def _cut_pcap(self):
        order, rest, at, blocks, times = self.order, self.rest, 0, [], []
        header = struct.Struct(f"{order}IIII")
        while at + 16 <= len(rest):
            seconds, fraction, captured, length = header.unpack_from(rest, at)
            if captured > LONGEST:
                raise Damaged("a packet is longer than can be")
            if at + 16 + captured > len(rest):
                break
            blocks.append(packet(order, 0, seconds * self._parts + fraction,
                                 rest[at + 16:at + 16 + captured], length))
            at += 16 + captured
            times.append(seconds * 10**6 + fraction * 10**6 // self._parts)
        if not blocks:
            return []
        self._take(at)
        return [Piece(PACKET, order, b"".join(blocks), len(blocks), times[0], times[-1],
                      self.offset)]

    def _time_us(self, at):
        number, high, low = struct.unpack_from(f"{self.order}III", self.rest, at + 8)
        units = self._units[number] if number < len(self._units) else 10**6
        return (high << 32 | low) * 10**6 // units

    def _cut_blocks(self):
        pieces, rest, at, begin, times, packets = [], self.rest, 0, 0, [], 0
        header = struct.Struct(f"{self.order or '<'}II")

        def end_run():
            if packets:
                told = [self._time_us(place) for place in (times[:1] + times[-1:])] or [None, None]
                pieces.append(Piece(PACKET, self.order, rest[begin:at], packets, *told,
                                    self.offset + at))

        while at + 12 <= len(rest):
            kind, length = header.unpack_from(rest, at)
            if kind == SECTION:
                self._find_order(rest[at + 8:at + 12])
                header = struct.Struct(f"{self.order}II")
                kind, length = header.unpack_from(rest, at)
            if length < 12 or length % 4 or length > LONGEST:
                raise Damaged("a block has a length that cannot be")
            if at + length > len(rest):
                break
            if kind == PACKET:
                packets += 1
                times.append(at)
            elif kind in (SIMPLE, OLD_PACKET):
                packets += 1
            else:
                end_run()
                pieces.append(self._special(kind, rest[at:at + length], at + length))
                begin, packets, times = at + length, 0, []
            at += length
        end_run()
        self._take(at)
        return pieces

    def _find_order(self, mark):
        for order in "<>":
            if mark == struct.pack(f"{order}I", ORDER_MARK):
                self.order = order
                self._units = []
                return
        raise Damaged("its byte order is not told")

    def _special(self, kind, block, end):
        piece = Piece(kind, self.order, block, offset=self.offset + end)
        if kind == SECTION:
            # How long the section is says nothing where other blocks are put between.
            piece.content = block[:16] + struct.pack(f"{self.order}q", -1) + block[24:]
        elif kind == INTERFACE:
            self._units.append(_units(self.order, block))
        elif kind == STATISTICS:
            (piece.interface,) = struct.unpack_from(f"{self.order}I", block, 8)
            piece.dropped = _dropped(self.order, block)
        return piece
