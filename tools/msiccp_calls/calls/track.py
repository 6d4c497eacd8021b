# SPDX-License-Identifier: GPL-2.0-or-later
"""Sound of both ends put where it belongs in time, and written as a WAV.

What is decoded waits in a file, and is mixed a few seconds at a time: memory does not grow with the
call, nor with the silence in it.
"""

import dataclasses
import tempfile
import wave

from ..common.errors import Failure
from ..common.needs import need
from ..common.text import SECOND

# Sound that follows within this is joined without a break: the jitter buffer's times are rounded,
# and a device's clock is not exactly the other's.
JOINED_US = 20_000
LONGEST_SEGMENT = 10        # seconds
FRAME = 4                   # octets of both channels
LONGEST_WAV = (1 << 32) - 100
# All gaps together may take so many of the longest one.
MOST_OF_LONGEST = 4
BLOCK = 1 << 16


@dataclasses.dataclass
class Segment:
    """Samples in the file that belong together, LENGTH octets from OFFSET on."""

    channel: int
    rate: int
    start_us: int
    offset: int
    length: int

    def end_us(self):
        return self.start_us + self.length // 2 * SECOND // self.rate

    def goes_on(self, channel, rate, time_us):
        return ((self.channel, self.rate) == (channel, rate)
                and abs(time_us - self.end_us()) <= JOINED_US
                and self.length < LONGEST_SEGMENT * rate * 2)


def _shorten(segments, longest_us):
    """Moves SEGMENTS, in the order of time, so that no silence of both is longer than LONGEST_US.
    Returns what silence is left, how often it was cut, and by how much."""
    silence = cut = times = 0
    end = segments[0].start_us
    for segment in segments:
        gap = segment.start_us - end
        end = max(end, segment.end_us())
        if gap > longest_us:
            times += 1
            cut += gap - longest_us
        silence += min(max(gap, 0), longest_us)
        segment.start_us -= cut
    return silence, times, cut


class Track:
    """A context. CUT tells afterwards (seconds that are the longest, how often, seconds in all) of
    silence that was left out."""

    def __init__(self):
        self.numpy = need("numpy")
        self.segments = []
        self.cut = None

    def __enter__(self):
        self._file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *_error):
        self._file.close()

    def add(self, channel, rate, pieces):
        """PIECES are (microseconds, samples)."""
        for time_us, data in pieces:
            last = self.segments[-1] if self.segments else None
            if last and last.goes_on(channel, rate, time_us):
                last.length += len(data)
            else:
                self.segments.append(Segment(channel, rate, time_us, self._file.tell(), len(data)))
            self._file.write(data)

    def arrange(self, longest_gap):
        """Puts everything in order; no silence is longer than LONGEST_GAP seconds."""
        self.rate = max(segment.rate for segment in self.segments)
        self.segments.sort(key=lambda segment: segment.start_us)
        longest, times, cut = longest_gap * SECOND, 0, 0
        while True:
            silence, more_times, more_cut = _shorten(self.segments, longest)
            times, cut = max(times, more_times), cut + more_cut
            if silence <= longest_gap * MOST_OF_LONGEST * SECOND or longest < SECOND:
                break
            longest //= 2
        if times:
            self.cut = longest / SECOND, times, cut / SECOND

    def _samples(self, segment):
        self._file.seek(segment.offset)
        samples = self.numpy.frombuffer(self._file.read(segment.length), "<i2")
        if segment.rate == self.rate or not len(samples):
            return samples
        length = len(samples) * self.rate // segment.rate
        places = self.numpy.arange(length) * (segment.rate / self.rate)
        return self.numpy.interp(places, self.numpy.arange(len(samples)), samples)

    def _blocks(self):
        """All of it, both channels, block after block."""
        numpy = self.numpy
        begin_us, position = self.segments[0].start_us, 0
        waiting = numpy.zeros((0, 2), "i4")
        for segment in self.segments:
            start = (segment.start_us - begin_us) * self.rate // SECOND
            yield waiting[:start - position]
            waiting, position = waiting[start - position:], min(start, position + len(waiting))
            while position < start:
                length = min(BLOCK, start - position)
                yield numpy.zeros((length, 2), "i4")
                position += length
            samples = self._samples(segment)
            if len(samples) > len(waiting):
                longer = numpy.zeros((len(samples), 2), "i4")
                longer[:len(waiting)] = waiting
                waiting = longer
            waiting[:len(samples), segment.channel] += samples.astype("i4")
        yield waiting

    def write(self, file):
        """Writes the WAV to FILE, and returns how many seconds it has."""
        length = max(segment.end_us() for segment in self.segments) - self.segments[0].start_us
        if length * self.rate // SECOND * FRAME > LONGEST_WAV:
            raise Failure(f"{length // SECOND // 3600} hours are more than a WAV can hold: "
                          "--longest-gap leaves out more of the silence")
        frames = 0
        with wave.open(file, "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(self.rate)
            for block in self._blocks():
                out.writeframesraw(block.clip(-32768, 32767).astype("<i2").tobytes())
                frames += len(block)
        return frames / self.rate
