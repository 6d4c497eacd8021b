#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Changes the plugin in small ways, one at a time, and says which of the changes no test sees: script/mutate."""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import rules
import units

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EQUIVALENT = HERE / "equivalent"
MEMORY_OF = "test-captures/h323-short-call-1731.pcap"

# What reads behind an array's end is stopped there, as by the sanitizers that all tests run with, in .ci/run.
STOPPED = "-fsanitize=bounds -fsanitize-undefined-trap-on-error"

# What a build of the woven plugin and its unit tests needs, besides the plugin's sources.
COPIED = ["CMakeLists.txt", "cmake", "codecs", "docs", "plugin", "packet-msiccp.c", "packet-msiccp.h", "packaging",
          "profiles", "LICENSE", "README.md"]


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=False, text=True, capture_output=True, **options)


def plugin_sources():
    return [path for path in sorted((ROOT / "plugin").rglob("*.c")) if not path.name.endswith("_test.c")]


def digest_of_sources():
    digest = hashlib.sha256()
    for path in [*sorted((ROOT / "plugin").rglob("*.[ch]")), HERE / "rules.py", HERE / "mutants.h"]:
        if "_test." not in path.name:
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Workshop:
    """The folder in which a copy of the sources has all mutants woven in, and is built."""

    def __init__(self, folder):
        self.folder = folder
        self.copy = folder / "source"
        self.build = folder / "build"
        self.list = folder / "mutants.json"
        self.digest = digest_of_sources()

    def mutants(self):
        """All mutants of the plugin, each with its number; they are woven and built."""
        self.folder.mkdir(exist_ok=True)
        self._copy_what_changed()
        known = json.loads(self.list.read_text(encoding="utf-8")) if self.list.exists() else {}
        if known.get("digest") != self.digest:
            known = {"digest": self.digest, "mutants": self._weave_and_build()}
            self.list.write_text(json.dumps(known, indent=0), encoding="utf-8")
        else:
            self._configure()
            wrong = self._make()
            if wrong:
                raise SystemExit(wrong)
        return known["mutants"]

    def _copy_what_changed(self):
        """All but the sources that are woven; what has not changed keeps its time, so that it is not built again."""
        woven = {path.relative_to(ROOT) for path in plugin_sources()}
        for name in COPIED:
            top = ROOT / name
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                target = self.copy / path.relative_to(ROOT)
                if path.is_file() and path.relative_to(ROOT) not in woven and (
                        not target.exists() or target.read_bytes() != path.read_bytes()):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)

    def _configure(self):
        done = run(["cmake", "-S", self.copy, "-B", self.build, "-DCMAKE_BUILD_TYPE=Debug",
                    f"-DCMAKE_C_FLAGS=-w {STOPPED} -include {HERE / 'mutants.h'}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"])
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)

    def _make(self):
        """What the compiler complains of, or nothing."""
        done = run(["cmake", "--build", self.build, "--target", "msiccp", "unit_tests", "--", "-k"])
        return done.stderr if done.returncode else ""

    def _arguments(self):
        """What clang has to know to read each of the sources."""
        wanted = ("-I", "-D", "-isystem", "-std")
        found = {}
        for entry in json.loads((self.build / "compile_commands.json").read_text(encoding="utf-8")):
            words = shlex.split(entry["command"])
            arguments = []
            for place, word in enumerate(words):
                if word in ("-I", "-D", "-isystem"):
                    arguments += [word, words[place + 1]]
                elif word.startswith(wanted):
                    arguments.append(word.replace(str(self.copy), str(ROOT)))
            found.setdefault(pathlib.Path(entry["file"]).relative_to(self.copy), arguments)
        return found

    def _weave_and_build(self):
        for path in plugin_sources():
            target = self.copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        self._configure()
        arguments = self._arguments()
        say("Looking for what could be changed")
        sources = [rules.Source(ROOT, path, arguments[path.relative_to(ROOT)]) for path in plugin_sources()]
        mutants = [mutant for source in sources for mutant in source.mutants]
        numbers = {mutant: number for number, mutant in enumerate(mutants, 1)}
        say(f"Building the plugin with {len(mutants)} mutants woven in")
        while True:
            for source in sources:
                self._write(source, numbers)
            wrong = self._make()
            if not wrong:
                break
            self._leave_out(wrong, numbers)
        return [{"key": mutant.key, "number": number, "file": mutant.file, "line": mutant.line, "rule": mutant.rule,
                 "before": mutant.before, "after": mutant.after} for mutant, number in numbers.items()]

    def _write(self, source, numbers):
        target = self.copy / source.name
        text = source.woven(numbers)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")

    def _leave_out(self, wrong, numbers):
        """Those that no compiler takes, by the lines that it names."""
        lines = {(path, int(line)) for path, line in re.findall(
            rf"{re.escape(str(self.copy))}/(\S+?):(\d+):\d+: error", wrong)}
        bad = [mutant for mutant in numbers if (mutant.file, mutant.line) in lines]
        if not bad:
            raise SystemExit(wrong)
        for mutant in bad:
            say(f"Left out, since it cannot be compiled: {mutant.key}")
            del numbers[mutant]

    def programs(self):
        return sorted(self.build.glob("*_test"))


