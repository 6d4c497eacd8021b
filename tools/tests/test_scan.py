# SPDX-License-Identifier: GPL-2.0-or-later
"""msiccp-calls scan: captures to a database."""

import json
import os
import pathlib
import pty
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

import tool


def copy(folder, *names):
    for name in names:
        shutil.copy(tool.CAPTURES / name, folder)


@pytest.mark.long
@pytest.mark.xdist_group("archive")
def test_every_record_of_every_capture_is_in_the_database(archive):
    for capture in tool.ARCHIVE:
        stored = tool.rows(archive, """
            SELECT record FROM records JOIN calls ON calls.id = call_id
            JOIN captures ON captures.id = capture_id WHERE name = ? ORDER BY start_us, session""",
                           str(capture))
        expected = [record | {"capture_file": str(capture)} for record in tool.records(capture)]
        found = [json.loads(record) for (record,) in stored]
        assert sorted(found, key=lambda record: record["session"]) == sorted(
            expected, key=lambda record: record["session"])


@pytest.mark.xdist_group("archive")
def test_columns_say_what_the_record_says(archive):
    (record,) = tool.records(tool.CALL)
    (call,) = tool.rows(archive, """
        SELECT start, start_us, start_frame, answer_us, release_us, setup_time_us, talk_time_us,
               caller_address, caller_port, callee_alias, callee_product, outcome, cause,
               released_by, call_identifier, failing
        FROM call_list WHERE capture = ?""", str(tool.CALL))
    assert call == (
        "2026-11-22 17:37:42.579905", record["start"]["time_us"], record["start"]["frame"],
        record["answer"]["time_us"], record["release"]["time_us"], record["setup_time_us"],
        record["talk_time_us"], record["caller"]["address"], record["caller"]["port"],
        record["callee"]["alias"], record["callee"]["product"], "answered", 16, "caller",
        record["call_id"], 0)
    streams = tool.rows(archive, """
        SELECT to_end, source_address, source_port, ssrc, codec, negotiated_codec, packets, lost,
               octets, rtcp, jitter_mean_ms
        FROM streams JOIN call_list ON call_list.id = call_id WHERE capture = ?
        ORDER BY streams.number""", str(tool.CALL))
    assert streams == [
        (stream["to"], stream["source"]["address"], stream["source"]["port"], stream["ssrc"],
         stream["codec"], stream["negotiated_codec"], stream["packets"], stream["lost"],
         stream["octets"], int(stream["rtcp"]), stream["jitter_mean_ms"])
        for stream in record["streams"]]


@pytest.mark.xdist_group("archive")
def test_findings_of_a_call_are_rows(archive):
    found = tool.rows(archive, """
        SELECT finding FROM findings JOIN call_list ON call_list.id = call_id
        WHERE capture LIKE '%/derived-one-way-media.pcap'""")
    assert ("one_way_media",) in found
    assert tool.one(archive, """SELECT failing FROM call_list
                                WHERE capture LIKE '%/derived-one-way-media.pcap'""") == 1


def test_captures_are_told_by_content(folder, tmp_path):
    shutil.copy(tool.CALL, folder / "no name of a capture.txt")
    subprocess.run(["gzip", "-c", tool.CALL], stdout=open(folder / "a", "wb"), check=True)
    subprocess.run(["zstd", "-qc", tool.CALL], stdout=open(folder / "b", "wb"), check=True)
    subprocess.run(["lz4", "-qc", tool.CALL], stdout=open(folder / "c", "wb"), check=True)
    subprocess.run(["editcap", "-F", "pcapng", tool.CALL, folder / "d"], check=True)
    subprocess.run(["editcap", "-F", "netmon2", tool.CALL, folder / "e"], check=True)
    (folder / "notes.txt").write_text("no capture")
    (folder / "sub").mkdir()
    shutil.copy(tool.CALL, folder / "sub" / "-r")
    (folder / "link.pcap").symlink_to(folder / "a")
    database = tmp_path / "calls.db"
    done = tool.run("scan", folder, "-o", database)
    assert "1 file passed over" in done.stderr
    found = tool.rows(database, "SELECT name, outcome FROM captures JOIN calls ON capture_id = captures.id")
    assert sorted(pathlib.Path(name).name for name, _ in found) == [
        "-r", "a", "b", "c", "d", "e", "no name of a capture.txt"]
    assert {outcome for _, outcome in found} == {"answered"}


