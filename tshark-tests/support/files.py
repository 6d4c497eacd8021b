# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the project's files are, and files where tshark can read and write them.

Started as root, Wireshark runs as `nobody`, who may not enter the project's folder.
"""

import atexit
import functools
import os
import pathlib
import re
import shutil
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CAPTURES = ROOT / "test-captures"
AS_ROOT = os.geteuid() == 0
SMALL = 1 << 20     # octets


def project_version():
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"set\(MSICCP_VERSION ([0-9.]+)\)", text)[1]


def hand_over(path):
    """Gives PATH to the user that tshark runs as."""
    if AS_ROOT:
        shutil.chown(path, "nobody", "nogroup")


@functools.lru_cache(maxsize=None)
def _scratch_root():
    path = pathlib.Path(tempfile.mkdtemp(prefix="msiccp-test-"))
    path.chmod(0o755)
    hand_over(path)
    owner = os.getpid()

    def remove():
        if os.getpid() == owner:
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(remove)
    return path


def scratch(prefix="scratch-"):
    """A new folder that tshark can write to, removed at the end of the tests."""
    path = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=_scratch_root()))
    path.chmod(0o755)
    hand_over(path)
    return path


def captures(pattern="*.pcap*"):
    """Every capture of test-captures/, or those whose names match PATTERN."""
    return sorted(p for p in CAPTURES.glob(pattern) if p.suffix in (".pcap", ".pcapng"))


def some_captures():
    """Every fourth: for what is asked of a way to look at captures, whatever is in them."""
    return captures()[::4]


@functools.lru_cache(maxsize=None)
def _copied(path, _mtime, _size):
    target = scratch("capture-") / path.name
    shutil.copyfile(path, target)
    target.chmod(0o644)
    return target


def _path_of(capture):
    path = pathlib.Path(capture)
    if not path.is_absolute() and not path.exists():
        path = CAPTURES / path
    return path.resolve()


def is_small(capture):
    """To start tshark takes longer than to read it, as it does of all of test-captures/."""
    return _path_of(capture).stat().st_size < SMALL


def readable(capture):
    """CAPTURE, a path or the name of a file in test-captures/, where tshark can read it."""
    path = _path_of(capture)
    if not AS_ROOT or _scratch_root() in path.parents:
        return str(path)
    status = path.stat()
    return str(_copied(path, status.st_mtime_ns, status.st_size))
