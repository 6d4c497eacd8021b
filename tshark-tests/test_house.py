# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's wings: who includes whom, and how large rooms and functions may become (ARCHITECTURE.md)."""

import re
import subprocess

import pytest

from support import files

PLUGIN = files.ROOT / "plugin"

# A wing, and those that its files may include, besides their own.
MAY_INCLUDE = {
    "common": set(),
    "readers": {"common"},
    "session": {"common", "readers"},
    "media": {"common", "readers", "session"},
    "identify": {"common", "readers", "session"},
    "show": {"common", "readers", "session", "media"},
    "taps": {"common", "readers", "session", "media"},
    "follow": {"common", "readers", "session", "media", "identify", "show", "taps"},
    "report": {"common", "readers", "session", "media", "taps"},
}

# What the door may include: one header a wing.
DOOR = ["common/ports.h", "common/protocol.h", "readers/readers.h", "session/session.h", "media/media.h",
        "identify/identify.h", "show/show.h", "taps/taps.h", "follow/follow.h", "report/report.h"]

LINES_OF_FILE = 600
LINES_OF_FUNCTION = 60

# What only the wings that are not the session's may know: bytes, trees and columns.
NOT_IN_SESSION = re.compile(r"\btvb(uff)?_|\btvbuff_t\b|\bproto_(tree|item)\b|\bcol_\w+\(")

SOURCES = sorted(PLUGIN.glob("*/*.[ch]"))
NAMES = [str(path.relative_to(PLUGIN)) for path in SOURCES]


def included(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE)


def functions(path):
    """(name, number of lines) of each function of a file in the project's format."""
    name, begin = None, 0
    for number, line in enumerate(path.read_text().splitlines()):
        match = re.match(r"(\w+)\(", line)
        if match:
            name, begin = match[1], number
        elif line == "}" and name:
            yield name, number - begin + 1
            name = None


def test_wings():
    assert {path.name for path in PLUGIN.iterdir() if path.is_dir()} == set(MAY_INCLUDE)


@pytest.mark.parametrize("name", NAMES)
def test_includes_run_downwards(name):
    wing = name.split("/")[0]
    allowed = MAY_INCLUDE[wing] | {wing}
    wrong = [line for line in included(PLUGIN / name) if line.split("/")[0] not in allowed]
    assert wrong == [], f"{name} may include {sorted(allowed)} only"


def test_the_door_includes_one_header_a_wing():
    assert included(files.ROOT / "packet-msiccp.c") == ["packet-msiccp.h", *DOOR]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("session/")])
def test_the_session_knows_no_bytes(name):
    code = re.sub(r"/\*.*?\*/", "", (PLUGIN / name).read_text(), flags=re.DOTALL)
    assert NOT_IN_SESSION.findall(code) == []


def reached_from(room, rooms):
    """All rooms that this one asks, and those ask, and so on; a room is a .c and its .h."""
    reached, waiting = set(), [room]
    while waiting:
        new = rooms[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


@pytest.mark.parametrize("wing", ["common", "follow", "media", "show"])
def test_rooms_ask_one_another_in_one_direction(wing):
    """The rooms of the other wings still have circles; none may come to these."""
    rooms = {}
    for path in (PLUGIN / wing).glob("*.[ch]"):
        rooms.setdefault(path.stem, set()).update(
            name.split("/")[1][:-2] for name in included(path) if name.startswith(f"{wing}/"))
    rooms = {room: asked - {room} for room, asked in rooms.items()}
    assert [room for room in rooms if room in reached_from(room, rooms)] == []


@pytest.mark.parametrize("name", ["media"])
def test_streams_are_set_up_in_one_wing(name):
    callers = {path.parent.name for path in SOURCES
               if re.search(r"\brtc?p_add_address\(", path.read_text())}
    assert callers == {name}


@pytest.mark.parametrize("path", [files.ROOT / "packet-msiccp.c", *SOURCES],
                         ids=["packet-msiccp.c", *NAMES])
def test_functions_are_short(path):
    """Those that register have a row for each field, preference or column, and nothing else."""
    long = {function: lines for function, lines in functions(path)
            if lines > LINES_OF_FUNCTION and "register" not in function}
    assert long == {}


FOLDERS = (".ci", "codecs", "packaging", "plugin", "script", "test-captures", "tools", "tshark-tests")


def written_by_hand():
    """All that is written by hand and run: a room, a script, a generator, a test."""
    yield files.ROOT / "packet-msiccp.c"
    for folder in FOLDERS:
        for path in (files.ROOT / folder).rglob("*"):
            if path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts) and (
                    path.suffix in (".c", ".h", ".py", ".sh") or path.read_bytes()[:2] == b"#!"):
                yield path


def test_files_are_small():
    large = {str(path.relative_to(files.ROOT)): len(path.read_bytes().splitlines()) for path in written_by_hand()}
    assert {name: lines for name, lines in large.items() if lines > LINES_OF_FILE} == {}


LICENCE = "SPDX-License-Identifier: GPL-2.0-or-later"


def test_every_source_names_its_licence():
    assert [str(path.relative_to(files.ROOT)) for path in written_by_hand()
            if path.stat().st_size and LICENCE not in path.read_text(encoding="utf-8")] == []


PLANTED = sorted((files.ROOT / "tshark-tests" / "fuzz" / "planted").glob("*.patch"))


@pytest.mark.parametrize("patch", PLANTED, ids=lambda path: path.stem)
def test_planted_faults_fit_the_sources(patch):
    """script/fuzz-planted puts them in."""
    done = subprocess.run(["patch", "--dry-run", "-s", "-p1", "-d", files.ROOT, "-i", patch], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout
