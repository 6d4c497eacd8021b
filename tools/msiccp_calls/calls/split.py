"""`msiccp-calls split`: a capture per call, written by tshark's own display filter.

tshark reads in two passes, which writes the frames too that a message was put together from.
"""

import itertools
import os
import re
import subprocess
import sys

from ..common.errors import Failure, UsageError
from ..common.text import count, path_to_text, printable, text_to_path
from ..decode import feed, settings
from ..decode import tshark as programs

LONGEST_END = 40


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
        WHERE session > 0 AND call_list.id IN (SELECT id FROM call_list WHERE {_for_driver(where)})
        ORDER BY capture_id, start_us, session""")
    return itertools.groupby(calls, key=lambda call: call["capture_id"])


def _for_driver(condition):
    """SQLAlchemy takes :name for a parameter."""
    return re.sub(r":(?=\w)", r"\\:", condition)


def _files(database, capture):
    rows = database.query("SELECT path FROM files WHERE capture_id = :capture ORDER BY position",
                          capture=capture)
    return [text_to_path(row["path"]) for row in rows]


def _write(tshark, capture, session, target):
    """One call of CAPTURE. TARGET is there whole, or not at all."""
    unfinished = f"{target}.part"
    with open(unfinished, "wb") as file:
        process = tshark.start(
            [programs.TSHARK, "-n", "-2", *tshark.settings.arguments(), "-r", capture,
             "-Y", f"msiccp.session == {session}", "-F", "pcapng", "-w", "-"],
            stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE)
        message = process.communicate()[1].decode("utf-8", "replace").strip()
    # A capture that is cut short has calls all the same.
    if process.returncode != 0 and "cut short" not in message:
        os.unlink(unfinished)
        raise Failure(message or f"tshark ended with status {process.returncode}")
    os.replace(unfinished, target)


def _say(text):
    print(f"msiccp-calls: {printable(text)}", file=sys.stderr)


def split(database, folder, where, plugin):
    """Returns the exit status: 1 where some call could not be written."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from None
    names = Names()
    written = failed = 0
    for capture, calls in _calls_by_capture(database, where):
        calls = list(calls)
        try:
            tshark = programs.tshark(settings.of_description(
                calls[0]["options"], plugin, programs.read_profile))
            with feed.as_file(tshark, _files(database, capture)) as file:
                for call in calls:
                    target = os.path.join(folder, names.take(call))
                    _write(tshark, file, call["session"], target)
                    print(path_to_text(target), flush=True)
                    written += 1
        except (Failure, OSError) as error:
            failed += 1
            reason = getattr(error, "strerror", None) or error
            _say(f"{calls[0]['capture']}: {reason}")
    _say(f"{count(written, 'call')} written to {path_to_text(folder)}")
    return 1 if failed else 0
