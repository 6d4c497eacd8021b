# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs of captures of one call: those of test-captures/pairs, and others made of them."""

import functools
import json
import os
import struct
import sys

import media
import tool

FOLDER = tool.CAPTURES / "pairs"
NAMES = sorted(path.name[len("pair-"):-len("-near.pcap")] for path in FOLDER.glob("pair-*-near.pcap"))
ETHERNET = 14
IP_SOURCE, IP_TARGET = ETHERNET + 12, ETHERNET + 16


def both(name):
    """The two captures of a pair, near and far."""
    return [FOLDER / f"pair-{name}-{side}.pcap" for side in ("near", "far")]


def dropped(name):
    """What the rules of the router counted."""
    return int((FOLDER / f"pair-{name}.dropped").read_text())


@functools.lru_cache(maxsize=None)
def _comparison():
    """The program's own, in this process: tshark is looked for once."""
    sys.path.insert(0, str(tool.ROOT / "tools"))
    os.environ.update(tool.environment())
    from msiccp_calls.compare import compare as comparison
    from msiccp_calls.decode.settings import Settings
    return comparison.Comparison, Settings


def compare(near, far, rotated=False, **settings):
    """The document, as JSON would have it."""
    comparison, make_settings = _comparison()
    found = comparison(make_settings(**settings), (str(near), str(far)), rotated)
    return json.loads(json.dumps(found.document()))


@functools.lru_cache(maxsize=None)
def compared(name):
    return compare(*both(name))


def call(name):
    (found,) = compared(name)["calls"]
    return found


def found(document, word):
    """The findings of a document that have WORD."""
    return [one for call in document["calls"] for one in call["findings"] if one["finding"] == word]


def words(document):
    return {one["finding"] for call in document["calls"] for one in call["findings"]}


def streams(document):
    """{to: stream} of the only call."""
    (only,) = document["calls"]
    return {stream["to"]: stream for stream in only["streams"]}


# Frames, as media.read() gives them

def is_udp(frame):
    return frame[12:14] == b"\x08\0" and frame[23] == 17


def is_tcp(frame):
    return frame[12:14] == b"\x08\0" and frame[23] == 6


def source(frame):
    return frame[IP_SOURCE:IP_SOURCE + 4]


def from_callee(frame):
    return source(frame) == bytes([10, 73, 2, 20])


def write(path, frames, link=1, snapped=None):
    """A pcap; SNAPPED octets of each frame are kept."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snapped or 262144, link))
        for time, frame in frames:
            kept = frame[:snapped] if snapped else frame
            out.write(struct.pack("<IIII", *divmod(time, 1_000_000), len(kept), len(frame)) + kept)
    return path


def moved(frames, offset_us=0, ppm=0):
    """Seen by a clock that is OFFSET_US ahead at the first frame and gains PPM."""
    first = frames[0][0]
    return [[time + offset_us + round((time - first) * ppm / 1_000_000), frame] for time, frame in frames]


def cooked(frames):
    """As of the interface "any": Linux cooked capture, version 1."""
    return [[time, b"\0\0\0\1\0\6" + frame[6:12] + b"\0\0" + frame[12:]] for time, frame in frames]


def tagged(frames):
    return [[time, frame[:12] + b"\x81\0\0\x49" + frame[12:]] for time, frame in frames]


def doubled(frames):
    """As of a mirror port that copies what comes in and what goes out."""
    return [[time + after, frame] for time, frame in frames for after in (0, 7)]


def numbered_anew(frames):
    """Behind a device that has sequence numbers of its own for TCP."""
    more = {}

    def changed(frame):
        if not is_tcp(frame):
            return frame
        tcp = bytearray(frame)
        ends = frame[IP_SOURCE:IP_SOURCE + 4] + frame[ETHERNET + 20:ETHERNET + 22], (
            frame[IP_TARGET:IP_TARGET + 4] + frame[ETHERNET + 22:ETHERNET + 24])
        seq, ack = struct.unpack_from(">II", frame, ETHERNET + 24)
        own, other = (more.setdefault(end, 1_000_003 * (1 + len(more))) for end in ends)
        struct.pack_into(">I", tcp, ETHERNET + 24, (seq + own) % (1 << 32))
        if frame[ETHERNET + 33] & 0x10:
            struct.pack_into(">I", tcp, ETHERNET + 28, (ack + other) % (1 << 32))
        return bytes(tcp)
    return [[time, changed(frame)] for time, frame in frames]


def with_source_number(frames, number):
    """RTP from the callee with another SSRC, and numbers that begin elsewhere."""
    def changed(frame):
        if not (media.is_rtp(frame) and from_callee(frame)):
            return frame
        rtp = bytearray(frame)
        at = ETHERNET + 28
        seq, timestamp = struct.unpack_from(">HI", frame, at + 2)
        struct.pack_into(">HII", rtp, at + 2, (seq + 777) & 0xffff, (timestamp + 55_555) & 0xffffffff, number)
        return bytes(rtp)
    return [[time, changed(frame)] for time, frame in frames]


read = media.read
