# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures as other networks, stacks and capturing programs would have made them of the same traffic.

    frames = reshape.read("h323-short-call-1731.pcap")
    path = reshape.write("cut.pcap", reshape.cut(frames, 4))

A Frame is what a capture file has of a packet. Ethernet with IPv4 or IPv6, tagged or not, is taken
apart; what else there is passes as it is.
"""

import dataclasses
import struct

from support import files


PCAP_HEADER = struct.Struct("<IHHiIII")
RECORD_HEADER = struct.Struct("<IIII")
VLAN, IPV4, IPV6 = 0x8100, 0x0800, 0x86dd
TCP = 6
FIN, PSH = 0x01, 0x08


@dataclasses.dataclass(frozen=True)
class Frame:
    time: int               # microseconds since 1970
    data: bytes
    length: int             # on the wire


@dataclasses.dataclass(frozen=True)
class Segment:
    """Where the parts of a TCP segment are in its frame."""
    ip: int
    is_v6: bool
    tcp: int
    payload: int
    end: int


def read(capture):
    path = files.CAPTURES / capture
    data = path.read_bytes()
    magic, *_, link = PCAP_HEADER.unpack_from(data)
    assert (magic, link) == (0xa1b2c3d4, 1), f"{path}: not an Ethernet capture of pcap's first kind"
    frames, at = [], PCAP_HEADER.size
    while at < len(data):
        seconds, microseconds, captured, length = RECORD_HEADER.unpack_from(data, at)
        at += RECORD_HEADER.size
        frames.append(Frame(seconds * 1_000_000 + microseconds, data[at:at + captured], length))
        at += captured
    return frames


def write(name, frames):
    path = files.scratch("reshaped-") / name
    with open(path, "wb") as out:
        out.write(PCAP_HEADER.pack(0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for frame in frames:
            out.write(RECORD_HEADER.pack(*divmod(frame.time, 1_000_000), len(frame.data), frame.length))
            out.write(frame.data)
    path.chmod(0o644)
    return path


def segment_of(data):
    """The Segment of a frame that holds all of one; None for any other."""
    at = 12
    if len(data) < at + 2:
        return None
    while len(data) >= at + 4 and struct.unpack_from("!H", data, at)[0] == VLAN:
        at += 4
    ethertype = struct.unpack_from("!H", data, at)[0]
    at += 2
    if ethertype == IPV4 and len(data) >= at + 20 and data[at + 9] == TCP:
        fragment = struct.unpack_from("!H", data, at + 6)[0] & 0x3fff
        tcp, end = at + 4 * (data[at] & 15), at + struct.unpack_from("!H", data, at + 2)[0]
        is_v6 = False
    elif ethertype == IPV6 and len(data) >= at + 40 and data[at + 6] == TCP:
        tcp, end = at + 40, at + 40 + struct.unpack_from("!H", data, at + 4)[0]
        fragment, is_v6 = 0, True
    else:
        return None
    if fragment or end > len(data) or end < tcp + 20:
        return None
    return Segment(at, is_v6, tcp, tcp + 4 * (data[tcp + 12] >> 4), end)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def part(data, segment, first, last):
    """A frame with the bytes from first to last of the segment's payload, at their place in the stream."""
    payload = data[segment.payload + first:segment.payload + last]
    tcp = bytearray(data[segment.tcp:segment.payload])
    sequence = struct.unpack_from("!I", tcp, 4)[0]
    struct.pack_into("!I", tcp, 4, sequence + first & 0xffffffff)
    if segment.payload + last < segment.end:
        tcp[13] &= ~(FIN | PSH)
    struct.pack_into("!H", tcp, 16, 0)
    ip = bytearray(data[segment.ip:segment.tcp])
    length = len(tcp) + len(payload)
    if segment.is_v6:
        struct.pack_into("!H", ip, 4, length)
        addresses, pseudo = ip[8:40], struct.pack("!IHBB", length, 0, 0, TCP)
    else:
        struct.pack_into("!H", ip, 2, len(ip) + length)
        struct.pack_into("!H", ip, 10, 0)
        struct.pack_into("!H", ip, 10, checksum(bytes(ip)))
        addresses, pseudo = ip[12:20], struct.pack("!BBH", 0, TCP, length)
    struct.pack_into("!H", tcp, 16, checksum(bytes(addresses) + pseudo + bytes(tcp) + payload))
    return data[:segment.ip] + bytes(ip) + bytes(tcp) + payload


def cut(frames, *offsets):
    """Each TCP payload in as many segments as the offsets in it make: in two, with one offset."""
    result = []
    for frame in frames:
        segment = segment_of(frame.data)
        size = segment.end - segment.payload if segment else 0
        places = [0, *(offset for offset in offsets if offset < size), size]
        if len(places) < 3:
            result.append(frame)
            continue
        for i, (first, last) in enumerate(zip(places, places[1:], strict=False)):
            data = part(frame.data, segment, first, last)
            result.append(Frame(frame.time + i, data, len(data)))
    return result


def snapped(frames, length):
    """As captured with a snapshot length."""
    return [dataclasses.replace(frame, data=frame.data[:length]) for frame in frames]


def doubled(frames):
    """As a mirrored port gives them: each twice, a microsecond apart."""
    return [copy for frame in frames for copy in (frame, dataclasses.replace(frame, time=frame.time + 1))]


def reordered(frames):
    """Every second pair of neighbours the other way round, each at the time of the other."""
    result = list(frames)
    for i in range(0, len(result) - 1, 4):
        one, other = result[i], result[i + 1]
        result[i] = dataclasses.replace(other, time=one.time)
        result[i + 1] = dataclasses.replace(one, time=other.time)
    return result


def halves_swapped(frames):
    """Each TCP payload in two segments, of which the second came first."""
    result = []
    for frame in frames:
        segment = segment_of(frame.data)
        size = segment.end - segment.payload if segment else 0
        if size < 2:
            result.append(frame)
            continue
        for i, (first, last) in enumerate(((size // 2, size), (0, size // 2))):
            data = part(frame.data, segment, first, last)
            result.append(Frame(frame.time + i, data, len(data)))
    return result