def chosen(mutants, options):
    """Those of the files that were named, or all; of them a sample that is the same each time, in its order."""
    if options.files:
        names = {str(pathlib.Path(name).resolve().relative_to(ROOT)) for name in options.files}
        unknown = names - {mutant["file"] for mutant in mutants}
        if unknown:
            raise SystemExit(f"no source of the plugin that has mutants: {', '.join(sorted(unknown))}")
        mutants = [mutant for mutant in mutants if mutant["file"] in names]
    if not options.sample:
        return mutants
    return sorted(mutants, key=lambda mutant: hashlib.sha256(
        f"{options.seed} {mutant['key']}".encode()).digest())[:options.sample]


def verdicts(folder):
    """The last verdict on each mutant, by its key."""
    path = folder / "verdicts.jsonl"
    if not path.exists():
        return {}
    return {entry["key"]: entry for entry in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def equivalents():
    """The reasons why nothing can see them, by their keys: a line for the mutant, and one for the reason."""
    lines = [line for line in EQUIVALENT.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {mutant: reason.strip() for mutant, reason in zip(lines[::2], lines[1::2], strict=True)}


def is_open(verdict, options):
    """Whether it is to be tried: again if asked, or if there is more time now for its tests."""
    if not verdict:
        return True
    if verdict["verdict"] == "seen":
        return False
    has_more = len(verdict["passed"]) < verdict["tests"] and options.patience > verdict["patience"]
    return options.again or has_more


def masks(mutants):
    """Of each source: bit n for mutant n, in hexadecimal digits."""
    found = collections.Counter()
    for mutant in mutants:
        found[mutant["file"]] |= 1 << mutant["number"]
    return {file: f"{mask:x}" for file, mask in found.items()}


def try_them(workshop, everything, mutants, options):
    known, reasons = verdicts(workshop.folder), equivalents()
    wanted = [mutant | {"passed": known.get(mutant["key"], {}).get("passed", [])} for mutant in mutants
              if is_open(known.get(mutant["key"]), options) and mutant["key"] not in reasons]
    say(f"{len(mutants)} mutants, of which {len(wanted)} are to be tried")
    if not wanted:
        return
    plan = workshop.folder / "plan.json"
    plan.write_text(json.dumps({
        "folder": str(workshop.folder), "digest": workshop.digest, "patience": options.patience,
        "most": options.tests_of_a_file, "masks": masks(everything),
        "programs": [str(path) for path in workshop.programs()], "mutants": wanted}), encoding="utf-8")
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "trial", "--assert=plain", "--tb=no",
         *(options.tests or ["tshark-tests"]), "--all", "-m", "not long"],
        cwd=ROOT, check=False, stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": f"{HERE}:{ROOT / 'tshark-tests'}", "PYTHONDONTWRITEBYTECODE": "1",
                          "MSICCP_TRIAL": str(plan), "MSICCP_PLUGIN": str(workshop.build / "msiccp.so")})
    if done.returncode not in (0, 5):
        raise SystemExit(f"pytest ended with {done.returncode}")


def try_unit_tests(workshop, mutants):
    """Those of the rooms alone, which take no time: what they do not see, others may."""
    known = verdicts(workshop.folder)
    met_file = units.Met(workshop.folder / "met")
    os.environ["MSICCP_MUTANTS_MET"] = str(met_file.path)
    met = {}
    for program in map(units.Program, workshop.programs()):
        met_file.clear()
        if program.passes():
            met[program] = met_file.bits()
    with (workshop.folder / "verdicts.jsonl").open("a", encoding="utf-8") as file:
        for mutant in mutants:
            number = mutant["number"]
            if known.get(mutant["key"], {}).get("verdict") != "seen":
                by = next((program.name for program in met
                           if met[program] >> number & 1 and not program.passes(number)), None)
                if by:
                    verdict = {"key": mutant["key"], "verdict": "seen", "by": by}
                    file.write(json.dumps(verdict) + "\n")


