# SPDX-License-Identifier: GPL-2.0-or-later
"""One tshark with the plugin, which is given packets as they come, and is asked between them."""

import json
import os
import queue
import select
import subprocess
import tempfile
import threading

from ..common.errors import UsageError
from . import blocks

STUCK_SECONDS = 60      # without taking anything
MESSAGE_LIMIT = 400
END = object()


class Decoder:
    """BEFORE is how many packets came before the first that it is given."""

    def __init__(self, tshark, before):
        self.before = before
        self.asked = self.answered = 0
        self.answers = queue.Queue()     # whose get() ends in time where a signal comes
        self.is_dead = False
        self._messages = tempfile.TemporaryFile()
        self._process = tshark.start(tshark.command("-q", "-z", "msiccp,watch"),
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=self._messages)
        self._pipe = self._process.stdin.fileno()
        os.set_blocking(self._pipe, False)
        self._order = None
        self._heads, self._interfaces, self._ask_interface = [], 0, None
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        with self._process.stdout as printed:
            for line in printed:
                # A tshark that is killed may leave half a line.
                if line.startswith(b"{") and line.endswith(b"\n"):
                    self.answers.put(json.loads(line.decode("utf-8", "replace")))
        self.answers.put(END)

    def _write(self, data):
        """Waits until tshark has taken all of it, or is dead."""
        data = memoryview(data)
        while data and not self.is_dead:
            try:
                data = data[os.write(self._pipe, data):]
            except BlockingIOError:
                if not select.select([], [self._pipe], [], STUCK_SECONDS)[1]:
                    self._process.kill()
                    self.is_dead = True
            except OSError:
                self.is_dead = True

    def give(self, piece):
        """The first question comes before all packets, at the time of the first one."""
        if piece.kind == blocks.SECTION:
            self._order = piece.order
            self._heads, self._interfaces, self._ask_interface = [piece.content], 0, None
        elif piece.kind == blocks.INTERFACE:
            self._add_interface(piece)
            return
        elif not self.asked and piece.kind == blocks.PACKET:
            self.ask(piece.first_us or 0)
        self._write(piece.content)

    def _add_interface(self, piece):
        self._heads.append(piece.content)
        self._interfaces += 1
        if self._ask_interface is None:
            self._write(piece.content)
        else:       # whose number it would get: another section, in which it has its own
            self._ask_interface = None
            self._write(b"".join(self._heads))

    def can_ask(self):
        """It knows of a section, and has answered everything."""
        return self._order is not None and self.asked == self.answered

    def ask(self, time_us):
        if self._ask_interface is None:
            self._ask_interface = self._interfaces
            self._write(blocks.interface(self._order, blocks.ASK_LINK_TYPE))
        self.asked += 1
        self._write(blocks.question(self._order, self._ask_interface, time_us, self.asked,
                                    self.before))

    def memory(self):
        """Bytes that it takes; 0 where the system does not say."""
        try:
            with open(f"/proc/{self._process.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    def pid(self):
        return self._process.pid

    def end(self):
        """Ends it. What it has not said yet is not heard."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        self._process.stdin.close()

    def why(self):
        """What it said on stderr, or how it ended."""
        returncode = self._process.wait()
        self._messages.seek(0)
        text = self._messages.read().decode("utf-8", "replace").strip()[:MESSAGE_LIMIT]
        return text or f"status {returncode}"


def check(tshark):
    """The plugin has what is needed."""
    if not tshark.has_watch:
        raise UsageError(f"the plugin (version {tshark.plugin_version}) is too old: it has no "
                         "-z msiccp,watch. Install a newer one.")
