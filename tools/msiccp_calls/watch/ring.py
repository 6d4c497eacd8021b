# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a ring, read as they grow; where in them what is, so that it can be read again."""

import contextlib
import dataclasses
import os

from ..decode import captures, rings
from .blocks import PACKET, Damaged, Splitter

PORTION = 1 << 18
MARK_US = 1_000_000     # how far apart marks are
MOST_MARKS = 100_000


def _order(path):
    """By what dumpcap says in the name; others by their time."""
    place = rings.place(path)
    if place:
        return place[1], place[2], path
    with contextlib.suppress(OSError):
        return "", os.stat(path).st_mtime_ns, path
    return "", 0, path


def files_of(folder):
    """Its files in their order: (path, identity) of each."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_file():
                    found.append((_order(entry.path), entry.path, entry.inode()))
    return [(path, identity) for _key, path, identity in sorted(found)]


@dataclasses.dataclass(frozen=True)
class Mark:
    """A place between two packets: FRAMES came before it, the last of them at TIME_US."""

    path: str
    identity: int
    offset: int
    frames: int
    time_us: int

    def is_there(self):
        try:
            return os.stat(self.path).st_ino == self.identity
        except OSError:
            return False


class Reader:
    """Reads the captures of FOLDER one after another, from MARK on or from the oldest.

    SAY is told of a file that is no capture. FRAMES is how many packets were read, by the count
    that MARK began.
    """

    def __init__(self, folder, say, mark=None, frames=0):
        self.folder = folder
        self.say = say
        self.frames = mark.frames if mark else frames
        self.time_us = mark.time_us if mark else None
        self.run = 0                # another one wherever the numbers of dumpcap's files begin anew
        self.missing = 0            # files of a run that were gone before they were read
        self.begin = None           # the mark of the beginning of the file that is read
        self.until = None           # a mark that what is read at once does not go beyond
        self._number = None
        self._file = None
        self._path = self._identity = None
        self._done = {}             # identity -> size, of files that were read to their end
        self._others = set()        # (identity, size) of files that are no captures
        self._skip_to = 0
        if mark:
            self._skip_files_before(mark)
            self._open(mark.path, mark.identity)
            self._skip_to = mark.offset

    def _skip_files_before(self, mark):
        for path, identity in files_of(self.folder):
            if identity == mark.identity:
                return
            with contextlib.suppress(OSError):
                self._done[identity] = os.stat(path).st_size

    def _open(self, path, identity):
        try:
            self._file = open(path, "rb")
        except OSError as error:
            self.say(f"{path}: {error.strerror}")
            self._done[identity] = 0
            return
        self._count(path)
        self._path, self._identity = path, identity
        self.begin = Mark(path, identity, 0, self.frames, self.time_us or 0)
        self._splitter = Splitter()
        self._skip_to = 0

    def _count(self, path):
        place = rings.place(path)
        number = place[2] if place else None
        if self._path and (number is None or self._number is None or number <= self._number):
            self.run += 1
        elif self._path:
            self.missing += number - self._number - 1
        self._number = number

    def _close(self):
        self._done[self._identity] = self._file.tell()
        self._file.close()
        self._file = None

    def close(self):
        if self._file:
            self._file.close()

    def mark(self):
        """Where it is; None before the first packet of all."""
        if not self._path:
            return None
        return Mark(self._path, self._identity, self._splitter.offset, self.frames, self.time_us or 0)

    def _next(self):
        """The oldest file that was not read yet."""
        present = files_of(self.folder)
        identities = {identity for _path, identity in present}
        for identity in self._done.keys() - identities:
            del self._done[identity]
        for path, identity in present:
            if identity == self._identity and self._file:
                continue
            size = self._done.get(identity)
            # One that has become shorter was begun anew under its old name.
            if (self._is_shorter(path, size) if size is not None else self._is_capture(path)):
                return path, identity
        return None

    def _is_capture(self, path):
        """One that is empty may become one."""
        with contextlib.suppress(OSError):
            status = os.stat(path)
            known = status.st_ino, status.st_size
            if status.st_size and known not in self._others:
                if captures.is_capture(path):
                    return True
                self._others.add(known)
        return False

    @staticmethod
    def _is_shorter(path, size):
        try:
            return os.stat(path).st_size < size
        except OSError:
            return False

    def read(self):
        """The next pieces; none where there is nothing new yet."""
        if not self._file:
            following = self._next()
            if not following:
                return []
            self._open(*following)
            if not self._file:
                return []
        data = self._portion()
        if not data:
            # What was written to it before the next one was begun is read.
            if self._next() and not (data := self._portion()):
                self._close()
                return self.read()
            if not data:
                return []
        try:
            pieces = self._splitter.feed(data)
        except Damaged as error:
            self.say(f"{self._path}: {error}; the rest of it is passed over")
            self._close()
            return []
        return [piece for piece in pieces if self._is_wanted(piece)]

    def _portion(self):
        """A piece ends where those end that are passed over, and where it is to."""
        at, size = self._file.tell(), PORTION
        for end in (self._skip_to,
                    self.until.offset if self.until and self.until.identity == self._identity else 0):
            if at < end:
                size = min(size, end - at)
        return self._file.read(size)

    def _is_wanted(self, piece):
        if piece.kind != PACKET:
            return True
        if piece.offset <= self._skip_to:
            return False
        self.frames += piece.packets
        if piece.time_us is not None:
            self.time_us = piece.time_us
        return True

    def is_behind(self):
        """There is more to be read now."""
        try:
            return bool(self._file) and os.fstat(self._file.fileno()).st_size > self._file.tell()
        except OSError:
            return False


class Marks:
    """Where packets are that were read: some each second."""

    def __init__(self, marks=()):
        self.marks = list(marks)

    def add(self, mark):
        if mark and (not self.marks or mark.identity != self.marks[-1].identity
                     or mark.frames > self.marks[-1].frames
                     and abs(mark.time_us - self.marks[-1].time_us) >= MARK_US):
            self.marks.append(mark)
            if len(self.marks) > MOST_MARKS:
                del self.marks[1::2]

    def forget_lost(self):
        """Those whose file is gone."""
        there = {}
        for mark in self.marks:
            if mark.path not in there:
                there[mark.path] = mark.is_there()
        self.marks = [mark for mark in self.marks if there[mark.path]]

    def before(self, frame, earlier_us):
        """The last one that is EARLIER_US before the one before FRAME, or the first there is; None
        where there is none."""
        self.forget_lost()
        earlier = [mark for mark in self.marks if mark.frames < frame]
        if not earlier:
            return self.marks[0] if self.marks else None
        limit = earlier[-1].time_us - earlier_us
        early = [mark for mark in earlier if mark.time_us <= limit]
        return early[-1] if early else earlier[0]