def test_a_name_that_is_no_utf8(folder, tmp_path):
    shutil.copy(tool.SHORT_CALL, os.fsencode(folder) + b"/caf\xe9.pcap")
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    assert tool.one(database, "SELECT name FROM captures").endswith("/caf\\xe9.pcap")
    assert "1 unchanged" in tool.run("scan", folder, "-o", database).stderr


def test_what_is_unchanged_is_skipped(folder, tmp_path):
    copy(folder, "h323-short-call-1731.pcap", "h323-busy-1731.pcap")
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    ids = tool.rows(database, "SELECT id FROM calls ORDER BY id")
    assert "0 captures scanned, 0 calls; 2 unchanged" in tool.run(
        "scan", folder, "-o", database).stderr

    os.utime(folder / "h323-busy-1731.pcap", (0, 0))    # other times, the same content
    assert "0 captures scanned, 0 calls; 2 unchanged" in tool.run(
        "scan", folder, "-o", database).stderr
    assert tool.rows(database, "SELECT id FROM calls ORDER BY id") == ids


def test_a_changed_capture_replaces_its_rows(folder, tmp_path):
    capture = folder / "a.pcap"
    database = tmp_path / "calls.db"
    shutil.copy(tool.CAPTURES / "h323-three-calls-at-once-1731.pcap", capture)
    tool.run("scan", folder, "-o", database)
    assert tool.one(database, "SELECT count(*) FROM calls") == 3
    shutil.copy(tool.CAPTURES / "h323-busy-1731.pcap", capture)
    tool.run("scan", folder, "-o", database)
    assert tool.rows(database, "SELECT outcome FROM calls") == [("busy",)]
    for table in ("records", "streams", "findings"):
        assert tool.one(database, f"""SELECT count(*) FROM {table}
                                      WHERE call_id NOT IN (SELECT id FROM calls)""") == 0


