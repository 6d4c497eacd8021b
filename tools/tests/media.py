# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures with other media than what was recorded: the signalling of h323-short-call-1731.pcap,
and between the same ports RTP made here, of payloads that real encoders made of a tone (tones.py).

No endpoint at hand sends some of these codecs, or another tone from each end, or loses, delays and
mixes packets as a test wants it, so each such capture is synthetic, and is made where a test needs
it.
"""

import collections
import struct

import tool

ETHERNET, IP, UDP = 14, 20, 8


def read(path):
    """[microseconds, frame] of each packet of a pcap."""
    data = path.read_bytes()
    offset, frames = 24, []
    while offset < len(data):
        seconds, micros, length = struct.unpack_from("<III", data, offset)
        frames.append([seconds * 1_000_000 + micros, data[offset + 16:offset + 16 + length]])
        offset += 16 + length
    return frames


def write(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for time, frame in frames:
            out.write(struct.pack("<IIII", *divmod(time, 1_000_000), len(frame), len(frame)))
            out.write(frame)


def is_rtp(frame):
    """Of the recorded call, whose frames are Ethernet and IPv4."""
    return (frame[12:14] == b"\x08\0" and frame[23] == 17
            and struct.unpack_from(">H", frame, ETHERNET + IP)[0] >= 49600
            and frame[ETHERNET + IP + UDP] >> 6 == 2 and frame[ETHERNET + IP + UDP + 1] & 0x7F < 64)


def source(frame):
    """Whose RTP it is."""
    return frame[ETHERNET + IP + UDP + 8:ETHERNET + IP + UDP + 12]


def later(frame, packets):
    """The RTP of a frame as so many PACKETS later."""
    at = ETHERNET + IP + UDP + 2
    seq, timestamp = struct.unpack_from(">HI", frame, at)
    moved = struct.pack(">HI", (seq + packets) & 0xffff, (timestamp + packets * 160) & 0xffffffff)
    return frame[:at] + moved + frame[at + 6:]


def stretch(payload_type, payloads, ticks, spacing_us):
    """The packets of a stream: (microseconds from its start, payload type, timestamp, payload)."""
    return [(number * spacing_us, payload_type, number * ticks, payload)
            for number, payload in enumerate(payloads)]


def call_with(path, to_callee, to_caller):
    """The short call with these packets, as stretch() makes them, in place of its own. A packet of
    None was lost: it has a sequence number all the same."""
    recorded = read(tool.SHORT_CALL)
    frames = [frame for frame in recorded if not is_rtp(frame[1])]
    for source, packets in ((10, to_callee), (20, to_caller)):
        start, model = next((time, frame) for time, frame in recorded
                            if is_rtp(frame) and frame[ETHERNET + 15] == source)
        for sequence, (after, payload_type, timestamp, payload) in enumerate(packets):
            if payload is None:
                continue
            rtp = struct.pack(">BBHI", 0x80, payload_type, sequence & 0xFFFF, timestamp)
            rtp += model[ETHERNET + IP + UDP + 8:ETHERNET + IP + UDP + 12] + payload
            ip = bytearray(model[ETHERNET:ETHERNET + IP])
            struct.pack_into(">H", ip, 2, IP + UDP + len(rtp))
            udp = model[ETHERNET + IP:ETHERNET + IP + 4] + struct.pack(">HH", UDP + len(rtp), 0)
            frames.append([start + after, model[:ETHERNET] + bytes(ip) + udp + rtp])
    # The release comes after all of it.
    last = max(time for time, frame in frames if is_rtp(frame))
    release = max(time for time, frame in recorded if is_rtp(frame))
    for frame in frames:
        if frame[0] > release and not is_rtp(frame[1]):
            frame[0] += last - release
    write(path, sorted(frames, key=lambda frame: frame[0]))


def write_record(out, time_us, frame):
    out.write(struct.pack("<IIII", *divmod(time_us, 1_000_000), len(frame), len(frame)) + frame)


def begin_capture(path):
    out = open(path, "wb")
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    return out


def long_call(path, offset, packets):
    """One call, its RTP going on until there are so many packets, by a clock that is OFFSET microseconds ahead."""
    frames = read(tool.CALL)
    talk = [(when, frame) for when, frame in frames if is_rtp(frame)]
    sent = collections.Counter(source(frame) for _when, frame in talk)
    rounds = 1 + -(-(packets - len(frames)) // len(talk))
    first, last = talk[0][0], talk[-1][0]
    longer = last - first + 20_000
    with begin_capture(path) as out:
        for when, frame in frames:
            if when < first:
                write_record(out, when + offset, frame)
        for number in range(rounds):
            for when, frame in talk:
                write_record(out, when + offset + number * longer, later(frame, number * sent[source(frame)]))
        for when, frame in frames:
            if when > first and not is_rtp(frame):
                write_record(out, when + offset + (rounds - 1) * longer, frame)
    return len(frames) + (rounds - 1) * len(talk)
