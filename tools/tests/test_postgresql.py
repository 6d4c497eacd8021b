# SPDX-License-Identifier: GPL-2.0-or-later
"""The same database on Debian's PostgreSQL server: a cluster of its own, on a socket of its own."""

import glob
import json
import os
import shutil
import subprocess

import pytest
import sqlalchemy

import tool

pytestmark = pytest.mark.xdist_group("archive")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a database in a running server."""
    folder = tmp_path_factory.mktemp("postgresql")
    user = {}
    if os.geteuid() == 0:
        for path in (folder, *folder.parents[:-2]):
            path.chmod(path.stat().st_mode | 0o055)
        shutil.chown(folder, "postgres", "postgres")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    programs = max(glob.glob("/usr/lib/postgresql/*/bin"))

    def do(name, *arguments):
        subprocess.run([f"{programs}/{name}", *arguments], check=True, cwd=folder,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **user)

    do("initdb", "-D", f"{folder}/data", "-U", "calls", "-A", "trust", "-E", "UTF8",
       "--locale=C.UTF-8", "--no-sync")
    do("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log",
       "-o", f"-c listen_addresses='' -k {folder}", "start")
    yield f"postgresql://calls@/postgres?host={folder}"
    do("pg_ctl", "-D", f"{folder}/data", "-w", "-m", "immediate", "stop")


def content(server):
    engine = sqlalchemy.create_engine(server)
    with engine.connect() as connection:
        def query(statement):
            result = connection.execute(sqlalchemy.text(statement))
            return list(result.keys()), [tuple(row) for row in result]
        found = tool.content(query)
    engine.dispose()
    return found


def test_the_same_rows_as_in_sqlite(server, archive):
    tool.run("scan", *tool.ARCHIVE, "-o", server)
    assert content(server) == tool.sqlite_content(archive)
    assert "0 captures scanned" in tool.run("scan", *tool.ARCHIVE, "-o", server).stderr


def test_every_view_says_the_same_as_in_sqlite(server, archive):
    tool.run("scan", *tool.ARCHIVE, "-o", server)
    views = [name for (name,) in tool.rows(
        archive, "SELECT name FROM sqlite_master WHERE type = 'view'")]
    assert len(views) > 10
    for view in views:
        columns = [row[1] for row in tool.rows(archive, f"PRAGMA table_info({view})")
                   if row[1] not in ("id", "capture_id", "whole_id", "example")]
        query = f"SELECT {', '.join(columns)} FROM {view}"
        engine = sqlalchemy.create_engine(server)
        with engine.connect() as connection:
            there = [tuple(row) for row in connection.execute(sqlalchemy.text(query))]
        engine.dispose()

        def comparable(rows):
            return sorted((tuple(value if isinstance(value, (str, type(None)))
                                 else round(float(value), 6) for value in row)
                           for row in rows), key=repr)
        assert comparable(there) == comparable(tool.rows(archive, query)), view


def comparable(rows):
    """Numbers are one kind or another, and rounded somewhere."""
    return sorted(([name, value if isinstance(value, (str, type(None))) else round(float(value), 6)]
                   for row in rows for name, value in row.items()), key=repr)


def test_a_report_of_some_calls_says_the_same_as_in_sqlite(server, archive):
    tool.run("scan", *tool.ARCHIVE, "-o", server)
    choice = ["--since", "2026-11-22", "--host", "near", "--failing", "--json"]
    told = [json.loads(tool.run("report", database, *choice).stdout) for database in (server, archive)]
    assert told[0]["totals"] == told[1]["totals"] and told[0]["totals"]["failing"] > 3
    for part in ("verdicts", "series", "pairs", "codecs"):
        assert comparable(told[0][part]) == comparable(told[1][part]), part
    assert "Only failing calls of near" in tool.run("report", server, *choice[:-1]).stdout


def test_a_changed_capture_replaces_its_rows(server, folder):
    capture = folder / "a.pcap"
    query = f"SELECT outcome FROM call_list WHERE capture = '{capture}'"
    shutil.copy(tool.CAPTURES / "h323-busy-1731.pcap", capture)
    tool.run("scan", folder, "-o", server)
    assert tool.run("sql", server, "--csv", query).stdout.split() == ["outcome", "busy"]
    shutil.copy(tool.SHORT_CALL, capture)
    tool.run("scan", folder, "-o", server)
    assert tool.run("sql", server, "--csv", query).stdout.split() == ["outcome", "answered"]


def test_sql_only_reads(server, folder):
    shutil.copy(tool.SHORT_CALL, folder)
    tool.run("scan", folder, "-o", server)
    for statement in ("DELETE FROM calls", "CREATE TABLE more (id integer)", "DELETE FROM calls RETURNING id"):
        done = tool.run("sql", server, statement, status=1)
        assert "that does not only read" in done.stderr and "CONTEXT" not in done.stderr
    assert tool.run("sql", server, "--csv", "SELECT 1 AS one WHERE 'ab' LIKE 'a%'").stdout == (
        "one\n1\n")


def test_a_server_that_is_not_there(folder):
    shutil.copy(tool.SHORT_CALL, folder)
    done = tool.run("scan", folder, "-o", "postgresql://calls@/postgres?host=/nowhere", status=1)
    assert "/nowhere" in done.stderr and "Traceback" not in done.stderr
