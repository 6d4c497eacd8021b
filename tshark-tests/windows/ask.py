#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks a tshark all captures, and keeps what it prints: ask.py CAPTURES FIELDS INTO COMMAND...

COMMAND starts tshark, or tshark.exe under Wine. FIELDS has the names of the fields to ask for, one a line. INTO gets a
file for each capture below CAPTURES and question, `protocols`, those that this tshark has, and `seconds`, how long it
took. The captures below CAPTURES/cut, which are cut, are asked one question."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

# All that need no window.
REPORTS = [f"-zmsiccp,{name}" for name in ("calls", "cdr", "counts", "packet_fields", "ports", "ports_json",
                                           "registrations", "registrations_json", "table", "tree", "watch")]
COLUMNS = ["frame.number", "frame.protocols", "_ws.col.Protocol", "_ws.col.Info"]
TIME_LIMIT = 120


def questions(fields):
    """{name: arguments}"""
    # Of a field's values all, and between them what is in none of them.
    shown = ["-Tfields", "-Eaggregator=/s", *(f"-e{name}" for name in COLUMNS + fields)]
    return {"one-pass": [*shown, *REPORTS], "two-pass": ["-2", *shown, *REPORTS], "tree": ["-P", "-Omsiccp"]}


def answer(command, arguments):
    """What it prints, with Linux' ends of lines; what it says besides and that it failed are at the end."""
    try:
        done = subprocess.run([*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return b"!! no answer within %d seconds\n" % TIME_LIMIT
    said = b"".join(b"!! " + line + b"\n" for line in done.stderr.splitlines())
    if done.returncode:
        said += b"!! status %d\n" % done.returncode
    return done.stdout.replace(b"\r\n", b"\n") + said


def main():
    captures, fields, into = map(pathlib.Path, sys.argv[1:4])
    command = sys.argv[4:]
    into.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    lines = answer(command, ["-G", "protocols"]).decode().splitlines()
    (into / "protocols").write_text("".join(sorted(f"{line.split(chr(9))[2]}\n" for line in lines if chr(9) in line)))
    asked = questions(fields.read_text().split())

    def ask(job):
        capture, name, arguments = job
        kept = into / f"{capture.relative_to(captures)}.{name}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(answer(command, ["-n", "-r", str(capture), *arguments]))

    jobs = []
    for capture in sorted(captures.rglob("*.pcap*")):
        of = ["one-pass"] if (captures / "cut") in capture.parents else asked
        jobs += [(capture, name, asked[name]) for name in of]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(ask, jobs):
            pass
    (into / "seconds").write_text(f"{time.monotonic() - started:.0f}\n")


if __name__ == "__main__":
    main()
