# SPDX-License-Identifier: GPL-2.0-or-later
"""Where packets come from: dumpcap, a ring that somebody else writes, or a stream. Each ends up in a
folder of files, which are read from there."""

import contextlib
import os
import re
import select
import subprocess
import sys
import threading
import time

from ..common import ended
from ..common.errors import UsageError
from ..decode import tshark as programs
from . import rights
from .blocks import PACKET, SECTION, Damaged, Splitter
from .ring import files_of

FILES = 16              # of a ring
NAME = "watch"
AGAIN_SECONDS = 5       # until an interface that went away is tried again
PORTION = 1 << 16
MESSAGES = 20


class Ring:
    """A folder of our own, of no more than LIMIT bytes."""

    def __init__(self, folder, limit):
        self.folder = folder
        self.limit = limit
        self.file_size = limit // (FILES + 1)
        os.makedirs(folder, mode=0o700, exist_ok=True)

    def prune(self):
        """Files of earlier runs, which whoever writes the ring now does not know of."""
        sizes = []
        for path, _identity in files_of(self.folder):
            with contextlib.suppress(OSError):
                sizes.append((path, os.stat(path).st_size))
        total = sum(size for _path, size in sizes)
        for path, size in sizes[:-1]:
            if total <= self.limit:
                return
            with contextlib.suppress(OSError):
                os.unlink(path)
                total -= size


class Folder:
    """Files that somebody else writes."""

    is_at_end = False

    def __init__(self, folder):
        if not os.path.isdir(folder):
            raise UsageError(f"{folder} is no folder: name one, an interface by -i, or - for a stream")
        self.folder = os.path.realpath(folder)

    def keep_going(self, _say):
        """Nothing is to be done for it."""

    def close(self):
        """Nothing was begun."""


class Interface:
    """What dumpcap captures, with the rights that it has."""

    is_at_end = False

    def __init__(self, interface, ring, capture_filter):
        self.ring = ring
        self.folder = ring.folder
        self.interface = interface
        self.filter = capture_filter
        self._process = None
        self._begun_once = False
        self._again_at = 0.0
        self._messages, self._writes = [], False
        self._rights = rights.take()

    def _begin(self):
        kilobytes = max(self.ring.file_size // 1000, 1)
        command = [programs.program("dumpcap"), "-i", self.interface, "-b", f"filesize:{kilobytes}",
                   "-b", f"files:{FILES}", "-w", os.path.join(self.folder, f"{NAME}.pcapng")]
        if self.filter:
            command += ["-f", self.filter]
        self._messages, self._writes = [], False
        try:
            # Without -q it says on stderr how many packets there were, and ends where nobody listens.
            self._process = ended.with_us(subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                preexec_fn=rights.hand_down(self._rights)))
        except FileNotFoundError:
            raise UsageError(f"{command[0]} was not found: it comes with Wireshark") from None
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _listen(self, process):
        rest = b""
        while data := process.stderr.read1(PORTION):
            *lines, rest = re.split(rb"[\r\n]+", rest + data)
            for line in lines:
                text = line.decode("utf-8", "replace").strip()
                if text.startswith("File: "):
                    self._writes = True
                if text and not re.match(r"Packets: |Capturing on |File: |Packets captured: ", text):
                    self._messages = [*self._messages, text][-MESSAGES:]

    def keep_going(self, say):
        """dumpcap is begun, and again where it has ended."""
        if self._process and self._process.poll() is None:
            if self._writes:
                say.is_well("dumpcap")
                self._begun_once = True
            self.ring.prune()
            return
        if time.monotonic() < self._again_at:
            return
        if self._process:
            reason = " ".join(self._messages) or f"status {self._process.returncode}"
            if not self._begun_once:
                raise UsageError(f"dumpcap cannot capture on {self.interface}: {reason}\n'dumpcap -D' "
                                 "lists the interfaces. Where it lists none, run this as a user who may "
                                 "capture (Debian: one of the group wireshark)")
            say.once("dumpcap", f"dumpcap has ended, and is tried again: {reason}")
        self._again_at = time.monotonic() + AGAIN_SECONDS
        self._begin()

    def close(self):
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(AGAIN_SECONDS)
        if self._process and self._process.poll() is None:
            self._process.kill()


class Stream:
    """A capture on standard input, which goes into a ring of ours as it comes: no faster than it is
    read there."""

    def __init__(self, ring):
        self.ring = ring
        self.folder = ring.folder
        self.is_at_end = False
        self._input = sys.stdin.fileno()
        self._splitter = Splitter()
        self._file = None
        self._number = 0
        self._heads = []        # what each file begins with
        self._time = time.strftime("%Y%m%d%H%M%S", time.gmtime())

    def keep_going(self, _say):
        """There is nothing to be begun."""

    def pump(self, seconds):
        """Waits for something to come, and stores it. Returns whether something came."""
        if self.is_at_end:
            return False
        if not select.select([self._input], [], [], seconds)[0]:
            return False
        data = os.read(self._input, PORTION)
        if not data:
            self.is_at_end = True
            return False
        try:
            pieces = self._splitter.feed(data)
        except Damaged as error:
            raise UsageError(f"what comes on standard input is no capture that can be watched: {error}") \
                from None
        self._store(pieces)
        return True

    def _store(self, pieces):
        for piece in pieces:
            if piece.kind == SECTION:
                self._heads = []
            if piece.kind not in (PACKET,):
                self._heads.append(piece.content)
            if not self._file or self._file.tell() > self.ring.file_size and piece.kind == PACKET:
                self._begin_file(piece)
            self._file.write(piece.content)
        if self._file:
            self._file.flush()

    def _begin_file(self, piece):
        if self._file:
            self._file.close()
        self._number += 1
        self._file = open(os.path.join(
            self.folder, f"{NAME}_{self._number:05}_{self._time}.pcapng"), "wb")
        if piece.kind == PACKET:
            self._file.write(b"".join(self._heads))
        self.ring.prune()

    def close(self):
        if self._file:
            self._file.close()
