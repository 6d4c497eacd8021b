# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scan says while it goes on: a bar on a terminal, lines elsewhere, JSON for programs."""

import sys
import time

from ..common.needs import need
from ..common.text import count, json_line, path_to_text, printable

LINE_SECONDS = 10


class Lines:
    """Plain lines on stderr: problems as they come, and now and then how far it is."""

    def __init__(self, total, size):
        self.total, self.size = total, size
        self.done = self.read = 0
        self.started = self.said = time.monotonic()

    def say(self, text):
        print(printable(text), file=sys.stderr, flush=True)

    def problem(self, name, message):
        self.say(f"{printable(name)}: {printable(message or '')}")

    def advance(self, capture, _status, _calls, _message):
        self.done += 1
        self.read += capture.size
        now = time.monotonic()
        if now - self.said >= LINE_SECONDS and self.done < self.total:
            self.said = now
            share = self.read / self.size if self.size else self.done / self.total
            left = (now - self.started) * (1 - share) / share if share else 0
            self.say(f"{self.done:,} of {count(self.total, 'capture')}, about {left:.0f} s left")

    def stop(self):
        """The work is over, or broken off."""

    def finish(self, summary):
        self.say(summary.in_words())


class Bar(Lines):
    """A bar with the time left, by bytes read."""

    def __init__(self, total, size):
        super().__init__(total, size)
        need("rich")
        from rich import progress
        self.bar = progress.Progress(
            progress.TextColumn("{task.fields[done]}/{task.fields[total_captures]} captures"),
            progress.BarColumn(), progress.TaskProgressColumn(), progress.TimeElapsedColumn(),
            progress.TextColumn("left"), progress.TimeRemainingColumn(),
            console=need("rich.console").Console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=max(size, 1), done=0, total_captures=total)
        self.bar.start()

    def say(self, text):
        self.bar.console.print(printable(text), markup=False, highlight=False, soft_wrap=True)

    def advance(self, capture, _status, _calls, _message):
        self.done += 1
        self.bar.update(self.task, advance=capture.size, done=self.done)

    def stop(self):
        self.bar.stop()


class Json(Lines):
    """One object a capture on stdout, and a last one with the counts."""

    def problem(self, name, message):
        """It is in the capture's object."""

    def advance(self, capture, status, calls, message):
        print(json_line({"capture": capture.name, "status": status, "calls": calls,
                         "message": message}), flush=True)

    def finish(self, summary):
        print(json_line({"summary": vars(summary)}), flush=True)


def progress(as_json, total, size):
    if as_json:
        return Json(total, size)
    return Bar(total, size) if sys.stderr.isatty() else Lines(total, size)


class Summary:
    """The counts of a scan."""

    def __init__(self, database, other_files, links, in_rings):
        self.database = database
        self.scanned = self.skipped = self.failed = self.cut_short = self.empty = self.calls = 0
        self.other_files = other_files
        self.links = links
        self.in_rings = in_rings

    def in_words(self):
        parts = [f"{count(self.scanned, 'capture')} scanned, {count(self.calls, 'call')}"]
        for number, words in ((self.skipped, "unchanged since an earlier scan"),
                              (self.cut_short, "cut short"), (self.failed, "not readable"),
                              (self.empty, "empty")):
            if number:
                parts.append(f"{number:,} {words}")
        if self.other_files:
            parts.append(f"{count(self.other_files, 'file')} passed over, not captures")
        if self.links:
            parts.append(f"{count(self.links, 'link')} out of the folder not followed "
                         "(--follow-links)")
        if self.in_rings:
            parts.append(f"{self.in_rings:,} of them are files of rings (dumpcap -b): --rotated puts calls "
                         "together that go on from one file to the next")
        return f"{path_to_text(self.database)}: {'; '.join(parts)}"
