# SPDX-License-Identifier: GPL-2.0-or-later
"""The call records are the same, byte for byte, whatever the version of Wireshark.

expected-records.jsonl has the records of every capture; the tests run with each version's tshark
(script/test-on), so that all are compared with one another through that file. It is made again,
after a change of the captures or the records, by

    /usr/bin/python3 tshark-tests/test_versions.py
"""

import json
import pathlib

import pytest

from support import files, reports, tshark

EXPECTED = pathlib.Path(__file__).with_name("expected-records.jsonl")

# 149 calls that are all alike: nothing that the other captures do not have
LEFT_OUT = {"derived-segmented.pcap"}
# Of streams that come out of order, each release's own windows show other figures, and so do the records
# (report/rtp_figures.c).
OUT_OF_ORDER = {"h323-late-media-far-1731.pcap", "pair-delayed-far.pcap"}
CAPTURES = [capture for pattern in ("*.pcap*", "diagnosis/*", "pairs/*") for capture in files.captures(pattern)
            if capture.name not in LEFT_OUT]


def with_file(capture, lines):
    """The lines of the statistic, with the name of the file filled in."""
    return [line.replace('"capture_file":null', f'"capture_file":"{capture.name}"', 1) for line in lines]


def records_of(capture):
    """Asked for by themselves: no tree is made."""
    return with_file(capture, tshark.run(["-q", "-z", "msiccp,cdr"], capture).splitlines())


def assert_are_expected(capture, found):
    expected = [line for line in EXPECTED.read_text(encoding="utf-8").splitlines()
                if json.loads(line)["capture_file"] == capture.name]
    if capture.name in OUT_OF_ORDER and tshark.plugin.version >= (4, 2):
        found, expected = ([json.loads(line) | {"streams": None} for line in lines] for lines in (found, expected))
    assert found == expected


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.name)
def test_records_are_those_of_every_version(capture):
    """Asked for beside fields and other statistics."""
    assert_are_expected(capture, with_file(capture, reports.lines_of(reports.RECORDS, capture)))


@pytest.mark.each_capture
@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.name)
def test_records_are_those_of_every_version_asked_for_by_themselves(capture):
    assert_are_expected(capture, records_of(capture))


if __name__ == "__main__":
    lines = [line for capture in CAPTURES for line in records_of(capture)]
    EXPECTED.write_text("\n".join(lines) + "\n", encoding="utf-8")
