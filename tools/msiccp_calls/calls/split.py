# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls split`: a capture per call, written by tshark's own display filter.

tshark reads in two passes, which writes the frames too that a message was put together from.
"""

import itertools
import os
import re
import subprocess
import sys

from ..common.errors import Failure, UsageError
from ..common.files import clear_parts, whole
from ..common.text import count, path_to_text, printable, shown, text_to_path
from ..decode import feed, settings
from ..decode import tshark as programs
from ..report import words

LONGEST_END = 40
NAME = re.compile(r"\w+Z_[^_]+_[^_]+_\w+\.pcapng")


def _word(text):
    """TEXT that is a part of a file's name everywhere."""
    return re.sub(r"[^A-Za-z0-9.+@-]+", "-", text or "").strip("-.")[:LONGEST_END] or "unknown"


def _end(call, which):
    alias, address = call[f"{which}_alias"], call[f"{which}_address"]
    return _word(f"{alias} {address}" if alias else address)


def file_name(call):
    """20261122T173742Z_near-10.73.1.10_1000-10.73.1.20_answered"""
    time = re.sub(r"[-:]", "", (call["start"] or "unknown")[:19]).replace(" ", "T")
    return (f"{time}Z_{_end(call, 'caller')}_{_end(call, 'callee')}_"
            f"{_word(call['verdict'] or call['outcome'])}")


class Names:
    """Names of files, each given once."""

    def __init__(self):
        self.given = set()

    def take(self, call):
        name = file_name(call)
        for number in itertools.count(1):
            candidate = f"{name}.pcapng" if number == 1 else f"{name}_{number}.pcapng"
            if candidate not in self.given:
                self.given.add(candidate)
                return candidate


def _calls_by_capture(database, where):
    calls = database.query(f"""
        SELECT call_list.*, captures.options FROM call_list
        JOIN captures ON captures.id = call_list.capture_id
        WHERE call_list.id IN (SELECT id FROM call_list WHERE {_for_driver(where)})
        ORDER BY capture_id, start_us, session""")
    return itertools.groupby(calls, key=lambda call: call["capture_id"])


def _for_driver(condition):
    """SQLAlchemy takes :name for a parameter."""
    return re.sub(r":(?=\w)", r"\\:", condition)


def _files(database, capture):
    rows = database.query("SELECT path FROM files WHERE capture_id = :capture ORDER BY position",
                          capture=capture)
    if not rows:
        raise Failure("its packets were not kept: it was watched as it went on (watch --failing-to)")
    return [text_to_path(row["path"]) for row in rows]


def _write(tshark, capture, session, target):
    """One call of CAPTURE. TARGET is there whole, or not at all."""
    with whole(target) as file:
        process = tshark.start(
            [programs.TSHARK, "-n", "-2", *tshark.settings.arguments(), "-r", capture,
             "-Y", f"msiccp.session == {session}", "-F", "pcapng", "-w", "-"],
            stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE)
        message = process.communicate()[1].decode("utf-8", "replace").strip()
        # A capture that is cut short has calls all the same.
        if process.returncode != 0 and "cut short" not in message:
            raise Failure(message or f"tshark ended with status {process.returncode}")


def _say(text):
    print(f"msiccp-calls: {printable(text)}", file=sys.stderr)


class _Split:
    """The calls that are written to FOLDER, and those that are left out."""

    def __init__(self, database, folder, plugin):
        self.database, self.folder, self.plugin = database, folder, plugin
        self.names = Names()
        self.written = self.left_out = 0
        self.failed = False

    def _leave_out(self, calls, reason):
        for call in calls:
            _say(f"left out: {words.caller(call)} to {words.callee(call)}, "
                 f"{words.moment(call['start_us'])[:19]} UTC, {words.call_in_capture(call)}: {reason}")
        self.left_out += len(calls)

    def capture(self, number, calls):
        self._leave_out([call for call in calls if call["session"] <= 0],
                        "it was not connected, so there is no session to write")
        waiting = [call for call in calls if call["session"] > 0]
        try:
            if waiting:
                self._write(number, waiting)
        except (Failure, OSError) as error:
            self.failed = True
            self._leave_out(waiting, getattr(error, "strerror", None) or error)

    def _write(self, number, waiting):
        """Takes out of WAITING what is written."""
        tshark = programs.tshark(settings.of_description(
            waiting[0]["options"], self.plugin, programs.read_profile))
        with feed.as_file(tshark, _files(self.database, number)) as file:
            while waiting:
                target = os.path.join(self.folder, self.names.take(waiting[0]))
                _write(tshark, file, waiting[0]["session"], target)
                print(shown(path_to_text(target)), flush=True)
                self.written += 1
                waiting.pop(0)

    def in_words(self):
        left_out = f", {self.left_out:,} left out (see above)" if self.left_out else ""
        return f"{count(self.written, 'call')} written to {path_to_text(self.folder)}{left_out}"


def split(database, folder, where, plugin):
    """Returns the exit status: 1 where some call could not be written."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from None
    clear_parts(folder, NAME.fullmatch)
    work = _Split(database, folder, plugin)
    for number, calls in _calls_by_capture(database, where):
        work.capture(number, list(calls))
    _say(work.in_words())
    return 1 if work.failed else 0
