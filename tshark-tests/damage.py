#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Damages captures and decodes them, as Wireshark's own tools/fuzz-test.sh does.

    tshark-tests/damage.py [--seconds N] [--seed N] [--keep FOLDER] [CAPTURE...]

Each round damages every capture (all of test-captures/ unless some are named) with editcap: every
byte with a chance of 2 in 100, in every other round only behind the headers of TCP. Each damaged
capture is decoded in several ways. It is a failure if tshark crashes, takes too long or too much
memory, says anything on stderr, or meets a dissector bug, unless it does so without the plugin
too: that is noted and goes on. The capture of a failure is kept, and the same seed makes it again.

MSICCP_TSHARK, MSICCP_PLUGIN and MSICCP_PRELOAD are those of the tests.
"""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from support import files, tshark

WAYS = [
    ("-V", "-x"),
    (),
    ("-2", "-V"),
    ("-2", "-q", "-z", "msiccp,cdr", "-z", "msiccp,ports", "-z", "msiccp,packet_fields,tcp.payload",
     "-o", "tcp.reassemble_out_of_order:TRUE"),
]
CHANCE = "0.02"
HEADERS = "54"      # bytes of Ethernet, IP and TCP
CPU_SECONDS = 60
MEMORY = 4 << 30    # bytes; a sanitizer takes addresses without end, so it has no limit


def limits():
    asked = ["prlimit", f"--cpu={CPU_SECONDS}"]
    return asked if os.environ.get("MSICCP_PRELOAD") else [*asked, f"--as={MEMORY}"]


def complaint(world, capture, way):
    """What is wrong with the decoding of the capture in this way: None if nothing is."""
    options = list(way)
    while not world.plugin and "-z" in options:
        at = options.index("-z")
        del options[at:at + 2]
    try:
        done = world.start([*limits(), tshark.TSHARK, "-n", *options, "-r", capture])
    except subprocess.TimeoutExpired:
        return f"took more than {tshark.TIME_LIMIT} s"
    if done.returncode != 0:
        return f"exit status {done.returncode}\n{done.stderr[-4000:]}"
    if done.stderr:
        return f"on stderr:\n{done.stderr[-4000:]}"
    if "Dissector bug" in done.stdout:
        return next(line for line in done.stdout.splitlines() if "Dissector bug" in line)
    return None


def damage(capture, seed, behind_headers):
    target = files.scratch("damage-") / capture.name
    skip = ["-o", HEADERS] if behind_headers else []
    done = subprocess.run([*tshark.AS_ORDINARY_USER, "editcap", "-F", "pcap", "-E", CHANCE, *skip, "--seed", str(seed),
                           files.readable(capture), target], env=tshark.stock.environment(tshark.stock.home), check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=tshark.TIME_LIMIT)
    if done.returncode != 0:
        sys.exit(f"editcap failed on {capture.name}:\n{done.stderr}")
    return target


def damage_one(capture, seed, behind_headers, keep):
    """Returns the complaints of ours and those of stock Wireshark, each with a kept capture."""
    damaged = damage(capture, seed, behind_headers)
    ours, theirs = [], []
    for way in WAYS:
        wrong = complaint(tshark.plugin, damaged, way)
        if not wrong:
            continue
        kept = keep / f"seed-{seed}-{capture.name}"
        shutil.copyfile(damaged, kept)
        report = f"tshark -n {' '.join(way)} -r {kept}\n{wrong}\n"
        (theirs if complaint(tshark.stock, damaged, way) else ours).append(report)
    shutil.rmtree(damaged.parent)
    return ours, theirs


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=60, help="no new round after these (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the first round (1)")
    parser.add_argument("--keep", type=pathlib.Path, help="where captures of failures go")
    parser.add_argument("captures", type=pathlib.Path, nargs="*")
    asked = parser.parse_args()

    if "msiccp" not in tshark.run(["-G", "plugins"]):
        sys.exit(f"tshark did not load {tshark.PLUGIN}.")
    keep = asked.keep or pathlib.Path(tempfile.mkdtemp(prefix="msiccp-damage-"))
    keep.mkdir(parents=True, exist_ok=True)
    captures = [path.resolve() for path in asked.captures] or files.captures("diagnosis/*") + files.captures()
    until = time.monotonic() + asked.seconds
    decoded, ours, theirs = 0, [], []

    def one(job):
        if time.monotonic() > until:
            return None
        capture, seed = job
        return damage_one(capture, seed, seed % 2 == 0, keep)

    seed = asked.seed
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        while time.monotonic() < until and not ours:
            for found in workers.map(one, [(capture, seed) for capture in captures]):
                if found:
                    decoded += 1
                    ours += found[0]
                    theirs += found[1]
            seed += 1

    for report in theirs:
        print(f"Without the plugin too: {report}")
    for report in ours:
        print(f"Failed: {report}", file=sys.stderr)
    print(f"{decoded} damaged captures, seeds {asked.seed} to {seed - 1}, each decoded in "
          f"{len(WAYS)} ways: {len(ours)} failures, {len(theirs)} of Wireshark's own")
    if not any(keep.iterdir()):
        keep.rmdir()
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
