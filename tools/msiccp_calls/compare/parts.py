# SPDX-License-Identifier: GPL-2.0-or-later
"""What became of the connections and messages of a pair between the two captures."""

import collections
import dataclasses
import math

from . import both
from .both import OTHER
from .segments import WHOLE, after

FRAMES_KEPT = 8


@dataclasses.dataclass
class Opening:
    """Attempts to connect to one place of an end: all connections to it, of both captures."""

    what: str
    to: str
    port: int | None
    connections: tuple              # [those of A], [those of B]
    sent: int | None = None
    arrived: int | None = None
    answers_sent: int | None = None
    answers_arrived: int | None = None
    opened: bool = False

    def frames(self):
        return [[segment.frame for one in part for segment in one.ways[0].syns()][:FRAMES_KEPT]
                for part in self.connections]

    def answer_frames(self):
        return [[segment.frame for one in part for segment in one.ways[1].syns()][:FRAMES_KEPT]
                for part in self.connections]


def lacking(pair):
    """{(side, end)}: captures without the direction that END sends in, though the other end answers it."""
    found = {}
    for side, call in enumerate(pair.calls):
        for connection in call.connections:
            opener = both.client_end(pair, (connection, None) if side == 0 else (None, connection))
            for number, sender in ((0, opener), (1, OTHER[opener])):
                way, back = connection.ways[number], connection.ways[1 - number]
                if not way.packets and back.packets and back.acks is not None:
                    frames = [one.frame for one in back.segments][:FRAMES_KEPT]
                    found.setdefault((side, sender), frames)
    for side, end in list(found):
        # the direction is there after all, in another connection
        if any(connection.ways[number].packets for connection in pair.calls[side].connections
               for number in (0, 1)
               if _sender(pair, side, connection, number) == end) or any(
                   flow for stream in pair.streams if stream.to == OTHER[end]
                   for flow in stream.flows[side]):
            del found[side, end]
    return found


def _sender(pair, side, connection, number):
    opener = both.client_end(pair, (connection, None) if side == 0 else (None, connection))
    return opener if number == 0 else OTHER[opener]


def openings(pair, missing, covered):
    """The Openings of a pair. COVERED(side, time, of) tells whether a side captured at a time."""
    groups = collections.OrderedDict()
    for side, call in enumerate(pair.calls):
        for connection in sorted(call.connections, key=lambda one: one.first):
            opener = _sender(pair, side, connection, 0)
            number = connection.announced[1] if connection.announced else 0
            key = connection.what, OTHER[opener], number
            groups.setdefault(key, ([], []))[side].append(connection)
    return [_opening(pair, key, parts, missing, covered) for key, parts in groups.items()]


def _opening(pair, key, parts, missing, covered):
    what, to, _number = key
    opener = OTHER[to]
    near, far = pair.side_of(opener), pair.side_of(to)
    known = parts[near] or parts[far]
    found = Opening(what, to, known[0].server[1], parts)
    counts = [[sum(len(one.ways[way].syns()) for one in part) for part in parts] for way in (0, 1)]
    found.sent, found.arrived = counts[0][near], counts[0][far]
    found.answers_sent, found.answers_arrived = counts[1][far], counts[1][near]
    if (near, opener) in missing:
        found.sent = None
    times = [one.first for one in parts[near]]
    if (far, opener) in missing or not found.arrived and times and not covered(far, times[0], near):
        found.arrived = None
    if (far, to) in missing:
        found.answers_sent = None
    if (near, to) in missing:
        found.answers_arrived = None
    found.opened = any(one.is_opened() for one in known)
    if parts[near] and (near, to) in missing and parts[far]:
        found.opened = any(one.is_opened() for one in parts[far])
    return found


# Messages

DROPPED, NOT_CAPTURED, INSERTED, UNTOLD = "dropped", "not_captured", "inserted", "untold"


def fate(pair, couple, missing, covered):
    """What a message that one capture lacks tells: (DROPPED and so on, side that has it)."""
    side = 0 if couple[0] is not None else 1
    message = couple[side]
    if message.sender is None:
        return UNTOLD, side
    home = pair.side_of(message.sender)
    other = 1 - side
    if (other, message.sender) in missing or not covered(other, message.time, side):
        return UNTOLD, side
    if message.connection is None:
        return (DROPPED if side == home else NOT_CAPTURED), side
    acknowledged = _is_acknowledged(message)
    twin = next((one[other] for one in pair.connections
                 if one[side] is message.connection), None)
    if side == home:
        if _has_octets(message, twin):
            return UNTOLD, side
        return (NOT_CAPTURED if acknowledged else DROPPED), side
    if twin is None or twin.is_watched or not message.digest:
        return UNTOLD, side
    return (INSERTED if _has_octets(message, twin) else NOT_CAPTURED), side


