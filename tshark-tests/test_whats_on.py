"""script/whats-on: who listens on these ports of this machine, and what was said there.

The machine is a network namespace with a web server on port 1731 and a UDP port 1733 that is open; a
client asks the first, and is refused by port 1732.
"""

import os
import re
import shutil
import subprocess

import pytest

from support import files, tshark

SCRIPT = files.ROOT / "script" / "whats-on"
NAMESPACE = ["unshare", *([] if files.AS_ROOT else ["--user", "--map-current-user", "--keep-caps"]), "--net", "--"]

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
until grep -q '^==> Capturing' messages; do
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


# The script starts tshark without the library that a plugin with sanitizers needs.
pytestmark = pytest.mark.skipif("MSICCP_PRELOAD" in os.environ, reason="the script preloads nothing")


def whats_on(*args):
    return subprocess.run(
        [SCRIPT, *args], capture_output=True, text=True, check=False, timeout=tshark.TIME_LIMIT,
        env=tshark.plugin.environment(tshark.plugin.home) | {"MSICCP_PLUGIN": str(tshark.PLUGIN)})


@pytest.fixture(scope="module")
def machine():
    for program in ("unshare", "ip", "ss", "dumpcap"):
        if not shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            pytest.skip(f"{program} is not installed: script/bootstrap test")
    attempt = subprocess.run([*NAMESPACE, "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False)
    if attempt.returncode != 0:
        pytest.skip(f"this machine lets users make no networks: {attempt.stderr.strip()}")
    return subprocess.run(
        [*NAMESPACE, "sh", "-euc", MACHINE, "sh", "/usr/bin/python3", SCRIPT, "-t", "5"],
        cwd=files.scratch("machine-"), capture_output=True, text=True, check=False, timeout=tshark.TIME_LIMIT,
        env=tshark.plugin.environment(tshark.plugin.home) | {"MSICCP_PLUGIN": str(tshark.PLUGIN)})


def test_listeners_are_shown_with_their_programs(machine):
    web, udp = machine.stdout.splitlines()[0].split()
    rows = [line.split() for line in machine.stdout.splitlines() if re.match(r"  (tcp|udp) ", line)]
    assert sorted(row[:2] for row in rows) == [["tcp", "127.0.0.1:1731"], ["udp", "127.0.0.1:1733"]]
    assert f"python3 (pid {web})" in machine.stdout
    assert f"python3 (pid {udp})" in machine.stdout


def test_it_reports_what_was_said(machine):
    assert machine.returncode == 0, machine.stderr
    report = machine.stdout[machine.stdout.index("pid"):]
    assert "HTTP" in report
    assert re.search(r"127\.0\.0\.1\D+1731\b", report)
    rows = report.splitlines()
    refused = next(number for number, row in enumerate(rows) if re.match(r"127\.0\.0\.1 +1732/udp ", row))
    assert "1 refused" in rows[refused + 1]


def test_a_file_is_reported_without_the_listeners():
    done = whats_on(files.readable("foreign-tls-1731.pcap"))
    assert done.returncode == 0, done.stderr
    assert "TLS" in done.stdout
    assert "listen" not in done.stdout


@pytest.mark.parametrize(("args", "message"), [
    (["/nowhere/call.pcap"], "cannot read /nowhere/call.pcap"), (["-t", "soon"], "use it as"),
    (["one", "two"], "use it as"), (["nosuch0"], "'dumpcap -D' lists the interfaces")])
def test_what_cannot_be_is_said_plainly(args, message):
    done = whats_on(*args)
    assert done.returncode == 1
    assert message in done.stderr
