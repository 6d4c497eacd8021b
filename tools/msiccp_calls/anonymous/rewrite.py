# SPDX-License-Identifier: GPL-2.0-or-later
"""The frames of a call with substitutes for everything that names somebody in them."""

import collections

from . import layers, messages, silence
from .layers import ICMP, ICMP6, TCP, UDP
from .streams import Stream

SHORTEST_SOUGHT = 5     # octets of text that cannot be there by chance
SHORTEST_NUMBER = 7     # digits, of which two are in an octet
X224, T120_KEPT = 0xF0, 9
SIGNALLING, T120, RTP, RTCP, OTHER = "signalling", "t120", "rtp", "rtcp", "other"


class Datagram:
    """A segment, datagram or ICMP message, of one packet or of fragments."""

    def __init__(self, packet, data, parts, is_whole):
        self.packet = packet
        self.before = bytes(data)
        self.data = data
        self.parts = parts      # (packet, where its octets are in the data)
        self.is_whole = is_whole
        self.start = layers.payload_of(packet.protocol, data)

    def ports(self):
        return (int.from_bytes(self.data[:2], "big"), int.from_bytes(self.data[2:4], "big"))

    def put_back(self):
        layers.summed(self.packet, self.data, self.before, self.is_whole)
        for packet, at in self.parts:
            length = packet.end - packet.start
            packet.frame.data[packet.start:packet.end] = self.data[at:at + length]


def _of_one(packet):
    data = bytearray(packet.frame.data[packet.start:packet.end])
    return Datagram(packet, data, [(packet, 0)], packet.is_whole)


def _of_fragments(packets):
    """The datagram of PACKETS, or of its beginning where one is not there."""
    data, parts = bytearray(), []
    for packet in sorted(packets, key=lambda part: part.fragment[1]):
        at = packet.fragment[1]
        if at > len(data):
            break
        data[at:at + packet.end - packet.start] = packet.frame.data[packet.start:packet.end]
        parts.append((packet, at))
    kept = {id(packet) for packet, _at in parts}
    for packet in packets:
        if id(packet) not in kept:
            packet.frame.data[packet.start:packet.end] = bytes(packet.end - packet.start)
    if not parts:
        return None
    is_whole = not parts[-1][0].fragment[2] and all(packet.is_whole for packet in packets)
    return Datagram(parts[0][0], data, parts, is_whole)


def datagrams(packets):
    """The Datagrams of PACKETS."""
    fragments = collections.defaultdict(list)
    for packet in packets:
        if packet.protocol not in layers.SHORTEST:
            packet.frame.data[packet.start:packet.end] = bytes(packet.end - packet.start)
        elif packet.fragment:
            fragments[packet.source, packet.destination, packet.protocol,
                      packet.fragment[0]].append(packet)
        else:
            yield _of_one(packet)
    for parts in fragments.values():
        datagram = _of_fragments(parts)
        if datagram:
            yield datagram