def test_a_change_that_keeps_size_and_time_of_change(folder, tmp_path):
    capture = folder / "a.pcap"
    shutil.copy(tool.SHORT_CALL, capture)
    database = tmp_path / "calls.db"
    before = capture.stat()
    tool.run("scan", folder, "-o", database)
    data = bytearray(capture.read_bytes())
    data[24:28] = bytes(4)      # the first packet's time
    capture.write_bytes(data)
    os.utime(capture, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "1 capture scanned" in tool.run("scan", folder, "-o", database).stderr


def test_other_options_are_another_scan(folder, tmp_path):
    copy(folder, "h323-separate-h245-1720.pcap")
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    assert tool.one(database, "SELECT count(*) FROM calls") == 0
    tool.run("scan", folder, "-o", database, "--ports", "1720,1730-1732")
    assert tool.rows(database, "SELECT outcome FROM calls") == [("answered",)]
    tool.run("scan", folder, "-o", database, "--preference", "msiccp.tcp.port:1720")
    assert tool.one(database, "SELECT options FROM captures") == (
        '["-o", "msiccp.tcp.port:1720"]')


def test_a_profile_of_the_user(folder, tmp_path):
    copy(folder, "h323-separate-h245-1720.pcap")
    database = tmp_path / "calls.db"
    with tool.plugin_home() as home:
        profile = pathlib.Path(home) / ".config/wireshark/profiles/old calls"
        profile.mkdir(parents=True)
        (profile / "preferences").write_text("msiccp.tcp.port: 1720\n")
        tool.run("scan", folder, "-o", database, "--profile", "old calls",
                 env=tool.environment(HOME=home))
        assert tool.rows(database, "SELECT outcome FROM calls") == [("answered",)]
        done = tool.run("scan", folder, "-o", database, "--profile", "none such", status=2,
                        env=tool.environment(HOME=home))
        assert "no profile 'none such'" in done.stderr


def test_what_cannot_be_read_is_a_row_and_the_rest_goes_on(folder, tmp_path):
    (folder / "cut.pcap").write_bytes(tool.CALL.read_bytes()[:100_000])
    (folder / "empty.pcap").touch()
    (folder / "none.pcap").write_text("not packets")
    copy(folder, "h323-busy-1731.pcap")
    database = tmp_path / "calls.db"
    done = tool.run("scan", folder, "-o", database, status=1)
    assert "cut short" in done.stderr and "none.pcap" in done.stderr
    found = {pathlib.Path(name).name: (status, message) for name, status, message in
             tool.rows(database, "SELECT name, status, message FROM captures")}
    assert found["h323-busy-1731.pcap"] == ("ok", None)
    assert found["empty.pcap"] == ("empty", None)
    assert found["cut.pcap"][0] == "cut_short"
    assert "appears to have been cut short in the middle of a packet" in found["cut.pcap"][1]
    assert found["none.pcap"][0] == "failed"
    assert "isn't a capture file in a format TShark understands" in found["none.pcap"][1]
    # What could be read of the cut one is there.
    assert tool.one(database, """SELECT outcome FROM call_list
                                 WHERE capture LIKE '%/cut.pcap'""") == "incomplete"
    assert tool.one(database, "SELECT count(*) FROM captures_with_problems") == 3


def test_as_an_ordinary_user_who_may_not_read_everything(folder, tmp_path):
    copy(folder, "h323-busy-1731.pcap", "h323-short-call-1731.pcap")
    (folder / "h323-busy-1731.pcap").chmod(0)
    with tool.plugin_home() as home:
        database = f"{home}/calls.db"
        env = tool.environment(HOME=home)
        del env["MSICCP_PLUGIN"]        # it is installed
        done = tool.run("scan", folder, "-o", database, status=1, env=env, **tool.ordinary_user())
        assert "Permission denied" in done.stderr
        assert tool.rows(database, "SELECT status FROM captures ORDER BY status") == [
            ("failed",), ("ok",)]
        # Readable at last, it is scanned.
        (folder / "h323-busy-1731.pcap").chmod(0o644)
        tool.run("scan", folder, "-o", database, env=env, **tool.ordinary_user())
        assert tool.one(database, "SELECT count(*) FROM captures WHERE status = 'ok'") == 2


def test_root_reads_captures_that_nobody_else_may(folder, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root")
    copy(folder, "h323-busy-1731.pcap")
    (folder / "h323-busy-1731.pcap").chmod(0o600)
    folder.chmod(0o700)
    tool.run("scan", folder, "-o", tmp_path / "calls.db")
    assert tool.one(tmp_path / "calls.db", "SELECT outcome FROM calls") == "busy"


@pytest.mark.long
def test_killed_at_twenty_moments_nothing_is_lost_or_doubled(folder, tmp_path):
    database, straight = tmp_path / "killed.db", tmp_path / "straight.db"
    copy(folder, *(path.name for path in tool.CAPTURES.glob("derived-*.pcap")))
    chance = random.Random(1731)
    kills = 0
    while kills < 20:
        scan = tool.start("scan", folder, "-o", database, "--jobs", "2", "--json",
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # The first line is there once it works, or has seen what was stored before.
        scan.stdout.readline()
        time.sleep(chance.uniform(0, 0.2))
        scan.send_signal(signal.SIGKILL)
        kills += scan.wait() == -signal.SIGKILL
        scan.stdout.close()
        if scan.returncode == 0:        # it was done before the kill: begin again
            database.unlink()
    tool.run("scan", folder, "-o", database)
    tool.run("scan", folder, "-o", straight)
    assert tool.sqlite_content(database) == tool.sqlite_content(straight)
    assert tool.one(database, "PRAGMA integrity_check") == "ok"
    assert tool.rows(database, "PRAGMA foreign_key_check") == []


def test_progress_for_programs(folder, tmp_path):
    copy(folder, "h323-busy-1731.pcap")
    (folder / "none.pcap").write_text("not packets")
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db", "--json", status=1)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    by_name = {pathlib.Path(line["capture"]).name: line for line in lines[:-1]}
    assert by_name["h323-busy-1731.pcap"]["calls"] == 1
    assert by_name["none.pcap"]["status"] == "failed"
    assert lines[-1]["summary"]["scanned"] == 2 and lines[-1]["summary"]["failed"] == 1


def test_progress_on_a_terminal(folder, tmp_path):
    copy(folder, "h323-busy-1731.pcap", "h323-short-call-1731.pcap")
    ours, theirs = pty.openpty()
    scan = tool.start("scan", folder, "-o", tmp_path / "calls.db", stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:
            break
    assert scan.wait() == 0
    assert b"2/2 captures" in shown and b"left" in shown
    assert b"2 captures scanned, 2 calls" in shown


def test_a_name_cannot_steer_the_terminal(folder, tmp_path):
    (folder / "\x1b]0;title\x07.pcap").write_text("not packets")
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db", status=1)
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("arguments, told", [
    (["scan"], "PATH"),
    (["scan", "/nowhere"], "no file or folder /nowhere"),
    (["scan", tool.CALL, "--ports", "x"], "no list of ports"),
    (["scan", tool.CALL, "--preference", "x"], "NAME:VALUE"),
    (["scan", tool.CALL, "--jobs", "0"], "from 1 on"),
    (["scan", tool.CALL, "--plugin", "/nowhere.so"], "no plugin /nowhere.so"),
    (["none-such"], "invalid choice"),
])
def test_wrong_usage_is_status_2(arguments, told, tmp_path):
    done = tool.run(*arguments, *(["-o", tmp_path / "calls.db"] if len(arguments) > 1 else []),
                    status=2)
    assert told in done.stderr


def test_a_plugin_that_does_not_load(folder, tmp_path):
    (tmp_path / "msiccp.so").write_bytes(b"no library")
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db",
                    "--plugin", tmp_path / "msiccp.so", status=2)
    assert "does not load" in done.stderr


def test_a_plugin_that_is_too_old(folder, tmp_path):
    """One that has not the statistic that a scan asks for."""
    copy(folder, "h323-busy-1731.pcap")
    library = tool.PLUGIN.read_bytes()
    assert b"\0msiccp,cdr\0" in library
    (tmp_path / "msiccp.so").write_bytes(library.replace(b"\0msiccp,cdr\0", b"\0msiccp,cdx\0"))
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db",
                    "--plugin", tmp_path / "msiccp.so", status=2)
    assert "is too old: it has no -z msiccp,cdr" in done.stderr
    assert not (tmp_path / "calls.db").exists()


def test_two_scans_at_once_into_one_database(folder, tmp_path):
    copy(folder, *(path.name for path in tool.CAPTURES.glob("derived-*.pcap")))
    database = tmp_path / "calls.db"
    scans = [tool.start("scan", folder, "-o", database, "--jobs", "1",
                        stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [scan.wait(timeout=tool.TIME_LIMIT) for scan in scans] == [0, 0]
    tool.run("scan", folder, "-o", tmp_path / "straight.db")
    assert tool.sqlite_content(database) == tool.sqlite_content(tmp_path / "straight.db")
    # Whoever was last put the journal away.
    assert sorted(path.name for path in tmp_path.glob("calls.db*")) == ["calls.db"]


def test_odd_files_in_a_folder(folder, tmp_path):
    """Names that a shell, a terminal or a format would take for something else; and what is no
    file of bytes, which would be waited for without end."""
    names = ["a\nb.pcap", "it's \"quoted\".pcap", "%s%n.pcap", "-w out.pcap", "$(id);.pcap"]
    for name in names:
        shutil.copy(tool.SHORT_CALL, folder / name)
    os.mkfifo(folder / "waits.pcap")
    (folder / "round").symlink_to(folder)
    (folder / "self.pcap").symlink_to("self.pcap")
    (folder / "zero.pcap").symlink_to("/dev/zero")
    database = tmp_path / "calls.db"
    done = tool.run("scan", folder, "-o", database)
    found = tool.rows(database, "SELECT name, outcome FROM call_list JOIN captures "
                                "ON captures.id = capture_id ORDER BY name")
    assert found == [(str(folder / name), "answered") for name in sorted(names)]
    tool.run("split", database, "--to", tmp_path / "calls")
    assert len(list((tmp_path / "calls").iterdir())) == len(names)
    assert "5 captures scanned" in done.stderr
    # Named itself, it is no capture either.
    done = tool.run("scan", folder / "waits.pcap", "-o", database, status=2)
    assert "waits.pcap is no file" in done.stderr


def test_a_database_that_cannot_be_written(folder, tmp_path):
    """In a folder that is not ours, and on a file system that is full."""
    copy(folder, "h323-busy-1731.pcap")
    done = tool.run("scan", folder, "-o", "/proc/calls.db", status=1)
    assert "/proc/calls.db: unable to open database file" in done.stderr
    assert "Traceback" not in done.stderr


def test_interrupted_by_its_user(folder, tmp_path):
    copy(folder, *(path.name for path in tool.CAPTURES.glob("derived-*.pcap")))
    database = tmp_path / "calls.db"
    # Where the tests themselves run in the background, they were told to ignore the signal.
    scan = tool.start("scan", folder, "-o", database, "--jobs", "1", "--json",
                      preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    scan.stdout.readline()
    scan.send_signal(signal.SIGINT)
    _out, err = scan.communicate(timeout=60)
    assert scan.returncode == 130 and "Traceback" not in err
    assert "goes on from there" in err
    assert tool.one(database, "PRAGMA integrity_check") == "ok"


def test_a_database_that_is_not_ours_is_left_alone(folder, tmp_path):
    copy(folder, "h323-busy-1731.pcap")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    assert "holds other tables" in tool.run("scan", folder, "-o", other, status=2).stderr
    assert tool.rows(other, "SELECT name FROM sqlite_master") == [("theirs",)]
    (tmp_path / "text.db").write_text("this is text, not a database" * 100)
    assert "not a database" in tool.run("scan", folder, "-o", tmp_path / "text.db",
                                        status=1).stderr


def test_a_database_of_a_later_version_is_left_alone(folder, tmp_path):
    copy(folder, "h323-busy-1731.pcap")
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    tool.rows(database, "PRAGMA user_version = 1000")
    assert "later msiccp-calls" in tool.run("scan", folder, "-o", database, status=2).stderr


def test_a_tshark_without_the_plugin_is_started_again(folder, tmp_path):
    program, once = folder.parent / "tshark", folder.parent / "once"
    program.write_text(f"""#!/bin/sh
case "$*" in *-r*msiccp,cdr*)
    [ ! -e {once} ] || {{ rm {once}; echo 'tshark: Invalid -z argument "msiccp,cdr"; one of:' >&2; exit 1; }} ;;
esac
exec {shutil.which(tool.TSHARK)} "$@"
""")
    program.chmod(0o755)
    folder.parent.chmod(0o777)      # where an ordinary user removes the file
    once.touch()
    shutil.copy(tool.SHORT_CALL, folder)
    tool.run("scan", folder, "-o", tmp_path / "calls.db", env=tool.environment(MSICCP_TSHARK=str(program)))
    assert not once.exists() and tool.one(tmp_path / "calls.db", "SELECT status FROM captures") == "ok"
