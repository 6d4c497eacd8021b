# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls across the files of a ring, and databases of an earlier version."""

import contextlib
import os
import shutil
import sqlite3
import subprocess

import pytest

import tool

RECORDINGS = ["h323-separate-h245-1731", "h323-tunnelled-1731", "h323-three-calls-at-once-1731",
              "h323-busy-1731", "h323-rejected-1731", "h323-no-answer-1731", "derived-nat",
              "synthetic-no-answer-20s"]
COMPARED = """start_us, setup_us, answer_us, release_us, setup_time_us, talk_time_us, caller_address,
              caller_port, caller_alias, callee_address, callee_port, callee_alias, call_reference,
              call_identifier, outcome, cause, released_by"""


def cut(folder, name, parts):
    """The recording in PARTS files, named as dumpcap -b names them."""
    capture = tool.CAPTURES / f"{name}.pcap"
    counted = subprocess.run(["capinfos", "-rcMT", capture], capture_output=True, text=True,
                             check=True).stdout
    packets = int(counted.split()[-1])
    subprocess.run(["editcap", "-c", str(-(-packets // parts)), capture, folder / f"{name}.pcap"],
                   check=True)


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ring")
    for path in (folder, *folder.parents[:-2]):
        path.chmod(path.stat().st_mode | 0o055)
    for name in RECORDINGS:
        cut(folder, name, 10)
    return folder


@pytest.mark.xdist_group("ring")
def test_parts_joined_and_files_joined_agree(ring, tmp_path):
    parts, files = tmp_path / "parts.db", tmp_path / "files.db"
    files_of_rings = len(list(ring.iterdir()))
    assert f"{files_of_rings} of them are files of rings (dumpcap -b): --rotated puts calls together" in \
        tool.run("scan", ring, "-o", parts).stderr
    assert "--rotated" not in tool.run("scan", ring, "-o", files, "--rotated").stderr
    assert tool.one(files, "SELECT count(*) FROM captures") == len(RECORDINGS)
    assert tool.one(files, "SELECT max(parts) FROM whole_calls") == 1
    whole = tool.rows(files, f"SELECT {COMPARED} FROM whole_calls ORDER BY 1, 2")
    assert tool.rows(parts, f"SELECT {COMPARED} FROM whole_calls ORDER BY 1, 2") == whole
    assert len(whole) == 10
    # Of an answered call in parts nothing is said that its parts cannot tell.
    assert tool.rows(parts, """SELECT DISTINCT answer_us IS NULL, failing FROM whole_calls
                               WHERE parts > 1 ORDER BY 1""") == [(0, None), (1, 1)]
    # The parts are kept.
    assert tool.one(parts, "SELECT sum(parts) FROM whole_calls") == tool.one(
        parts, "SELECT count(*) FROM calls")
    assert tool.one(parts, "SELECT count(*) FROM calls") > len(whole)


@pytest.mark.xdist_group("ring")
def test_the_files_of_a_ring_give_what_the_whole_recording_gives(ring, tmp_path):
    tool.run("scan", ring, "-o", tmp_path / "calls.db", "--rotated")
    tool.run("scan", *(tool.CAPTURES / f"{name}.pcap" for name in RECORDINGS),
             "-o", tmp_path / "straight.db")
    query = f"""SELECT {COMPARED}, record FROM calls JOIN records ON call_id = calls.id
                JOIN captures ON captures.id = capture_id WHERE name LIKE ? ORDER BY session"""

    def without_name(rows):
        return [row[:-1] + (row[-1].split(",", 2)[2],) for row in rows]

    for name in RECORDINGS:
        assert without_name(tool.rows(tmp_path / "calls.db", query, f"%/{name}_%")) == without_name(
            tool.rows(tmp_path / "straight.db", query, f"%/{name}.pcap"))


def test_a_ring_that_grows_is_scanned_again_and_replaces_its_parts(folder, tmp_path):
    cut(folder, "h323-tunnelled-1731", 4)
    *_, last = sorted(folder.iterdir())
    aside = tmp_path / last.name
    shutil.move(last, aside)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    assert tool.one(database, "SELECT outcome FROM whole_calls") == "incomplete"
    tool.run("scan", folder, "-o", database, "--rotated")
    assert tool.rows(database, "SELECT outcome FROM calls") == [("incomplete",)]
    shutil.move(aside, last)
    tool.run("scan", folder, "-o", database, "--rotated")
    assert tool.rows(database, "SELECT outcome FROM calls") == [("answered",)]
    assert tool.one(database, "SELECT count(*) FROM files") == 4
    assert "1 unchanged" in tool.run("scan", folder, "-o", database, "--rotated").stderr
    tool.run("scan", folder, "-o", database)        # and back to parts
    assert tool.rows(database, "SELECT outcome FROM whole_calls") == [("answered",)]
    assert tool.one(database, "SELECT count(*) FROM captures") == 4


def known_of(database):
    """Calls, sums of ports and files: without what numbers them."""
    return (tool.rows(database, f"SELECT {COMPARED}, verdict, explanation LIKE '%audio%' FROM calls ORDER BY 1, 2"),
            tool.rows(database, """SELECT address, port, transport, kind, ports.name, sum(connections),
                sum(bytes_to_server), sum(bytes_from_server), sum(refused), sum(unanswered)
                FROM ports GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""),
            tool.rows(database, "SELECT path, size FROM files ORDER BY 1"))


def grow(folder, files, database):
    """FILES come into being in FOLDER, which is scanned now and then."""
    for number, file in enumerate(files):
        content = file.read_bytes()
        (folder / file.name).write_bytes(content[:len(content) * 2 // 3])
        if number % 5 == 2:      # one that is being written is cut short
            tool.run("scan", folder, "-o", database, "--rotated", status=None)
        (folder / file.name).write_bytes(content)
        if number % 5 == 4:
            tool.run("scan", folder, "-o", database, "--rotated")
    tool.run("scan", folder, "-o", database, "--rotated")


@pytest.mark.long
def test_a_ring_that_grows_is_read_from_where_calls_are_up(folder, tmp_path):
    aside = tmp_path / "aside"
    aside.mkdir()
    subprocess.run(["editcap", "-i", "0.5", tool.CAPTURES / "h323-three-calls-in-a-row-1731.pcap",
                    aside / "ring.pcap"], check=True)
    files = sorted(aside.iterdir())
    grown, whole = tmp_path / "grown.db", tmp_path / "whole.db"
    first = "SELECT captures.name, scanned, count(*) FROM captures JOIN files ON capture_id = captures.id GROUP BY 1"
    grow(folder, files[:15], grown)
    before = tool.rows(grown, first)
    grow(folder, files[15:], grown)
    assert before[0] in tool.rows(grown, first) and 1 < before[0][2] < 15
    tool.run("scan", folder, "-o", whole, "--rotated")
    assert known_of(grown) == known_of(whole)
    assert tool.one(grown, """SELECT count(*) FROM records JOIN calls ON call_id = calls.id JOIN captures
        ON capture_id = captures.id WHERE json_extract(record, '$.capture_file') = name""") == 3
    captures = tool.one(grown, "SELECT count(*) FROM captures")
    assert captures > 2 and "0 captures scanned" in tool.run("scan", folder, "-o", grown, "--rotated").stderr
    # What has been written over is not forgotten.
    for file in files[:3]:
        (folder / file.name).unlink()
    tool.run("scan", folder, "-o", grown, "--rotated")
    assert known_of(grown) == known_of(whole)


@pytest.mark.long
@pytest.mark.slow
def test_a_ring_in_which_a_call_is_always_up_is_read_from_its_beginning(folder, tmp_path):
    aside = tmp_path / "aside"
    aside.mkdir()
    cut(aside, "h323-three-calls-at-once-1731", 10)
    grow(folder, sorted(aside.iterdir()), tmp_path / "grown.db")
    tool.run("scan", folder, "-o", tmp_path / "whole.db", "--rotated")
    assert known_of(tmp_path / "grown.db") == known_of(tmp_path / "whole.db")
    assert tool.one(tmp_path / "grown.db", "SELECT count(*) FROM captures") == 1


def test_calls_that_use_ports_again_are_not_joined(folder, tmp_path):
    """The same connection, call reference and ring, but each call has its own request and end."""
    cut(folder, "derived-ports-used-again", 6)
    tool.run("scan", folder, "-o", tmp_path / "calls.db")
    assert tool.rows(tmp_path / "calls.db", "SELECT outcome, release_us - setup_us < 5000000 "
                     "FROM whole_calls ORDER BY start") == [("answered", 1), ("answered", 1)]


def test_a_ring_with_a_file_that_is_no_capture(folder, tmp_path):
    cut(folder, "h323-tunnelled-1731", 3)
    first, second, _third = sorted(folder.iterdir())
    second.write_text("not packets")
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db", "--rotated", status=1)
    assert second.name in done.stderr
    assert tool.rows(tmp_path / "calls.db", "SELECT status FROM captures") == [("failed",)]


def test_dumpcap_names_its_files_as_we_read_them(folder, tmp_path):
    """A real ring of dumpcap's, of traffic in a network namespace of its own."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    script = f"""
        ip link set lo up
        dumpcap -q -i lo -b filesize:1 -w {folder}/night.pcapng & capture=$!
        sleep 1
        for i in $(seq 40); do printf '%900s' '' >/dev/udp/127.0.0.1/9; done
        sleep 1
        kill $capture; wait $capture"""
    subprocess.run(["unshare", "--net", "bash", "-c", script], check=False, capture_output=True)
    assert len(list(folder.iterdir())) > 2
    tool.run("scan", folder, "-o", tmp_path / "calls.db", "--rotated")
    assert tool.rows(tmp_path / "calls.db", "SELECT ring, status FROM captures") == [
        (f"{folder}/night_*.pcapng", "ok")]


def test_a_database_of_the_first_version_is_brought_up_to_date(folder, tmp_path):
    database = tmp_path / "calls.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.executescript((tool.ROOT / "tools/tests/version-1.sql").read_text())
    assert "brings it up to date" in tool.run("sql", database, "SELECT 1", status=2).stderr
    shutil.copy(tool.CAPTURES / "h323-busy-1731.pcap", folder)
    tool.run("scan", folder, "-o", database)
    assert tool.rows(database, "SELECT outcome, parts FROM whole_calls ORDER BY parts") == [
        ("busy", 1), ("busy", 4)]

    def shape(path):
        """Tables, columns and indexes."""
        with contextlib.closing(sqlite3.connect(path)) as connection:
            names = [name for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")]
            columns = {name: sorted(row[1] for row in connection.execute(
                f"PRAGMA table_info({name})")) for name in names}
            indexes = sorted(connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'index'"))
            return columns, indexes, connection.execute("PRAGMA user_version").fetchone()

    tool.run("scan", folder, "-o", tmp_path / "new.db")
    assert shape(database) == shape(tmp_path / "new.db")
