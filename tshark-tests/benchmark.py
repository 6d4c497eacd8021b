"""What the plugin and its statistics cost on a capture that is all calls.

Makes a capture of many calls side by side out of a recorded one, and lets tshark read it without
the plugin, with it, and with its statistics; every round runs each of them once, and ratios are
taken within a round. Prints medians. Takes some minutes. See script/benchmark.
"""

import argparse
import os
import statistics
import subprocess
import sys

from support import files, tshark

sys.path.append(str(files.CAPTURES))
import wire  # noqa: E402

from support import edited  # noqa: E402
from support.traffic import write  # noqa: E402

RECORDED = "h323-separate-h245-1731.pcap"
CALLER = bytes([10, 73, 1, 10])
CALLEE = bytes([10, 73, 1, 20])
PACKETS_PER_CALL = 542
CALL_SPACING = 0.01  # seconds between the starts of two calls

MEDIAN_ROUNDS = 5


def recorded_frames():
    """The frames of the recording, less the RTP that is too much."""
    frames = edited.read(RECORDED)
    rtp = set(tshark.frames(RECORDED, "rtp"))
    surplus = len(frames) - PACKETS_PER_CALL
    dropped = set(sorted(rtp)[-surplus:]) if surplus > 0 else set()
    return [frame for number, frame in enumerate(frames, 1) if number not in dropped]


def moved(data, call):
    """The frame between other hosts. Addresses in PER are four whole bytes, as in IP's header."""
    network = bytes([10, 100 + call // 250, call % 250])
    return data.replace(CALLER, network + b"\x0a").replace(CALLEE, network + b"\x14")


def frames_of_calls(calls):
    start = recorded_frames()
    return wire.by_time([
        wire.Frame(frame.time + int(call * CALL_SPACING * wire.SECOND), moved(frame.data, call))
        for call in range(calls) for frame in start])


def measure(world, args, capture):
    """User time in seconds and peak memory in bytes of one tshark."""
    process = subprocess.Popen(
        [*tshark.AS_ORDINARY_USER, tshark.TSHARK, "-n", "-r", capture, *args], env=world.environment(world.home),
        cwd=world.home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"tshark {' '.join(args)} ended with status {process.returncode}")
    return usage.ru_utime, usage.ru_maxrss * 1024


# name, world, arguments, what it is compared with
VARIANTS = [
    ("stock, packet list", tshark.stock, [], None),
    ("plugin, packet list", tshark.plugin, [], "stock, packet list"),
    ("with msiccp,cdr", tshark.plugin, ["-z", "msiccp,cdr"], "plugin, packet list"),
    ("with msiccp,calls", tshark.plugin, ["-z", "msiccp,calls"], "plugin, packet list"),
    ("with msiccp,tree", tshark.plugin, ["-z", "msiccp,tree"], "plugin, packet list"),
    ("stock, -q rtp,streams", tshark.stock, ["-q", "-z", "rtp,streams"], None),
    ("plugin, -q rtp,streams", tshark.plugin, ["-q", "-z", "rtp,streams"], "stock, -q rtp,streams"),
    ("plugin, -q msiccp,cdr", tshark.plugin, ["-q", "-z", "msiccp,cdr"], "stock, -q rtp,streams"),
]


def report(rounds, calls):
    print(f"{'tshark':24} {'user s':>8} {'MiB':>8} {'time':>8} {'bytes a call':>13}  compared with")
    for name, _world, _args, base in VARIANTS:
        seconds = statistics.median(one[name][0] for one in rounds)
        memory = statistics.median(one[name][1] for one in rounds)
        line = f"{name:24} {seconds:8.2f} {memory / 2**20:8.1f}"
        if base:
            ratio = statistics.median(one[name][0] / one[base][0] for one in rounds)
            more = statistics.median(one[name][1] - one[base][1] for one in rounds) / calls
            line += f" {100 * (ratio - 1):+7.1f}% {more:13.0f}  {base}"
        print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=MEDIAN_ROUNDS)
    options = parser.parse_args()

    frames = frames_of_calls(options.calls)
    path = write(frames, "calls.pcap")
    found = tshark.run(["-q", "-z", "msiccp,cdr"], path).count("\n")
    print(f"{len(frames)} packets, {options.calls} calls, of which {found} have a record; "
          f"{options.rounds} rounds")
    rounds = [{name: measure(world, args, str(path)) for name, world, args, _base in VARIANTS}
              for _ in range(options.rounds)]
    report(rounds, options.calls)


if __name__ == "__main__":
    main()
