# SPDX-License-Identifier: GPL-2.0-or-later
"""Every capture as a stream that comes at its own speed, or faster: what `msiccp-calls watch` tells of its
calls is what an offline decode tells, field for field.

    /usr/bin/python3 tools/tests/replay_all.py [--speed 10] [--longest 60] [--memory 1] [--jobs 4]

Prints what differs, and counts. --memory 1 renews the decoder every ten seconds; captures that would take more than
LONGEST seconds are left out, and named. It takes minutes, most of which are waited.
"""

import argparse
import concurrent.futures
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import test_watch  # noqa: E402
import tool  # noqa: E402


def captures():
    return [path for pattern in ("*.pcap", "diagnosis/*.pcap", "pairs/*.pcap", "foreign/*.pcap")
            for path in sorted(tool.CAPTURES.glob(pattern))]


def seconds_of(capture):
    times = [when for when, _packet in test_watch.packets_of(capture)[1]]
    return max(times) - min(times) if times else 0


def difference(capture, speed, memory):
    """What is wrong, in words; None: nothing."""
    more = ["--memory", str(memory)] if memory else []
    try:
        with test_watch.watched("-", *more, stdin=subprocess.PIPE) as watch:
            test_watch.play(capture, watch.process.stdin.buffer, speed)
            watch.process.stdin.close()
            watch.end(None)
            if watch.messages:
                return f"says {watch.messages}"
            if watch.records() != test_watch.offline(capture):
                return f"tells {watch.records()} instead of {test_watch.offline(capture)}"
    except (AssertionError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", type=float, default=1)
    parser.add_argument("--longest", type=float, default=60)
    parser.add_argument("--memory", type=int)
    parser.add_argument("--jobs", type=int, default=4)
    options = parser.parse_args()
    took = {capture: seconds_of(capture) / options.speed for capture in captures()}
    asked = [capture for capture, seconds in took.items() if seconds <= options.longest]
    for capture in sorted(set(took) - set(asked)):
        print(f"left out, {took[capture]:.0f} s: {capture.name}")
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        found = pool.map(lambda capture: difference(capture, options.speed, options.memory), asked)
        for number, (capture, text) in enumerate(zip(asked, found), 1):
            wrong += text is not None
            if text:
                print(f"{capture.name}: {text[:1000]}")
            print(f"\r{number} of {len(asked)}", end="", file=sys.stderr, flush=True)
    print(f"{len(asked)} captures at {options.speed:g} times their own speed: {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
