# SPDX-License-Identifier: GPL-2.0-or-later
"""What captures, folders and those who ask may hold, and what must not come of it."""

import json
import os
import pathlib
import pty
import shutil
import signal
import sqlite3
import struct
import subprocess
import time
import wave

import pytest

import browser
import media
import tool
import tones
from many import examine, open_database

CENTURY_US = 100 * 365 * 86_400 * 1_000_000
FOUR = tool.ARCHIVE[:4]
RECORDS = (tool.ROOT / "tshark-tests" / "expected-records.jsonl").read_text().splitlines()


def store(database, records):
    """A database as a scan makes it of RECORDS, lines of JSON."""
    opened = open_database(str(database), writable=True)
    for number, record in enumerate(records):
        name = f"/captures/{number}.pcap"
        opened.store(name, examine.Examined([examine.File(name, 1, 1, name)], examine.OK,
                                            records=[record]), "[]")
    opened.close()


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    database = tmp_path_factory.mktemp("stored") / "calls.db"
    store(database, RECORDS)
    return database


def pcapng(path, frames):
    """FRAMES, [microseconds, octets]: with times that a pcap cannot hold."""
    def block(kind, body):
        length = len(body) + 12
        return struct.pack("<II", kind, length) + body + struct.pack("<I", length)
    parts = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
             block(1, struct.pack("<HHI", 1, 0, 0))]
    for time_us, frame in frames:
        head = struct.pack("<IIIII", 0, time_us >> 32, time_us & 0xFFFFFFFF, len(frame), len(frame))
        parts.append(block(6, head + frame + bytes(-len(frame) % 4)))
    pathlib.Path(path).write_bytes(b"".join(parts))


def at_other_times(path, moved):
    """The short call; MOVED is told the number and time of each frame, of how many, and returns
    another time."""
    frames = media.read(tool.SHORT_CALL)
    pcapng(path, [(moved(number, round(at), len(frames)), frame)
                  for number, (at, frame) in enumerate(frames)])


def test_times_of_other_centuries(folder, tmp_path):
    at_other_times(folder / "synthetic.pcapng", lambda number, at, total: at if number < total - 12
                   else at + 2_000 * CENTURY_US)
    tool.run("scan", folder, "-o", tmp_path / "calls.db")
    assert tool.rows(tmp_path / "calls.db", "SELECT odd_times, talk_time_us, release_us FROM calls"
                     ) == [(1, None, None)]


@pytest.mark.parametrize("time_us", [-1, 5 * 10**15, 2**63 - 1, 2**64 - 1, -2**63, 10**30])
def test_times_that_no_clock_has_told(time_us, tmp_path):
    """They are in no sum, and the report says so; other calls are reported as ever."""
    records = []
    for number, line in enumerate(RECORDS):
        record = json.loads(line)
        if number % 2 and record["release"]:
            record["release"]["time_us"] = record["talk_time_us"] = time_us
        if number % 5 == 1:
            record["start"]["time_us"] = time_us
        for stream in record["streams"]:
            stream["last"]["time_us"] = stream["octets"] = time_us
        records.append(json.dumps(record))
    database = tmp_path / "calls.db"
    store(database, records)
    odd = tool.one(database, "SELECT count(*) FROM calls WHERE odd_times = 1")
    assert odd > 20
    assert 0 < tool.one(database, "SELECT sum(talk_seconds) FROM calls_by_pair") < 3600
    assert f"{odd} calls with times that no clock can have told" in tool.run("report", database).stdout
    tool.run("report", database, "--html", tmp_path / "calls.html")
    assert f"{odd} calls with times that no clock" in (tmp_path / "calls.html").read_text()


def test_a_database_of_old_with_odd_times(stored, tmp_path):
    """Written before times were looked at."""
    database = tmp_path / "old.db"
    shutil.copy(stored, database)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE calls SET talk_time_us = 9000000000000000000 WHERE id < 20")
        for view, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'"
                                        ).fetchall():
            connection.execute(f"DROP VIEW {view}")
        connection.execute("ALTER TABLE calls DROP COLUMN odd_times")
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    open_database(str(database), writable=True).close()
    assert tool.one(database, "SELECT count(*) FROM calls WHERE odd_times = 1") == 19
    assert "19 calls with times" in tool.run("report", database).stdout


