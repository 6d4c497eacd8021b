# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of script/bench from the recorded ones of test-captures/.

Frames are copied with other addresses, ports and numbers in place of their own, byte for byte;
checksums are left as they were, since Wireshark does not look at them unless it is told to.
"""

import heapq
import itertools
import struct

from support import files, tshark

SECOND = 1_000_000
ETHERNET = 14
CALLER = bytes([10, 73, 1, 10])
CALLEE = bytes([10, 73, 1, 20])
CALL = "h323-separate-h245-1731.pcap"
SHORT_CALL = "h323-short-call-1731.pcap"
BUSY_CALL = "h323-busy-1731.pcap"

RICH = 756  # packets of CALL as it was recorded, seven seconds of RTP
POOR = 243  # less most of its RTP

# What each of these programs said on our ports is moved to its own.
OTHER_TRAFFIC = [
    ("udp-of-other-programs.pcap", {}),
    ("foreign-tls-1731.pcap", {1731: 443}),
    ("foreign-dtls-1732.pcap", {1732: 4433}),
    ("foreign-ssh-1731.pcap", {1731: 22}),
    ("foreign-http-1732.pcap", {1732: 80}),
    ("foreign-dns-1730.pcap", {1730: 53}),
    ("foreign-smb-1730.pcap", {1730: 445}),
]


def read_capture(name):
    """[(microseconds since the first frame, bytes)]"""
    data = (files.CAPTURES / name).read_bytes()
    frames = []
    offset = 24
    while offset < len(data):
        seconds, microseconds, length = struct.unpack_from("<III", data, offset)
        frames.append((seconds * SECOND + microseconds, data[offset + 16:offset + 16 + length]))
        offset += 16 + length
    return [(time - frames[0][0], frame) for time, frame in frames]


def write_capture(path, frames):
    """FRAMES are in the order of their times. Returns how many there are."""
    count = 0
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for time, frame in frames:
            out.write(struct.pack("<IIII", *divmod(time, SECOND), len(frame), len(frame)) + frame)
            count += 1
    path.chmod(0o644)
    return count


def between(frame, hosts):
    """The frame between the HOSTS of another network, a number. Addresses in PER are four whole
    bytes, as in IP's header."""
    network = bytes([11 + hosts // 62500, hosts // 250 % 250, hosts % 250])
    return frame.replace(CALLER, network + b"\x0a").replace(CALLEE, network + b"\x14")


def spread(frames, times, spacing):
    """The FRAMES over and over, TIMES times, each time between other hosts and SPACING later."""
    def copy(number):
        for time, frame in frames:
            yield time + number * spacing, between(frame, number)

    return heapq.merge(*map(copy, range(times)), key=lambda timed: timed[0])


def write_calls(path, calls, packets):
    """Calls side by side of so many PACKETS each."""
    frames = read_capture(CALL)
    rtp = sorted(set(tshark.stock.frames(CALL, "rtp")) - {0})
    dropped = set(rtp[len(rtp) - (len(frames) - packets):]) if packets < len(frames) else set()
    kept = [frame for number, frame in enumerate(frames, 1) if number not in dropped]
    return write_capture(path, spread(kept, calls, SECOND // 100))


def with_ports(frame, ports):
    """The frame with other TCP or UDP PORTS, {old: new}; it has IPv4 or is left alone."""
    if not ports or frame[12:14] != b"\x08\x00" or frame[23] not in (6, 17):
        return frame
    at = ETHERNET + 4 * (frame[ETHERNET] & 0x0F)
    moved = b"".join(struct.pack("!H", ports.get(port, port))
                     for port in struct.unpack_from("!HH", frame, at))
    return frame[:at] + moved + frame[at + 4:]


def routed(frame):
    """A frame of the loopback as if it were between the two hosts of the other captures: the end
    with the lower port is the server."""
    if frame[12:14] != b"\x08\x00" or frame[ETHERNET + 12] != 127:
        return frame
    at = ETHERNET + 4 * (frame[ETHERNET] & 0x0F)
    source, destination = struct.unpack_from("!HH", frame, at)
    hosts = CALLER + CALLEE if source > destination else CALLEE + CALLER
    return frame[:ETHERNET + 12] + hosts + frame[ETHERNET + 20:]


def other_traffic():
    frames = []
    for name, ports in OTHER_TRAFFIC:
        frames += [(time, routed(with_ports(frame, ports))) for time, frame in read_capture(name)]
    return sorted(frames, key=lambda timed: timed[0])


def write_unrelated(path, times, with_a_call=False):
    """Traffic that has nothing to do with us, TIMES times, and a call in it if so asked."""
    streams = [spread(other_traffic(), times, SECOND // 10)]
    if with_a_call:
        streams.append(read_capture(SHORT_CALL))
    return write_capture(path, heapq.merge(*streams, key=lambda timed: timed[0]))


def write_long_call(path, packets):
    """One call of so many packets: its RTP goes on."""
    frames = read_capture(CALL)
    rtp = set(tshark.stock.frames(CALL, "rtp"))
    last = max(rtp)
    before = [frame for number, frame in enumerate(frames, 1) if number <= last]
    after = frames[last:]
    one_way = {}  # the latest packet of either direction
    for number in sorted(rtp):
        _time, frame = frames[number - 1]
        one_way[frame[26:34]] = frame
    more = (packets - len(frames)) // len(one_way)
    start = before[-1][0]
    step = 20_000

    def media():
        for count in range(1, more + 1):
            for frame in one_way.values():
                yield start + count * step, later_rtp(frame, count)

    end = more * step
    return write_capture(path, itertools.chain(
        before, media(), ((time + end, frame) for time, frame in after)))


def later_rtp(frame, count):
    """The RTP packet COUNT packets of 20 ms on."""
    at = ETHERNET + 20 + 8
    number, timestamp = struct.unpack_from("!HI", frame, at + 2)
    return (frame[:at + 2] + struct.pack("!HI", (number + count) & 0xFFFF,
                                         (timestamp + 160 * count) & 0xFFFFFFFF) + frame[at + 8:])


def control_frames(what):
    """The numbers of the frames of SHORT_CALL that the filter WHAT lets through, on port 1731."""
    return tshark.stock.frames(SHORT_CALL, f"tcp.port == 1731 && ({what})")


def write_setups(path, count):
    """So many connections with a SETUP that nobody answers."""
    frames = read_capture(SHORT_CALL)
    setup = control_frames("h225.setup_element")[0]
    opening = control_frames("tcp.flags.syn == 1 || (tcp.len == 0 && tcp.seq == 1 && tcp.ack == 1)")
    kept = [frames[number - 1] for number in opening if number < setup] + [frames[setup - 1]]
    return write_capture(path, renamed(spread(kept, count, 1000), guid_of(SHORT_CALL, setup)))


def write_busy(path, count):
    """So many calls whose callee is busy."""
    frames = [frame for frame in read_capture(BUSY_CALL) if frame[1][12:14] == b"\x08\x00"]
    guid = guid_of(BUSY_CALL, tshark.stock.frames(BUSY_CALL, "h225.setup_element")[0])
    return write_capture(path, renamed(spread(frames, count, SECOND // 100), guid))


def renamed(frames, guid):
    """The FRAMES, each with a call identifier of its network's in place of GUID."""
    for time, frame in frames:
        network = frame[ETHERNET + 12:ETHERNET + 15]
        yield time, frame.replace(guid, network + guid[len(network):])


def guid_of(name, number):
    text = tshark.stock.fields(name, ["h225.guid"], f"frame.number == {number}")
    first = text[0]["h225.guid"][0].replace("-", "")
    return bytes.fromhex(first)


def write_references(path, count):
    """One connection with so many calls, one after the other: SETUP and RELEASE COMPLETE."""
    frames = read_capture(SHORT_CALL)
    setup_at = control_frames("h225.setup_element")[0]
    release_at = control_frames("h225.releaseComplete_element")[0]
    setup, release = frames[setup_at - 1][1], frames[release_at - 1][1]
    guid = guid_of(SHORT_CALL, setup_at)
    opening = [frame for frame in frames[:setup_at - 1] if frame[1][12:14] == b"\x08\x00"]
    start = opening[-1][0]

    def calls():
        sequence = struct.unpack_from("!I", setup, tcp_at(setup) + 4)[0]
        for call in range(count):
            for message in (setup, release):
                frame = numbered(message, call + 1, guid, sequence)
                sequence += len(message) - payload_at(message)
                yield start + call * 10_000 + (5000 if message is release else 0), frame

    return write_capture(path, itertools.chain(opening, calls()))


def tcp_at(frame):
    return ETHERNET + 4 * (frame[ETHERNET] & 0x0F)


def payload_at(frame):
    at = tcp_at(frame)
    return at + 4 * (frame[at + 12] >> 4)


def numbered(frame, reference, guid, sequence):
    """The message with another call reference, call identifier and place in the connection."""
    at = tcp_at(frame)
    frame = frame[:at + 4] + struct.pack("!I", sequence & 0xFFFFFFFF) + frame[at + 8:]
    q931 = payload_at(frame) + 4
    frame = frame[:q931 + 2] + struct.pack("!H", reference) + frame[q931 + 4:]
    return frame.replace(guid, struct.pack("!H", reference) + guid[2:])
