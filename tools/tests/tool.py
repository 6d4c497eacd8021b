# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the real msiccp-calls, which runs the real tshark with the built plugin.

    import tool
    tool.run("scan", folder, "-o", database)
    tool.rows(database, "SELECT ...")

MSICCP_PLUGIN and MSICCP_TSHARK as for script/test. Tests that start as root start the program as
root too, which then runs tshark as an ordinary user.
"""

import atexit
import contextlib
import functools
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "tools" / "msiccp-calls"
CAPTURES = ROOT / "test-captures"
PLUGIN = pathlib.Path(os.environ.get("MSICCP_PLUGIN") or ROOT / "build" / "msiccp.so").resolve()
TSHARK = os.environ.get("MSICCP_TSHARK") or "tshark"
PYTHON = "/usr/bin/python3"
TIME_LIMIT = 300

# What tshark tells of itself is kept here, and not among what is the user's.
CACHE = tempfile.mkdtemp(prefix="msiccp-test-cache-")
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)

# A capture of each kind, less those of which there are many alike.
ARCHIVE = [path for path in sorted(CAPTURES.glob("*.pcap"))
           if not path.name.startswith(("h323-fail-", "foreign-", "synthetic-native-"))]
CALL = CAPTURES / "h323-separate-h245-1731.pcap"
SHORT_CALL = CAPTURES / "h323-short-call-1731.pcap"


def environment(**more):
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8",
            "MSICCP_PLUGIN": str(PLUGIN), "MSICCP_TSHARK": TSHARK,
            "XDG_CACHE_HOME": CACHE, "PYTHONDONTWRITEBYTECODE": "1"} | more


def command(*arguments):
    return [PYTHON, str(PROGRAM), *map(str, arguments)]


def start(*arguments, **more):
    """The program started: a Popen."""
    return subprocess.Popen(command(*arguments), env=environment(), stdin=subprocess.DEVNULL,
                            **more)


def peak_memory(*arguments, **streams):
    """MiB that msiccp-calls itself had at most; tshark is not counted."""
    process = start(*arguments, stderr=subprocess.DEVNULL, **streams)
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peak = max(peak, int(status.split("VmHWM:")[1].split()[0]))
        time.sleep(0.05)
    assert process.returncode == 0
    return peak / 1024


def run(*arguments, status=0, env=None, **more):
    """The program run to its end, which must have STATUS (None: any): a CompletedProcess, with text."""
    done = subprocess.run(command(*arguments), env=env or environment(),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=TIME_LIMIT, check=False, **more)
    assert status is None or done.returncode == status, (
        f"$ msiccp-calls {' '.join(map(str, arguments))}\nexit status {done.returncode}, "
        f"expected {status}\n{done.stdout}{done.stderr}")
    return done


def rows(database, query, *values):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(query, values).fetchall()


def one(database, query, *values):
    """The only value of the only row."""
    (row,) = rows(database, query, *values)
    (value,) = row
    return value


# What names a row, without the numbers that the database gives out, and without times of the scan.
TABLES = {
    "captures": "SELECT name, size, status, message, options, tshark, plugin FROM captures",
    "files": """SELECT name, position, path, files.size, sha256
                FROM files JOIN captures ON captures.id = capture_id""",
    "calls": "SELECT name, calls.* FROM calls JOIN captures ON captures.id = capture_id",
    "records": """SELECT name, session, record FROM records JOIN calls ON calls.id = call_id
                  JOIN captures ON captures.id = capture_id""",
    "streams": """SELECT name, session, streams.* FROM streams JOIN calls ON calls.id = call_id
                  JOIN captures ON captures.id = capture_id""",
    "findings": """SELECT name, session, findings.* FROM findings JOIN calls ON calls.id = call_id
                   JOIN captures ON captures.id = capture_id""",
    "ports": "SELECT captures.name, ports.* FROM ports JOIN captures ON captures.id = capture_id",
}


def content(query):
    """What a database holds: all rows of all tables, sorted. QUERY runs a SELECT and returns
    the names of its columns and its rows."""
    result = {}
    for table, statement in TABLES.items():
        names, found = query(statement)
        keep = [index for index, name in enumerate(names)
                if name != "id" and not name.endswith("_id")]
        result[table] = sorted((tuple(row[index] for index in keep) for row in found), key=repr)
    return result


def sqlite_content(database):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        def query(statement):
            cursor = connection.execute(statement)
            return [column[0] for column in cursor.description], cursor.fetchall()
        return content(query)


@functools.lru_cache(maxsize=None)
def records(capture, *arguments):
    """What tshark itself prints of CAPTURE, in a home of our own: the records."""
    with plugin_home() as home:
        done = subprocess.run(
            [TSHARK, "-q", "-n", *arguments, "-r", "-", "-z", "msiccp,cdr"],
            stdin=open(capture, "rb"), capture_output=True, check=False, cwd="/",
            env={"PATH": os.environ["PATH"], "HOME": home}, **ordinary_user())
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def ordinary_user():
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


@contextlib.contextmanager
def plugin_home():
    """A home folder of an ordinary user who has installed the plugin."""
    with tempfile.TemporaryDirectory(prefix="msiccp-home-") as home:
        os.chmod(home, 0o755)
        shown = subprocess.run([TSHARK, "-G", "folders"], capture_output=True, text=True,
                               env={"PATH": os.environ["PATH"], "HOME": home}, check=True).stdout
        folder = next(line.split(":", 1)[1].strip() for line in shown.splitlines()
                      if line.startswith("Personal Plugins:"))
        os.makedirs(f"{folder}/epan")
        shutil.copyfile(PLUGIN, f"{folder}/epan/msiccp.so")
        for path in [home, *map(str, pathlib.Path(home).rglob("*"))]:
            os.chmod(path, 0o755)
            if os.geteuid() == 0:
                shutil.chown(path, "nobody", "nogroup")
        yield home
