# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the real tshark and sharkd in a world of their own.

Each run has an empty home folder with the built plugin in its personal plugin folder, UTC and a
fixed locale; started as root, Wireshark runs as `nobody`, since it loads no personal plugins for
root. A run that fails, says anything on stderr or meets a dissector bug is a failed test.

    from support import tshark
    tshark.fields("call.pcap", ["frame.number", "msiccp.session"], "msiccp")
    tshark.frames("call.pcap", "msiccp.session == 1", passes=["-2"])
    tshark.stock.run(["-V"], "call.pcap")          # without the plugin

A capture is a path, or the name of a file in test-captures/.

MSICCP_TSHARK names the tshark to test with, MSICCP_PLUGIN the plugin, MSICCP_PRELOAD a library to
preload into tshark, such as a sanitizer's.
"""

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

from support import files

PLUGIN = pathlib.Path(os.environ.get("MSICCP_PLUGIN") or files.ROOT / "build" / "msiccp.so").resolve()
TIME_LIMIT = 180

# By a program: subprocess's own way has to copy the memory map of this process, which takes longer than setpriv does.
AS_ORDINARY_USER = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if files.AS_ROOT else []

# Neither appears in a field's value: tshark escapes control characters.
FIELD_END = "\x1e"
VALUE_END = "\x1f"


def _program(variable, name, beside=None):
    asked = os.environ.get(variable)
    if asked:
        return asked
    if beside and os.sep in beside:
        return str(pathlib.Path(beside).with_name(name))
    return name


TSHARK = _program("MSICCP_TSHARK", "tshark")
SHARKD = _program("MSICCP_SHARKD", "sharkd", beside=TSHARK)


# What takes a third of tshark's start, though with -n it shows none of it: 4.2 and later have it in the program.
LONG_LISTS = ("manuf", "enterprises.tsv")


# What Wireshark's own dissectors say there, without the plugin too: that of SSH in 4.6 of new key exchanges.
CHATTER = r"$|\s*\*\* \(tshark:\d+\) [\d:.]+ \[packet-ssh WARNING\] "


class Failure(AssertionError):
    """tshark did not do what every test takes for granted."""


def sharkd_input(requests):
    """The lines that ask sharkd for REQUESTS, (method, params) each; params may be None."""
    return "".join(json.dumps({"jsonrpc": "2.0", "id": number, "method": method} | ({"params": params} if params else {}))
                   + "\n" for number, (method, params) in enumerate(requests, 1))


def field_options(names):
    """The options that have tshark print fields."""
    return ["-T", "fields", "-E", f"separator={FIELD_END}", "-E", "occurrence=a", "-E", f"aggregator={VALUE_END}",
            *(part for name in names for part in ("-e", name))]


def values_in(names, line):
    """What it then prints of a frame: the list of values of each of NAMES that has any."""
    return {name: cell.split(VALUE_END) for name, cell in zip(names, line.split(FIELD_END), strict=False) if cell}


class World:
    """Wireshark's programs with one home folder, that has the plugin or has not."""

    def __init__(self, plugin):
        self.plugin = plugin
        self._run = functools.lru_cache(maxsize=48)(self._run_uncached)

    @functools.cached_property
    def home(self):
        home = files.scratch("home-" if self.plugin else "stock-home-")
        for folder in (".config", ".cache", ".local", ".local/share", ".local/state", "run", "tmp",
                       "no-extcap"):
            (home / folder).mkdir(mode=0o700)
            files.hand_over(home / folder)
        self._make_data(pathlib.Path(self._folder(home, "Global configuration")), home / "data")
        if self.plugin:
            folder = pathlib.Path(self._folder(home, "Personal Plugins")) / "epan"
            if home not in folder.parents:
                raise Failure(f"tshark's personal plugin folder {folder} is outside {home}")
            folder.mkdir(parents=True)
            shutil.copyfile(PLUGIN, folder / "msiccp.so")
            for path in (folder / "msiccp.so", folder, *folder.parents):
                if home in path.parents:
                    files.hand_over(path)
        return home

    @staticmethod
    def _make_data(theirs, ours):
        """Wireshark's folder of data files, with nothing in the long lists."""
        ours.mkdir(mode=0o755)
        for path in theirs.iterdir():
            if path.name in LONG_LISTS:
                (ours / path.name).touch()
            else:
                (ours / path.name).symlink_to(path)

    def environment(self, home):
        kept = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                "WIRESHARK_DEBUG_WMEM_OVERRIDE", "LLVM_PROFILE_FILE", "MSICCP_MUTANT", "MSICCP_MUTANTS_MET")
        # A sanitizer is for the plugin; editcap hangs with it.
        preload = os.environ.get("MSICCP_PRELOAD") if self.plugin else None
        return {name: os.environ[name] for name in kept if name in os.environ} | (
            {"LD_PRELOAD": preload} if preload else {}) | {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "TMPDIR": str(home / "tmp"),
            "WIRESHARK_EXTCAP_DIR": str(home / "no-extcap"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }

    def _folder(self, home, label):
        done = self._start([TSHARK, "-G", "folders"], home)
        match = re.search(rf"^{label}:\s+(.+)$", done.stdout, re.MULTILINE)
        if not match:
            raise Failure(f"'{TSHARK} -G folders' names no '{label}':\n{done.stdout}{done.stderr}")
        return match[1]

    def folder(self, label):
        """The folder that tshark calls LABEL, such as "Global Plugins"."""
        return self._folder(self.home, label)

    def _start(self, command, home, stdin=None):
        data = home / "data"
        environment = self.environment(home) | ({"WIRESHARK_DATA_DIR": str(data)} if data.is_dir() else {})
        return subprocess.run(
            [*AS_ORDINARY_USER, *map(str, command)], input=stdin, capture_output=True, text=True,
            errors="surrogateescape", timeout=TIME_LIMIT, check=False, cwd=home, env=environment,
            **({} if stdin else {"stdin": subprocess.DEVNULL}))

    def start(self, command, stdin=None):
        """Runs COMMAND in this world, whatever comes of it: returns the CompletedProcess."""
        return self._start(command, self.home, stdin)

    def _run_uncached(self, args):
        done = self.start([TSHARK, *args])
        shown = f"$ tshark {' '.join(args)}\n"
        if done.returncode != 0:
            raise Failure(f"{shown}exit status {done.returncode}\n{done.stderr}")
        if any(not re.match(CHATTER, line) for line in done.stderr.splitlines()):
            raise Failure(f"{shown}on stderr:\n{done.stderr}")
        if "-r" in args and "Dissector bug" in done.stdout:
            bug = next(line for line in done.stdout.splitlines() if "Dissector bug" in line)
            raise Failure(f"{shown}{bug}")
        return done.stdout

    def run(self, args, capture=None, passes=(), prefs=()):
        """What tshark prints. PASSES is () or ["-2"]; PREFS are preferences, "name:value"."""
        command = []
        if capture is not None:
            command = ["-n", *passes, "-r", files.readable(capture)]
        for preference in prefs:
            command += ["-o", preference]
        return self._run(tuple(command) + tuple(str(arg) for arg in args))

    def fields(self, capture, names, display_filter=None, passes=(), prefs=(), extra=()):
        """One dictionary a frame: each of NAMES with the list of its values."""
        args = [*field_options(names), *(["-Y", display_filter] if display_filter else []), *extra]
        lines = self.run(args, capture, passes, prefs).split("\n")[:-1]
        return [{name: [] for name in names} | values_in(names, line) for line in lines]

    def frames(self, capture, display_filter=None, passes=(), prefs=(), extra=()):
        """The numbers of the frames that the filter lets through."""
        rows = self.fields(capture, ["frame.number"], display_filter, passes, prefs, extra)
        return [int(row["frame.number"][0]) for row in rows]

    def pdml(self, capture, display_filter=None, passes=(), prefs=(), extra=()):
        """The <packet> elements of the decoded capture."""
        args = ["-T", "pdml"] + (["-Y", display_filter] if display_filter else [])
        text = self.run([*args, *extra], capture, passes, prefs)
        return list(xml.etree.ElementTree.fromstring(text.encode(errors="surrogateescape")))

    def json(self, capture, display_filter=None, passes=(), prefs=(), extra=()):
        """The decoded packets of `-T json`; a key that comes twice has a list of its values."""

        def collect(pairs):
            result = {}
            for key, value in pairs:
                if key in result:
                    if not isinstance(result[key], Repeated):
                        result[key] = Repeated([result[key]])
                    result[key].append(value)
                else:
                    result[key] = value
            return result

        args = ["-T", "json"] + (["-Y", display_filter] if display_filter else [])
        return json.loads(self.run([*args, *extra], capture, passes, prefs),
                          object_pairs_hook=collect)

    def sharkd(self, requests):
        """Sends REQUESTS, (method, params) each, to one sharkd: returns the list of results.

        A capture is loaded with ("load", {"file": files.readable(capture)}).
        """
        done = self.start([SHARKD, "-"], stdin=sharkd_input(requests))
        noise = [line for line in done.stderr.splitlines()
                 if line and not line.startswith("Hello in child")
                 and not re.match(r"(load: filename=|Frame \d+|\d+ frames|sharkd_session_process_tap)", line)]
        if done.returncode != 0 or noise:
            raise Failure(f"sharkd ended with status {done.returncode}\n{done.stderr}")
        answers = {}
        for line in done.stdout.splitlines():
            if line.strip():
                answer = json.loads(line)
                if "error" in answer:
                    raise Failure(f"sharkd answered {requests[answer['id'] - 1]} with {line}")
                answers[answer.get("id")] = answer.get("result")
        if len(answers) != len(requests):
            raise Failure(f"sharkd answered {len(answers)} of {len(requests)} requests\n"
                          f"{done.stdout}{done.stderr}")
        return [answers[number] for number in range(1, len(requests) + 1)]

    @functools.cached_property
    def version(self):
        """Wireshark's version as numbers, such as (4, 0, 17)."""
        match = re.search(r"\b(\d+)\.(\d+)\.(\d+)", self.run(["--version"]))
        return tuple(int(number) for number in match.groups())


class Repeated(list):
    """The values of a key that `-T json` prints more than once."""


def column(name):
    """The field of the column NAME, such as "info": renamed in 4.2."""
    if plugin.version >= (4, 2):
        return f"_ws.col.{name.lower()}"
    return f"_ws.col.{name.capitalize()}"


def truth(text):
    """Whether a boolean field's value is true: 4.4 prints True and False, earlier releases 1 and 0."""
    assert text in ("True", "False", "1", "0"), f"{text!r} is no boolean"
    return text in ("True", "1")


plugin = World(plugin=True)
stock = World(plugin=False)

run = plugin.run
fields = plugin.fields
frames = plugin.frames
pdml = plugin.pdml
json_packets = plugin.json
sharkd = plugin.sharkd
start = plugin.start
