# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls as they happen: the real program with the real tshark, and captures that come while it runs."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import threading
import time
import urllib.request

import pytest

import tool

THREE = tool.CAPTURES / "h323-three-calls-in-a-row-1731.pcap"
BUSY = tool.CAPTURES / "h323-busy-1731.pcap"
LIMIT = 90


class Watched:
    """A watch that runs: what it prints, with the time at which it did."""

    def __init__(self, *arguments, before=(), **more):
        self.process = subprocess.Popen(
            [*before, *tool.command("watch", *arguments, "--json")], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **{"stdin": subprocess.DEVNULL, "env": tool.environment()} | more)
        self.told, self.messages = [], []
        self._threads = [threading.Thread(target=self._read, args=(stream, lines), daemon=True)
                         for stream, lines in ((self.process.stdout, self.told),
                                               (self.process.stderr, self.messages))]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.append((time.time(), json.loads(line) if line.startswith("{") else line))

    def of(self, kind):
        return [told for _when, told in self.told if told["type"] == kind]

    def records(self):
        """The last that was told of each call and attempt."""
        return {key(told["record"]): told["record"]
                for _when, told in self.told if told["type"] in ("call", "attempt")}

    def wait_for(self, condition, seconds=LIMIT):
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until and self.process.poll() is None, (
                f"not within {seconds} s: {self.told[-3:]} {self.messages}")
            time.sleep(0.05)

    def end(self, number=signal.SIGTERM, status=0):
        if number:
            self.process.send_signal(number)
        assert self.process.wait(LIMIT) == status, self.messages
        for thread in self._threads:
            thread.join(LIMIT)

    def children(self):
        found = {}
        for line in subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(self.process.pid)],
                                   capture_output=True, text=True, check=False).stdout.splitlines():
            number, name = line.split(None, 1)
            found[name] = int(number)
        return found


@contextlib.contextmanager
def watched(*arguments, **more):
    running = Watched(*arguments, **more)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def key(record):
    return (record["session"], record["start"]["frame"], record["caller"]["address"],
            record["callee"]["address"], record["callee"]["port"])


def offline(capture):
    return {key(record): record for record in tool.records(capture)}


def packets_of(capture):
    """The header of a pcap, and (time, bytes with their own header) of each packet."""
    content = pathlib.Path(capture).read_bytes()
    packets, at = [], 24
    while at < len(content):
        seconds, microseconds, length, _ = struct.unpack_from("<IIII", content, at)
        packets.append((seconds + microseconds / 1e6, content[at:at + 16 + length]))
        at += 16 + length
    return content[:24], packets


def play(capture, file, speed, on_packet=lambda time: None):
    """The capture into FILE, at SPEED times its own."""
    header, packets = packets_of(capture)
    file.write(header)
    began = time.monotonic()
    for when, packet in packets:
        wait = (when - packets[0][0]) / speed - (time.monotonic() - began)
        if wait > 0:
            time.sleep(wait)
        on_packet(when)
        file.write(packet)
        file.flush()


@pytest.mark.parametrize("name", [
    "h323-separate-h245-1731", "h323-three-calls-at-once-1731", "diagnosis/h323-fail-nobody-listens-1731",
    "diagnosis/h323-fail-gap-far-1731", "derived-media-after-release", "synthetic-both-legs-ipv6",
    "diagnosis/h323-new-source-1731", "derived-ends-inside-call", "foreign-http-1732"])
def test_records_of_a_stream_are_those_of_an_offline_decode(name):
    capture = tool.CAPTURES / f"{name}.pcap"
    with open(capture, "rb") as file, watched("-", stdin=file) as watch:
        watch.end(None)
        assert watch.records() == offline(capture)
        assert watch.messages == []


def test_a_stream_of_pcapng_and_one_of_nanoseconds(tmp_path):
    for form in ("pcapng", "nsecpcap"):
        capture = tmp_path / form
        subprocess.run(["editcap", "-F", form, tool.CALL, capture], check=True)
        with open(capture, "rb") as file, watched("-", stdin=file) as watch:
            watch.end(None)
            assert watch.records() == offline(tool.CALL)


