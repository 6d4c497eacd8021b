"""What tshark reads on its standard input: a file, or the files of a ring put together by
mergecap."""

import os
import subprocess
import threading

from . import tshark as programs

# mergecap holds all files open at once that it is given. What comes of each group is a section of
# one pcapng stream.
AT_ONCE = 250


class Feed:
    """A context whose `stdin` is for one tshark. MESSAGE tells afterwards what mergecap said."""

    def __init__(self, tshark, paths):
        self.tshark = tshark
        self.paths = paths
        self.message = None

    def __enter__(self):
        if len(self.paths) == 1:
            self.stdin = open(self.paths[0], "rb")
            return self
        for path in self.paths:     # its error is an OSError too
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
        try:
            for start in range(0, len(self.paths), AT_ONCE):
                command = [programs.program("mergecap"), "-a", "-F", "pcapng", "-w", "-",
                           *map(os.fspath, self.paths[start:start + AT_ONCE])]
                merge = self.tshark.start(command, stdin=subprocess.DEVNULL, stdout=write_end,
                                          stderr=subprocess.PIPE)
                message = merge.communicate()[1].decode("utf-8", "replace").strip()
                if merge.returncode != 0:
                    self.message = message or f"mergecap ended with status {merge.returncode}"
                    if programs.AS_ROOT and "permission" in message.lower():
                        self.message += ("\nStarted as root, mergecap runs as nobody, who must be "
                                         "able to read the files of a ring.")
                    return
        finally:
            os.close(write_end)
