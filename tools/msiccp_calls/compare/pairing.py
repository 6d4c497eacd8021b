# SPDX-License-Identifier: GPL-2.0-or-later
"""Which calls of the two sides are the same, and which of their connections and streams."""

import collections
import dataclasses

from .fields import CONTROL
from .side import Call

# What two captures of one call have in common, and how much each says.
BY_IDENTIFIER, BY_OPENING, BY_STREAM, BY_MESSAGE = 50, 30, 20, 10
ENOUGH = 20
MOST_ALIKE = 8          # calls of a side that share a token, of those that it can tell apart
LEAST_MESSAGE = 12      # octets: shorter ones are alike in many calls
NO_IDENTIFIER = "00000000-0000-0000-0000-000000000000"
ENDS = "caller", "callee"
EMPTY_RECORD = {"session": None, "call_id": None, "verdict": None, "explanation": None, "streams": [],
                "decided_by": None, "setup": None, "answer": None, "release": None, "outcome": None,
                "connection_closed": None, "start": None, "coding": None, "diagnostics": []}


@dataclasses.dataclass
class Stream:
    """A stream of both sides: the flows that have it. TO is the end that it goes to."""

    to: str
    ssrc: int
    codec: str | None
    flows: tuple                    # [flows of A], [flows of B]
    jitter: list
    shift: tuple = (0, 0)           # of B's sequence numbers and timestamps, where a device counts anew
    unheard: tuple = (None, None)   # what the receiver's RTCP says


@dataclasses.dataclass
class Pair:
    """A call as both sides have it."""

    calls: tuple                    # Call of A, Call of B; one may be a stand-in without a record
    a_is: str | None = None         # the end that A is nearer to
    messages: list = dataclasses.field(default_factory=list)    # (Message or None, Message or None)
    connections: list = dataclasses.field(default_factory=list)  # (Connection, Connection) of both
    streams: list = dataclasses.field(default_factory=list)

    def side_of(self, end):
        """0 or 1: which capture is nearer to END."""
        return 0 if end == (self.a_is or "caller") else 1

    def record(self):
        """The record that knows more."""
        return next((call.record for call in self.calls if call.record["session"] is not None),
                    self.calls[0].record if self.calls[0].record["start"] else self.calls[1].record)


def opening(connection):
    """The initial sequence number of its client, where its SYN was captured."""
    return connection.ways[0].isn


def _tokens(call):
    """{what tells the call from others: its weight}"""
    tokens = {}
    identifier = call.record["call_id"]
    if identifier and identifier != NO_IDENTIFIER:
        tokens["id", identifier] = BY_IDENTIFIER
    for connection in call.connections:
        if connection.what == "control" and opening(connection) is not None:
            tokens["isn", opening(connection)] = BY_OPENING
    for flow in call.flows:
        tokens["ssrc", flow.ssrc] = BY_STREAM
    for message in call.messages:
        if message.channel == CONTROL and message.digest and message.length >= LEAST_MESSAGE:
            tokens["message", message.digest] = BY_MESSAGE
    return tokens


def _scores(sides):
    index = collections.defaultdict(list)
    for number, call in enumerate(sides[1].calls):
        for token in _tokens(call):
            index[token].append(number)
    for number, call in enumerate(sides[0].calls):
        scores = collections.Counter()
        messages = collections.Counter()
        for token, weight in _tokens(call).items():
            others = index.get(token, ())
            if len(others) > MOST_ALIKE and token[0] != "id":
                continue
            for other in others:
                if token[0] == "message":
                    messages[other] += weight
                else:
                    scores[other] += weight
        for other, score in messages.items():
            scores[other] += min(score, BY_IDENTIFIER)
        for other, score in scores.items():
            yield score, number, other


def pair_calls(sides):
    """(pairs, calls that only A has, calls that only B has)."""
    taken = set(), set()
    pairs = []
    for score, a, b in sorted(_scores(sides), key=lambda found: (-found[0], found[1], found[2])):
        if score < ENOUGH or a in taken[0] or b in taken[1]:
            continue
        taken[0].add(a)
        taken[1].add(b)
        pairs.append((a, b))
    pairs.sort()
    found = [Pair((sides[0].calls[a], sides[1].calls[b])) for a, b in pairs]
    only = [[call for number, call in enumerate(side.calls) if number not in used]
            for side, used in zip(sides, taken)]
    for number in (0, 1):
        for call in list(only[number]):
            stand_in = _unfinished(call, sides[1 - number])
            if stand_in:
                only[number].remove(call)
                calls = (call, stand_in) if number == 0 else (stand_in, call)
                found.append(Pair(calls))
    return found, only


def _unfinished(call, side):
    """A stand-in for CALL on the SIDE that has packets of its control connection and no call of it."""
    openings = {opening(one) for one in call.connections if one.what == "control"} - {None}
    connections = [one for one in side.connections.values()
                   if one.what == "control" and opening(one) in openings and not one.sessions]
    if not connections:
        return None
    return Call(connections[0].file, dict(EMPTY_RECORD, caller=_party(connections[0].client),
                                          callee=_party(connections[0].server)), connections)


def _party(end):
    return {"address": end[0], "port": end[1], "alias": None}


def absent(call):
    """A stand-in for a call of which the other side has no packet."""
    return Call(0, dict(EMPTY_RECORD, caller=None, callee=None))