def watched_at(speed):
    """(watch, the seconds that each event came late, and each record) of three calls at so many times their speed."""
    sent = []
    with watched("-", stdin=subprocess.PIPE) as watch:
        pipe = watch.process.stdin.buffer
        play(THREE, pipe, speed, lambda when: sent.append((when, time.time())))
        watch.wait_for(lambda: len(watch.of("call")) == 3)
        pipe.close()
        watch.end(None)
    at = dict((round(when * 1e6), moment) for when, moment in sent)
    ready = watch.told[0][0]        # programs take a while to start
    return watch, *([when - max(at[time_us(told)], ready) for when, told in watch.told if told["type"] == kind]
                    for kind, time_us in (("event", lambda told: told["time_us"]),
                                          ("call", lambda told: told["record"]["release"]["time_us"])))


@pytest.mark.slow
@pytest.mark.parametrize("speed", [1, 10])
def test_events_and_records_come_in_time(speed):
    # Other tests run beside it, so that it may be late, but not each time.
    for _try in range(3):
        watch, events_late, records_late = watched_at(speed)
        assert watch.records() == offline(THREE)
        if max(events_late) < 1 and max(records_late) < 5:
            break
    assert max(events_late) < 1 and max(records_late) < 5
    events = [(told["session"], told["event"], told["state"]) for told in watch.of("event")]
    assert events[0] == (1, "request", "requested")
    assert [state for session, _event, state in events if session == 2][-1] == "released"
    assert set(watch.of("event")[0]) == {
        "type", "time_us", "session", "call", "event", "state", "caller", "callee"}


