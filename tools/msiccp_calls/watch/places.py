# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a watch keeps its ring and what it knows."""

import contextlib
import os
import pathlib
import re

from ..common import files
from ..common.errors import UsageError

try:
    import fcntl
except ImportError:     # Windows
    fcntl = None


def default_folder(name):
    """Of the watch NAME: systemd's StateDirectory=, or the user's own."""
    base = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    if not base:
        state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        base = os.path.join(state, "msiccp-calls")
    return pathlib.Path(base) / ("watch-" + re.sub(r"[^\w.-]+", "-", name).strip("-"))


@contextlib.contextmanager
def held(folder):
    """FOLDER is there, and no other watch has it."""
    folder = pathlib.Path(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(folder / "lock", "w", encoding="ascii") as lock:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield folder
    except BlockingIOError:
        raise UsageError(f"another watch is at work in {folder}: end it, or name another folder by "
                         "--state") from None
    except OSError as error:
        if error.filename and str(error.filename).startswith(str(folder)):
            raise UsageError(f"{error.filename}: {error.strerror}") from None
        raise


@contextlib.contextmanager
def temporary():
    """One that goes with this run."""
    with files.temporary_folder() as folder:
        yield pathlib.Path(folder)
