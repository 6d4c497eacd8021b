# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames, TCP connections and capture files for the generators.

Times are whole microseconds, so that what is written does not depend on rounding. scapy takes
packets apart and puts them together (lengths, checksums); nothing here is random.
"""
import argparse
import struct
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.utils import RawPcapReader

SECOND = 1_000_000
DELAYED_ACK = 40_000        # how long a receiver waits for data of its own to acknowledge with


@dataclass(frozen=True)
class Frame:
    time: int               # microseconds since 1970
    data: bytes
    label: str = ''         # for generate.py to find a frame again; not written
    length: int = None      # on the wire, where the capture holds less

    def later(self, microseconds):
        return replace(self, time=self.time + microseconds)


@dataclass(frozen=True)
class End:
    """One end of a connection."""
    mac: str
    ip: str
    port: int


@dataclass(frozen=True)
class Message:
    """Something that one end sends in one segment."""
    time: int
    from_client: bool
    data: bytes
    label: str = ''
    lost: bool = False      # behind the capturing point: never acknowledged

    def later(self, microseconds):
        return replace(self, time=self.time + microseconds)


def read_capture(path):
    return [Frame(m.sec * SECOND + m.usec, data) for data, m in RawPcapReader(str(path))]


def write_capture(path, frames, snaplen=262144):
    write_frames(path, by_time(frames), snaplen)


def make_captures(generator, folder, snaplens=None):
    """What a generator does as a command. Each of its functions, which GENERATOR has by name, whose name begins as a kind
    of capture made by a script gives the frames of one; snaplens has the snapshot lengths of some."""
    makers = {name.replace('_', '-') + '.pcap': make for name, make in list(generator.items())
              if name.startswith(('derived_', 'synthetic_'))}
    parser = argparse.ArgumentParser(description=generator['__doc__'].splitlines()[0])
    parser.add_argument('names', nargs='*', metavar='NAME.pcap', help='only these')
    parser.add_argument('--into', type=Path, default=folder, metavar='DIR', help='put them elsewhere')
    asked = parser.parse_args()
    for name in asked.names:
        if name not in makers:
            sys.exit(f'{parser.prog}: no such capture: {name}')
    for name in asked.names or makers:
        write_capture(asked.into / name, makers[name](), (snaplens or {}).get(name, 262144))


def by_time(frames):
    return sorted(frames, key=lambda frame: frame.time)     # stable: equal times stay in order


def write_frames(path, frames, snaplen=262144):
    """A capture of the frames in the order that they are given in, whatever their times."""
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, snaplen, 1))
        for frame in frames:
            length = frame.length or len(frame.data)
            out.write(struct.pack('<IIII', *divmod(frame.time, SECOND), len(frame.data), length))
            out.write(frame.data)


def is_rtp(frame):
    packet = Ether(frame.data)
    return UDP in packet and packet[UDP].sport % 2 == 0     # the recording endpoints put RTCP on odd ports


def source_ip(frame):
    packet = Ether(frame.data)
    return packet[IP].src if IP in packet else None


def tcp_ports(frame):
    packet = Ether(frame.data)
    return {packet[TCP].sport, packet[TCP].dport} if TCP in packet else set()


def edit_packet(frame, edit):
    """The frame after edit(packet), with lengths and checksums worked out anew."""
    packet = Ether(frame.data)
    edit(packet)
    for layer in (IP, TCP, UDP):
        if layer in packet:
            del packet[layer].chksum
    return replace(frame, data=bytes(packet))


def tpkts(stream):
    """The lengths of the whole TPKTs at the start of a byte stream."""
    offset = 0
    while len(stream) >= offset + 4:
        length = struct.unpack_from('>H', stream, offset + 2)[0]
        if len(stream) < offset + length:
            break
        yield length
        offset += length


@dataclass
class Recorded:
    """A TCP connection found in a recording."""
    client: End
    server: End
    opened: int
    closed: int             # time of the first FIN or RST
    closed_by_client: bool
    messages: list          # one Message for each TPKT
    unread: dict            # by direction: bytes of a TPKT that has not ended


def tcp_connections(frames):
    """The connections of a recording that begin with a SYN, in that order."""
    found = {}
    for frame in frames:
        packet = Ether(frame.data)
        if TCP not in packet:
            continue
        ip, tcp = packet[IP], packet[TCP]
        source, target = (ip.src, tcp.sport), (ip.dst, tcp.dport)
        if tcp.flags == 'S':
            found[source, target] = Recorded(End(packet.src, *source), End(packet.dst, *target),
                                             frame.time, None, None, [], {True: b'', False: b''})
        from_client = (source, target) in found
        connection = found[source, target] if from_client else found[target, source]
        length = ip.len - ip.ihl * 4 - tcp.dataofs * 4
        stream = connection.unread[from_client] + bytes(tcp.payload)[:length]
        for size in tpkts(stream):
            connection.messages.append(Message(frame.time, from_client, stream[:size]))
            stream = stream[size:]
        connection.unread[from_client] = stream
        if connection.closed is None and ('F' in tcp.flags or 'R' in tcp.flags):
            connection.closed, connection.closed_by_client = frame.time, from_client
    return list(found.values())


def network(source, target, number):
    """The layers below a packet from one end to another; an address with a colon in it is IPv6."""
    ethernet = Ether(src=source.mac, dst=target.mac)
    if ':' in source.ip:
        return ethernet / IPv6(src=source.ip, dst=target.ip, hlim=64)
    return ethernet / IP(src=source.ip, dst=target.ip, id=number, flags='DF')


def datagram(time, source, target, data, number=1):
    packet = network(source, target, number) / UDP(sport=source.port, dport=target.port) / data
    return Frame(time, bytes(packet))


def tcp_connection(client, server, messages, opened=None, closed=None, closed_by_client=True, isn=1000):
    """The frames of a connection that carries the messages, a segment for each.

    opened and closed are the times of SYN and the first FIN; without one, that part is left out.
    A message with the label of an earlier one is sent with that one's sequence number.
    """
    ends = {True: client, False: server}
    next_seq = {True: isn, False: isn + 0x10000000}
    sent = {}                       # label: sequence number
    frames = []

    def put(time, from_client, flags, data=b'', label='', options=(), seq=None):
        source, target = ends[from_client], ends[not from_client]
        ack = next_seq[not from_client] if 'A' in flags else 0
        packet = (network(source, target, len(frames) + 1) /
                  TCP(sport=source.port, dport=target.port, flags=flags, window=64240, options=list(options),
                      seq=next_seq[from_client] if seq is None else seq, ack=ack) / data)
        frames.append(Frame(time, bytes(packet), label))
        if seq is None:
            next_seq[from_client] += len(data) + ('S' in flags or 'F' in flags)

    if opened is not None:
        mss = [('MSS', 1460)]
        put(opened, True, 'S', options=mss)
        put(opened + 20, False, 'SA', options=mss)
        put(opened + 40, True, 'A')
    messages = sorted(messages, key=lambda message: message.time)
    for i, message in enumerate(messages):
        sender, receiver = message.from_client, not message.from_client
        again = sent.get(message.label) if message.label else None
        if message.label and again is None:
            sent[message.label] = next_seq[sender]
        put(message.time, sender, 'PA', message.data, message.label, seq=again)
        following = messages[i + 1].time if i + 1 < len(messages) else closed
        if not message.lost and (following is None or following > message.time + DELAYED_ACK):
            put(message.time + DELAYED_ACK, receiver, 'A')
    if closed is not None:
        put(closed, closed_by_client, 'FA')
        put(closed + 20, not closed_by_client, 'FA')
        put(closed + 40, closed_by_client, 'A')
    return frames
