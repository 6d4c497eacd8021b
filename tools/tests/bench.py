# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of msiccp-calls: see script/bench-archives."""

import contextlib
import os
import pathlib
import resource
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import many
import media
import tool

CAPTURES, FEW = 5000, 500
ROUNDS, IN_A_ROUND = 3, 300
PAIRS = 100
FOR_A_TSHARK = 10_000      # packets: too large for a sharkd that is kept
LARGE = 2_000_000_000
CALLS = 1_000_000
COMPARED = 200_000, 1_000_000
AHEAD = 3_600_000_400       # us: the clock of the other capture
# Of views that list and do not count, so many rows are asked for.
LISTED = 100
LISTS = ("call_list", "failing_calls", "whole_calls", "worst_streams")


def say(text):
    print(text, flush=True)


def copies(folder, count):
    """COUNT small captures: the short call, at another time and between other hosts in each."""
    frames = media.read(tool.SHORT_CALL)
    for number in range(count):
        network = bytes([10, 100 + number // 250 % 100, number % 250])
        media.write(folder / f"{number:05}.pcap", [
            (when + number * 1_000_000,
             frame.replace(bytes([10, 73, 1, 10]), network + b"\x0a")
             .replace(bytes([10, 73, 1, 20]), network + b"\x14")) for when, frame in frames])
    return len(frames)


def usage():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def timed(function):
    """Seconds by the clock, and of the processors."""
    wall, used = time.monotonic(), usage()
    function()
    return time.monotonic() - wall, usage() - used


def scan(folder, database, *arguments):
    pathlib.Path(database).unlink(missing_ok=True)
    tool.run("scan", folder, "-o", database, *arguments)


def plain_loop(home, files):
    """What the scan does, without it: the same tshark a capture, one after the other."""
    for file in files:
        with open(file, "rb") as capture:
            subprocess.run([tool.TSHARK, "-q", "-n", "-r", "-", "-z", "msiccp,cdr",
                            "-z", "msiccp,ports_json"], stdin=capture,
                           stdout=subprocess.DEVNULL, check=True, cwd="/",
                           env={"PATH": os.environ["PATH"], "HOME": home}, **tool.ordinary_user())


def speed(work):
    folder = work / "some"
    folder.mkdir()
    packets = copies(folder, IN_A_ROUND) * IN_A_ROUND
    files = sorted(folder.iterdir())
    empty = work / "none"
    empty.mkdir()
    rounds = {"loop": [], "one": [], "two": [], "start": []}
    with tool.plugin_home() as home:
        for _ in range(ROUNDS):
            rounds["start"].append(timed(lambda: scan(empty, work / "s.db")))
            rounds["loop"].append(timed(lambda: plain_loop(home, files)))
            rounds["one"].append(timed(lambda: scan(folder, work / "s.db", "--jobs", "1")))
            rounds["two"].append(timed(lambda: scan(folder, work / "s.db", "--jobs", "2")))
    wall = {name: statistics.median(value for value, _ in found) for name, found in rounds.items()}
    used = {name: statistics.median(value for _, value in found) for name, found in rounds.items()}
    say(f"speed, {IN_A_ROUND} captures of {packets // IN_A_ROUND} packets, medians of {ROUNDS} "
        f"rounds; load average {os.getloadavg()[0]:.1f}")
    for name in ("loop", "one", "two"):
        say(f"  {name:5} {wall[name]:7.2f} s, {used[name]:7.2f} s of processors, "
            f"{IN_A_ROUND / wall[name]:6.1f} captures/s, {packets / wall[name]:8.0f} packets/s")
    say(f"  start {wall['start']:7.2f} s, {used['start']:7.2f} s of processors: "
        "once, with no captures")
    each = statistics.median((one[1] - start[1]) / loop[1] for one, start, loop in
                             zip(rounds["one"], rounds["start"], rounds["loop"]))
    say(f"  more processor time than the loop, less the start: {100 * (each - 1):+.1f} %")
    say(f"  two jobs are {wall['one'] / wall['two']:.2f} times as fast as one "
        f"({(wall['one'] - wall['start']) / (wall['two'] - wall['start']):.2f} without the start)")


def compare(work):
    """Two captures of each size, of calls one after the other and of one call, beside two runs of tshark."""
    for make, what in ((long_capture, "calls one after the other"), (media.long_call, "one call")):
        for packets in COMPARED:
            paths = work / "a.pcap", work / "b.pcap"
            for path, offset in zip(paths, (0, AHEAD)):
                count = make(path, offset, packets)
            compare_once(paths, f"compare, two captures of {count} packets, {what}")


def compare_once(paths, what):
    with tool.plugin_home() as home:
        def plain(*arguments):
            for path in paths:
                with open(path, "rb") as capture:
                    subprocess.run([tool.TSHARK, "-q", "-n", "-r", "-", "-z", "msiccp,cdr", *arguments],
                                   stdin=capture, stdout=subprocess.DEVNULL, check=True, cwd="/",
                                   env={"PATH": os.environ["PATH"], "HOME": home}, **tool.ordinary_user())
        alone = timed(plain)
        asked = timed(lambda: plain("-z", ",".join(("msiccp,packet_fields", *asked_fields()))))
    peaks = []
    both = timed(lambda: peaks.append(tool.peak_memory("compare", *paths, "--json", stdout=subprocess.DEVNULL)))
    say(what + ":")
    say(f"  tshark -z msiccp,cdr of both {alone[0]:7.2f} s, {alone[1]:7.2f} s of processors")
    for name, (wall, used), more in (("the same with packet_fields", asked, ""),
                                     ("compare", both, f"; at most {peaks[0]:.0f} MiB")):
        say(f"  {name:28} {wall:7.2f} s, {used:7.2f} s of processors: {wall / alone[0]:.2f} and "
            f"{used / alone[1]:.2f} times{more}")
    say(f"  load average {os.getloadavg()[0]:.1f}")


def asked_fields():
    sys.path.insert(0, str(tool.ROOT / "tools"))
    from msiccp_calls.compare import fields
    return fields.ASKED


def long_capture(path, offset, packets):
    """Calls one after the other, each with an identifier of its own, until there are so many packets."""
    frames = media.read(tool.CALL)
    calls = -(-packets // len(frames))
    identifier = bytes.fromhex(tool.records(tool.CALL)[0]["call_id"].replace("-", ""))
    with media.begin_capture(path) as out:
        for call in range(calls):
            network = bytes([10, 100 + call // 250 % 150, call % 250])
            own = identifier[:-4] + struct.pack(">I", call)
            for when, frame in frames:
                media.write_record(out, when + offset + call * 15_000_000,
                                   frame.replace(bytes([10, 73, 1, 10]), network + b"\x0a")
                                   .replace(bytes([10, 73, 1, 20]), network + b"\x14").replace(identifier, own))
    return calls * len(frames)


def all_usage():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return usage() + own.ru_utime + own.ru_stime


def overhead(work):
    """A plain tshark and what the scan does with a capture, in turns in one process: the machine
    is as fast for one as for the other, whatever else it does."""
    sys.path.insert(0, str(tool.ROOT / "tools"))
    os.environ["MSICCP_PLUGIN"] = str(tool.PLUGIN)
    from msiccp_calls.decode import examine, settings
    from msiccp_calls.store.database import open_database
    folder = work / "pairs"
    folder.mkdir()
    for number in range(PAIRS):
        packets = long_capture(folder / f"{number:05}.pcap", number * 1_000_000, FOR_A_TSHARK)
    defaults = settings.Settings()
    examine.fitness(defaults, None)     # makes the home folder, once a scan
    database = open_database(str(work / "pairs.db"), writable=True)
    plain, reading, storing = [], [], []
    with tool.plugin_home() as home:
        for file in sorted(folder.iterdir()):
            begun = usage()
            plain_loop(home, [file])
            looped, started = usage(), all_usage()
            examined = examine.examine((str(file),), defaults)
            read = all_usage()
            database.store(str(file), examined, defaults.described())
            plain.append(looped - begun)
            reading.append(read - started)
            storing.append(all_usage() - read)
    database.close()
    each = statistics.mean(plain)
    more = statistics.mean(reading) + statistics.mean(storing) - each
    say(f"overhead, {PAIRS} captures of {packets} packets, processor time a capture: tshark alone "
        f"{1000 * each:.1f} ms; scanned {1000 * (each + more):.1f} ms, of which "
        f"{1000 * statistics.mean(storing):.1f} ms to store it: {100 * more / each:+.1f} %; "
        f"load average {os.getloadavg()[0]:.1f}")


def memory(work):
    for count in (FEW, CAPTURES):
        folder = work / f"captures-{count}"
        folder.mkdir()
        copies(folder, count)
        started = time.monotonic()
        peak = tool.peak_memory("scan", folder, "-o", work / f"{count}.db")
        took = time.monotonic() - started
        found = tool.one(work / f"{count}.db", "SELECT count(*) FROM calls")
        say(f"memory, {count} captures: {peak:.0f} MiB, {found} calls, {took:.0f} s")
        peak = tool.peak_memory("scan", folder, "-o", work / f"{count}.db")
        say(f"memory, the same again, all unchanged: {peak:.0f} MiB")
        shutil.rmtree(folder)


def large_capture(path):
    """Calls between many hosts, one after the other, until the capture is large."""
    frames = media.read(tool.CALL)
    size = calls = packets = 0
    with open(path, "wb") as out:
        size += out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while size < LARGE:
            network = bytes([10, 100 + calls // 250 % 150, calls % 250])
            for when, frame in frames:
                data = (frame.replace(bytes([10, 73, 1, 10]), network + b"\x0a")
                        .replace(bytes([10, 73, 1, 20]), network + b"\x14"))
                size += out.write(struct.pack(
                    "<IIII", *divmod(when + calls * 15_000_000, 1_000_000), len(data), len(data)))
                size += out.write(data)
            calls += 1
            packets += len(frames)
    return calls, packets


def large(work):
    folder = work / "large"
    folder.mkdir()
    calls, packets = large_capture(folder / "large.pcap")
    started = time.monotonic()
    peak = tool.peak_memory("scan", folder, "-o", work / "large.db", "--jobs", "1")
    took = time.monotonic() - started
    found = tool.one(work / "large.db", "SELECT count(*) FROM calls")
    say(f"large, {(folder / 'large.pcap').stat().st_size / 1e9:.2f} GB, {packets} packets, "
        f"{calls} calls of which {found} have rows: {took:.0f} s, {packets / took:.0f} packets/s, "
        f"{peak:.0f} MiB")
    shutil.rmtree(folder)


def views(work):
    database = work / "many.db"
    started = time.monotonic()
    many.make(database, CALLS)
    say(f"views, {CALLS} calls stored in {time.monotonic() - started:.0f} s, "
        f"{database.stat().st_size / 1e6:.0f} MB")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
        for name in names:
            started = time.monotonic()
            limit = f" LIMIT {LISTED}" if name in LISTS else ""
            rows = connection.execute(f"SELECT * FROM {name}{limit}").fetchall()
            say(f"  {name:24} {time.monotonic() - started:6.3f} s, {len(rows)} rows")
    for kind in ((), ("--html", work / "many.html")):
        took, _used = timed(lambda: tool.run("report", database, *kind))
        say(f"  report {' '.join(map(str, kind[:1])):17} {took:6.3f} s")


def main():
    parts = {"speed": speed, "overhead": overhead, "memory": memory, "large": large, "views": views,
             "compare": compare}
    wanted = sys.argv[1:] or list(parts)
    if set(wanted) - set(parts):
        sys.exit(f"no such part; there are: {' '.join(parts)}")
    with tempfile.TemporaryDirectory(prefix="msiccp-bench-") as folder:
        os.chmod(folder, 0o755)
        for name in wanted:
            parts[name](pathlib.Path(folder))


main()
