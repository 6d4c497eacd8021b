# SPDX-License-Identifier: GPL-2.0-or-later
"""The packets of a stream in both captures, matched: lost between, put in another order, doubled, delayed."""

import dataclasses

from ..common.needs import need

numpy = need("numpy")

SECOND = 1_000_000
SPAN = 60 * SECOND              # of the sender's packets that are matched at once
EARLY, LATE = 2 * SECOND, 10 * SECOND   # around the transit that is expected
TOO_LATE = 100_000              # us: most receivers play nothing of what comes so much later
FRAMES_KEPT = 8
KEPT = 1 << 16                  # transits, of which the figures are made
SAMPLED = 4096
ALIKE = 20                      # packets with the same content that show two streams to be one
EMPTY = numpy.array([], dtype=numpy.int64)


def keys(packets, shift=(0, 0)):
    """What a packet of a stream is known by in both captures: sequence number and timestamp."""
    seq = (packets["seq"].astype(numpy.int64) - shift[0]) & 0xffff
    timestamp = (packets["timestamp"].astype(numpy.int64) - shift[1]) & 0xffffffff
    return (seq << 32) | timestamp


class Reader:
    """The packets of some flows in the order of time, a while at a time."""

    def __init__(self, flows):
        self.sources = [[iter(flow.packets.chunks()), None] for flow in flows]
        for source in self.sources:
            source[1] = next(source[0], None)

    def next_time(self):
        times = [int(chunk["time"][0]) for _more, chunk in self.sources if chunk is not None]
        return min(times) if times else None

    def take(self, until):
        """Those before UNTIL."""
        parts = []
        for source in self.sources:
            while source[1] is not None:
                behind = numpy.flatnonzero(source[1]["time"] >= until)
                if len(behind):
                    if behind[0]:
                        parts.append(source[1][:behind[0]])
                        source[1] = source[1][behind[0]:]
                    break
                parts.append(source[1])
                source[1] = next(source[0], None)
        if not parts:
            return None
        packets = parts[0] if len(parts) == 1 else numpy.concatenate(parts)
        times = packets["time"]
        if (times[1:] >= times[:-1]).all():
            return packets
        return packets[numpy.argsort(times, kind="stable")]


@dataclasses.dataclass
class Matched:
    """What came of a stream. FRAMES are those of both captures, A's first, that show it."""

    sent: int = 0
    arrived: int = 0
    both: int = 0
    lost: int = 0
    runs: int = 0
    longest: int = 0
    reordered: int = 0
    doubled: int = 0
    copied: list = dataclasses.field(default_factory=lambda: [0, 0])
    behind_only: int = 0            # arrived, and not in the sending side's capture
    missing_before: int = 0         # numbers that the sending side's capture lacks, and the other too
    lost_frames: list = dataclasses.field(default_factory=list)
    behind_frames: list = dataclasses.field(default_factory=list)
    both_frames: tuple = ((), ())
    transit: dict | None = None
    late: float = 0.0               # share that took TOO_LATE longer than the fastest
    dscp: list = dataclasses.field(default_factory=lambda: [None, None])
    marks_changed: int = 0
    ttl: list = dataclasses.field(default_factory=lambda: [None, None])
    lost_in_reports: int = 0        # lost in the time that the receiver's reports tell of


