"""Captures made of recorded ones, for tests that need a small change in them."""

import struct

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import RawPcapReader

import tsh


def _read(capture):
    return [(meta.sec, meta.usec, data) for data, meta in RawPcapReader(tsh.readable(capture))]


def _write(name, frames):
    path = tsh.scratch() / name
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for seconds, microseconds, data in frames:
            out.write(struct.pack("<IIII", seconds, microseconds, len(data), len(data)) + data)
    path.chmod(0o644)
    return path


def _anew(packet):
    """The packet's bytes with lengths and checksums of their own."""
    del packet[IP].len, packet[IP].chksum, packet[TCP].chksum
    return bytes(packet)


def closed_after(capture, display_filter, flags):
    """CAPTURE up to the first frame that the filter lets through, then a TCP segment with FLAGS."""
    end = tsh.frames(capture, display_filter)[0]
    frames = _read(capture)[:end]
    seconds, microseconds, data = frames[-1]
    packet = Ether(data)
    segment = Ether(src=packet.src, dst=packet.dst) / IP(src=packet[IP].src, dst=packet[IP].dst)
    segment /= TCP(sport=packet[TCP].sport, dport=packet[TCP].dport, flags=flags,
                   seq=packet[TCP].seq + len(packet[TCP].payload), ack=packet[TCP].ack)
    frames.append((seconds + 1, microseconds, bytes(segment)))
    return _write("closed.pcap", frames)


def without(capture, display_filter):
    """CAPTURE without the frames that the filter lets through."""
    gone = set(tsh.frames(capture, display_filter))
    return _write("without.pcap", [frame for number, frame in enumerate(_read(capture), 1)
                                   if number not in gone])


def display_name(capture, name):
    """The first frame of CAPTURE's call, with NAME as its only name (Q.931 display)."""
    request = tsh.frames(capture, "msiccp.event == request")[0]
    seconds, microseconds, data = _read(capture)[request - 1]
    packet = Ether(data)
    message = bytes(packet[TCP].payload)[4:]
    header = 3 + message[1]
    elements = b"\x04\x03\x88\xc0\xa5" + b"\x28" + bytes([len(name)]) + name
    message = message[:header] + elements
    packet[TCP].remove_payload()
    packet /= Raw(struct.pack(">BBH", 3, 0, 4 + len(message)) + message)
    return _write("named.pcap", [(seconds, microseconds, _anew(packet))])