def into_ring(folder, capture, parts):
    """The capture in files as dumpcap names them: their paths, outside of FOLDER."""
    aside = folder.parent / "aside"
    aside.mkdir(exist_ok=True)
    count = len(packets_of(capture)[1])
    subprocess.run(["editcap", "-c", str(-(-count // parts)), capture, aside / "ring.pcap"], check=True)
    return sorted(aside.iterdir())


def grow(folder, part, limit=None):
    """The file PART comes into being in FOLDER, a portion at a time."""
    content = part.read_bytes()[:limit]
    with open(folder / part.name, "ab") as file:
        for at in range(file.tell(), len(content), 10_000):
            file.write(content[at:at + 10_000])
            file.flush()
            time.sleep(0.01)


def test_a_folder_is_followed(folder, tmp_path):
    parts = into_ring(folder, THREE, 5)
    with watched(folder, "--state", tmp_path / "state") as watch:
        (folder / "notes.txt").write_text("no capture")
        for part in parts:
            grow(folder, part)
        watch.wait_for(lambda: watch.records() == offline(THREE))
        watch.end()
        assert watch.messages == []


def test_a_call_that_is_up_at_the_end_is_told_as_it_stands(folder, tmp_path):
    parts = into_ring(folder, tool.CALL, 3)
    grow(folder, parts[0])
    with watched(folder, "--state", tmp_path / "state") as watch:
        watch.wait_for(lambda: watch.of("event"))
        watch.end()
        (record,) = watch.records().values()
        assert record["outcome"] == "incomplete" and record["release"] is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_another_run_goes_on_in_the_midst_of_a_call(folder, tmp_path, number):
    parts = into_ring(folder, THREE, 4)
    grow(folder, parts[0])
    grow(folder, parts[1], 20_000)
    with watched(folder, "--state", tmp_path / "state") as first:
        first.wait_for(lambda: len(first.of("event")) >= 5)
        time.sleep(2.5)     # until it has been written down
        first.end(number, 0 if number == signal.SIGTERM else -signal.SIGKILL)
    for part in parts[1:]:
        grow(folder, part)
    with watched(folder, "--state", tmp_path / "state") as second:
        second.wait_for(lambda: {**first.records(), **second.records()} == offline(THREE))
        second.end()
    # Nothing is told twice.
    events = [(told["session"], told["event"], told["time_us"])
              for told in first.of("event") + second.of("event")]
    assert len(events) == len(set(events))
    assert {session for session, _event, _time in events} == {1, 2, 3}


def test_decoders_are_renewed_and_may_die(folder, tmp_path):
    """With a limit that every decoder is over, another one takes over all the time."""
    parts = into_ring(folder, THREE, 12)
    with watched(folder, "--state", tmp_path / "state", "--memory", "1") as watch:
        seen = set()
        for number, part in enumerate(parts):
            grow(folder, part)
            time.sleep(2.5)
            seen.add(watch.children().get("tshark"))
            if number == 6:
                with contextlib.suppress(KeyError):
                    os.kill(watch.children()["tshark"], signal.SIGKILL)
        watch.wait_for(lambda: watch.records() == offline(THREE))
        watch.end()
        assert len(seen) > 3
        # One that is not up in time on a busy machine is started again, and costs no packets.
        texts = [text for _when, text in watch.messages if "does not start" not in text
                 and "tshark goes on" not in text]
        assert len(texts) <= 1 and all("tshark has ended" in text for text in texts), watch.messages
        assert [text for _when, text in watch.messages if "status -9" in text]
        events = [(told["session"], told["event"], told["time_us"]) for told in watch.of("event")]
        assert len(events) == len(set(events))


@pytest.fixture
def tshark_that_fails(folder):
    """(program, file): a tshark that cannot follow calls while the file is there."""
    program, file = folder.parent / "tshark", folder.parent / "fails"
    program.write_text(f"""#!/bin/sh
case "$*" in *-r*msiccp,watch*) [ ! -e {file} ] || {{ echo no such statistic >&2; exit 1; }} ;; esac
exec {shutil.which(tool.TSHARK)} "$@"
""")
    program.chmod(0o755)
    file.touch()
    return program, file


def test_a_decoder_that_does_not_start_is_tried_again(folder, tmp_path, tshark_that_fails):
    """No packet is blamed for it."""
    program, file = tshark_that_fails
    parts = into_ring(folder, THREE, 3)
    with watched(folder, "--state", tmp_path / "state", env=tool.environment(MSICCP_TSHARK=str(program))) as watch:
        for part in parts:
            grow(folder, part)
        watch.wait_for(lambda: watch.messages)
        time.sleep(5)
        file.unlink()
        watch.wait_for(lambda: watch.records() == offline(THREE))
        watch.end()
        assert [text.split(": ", 1)[1].strip() for _when, text in watch.messages] == [
            "tshark does not start, and is tried again: no such statistic", "tshark goes on"]


def test_a_decoder_that_dies_when_the_stream_has_ended(folder):
    """Its calls are told by the next one. All of the stream is in the pipe by then."""
    program, once = folder.parent / "tshark", folder.parent / "once"
    program.write_text(f"""#!/bin/sh
case "$*" in *-r*msiccp,watch*)
    [ ! -e {once} ] || {{ sleep 2; rm {once}; head -c 1500 | {shutil.which(tool.TSHARK)} "$@"; kill -KILL $$; }}
esac
exec {shutil.which(tool.TSHARK)} "$@"
""")
    program.chmod(0o755)
    folder.parent.chmod(0o777)      # where an ordinary user removes the file
    once.touch()
    with open(BUSY, "rb") as file, watched(
            "-", stdin=file, env=tool.environment(MSICCP_TSHARK=str(program))) as watch:
        watch.end(None)
        assert watch.records() == offline(BUSY)
        assert len(watch.messages) == 1 and "tshark has ended" in watch.messages[0][1]


@pytest.mark.long
def test_a_decoder_that_never_starts_ends_it(folder, tshark_that_fails):
    program, _file = tshark_that_fails
    with open(THREE, "rb") as file, watched(
            "-", stdin=file, env=tool.environment(MSICCP_TSHARK=str(program))) as watch:
        watch.end(None, 1)
        assert "tshark ends as soon as it is started: no such statistic" in watch.messages[-1][1]


FAILING = tool.CAPTURES / "diagnosis/h323-fail-h245-refused-1731.pcap"


def test_what_is_done_with_calls(folder, tmp_path):
    """A call that is fine and one that fails: the database, the captures, the command, the page."""
    database, failing, got = tmp_path / "calls.db", tmp_path / "failing", tmp_path / "got $(id).json"
    with watched(folder, "--state", tmp_path / "state", "-o", database, "--failing-to", failing,
                 "--exec", f"/bin/sh -c 'cat >>\"$0\"; echo seen' '{got}'",
                 "--metrics", "127.0.0.1:9732") as watch:
        for number, capture in enumerate((tool.SHORT_CALL, FAILING), 1):
            shutil.copy(capture, folder / f"ring_0000{number}_2026112217390{number}.pcap")
        watch.wait_for(lambda: len(watch.of("call")) == 2 and got.exists() and list(failing.glob("*.pcapng")))
        page = urllib.request.urlopen("http://127.0.0.1:9732/metrics").read().decode()
        watch.end()
    assert {text for _when, text in watch.messages} == {"seen\n"}
    (record,) = [told["record"] for told in watch.of("call") if told["record"]["verdict"] != "good"]
    assert json.loads(got.read_text()) == record
    (cut,) = failing.iterdir()
    (again,) = tool.records(cut)
    for name in ("call_id", "verdict", "decided_by", "outcome", "caller", "callee", "talk_time_us"):
        assert again[name] == record[name], name
    assert 'msiccp_calls_total{outcome="answered",verdict="good"} 1.0' in page
    assert f'msiccp_findings_total{{finding="{record["decided_by"]}"}} 1.0' in page
    assert "msiccp_setup_seconds_count 2.0" in page
    assert tool.rows(database, "SELECT session, verdict, failing FROM calls ORDER BY session") == [
        (1, "good", 0), (2, record["verdict"], 1)]
    stored = json.loads(tool.one(database, "SELECT record FROM records JOIN calls ON id = call_id "
                                 "WHERE failing = 1"))
    assert stored.pop("capture_file").startswith(str(folder)) and record.pop("capture_file") is None
    assert stored == record
    assert "were not kept" in tool.run("split", database, "--to", tmp_path / "split", status=1).stderr
    assert "2 calls" in tool.run("report", database).stdout


def test_a_database_that_is_locked_is_waited_for(folder, tmp_path):
    import sqlite3
    database = tmp_path / "calls.db"
    with watched(folder, "--state", tmp_path / "state", "-o", database) as watch:
        watch.wait_for(lambda: (tmp_path / "state/state.json").exists())
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            shutil.copy(BUSY, folder / "busy.pcap")
            watch.wait_for(lambda: watch.of("call"))
            time.sleep(1)
            connection.execute("ROLLBACK")
        watch.end()
    assert tool.one(database, "SELECT outcome FROM calls") == "busy"


@pytest.mark.parametrize("arguments, text", [
    (["--metrics", "0.0.0.0:9731"], "of this machine's own"), (["--exec", "/no/such"], "there is no command"),
    (["-o", "/nowhere/calls.db"], "unable to open")])
def test_what_cannot_be_done_is_said_at_once(arguments, text, folder, tmp_path):
    status = 1 if "-o" in arguments else 2
    assert text in tool.run("watch", folder, "--state", tmp_path / "state", *arguments, status=status).stderr


@pytest.fixture
def wire():
    """A network of its own: what runs a command there, and what makes the pair of ends `there` and
    `here`."""
    if os.geteuid() != 0 or not shutil.which("tcpreplay"):
        pytest.skip("needs root and tcpreplay")
    name = f"watch-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    inside = ["ip", "netns", "exec", name]

    def make():
        subprocess.run(["ip", "-n", name, "link", "add", "there", "type", "veth", "peer", "name", "here"],
                       check=True)
        for end in ("there", "here"):
            subprocess.run(["ip", "-n", name, "link", "set", end, "up"], check=True)

    try:
        make()
        yield inside, make
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def replay(inside, capture):
    subprocess.run([*inside, "tcpreplay", "-q", "-i", "there", capture], check=True, capture_output=True)


@pytest.mark.slow
def test_an_interface_that_goes_and_comes_back(wire, tmp_path):
    inside, make = wire
    ring = tmp_path / "state/ring"

    def is_captured(files):
        return ring.is_dir() and len(list(ring.iterdir())) >= files

    with watched("-i", "here", "--state", tmp_path / "state", before=inside) as watch:
        watch.wait_for(lambda: is_captured(1))
        replay(inside, tool.SHORT_CALL)
        watch.wait_for(lambda: watch.of("call"))
        subprocess.run([*inside, "ip", "link", "del", "there"], check=True)
        watch.wait_for(lambda: watch.messages)
        make()
        watch.wait_for(lambda: len(watch.messages) == 2)
        replay(inside, BUSY)
        watch.wait_for(lambda: len(watch.of("call")) == 2)
        watch.end()
    (first,), (second,) = tool.records(tool.SHORT_CALL), tool.records(BUSY)
    told = [one["record"] for one in watch.of("call")]
    assert [record["session"] for record in told] == [1, 2]
    for record, expected in zip(told, (first, second)):
        for name in ("verdict", "outcome", "call_id", "explanation"):
            assert record[name] == expected[name]
    assert [stream["packets"] for stream in told[0]["streams"]] == [
        stream["packets"] for stream in first["streams"]]
    messages = [text for _when, text in watch.messages]
    assert "dumpcap has ended" in messages[0] and "dumpcap goes on" in messages[1]


@pytest.mark.slow
def test_dumpcap_does_not_outlive_a_watch_that_was_killed(wire, tmp_path):
    inside, _make = wire
    with watched("-i", "here", "--state", tmp_path / "state", before=inside) as watch:
        watch.wait_for(lambda: "dumpcap" in watch.children() and list((tmp_path / "state/ring").iterdir()))
        time.sleep(1)
        dumpcap = watch.children()["dumpcap"]
        watch.end(signal.SIGKILL, -signal.SIGKILL)
    replay(inside, BUSY)
    until = time.monotonic() + LIMIT
    while pathlib.Path(f"/proc/{dumpcap}").exists() and "dumpcap" in pathlib.Path(
            f"/proc/{dumpcap}/cmdline").read_text():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_two_watches_do_not_share_a_folder(folder, tmp_path):
    with watched(folder, "--state", tmp_path / "state") as watch:
        watch.wait_for(lambda: (tmp_path / "state" / "state.json").exists())
        done = tool.run("watch", folder, "--state", tmp_path / "state", status=2)
        assert "another watch is at work" in done.stderr


@pytest.mark.parametrize("arguments, text", [
    ([], "say what is to be watched"), (["-i", "lo", "x"], "say what is to be watched"),
    (["/nowhere"], "is no folder"), (["-f", "udp", "/tmp"], "-f is for"),
    (["-i", "nosuch0"], "cannot capture on nosuch0")])
def test_what_cannot_be_watched(arguments, text, tmp_path):
    assert text in tool.run("watch", *arguments, "--state", tmp_path / "state", status=2).stderr


def test_what_is_no_capture():
    with watched("-", stdin=subprocess.PIPE) as watch:
        watch.process.stdin.write("this is no capture at all\n" * 10)
        watch.process.stdin.close()
        watch.end(None, 2)
        assert "neither a pcap nor a pcapng" in watch.messages[0][1]


@pytest.mark.slow
def test_the_table_in_a_terminal(folder, tmp_path):
    if not shutil.which("tmux"):
        pytest.skip("needs tmux")
    parts = into_ring(folder, BUSY, 2)
    socket = tmp_path / "tmux"

    def tmux(*arguments):
        return subprocess.run(["tmux", "-S", socket, "-f", "/dev/null", *arguments], env=tool.environment(),
                              capture_output=True, text=True, check=True).stdout

    def until(*texts):
        end = time.monotonic() + LIMIT
        while not all(text in (shown := tmux("capture-pane", "-p")) for text in texts):
            assert time.monotonic() < end, shown
            time.sleep(0.2)

    command = " ".join(tool.command("watch", folder, "--state", tmp_path / "state"))
    tmux("new-session", "-d", "-x", "120", "-y", "30", f"{command}; echo ended: $?; sleep 60")
    try:
        until("0 up", "q quit")
        grow(folder, parts[0])
        until("1 up", "near (10.73.1.10)", "proceeding")
        grow(folder, parts[1])
        until("0 up", "1 ended", "not connected", "10.73.1.20 is busy")
        tmux("send-keys", "q")
        until("ended: 0")
    finally:
        tmux("kill-server")
