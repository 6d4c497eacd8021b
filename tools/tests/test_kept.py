# SPDX-License-Identifier: GPL-2.0-or-later
"""What msiccp-calls keeps: a sharkd that reads small captures, and what tshark told of itself."""

import gzip
import os
import pathlib
import shutil

import pytest

import tool

# More than one sharkd reads.
CAPTURES = sorted((tool.CAPTURES / "diagnosis").glob("h323-fail-h245-*.pcap"))[:8] + [
    tool.CAPTURES / name for name in (
        "foreign-http-1732.pcap", "h323-busy-1731.pcap", "h323-rejected-1731.pcap", "synthetic-malformed.pcap")]
# Beside a tshark; "$real" is the real sharkd.
SHARKDS = {
    "none": None,
    "is ended by a capture": 'sed -u 9q | "$real" "$@"',          # three requests each, of the sample too
    "has no statistics": 'exec env --unset=MSICCP_STATISTICS "$real" "$@"',
    "ends at once": "exit 1",
}


def program(path, script):
    path.write_text(f"#!/bin/sh\nreal={shutil.which('sharkd')}\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def programs(folder):
    """A folder for Wireshark's programs, in which tshark counts how often it reads a capture."""
    place = folder.parent / "programs"
    place.mkdir()
    place.chmod(0o755)
    log = place / "starts"
    log.touch()
    log.chmod(0o666)
    program(place / "tshark", f'case "$*" in *" -r "*) echo read;; *) echo ask;; esac >>{log}\n'
                              f'exec {shutil.which(tool.TSHARK)} "$@"')
    return place


def scan(programs, database, *captures, status=None, **variables):
    """How often tshark was started to read a capture."""
    (programs / "starts").write_text("")
    tool.run("scan", *captures, "-o", database, "--jobs", "2", status=status,
             env=tool.environment(MSICCP_TSHARK=str(programs / "tshark"), **variables))
    return starts(programs, "read")


def starts(programs, why):
    return (programs / "starts").read_text().split().count(why)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a scan stores where sharkd is kept."""
    database = tmp_path_factory.mktemp("kept") / "calls.db"
    tool.run("scan", *CAPTURES, "-o", database)
    return tool.sqlite_content(database)


@pytest.mark.skipif(not shutil.which("sharkd"), reason="sharkd is not installed")
class TestKept:
    def test_no_tshark_is_started_for_small_captures(self, programs, told, tmp_path):
        program(programs / "sharkd", 'exec "$real" "$@"')
        assert scan(programs, tmp_path / "calls.db", *CAPTURES) == 0
        assert tool.sqlite_content(tmp_path / "calls.db") == told

    @pytest.mark.parametrize("sharkd", SHARKDS)
    def test_whatever_becomes_of_sharkd_the_same_is_stored(self, sharkd, programs, told, tmp_path):
        if SHARKDS[sharkd]:
            program(programs / "sharkd", SHARKDS[sharkd])
        read = scan(programs, tmp_path / "calls.db", *CAPTURES)
        assert 0 < read < len(CAPTURES) if sharkd == "is ended by a capture" else read == len(CAPTURES)
        assert tool.sqlite_content(tmp_path / "calls.db") == told

    def test_tshark_tells_of_what_is_cut_large_or_packed(self, programs, folder, tmp_path):
        program(programs / "sharkd", 'exec "$real" "$@"')
        content = tool.CALL.read_bytes()
        (folder / "cut.pcap").write_bytes(content[:-10])
        (folder / "large.pcap").write_bytes(content + content[24:] * ((1 << 20) // len(content)))
        (folder / "packed.pcap.gz").write_bytes(gzip.compress(content))
        (folder / "no-capture.pcap").write_bytes(b"\xd4\xc3\xb2\xa1 and so on, for more than a header")
        (folder / "empty.pcap").touch()
        assert scan(programs, tmp_path / "calls.db", folder) == 5
        assert dict((pathlib.Path(name).name, status) for name, status in
                    tool.rows(tmp_path / "calls.db", "SELECT name, status FROM captures")) == {
            "cut.pcap": "cut_short", "large.pcap": "ok", "packed.pcap.gz": "ok", "no-capture.pcap": "failed",
            "empty.pcap": "empty"}

    def test_options_are_tsharks(self, programs, tmp_path):
        program(programs / "sharkd", 'exec "$real" "$@"')
        database = tmp_path / "calls.db"
        tool.run("scan", tool.CALL, "-o", database, "--ports", "1731",
                 env=tool.environment(MSICCP_TSHARK=str(programs / "tshark")))
        assert starts(programs, "read") == 1
        assert tool.one(database, "SELECT count(*) FROM calls") == 1


class TestKnown:
    def test_tshark_is_asked_once_of_itself_and_a_plugin(self, programs, tmp_path):
        cache = tmp_path / "cache"
        plugin = shutil.copy(tool.PLUGIN, tmp_path)
        kept = {"XDG_CACHE_HOME": str(cache), "MSICCP_PLUGIN": str(plugin), "status": 0}
        scan(programs, tmp_path / "calls.db", tool.CALL, **kept)
        asked = starts(programs, "ask")
        scan(programs, tmp_path / "other.db", tool.CALL, **kept)
        assert asked > starts(programs, "ask") == 0
        assert tool.sqlite_content(tmp_path / "calls.db") == tool.sqlite_content(tmp_path / "other.db")

        (file,) = cache.rglob("*.json")
        file.write_text("{")
        scan(programs, tmp_path / "calls.db", tool.CALL, **kept)
        assert starts(programs, "ask") == asked
        os.utime(plugin, (0, 0))        # another one
        scan(programs, tmp_path / "calls.db", tool.CALL, **kept)
        assert starts(programs, "ask") == asked

    def test_a_home_folder_that_cannot_be_written(self, tmp_path):
        (tmp_path / "cache").touch()
        tool.run("scan", tool.CALL, "-o", tmp_path / "calls.db",
                 env=tool.environment(XDG_CACHE_HOME=str(tmp_path / "cache")))
