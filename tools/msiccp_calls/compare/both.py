# SPDX-License-Identifier: GPL-2.0-or-later
"""The two sides together: pairs, their clock, which end each side is near, and what came through."""

import collections
import math

from ..common.needs import need
from . import clock, pairing, streams
from .segments import WHOLE

numpy = need("numpy")

SLACK = 200_000                 # us: a capture that ends so much earlier may still have been waiting
OTHER = {"caller": "callee", "callee": "caller"}


def client_end(pair, connections):
    """The end that opened the connection, of which CONNECTIONS are what either side has."""
    for call, connection in zip(pair.calls, connections):
        if connection is None or not call.record["caller"]:
            continue
        if connection.what == "h245" and connection.announced:
            announcer = connection.announced[2]
            for end in pairing.ENDS:
                if call.end_address(end) in (announcer, connection.server[0]):
                    return OTHER[end]
        for end in pairing.ENDS:
            if connection.client[0] == call.end_address(end) != call.end_address(OTHER[end]):
                return end
    return "caller"


def _marks(way, tell):
    """{what a segment is known by in both captures: segment}. Of those that were sent again, each is known
    by its IP header too, if at all."""
    found = {}
    for segment in way.segments:
        key = tell(segment)
        if key is not None:
            found.setdefault(key, []).append(segment)
    marks = {}
    for key, segments in found.items():
        if len(segments) == 1:
            marks[key] = segments[0]
        marks.update(((key, one.ip_id), one) for one in segments if one.ip_id)
    return marks


def segments_in_common(mine, other):
    """(segment of A, segment of B, way) of a connection's packets that both captures have once."""
    for number in (0, 1):
        ways = mine.ways[number], other.ways[number]
        if all(way.isn is not None for way in ways):
            bases = [way.isn for way in ways]
            tells = [lambda one, base=base: ((one.seq - base) % WHOLE, one.length, one.flags & 0x07)
                     for base in bases]
        else:
            tells = [lambda one: (one.digest, one.length) if one.digest else None] * 2
        left, right = (_marks(way, tell) for way, tell in zip(ways, tells))
        counts = [collections.Counter(tell(one) for one in way.segments) for way, tell in zip(ways, tells)]
        for key, segment in left.items():
            # one that was sent twice, and once before the capture, is no other's equal
            if key in right and (isinstance(key[0], tuple) or counts[0][key] == counts[1][key] == 1):
                yield segment, right[key], number


class Points:
    """What tells a pair's clock and orientation: packets that both captures have, by their sender."""

    def __init__(self, pair):
        self.times = {"caller": [], "callee": []}   # (times of A, B's time less A's)
        self.votes = 0                              # for A being near the caller, by TTL
        for mine, other in pair.connections:
            self._add_connection(client_end(pair, (mine, other)), mine, other)
        for stream in pair.streams:
            if all(stream.flows):
                times_a, times_b, ttl_a, ttl_b = streams.in_common(stream)
                self._add(OTHER[stream.to], times_a, times_b,
                          numpy.sign(ttl_a.astype(int) - ttl_b).sum())
        for message, other in pair.messages:
            if message and other and message.connection is None and message.sender:
                self._add(message.sender, numpy.array([message.time]), numpy.array([other.time]), 0)

    def _add_connection(self, opener, mine, other):
        for number, (mine_way, other_way) in enumerate(zip(mine.ways, other.ways)):
            if mine_way.segments and other_way.segments:
                nearer = mine_way.segments[0].ttl - other_way.segments[0].ttl
                self.votes += int(numpy.sign(nearer)) * (
                    1 if (opener == "caller") == (number == 0) else -1)
        found = {0: [], 1: []}
        for left, right, way in segments_in_common(mine, other):
            found[way].append((left.time, right.time, numpy.sign(left.ttl - right.ttl)))
        for way, marks in found.items():
            if marks:
                a, b, ttl = numpy.array(marks, dtype=numpy.int64).T
                self._add(opener if way == 0 else OTHER[opener], a, b, ttl.sum())

    def _add(self, sender, times_a, times_b, nearer):
        if len(times_a):
            self.times[sender].append(clock.thin(times_a, times_b))
            self.votes += int(nearer) if sender == "caller" else -int(nearer)

    def of(self, sender):
        if not self.times[sender]:
            return numpy.array([]), numpy.array([])
        return tuple(numpy.concatenate(parts) for parts in zip(*self.times[sender]))

    def count(self):
        return sum(len(a) for parts in self.times.values() for a, _d in parts)


