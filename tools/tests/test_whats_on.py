# SPDX-License-Identifier: GPL-2.0-or-later
"""msiccp-calls whats-on: who has these ports of this machine, and what was said there.

The machine is a network namespace with a web server on port 1731 and a UDP port 1733 that is open; a
client asks the first, stays connected to it, and is refused by port 1732.
"""

import os
import re
import shutil
import subprocess

import pytest

import tool

NAMESPACE = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]),
             "--net", "--"]

# Its arguments: python3, whats-on and its arguments.
MACHINE = """
python=$1
shift
ip link set lo up
"$python" -m http.server 1731 --bind 127.0.0.1 --directory . 2>requests &
web=$!
"$python" -c '
import socket, time
open_port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
open_port.bind(("127.0.0.1", 1733))
time.sleep(60)' &
open=$!
trap 'kill $web $open' EXIT
echo "$web $open"
until [ "$(ss -Hltun | grep -c ':173[13] ')" = 2 ]; do sleep 0.1; done
"$@" 2>messages &
script=$!
until grep -q 'capturing ports' messages; do
    kill -0 $script || { cat messages >&2; exit 1; }
    sleep 0.1
done
sleep 1.5
"$python" -c '
import socket, urllib.request
urllib.request.urlopen("http://127.0.0.1:1731/").read()
refused = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
refused.sendto(b"anybody?", ("127.0.0.1", 1732))'
status=0
wait $script || status=$?
cat messages >&2
exit $status
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    for program in ("unshare", "ip", "ss", "dumpcap"):
        if not shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            pytest.skip(f"{program} is not installed: script/bootstrap tools")
    attempt = subprocess.run([*NAMESPACE, "ip", "link", "set", "lo", "up"], capture_output=True,
                             text=True, check=False)
    if attempt.returncode != 0:
        pytest.skip(f"this machine lets users make no networks: {attempt.stderr.strip()}")
    return subprocess.run(
        [*NAMESPACE, "sh", "-euc", MACHINE, "sh", tool.PYTHON, *tool.command("whats-on", "-t", "8")],
        cwd=tmp_path_factory.mktemp("machine"), capture_output=True, text=True, check=False,
        timeout=tool.TIME_LIMIT, env=tool.environment())


def test_programs_are_shown_with_what_they_have(machine):
    web, udp = machine.stdout.splitlines()[0].split()
    rows = [line.split() for line in machine.stdout.splitlines() if re.match(r"  (tcp|udp) ", line)]
    assert [row[:3] for row in rows if row[2] == "listens"] == [
        ["tcp", "127.0.0.1:1731", "listens"], ["udp", "127.0.0.1:1733", "listens"]]
    assert f"python3 (pid {web})" in machine.stdout
    assert f"python3 (pid {udp})" in machine.stdout


def test_it_reports_what_was_said(machine):
    assert machine.returncode == 0, machine.stderr
    report = machine.stdout[machine.stdout.rindex("(pid"):]
    assert "HTTP" in report
    assert re.search(r"127\.0\.0\.1\D+1731\b", report)
    rows = report.splitlines()
    refused = next(number for number, row in enumerate(rows)
                   if re.match(r"127\.0\.0\.1 +1732/udp ", row))
    assert "1 refused" in rows[refused + 1]


def test_a_file_is_reported_without_the_programs():
    done = tool.run("whats-on", tool.CAPTURES / "foreign-tls-1731.pcap")
    assert "TLS" in done.stdout and "listens" not in done.stdout


@pytest.mark.parametrize(("arguments", "status", "message"), [
    (["/nowhere/call.pcap"], 2, "cannot read /nowhere/call.pcap"), (["-t", "soon"], 2, "from 1 on"),
    (["one", "two"], 2, "unrecognized"), (["nosuch0"], 1, "'dumpcap -D' lists the interfaces")])
def test_what_cannot_be_is_said_plainly(arguments, status, message):
    assert message in tool.run("whats-on", *arguments, status=status).stderr


def test_a_shell_completes_commands_and_options(tmp_path):
    for typed, completed in (("wh", "whats-on"), ("audio --longest", "--longest-gap"),
                             ("anonymise --sess", "--session")):
        line = f"msiccp-calls {typed}"
        tool.run(env=tool.environment(
            _ARGCOMPLETE="1", COMP_LINE=line, COMP_POINT=str(len(line)), _ARGCOMPLETE_IFS="\n",
            _ARGCOMPLETE_STDOUT_FILENAME=str(tmp_path / "answer")))
        assert (tmp_path / "answer").read_text().split() == [completed]


def test_it_can_be_installed_by_pip(tmp_path):
    """As pipx does: from a copy of the project, in which nothing is built."""
    project = tmp_path / "project"
    shutil.copytree(tool.ROOT / "tools" / "msiccp_calls", project / "tools" / "msiccp_calls",
                    ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tool.ROOT / "pyproject.toml", project)
    subprocess.run([tool.PYTHON, "-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps",
                    "--no-index", "--target", tmp_path / "there", project], check=True,
                   env=tool.environment(PIP_ROOT_USER_ACTION="ignore"))
    installed = tmp_path / "there"
    done = subprocess.run([installed / "bin" / "msiccp-calls", "report", "nowhere.db"], text=True,
                          capture_output=True, check=False, env=tool.environment(
                              PYTHONPATH=str(installed)))
    assert done.returncode == 2 and "there is no database nowhere.db" in done.stderr
    modules = {str(path.relative_to(tool.ROOT / "tools")) for path in
               (tool.ROOT / "tools" / "msiccp_calls").rglob("*") if path.suffix in (".py", ".html", ".css", ".js")}
    assert all((installed / module).exists() for module in modules)


ELSEWHERE = """
import concurrent.futures.process, ctypes, importlib, multiprocessing, os, pkgutil, sqlite3
import subprocess, sys, tempfile, sqlalchemy
sys.path.insert(0, sys.argv[1])
for name in ("fcntl", "pwd", "grp", "resource", "termios"):
    sys.modules[name] = None
for name in ("geteuid", "getuid", "fork", "setuid", "setgid", "setgroups", "O_NOFOLLOW", "O_NONBLOCK"):
    if hasattr(os, name):
        delattr(os, name)
sys.platform = sys.argv[2]
os.environ["ProgramFiles"] = os.environ["HOME"] = sys.argv[3]
os.environ["PATH"] = "/nowhere"
os.environ["PATHEXT"] = ".exe"
import msiccp_calls
for module in pkgutil.walk_packages(msiccp_calls.__path__, "msiccp_calls."):
    importlib.import_module(module.name)
from msiccp_calls.common import files, programs
with files.temporary_file() as file:
    file.write(b"a")
with files.whole(os.path.join(sys.argv[3], "page")) as file:
    file.write(b"b")
print(programs.find_tshark())
"""


@pytest.mark.parametrize("platform, place", [
    ("win32", "Wireshark/tshark.exe"), ("darwin", "Applications/Wireshark.app/Contents/MacOS/tshark")])
def test_without_what_only_unix_has(platform, place, tmp_path):
    """As near to Windows and macOS as Linux gets: neither module nor call of POSIX is needed, and
    tshark is found where installers put it. Its temporary folder is its own: without locks it would
    take what other runs have open for left behind, since Unix lets an open file be removed."""
    program = tmp_path / place
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    done = subprocess.run([tool.PYTHON, "-c", ELSEWHERE, tool.ROOT / "tools", platform, tmp_path],
                          capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path),
                               "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.stderr == "" and done.stdout.strip() == str(program)
    assert (tmp_path / "page").read_bytes() == b"b"
