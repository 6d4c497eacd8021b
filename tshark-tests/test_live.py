# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls are followed while they are captured: a recording is played into a network of the test's own.

The network is a namespace with two interfaces that are one wire, and needs no rights beyond the
user's: it comes with a user namespace, in which the user may capture.
"""

import shutil
import subprocess

import pytest

from support import files, tshark

pytestmark = pytest.mark.slow

CALLS = "h323-three-calls-in-a-row-1731.pcap"
NAMESPACE = ["unshare", "--user", "--map-current-user", "--keep-caps", "--net", "--"]
WIRE = "ip link add name near type veth peer name far && ip link set near up && ip link set far up"

# Its arguments: tshark, the capture.
CAPTURE_WHILE_PLAYING = WIRE + """
mkfifo lines
"$1" -i far -n -l -Y msiccp.outcome -z msiccp,calls >lines 2>messages &
exec 3<lines
tries=100
until grep -q 'Capturing on' messages; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { cat messages >&2; exit 1; }
    sleep 0.2
done
tcpreplay -q -i near --multiplier=20 "$2" >/dev/null
for call in 1 2 3; do
    read -r line <&3
    printf 'while capturing: %s\\n' "$line"
done
kill -INT $!
cat <&3
wait
"""


@pytest.fixture(scope="module")
def captured():
    for program in ("unshare", "ip", "tcpreplay", "dumpcap"):
        if not shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            pytest.skip(f"{program} is not installed: script/bootstrap test")
    attempt = tshark.start([*NAMESPACE, "sh", "-c", WIRE])
    if attempt.returncode != 0:
        pytest.skip(f"this machine lets users make no networks: {attempt.stderr.strip()}")
    folder = files.scratch("live-")
    done = subprocess.run(
        [*tshark.AS_ORDINARY_USER, *NAMESPACE, "sh", "-euc", CAPTURE_WHILE_PLAYING, "sh", shutil.which(tshark.TSHARK),
         files.readable(CALLS)],
        cwd=folder, env=tshark.plugin.environment(tshark.plugin.home), capture_output=True, text=True,
        check=False, timeout=tshark.TIME_LIMIT)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_calls_end_one_after_the_other(captured):
    ends = [line for line in captured if line.startswith("while capturing")]
    assert len(ends) == 3
    assert all("release near" in line for line in ends)


def test_the_table_has_them_all(captured):
    table = captured[3:]
    assert table[0].startswith("======== MSICCP calls")
    assert sum("answered (16)" in line for line in table) == 3
    assert sum("G.711 mu-law" in line and ", negotiated" in line for line in table) == 6
