# SPDX-License-Identifier: GPL-2.0-or-later
"""A ring that has grown since it was scanned: it is read from where calls were still up.

Its earlier capture keeps the files before that, and the calls of them; what is read now becomes a
capture of its own. The cut is where one file ends, with no call up on both sides of it, so that the
records are those that the whole ring would give.
"""

import dataclasses
import shutil
import subprocess

from ..common import files as made
from . import examine
from . import tshark as programs

AFTER_END_US = 100_000      # in which packets of a call that is over may come


@dataclasses.dataclass(frozen=True)
class Earlier:
    """A capture that was scanned before: its first files, of which GONE are not there any more, and
    FILES, (path, size) of each of the others. CALLS is (start, end) of each in microseconds; an end
    of None: it was still up."""

    name: str
    gone: int
    files: tuple
    calls: tuple


@dataclasses.dataclass
class Cut:
    """The capture NAME keeps its first KEPT files, and the calls that began before BEGIN_US. PORTS
    is what its other files had added to its ports: lines of JSON."""

    name: str
    kept: int
    begin_us: int
    ports: list


def _first_us(tshark, path):
    """When the first packet of a file was captured; None: it has none."""
    command = tshark.command("-c", "1", "-T", "fields", "-e", "frame.time_epoch")
    with open(path, "rb") as file:
        process = tshark.start(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        output = process.communicate()[0]
    try:
        seconds, _, fraction = output.decode("ascii").strip().partition(".")
        return int(seconds) * 10**6 + int(fraction[:6].ljust(6, "0"))
    except ValueError:
        return None


def _is_between_calls(calls, begin_us):
    return all(start >= begin_us or (end is not None and end + AFTER_END_US < begin_us)
               for start, end in calls)


def _last_cut(tshark, earlier):
    """(how many of FILES are before it, when what follows begins) of the last place where it can be
    cut; None: it has none."""
    if any(start is None for start, _end in earlier.calls):
        return None
    for kept in range(len(earlier.files) - 1, -1 if earlier.gone else 0, -1):
        begin_us = _first_us(tshark, earlier.files[kept][0])
        if begin_us is not None and _is_between_calls(earlier.calls, begin_us):
            return kept, begin_us
    return None


def _ports_as_scanned(settings, files):
    """The ports of FILES as large as they were then."""
    path, size = files[-1]
    with made.temporary_file() as copy, open(path, "rb") as file:
        while size > 0 and (block := file.read(min(size, examine.BLOCK))):
            copy.write(block)
            size -= len(block)
        copy.flush()
        shutil.copymode(path, copy.name)
        return examine.examine([*(path for path, _size in files[:-1]), copy.name], settings).ports


def examine_grown(paths, settings, earlier):
    """Examines PATHS, the files of EARLIER and those that have come since; or of them those from
    where it can be cut on, and then `cut` tells what becomes of EARLIER."""
    try:
        found = _last_cut(programs.tshark(settings), earlier)
        if not found:
            return examine.examine(paths, settings)
        kept, begin_us = found
        result = examine.examine(paths[kept:], settings)
        if result.status not in (examine.OK, examine.CUT_SHORT):
            return result
        result.cut = Cut(earlier.name, earlier.gone + kept, begin_us,
                         _ports_as_scanned(settings, earlier.files[kept:]))
        return result
    except OSError as error:
        return examine.unreadable(paths, error)
