# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark reads: on its standard input a file, or the files of a ring put together by mergecap;
for two passes a file that it can open by itself."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading

from ..common import files
from ..common.errors import Failure
from ..common.text import path_to_text
from . import tshark as programs


class Feed:
    """A context whose `stdin` is for one tshark. MESSAGE tells afterwards what mergecap said,
    IS_BROKEN_OFF that tshark ended before it had read all."""

    def __init__(self, tshark, paths):
        self.tshark = tshark
        self.paths = paths
        self.message = None
        self.is_broken_off = False

    def __enter__(self):
        if len(self.paths) == 1:
            self.stdin = open(self.paths[0], "rb")
            return self
        for path in self.paths:     # what cannot be opened is told before anything is started
            open(path, "rb").close()
        read_end, write_end = os.pipe()
        self.stdin = os.fdopen(read_end, "rb")
        self._thread = threading.Thread(target=self._merge, args=(write_end,), daemon=True)
        self._thread.start()
        return self

    def started(self):
        """tshark has its own end now; without ours, mergecap notices when tshark ends."""
        self.stdin.close()

    def __exit__(self, *_error):
        self.stdin.close()
        if len(self.paths) > 1:
            self._thread.join()

    def _merge(self, write_end):
        """Each file becomes a section of one pcapng stream, whatever its own format is; opened by
        us, and one by one, since mergecap would hold all that it is given open at once."""
        command = [programs.program("mergecap"), "-a", "-F", "pcapng", "-w", "-", "-"]
        try:
            for path in self.paths:
                with open(path, "rb") as file:
                    merge = self.tshark.start(command, stdin=file, stdout=write_end,
                                              stderr=subprocess.PIPE)
                message = merge.communicate()[1].decode("utf-8", "replace").strip()
                if merge.returncode == -getattr(signal, "SIGPIPE", 0):
                    self.is_broken_off = True
                    return
                if merge.returncode != 0:
                    self.message = f"{path_to_text(path)}: " + (
                        message or f"mergecap ended with status {merge.returncode}")
                    return
        except OSError as error:
            self.message = f"{path_to_text(path)}: {error.strerror}"
        finally:
            os.close(write_end)


@contextlib.contextmanager
def as_file(tshark, paths):
    """The path of one file with all of PATHS, which tshark can open: itself, or a copy that only
    the user who runs tshark can read."""
    if len(paths) == 1 and not programs.AS_ROOT:
        yield os.path.realpath(paths[0])
        return
    with files.temporary_file(".capture") as copy:
        with Feed(tshark, paths) as fed:
            shutil.copyfileobj(fed.stdin, copy)
        if fed.message:
            raise Failure(fed.message)
        copy.flush()
        programs.let_read(copy.name)
        yield copy.name
