# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/ARCHIVES.md and the manual page say what there is; the ten questions have answers."""

import contextlib
import itertools
import re
import shutil
import sqlite3
import subprocess

import pytest

import tool
from support import documents

pytestmark = pytest.mark.xdist_group("archive")

TEXT = (tool.ROOT / "docs/ARCHIVES.md").read_text()
MANUAL = (tool.ROOT / "docs/msiccp-calls.1").read_text()
QUESTIONS = re.findall(r"^(\d+)\. (.+?)\n\n((?: {7,8}.*\n)+)", TEXT, re.MULTILINE)
COMMANDS = ("scan", "report", "split", "audio", "anonymise", "whats-on", "sql", "compare", "watch")


def test_every_table_and_column_is_described(archive):
    with contextlib.closing(sqlite3.connect(archive)) as connection:
        tables = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")]
        views = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view'")]
        for table in tables:
            (row,) = re.findall(rf"^\| `{table}` \|.*$", TEXT, re.MULTILINE)
            described = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", row.split("|")[3]))
            columns = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
            assert sorted(described) == sorted(columns), table
    for view in views:
        assert re.search(rf"^\|[^|]*`{view}`", TEXT, re.MULTILINE), view


@pytest.fixture(scope="module")
def answering(archive, tmp_path_factory):
    """The archive of the project's captures, moved to the present: now is what "last week" is
    about. And a server, as plugins with ports_json tell of it."""
    database = tmp_path_factory.mktemp("questions") / "calls.db"
    shutil.copy(archive, database)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("""UPDATE calls SET start = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 day')
                              WHERE start > '2026'""")
        connection.execute("""INSERT INTO ports (capture_id, number, address, port, transport, kind,
                              name, connections, record)
                              VALUES (1, 1000, '10.0.0.1', 1731, 'tcp', 'foreign', 'TLS', 3, '{}')""")
        connection.execute("UPDATE streams SET negotiated_codec = 'g7231' WHERE id = 1")
        connection.commit()
    return database


def test_there_are_ten_questions():
    assert [number for number, _question, _sql in QUESTIONS] == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("number, question, sql", QUESTIONS, ids=lambda value: value[:30])
def test_a_question_has_an_answer(number, question, sql, answering):
    lines = tool.run("sql", answering, "--csv", sql).stdout.splitlines()
    assert len(lines) > 1, question
    if number == "1":
        assert any("derived-one-way-media.pcap" in line for line in lines)
    if number == "3":
        assert "10.0.0.1,foreign,TLS,3" in lines
    if number == "8":
        assert any("192.0.2.20" in line for line in lines)


def test_forms_of_answers(archive):
    query = "SELECT outcome, count(*) AS calls FROM calls WHERE outcome = 'busy' GROUP BY outcome"
    (row,) = tool.rows(archive, query)
    assert tool.run("sql", archive, "--csv", query).stdout == f"outcome,calls\nbusy,{row[1]}\n"
    assert tool.run("sql", archive, "--json", query).stdout == (
        f'{{"outcome": "busy", "calls": {row[1]}}}\n')
    assert re.search(rf"busy +{row[1]}\b", tool.run("sql", archive, query).stdout)
    assert "no such table" in tool.run("sql", archive, "SELECT * FROM none_such", status=1).stderr
    assert "does not only read" in tool.run("sql", archive, "DELETE FROM calls", status=1).stderr
    assert "there is no database" in tool.run("sql", "/nowhere.db", "SELECT 1", status=2).stderr


def test_text_of_a_capture_is_no_formula_of_a_spreadsheet(archive):
    query = """SELECT '=1+2' AS a, '+49' AS b, '-1' AS c, '@x' AS d, char(9) || '=1' AS e, -1 AS f,
                      'x=1' AS g"""
    assert tool.run("sql", archive, "--csv", query).stdout == (
        "a,b,c,d,e,f,g\n'=1+2,'+49,'-1,'@x,'\t=1,-1,x=1\n")
    assert '"a": "=1+2"' in tool.run("sql", archive, "--json", query).stdout


SHOWN = {document: list(blocks) for document, blocks in itertools.groupby(
    (block for block in documents.blocks() if block.is_transcript and block.runs_msiccp_calls),
    lambda block: block.document)}


