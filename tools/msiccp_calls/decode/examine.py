# SPDX-License-Identifier: GPL-2.0-or-later
"""One capture through tshark: what a worker does, on this machine or another."""

import contextlib
import dataclasses
import functools
import hashlib
import os
import signal
import subprocess
import threading
import time

from ..common import files as made
from ..common.errors import UsageError
from ..common.text import path_to_text
from . import feed, kept
from . import tshark as programs

MESSAGE_LIMIT = 4000
BLOCK = 1 << 20
TRIES, TRY_SECONDS = 3, 1.0     # to start a tshark that has the plugin

OK, EMPTY, CUT_SHORT, FAILED, UNCHANGED = "ok", "empty", "cut_short", "failed", "unchanged"


@dataclasses.dataclass
class File:
    """A file as it was when it was read."""

    path: str
    size: int = 0
    mtime_us: int = 0
    sha256: str | None = None


@dataclasses.dataclass
class Examined:
    """What came of a capture. RECORDS and PORTS are lines of JSON, as tshark printed them. CUT
    (grown.Cut) is what becomes of an earlier capture that it goes on from."""

    files: list
    status: str
    message: str | None = None
    records: list = dataclasses.field(default_factory=list)
    ports: list = dataclasses.field(default_factory=list)
    tshark: str | None = None
    plugin: str | None = None
    cut: object = None


def fitness(settings, sample):
    """Whether this process can examine captures: its plugin's version, or why not; and whether it
    sees the file SAMPLE."""
    answer = {"plugin": None, "message": None, "sees_sample": not sample or os.path.exists(sample)}
    try:
        answer["plugin"] = programs.tshark(settings).plugin_version
    except UsageError as error:
        answer["message"] = str(error)
    return answer


def stat(path):
    """The file's size and time of change; the larger of its two times, so that a file that is
    given an older time by whoever copies over it is new all the same."""
    status = os.stat(path)
    return status.st_size, max(status.st_mtime_ns, status.st_ctime_ns) // 1000


def _hash(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _message(stderr):
    text = stderr.decode("utf-8", "replace").strip()
    return text[:MESSAGE_LIMIT] or None


def _status(returncode, message, size):
    if returncode == 0:
        return OK if size else EMPTY
    return CUT_SHORT if message and "cut short" in message else FAILED


def _ended_how(name, returncode):
    if returncode < 0:
        try:
            return f"{name} was ended by {signal.Signals(-returncode).name}"
        except ValueError:
            return f"{name} was ended by signal {-returncode}"
    return f"{name} ended with status {returncode}"


def _start(tshark, fed):
    asked = ["-q", "-z", "msiccp,cdr"]
    if tshark.has_ports:
        asked += ["-z", "msiccp,ports_json"]
    process = tshark.start(tshark.command(*asked), stdin=fed.stdin, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
    fed.started()
    return process


def _result(tshark, process, output, fed, files):
    stdout, stderr = output
    returncode = process.returncode
    message = _message(stderr)
    if fed.message:
        returncode, message = returncode or 1, fed.message
    elif returncode != 0 and not message:
        message = _ended_how("tshark", returncode)
    elif returncode == 0 and fed.is_broken_off:
        returncode, message = 1, "tshark ended before it had read all files"
    size = sum(file.size for file in files)
    lines = [line for line in stdout.decode("utf-8", "replace").splitlines() if line.startswith("{")]
    return _told(tshark, lines, files, _status(returncode, message, size), message)


def _told(tshark, lines, files, status, message=None):
    result = Examined(files, status, message, tshark=tshark.version, plugin=tshark.plugin_version)
    for line in lines:
        # Of the two kinds, only a call has a session.
        (result.records if '"session":' in line else result.ports).append(line)
    return result


def unreadable(paths, error):
    """What comes of a capture that ERROR, an OSError, keeps from being read."""
    files = []
    for path in paths:
        described = File(path)
        with contextlib.suppress(OSError):
            described.size, described.mtime_us = stat(path)
        files.append(described)
    return Examined(files, FAILED, f"{path_to_text(error.filename or paths[0])}: {error.strerror}")


_making = threading.Lock()      # of one Kept for all threads


@functools.lru_cache(maxsize=4)
def _made(tshark):
    return kept.Kept(tshark)


def _kept(tshark):
    with _making:
        return _made(tshark)


def end_kept(settings):
    """Ends the programs that examine() keeps."""
    _kept(programs.tshark(settings)).end()


def _by_kept(tshark, file):
    """What a program that is kept says of the File; None: it cannot tell."""
    if not _kept(tshark).may_have(file):
        return None
    with open(file.path, "rb") as opened:
        content = opened.read()
    file.sha256 = file.sha256 or hashlib.sha256(content).hexdigest()
    lines = _kept(tshark).lines(content)
    return None if lines is None else _told(tshark, lines, [file], OK)


def _examine(paths, settings, known_hash):
    files = [File(path, *stat(path)) for path in paths]
    if known_hash:
        files[0].sha256 = _hash(paths[0])
        if files[0].sha256 == known_hash:
            return Examined(files, UNCHANGED)
    tshark = programs.tshark(settings)
    if len(files) == 1 and (told := _by_kept(tshark, files[0])):
        return told
    for again in range(TRIES - 1, -1, -1):
        with feed.Feed(tshark, paths) as fed:
            process = _start(tshark, fed)
            for file in files:      # tshark works meanwhile
                file.sha256 = file.sha256 or _hash(file.path)
            output = process.communicate()
        if not again or not programs.lacks_plugin(output[1]):
            break
        time.sleep(TRY_SECONDS)
    return _result(tshark, process, output, fed, files)


def examine(paths, settings, known_hash=None):
    """Has tshark read the capture of PATHS. One whose content has KNOWN_HASH is left alone."""
    try:
        return _examine(paths, settings, known_hash)
    except OSError as error:
        return unreadable(paths, error)


def examine_sent(sent, settings, known_hash=None):
    """The same of files that were sent here: (path, size, time of change, content) of each."""
    with made.temporary_folder() as folder:
        paths = []
        for number, (_path, _size, _changed, content) in enumerate(sent):
            paths.append(os.path.join(folder, f"{number}"))
            with open(paths[-1], "wb") as file:
                file.write(content)
        result = examine(paths, settings, known_hash)
    for file, (path, size, changed, _content) in zip(result.files, sent):
        file.path, file.size, file.mtime_us = path, size, changed
    return result
