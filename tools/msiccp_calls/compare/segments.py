# SPDX-License-Identifier: GPL-2.0-or-later
"""A TCP connection as one capture has it: its packets each way, and the messages that they carry."""

import dataclasses
import hashlib
import typing

HALF, WHOLE = 1 << 31, 1 << 32
COPIED_WITHIN = 5_000           # us: a packet with the same numbers so soon after is a copy, not sent again
SAME_ID_WITHIN = 150_000        # us: one with the same IP identification, too
MOST_HELD_BACK = 1 << 18        # bytes behind a gap
MOST_SEGMENTS = 20_000          # a connection and direction: a call has some dozens
MOST_OF_STRAY = 64              # of a connection that no call is known of
LEAST_TPKT = 4


class Segment(typing.NamedTuple):
    """A TCP packet that says something: data, SYN, FIN or RST."""

    time: int
    frame: int
    seq: int
    length: int
    flags: int
    ack: int
    ttl: int
    dscp: int
    ip_id: int
    digest: bytes | None        # None: no data, or not all of it was captured


class Cut(typing.NamedTuple):
    """A message, cut out of the bytes of a direction. DIGEST is None where a part was not captured."""

    frame: int
    time: int
    first_frame: int
    end: int                    # its end in the direction, by sequence number
    length: int
    head: bytes
    digest: bytes | None


def after(later, earlier):
    """How far a sequence number is behind another, around the end of the numbers."""
    return (later - earlier + HALF) % WHOLE - HALF


def digest_of(data):
    return hashlib.blake2b(data, digest_size=8).digest()


class Assembler:
    """Puts the data of a direction in order and cuts it into messages: by TPKT, or else as it was
    sent."""

    def __init__(self):
        self.next = None
        self.held = {}          # sequence number: (frame, time, data, whole)
        self.buffer = b""
        self.whole = True
        self.begun = None       # frame in which the bytes of the buffer begin

    def begin(self, seq):
        if self.next is None:
            self.next = seq

    def add(self, seq, frame, time, data, length):
        """The messages that are complete with this. DATA may be shorter than LENGTH."""
        whole = len(data) == length
        if not whole:
            data = data[:length] + bytes(length - len(data))
        self.begin(seq)
        self.held[seq] = (frame, time, data, whole)
        found = list(self._in_order())
        if sum(len(item[2]) for item in self.held.values()) > MOST_HELD_BACK:
            found += self._pass_gap()
        return found

    def _pass_gap(self):
        """What was missing is given up."""
        self.buffer, self.whole = b"", True
        self.next = min(self.held, key=lambda seq: after(seq, self.next))
        return list(self._in_order())

    def rest(self):
        """What is behind gaps at the end."""
        found = []
        while self.held:
            found += self._pass_gap()
        return found

    def _in_order(self):
        while True:
            ready = [seq for seq in self.held if after(seq, self.next) <= 0]
            if not ready:
                return
            seq = min(ready, key=lambda one: after(one, self.next))
            frame, time, data, whole = self.held.pop(seq)
            old = -after(seq, self.next)
            if old < len(data):
                yield from self._append(data[old:], frame, time, whole)

    def _append(self, data, frame, time, whole):
        if not self.buffer:
            self.begun, self.whole = frame, True
        self.next = (self.next + len(data)) % WHOLE
        self.buffer += data
        self.whole = self.whole and whole
        while self.buffer:
            length = self._message_length()
            if length > len(self.buffer):
                return
            message, self.buffer = self.buffer[:length], self.buffer[length:]
            if length > LEAST_TPKT:
                end = (self.next - len(self.buffer)) % WHOLE
                yield Cut(frame, time, self.begun, end, length, message[4:8],
                          digest_of(message) if self.whole else None)
            self.begun, self.whole = frame, whole

    def _message_length(self):
        if self.buffer[:2] == b"\x03\x00"[:len(self.buffer)]:
            if len(self.buffer) < LEAST_TPKT:
                return LEAST_TPKT
            return max(int.from_bytes(self.buffer[2:4], "big"), LEAST_TPKT)
        return len(self.buffer)


class Direction:
    """One way of a connection."""

    def __init__(self):
        self.segments = []
        self.isn = None
        self.acks = None        # the highest number that it acknowledges of the other way
        self.end = None         # the highest number behind its own data
        self.packets = 0
        self.more = 0           # packets that were left out of `segments`
        self.copies = 0         # for sure, by IP's identification
        self.doubtful = []      # segments that may be copies
        self.recent = {}        # (seq, length, flags): (time, IP identification), of the latest
        self.assembler = Assembler()

    def syns(self):
        return [one for one in self.segments if one.flags & 0x02]

    def resets(self):
        return [one for one in self.segments if one.flags & 0x04]

    def is_copy(self, segment, data):
        """Whether the packet was in the capture already: seen at two places, not sent twice. None: it may
        be, and its IP header does not tell."""
        key = segment.seq, segment.length, segment.flags, segment.ack
        known = self.recent.get(key)
        if len(self.recent) > 256:
            self.recent.clear()
        self.recent[key] = segment.time, segment.ip_id
        if known is None or (not data and not segment.flags & 0x07):
            return False
        apart = segment.time - known[0]
        if segment.ip_id and known[1]:
            return segment.ip_id == known[1] and apart < SAME_ID_WITHIN
        return None if apart < COPIED_WITHIN else False

    def drop_doubtful(self):
        """What may be a copy is one."""
        self.segments = [one for one in self.segments if one not in self.doubtful]

    def add(self, segment, data):
        """The messages that are complete with SEGMENT, whose captured bytes are DATA."""
        copy = self.is_copy(segment, data)
        if copy:
            self.copies += 1
            return []
        if copy is None:
            self.doubtful.append(segment)
        self.packets += 1
        if segment.flags & 0x02:
            self.isn = segment.seq
            self.assembler.begin((segment.seq + 1) % WHOLE)
        if segment.flags & 0x10 and (self.acks is None or after(segment.ack, self.acks) > 0):
            self.acks = segment.ack
        end = (segment.seq + segment.length) % WHOLE
        if segment.length and (self.end is None or after(end, self.end) > 0):
            self.end = end
        if segment.length or segment.flags & 0x07:
            if len(self.segments) < MOST_SEGMENTS:
                self.segments.append(segment)
            else:
                self.more += 1
        if not data:
            return []
        return self.assembler.add(segment.seq, segment.frame, segment.time, data, segment.length)


@dataclasses.dataclass
class Connection:
    """Opened by CLIENT to SERVER, addresses with ports. `ways` are from the client, and back."""

    file: int
    client: tuple
    server: tuple
    ways: tuple = dataclasses.field(default_factory=lambda: (Direction(), Direction()))
    what: str | None = None         # control, h245, t120
    sessions: set = dataclasses.field(default_factory=set)
    announced: tuple | None = None  # (session, whom it was announced by, number) of an H.245 connection
    messages: list = dataclasses.field(default_factory=list)
    first: int = 0
    is_watched: bool = False        # its messages were not read

    def watch(self, source, segment):
        """A packet of a connection that no call is known of, yet: only what tells it from others is kept."""
        way = self.ways[self.way(source)]
        self.is_watched = True
        if len(way.segments) < MOST_OF_STRAY:
            way.add(segment, b"")

    def way(self, source):
        return 0 if source == self.client else 1

    def is_opened(self):
        """Both ends have said so."""
        client, server = self.ways
        if server.syns() and client.acks is not None:
            return True
        return all(any(one.length for one in way.segments) for way in self.ways)