@pytest.mark.parametrize("document", SHOWN)
def test_what_a_document_shows_is_what_is_printed(document, folder):
    """One after the other, where the captures are: a later command takes up what an earlier one has written."""
    shutil.copytree(tool.CAPTURES, folder / "test-captures")
    programs = folder.parent / "bin"
    programs.mkdir()
    (programs / "msiccp-calls").symlink_to(tool.PROGRAM)
    environment = tool.environment()
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    for block in SHOWN[document]:
        documents.check(block, lambda command: documents.run(command, cwd=folder, env=environment))


def test_pictures_of_pages_show_what_is_said_today():
    done = subprocess.run([tool.ROOT / "script" / "make-page-pictures", "--check"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr


def options_of(command):
    return set(re.findall(r"(?<![\w-])(--[a-z]+)", tool.run(command, "--help").stdout)) - {"--help"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_parse(command):
    text = tool.run(command, "--help").stdout
    examples = re.findall(rf"^  msiccp-calls {command} (.+)$", text, re.MULTILINE)
    assert examples
    for example in examples:
        options = set(re.findall(r"(?<![\w-])(--[a-z]+)", example))
        assert options <= options_of(command), example


def test_help_needs_nothing(tmp_path):
    """With Python's own modules alone, and where nothing could be installed or built."""
    for command in ("", *COMMANDS):
        done = subprocess.run([tool.PYTHON, "-S", tool.PROGRAM, *filter(None, [command]), "--help"], env={},
                              capture_output=True, text=True, check=True)
        assert done.stdout.startswith("usage: msiccp-calls")
    for program in ("bash", "sed", "grep", "basename", "dirname", "python3"):
        (tmp_path / program).symlink_to(shutil.which(program))
    scripts = [path for path in (tool.ROOT / "script").iterdir()
               if path.read_bytes().startswith(b"#!/usr/bin/env bash") and not path.suffix]
    assert len(scripts) > 20
    for script in scripts:
        done = subprocess.run(["/bin/bash", script, "--help"], env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
                              capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        assert done.stdout and done.stderr == "", script


@pytest.mark.parametrize("command", COMMANDS)
def test_the_manual_has_every_option(command):
    section = MANUAL.split(f".SS {command}\n".replace("-", r"\-"))[1].split(".SS ")[0].split(".SH ")[0]
    section += MANUAL.split(".SH DECODING")[1].split(".SH ")[0]
    text = section.replace("\\-", "-")
    assert {option for option in options_of(command) if option not in text} == set()


def test_the_manual_is_well_formed():
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed")
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning",
                           tool.ROOT / "docs/msiccp-calls.1"], capture_output=True, text=True,
                          check=False)
    assert done.stdout == ""


def test_the_version_is_the_projects():
    version = re.search(r"set\(MSICCP_VERSION ([0-9.]+)\)",
                        (tool.ROOT / "CMakeLists.txt").read_text())[1]
    assert tool.run("--version").stdout == f"msiccp-calls {version}\n"
    assert f'"msiccp {version}"' in MANUAL


def test_what_is_missing_is_said_by_its_package(archive, tmp_path):
    """A Python that does not find the library."""
    for module, package, arguments in (
            ("sqlalchemy", "python3-sqlalchemy", ["report", archive]),
            ("rich", "python3-rich", ["report", archive]),
            ("jinja2", "python3-jinja2", ["report", archive, "--html", tmp_path / "x.html"]),
            ("matplotlib", "python3-matplotlib", ["report", archive, "--html", tmp_path / "x"]),
            ("gi", "python3-gi", ["audio", tool.CALL, "-o", tmp_path / "x.wav"]),
            ("numpy", "python3-numpy", ["compare", tool.CALL, tool.CALL]),
            ("psycopg2", "python3-psycopg2", ["sql", "postgresql://x/y", "SELECT 1"]),
            ("distributed", "python3-distributed",
             ["scan", tool.CALL, "-o", tmp_path / "x.db", "--scheduler", "tcp://127.0.0.1:9"])):
        hidden = tmp_path / module
        hidden.mkdir()
        (hidden / "sitecustomize.py").write_text(
            "import sys\n"
            "class Hide:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            f"        if name == '{module}':\n"
            "            raise ModuleNotFoundError(f'No module named {name}', name=name)\n"
            "sys.meta_path.insert(0, Hide())\n")
        done = tool.run(*arguments, status=2, env=tool.environment(PYTHONPATH=str(hidden)))
        assert f"sudo apt install {package}" in done.stderr, module
        if module in ("jinja2", "matplotlib", "gi", "psycopg2", "distributed"):
            # What does without it goes on.
            tool.run("report", archive, env=tool.environment(PYTHONPATH=str(hidden)))