# Inside a pair

def _adopt(pair, sides):
    """Connections that one capture knows to be the call's are so in the other, where the message that
    announces them may be cut short or missing."""
    for number, call in enumerate(pair.calls):
        other, strays = pair.calls[1 - number], sides[1 - number].strays
        known = {opening(one) for one in other.connections}
        for connection in call.connections:
            if connection.what == "control" or opening(connection) in known or not strays:
                continue
            for key, stray in strays.items():
                if stray.file == other.file and opening(stray) == opening(connection) is not None:
                    stray.what, stray.announced = connection.what, connection.announced
                    other.connections.append(stray)
                    del strays[key]
                    break


def pair_parts(pair, sides):
    _adopt(pair, sides)
    pair.messages = _pair_messages(*(call.messages for call in pair.calls))
    pair.connections = _pair_connections(*(call.connections for call in pair.calls))
    pair.streams = _pair_streams(pair, sides)


def _pair_messages(ours, theirs):
    """Messages of both in the order of A; those of B alone where they belong in time of B."""
    groups = collections.defaultdict(lambda: ([], []))
    for number, messages in enumerate((ours, theirs)):
        for message in messages:
            groups[message.channel, message.sender][number].append(message)
    matched = {}
    for left, right in groups.values():
        matched.update(_match(left, right))
    used = {id(message) for message in matched.values()}
    found = [(message, matched.get(id(message))) for message in ours]
    extra = [message for message in theirs if id(message) not in used]
    for message in extra:
        place = next((number for number, (_mine, other) in enumerate(found)
                      if other is not None and other.time > message.time), len(found))
        found.insert(place, (None, message))
    return found


def _match(left, right):
    """{id of a message of LEFT: the same in RIGHT}: first by their octets, then by kind and turn."""
    matched = {}
    waiting = collections.defaultdict(collections.deque)
    for message in right:
        waiting[message.digest if message.digest else id(message)].append(message)
    for message in left:
        if message.digest and waiting[message.digest]:
            matched[id(message)] = waiting[message.digest].popleft()
    used = {id(message) for message in matched.values()}
    rest = collections.defaultdict(collections.deque)
    for message in right:
        if id(message) not in used:
            rest[message.event, message.kind].append(message)
    for message in left:
        if id(message) not in matched and rest[message.event, message.kind]:
            matched[id(message)] = rest[message.event, message.kind].popleft()
    return matched


def _pair_connections(ours, theirs):
    """Connections that both captures have packets of."""
    found, free = [], list(theirs)
    for tell in (opening, _answered_with, _first_data):
        for mine in ours:
            if any(mine is one for one, _other in found):
                continue
            said = tell(mine)
            same = [other for other in free if other.what == mine.what and said is not None
                    and tell(other) == said]
            if same:
                found.append((mine, same[0]))
                free.remove(same[0])
    for what in ("control", "h245", "t120"):
        left = [one for one in ours if one.what == what and one.is_opened()
                and not any(one is mine for mine, _other in found)]
        right = [one for one in free if one.what == what and one.is_opened()]
        if len(left) == len(right):
            found += zip(left, right)
    return found


def _answered_with(connection):
    return connection.ways[1].isn


def _first_data(connection):
    return next((segment.digest for way in connection.ways for segment in way.segments
                 if segment.digest and segment.length >= LEAST_MESSAGE), None)


def _told_streams(call):
    """{(to, ssrc): (stream of the record, its flows)}"""
    found = {}
    for stream in call.record["streams"]:
        source = stream["source"]["address"], stream["source"]["port"]
        flows = [flow for flow in call.flows if flow.ssrc == stream["ssrc"] and flow.source == source]
        key = stream["to"], stream["ssrc"]
        known = found.get(key)
        if known:
            known[1].extend(flow for flow in flows if flow not in known[1])
        else:
            found[key] = stream, flows
    return found


def _pair_streams(pair, sides):
    told = [_told_streams(call) for call in pair.calls]
    streams = []
    for key in dict.fromkeys([*told[0], *told[1]]):
        to, ssrc = key
        flows, jitter, codec, unheard = [], [], None, []
        for number in (0, 1):
            stream, found = told[number].get(key, (None, None))
            if found is None:
                found = sides[number].media.unjoined_flows(ssrc, pair.calls[number].file)
            flows.append(found)
            jitter.append(stream["jitter_mean_ms"] if stream else None)
            codec = codec or (stream and stream["codec"])
            unheard.append(stream and stream["receiver"])
        streams.append(Stream(to, ssrc, codec, tuple(flows), jitter, unheard=tuple(unheard)))
    return _renumbered(streams)


def _renumbered(streams):
    """Streams that a device has given another source number are found by what they carry."""
    from .streams import shift_between
    alone = [[stream for stream in streams if stream.flows[number] and not stream.flows[1 - number]]
             for number in (0, 1)]
    for mine in alone[0]:
        for other in [one for one in alone[1] if one.to == mine.to]:
            shift = shift_between(mine.flows[0], other.flows[1])
            if shift is not None:
                mine.flows = mine.flows[0], other.flows[1]
                mine.jitter = [mine.jitter[0], other.jitter[1]]
                mine.unheard = mine.unheard[0], other.unheard[1]
                mine.shift = shift
                streams.remove(other)
                alone[1].remove(other)
                break
    return streams
