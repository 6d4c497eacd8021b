"""Captures that a test makes for itself, packet by packet: of two hosts, a millisecond apart."""

import struct

import tsh

CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
START = 946684800
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


class Traffic:
    """TCP connections without handshakes and UDP datagrams, from the client to the server's port and back."""

    def __init__(self):
        self.packets = []
        self.next = {}

    def _add(self, packet):
        self.packets.append(b"\2" * 12 + b"\x08\0" + packet)

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
        self._add(ip(UDP, source, target, struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload))

    def unreachable(self):
        """The server's answer to the last packet, which it quotes: nobody listens there."""
        quoted = self.packets[-1][14:]
        icmp = struct.pack("!BBHI", DESTINATION_UNREACHABLE, PORT_UNREACHABLE, 0, 0) + quoted
        icmp = icmp[:2] + struct.pack("!H", checksum(icmp + b"\0" * (len(icmp) % 2))) + icmp[4:]
        self._add(ip(ICMP, SERVER, CLIENT, icmp))

    def write(self, name="made.pcap"):
        path = tsh.scratch() / name
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
            for i, packet in enumerate(self.packets):
                file.write(struct.pack("<IIII", START + i // 1000, i % 1000 * 1000, len(packet),
                                       len(packet)) + packet)
        path.chmod(0o644)
        return path
