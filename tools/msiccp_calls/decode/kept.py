# SPDX-License-Identifier: GPL-2.0-or-later
"""Small captures through a sharkd that is kept: to start a tshark takes far longer than to read
them. sharkd's taps have the statistics of the plugin print among its answers.

sharkd says less of what is wrong than tshark. So it only has the word where it read all of a
capture; of any other, also of one that brings it down, tshark tells.
"""

import contextlib
import json
import queue
import re
import subprocess
import threading

from ..common import files as made
from . import tshark as programs
from .captures import GZIP, PACKED

LARGEST = 1 << 20   # octets. sharkd reads a capture twice: a larger one is read sooner by a tshark
MOST = 10           # captures for one sharkd: that of Wireshark 4.0 keeps 11 MiB of each, and its file open
START_SECONDS = 30
STATISTICS = "msiccp,cdr msiccp,ports_json"
OF_STATISTICS = re.compile(r'\{"schema":.*\}$')
# A SYN to port 1731, which the plugin tells of: a sharkd that does not has no plugin, or an old one.
SAMPLE = bytes.fromhex(
    "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000"
    "00000000 00000000 28000000 28000000"
    "4500002800010000400600000a0000010a000002 040006c3000000010000000050020400 00000000")


class Sharkd:
    """One that has our plugin; OSError if it has not, or there is none."""

    def __init__(self, tshark):
        self._process = tshark.start(
            [programs.program("sharkd"), "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, variables={"MSICCP_STATISTICS": STATISTICS})
        self._number = 0
        self.captures = -1      # the sample is none
        limit = threading.Timer(START_SECONDS, self._process.kill)
        limit.start()
        try:
            if not self.lines(SAMPLE):
                raise OSError("sharkd has no plugin")
        except BaseException:
            self.end()
            raise
        finally:
            limit.cancel()

    def _ask(self, method, **parameters):
        self._number += 1
        request = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": parameters}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        return f'{{"jsonrpc":"2.0","id":{self._number},"result":'

    def _read_until(self, beginning):
        while not (line := self._process.stdout.readline().decode("utf-8", "replace")).startswith(beginning):
            if not line:
                raise BrokenPipeError("sharkd has ended")
            yield line

    def lines(self, content):
        """What our statistics say of a capture of this CONTENT; None: it could not be read to its end.
        OSError: sharkd has ended."""
        self.captures += 1
        with made.temporary_file(".capture") as copy:
            copy.write(content)
            copy.flush()
            programs.let_read(copy.name)
            loaded = self._ask("load", file=copy.name)
            self._ask("tap", tap0="rtp-streams")
            end = self._ask("status")
            self._process.stdin.flush()
            answers = list(self._read_until(end))
        # Of a capture that is cut short, sharkd 4.0 says nothing, and later ones tell another status.
        if not answers or not answers[0].startswith(f'{loaded}{{"status":"OK"'):
            return None
        return [found[0] for answer in answers if (found := OF_STATISTICS.search(answer.rstrip("\r\n")))]

    def end(self):
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        self._process.kill()
        self._process.wait()


class Kept:
    """The sharkds of a Tshark: as many as there are threads that ask at once."""

    def __init__(self, tshark):
        self._tshark = tshark
        self._idle = queue.LifoQueue()
        # None of tshark's options can be given to a sharkd.
        self._is_possible = not tshark.settings.arguments()

    def may_have(self, file):
        """Whether the File is one for a sharkd."""
        return self._is_possible and 0 < file.size <= LARGEST

    def _take(self):
        with contextlib.suppress(queue.Empty):
            while (sharkd := self._idle.get_nowait()).captures >= MOST:
                sharkd.end()
            return sharkd
        try:
            return Sharkd(self._tshark)
        except OSError:
            self._is_possible = False
            return None

    def lines(self, content):
        """What -z msiccp,cdr and -z msiccp,ports_json print of a capture; None: ask tshark."""
        if content.startswith((GZIP, *PACKED)):
            return None     # it may be large
        sharkd = self._take()
        if not sharkd:
            return None
        try:
            lines = sharkd.lines(content)
        except OSError:
            sharkd.end()
            return None
        self._idle.put(sharkd)
        return lines

    def end(self):
        """Ends those that are idle."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()
