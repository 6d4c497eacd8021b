# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses and ports that are others behind than before, in headers and in messages."""

import dataclasses

from . import both
from .both import OTHER
from .pairing import ENDS


@dataclasses.dataclass
class Translation:
    """END's address as its own side sees it, and as the other side does."""

    end: str
    inside: str
    outside: str
    ports_changed: bool
    in_messages: str | None         # untouched, rewritten; None: no message names the address
    rightly: bool                   # rewritten to what the headers have
    frames: tuple
    home: int


def _places(pair):
    """(end, its place in A, its place in B, frames of both) of what both captures have packets of."""
    for mine, other in pair.connections:
        opener = both.client_end(pair, (mine, other))
        frames = [[segment.frame for way in one.ways for segment in way.segments][:1]
                  for one in (mine, other)]
        yield opener, mine.client, other.client, frames
        yield OTHER[opener], mine.server, other.server, frames
    for stream in pair.streams:
        if all(stream.flows):
            flows = [part[0] for part in stream.flows]
            frames = [[flow.first_frame] for flow in flows]
            yield OTHER[stream.to], flows[0].source, flows[1].source, frames
            yield stream.to, flows[0].destination, flows[1].destination, frames


def _in_messages(pair, end, home, inside, outside):
    """('untouched' or 'rewritten', rightly) of the addresses that END's messages name."""
    named = [set(), set()]
    for couple in pair.messages:
        if None not in couple and couple[0].sender == end:
            for side, message in enumerate(couple):
                named[side].update(message.offered)
    if inside not in named[home]:
        return (None, False) if named[home] == named[1 - home] else ("rewritten", False)
    if inside in named[1 - home]:
        return "untouched", False
    return "rewritten", outside in named[1 - home]


def find(pair):
    found = []
    for end in ENDS:
        home = pair.side_of(end)
        places = [(seen[home], seen[1 - home], frames) for of, *seen, frames in
                  ((of, a, b, frames) for of, a, b, frames in _places(pair)) if of == end]
        changed = [place for place in places if place[0][0] != place[1][0]]
        if not changed:
            changed = [place for place in places if place[0] != place[1]]
        if not changed:
            continue
        inside, outside, frames = changed[0]
        in_messages, rightly = _in_messages(pair, end, home, inside[0], outside[0])
        found.append(Translation(
            end, inside[0], outside[0], any(own[1] != other[1] for own, other, _frames in places),
            in_messages, rightly, tuple(frames), home))
    return found
