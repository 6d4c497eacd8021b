# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests say of mutants: a plugin of pytest, which script/mutate starts with a plan (MSICCP_TRIAL).

Each test is run once, by itself, with no mutant: the plugin that has them woven in writes down which of them would make
a difference there. Then each mutant is tried with the tests that meet it, those that see most for their time first, until
one fails. All that runs is a fork of this process, in which the tests are collected already.
"""

import collections
import functools
import hashlib
import json
import os
import pathlib
import pickle
import select
import signal
import subprocess
import sys
import time

import pytest
from _pytest import runner

import units
from support import files, tshark

FIRST_LIMIT = 120       # seconds for a test, before it is known how long it takes
# A test that takes longer waits for something, and may fail by itself: it is asked again without the mutant.
WAITS = 3

# These build a plugin of their own, or ask nothing of any.
NOT_OF_THE_PLUGIN = {"test_install.py", "test_release.py", "test_house.py", "test_contributing.py",
                     "test_captures_readme.py"}


class DidNotEnd(Exception):
    pass


def run_here(items, write, answers):
    """Runs the tests, until one fails, and writes a line of JSON for each: in a process of its own."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        begun = time.monotonic()
        reports = runner.runtestprotocol(item, nextitem=following, log=False)
        failed = any(report.failed for report in reports)
        seconds = time.monotonic() - begun + answers.saved
        write.write(json.dumps({"item": item.nodeid, "failed": failed, "seconds": seconds}) + "\n")
        write.flush()
        if failed:
            return