class Matching:
    """Matches a stream, sent at side SENDER (0, 1), in memory that does not grow with it."""

    def __init__(self, stream, sender, clock, covers, reported=None):
        self.stream, self.sender, self.clock, self.covers = stream, sender, clock, covers
        self.reported = reported    # from when to when, by the receiving side's clock
        self.result = Matched()
        self.run = 0
        self.place = 0              # of the latest packet that arrived, in the order of sending
        self.sent_before = 0
        self.transits, self.step = [], 1
        self.least = self.most = None
        self.highest = None
        self.frames = [], []

    def _shift(self, side):
        return self.stream.shift if side == 1 else (0, 0)

    def _expected(self, time):
        """When a packet is expected behind that was sent at TIME, of the sending side's clock."""
        return time + self._offset(time)

    def _offset(self, time):
        if self.clock.offset is None:
            return 0
        if self.sender == 0:
            return self.clock.at(time)
        return self.clock.to_a(time) - time

    def run_through(self):
        sender, receiver = self.sender, 1 - self.sender
        before, behind = Reader(self.stream.flows[sender]), Reader(self.stream.flows[receiver])
        held, hits = None, None
        while True:
            begin = before.next_time()
            if begin is None:
                break
            sent = before.take(begin + SPAN)
            arrived = behind.take(self._expected(begin + SPAN) + LATE)
            if arrived is not None:
                held = arrived if held is None else numpy.concatenate([held, arrived])
                hits = numpy.zeros(len(arrived), bool) if hits is None else numpy.concatenate(
                    [hits, numpy.zeros(len(arrived), bool)])
            self._match(sent, held, hits)
            if held is not None:
                old = held["time"] < self._expected(begin + SPAN) - EARLY
                self._leave(held[old], hits[old])
                held, hits = held[~old], hits[~old]
        if held is not None:
            self._leave(held, hits)
        while (begin := behind.next_time()) is not None:
            rest = behind.take(begin + SPAN)
            self._leave(rest, numpy.zeros(len(rest), bool))
        self._end_run()
        self._figures()
        return self.result

    def _match(self, sent, held, hits):
        result = self.result
        all_keys = keys(sent, self._shift(self.sender))
        once, first = numpy.unique(all_keys, return_index=True)
        result.copied[self.sender] += len(sent) - len(once)
        first.sort()
        sent, sent_keys = sent[first], all_keys[first]
        self._numbers(sent)
        at = numpy.full(len(sent), -1)
        if held is not None and len(held):
            at = self._find(sent_keys, held, hits)
        low, high = self.covers[1 - self.sender]
        expected = self._expected(sent["time"].astype(numpy.float64))
        counted = ((expected >= low) & (expected <= high)) | (at >= 0)
        sent, at = sent[counted], at[counted]
        arrived = at >= 0
        result.sent += len(sent)
        result.both += int(arrived.sum())
        if self.reported:
            inside = (expected[counted] > self.reported[0]) & (expected[counted] <= self.reported[1])
            result.lost_in_reports += int((inside & ~arrived).sum())
        self._runs(sent, arrived)
        if len(sent) and result.ttl[self.sender] is None:
            self._mark(self.sender, sent)
        if arrived.any():
            self._arrived(sent, held, at, arrived)
        self.sent_before += len(sent)

    def _find(self, sent_keys, held, hits):
        """Where in HELD each of the keys is first, or -1; all packets with it are marked in HITS."""
        held_keys = keys(held, self._shift(1 - self.sender))
        order = numpy.argsort(held_keys, kind="stable")
        ordered = held_keys[order]
        low = numpy.searchsorted(ordered, sent_keys, "left")
        high = numpy.searchsorted(ordered, sent_keys, "right")
        found = high > low
        at = numpy.full(len(sent_keys), -1)
        at[found] = order[low[found]]
        self.result.doubled += int((high - low)[found].sum() - found.sum())
        begun = numpy.bincount(low[found], minlength=len(order) + 1)
        ended = numpy.bincount(high[found], minlength=len(order) + 1)
        hits[order[numpy.cumsum(begun - ended)[:-1] > 0]] = True
        return at

    def _numbers(self, sent):
        """Counts the numbers that the sending side's capture lacks."""
        seq = sent["seq"].astype(numpy.int64)
        if not len(seq):
            return
        if self.highest is None:
            self.highest = int(seq[0]) - 1
        steps = numpy.diff(numpy.concatenate([[self.highest & 0xffff], seq]))
        steps = ((steps + 0x8000) & 0xffff) - 0x8000
        line = self.highest + numpy.cumsum(steps)
        top = int(line.max())
        if 0 <= top - self.highest < 3000 + len(seq):
            self.result.missing_before += top - self.highest - len(seq)
        self.highest = max(self.highest, top)

    def _runs(self, sent, arrived):
        result = self.result
        result.lost += int((~arrived).sum())
        for index in numpy.flatnonzero(~arrived)[:FRAMES_KEPT - len(result.lost_frames)]:
            result.lost_frames.append(int(sent["frame"][index]))
        for gone, length in _stretches(~arrived):
            if gone:
                self.run += length
            elif self.run:
                self._end_run()

    def _end_run(self):
        if self.run:
            self.result.runs += 1
            self.result.longest = max(self.result.longest, self.run)
        self.run = 0

    def _arrived(self, sent, held, at, arrived):
        result, sender = self.result, self.sender
        left, came = sent[arrived], held[at[arrived]]
        places = self.sent_before + numpy.flatnonzero(arrived)
        in_order = places[numpy.argsort(came["time"], kind="stable")]
        before = numpy.maximum.accumulate(numpy.concatenate([[self.place], in_order]))
        result.reordered += int((in_order < before[:-1]).sum())
        self.place = int(before[-1])
        times = (left["time"], came["time"])
        if sender == 1:
            times = times[::-1]
        if self.clock.offset is not None:
            self._transits(self.clock.transit(times[0].astype(numpy.float64),
                                              times[1].astype(numpy.float64), sender))
        changed = left["dscp"] != came["dscp"]
        result.marks_changed += int(changed.sum())
        if not self.frames[0]:
            for side, packets in ((sender, left), (1 - sender, came)):
                self._mark(side, packets)
                self.frames[side].extend(int(frame) for frame in packets["frame"][:FRAMES_KEPT])

    def _mark(self, side, packets):
        self.result.ttl[side] = int(packets["ttl"][0])
        self.result.dscp[side] = _usual(packets["dscp"])

    def _transits(self, taken):
        self.least = min(taken.min(), self.least if self.least is not None else taken.min())
        self.most = max(taken.max(), self.most if self.most is not None else taken.max())
        self.transits.append(taken[::self.step])
        if sum(map(len, self.transits)) > KEPT:
            self.transits = [numpy.concatenate(self.transits)[::2]]
            self.step *= 2

    def _leave(self, packets, hits):
        """Packets that can match no more."""
        if not len(packets):
            return
        result, receiver = self.result, 1 - self.sender
        found = keys(packets, self._shift(receiver))
        result.arrived += len(numpy.unique(found))
        low, high = self.covers[self.sender]
        times = packets["time"].astype(numpy.float64)
        if self.clock.offset is not None:
            times = self.clock.convert(times, receiver, self.sender)
        alone = packets[~hits & (times >= low) & (times <= high)]
        once, first = numpy.unique(keys(alone, self._shift(receiver)), return_index=True)
        result.behind_only += len(once)
        result.behind_frames += [int(frame) for frame in sorted(alone["frame"][first])][
            :FRAMES_KEPT - len(result.behind_frames)]
        if result.ttl[receiver] is None:
            result.dscp[receiver] = _usual(packets["dscp"])

    def _figures(self):
        result = self.result
        result.both_frames = self.frames
        if not self.transits:
            return
        taken = numpy.concatenate(self.transits)
        median, p95 = numpy.percentile(taken, (50, 95))
        figures = {"least": self.least, "median": median, "p95": p95, "most": self.most}
        result.late = float((taken - self.least >= TOO_LATE).mean())
        if not self.clock.is_known:
            figures = {name: value - self.least for name, value in figures.items()}
        result.transit = {name: round(float(value)) for name, value in figures.items()}
        if not self.clock.is_known:
            result.transit["least"] = None