def _is_acknowledged(message):
    acks = message.connection.ways[1 - message.way].acks
    return acks is not None and message.end is not None and after(acks, message.end) >= 0


def _has_octets(message, twin):
    """Whether the other capture has as many octets of that direction without a gap."""
    if twin is None or message.end is None:
        return False
    mine, other = message.connection.ways[message.way], twin.ways[message.way]
    reached = other.end if twin.is_watched else other.assembler.next
    if mine.isn is None or other.isn is None or reached is None:
        return False
    return after((reached - other.isn) % WHOLE, (message.end - mine.isn) % WHOLE) >= 0


# Resets and errors

@dataclasses.dataclass
class Made:
    """A reset or an ICMP error that one capture has and the end that it speaks for never sent."""

    side: int                       # the capture that has it
    speaks_for: str | None          # the end
    frames: list
    what: str                       # reset, icmp
    about: object                   # the Opening or the stream
    source: str | None = None       # of an ICMP error
    ttl: int | None = None
    usual_ttl: int | None = None
    kind: tuple | None = None
    count: int = 0


def resets_between(pair, found, missing, covered):
    for opening in found:
        for side in (0, 1):
            for number, sender in ((0, OTHER[opening.to]), (1, opening.to)):
                home = pair.side_of(sender)
                if home == side or (home, sender) in missing:
                    continue
                here = [one for connection in opening.connections[side]
                        for one in connection.ways[number].resets()]
                there = [one for connection in opening.connections[home]
                         for one in connection.ways[number].resets()]
                if len(here) <= len(there) or not covered(home, here[0].time, side):
                    continue
                if there and _ended(opening, home, number):
                    continue
                yield Made(side, sender, [one.frame for one in here][:FRAMES_KEPT], "reset", opening,
                           ttl=here[0].ttl, usual_ttl=_usual_ttl(pair, side, sender), count=len(here))


def _ended(opening, side, number):
    """Whether an end had reset the connection itself, so that later resets say nothing new."""
    return any(connection.ways[number].resets() for connection in opening.connections[side])


def _usual_ttl(pair, side, sender):
    for connection in pair.calls[side].connections:
        for number in (0, 1):
            if _sender(pair, side, connection, number) == sender:
                for segment in connection.ways[number].segments:
                    if not segment.flags & 0x04:
                        return segment.ttl
    return None


def errors_between(pair, sides, found, covered):
    """ICMP errors about the call's packets that came from a device between the captures."""
    places = {}
    for opening in found:
        for side in (0, 1):
            for one in opening.connections[side]:
                places[side, "tcp", one.client, one.server] = opening
    for stream in pair.streams:
        for side in (0, 1):
            for flow in stream.flows[side]:
                places[side, "udp", flow.source, flow.destination] = stream
    for side in (0, 1):
        file = pair.calls[side].file
        own = {"caller", "callee"} & {end for end in ("caller", "callee") if pair.side_of(end) == side}
        home = {pair.calls[side].end_address(end) for end in own if pair.calls[side].record["caller"]}
        for (of_file, *_rest), error in sides[side].errors.items():
            transport, *quoted = error.quoted
            about = places.get((side, transport, tuple(quoted[:2]), tuple(quoted[2:])))
            if of_file != file or about is None or error.source in home:
                continue
            if _has_error(sides[1 - side], error, pair.calls[1 - side].file):
                continue
            if covered(1 - side, error.times[0], side):
                yield Made(side, None, error.frames, "icmp", about, error.source, error.ttl,
                           kind=error.kind, count=error.count)


def _has_error(side, error, file):
    """Whether the other capture has the error too: the same kind, about the same port, or about it
    from the same place."""
    transport, _source, port, _address, other_port = error.quoted
    return any(one.kind == error.kind and key[0] == file and one.quoted[0] == transport
               and (other_port == one.quoted[4] or port == one.quoted[2])
               for key, one in side.errors.items())


def coverage(pair, sides, offset):
    """covered(side, time, of): whether capture SIDE was going on at a time of capture OF."""
    covers = [both.cover(call, side) for call, side in zip(pair.calls, sides)]

    def covered(side, time, of):
        if offset.offset is not None:
            time = offset.convert(time, of, side)
        low, high = covers[side]
        return low <= time <= high or math.isinf(low) and math.isinf(high) and low < high
    return covered