def test_years_between_two_packets(folder, tmp_path):
    """Silence is no longer than it is said to be, and memory does not grow with it."""
    half = tones.ulaw(1004)[:75]
    packets = media.stretch(0, half, 160, 20_000)
    for gap, arguments, seconds in ((3 * 365 * 86_400, [], 3600), (86_400, ["--longest-gap", "5"], 5)):
        later = [(after + gap * 1_000_000, *rest) for after, *rest in packets]
        capture = folder / f"synthetic-{gap}.pcap"
        media.call_with(capture, packets + later, [])
        done = subprocess.run(
            ["sh", "-c", 'ulimit -v 4000000; exec "$@"', "sh",
             *tool.command("audio", capture, "-o", tmp_path / "call.wav", *arguments)],
            env=tool.environment(), capture_output=True, text=True, check=True)
        assert f"silence was cut to {seconds} s, 1 time" in done.stderr
        with wave.open(str(tmp_path / "call.wav")) as file:
            assert file.getnframes() / file.getframerate() == pytest.approx(seconds + 3, abs=0.1)


PASSWORD = "ge:h@e/im"
ADDRESSES = [f"postgresql://calls:{PASSWORD}@/postgres?host=/nowhere",
             f"postgres://calls:{PASSWORD}@localhost:1/postgres",
             f"postgresql+none://calls:{PASSWORD}@/postgres",
             f"postgresql:///postgres?host=/nowhere&user=calls&password={PASSWORD}",
             f"postgresql://calls:{PASSWORD}@localhost:port/postgres",
             f"mysql://calls:{PASSWORD}@localhost/calls"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_password_is_shown_nowhere(address, folder):
    shutil.copy(tool.SHORT_CALL, folder)
    asked = [["report", address], ["report", address, address], ["sql", address, "SELECT 1"]]
    if address == ADDRESSES[0]:
        asked += [["scan", folder, "-o", address], ["scan", folder, f"--output={address}"],
                  ["scan", address], ["split", address, "--to", folder]]
    for arguments in asked:
        done = subprocess.run(tool.command(*arguments), env=tool.environment(), text=True,
                              capture_output=True, check=False, cwd=folder)
        assert done.returncode in (1, 2) and "Traceback" not in done.stderr
        assert "eim" not in done.stderr.replace(str(folder), "") + done.stdout, arguments


def test_a_password_is_not_in_the_list_of_processes(folder, tmp_path):
    os.mkfifo(tmp_path / "waits")
    program = tool.start("report", ADDRESSES[0], "--html", tmp_path / "waits",
                         stderr=subprocess.DEVNULL)
    seen = set()
    while program.poll() is None:
        seen.add(pathlib.Path(f"/proc/{program.pid}/cmdline").read_bytes())
        time.sleep(0.01)
    last = [line for line in seen if b"calls@/postgres" in line]
    assert last and PASSWORD.encode() not in last[0]


def in_small_folder(size, *command):
    """COMMAND, in which {} is a folder of a file system of SIZE that ends with it."""
    script = ('folder=$(mktemp -d); trap \'umount "$folder"; rmdir "$folder"\' EXIT; '
              f'mount -t tmpfs -o size={size},mode=755 none "$folder"; "${{@//\\{{\\}}/$folder}}"')
    return subprocess.run(["unshare", "--mount", "bash", "-c", script, "bash", *command],
                          env=tool.environment(), capture_output=True, text=True, check=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("size", ["4k", "100k"])
def test_a_full_disk_is_a_sentence(size, stored):
    done = in_small_folder(size, *tool.command("scan", *FOUR, "-o", "{}/calls.db"))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "calls.db: " in done.stderr.splitlines()[-1]
    done = in_small_folder(size, *tool.command("report", stored, "--html", "{}/calls.html"))
    assert done.returncode == 1 and "No space left" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("command", [
    'cp "$0" "$1/calls.db"; mount -o bind,ro "$1" "$1"; shift; exec "$@"',
    'cp "$0" "$1/calls.db"; mount -o bind "$1/calls.db" "$1/calls.db"; '
    'mount -o remount,bind,ro "$1/calls.db"; shift; exec "$@"'])
def test_a_database_that_is_read_only_is_a_sentence(command, stored, folder, tmp_path):
    shutil.copy(tool.SHORT_CALL, folder)
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", command, stored, tmp_path,
         *tool.command("scan", folder, "-o", tmp_path / "calls.db")],
        env=tool.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "calls.db: " in done.stderr and "read" in done.stderr


@pytest.mark.parametrize("target", ["", "a folder", "nowhere/calls.db"])
def test_what_is_no_place_for_a_database_is_a_sentence(target, tmp_path):
    (tmp_path / "a folder").mkdir()
    for arguments in (["scan", tool.SHORT_CALL, "-o", target], ["report", target],
                      ["sql", target, "SELECT 1"]):
        done = subprocess.run(tool.command(*arguments), env=tool.environment(), text=True,
                              capture_output=True, check=False, cwd=tmp_path)
        assert done.returncode in (1, 2) and done.stderr.count("\n") <= 2, done.stderr


def test_a_name_of_a_database_is_no_address(tmp_path):
    for name in ("a?b.db", "50%.db", "a#b.db", "caf\udce9.db"):
        store(tmp_path / name, RECORDS[:1])
        assert (tmp_path / name).exists()
        assert "1 call in" in tool.run("report", tmp_path / name).stdout


@pytest.mark.parametrize("statement", [
    "DELETE FROM calls", "ATTACH '{}/new.db' AS new", "VACUUM INTO '{}/new.db'", "VACUUM",
    "PRAGMA user_version = 7", "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint",
    "CREATE TEMP TABLE new (a)", "REINDEX", "ANALYZE", "BEGIN IMMEDIATE",
    "INSERT INTO calls SELECT * FROM calls RETURNING id", "WITH a AS (SELECT 1) DELETE FROM calls",
    "EXPLAIN DELETE FROM calls", "SELECT load_extension('{}/new.so')"])
def test_a_question_writes_nothing(statement, stored, tmp_path):
    before = stored.read_bytes()
    done = tool.run("sql", stored, statement.format(tmp_path), status=1)
    assert "does not only read" in done.stderr or "prohibited" in done.stderr
    assert list(tmp_path.iterdir()) == [] and stored.read_bytes() == before


def on_a_terminal(*arguments):
    ours, theirs = pty.openpty()
    program = tool.start(*arguments, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:
            break
    program.wait()
    os.close(ours)
    return shown.decode()


EVIL = "\x1b[2J\x9b31m\u202egnp.exe\u2028\u2066\x7f\ufeff\U000e0041"


def test_text_cannot_steer_a_terminal(stored, tmp_path):
    database = tmp_path / "evil.db"
    shutil.copy(stored, database)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE calls SET caller_alias = ?, verdict = 'poor', failing = 1", (EVIL,))
        connection.execute("UPDATE captures SET name = name || ?", (EVIL,))
    connection.close()
    query = "SELECT caller_alias AS 'a\x1b\u202e' FROM calls LIMIT 3"
    for arguments in (["sql", database, "--csv", query], ["sql", database, "--json", query],
                      ["sql", database, query], ["report", database],
                      ["report", f"{EVIL}.db"], ["report", database, EVIL]):
        shown = on_a_terminal(*arguments)
        # What rich itself writes to a terminal are colours only.
        for letter in ["\x1b[2", *EVIL[4:5], "\u202e", "\u2028", "\u2066", "\x7f", "\ufeff",
                       "\U000e0041"]:
            assert letter not in shown, (arguments, letter)
    # In files JSON is ASCII, and CSV is what is there.
    assert tool.run("sql", database, "--json", query).stdout.isascii()
    assert "\x7f" not in tool.run("sql", database, "--json", query).stdout
    assert EVIL[:-2] in tool.run("sql", database, "--csv", query).stdout


@pytest.fixture
def scratch(folder):
    """A folder for temporary files that ordinary users can enter."""
    made = folder.parent / "scratch"
    made.mkdir(mode=0o755)
    return made


def ended(number, scratch, *arguments):
    """The program, ended by signal NUMBER in the midst of its work; its exit status."""
    program = subprocess.Popen(
        tool.command(*arguments), env=tool.environment(TMPDIR=str(scratch)),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    while not list(scratch.glob("*/home-*/.local/**/*.so")) and program.poll() is None:
        time.sleep(0.01)
    time.sleep(0.5)
    assert program.poll() is None, "it was done before it was ended"
    program.send_signal(number)
    return program.wait(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_leave_nothing_behind(number, scratch, tmp_path):
    status = ended(number, scratch, "scan", *FOUR, "-o", tmp_path / "calls.db", "--jobs", "2")
    assert status == 128 + number
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.glob("calls.db*")) in ([], ["calls.db"])


def test_what_a_killed_run_left_the_next_one_removes(scratch, tmp_path):
    arguments = "scan", *FOUR, "-o", tmp_path / "calls.db", "--jobs", "2"
    assert ended(signal.SIGKILL, scratch, *arguments) == -signal.SIGKILL
    left, = scratch.iterdir()
    (scratch / "msiccp-calls-of-others").mkdir()        # which has no lock
    # One that is running keeps what it has.
    waiting = subprocess.Popen(
        tool.command(*arguments), env=tool.environment(TMPDIR=str(scratch)),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while left.exists():
        time.sleep(0.01)
    while not [path for path in scratch.glob("*/in-use")]:
        time.sleep(0.01)
    kept, = [path for path in scratch.iterdir() if path.name != "msiccp-calls-of-others"]
    waiting.send_signal(signal.SIGSTOP)         # it is not done before the other one is
    tool.run("scan", tool.SHORT_CALL, "-o", tmp_path / "other.db",
             env=tool.environment(TMPDIR=str(scratch)))
    assert kept.exists()
    waiting.send_signal(signal.SIGCONT)
    waiting.wait()
    assert [path.name for path in scratch.iterdir()] == ["msiccp-calls-of-others"]


def test_links_that_lead_out_of_a_folder(folder, tmp_path):
    outside = tmp_path / "outside"
    (outside / "sub").mkdir(parents=True)
    shutil.copy(tool.SHORT_CALL, outside / "secret.pcap")
    shutil.copy(tool.CAPTURES / "h323-busy-1731.pcap", outside / "sub" / "other.pcap")
    shutil.copy(tool.CALL, folder / "own.pcap")
    (folder / "inside.pcap").symlink_to("own.pcap")
    (folder / "file.pcap").symlink_to(outside / "secret.pcap")
    (folder / "folder").symlink_to(outside / "sub")
    (folder / "up").symlink_to("../outside")
    (folder / "round").symlink_to(".")
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db")
    assert "1 capture scanned" in done.stderr and "3 links out of the folder not followed" in done.stderr
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db", "--follow-links")
    assert "2 captures scanned" in done.stderr and "1 unchanged" in done.stderr
    # A folder that is itself a link was named, and is looked into; so is a file.
    (tmp_path / "named").symlink_to(folder)
    assert "1 capture scanned" in tool.run("scan", tmp_path / "named", "-o", tmp_path / "a.db").stderr
    assert "1 capture scanned" in tool.run("scan", folder / "file.pcap", "-o",
                                           tmp_path / "b.db").stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_page_is_written_whole_or_not_at_all(stored, tmp_path):
    (tmp_path / "calls.html").write_text("what was there")
    (tmp_path / "calls.html").chmod(0o640)
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 20; trap "" XFSZ; exec "$@"', "bash",
         *tool.command("report", stored, "--html", tmp_path / "calls.html")],
        env=tool.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "File too large" in done.stderr
    assert (tmp_path / "calls.html").read_text() == "what was there"
    tool.run("report", stored, "--html", tmp_path / "calls.html")
    assert (tmp_path / "calls.html").read_text().rstrip().endswith("</html>")
    assert (tmp_path / "calls.html").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["calls.html"]
    # What is no file is written to as it is.
    done = tool.run("report", stored, "--html", "/dev/stdout")
    assert done.stdout.rstrip().endswith("</html>")


@pytest.mark.parametrize("letter", ["W", "a", "\u4e00", "\ufffd"])
def test_long_names_stay_within_the_page(letter, stored, tmp_path):
    database, page = tmp_path / "long.db", tmp_path / "long.html"
    shutil.copy(stored, database)
    with sqlite3.connect(database) as connection:
        connection.execute("""UPDATE calls SET caller_alias = ?1, callee_alias = ?1,
                              explanation = ?1, failing = 1""", (letter * 250,))
        connection.execute("UPDATE captures SET name = '/' || ?1 || id", (letter * 250,))
        connection.execute("DELETE FROM calls WHERE id > 9")
    connection.close()
    tool.run("report", database, "--html", page)
    with browser.chromium(tmp_path / "profile", width=360, height=800) as driver:
        driver.get(page.as_uri())
        assert driver.execute_script(
            "return document.documentElement.scrollWidth <= window.innerWidth")
        assert driver.execute_script("""
            return [...document.querySelectorAll("svg.ladder text")].filter(text => {
                const box = text.getBBox(), edge = text.ownerSVGElement.viewBox.baseVal.width;
                return box.x < 0 || box.x + box.width > edge; }).map(text => text.textContent)""") == []
