# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that a test makes for itself, packet by packet: of two hosts, a millisecond apart."""

import struct

import wire

from support import files

CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
START = 946_684_800 * wire.SECOND
TCP, UDP, ICMP = 6, 17, 1
DESTINATION_UNREACHABLE, PORT_UNREACHABLE = 3, 3


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(protocol, source, target, data):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, protocol, 0, source, target)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + data


def udp(source_port, target_port, data):
    return struct.pack("!HHHH", source_port, target_port, 8 + len(data), 0) + data


def ethernet(packet):
    """A frame with an IPv4 packet in it."""
    return b"\2" * 12 + b"\x08\0" + packet


def write(frames, name="made.pcap"):
    """A capture of these frames (wire.Frame), in this order, that tshark can read."""
    path = files.scratch() / name
    wire.write_frames(path, frames)
    path.chmod(0o644)
    return path


class Traffic:
    """TCP connections without handshakes and UDP datagrams, from the client to the server's port and back."""

    def __init__(self):
        self.packets = []
        self.next = {}

    def _add(self, packet):
        self.packets.append(ethernet(packet))

    def send(self, port, from_client, payload, server_port=1731):
        """A TCP segment; the client's port is what tells connections apart."""
        source, target = (CLIENT, SERVER) if from_client else (SERVER, CLIENT)
        ports = (port, server_port) if from_client else (server_port, port)
        sequence = self.next.setdefault((ports, from_client), 1)
        other = self.next.setdefault((ports[::-1], not from_client), 1)
        self.next[ports, from_client] += len(payload)
        self._add(ip(TCP, source, target,
                     struct.pack("!HHIIBBHHH", *ports, sequence, other, 0x50, 0x18, 64240, 0, 0) + payload))

    def dialogue(self, port, *turns, server_port=1731):
        """Segments of a connection: (True, bytes) is the client's, (False, bytes) the server's."""
        for from_client, payload in turns:
            self.send(port, from_client, payload, server_port)

    def datagram(self, port, from_client, payload, server_port=1731):
        source, target = (CLIENT, SERVER) if from_client else (SERVER, CLIENT)
        ports = (port, server_port) if from_client else (server_port, port)
        self._add(ip(UDP, source, target, udp(*ports, payload)))

    def unreachable(self):
        """The server's answer to the last packet, which it quotes: nobody listens there."""
        quoted = self.packets[-1][14:]
        icmp = struct.pack("!BBHI", DESTINATION_UNREACHABLE, PORT_UNREACHABLE, 0, 0) + quoted
        icmp = icmp[:2] + struct.pack("!H", checksum(icmp + b"\0" * (len(icmp) % 2))) + icmp[4:]
        self._add(ip(ICMP, SERVER, CLIENT, icmp))

    def write(self, name="made.pcap"):
        return write([wire.Frame(START + 1000 * number, packet)
                      for number, packet in enumerate(self.packets)], name)
