# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs beside stock Wireshark, and beside a Lua script that does the same job.

Three parts, all of them unless some are named:

  instructions  counted by callgrind, with Wireshark's random numbers pinned. What starting up takes
                is counted with an empty capture and left out. The same on any machine with the same
                packages, however busy.
  time          user and system time, the programs in turn in every round. Only to be believed on a machine
                that does nothing else.
  memory        bytes a call, counted by dhat, with every allocation of Wireshark's a real one; and
                where in the plugin they are allocated.

See script/bench and docs/PERFORMANCE.md.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import functools
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

import captures
from support import files, tshark

HERE = pathlib.Path(__file__).parent
PARTS = ("instructions", "time", "memory")
SHARKD = "sharkd"


@dataclasses.dataclass(frozen=True)
class Program:
    """A tshark, or sharkd, as it is run: with the plugin, without, or with the Lua peer."""

    name: str
    world: tshark.World
    arguments: tuple = ()


STOCK = Program("stock", tshark.stock)
PLUGIN = Program("plugin", tshark.plugin)
RTP_STREAMS = Program("stock", tshark.stock, ("-q", "-z", "rtp,streams"))
CDR = Program("plugin", tshark.plugin, ("-q", "-z", "msiccp,cdr"))


@functools.cache
def lua():
    script = files.scratch("lua-") / "peer.lua"
    shutil.copyfile(HERE / "peer.lua", script)
    script.chmod(0o644)
    return Program("Lua", tshark.stock, ("-X", f"lua_script:{script}"))


@functools.cache
def folder():
    return files.scratch("bench-")


def made(name, write, *arguments):
    """The capture NAME, made with write(path, *arguments) unless it is there: (path, packets)."""
    return _made(name, write, arguments)


@functools.cache
def _made(name, write, arguments):
    progress(f"making {name}")
    path = folder() / f"{name}.pcap"
    return path, write(path, *arguments)


def calls(count, packets):
    letter = "R" if packets == captures.RICH else "P"
    return made(f"{letter}-{count}", captures.write_calls, count, packets)


def empty():
    return made("empty", captures.write_capture, ())


