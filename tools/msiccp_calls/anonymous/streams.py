# SPDX-License-Identifier: GPL-2.0-or-later
"""What one side of a TCP connection has sent, put together from segments that were cut anywhere, sent
twice or in another order; and put back into them, since nothing changes its length."""

HALF, WHOLE = 1 << 31, 1 << 32


class Stream:
    """One side of a connection."""

    def __init__(self):
        self._base = None
        self._segments = []     # (place, segment, where in it its octets are)
        self.regions = []       # (place, octets) without a gap, once all segments are there

    def add(self, number, segment, start):
        """SEGMENT, a bytearray whose octets from START on have the sequence NUMBER."""
        if self._base is None:
            self._base = number
        place = (number - self._base + HALF) % WHOLE - HALF
        self._segments.append((place, segment, start))

    def put_together(self):
        for place, segment, start in sorted(self._segments, key=lambda entry: entry[0]):
            octets = segment[start:]
            if not octets:
                continue
            if self.regions:
                begin, region = self.regions[-1]
                behind = begin + len(region) - place
                if behind >= 0:
                    region += octets[behind:]
                    continue
            self.regions.append((place, octets))
        return self.regions

    def put_back(self, before):
        """BEFORE are the regions as they were; a segment that had something else there has nothing
        now."""
        for place, segment, start in self._segments:
            for (begin, region), (_begin, old) in zip(self.regions, before):
                at = place - begin
                length = len(segment) - start
                if 0 <= at and at + length <= len(region):
                    same = old[at:at + length] == segment[start:]
                    segment[start:] = region[at:at + length] if same else bytes(length)
                    break
