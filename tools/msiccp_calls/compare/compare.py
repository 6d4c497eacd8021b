# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls compare`: from two arguments to the answer."""

import gc
import os
import sys
import threading
import time

from ..common.errors import Failure
from ..common.text import json_line, lines, path_to_text
from ..decode import tshark as programs
from . import both, differences, document, findings, pairing, reading
from .sentences import Speaker


class Progress:
    """How far it is, on a terminal."""

    EVERY = 0.5

    def __init__(self):
        self.lock = threading.Lock()
        self.packets = 0
        self.said = 0.0
        self.shown = sys.stderr.isatty()

    def advance(self, packets):
        with self.lock:
            self.packets += packets
            if self.shown and time.monotonic() - self.said > self.EVERY:
                self.said = time.monotonic()
                self._write(f"{self.packets:,} packets read")

    def say(self, text):
        if self.shown:
            self._write(text)

    @staticmethod
    def _write(text):
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    def stop(self):
        if self.shown:
            self._write("")


def short_names(names):
    """What the captures are called in sentences: as short as tells them apart."""
    parts = [path_to_text(os.path.normpath(name)).split(os.sep) for name in names]
    for length in (1, 2):
        short = [os.sep.join(part[-length:]) for part in parts]
        if short[0] != short[1]:
            return short
    return [os.sep.join(part) for part in parts]


class Comparison:
    """Two sides, compared. PROBLEMS are of captures that could not be read to their end."""

    def __init__(self, settings, names, rotated):
        progress = Progress()
        try:
            self.names = short_names(names)
            self.captures = [reading.captures_of(name, rotated) for name in names]
            self.sides = reading.read(settings, names, self.captures, progress.advance)
            progress.say("comparing")
            self.problems = [problem for side in self.sides for problem in side.problems]
            self._compare(programs.tshark(settings))
        finally:
            progress.stop()

    def _compare(self, tshark):
        sides = self.sides
        pairs, only = pairing.pair_calls(sides)
        for pair in pairs:
            pairing.pair_parts(pair, sides)
        self.offset = both.set_clock(pairs)
        self.only = []
        for number, calls in enumerate(only):
            for call in calls:
                file = self._file_at(call, number)
                if file is not None and call.session is None:
                    pairs.append(self._unanswered(call, number, file))
                self.only.append((number, call, Speaker(self.names).only(call, number, file is not None)))
        changes = differences.name_changes(tshark, self.captures, pairs)
        self.calls = []
        for pair in sorted(pairs, key=self._begin):
            compared = findings.Compared(pair, sides, self.names, self.offset,
                                         both.match_streams(pair, sides, self.offset))
            compared.find(changes, [both.reported(stream, pair, sides) for stream in pair.streams])
            self.calls.append(compared)

    def _begin(self, pair):
        """By the clock of A."""
        for number, call in enumerate(pair.calls):
            if call.record["start"]:
                time_us = call.record["start"]["time_us"]
                known = self.offset.offset is not None
                return self.offset.convert(time_us, number, 0) if known else time_us
        return 0

    def _file_at(self, call, number):
        """Which file of the other side was being captured when CALL began, if any."""
        begin = call.record["start"]["time_us"]
        if self.offset.offset is not None:
            begin = self.offset.convert(begin, number, 1 - number)
        for file, (first, last) in enumerate(self.sides[1 - number].spans):
            if first is not None and first - both.SLACK <= begin <= last + both.SLACK:
                return file
        return None

    def _unanswered(self, call, number, file):
        """The pair of an attempt of which the other side, which was capturing, has nothing."""
        other = pairing.absent(call)
        other.file = file
        pair = pairing.Pair((call, other) if number == 0 else (other, call))
        pair.a_is = "caller" if number == 0 else "callee"
        return pair

    def document(self):
        return document.make(self.sides, self.offset, self.calls, self.only)

    def near(self):
        """Of each call the ends that the two captures are near to."""
        return [["caller", "callee"] if one.pair.side_of("caller") == 0 else ["callee", "caller"]
                for one in self.calls]

    def nothing_in_common(self):
        """Why there is nothing to compare, in a sentence; None where there is."""
        for side, name in zip(self.sides, self.names):
            if not side.frames:
                return (f"{name} holds no packets, so there is nothing to compare: see that the capture ran "
                        "on the right interface, and without a filter that leaves the call out.")
        if self.calls:
            return None
        counts = [len(side.calls) for side in self.sides]
        for name, count in zip(self.names, counts):
            if not count:
                return (f"{name} holds no call: see that it was captured on the call's way, and which "
                        "ports the call control uses (--ports).")
        return (f"{self.names[0]} and {self.names[1]} have no call in common: they are of other calls, or "
                "of other times.")


def compare(settings, names, rotated, as_json, html):
    """Exit status 0, or 1 where there was nothing to compare or a capture could not be read whole."""
    gc.disable()        # what is read has no cycles, and looking for them takes a tenth of the time
    comparison = Comparison(settings, names, rotated)
    made = comparison.document()
    if as_json:
        print(json_line(made))
    else:
        from . import terminal
        terminal.show(made, comparison.names, comparison.near())
    if html:
        from . import page
        page.write(made, comparison.names, comparison.near(), html)
    for problem in comparison.problems:
        print(f"msiccp-calls: {lines(problem)}", file=sys.stderr)
    nothing = comparison.nothing_in_common()
    if nothing:
        raise Failure(nothing)
    return 1 if comparison.problems else 0