def _usual(values):
    return int(numpy.bincount(values).argmax())


def _stretches(flags):
    """(value, length) of each stretch of equal FLAGS."""
    if not len(flags):
        return
    edges = numpy.flatnonzero(numpy.diff(flags)) + 1
    bounds = numpy.concatenate([[0], edges, [len(flags)]])
    for begin, end in zip(bounds[:-1], bounds[1:]):
        yield bool(flags[begin]), int(end - begin)


# For the clock, and for streams that a device has numbered anew

def _sample(flows, rate, shift=(0, 0)):
    """(keys, times, TTLs) of one packet in RATE, the same ones in both captures; each key once."""
    parts = []
    for flow in flows:
        for chunk in flow.packets.chunks():
            found = keys(chunk, shift)
            chosen = (found * 2654435761 >> 16) % rate == 0 if rate > 1 else slice(None)
            parts.append((found[chosen], chunk["time"][chosen], chunk["ttl"][chosen]))
    if not parts:
        return EMPTY, EMPTY, EMPTY
    found, times, ttls = (numpy.concatenate(values) for values in zip(*parts))
    order = numpy.argsort(times, kind="stable")
    once, first = numpy.unique(found[order], return_index=True)
    return once, times[order][first], ttls[order][first]


def in_common(stream):
    """(times in A, times in B, TTLs in A, TTLs in B) of packets that both have, if many then of some."""
    count = max(sum(flow.packets.count for flow in flows) for flows in stream.flows)
    rate = max(1, count // SAMPLED)
    (ours, times_a, ttl_a), (theirs, times_b, ttl_b) = (
        _sample(flows, rate, stream.shift if side == 1 else (0, 0))
        for side, flows in enumerate(stream.flows))
    _both, at_a, at_b = numpy.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    return times_a[at_a], times_b[at_b], ttl_a[at_a], ttl_b[at_b]


def shift_between(ours, theirs):
    """By how much a device has moved sequence numbers and timestamps, told by packets whose content both
    captures have; None where they have too little in common."""
    heads = []
    for flows in (ours, theirs):
        chunk = next((chunk for flow in flows for chunk in flow.packets.chunks()), None)
        if chunk is None:
            return None
        chunk = chunk[chunk["digest"] != 0]
        values, first, count = numpy.unique(chunk["digest"], return_index=True, return_counts=True)
        heads.append((values[count == 1], chunk[first[count == 1]]))
    _both, at_a, at_b = numpy.intersect1d(heads[0][0], heads[1][0], return_indices=True)
    if len(at_a) < ALIKE:
        return None
    a, b = heads[0][1][at_a], heads[1][1][at_b]
    seq = (b["seq"].astype(numpy.int64) - a["seq"]) & 0xffff
    timestamp = (b["timestamp"].astype(numpy.int64) - a["timestamp"]) & 0xffffffff
    found = numpy.stack([seq, timestamp], axis=1)
    shifts, counts = numpy.unique(found, axis=0, return_counts=True)
    if counts.max() < ALIKE:
        return None
    return tuple(int(value) for value in shifts[counts.argmax()])
