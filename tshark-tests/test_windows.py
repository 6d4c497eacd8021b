# SPDX-License-Identifier: GPL-2.0-or-later
"""What script/test-on windows takes for the same, for different, and for a dissector that is not there."""

import subprocess
import sys

import pytest

from support import files

COMPARE = files.ROOT / "tshark-tests" / "windows" / "compare.py"
ANSWER = "1\teth:ip:tcp:msiccp:rare\tMSICCP\tSETUP\t1\n======== MSICCP calls\n"


@pytest.fixture
def compared(tmp_path):
    """Runs compare.py with this on the side of Windows, and gives its status and what it prints."""
    def compare(answer, protocols="eth\nip\ntcp\nmsiccp\nrare\n"):
        for side, text, has in (("linux", ANSWER, "eth\nip\ntcp\nmsiccp\nrare\n"), ("windows", answer, protocols)):
            (tmp_path / side).mkdir()
            (tmp_path / side / "call.pcap.one-pass").write_text(text)
            (tmp_path / side / "protocols").write_text(has)
            (tmp_path / side / "seconds").write_text("1\n")
        done = subprocess.run([sys.executable, COMPARE, tmp_path / "linux", tmp_path / "windows"], check=False,
                              capture_output=True, text=True)
        return done.returncode, done.stdout
    return compare


def test_the_same_is_the_same(compared):
    assert compared(ANSWER) == (0, "1 answers about 1 captures and 0 cut ones: 1 the same, 0 differ, 0 of dissectors "
                                   "that are not there; 1 s on Linux, 1 s under Wine\n")


@pytest.mark.parametrize(("answer", "told"), [
    (ANSWER.replace("SETUP", "CONNECT"), "Windows: 1\teth:ip:tcp:msiccp:rare\tMSICCP\tCONNECT\t1"),
    (ANSWER.replace("calls\n", "calls"), "Windows: (nothing more)"),
    (ANSWER + "!! status 3\n", "Windows: !! status 3"),
    ("", "Windows: "),
])
def test_what_differs_is_shown_and_fails(compared, answer, told):
    status, printed = compared(answer)
    assert status == 1
    assert printed.startswith("call.pcap.one-pass: line ")
    assert told in printed


def test_a_dissector_that_is_not_there_is_named(compared):
    status, printed = compared(ANSWER.replace(":rare", ""), "eth\nip\ntcp\nmsiccp\n")
    assert status == 0
    assert printed.startswith("call.pcap.one-pass: not built with rare; line 1\n")


def test_an_answer_that_is_missing_fails(compared, tmp_path):
    assert compared(ANSWER)[0] == 0
    (tmp_path / "windows" / "call.pcap.one-pass").unlink()
    done = subprocess.run([sys.executable, COMPARE, tmp_path / "linux", tmp_path / "windows"], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 1
    assert "the two were not asked the same: ['call.pcap.one-pass']" in done.stderr