def results_of(items, limits, answers, mutant=0):
    """The results of the tests, one after another as they come. Each has its limit, in seconds."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        os.close(receive)
        units.limit_resources()
        os.environ["MSICCP_MUTANT"] = str(mutant)
        with os.fdopen(send, "w", encoding="utf-8") as write:
            try:
                run_here(items, write, answers)
            finally:
                write.flush()
                os._exit(0)
    os.close(send)
    try:
        came = b""
        for limit in limits:
            while b"\n" not in came:
                if not select.select([receive], [], [], limit)[0]:
                    raise DidNotEnd
                more = os.read(receive, 65536)
                if not more:
                    return
                came += more
            line, came = came.split(b"\n", 1)
            yield json.loads(line)
    finally:
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(child, 0)
        os.close(receive)


class Answers:
    """What tshark answered, kept for the forks that ask the same: with the mutants that were met by it, or, of Wireshark
    without the plugin, whatever the mutant is."""

    def __init__(self, folder, met_file):
        self.folder = folder
        self.met = met_file
        self.saved = 0      # seconds, in this process

    def keep(self, world, counting):
        ask = world._run_uncached
        world._run = functools.lru_cache(maxsize=48)(lambda args: self._answer(ask, args, counting))

    def _answer(self, ask, args, counting):
        kept = self.folder / hashlib.sha256(repr((counting, args)).encode(errors="surrogateescape")).hexdigest()
        before = self.met.path.read_bytes() if counting else b""
        if kept.exists():
            answer = pickle.loads(kept.read_bytes())
            self.saved += answer["seconds"]
        else:
            if counting:
                self.met.clear()
            begun = time.monotonic()
            answer = {"text": ask(args), "seconds": time.monotonic() - begun,
                      "met": self.met.path.read_bytes() if counting else b""}
            kept.write_bytes(pickle.dumps(answer))
        if counting:
            both = int.from_bytes(before, "big") | int.from_bytes(answer["met"], "big")
            self.met.write(both.to_bytes(units.MOST, "big"))
        return answer["text"]


class Trial:
    def __init__(self, plan, items):
        self.plan = plan
        self.folder = pathlib.Path(plan["folder"])
        self.programs = [units.Program(pathlib.Path(path)) for path in plan["programs"]]
        items = sorted(items, key=lambda item: item.get_closest_marker("slow") is not None)
        self.items = {item.nodeid: item for item in items if item.path.name not in NOT_OF_THE_PLUGIN}
        self.known = self._read_met()
        self._leave_out_those_alike()
        self.scratch = files.scratch("trial-")
        self.met_file = units.Met(self.scratch / "met")
        self.answers = Answers(files.scratch("answers-"), self.met_file)
        self.met = {}           # of each test, by its name: bit n for mutant n
        self.seconds = {}
        self.saw = collections.Counter()
        self.ran = collections.Counter()

    def _read_met(self):
        path = self.folder / "met.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return {(entry["item"], entry["digest"]): entry for entry in map(json.loads, lines)}

    def _leave_out_those_alike(self):
        """Of a file's tests so many are taken, one as far from the next as can be, and those that ran already."""
        of_file = collections.Counter(item.path for item in self.items.values())
        place = collections.Counter()
        for name, item in list(self.items.items()):
            step = -(-of_file[item.path] // self.plan["most"])
            place[item.path] += 1
            if place[item.path] % step and (name, self._digest(item.path)) not in self.known:
                del self.items[name]

    @functools.lru_cache(maxsize=None)
    def _digest(self, path):
        return hashlib.sha256(self.plan["digest"].encode() + path.read_bytes()).hexdigest()[:16]

    def say(self, text):
        print(text, file=sys.__stderr__, flush=True)

    def prepare(self):
        """What each fork would have to do again."""
        for world in (tshark.plugin, tshark.stock):
            assert world.version
        for pattern in ("*.pcap*", "*/*.pcap*"):
            for capture in files.captures(pattern):
                files.readable(capture)
        self.answers.keep(tshark.stock, False)
        self.left = set(self.scratch.parent.iterdir())

    def tidy(self):
        for path in set(self.scratch.parent.iterdir()) - self.left:
            subprocess.run(["rm", "-rf", path], check=False)

    # Which test meets which mutant

    def meet_all(self):
        os.environ["MSICCP_MUTANTS_MET"] = str(self.met_file.path)
        for program in self.programs:
            self.met_file.clear()
            if program.passes():
                self.met[program.name] = self.met_file.bits()
            else:
                self.say(f"{program.name} fails by itself: it is left out")
        ask = tshark.plugin._run
        self.answers.keep(tshark.plugin, True)
        self._meet_items()
        tshark.plugin._run = ask
        del os.environ["MSICCP_MUTANTS_MET"]

    def _meets(self, name, number):
        return self.met.get(name, 0) >> number & 1

    def _meet_items(self):
        path = self.folder / "met.jsonl"
        with path.open("a", encoding="utf-8") as file:
            for count, (name, item) in enumerate(self.items.items(), 1):
                entry = self.known.get((name, self._digest(item.path)))
                if not entry:
                    entry = self._meet(item) | {"digest": self._digest(item.path)}
                    file.write(json.dumps(entry) + "\n")
                    file.flush()
                    if count % 50 == 0:
                        self.say(f"{count} of {len(self.items)} tests run without a mutant")
                if entry["passed"]:
                    self.met[name], self.seconds[name] = int(entry["met"], 16), entry["seconds"]

    def _meet(self, item):
        self.met_file.clear()
        result = {"failed": True, "seconds": FIRST_LIMIT}
        try:
            for one in results_of([item], [FIRST_LIMIT], self.answers):
                result = one
        except DidNotEnd:
            pass
        self.tidy()
        if result["failed"]:
            self.say(f"{item.nodeid} fails by itself: it is left out")
        return {"item": item.nodeid, "passed": not result["failed"], "seconds": round(result["seconds"], 2),
                "met": f"{self.met_file.bits():x}"}

    # Which test sees a mutant

    def judge_all(self):
        with (self.folder / "verdicts.jsonl").open("a", encoding="utf-8") as file:
            for count, mutant in enumerate(self.plan["mutants"], 1):
                verdict = {"key": mutant["key"]} | self.judge(mutant)
                file.write(json.dumps(verdict) + "\n")
                file.flush()
                self.say(f"{count} of {len(self.plan['mutants'])}: {verdict['verdict']}"
                         f"{' by ' + verdict['by'] if verdict['by'] else ''}: {mutant['key']}")

    def judge(self, mutant):
        number, passed = mutant["number"], set(mutant["passed"])
        begun = time.monotonic()
        by = next((program.name for program in self.programs
                   if self._meets(program.name, number) and not program.passes(number)), None)
        items = [self.items[name] for name in self.items if self._meets(name, number)]
        if not by:
            left = self._in_order([item for item in items if item.nodeid not in passed], mutant["file"])
            by = self._judge_by_items(number, left, passed)
        self.tidy()
        if by:
            verdict = "seen"
        elif items or any(self._meets(program.name, number) for program in self.programs):
            verdict = "lives"
        else:
            verdict = "not met"
        return {"verdict": verdict, "by": by, "passed": sorted(passed), "tests": len(items),
                "patience": self.plan["patience"], "seconds": round(time.monotonic() - begun, 1)}

    def _in_order(self, items, file):
        """Those first that go deepest into the source and see most for their time; by turns of each file, since a
        file's tests are alike."""
        mask = int(self.plan["masks"][file], 16)
        depth = {item: (self.met[item.nodeid] & mask).bit_count() for item in items}

        def worth(item):
            name = item.path.name
            return depth[item] ** 2 * (self.saw[name] + 1) / (self.ran[name] + 4) / (self.seconds[item.nodeid] + 0.1)

        place = collections.Counter()
        worths = []
        for item in sorted(items, key=worth, reverse=True):
            place[item.path] += 1
            worths.append((worth(item) / place[item.path], item))
        return [item for _, item in sorted(worths, key=lambda pair: pair[0], reverse=True)]

    def _judge_by_items(self, number, left, passed):
        """The test that fails, or None; those that do not are added to what has passed."""
        end = time.monotonic() + self.plan["patience"]
        while left and time.monotonic() < end:
            failed = self._run_until_one_fails(number, left, end)
            if failed and self._is_sure(failed):
                self.saw[failed.path.name] += 1
                passed.clear()
                return failed.nodeid
            done = left.index(failed) + 1 if failed else self.done
            passed.update(item.nodeid for item in left[:done])
            left = left[done:]
        return None

    def _run_until_one_fails(self, number, items, end):
        self.done = 0
        try:
            for result in results_of(items, [5 * self.seconds[item.nodeid] + 10 for item in items], self.answers, number):
                self.ran[items[self.done].path.name] += 1
                self.done += 1
                if result["failed"]:
                    return items[self.done - 1]
                if time.monotonic() > end:
                    return None
        except DidNotEnd:
            pass
        # It ended in the middle of a test, or did not end.
        return items[self.done] if self.done < len(items) else None

    def _is_sure(self, item):
        if self.seconds[item.nodeid] < WAITS:
            return True
        try:
            return all(not result["failed"] for result in results_of([item], [FIRST_LIMIT], self.answers))
        except DidNotEnd:
            return False


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    if session.testsfailed:
        raise session.Interrupted("the tests could not be collected")
    plan = json.loads(pathlib.Path(os.environ["MSICCP_TRIAL"]).read_text(encoding="utf-8"))
    trial = Trial(plan, session.items)
    trial.prepare()
    trial.meet_all()
    trial.judge_all()
    return True
