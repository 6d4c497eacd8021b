# SPDX-License-Identifier: GPL-2.0-or-later
"""What takes its time with a call, and must not hold up the others: each in a thread of its own."""

import json
import os
import pathlib
import queue
import shlex
import shutil
import signal
import subprocess
import threading
import time

from ..calls import split
from ..common import ended, files
from ..common.errors import Failure, UsageError
from ..common.files import whole
from ..decode import tshark as programs
from ..store import rows
from .listeners import Listener
from .ring import Reader

MOST_WAITING = 10_000       # calls; what comes beyond is not done, and said
LAST_SECONDS = 30           # at the end, for what still waits
COMMAND_SECONDS = 60
AGAIN_SECONDS = 5
LAST_TRIES_SECONDS = 0.5
EARLIER_US = 10 * 10**6


def is_failing(record):
    return bool(rows.failing(record, rows.findings(record)))


class Worker(Listener):
    """Does work(JOB) for each job that was put, one at a time. NAME is how it is called in messages."""

    def __init__(self, name, say):
        self.name = name
        self.say = say
        self.jobs = queue.Queue(MOST_WAITING)
        self.is_ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, job):
        try:
            self.jobs.put_nowait(job)
        except queue.Full:
            self.say.once(f"{self.name}: the queue",
                          f"{self.name}: {MOST_WAITING} calls wait already; what comes now is left out")

    def _run(self):
        while (job := self.jobs.get()) is not None:
            try:
                self.work(job)
                self.say.is_well(self.name)
            except (Failure, UsageError, OSError, subprocess.SubprocessError) as error:
                self.say.once(self.name, f"{self.name}: {error}")
        self.end()

    def work(self, job):
        raise NotImplementedError

    def end(self):
        """After the last job, in the same thread."""

    def close(self):
        self.is_ending.set()
        try:
            self.jobs.put(None, timeout=LAST_SECONDS)
        except queue.Full:
            pass
        self._thread.join(LAST_SECONDS)
        if self._thread.is_alive():
            self.say(f"{self.name}: not all was done")


class Store(Worker):
    """The tables of `msiccp-calls scan`. CAPTURE is what the database calls what is watched."""

    def __init__(self, target, capture, settings, tshark, say):
        from ..store.database import open_database
        open_database(target, writable=True).close()    # what is wrong with it is said before all
        self._open = lambda: open_database(target, writable=True)
        self._database = None
        self.capture = capture
        self.told = settings.described(), tshark.version, tshark.plugin_version
        super().__init__("the database", say)

    def call(self, call, _again):
        self.put((call.told, call.start))

    def work(self, job):
        """Until it is stored; where the program ends, for a while."""
        from ..store.database import errors_in_words
        last = None
        while last is None or time.monotonic() < last:
            try:
                self._database = self._database or self._open()
                with errors_in_words(self._database.target):
                    self._database.add(self.capture, *self.told, *job)
                return
            except (Failure, UsageError, OSError) as error:
                self.say.once(self.name, f"{self.name}: {error}; tried again until it goes on")
                if self._database:
                    self._database.engine.dispose()
                    self._database = None
                if self.is_ending.wait(AGAIN_SECONDS):
                    last = last or time.monotonic() + LAST_SECONDS / 2
                    time.sleep(LAST_TRIES_SECONDS)
        raise Failure("calls that had not been stored yet are lost to it")

    def end(self):
        if self._database:
            self._database.close()


class Command(Worker):
    """Run for each failing call, with its record on standard input."""

    def __init__(self, text, say):
        self.command = shlex.split(text)
        if not self.command or not shutil.which(self.command[0]):
            raise UsageError(f"--exec: there is no command {text}")
        super().__init__("--exec", say)

    def call(self, call, again):
        if not again and is_failing(call.told):
            self.put(call.told)

    def work(self, job):
        # What it prints goes where messages go: standard output may be JSON of ours.
        with ended.with_us(subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=2,
                                            start_new_session=True)) as process:
            try:
                process.communicate(json.dumps(job).encode() + b"\n", COMMAND_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise Failure(f"{self.command[0]} was ended after {COMMAND_SECONDS} s") from None
        if process.returncode != 0:
            raise Failure(f"{self.command[0]} ended with status {process.returncode}")


class Cut(Worker):
    """A capture of each failing call in FOLDER, out of the ring."""

    def __init__(self, folder, tshark, say):
        os.makedirs(folder, exist_ok=True)
        self.folder = pathlib.Path(folder)
        self.tshark = tshark
        self.watch = None
        self.names = {}     # (session, start) -> name
        super().__init__("--failing-to", say)

    def turn(self, watch):
        self.watch = watch

    def call(self, call, again):
        if not is_failing(call.told) or not self.watch:
            return
        begin = self.watch.marks.before(call.start, EARLIER_US)
        if begin:
            self.put((call.told, call.start, begin, self.watch.reader.mark()))

    def _name(self, record, start):
        key = record["session"], start
        if key not in self.names:
            row = rows.call(dict(record), [], 0)
            name = split.file_name(row)
            taken = set(self.names.values())
            number = 1
            candidate = f"{name}.pcapng"
            while candidate in taken or (self.folder / candidate).exists():
                number += 1
                candidate = f"{name}_{number}.pcapng"
            self.names = dict(list(self.names.items())[-1000:]) | {key: candidate}
        return self.folder / self.names[key]

    def work(self, job):
        record, start, begin, end = job
        with files.temporary_file(".pcapng") as copy:
            reader = Reader(os.path.dirname(begin.path), self.say, begin)
            reader.until = end
            while reader.frames < end.frames and (pieces := reader.read()):
                for piece in pieces:
                    copy.write(piece.content)
            reader.close()
            copy.flush()
            if programs.AS_ROOT:
                shutil.chown(copy.name, programs.ORDINARY_USER["user"])
            condition = self._filter(copy.name, record, start - begin.frames)
            with whole(self._name(record, start)) as target:
                self._run_tshark(["-2", "-Y", condition, "-F", "pcapng", "-w", "-"], copy.name, target)

    def _run_tshark(self, arguments, path, target):
        process = self.tshark.start(
            [programs.TSHARK, "-n", *self.tshark.settings.arguments(), "-r", path, *arguments],
            stdin=subprocess.DEVNULL, stdout=target, stderr=subprocess.PIPE)
        output, message = process.communicate()
        message = message.decode("utf-8", "replace").strip()
        if process.returncode != 0 and "cut short" not in message:
            raise Failure(message or f"tshark ended with status {process.returncode}")
        return output

    def _filter(self, path, record, start):
        """Of the packets of the call, which begins with the frame START of PATH: its own, and what tells
        of connections that failed, which is no part of a session."""
        ends = [record[end]["address"] for end in ("caller", "callee")]
        kind = "ipv6" if ":" in (ends[1] or "") else "ip"
        between = "(tcp || icmp || icmpv6)" + "".join(f" && {kind}.addr == {end}" for end in ends if end)
        between += f" && frame.time_epoch >= {(record['start']['time_us'] - EARLIER_US) / 10**6:.6f}"
        if record["session"] is None:
            return between
        output = self._run_tshark(["-q", "-z", "msiccp,cdr"], path, subprocess.PIPE)
        for line in output.decode("utf-8", "replace").splitlines():
            found = json.loads(line)
            if found["session"] and found["start"]["frame"] == start:
                return f"msiccp.session == {found['session']} || ({between})"
        raise Failure("the call's first packets are not in the ring any more")
