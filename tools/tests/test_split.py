# SPDX-License-Identifier: GPL-2.0-or-later
"""msiccp-calls split: a capture per call."""

import json
import os
import pathlib
import re
import shutil

import pytest

import tool

pytestmark = pytest.mark.xdist_group("split")

# Told of one call by itself as of the same call among others.
KEPT = ["coding", "call_reference", "call_id", "caller", "callee", "setup_time_us", "ring_time_us",
        "talk_time_us", "state", "outcome", "cause", "released_by"]


def told(record):
    """What must not change; frames are numbered anew."""
    streams = [{key: value for key, value in stream.items() if key not in ("first", "last", "codecs")} |
               {"codecs": [(part["codec"], part["packets"]) for part in stream["codecs"]]}
               for stream in record["streams"]]
    return [record[key] for key in KEPT], record["start"]["time_us"], streams


def test_each_call_by_itself_is_decoded_as_it_was(folder, tmp_path):
    names = ["h323-separate-h245-1731", "h323-three-calls-at-once-1731", "h323-ipv6-1731",
             "h323-tunnelled-1731", "h323-busy-1731", "derived-vlan", "derived-one-byte-segments",
             "synthetic-calls-on-one-connection", "h323-separate-h245-1720"]
    for name in names:
        shutil.copy(tool.CAPTURES / f"{name}.pcap", folder)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database, "--ports", "1720,1730-1732")
    done = tool.run("split", database, "--to", tmp_path / "calls")
    written = [pathlib.Path(line) for line in done.stdout.splitlines()]
    assert len(written) == len(set(written)) == tool.one(database, "SELECT count(*) FROM calls")
    assert set((tmp_path / "calls").iterdir()) == set(written)
    again = sorted((told(record) for path in written for record in tool.records(
        path, "-o", "msiccp.tcp.port:1720,1730-1732")), key=repr)
    before = sorted((told(json.loads(record)) for (record,) in tool.rows(
        database, "SELECT record FROM records")), key=repr)
    assert again == before


def test_names_tell_time_ends_and_how_it_went(folder, tmp_path):
    shutil.copy(tool.CAPTURES / "h323-ipv6-1731.pcap", folder)
    shutil.copy(tool.CAPTURES / "h323-ipv6-1731.pcap", folder / "again.pcap")
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    tool.run("split", database, "--to", tmp_path / "calls")
    verdict = tool.rows(database, "SELECT coalesce(verdict, outcome) FROM calls")[0][0]
    name = f"20261122T174024Z_near-fd73-1-10_1000-fd73-1-20_{verdict}"
    assert sorted(path.name for path in (tmp_path / "calls").iterdir()) == [
        f"{name}.pcapng", f"{name}_2.pcapng"]


def test_a_choice_of_calls(folder, tmp_path):
    for name in ("h323-busy-1731.pcap", "h323-short-call-1731.pcap"):
        shutil.copy(tool.CAPTURES / name, folder)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    tool.run("split", database, "--to", tmp_path / "calls",
             "--where", "outcome = 'busy' AND start LIKE '%:%'")
    (path,) = (tmp_path / "calls").iterdir()
    assert "busy" in tool.records(path)[0]["outcome"]
    done = tool.run("split", database, "--to", tmp_path / "calls", "--where", "nonsense", status=1)
    assert "no such column: nonsense" in done.stderr


def test_a_ring_is_put_together(tmp_path, folder):
    from test_rotated import cut
    cut(folder, "h323-tunnelled-1731", 5)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database, "--rotated")
    tool.run("split", database, "--to", tmp_path / "calls")
    (path,) = (tmp_path / "calls").iterdir()
    assert told(tool.records(path)[0]) == told(
        tool.records(tool.CAPTURES / "h323-tunnelled-1731.pcap")[0])


def test_an_attempt_to_connect_is_left_out_and_said(folder, tmp_path):
    shutil.copy(tool.CAPTURES / "diagnosis/h323-fail-control-dropped-near-1731.pcap", folder)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    done = tool.run("split", database, "--to", tmp_path / "calls")
    assert re.search(r"left out: 10.73.1.10 to 10.73.2.20, 2026-.* UTC, .*-near-1731.pcap, an attempt to "
                     r"connect, frame 1: it was not connected", done.stderr)
    assert "0 calls written" in done.stderr and ", 1 left out" in done.stderr


def test_a_capture_that_has_gone(folder, tmp_path):
    for name in ("h323-busy-1731.pcap", "h323-short-call-1731.pcap"):
        shutil.copy(tool.CAPTURES / name, folder)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    (folder / "h323-busy-1731.pcap").unlink()
    done = tool.run("split", database, "--to", tmp_path / "calls", status=1)
    assert re.search(r"left out: near .*/h323-busy-1731.pcap, session 1: No such file or directory", done.stderr)
    assert "1 call written" in done.stderr and ", 1 left out" in done.stderr
    assert len(list((tmp_path / "calls").iterdir())) == 1


def test_copies_of_captures_are_nobody_elses_to_read(folder, tmp_path):
    """As root, tshark's user gets a copy to read; it is gone afterwards."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    shutil.copy(tool.CAPTURES / "h323-busy-1731.pcap", folder)
    (folder / "h323-busy-1731.pcap").chmod(0o600)
    folder.chmod(0o700)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    scratch = tmp_path / "scratch"
    scratch.mkdir(mode=0o755)
    tool.run("split", database, "--to", tmp_path / "calls",
             env=tool.environment(TMPDIR=str(scratch)))
    assert len(list((tmp_path / "calls").iterdir())) == 1
    assert list(scratch.iterdir()) == []
