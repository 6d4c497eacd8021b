# SPDX-License-Identifier: GPL-2.0-or-later
"""What B's clock says more than A's, from packets that both captures have.

A packet that goes from A's side to B's is seen by B's clock later by the offset and its transit, one that
comes back by the offset less its transit. So the least of the one way and the most of the other bound the
offset, and what is between them is the least round trip. A drift tilts both: its slope is the one that
leaves the most between them.
"""

import dataclasses

from ..common.needs import need

numpy = need("numpy")

MILLION = 1_000_000
DRIFT_FROM = 60 * MILLION       # captures that are shorter tell none
STEEPEST = 5_000e-6
STEPS = 80
BUCKETS = 64


@dataclasses.dataclass
class Clock:
    """B's time of a moment of A's is time + offset + drift * (time - pivot)."""

    offset: float | None = None         # best estimate, at the pivot
    uncertainty: float | None = None    # None: packets went one way only, and the transit is in the offset
    drift: float = 0.0
    pivot: int = 0
    drift_is_known: bool = False

    @property
    def is_known(self):
        return self.uncertainty is not None

    def at(self, time):
        """What B's clock says more at a time of A's clock; an array for an array."""
        return self.offset + self.drift * (time - self.pivot)

    def to_a(self, time):
        """A time of B's by A's clock."""
        return time - self.at(time - self.offset)

    def convert(self, time, of, to):
        """A time of capture OF (0, 1) by the clock of capture TO."""
        if of == to:
            return time
        return self.to_a(time) if of == 1 else time + self.at(time)

    def transit(self, time_a, time_b, sender):
        """How long packets took, in microseconds, that left side SENDER (0, 1)."""
        taken = time_b - time_a - self.at(time_a)
        return taken if sender == 0 else -taken


def thin(times_a, times_b):
    """Of many packets one way, those that bound the offset: the least and the most of each while."""
    order = numpy.argsort(times_a, kind="stable")
    a, d = times_a[order], (times_b - times_a)[order]
    if len(a) <= 2 * BUCKETS:
        return a, d
    edges = numpy.linspace(0, len(a), BUCKETS + 1).astype(int)
    bucket = numpy.repeat(numpy.arange(BUCKETS), numpy.diff(edges))
    least, most = (numpy.lexsort((values, bucket))[edges[:-1]] for values in (d, -d))
    chosen = numpy.union1d(least, most)
    return a[chosen], d[chosen]


def _room(slope, forth, back, pivot):
    """(least of the one way, most of the other) with that SLOPE taken out."""
    low = high = None
    if len(forth[0]):
        low = float((forth[1] - slope * (forth[0] - pivot)).min())
    if len(back[0]):
        high = float((back[1] - slope * (back[0] - pivot)).max())
    return low, high


def _width(slope, forth, back, middle):
    low, high = _room(slope, forth, back, middle)
    return (low if low is not None else 0.0) - (high if high is not None else 0.0)


def _steepness(forth, back):
    """The slope that leaves the most between both ways; the width is concave in it."""
    times = numpy.concatenate([forth[0], back[0]])
    middle = (times.min() + times.max()) / 2
    low, high = -STEEPEST, STEEPEST
    for _ in range(STEPS):
        third = (high - low) / 3
        if (_width(low + third, forth, back, middle)
                < _width(high - third, forth, back, middle)):
            low += third
        else:
            high -= third
    return (low + high) / 2


def fit(forth, back):
    """The Clock. FORTH and BACK are (times of A, B's time less A's) of packets from A's side to B's and
    of those from B's side to A's."""
    forth, back = (tuple(numpy.asarray(part, dtype=numpy.float64) for part in way)
                   for way in (forth, back))
    if not len(forth[0]) and not len(back[0]):
        return Clock()
    times = numpy.concatenate([forth[0], back[0]])
    clock = Clock(pivot=int(times.min()))
    # differences of hours would eat the digits of microseconds
    base = float((forth if len(forth[0]) else back)[1][0])
    forth, back = ((way[0], way[1] - base) for way in (forth, back))
    if times.max() - times.min() >= DRIFT_FROM:
        clock.drift = _steepness(forth, back)
        clock.drift_is_known = True
    low, high = _room(clock.drift, forth, back, clock.pivot)
    if low is None or high is None:
        clock.offset = base + (low if low is not None else high)
        return clock
    clock.offset = base + (low + high) / 2
    clock.uncertainty = abs(low - high) / 2
    return clock
