# SPDX-License-Identifier: GPL-2.0-or-later
"""Headers of packets: where in a frame the addresses and payloads are; their substitutes, and sums
that are right again. Every octet is somebody else's: what is not there is not read."""

import dataclasses
import struct

ETHERNET, RAW, NULL, LOOP, COOKED, COOKED_2 = 1, 101, 0, 108, 113, 276
LINKS = (ETHERNET, RAW, NULL, LOOP, COOKED, COOKED_2, 12, 14, 228, 229)
VLANS = (0x8100, 0x88A8, 0x9100)
IPV4, IPV6 = 0x0800, 0x86DD
ICMP, IPIP, TCP, UDP, IP6, ROUTING, FRAGMENT, ICMP6 = 1, 4, 6, 17, 41, 43, 44, 58
EXTENSIONS = (0, ROUTING, FRAGMENT, 60)
SHORTEST = {TCP: 20, UDP: 8, ICMP: 8, ICMP6: 8}
SUM_AT = {TCP: 16, UDP: 6, ICMP: 2, ICMP6: 2}
MOST_NESTED = 8


class Unknown(Exception):
    """A frame of a kind that is not known here: it is left out."""


@dataclasses.dataclass
class Packet:
    """An IP packet in FRAME: what it carries is in frame.data[start:end]. For sums: where its
    header is."""

    frame: object
    header: int
    version: int
    protocol: int
    start: int
    end: int                    # of what was captured
    is_whole: bool              # nothing of its payload was cut off
    fragment: tuple | None      # (identification, offset, more) of a part of a datagram
    source: bytes = b""
    destination: bytes = b""


def _network(frame):
    """(where the network layer begins, its EtherType), after the link's header."""
    data, link = frame.data, frame.link
    if link in (RAW, 12, 14, 228, 229):
        return 0, IPV4 if data and data[0] >> 4 == 4 else IPV6
    if link in (NULL, LOOP):
        return 4, IPV4 if len(data) > 4 and data[4] >> 4 == 4 else IPV6
    at = {ETHERNET: 12, COOKED: 14, COOKED_2: 0}.get(link)
    if at is None:
        raise Unknown(f"link-layer type {link}")
    kind = struct.unpack_from(">H", data, at)[0]
    at = 20 if link == COOKED_2 else at + 2
    while kind in VLANS:
        kind = struct.unpack_from(">H", data, at + 2)[0]
        at += 4
    return at, kind


def rename_link(frame, substitutes):
    """Hardware addresses."""
    data = frame.data
    places = {ETHERNET: [(0, 6), (6, 6)], COOKED: [(6, 8)], COOKED_2: [(12, 8)]}
    for at, length in places.get(frame.link, []):
        original = bytes(data[at:at + 6])
        if len(original) == 6:
            data[at:at + 6] = substitutes.mac(original)
            data[at + 6:at + length] = bytes(min(length, len(data) - at) - 6)


def _ipv4(frame, at):
    data = frame.data
    first, _tos, total, number, part, _ttl, protocol = struct.unpack_from(">BBHHHBB", data, at)
    start = at + 4 * (first & 0x0F)
    if first >> 4 != 4 or start < at + 20 or start > len(data):
        raise Unknown("a malformed IPv4 header")
    wanted = at + (total or len(data) - at)     # 0 where the network card cuts it into packets
    end = min(wanted, len(data))
    fragment = (number, (part & 0x1FFF) * 8, bool(part & 0x2000)) if part & 0x3FFF else None
    return Packet(frame, at, 4, protocol, start, max(end, start), wanted <= len(data), fragment)


def _ipv6(frame, at):
    data = frame.data
    length, protocol = struct.unpack_from(">HB", data, at + 4)
    wanted = at + 40 + length if length else len(data)
    start, fragment = at + 40, None
    while protocol in EXTENSIONS:
        following, size = struct.unpack_from(">BB", data, start)
        if protocol == FRAGMENT:
            place, number = struct.unpack_from(">HI", data, start + 2)
            if place & 0xFFF9:
                fragment = (number, place & 0xFFF8, bool(place & 1))
            size = 0
        elif protocol == ROUTING:
            data[start + 4:start + 8 + 8 * size] = bytes(4 + 8 * size)
        protocol, start = following, start + 8 + 8 * size
    if start > len(data):
        raise Unknown("a cut IPv6 header")
    return Packet(frame, at, 6, protocol, start, max(min(wanted, len(data)), start),
                  wanted <= len(data), fragment)


