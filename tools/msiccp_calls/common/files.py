# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that are made: whole or not at all, and none left behind that nobody asked for.

What is temporary is in one folder a run, which goes with it. A run that was ended by SIGKILL leaves
its own; the next one finds that nobody holds its lock, and removes it.
"""

import atexit
import contextlib
import functools
import os
import pathlib
import shutil
import stat
import tempfile

try:
    import fcntl
except ImportError:     # Windows, where a file that is open cannot be removed: that tells the same
    fcntl = None

PREFIX = "msiccp-calls-"
LOCK = "in-use"


def _open_locked(path):
    """A new file that is_in_use() tells of, as long as this process has it open."""
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    if fcntl:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return os.fdopen(number, "w+b")


def _remove_unused(path):
    """Removes the file PATH unless a process holds it. Returns whether it is gone."""
    try:
        if not fcntl:
            os.unlink(path)
            return True
        number = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)
        return True
    except OSError:
        return False
    finally:
        os.close(number)


def _is_ours(path):
    status = os.lstat(path)
    return stat.S_ISDIR(status.st_mode) and (
        not hasattr(os, "getuid") or status.st_uid == os.getuid())


def _clear_scratch():
    for folder in pathlib.Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = folder / LOCK
            # One without a lock is being made, or being removed.
            if _is_ours(folder) and lock.exists() and _remove_unused(lock):
                shutil.rmtree(folder, ignore_errors=True)


@functools.lru_cache(maxsize=1)
def scratch():
    """The folder of this run, which goes with it. Others may look into it, and read what they are
    let read."""
    _clear_scratch()
    folder = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX))
    # Under another name until it is held: nobody finds it in between. Without locks it is held from
    # the beginning, and could not get another name.
    owner, lock = os.getpid(), _open_locked(folder / (f"{LOCK}.part" if fcntl else LOCK))
    if fcntl:
        os.replace(folder / f"{LOCK}.part", folder / LOCK)

    def remove():
        if os.getpid() == owner:
            lock.close()
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    folder.chmod(0o755)
    return folder


def temporary_folder():
    """A context: a folder for a while."""
    return tempfile.TemporaryDirectory(dir=scratch())


@contextlib.contextmanager
def temporary_file(suffix=""):
    """A file with a name, for a while, which other programs can open meanwhile."""
    number, path = tempfile.mkstemp(dir=scratch(), suffix=suffix)
    try:
        os.close(number)
        with open(path, "w+b") as file:
            yield file
    finally:
        with contextlib.suppress(OSError):
            os.unlink(path)


@contextlib.contextmanager
def whole(path):
    """A file open for bytes that becomes PATH when all is written; if it is not, PATH is what it
    was before. What is no file, such as a pipe, is written to."""
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            yield file
        return
    target = os.path.realpath(path)
    part = f"{target}.part"
    _remove_unused(part)
    opened = _open_locked(part)
    try:
        with opened as file:
            yield file
        if os.path.exists(target):
            shutil.copymode(target, part)
        os.replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def clear_parts(folder, is_ours):
    """Removes what runs that were ended by SIGKILL left of files whose names IS_OURS tells."""
    for path in pathlib.Path(folder).glob("*.part"):
        if is_ours(path.name.removesuffix(".part")):
            _remove_unused(path)