def _orientation(pair, points):
    """The end that A is nearer to: by TTL, by time, or by what left and never arrived."""
    if points.votes:
        return "caller" if points.votes > 0 else "callee"
    differences = {end: points.of(end)[1] for end in pairing.ENDS}
    if all(len(found) for found in differences.values()):
        forth, back = (float(numpy.median(differences[end])) for end in pairing.ENDS)
        if abs(forth - back) > 1:
            return "caller" if forth > back else "callee"
    return _by_handshake(pair) or _by_absence(pair)


def _by_handshake(pair):
    """The side nearer to the server sees its answer sooner after the SYN."""
    for mine, other in pair.connections:
        waits = []
        for connection in (mine, other):
            syns, answers = (way.syns() for way in connection.ways)
            waits.append(answers[0].time - syns[-1].time if syns and answers else None)
        if None not in waits and waits[0] != waits[1]:
            opener = client_end(pair, (mine, other))
            return opener if waits[0] > waits[1] else OTHER[opener]
    return None


def _by_absence(pair):
    """Who has packets of an end that the other lacks is nearer to it."""
    votes = 0
    for mine, other in pair.connections:
        opener = client_end(pair, (mine, other))
        for number, sender in ((0, opener), (1, OTHER[opener])):
            more = len(mine.ways[number].segments) - len(other.ways[number].segments)
            votes += int(numpy.sign(more)) * (1 if sender == "caller" else -1)
    for number, call in enumerate(pair.calls):
        sign = 1 if number == 0 else -1
        for connection in call.connections:
            if connection.ways[0].syns() and not any(
                    connection in couple for couple in pair.connections):
                end = client_end(pair, (connection, None) if number == 0 else (None, connection))
                votes += sign if end == "caller" else -sign
    for stream in pair.streams:
        counts = [sum(flow.packets.count for flow in flows) for flows in stream.flows]
        if counts[0] != counts[1]:
            from_caller = 1 if stream.to == "callee" else -1
            votes += from_caller if counts[0] > counts[1] else -from_caller
    return None if not votes else "caller" if votes > 0 else "callee"


def _fit(found):
    """The clock of the pairs whose orientation is known."""
    forth, back = [], []
    for pair, points in found:
        if pair.a_is is None:
            continue
        forth.append(points.of(pair.a_is))
        back.append(points.of(OTHER[pair.a_is]))
    join = [tuple(numpy.concatenate(parts) for parts in zip(*ways)) if ways else ([], [])
            for ways in (forth, back)]
    return clock.fit(*join)


def set_clock(pairs):
    """The clock of both captures; each pair learns which end A is nearer to."""
    found = [(pair, Points(pair)) for pair in pairs]
    for pair, points in found:
        pair.a_is = _orientation(pair, points)
    # one that cannot be told by itself is taken to be as the others
    usual = [pair.a_is for pair in pairs if pair.a_is]
    for pair in pairs:
        if pair.a_is is None:
            pair.a_is = max(set(usual), key=usual.count) if usual else "caller"
    return _fit(found)


def cover(call, side):
    """From when to when a side's capture would have had a packet of the call, by its own clock: without
    end where it has the call's beginning, or end."""
    first, last = side.spans[call.file] if side.spans else (None, None)
    if first is None:
        return math.inf, -math.inf
    record = call.record
    ended = record["release"] or record["connection_closed"]
    return -math.inf if record["setup"] else first, math.inf if ended else last


def reported(stream, pair, sides):
    """(from, to, lost, frame, side) of what the stream's receiver says that it lacks, by RTCP."""
    receiver = pair.side_of(stream.to)
    for number in (receiver, 1 - receiver):
        call = pair.calls[number]
        found = sides[number].reports.get((call.file, stream.ssrc))
        if not found:
            continue
        first, last = found
        if call.record["setup"]:
            return -math.inf, last[0], last[2], last[3], number
        if last[0] > first[0]:
            return first[0], last[0], last[2] - first[2], last[3], number
    return None


def match_streams(pair, sides, offset):
    """{stream's place in the pair: Matched}"""
    covers = [cover(call, side) for call, side in zip(pair.calls, sides)]
    found = []
    for stream in pair.streams:
        sender = pair.side_of(OTHER[stream.to])
        told = reported(stream, pair, sides)
        window = None
        if told and offset.offset is not None:
            window = [offset.convert(time, told[4], 1 - sender) if math.isfinite(time) else time
                      for time in told[:2]]
        found.append(streams.Matching(stream, sender, offset, covers, window).run_through())
    return found
