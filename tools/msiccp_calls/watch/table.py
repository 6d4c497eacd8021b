# SPDX-License-Identifier: GPL-2.0-or-later
"""The live table on a terminal: the calls that go on, and those that have ended."""

import contextlib
import os
import select
import time

from ..common.needs import need
from ..common.text import printable
from .listeners import Listener, end_in_words

try:
    import termios
    import tty
except ImportError:     # Windows: the table without keys
    termios = tty = None

DRAW_SECONDS = 0.5
MOST_KEPT = 1000
HEADER_LINES = 10       # of both tables, their titles and the line of keys
KEYS = {b"q": "quit", b"Q": "quit", b"k": "up", b"\x1b[A": "up", b"j": "down", b"\x1b[B": "down",
        b"\x1b[5~": "page up", b"\x1b[6~": "page down", b" ": "page down", b"g": "top", b"\x1b[H": "top"}
GOOD, BAD = "green", "red"


def _duration(microseconds):
    seconds = max(microseconds, 0) // 10**6
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _streams(record, to):
    return [stream for stream in (record or {}).get("streams", []) if stream["to"] == to]


def _packets(record, to):
    return f"{sum(stream['packets'] for stream in _streams(record, to)):,}"


def _loss(record):
    streams = (record or {}).get("streams", [])
    expected = sum(stream["expected"] for stream in streams)
    return f"{100 * sum(stream['lost'] for stream in streams) / expected:.1f} %" if expected else ""


class Keys:
    """What is typed at the terminal, be standard input what it may, without waiting for a line."""

    def __init__(self):
        self._terminal = None
        if termios:
            with contextlib.suppress(OSError):
                self._terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
                self._before = termios.tcgetattr(self._terminal)
                tty.setcbreak(self._terminal)

    def pressed(self):
        """The key that was pressed, by its name; None: none was."""
        if self._terminal is None or not select.select([self._terminal], [], [], 0)[0]:
            return None
        return KEYS.get(os.read(self._terminal, 8), "")

    def close(self):
        if self._terminal is not None:
            termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)
            os.close(self._terminal)


class Table(Listener):
    def __init__(self, name):
        self.name = name
        self.console = need("rich.console").Console()
        self.live = need("rich.live").Live(console=self.console, screen=True, auto_refresh=False,
                                           redirect_stderr=True)
        self.keys = Keys()
        self.ended = []         # records, the last one first
        self.lost = 0
        self.first = 0          # of the ended calls that is shown
        self.drawn_at = 0.0
        self.live.start()

    def call(self, call, again):
        key = call.session, call.start
        self.ended = [one for one in self.ended if not again or one[0] != key]
        self.ended.insert(0, (key, call.told))
        del self.ended[MOST_KEPT:]
        self.first += bool(self.first)      # what is looked at stays where it is

    def gap(self, packets):
        self.lost += packets or 0

    def turn(self, watch):
        """Draws, and does what the keys ask."""
        while (key := self.keys.pressed()) is not None:
            self._do(key, watch)
            self.drawn_at = 0.0
        if time.monotonic() - self.drawn_at >= DRAW_SECONDS:
            self.drawn_at = time.monotonic()
            self.live.update(self._drawn(watch), refresh=True)

    def _do(self, key, watch):
        page = max(self.console.height - HEADER_LINES, 2) // 2
        moves = {"up": -1, "down": 1, "page up": -page, "page down": page, "top": -self.first}
        if key == "quit":
            watch.stop()
        elif key:
            self.first = max(0, min(self.first + moves[key], len(self.ended) - 1))

    def end(self):
        self.live.stop()
        self.keys.close()

    def _drawn(self, watch):
        console, text = need("rich.console"), need("rich.text")
        up = watch.calls.up()
        room = max(self.console.height - HEADER_LINES, 2)
        shown_up = min(len(up), max(room // 2, room - len(self.ended)))
        parts = [self._up(up[-shown_up:] if shown_up else [], len(up), watch.stream_us()),
                 self._ended(self.ended[self.first:self.first + room - shown_up])]
        state = f"{self.name}: {watch.reader.frames:,} packets"
        if self.lost:
            state += f", {self.lost:,} not captured"
        parts.append(text.Text(printable(f"{state}   q quit   up, down, page keys scroll"), style="dim"))
        return console.Group(*parts)

    @staticmethod
    def _table(title, columns):
        table = need("rich.table").Table(title=title, title_justify="left", expand=True, box=None,
                                         header_style="bold", pad_edge=False)
        for name, more in columns:
            table.add_column(name, no_wrap=True, overflow="ellipsis", **more)
        return table

    def _up(self, calls, count, now_us):
        right = {"justify": "right"}
        table = self._table(f"{count} up", [
            ("caller", {"ratio": 1}), ("callee", {"ratio": 1}), ("state", {}), ("for", right),
            ("to callee", right), ("to caller", right), ("lost", right)])
        for call in calls:
            since = call.record["start"]["time_us"] if call.record else call.heard_us
            self._add(table, None, end_in_words(call.caller), end_in_words(call.callee), call.state or "?",
                      _duration(now_us - since), _packets(call.record, "callee"),
                      _packets(call.record, "caller"), _loss(call.record))
        return table

    def _ended(self, ended):
        table = self._table(f"{len(self.ended)} ended", [
            ("start (UTC)", {}), ("caller", {"ratio": 1}), ("callee", {"ratio": 1}), ("how it went", {}),
            ("why", {"ratio": 3})])
        for _key, record in ended:
            verdict = record["verdict"] or "unknown"
            style = GOOD if verdict == "good" else BAD if verdict != "unknown" else None
            start = time.strftime("%H:%M:%S", time.gmtime(record["start"]["time_us"] / 10**6))
            self._add(table, style, start, end_in_words(record["caller"]), end_in_words(record["callee"]),
                      verdict.replace("_", " "), record["explanation"] or "")
        return table

    @staticmethod
    def _add(table, style, *cells):
        text = need("rich.text").Text
        table.add_row(*(text(printable(cell), no_wrap=True, overflow="ellipsis") for cell in cells),
                      style=style)


@contextlib.contextmanager
def shown(name):
    """A table, and the terminal as it was afterwards, whatever comes."""
    table = Table(name)
    try:
        yield table
    finally:
        table.end()