def _sum(data):
    if len(data) % 2:
        data = bytes(data) + b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def _rename_ip(packet, substitutes):
    data, at = packet.frame.data, packet.header
    size, places = (4, (at + 12, at + 16)) if packet.version == 4 else (16, (at + 8, at + 24))
    packet.source, packet.destination = (bytes(data[place:place + size]) for place in places)
    for place in places:
        data[place:place + size] = substitutes.address(bytes(data[place:place + size]))
    if packet.version == 4:
        data[at + 20:packet.start] = b"\x01" * (packet.start - at - 20)     # options: none
        sum_ip(packet)


def sum_ip(packet):
    data, at = packet.frame.data, packet.header
    data[at + 10:at + 12] = bytes(2)
    struct.pack_into(">H", data, at + 10, 0xFFFF - _sum(data[at:packet.start]))


def packet_of(frame, substitutes):
    """The packet of FRAME, the innermost where it is in a tunnel, with other addresses."""
    try:
        at, kind = _network(frame)
        rename_link(frame, substitutes)
        for _level in range(MOST_NESTED):
            if kind not in (IPV4, IPV6):
                raise Unknown(f"EtherType {kind:#06x}")
            packet = (_ipv4 if kind == IPV4 else _ipv6)(frame, at)
            _rename_ip(packet, substitutes)
            # What is behind it was in memory by chance.
            if packet.is_whole:
                frame.data[packet.end:] = bytes(len(frame.data) - packet.end)
            if packet.protocol not in (IPIP, IP6) or packet.fragment:
                return packet
            at, kind = packet.start, IPV4 if packet.protocol == IPIP else IPV6
    except (struct.error, IndexError):
        pass
    raise Unknown("a cut header")


def rename_quoted(packet, substitutes):
    """In an ICMP error: the packet that it is about. What that carried is left out."""
    data, start = packet.frame.data, packet.start + 8
    try:
        version = data[start] >> 4
        quoted = (_ipv4 if version == 4 else _ipv6)(packet.frame, start)
        _rename_ip(quoted, substitutes)
        kept = quoted.start + 8
    except (Unknown, struct.error, IndexError):
        kept = start
    data[kept:packet.end] = bytes(max(packet.end - kept, 0))


def payload_of(protocol, data):
    """Where the payload of a segment or datagram begins."""
    if len(data) < SHORTEST[protocol]:
        return len(data)
    return min(4 * (data[12] >> 4), len(data)) if protocol == TCP else 8


def summed(packet, data, before, is_whole):
    """DATA, a bytearray of the whole segment, with its sum. BEFORE is what it was: where a part of
    it was not captured, the sum changes by what has changed."""
    at = SUM_AT.get(packet.protocol)
    if at is None or len(data) < at + 2 or packet.protocol == UDP and not any(data[at:at + 2]):
        return
    size = 4 if packet.version == 4 else 16
    place = packet.header + (12 if packet.version == 4 else 8)
    addresses = bytes(packet.frame.data[place:place + 2 * size])
    was = struct.unpack_from(">H", before, at)[0]
    data[at:at + 2] = bytes(2)
    if is_whole:
        pseudo = b"" if packet.protocol == ICMP else addresses + struct.pack(
            ">II", len(data), packet.protocol)
        total = _sum(pseudo + data)
    else:
        old = bytearray(before)
        old[at:at + 2] = bytes(2)
        old_addresses = b"" if packet.protocol == ICMP else packet.source + packet.destination
        new_addresses = b"" if packet.protocol == ICMP else addresses
        total = (0xFFFF - was) + (0xFFFF - _sum(old_addresses + old)) + _sum(new_addresses + data)
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
    result = 0xFFFF - total
    if packet.protocol == UDP and not result:
        result = 0xFFFF
    struct.pack_into(">H", data, at, result)