class Rewriter:
    """MESSAGES are those that tshark has found, by their octets. KINDS tells what is said between
    two ports, by (protocol, port, port)."""

    def __init__(self, substitutes, found, types, kinds, codecs):
        self.substitutes = substitutes
        self.kinds = kinds
        self.codecs = codecs
        self.messages = {}
        self.sought = {}
        for message in found:
            self.messages[message.octets] = messages.rewritten(message, types, substitutes)

    def seek(self):
        """What is looked for in octets that no message was told of, when all substitutes are
        known."""
        self.sought = dict(item for item in self.substitutes.addresses.items()
                           if item[0] != item[1])
        self.sought.update(self.substitutes.identifiers)
        for text, other in self.substitutes.texts.items():
            for coding in ("utf-8", "latin-1", "cp1252", "utf-16-be", "utf-16-le"):
                try:
                    was, becomes = text.encode(coding), other.encode(coding)
                except UnicodeEncodeError:
                    continue
                if len(was) == len(becomes) and len(was) >= SHORTEST_SOUGHT and was != becomes:
                    self.sought[was] = becomes
            if len(text) >= SHORTEST_NUMBER and not set(text) - set(messages.PACKED):
                length = len(text) // 2 * 2
                self.sought[bytes.fromhex(messages.nibbles(text[:length]))] = bytes.fromhex(
                    messages.nibbles(other[:length]))
        self.sought = dict(sorted(self.sought.items(), key=lambda item: -len(item[0])))

    def _replaced(self, octets, table, covered):
        """Replaces in OCTETS what TABLE has, where nothing was replaced before."""
        for was, becomes in table.items():
            at = octets.find(was)
            while at >= 0:
                end = at + len(was)
                if not any(covered[at:end]):
                    octets[at:end] = becomes
                    covered[at:end] = b"\x01" * len(was)
                at = octets.find(was, at + 1)

    def signalling(self, octets):
        """In place, of a bytearray."""
        covered, original = bytearray(len(octets)), bytes(octets)
        ordered = dict(sorted(self.messages.items(), key=lambda item: -len(item[0])))
        self._replaced(octets, ordered, covered)
        # What was not understood, such as a message of which a part was lost.
        start = 0
        while start < len(octets):
            end = start
            while end < len(octets) and covered[end] == covered[start]:
                end += 1
            if not covered[start]:
                octets[start:end] = self.substitutes.scrambled(bytes(octets[start:end]))
            start = end
        # And what is coded where nobody knows it.
        for was, becomes in self.sought.items():
            at = octets.find(was)
            while at >= 0:
                octets[at:at + len(was)] = becomes
                at = octets.find(was, at + len(was))
        assert len(octets) == len(original)

    def t120(self, octets):
        """Data of a conference: what is in its TPKTs is left out."""
        at = 0
        while at + 7 <= len(octets) and octets[at] == 3:
            length = max(int.from_bytes(octets[at + 2:at + 4], "big"), 7)
            end = min(at + length, len(octets))
            kept = min(at + (T120_KEPT if octets[at + 5] == X224 else 7), end)
            octets[kept:end] = bytes(end - kept)
            at = end
        octets[at:] = bytes(len(octets) - at)

    def udp(self, datagram):
        data, start = datagram.data, datagram.start
        payload = bytearray(data[start:])
        kind = self.kinds.get((UDP, *sorted(datagram.ports())), OTHER)
        if silence.is_rtcp(payload):
            silence.rename_rtcp(payload, self.substitutes)
        elif kind == SIGNALLING:
            self.signalling(payload)
        elif kind == RTP or silence.header_length(payload) is not None:
            silence.silence_rtp(payload, self.codecs)
        else:
            payload[:] = bytes(len(payload))
        data[start:] = payload

    def tcp(self, segments):
        """All SEGMENTS of one side of a connection."""
        stream = Stream()
        payloads = []
        for segment in segments:
            number = int.from_bytes(segment.data[4:8], "big")
            if segment.data[13] & 2:        # SYN has a number of its own
                number += 1
            payload = bytearray(segment.data[segment.start:])
            payloads.append((segment, payload))
            stream.add(number, payload, 0)
        regions = stream.put_together()
        before = [(place, bytes(region)) for place, region in regions]
        for _place, region in regions:
            if self.kinds.get((TCP, *sorted(segments[0].ports()))) == T120:
                self.t120(region)
            else:
                self.signalling(region)
        stream.put_back(before)
        for segment, payload in payloads:
            segment.data[segment.start:] = payload

    def all(self, found):
        """Rewrites all Datagrams."""
        connections = collections.defaultdict(list)
        for datagram in found:
            packet = datagram.packet
            if packet.protocol == TCP and len(datagram.data) >= layers.SHORTEST[TCP]:
                connections[packet.source, packet.destination, datagram.ports()].append(datagram)
            elif packet.protocol == UDP and len(datagram.data) >= 8:
                self.udp(datagram)
            elif packet.protocol in (ICMP, ICMP6) and len(datagram.data) >= 8:
                layers.rename_quoted(packet, self.substitutes)
                datagram.data[:] = packet.frame.data[packet.start:packet.end]
            else:
                datagram.data[:] = bytes(len(datagram.data))
        for segments in connections.values():
            self.tcp(segments)
        for datagram in found:
            datagram.put_back()
