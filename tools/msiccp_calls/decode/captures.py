# SPDX-License-Identifier: GPL-2.0-or-later
"""Which files are captures: told by their content, whatever their names."""

import dataclasses
import os
import zlib

from ..common.errors import UsageError
from ..common.text import path_to_text

# How files of packets begin, of those that Wireshark reads. NetMeeting's time used more formats
# than pcap.
BEGINNINGS = (
    b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1",       # pcap
    b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1",       # pcap in nanoseconds
    b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1",       # pcap with Kuznetzov's additions
    b"\x0a\x0d\x0d\x0a",                            # pcapng
    b"snoop\0\0\0",
    b"GMBU", b"RTSS",                               # Microsoft Network Monitor 2 and 1
    b"TRSNIFF data    \x1a",                        # Sniffer
    b"XCP\0",                                       # NetXRay, Sniffer for Windows
    b"iptrace 1.0", b"iptrace 2.0",
    b"\x00\x01\x30\x64",                            # LANalyzer
)
GZIP = b"\x1f\x8b"
# Their content is not looked at here: tshark says what they are.
PACKED = (b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")     # zstd, lz4
# Files that were meant as captures by whoever named them; of those, a damaged one is reported.
SUFFIXES = (".pcap", ".pcapng", ".cap", ".ntar", ".snoop", ".dmp")
PACKED_SUFFIXES = (".gz", ".zst", ".lz4")
LONGEST = max(len(beginning) for beginning in BEGINNINGS)


@dataclasses.dataclass(frozen=True)
class Capture:
    """What tshark is to read in one run: a file, or the files of a ring in their order."""

    name: str
    files: tuple
    size: int


def is_capture(path):
    """Whether the file begins as a capture does; one that cannot be read may be one."""
    try:
        with open(path, "rb") as file:
            start = file.read(512)
    except OSError:
        return is_named_so(path)
    if start.startswith(GZIP):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, LONGEST)
        except zlib.error:
            return is_named_so(path)
    return start.startswith(BEGINNINGS) or start.startswith(PACKED) or is_named_so(path)


def is_named_so(path):
    name = os.path.basename(path).lower()
    for packed in PACKED_SUFFIXES:
        name = name.removesuffix(packed)
    return name.endswith(SUFFIXES)


def _leads_out(path, folder):
    """Whether PATH, a link in FOLDER (or in one of its folders), is to what is not in it."""
    return os.path.islink(path) and not os.path.join(os.path.realpath(path), "").startswith(
        os.path.join(folder, ""))


class _Folder:
    """The files of a folder and of its folders. LINKS is how many were not followed, since they
    lead out of it."""

    def __init__(self, path, follow_links):
        self.path = os.path.realpath(path)
        self.follow_links = follow_links
        self.links = 0
        self._been = {self.path}

    def _may_be_read(self, path):
        if self.follow_links or not _leads_out(path, self.path):
            return True
        self.links += 1
        return False

    def _enter(self, here, folders):
        """Which of FOLDERS are walked: each once, however many links lead there."""
        for name in sorted(folders):
            path = os.path.join(here, name)
            real = os.path.realpath(path)
            if self._may_be_read(path) and real not in self._been:
                self._been.add(real)
                yield name

    def files(self, on_error):
        for here, folders, names in os.walk(self.path, onerror=on_error, followlinks=True):
            folders[:] = self._enter(here, folders)
            for name in sorted(names):
                path = os.path.join(here, name)
                if self._may_be_read(path) and os.path.isfile(path):
                    yield path


def find(paths, on_error, follow_links=False):
    """The captures of PATHS, each once, as absolute paths; how many other files were there, and how
    many links that lead out of their folder.

    A file that is named itself is always taken; in folders, those that are captures by content.
    ON_ERROR gets the OSError of a folder that cannot be read.
    """
    found = {}
    others = links = 0
    for path in paths:
        if os.path.isdir(path):
            folder = _Folder(path, follow_links)
            for file in folder.files(on_error):
                if is_capture(file):
                    found[os.path.realpath(file)] = None
                else:
                    others += 1
            links += folder.links
        elif os.path.isfile(path):
            found[os.path.realpath(path)] = None
        elif os.path.exists(path):
            # It would be waited for, or read without end.
            raise UsageError(f"{path_to_text(path)} is no file: save what comes from it as one, and "
                             "scan that")
        else:
            raise UsageError(f"there is no file or folder {path_to_text(path)}")
    return list(found), others, links