def progress(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


# ---- running a program on a capture

def command_of(program, capture, mode):
    """(command, what it is told on its standard input). MODE is "", "-2" or SHARKD."""
    if mode != SHARKD:
        passes = [mode] if mode else []
        return [tshark.TSHARK, "-n", *program.arguments, *passes, "-r", str(capture)], ""
    requests = [("load", {"file": str(capture)}), ("frames", None), ("bye", None)]
    return [tshark.SHARKD, "-"], tshark.sharkd_input(requests)


def run(program, capture, mode="", under=(), environment=None):
    """Runs it and returns (what it said on stderr, its resources)."""
    command, said = command_of(program, capture, mode)
    return run_command(program.world, [*under, *command], said, environment)


def run_command(world, command, said="", environment=None):
    """The same of a command that is told SAID on its standard input."""
    process = subprocess.Popen(
        [*tshark.AS_ORDINARY_USER, *command], env=world.environment(world.home) | (environment or {}), cwd=world.home,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    process.stdin.write(said)
    process.stdin.close()
    messages = process.stderr.read()
    process.stderr.close()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}:\n{messages}")
    return messages, usage


# ---- instructions

@functools.cache
def pinned_seed():
    library = folder() / "pinned_seed.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, HERE / "pinned_seed.c"], check=True)
    library.chmod(0o755)
    return str(library)


def instructions(program, capture, mode):
    under = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    messages, _usage = run(program, capture, mode, under, {"LD_PRELOAD": pinned_seed()})
    return int(re.search(r"Collected : (\d+)", messages)[1])


# name, capture, programs, modes. The small ones: callgrind is some sixty times slower.
COUNTED = [
    ("P, 50 calls", lambda: calls(50, captures.POOR), ("plugin", "Lua"), ("", "-2", SHARKD)),
    ("P, 500 calls", lambda: calls(500, captures.POOR), ("plugin",), ("",)),
    ("R, 50 calls", lambda: calls(50, captures.RICH), ("plugin", "Lua"), ("",)),
    ("R, 500 calls", lambda: calls(500, captures.RICH), ("plugin",), ("",)),
    ("unrelated", lambda: made("unrelated-40", captures.write_unrelated, 40),
     ("plugin", "Lua"), ("", "-2", SHARKD)),
    ("unrelated, one call", lambda: made("one-call-40", captures.write_unrelated, 40, True),
     ("plugin", "Lua"), ("",)),
    ("1,000 SETUPs", lambda: made("setups-1000", captures.write_setups, 1000), ("plugin",), ("",)),
    ("1,000 references", lambda: made("references-1000", captures.write_references, 1000),
     ("plugin",), ("",)),
    ("1,000 busy calls", lambda: made("busy-1000", captures.write_busy, 1000), ("plugin",), ("",)),
    ("one call, 20,000 packets", lambda: made("long-20000", captures.write_long_call, 20000),
     ("plugin",), ("",)),
]
SUMMARIES = ("P, 50 calls", "cdr / rtp,streams")


def counted_program(name):
    return {"plugin": PLUGIN, "stock": STOCK, "Lua": lua()}[name]


def instruction_jobs(is_asked=lambda row, mode, name: True):
    """{(row, mode, program's name): (program, capture)} of those that are asked for, and those of starting up."""
    jobs = {}
    for row, capture, programs, modes in COUNTED:
        for mode in modes:
            for name in ("stock", *programs):
                if (mode == SHARKD and name == "Lua") or not is_asked(row, mode, name):
                    continue
                program = counted_program(name)
                jobs[row, mode, name] = program, capture()[0]
                jobs["start-up", mode, name] = program, empty()[0]
    path = calls(50, captures.POOR)[0]
    for program in (RTP_STREAMS, CDR):
        jobs[SUMMARIES[1], "", program.name] = program, path
        jobs["start-up", "summary", program.name] = program, empty()[0]
    return jobs


def in_parallel(what, jobs):
    """{key: result} of {key: a function that takes nothing}, as many at once as there are processors."""
    pinned_seed()
    for world in (tshark.stock, tshark.plugin):
        world.home  # made before there are threads
    results = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {pool.submit(job): key for key, job in jobs.items()}
        for future in concurrent.futures.as_completed(futures):
            key = futures[future]
            results[key] = future.result()
            progress(f"{what} {len(results)} of {len(jobs)}: {' '.join(str(part) for part in key if part)}")
    return results


def measure_instructions(jobs):
    return in_parallel("counted", {
        key: functools.partial(instructions, program, path, key[1] if key[1] != "summary" else "")
        for key, (program, path) in jobs.items()})


def net(counts, row, mode, name):
    start_up = "summary" if row == SUMMARIES[1] else mode
    return counts[row, mode, name] - counts["start-up", start_up, name]


# Checked against tshark-tests/bench/recorded.tsv, by row and mode.
CHECKED = [
    ("P, 50 calls", ""),
    ("P, 50 calls", "-2"),
    ("P, 50 calls", SHARKD),
    (SUMMARIES[1], ""),
    ("R, 50 calls", ""),
    ("unrelated", ""),
    ("unrelated, one call", ""),
    ("1,000 SETUPs", ""),
    ("1,000 references", ""),
    ("1,000 busy calls", ""),
]
RECORDED = HERE / "recorded.tsv"
# Of what the plugin adds to stock's instructions, and what comes from where things lie in memory.
TOLERANCE, CHANCE = 0.1, 0.0005


def label(row, mode):
    return f"{row}, {mode}" if mode else row


def ratios():
    """{label: the plugin's instructions over stock's} of what is checked."""
    counts = measure_instructions(instruction_jobs(
        lambda row, mode, name: (row, mode) in CHECKED and name != "Lua"))
    return {label(row, mode): net(counts, row, mode, "plugin") / net(counts, row, mode, "stock")
            for row, mode in CHECKED}


def check(record):
    """Compares the ratios of instructions with the recorded ones, or records them."""
    measured = ratios()
    if record:
        RECORDED.write_text("".join(f"{row}\t{ratio:.4f}\n" for row, ratio in measured.items()))
    recorded = {row: float(ratio) for row, ratio in (line.split("\t") for line in RECORDED.read_text().splitlines())}
    too_many = []
    for row, ratio in measured.items():
        most = recorded[row] + TOLERANCE * (recorded[row] - 1) + CHANCE
        print(f"{row:24} {ratio:.4f} times stock's instructions, recorded are {recorded[row]:.4f}, at most {most:.4f}")
        if ratio > most:
            too_many.append(row)
    if too_many:
        sys.exit(f"more than is recorded, and a tenth of what that is over stock's: {'; '.join(too_many)}. If that "
                 f"has to be, record it anew with 'script/bench --record' and say why.")


def report_instructions(counts):
    print(f"{'instructions, start-up left out':32} {'packets':>8} {'stock':>14} {'plugin':>8} {'Lua':>8}")
    rows = [(row, mode, capture()[1]) for row, capture, _programs, modes in COUNTED for mode in modes]
    rows.insert(3, (SUMMARIES[1], "", calls(50, captures.POOR)[1]))
    for row, mode, packets in rows:
        stock = net(counts, row, mode, "stock")
        line = f"{label(row, mode):32} {packets:8,} {stock:14,}"
        for name in ("plugin", "Lua"):
            known = (row, mode, name) in counts
            line += f" {net(counts, row, mode, name) / stock:8.4f}" if known else f" {'':8}"
        print(line)
    plugin, stock = (counts["start-up", "", name] for name in ("plugin", "stock"))
    print(f"{'starting up':32} {0:8} {stock:14,} {plugin / stock:8.4f}")


# ---- time

# Stock Wireshark, the plugin, and the Lua peer where its time is told as well.
TIMED = [
    ("P, 500 calls", lambda: calls(500, captures.POOR), "", (STOCK, PLUGIN, lua)),
    ("P, 500 calls", lambda: calls(500, captures.POOR), "-2", (STOCK, PLUGIN)),
    ("P, 500 calls", lambda: calls(500, captures.POOR), SHARKD, (STOCK, PLUGIN)),
    ("P, 500 calls, cdr / rtp,streams", lambda: calls(500, captures.POOR), "", (RTP_STREAMS, CDR)),
    ("P, 4,000 calls", lambda: calls(4000, captures.POOR), "", (STOCK, PLUGIN)),
    ("R, 500 calls", lambda: calls(500, captures.RICH), "", (STOCK, PLUGIN, lua)),
    ("R, 4,000 calls", lambda: calls(4000, captures.RICH), "", (STOCK, PLUGIN)),
    ("unrelated", lambda: made("unrelated-600", captures.write_unrelated, 600), "",
     (STOCK, PLUGIN, lua)),
    ("unrelated, one call", lambda: made("one-call-600", captures.write_unrelated, 600, True), "",
     (STOCK, PLUGIN)),
    ("one call, 1,000,000 packets", lambda: made("long-1000000", captures.write_long_call, 1_000_000),
     "", (STOCK, PLUGIN)),
    ("100,000 SETUPs", lambda: made("setups-100000", captures.write_setups, 100_000), "",
     (STOCK, PLUGIN)),
    ("30,000 references", lambda: made("references-30000", captures.write_references, 30_000), "",
     (STOCK, PLUGIN)),
]


def seconds_of(usage):
    """Of a processor. Linux tells only the sum of the two exactly: which is which it sees by sampling."""
    return usage.ru_utime + usage.ru_stime


def measure_times(rounds):
    """{(row, mode): (packets, [{program's name: seconds}, one of each round])}"""
    times = {}
    for row, capture, mode, programs in TIMED:
        path, packets = capture()
        programs = [one() if callable(one) else one for one in programs]
        taken = []
        for number in range(rounds):
            progress(f"{row} {mode}: round {number + 1} of {rounds}".replace(" :", ":"))
            # Who goes first alternates.
            order = programs if number % 2 == 0 else programs[::-1]
            taken.append({one.name: seconds_of(run(one, path, mode)[1]) for one in order})
        times[row, mode] = packets, taken
    return times


def median_seconds(taken, name):
    return statistics.median(seconds[name] for seconds in taken)


def report_times(times):
    print(f"{'user and system time':36} {'packets':>9} {'stock s':>8} {'plugin s':>8} {'ratio: median':>14} "
          f"{'least':>6} {'most':>6} {'Lua':>6}")
    for (row, mode), (packets, taken) in times.items():
        ratios = [seconds["plugin"] / seconds["stock"] for seconds in taken]
        stock, plugin = (median_seconds(taken, name) for name in ("stock", "plugin"))
        lua_ratio = f"{median_seconds(taken, 'Lua') / stock:6.3f}" if "Lua" in taken[0] else ""
        print(f"{label(row, mode):36} {packets:9,} {stock:8.2f} {plugin:8.2f} "
              f"{statistics.median(ratios):14.3f} {min(ratios):6.3f} {max(ratios):6.3f} {lua_ratio}".rstrip())
    for letter in "PR":
        stock, plugin = (growth(times, letter, name) for name in ("stock", "plugin"))
        print(f"{letter}, time a packet at 4,000 calls over 500 calls: stock {stock:.3f}, "
              f"plugin {plugin:.3f}, so {plugin / stock:.3f} of stock's own growth")


def growth(times, letter, name):
    per_packet = [median_seconds(taken, name) / packets
                  for packets, taken in (times[f"{letter}, {count} calls", ""] for count in ("4,000", "500"))]
    return per_packet[0] / per_packet[1]


# ---- memory

FEW, MANY = 20, 60  # calls; what lies between the two is what a call takes
LENGTHS = 5000, 15000  # packets of a long call, the same


def allocated(program, capture, name):
    """{where: bytes} when there are most of them. Where is the function of the plugin that asked
    for them, or None where a dissector of Wireshark's did, also one that the plugin called."""
    out = program.world.home / f"{name}.dhat"
    run(program, capture, "", ["valgrind", "--tool=dhat", "--num-callers=30", "--keep-debuginfo=yes",
                               f"--dhat-out-file={out}"],
        {"WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple", "LD_PRELOAD": pinned_seed()})
    found = json.loads(out.read_text())
    out.unlink()
    bytes_at = collections.Counter()
    for point in found["pps"]:
        bytes_at[asked_for_by([found["ftbl"][frame] for frame in point["fs"]])] += point["gb"]
    return bytes_at


def asked_for_by(stack):
    """Frames, the innermost first, are "0x1234: function (file.c:12)", or "(in /path/msiccp.so)" without line numbers."""
    within = ""
    for frame in stack:
        match = re.search(r": (\S+) \(((packet-msiccp|\w+)\.c):(\d+)\)", frame)
        if (match and match[2] in plugin_files()) or "msiccp.so" in frame:
            if re.search("call_dissector|tcp_dissect_pdus", within):
                return None
            return f"{match[1]} ({match[2]}:{match[4]})" if match else frame.split(": ", 1)[1]
        within = frame
    return None


@functools.cache
def plugin_files():
    return {path.name for path in [*files.ROOT.glob("*.c"), *files.ROOT.glob("plugin/**/*.c")]}


def measure_memory():
    """{(program's name, calls): what allocated() says}, and {(program's name, packets): bytes} of one long call."""
    captures_of = {("calls", count): calls(count, captures.POOR)[0] for count in (FEW, MANY)}
    captures_of |= {("long", count): made(f"long-{count}", captures.write_long_call, count)[0] for count in LENGTHS}
    found = in_parallel("memory", {
        (program.name, row, count): functools.partial(allocated, program, path, f"{row}-{count}")
        for program in (STOCK, PLUGIN) for (row, count), path in captures_of.items()})
    taken = {(name, count): bytes_at for (name, row, count), bytes_at in found.items() if row == "calls"}
    long_ones = {(name, count): sum(bytes_at.values())
                 for (name, row, count), bytes_at in found.items() if row == "long"}
    return taken, long_ones


def report_memory(taken, long_ones):
    def more(name, where=None):
        few, many = taken[name, FEW], taken[name, MANY]
        if where:
            return (many[where] - few[where]) / (MANY - FEW)
        return (sum(many.values()) - sum(few.values())) / (MANY - FEW)

    print(f"bytes a call (P): stock {more('stock'):,.0f}, plugin {more('plugin') - more('stock'):,.0f} more")
    places = sorted(((more("plugin", where), where) for where in taken["plugin", MANY] if where), reverse=True)
    for count, where in places:
        if count >= 16:
            print(f"{count:10,.0f}  {where}")
    few, many = LENGTHS
    stock, plugin = ((long_ones[name, many] - long_ones[name, few]) / (many - few) for name in ("stock", "plugin"))
    print(f"bytes a media packet: stock {stock:.2f}, plugin {plugin - stock:.2f} more")


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=5, help="of the part time; 5 if not given")
    parser.add_argument("--check", action="store_true", help="only compare instructions with those recorded")
    parser.add_argument("--record", action="store_true", help="the same, and record them anew")
    options = parser.parse_args()
    if options.check or options.record:
        check(options.record)
        return
    parts = options.parts or PARTS
    for part in parts:
        if part not in PARTS:
            parser.error(f"no such part: {part}; there are {', '.join(PARTS)}")
    version = ".".join(map(str, tshark.plugin.version))
    print(f"Wireshark {version}, {os.uname().machine}")
    if "instructions" in parts:
        report_instructions(measure_instructions(instruction_jobs()))
    if "time" in parts:
        report_times(measure_times(options.rounds))
    if "memory" in parts:
        report_memory(*measure_memory())


if __name__ == "__main__":
    main()
