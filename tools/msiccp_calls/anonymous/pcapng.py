# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures as tshark writes and reads them. Of a pcapng only packets are taken: comments, names of
hosts, interfaces and programs, filters and secrets are left behind."""

import dataclasses
import struct

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
SHORTEST = 12       # of a block
TIME_UNIT = 9       # the option if_tsresol
NANO = 1_000_000_000


@dataclasses.dataclass
class Frame:
    link: int
    time_ns: int
    length: int     # on the wire
    data: bytearray


def _time_unit(options, order):
    """How many units a second has."""
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(f"{order}HH", options, at)
        if code == 0:
            break
        if code == TIME_UNIT and length:
            value = options[at + 4]
            return 1 << (value & 0x7F) if value & 0x80 else 10 ** value
        at += 4 + (length + 3 & ~3)
    return 1_000_000


def read(data):
    """The frames of a pcapng that tshark has written."""
    order, interfaces, at = "<", [], 0
    while at + SHORTEST <= len(data):
        if struct.unpack_from("<I", data, at)[0] == SECTION:
            order = "<" if struct.unpack_from("<I", data, at + 8)[0] == 0x1A2B3C4D else ">"
            interfaces = []
        kind, length = struct.unpack_from(f"{order}II", data, at)
        if length < SHORTEST or at + length > len(data):
            break
        body = data[at + 8:at + length - 4]
        if kind == INTERFACE:
            interfaces.append((struct.unpack_from(f"{order}H", body)[0],
                               _time_unit(body[8:], order)))
        elif kind == PACKET:
            number, high, low, captured, wire = struct.unpack_from(f"{order}IIIII", body)
            link, unit = interfaces[number]
            yield Frame(link, (high << 32 | low) * NANO // unit, wire,
                        bytearray(body[20:20 + captured]))
        at += length


def _as_pcap(frames):
    yield struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, frames[0].link)
    for frame in frames:
        yield struct.pack("<IIII", *divmod(frame.time_ns, NANO), len(frame.data), frame.length)
        yield bytes(frame.data)


def _block(kind, body):
    length = struct.pack("<I", len(body) + SHORTEST)
    return struct.pack("<I", kind) + length + body + length


def _as_pcapng(frames):
    links = sorted({frame.link for frame in frames})
    yield _block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in links:
        yield _block(INTERFACE, struct.pack("<HHIHHB3xI", link, 0, 262144, TIME_UNIT, 1, 9, 0))
    for frame in frames:
        head = struct.pack("<IIIII", links.index(frame.link), *divmod(frame.time_ns, 1 << 32),
                           len(frame.data), frame.length)
        yield _block(PACKET, head + bytes(frame.data) + bytes(-len(frame.data) % 4))


def written(frames, name):
    """FRAMES as the octets of a file: a pcap where its NAME ends so, if a pcap can hold them."""
    if (name.endswith((".pcap", ".cap")) and len({frame.link for frame in frames}) == 1
            and all(0 <= frame.time_ns < NANO << 32 for frame in frames)):
        return b"".join(_as_pcap(frames))
    return b"".join(_as_pcapng(frames))
