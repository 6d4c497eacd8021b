# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures made of others, for tests that need a small change in them."""

import dataclasses
import struct

import wire
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from support import files, tshark
from support.traffic import write


def read(capture):
    return wire.read_capture(files.readable(capture))


def closed_after(capture, display_filter, flags):
    """CAPTURE up to the first frame that the filter lets through, then a TCP segment with FLAGS."""
    end = tshark.frames(capture, display_filter)[0]
    frames = read(capture)[:end]
    packet = Ether(frames[-1].data)
    segment = Ether(src=packet.src, dst=packet.dst) / IP(src=packet[IP].src, dst=packet[IP].dst)
    segment /= TCP(sport=packet[TCP].sport, dport=packet[TCP].dport, flags=flags,
                   seq=packet[TCP].seq + len(packet[TCP].payload), ack=packet[TCP].ack)
    frames.append(wire.Frame(frames[-1].time + wire.SECOND, bytes(segment)))
    return write(frames, "closed.pcap")


def without(capture, display_filter):
    """CAPTURE without the frames that the filter lets through."""
    gone = set(tshark.frames(capture, display_filter))
    return write([frame for number, frame in enumerate(read(capture), 1) if number not in gone],
                 "without.pcap")


def display_name(capture, name):
    """The first frame of CAPTURE's call, with NAME as its only name (Q.931 display)."""
    request = tshark.frames(capture, "msiccp.event == request")[0]
    frame = read(capture)[request - 1]
    packet = Ether(frame.data)
    message = bytes(packet[TCP].payload)[4:]
    header = 3 + message[1]
    elements = b"\x04\x03\x88\xc0\xa5" + b"\x28" + bytes([len(name)]) + name
    message = message[:header] + elements
    packet[TCP].remove_payload()
    packet /= Raw(struct.pack(">BBH", 3, 0, 4 + len(message)) + message)
    del packet[IP].len, packet[IP].chksum, packet[TCP].chksum
    return write([dataclasses.replace(frame, data=bytes(packet))], "named.pcap")


def _made(name, *command):
    """The new file NAME, which COMMAND takes as its last argument and writes."""
    target = files.scratch() / name
    done = tshark.stock.start([*command, target])
    assert done.returncode == 0, done.stderr
    return target


def cut(capture, display_filter, name="cut.pcap"):
    """A copy of the capture with only the frames that stock Wireshark finds with this filter."""
    return _made(name, tshark.TSHARK, "-n", "-r", files.readable(capture), "-Y", display_filter,
                 "-F", "pcap", "-w")


def editcap(capture, *arguments, name="edited.pcap"):
    """A copy of the capture, as editcap makes it."""
    return _made(name, "editcap", *arguments, files.readable(capture))


def merged(captures, *arguments):
    """One capture of several: by time, or as mergecap is told by ARGUMENTS."""
    return _made("merged.pcap", "mergecap", "-F", "pcap", *arguments,
                 *map(files.readable, captures), "-w")
