# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark says of one capture: its lines, and the record of the call that is meant."""

import json
import subprocess
import tempfile

from ..common.errors import Failure, UsageError
from ..common.text import count, printable
from ..decode import feed


def lines(tshark, paths, arguments):
    """What tshark prints on stdout, a line at a time."""
    with feed.Feed(tshark, paths) as fed, tempfile.TemporaryFile() as messages:
        process = tshark.start(tshark.command(*arguments), stdin=fed.stdin,
                               stdout=subprocess.PIPE, stderr=messages)
        fed.started()
        with process.stdout as printed:
            yield from (line.decode("utf-8", "replace").rstrip("\n") for line in printed)
        returncode = process.wait()
        messages.seek(0)
        message = messages.read().decode("utf-8", "replace").strip()
    # Of a capture that is cut short, what could be read is heard.
    if fed.message or returncode != 0 and "cut short" not in message:
        raise Failure(fed.message or message or f"tshark ended with status {returncode}")


def records(tshark, paths):
    """Of all sessions, by their number. An attempt to connect is no session."""
    found = (json.loads(line) for line in lines(tshark, paths, ["-q", "-z", "msiccp,cdr"])
             if line.startswith("{"))
    return {record["session"]: record for record in found if record["session"]}


def ends(record):
    return printable(" to ".join(record[end]["alias"] or record[end]["address"] or "?"
                                 for end in ("caller", "callee")))


def record(tshark, paths, session):
    """The record of SESSION, or of the only one."""
    found = records(tshark, paths)
    if session is None:
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            raise UsageError("there is no call in it")
        raise UsageError("it has more than one call, so say which: "
                         + ", ".join(f"--session {number} ({ends(one)})"
                                     for number, one in sorted(found.items())[:20]))
    if session not in found:
        raise UsageError(f"there is no session {session} in it, of {count(len(found), 'call')}")
    return found[session]
