#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what two tsharks answered to ask.py, octet for octet: compare.py LINUX WINDOWS

For each answer that differs it prints the first line that does. A capture with a protocol that this tshark.exe was built
without is told by that protocol, and is no failure: what Linux finds in its frames is looked up in what the two say that
they have."""

import itertools
import pathlib
import sys


def answers(folder):
    """{name: what was printed}"""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.pcap*") if path.is_file()}


def first_difference(here, there):
    for number, (ours, theirs) in enumerate(itertools.zip_longest(here.split(b"\n"), there.split(b"\n")), 1):
        if ours != theirs:
            return number, ours, theirs
    raise AssertionError("they are the same")


def around(line, other):
    """LINE, if it is long from a bit before where it differs from the OTHER."""
    if line is None:
        return "(nothing more)"
    same = next((at for at, (one, two) in enumerate(zip(line, other or b"")) if one != two), 0)
    begin = max(0, same - 60)
    return ("…" if begin else "") + line[begin:begin + 160].decode(errors="backslashreplace")


def protocols_of(answer):
    """Those of its frames: the second column of what is shown of each."""
    columns = (line.split(b"\t") for line in answer.split(b"\n"))
    return {name for column in columns if len(column) > 3 for name in column[1].decode().split(":")}


def lacking(linux, windows):
    have = {side: set((side / "protocols").read_text().split()) for side in (linux, windows)}
    return have[linux] - have[windows]


def main():
    linux, windows = map(pathlib.Path, sys.argv[1:])
    ours, theirs = answers(linux), answers(windows)
    if not ours or ours.keys() != theirs.keys():
        sys.exit(f"compare.py: the two were not asked the same: {sorted(ours.keys() ^ theirs.keys())[:5]}")
    without = lacking(linux, windows)
    failed, excused = [], []
    for name in sorted(ours):
        if ours[name] == theirs[name]:
            continue
        number, here, there = first_difference(ours[name], theirs[name])
        capture = name.rpartition(".")[0]
        needs = sorted(protocols_of(ours[f"{capture}.one-pass"]) & without)
        (excused if needs else failed).append(name)
        print(f"{name}: " + (f"not built with {', '.join(needs)}; " if needs else "") + f"line {number}\n"
              f"    Linux:   {around(here, there)}\n    Windows: {around(there, here)}")
    seconds = [(side / "seconds").read_text().strip() for side in (linux, windows)]
    captures = {name.rpartition(".")[0] for name in ours}
    cut = sum(name.startswith("cut/") for name in captures)
    print(f"{len(ours)} answers about {len(captures) - cut} captures and {cut} cut ones: "
          f"{len(ours) - len(failed) - len(excused)} the same, {len(failed)} differ, "
          f"{len(excused)} of dissectors that are not there; {seconds[0]} s on Linux, {seconds[1]} s under Wine")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