def leaves_memory(workshop, number):
    """Whether script/valgrind finds anything then."""
    environment = os.environ | {"MSICCP_PLUGIN": str(workshop.build / "msiccp.so"), "MSICCP_MUTANT": str(number)}
    return run([ROOT / "script" / "valgrind", ROOT / MEMORY_OF], env=environment).returncode != 0


def try_memory(workshop, mutants):
    """Those that give back nothing, which the tests do not see: half a minute each."""
    known, reasons = verdicts(workshop.folder), equivalents()
    wanted = [mutant for mutant in mutants if mutant["rule"] == "left out" and "free" in mutant["before"]
              and mutant["key"] not in reasons and known.get(mutant["key"], {}).get("verdict") != "seen"]
    if wanted and leaves_memory(workshop, 0):
        raise SystemExit("script/valgrind finds errors without a mutant")
    with (workshop.folder / "verdicts.jsonl").open("a", encoding="utf-8") as file:
        for mutant in wanted:
            if leaves_memory(workshop, mutant["number"]):
                file.write(json.dumps({"key": mutant["key"], "verdict": "seen", "by": "script/valgrind"}) + "\n")


def report(workshop, mutants, options):
    known, reasons = verdicts(workshop.folder), equivalents()
    counts = collections.Counter()
    by = collections.Counter()
    for mutant in sorted(mutants, key=lambda mutant: (mutant["file"], mutant["line"])):
        verdict = known.get(mutant["key"])
        state = verdict["verdict"] if verdict else "not tried"
        if state != "seen" and mutant["key"] in reasons:
            state = "equivalent"
        counts[state] += 1
        if state == "seen":
            by[re.sub(r".*/(\w+\.py)::.*", r"\1", verdict["by"])] += 1
        if options.list and state not in ("seen", "equivalent"):
            tried = f", {len(verdict['passed'])} of {verdict['tests']} tests passed" if state == "lives" else ""
            print(f"{mutant['file']}:{mutant['line']}: {mutant['rule']}: {state}{tried}\n"
                  f"    {mutant['key']}\n    - {mutant['before']}\n    + {mutant['after']}")
    print(", ".join(f"{count} {state}" for state, count in counts.most_common()))
    print("Seen by: " + ", ".join(f"{test} {count}" for test, count in by.most_common()))
    return counts


def main():
    parser = argparse.ArgumentParser(prog="script/mutate", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="sources of the plugin; none: all of them")
    parser.add_argument("--sample", type=int, metavar="N", help="N of them, the same each time")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another sample (default: 1)")
    parser.add_argument("--patience", type=float, default=60, metavar="SECONDS",
                        help="try tests on a mutant for so long (default: 60)")
    parser.add_argument("--tests-of-a-file", type=int, default=10000, metavar="N",
                        help="of the tests of a file, try no more than N, evenly chosen (default: all)")
    parser.add_argument("--tests", action="append", metavar="FILE",
                        help="try the tests of this file of tshark-tests/ alone, or of those that are named so")
    parser.add_argument("--again", action="store_true", help="try those again that no test saw")
    parser.add_argument("--unit-tests", action="store_true", help="try the unit tests alone")
    parser.add_argument("--memory", action="store_true",
                        help="ask script/valgrind alone, of those that leave out what gives memory back")
    parser.add_argument("--list", action="store_true", help="print those that no test saw, and try nothing")
    options = parser.parse_args()
    workshop = Workshop(pathlib.Path(os.environ.get("MSICCP_BUILD") or ROOT / "build-mutants").resolve())
    everything = workshop.mutants()
    mutants = chosen(everything, options)
    if options.unit_tests:
        try_unit_tests(workshop, mutants)
    if options.memory:
        try_memory(workshop, mutants)
    if not (options.list or options.unit_tests or options.memory):
        try_them(workshop, everything, mutants, options)
    report(workshop, mutants, options)


if __name__ == "__main__":
    main()
