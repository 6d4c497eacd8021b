# SPDX-License-Identifier: GPL-2.0-or-later
"""-z msiccp,calls: the call table for people."""

import re
import unicodedata

import pytest

from support import edited, reports, tshark


def width(line):
    return sum(0 if unicodedata.combining(character) else
               2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def rows(lines):
    return [line for line in lines if not line.startswith("        ")]


@pytest.mark.each_capture
def test_fits_the_terminal(capture):
    for line in reports.lines_of(reports.TABLE, capture):
        assert width(line) <= 120


@pytest.mark.each_capture
def test_both_passes_give_the_same_table(capture):
    assert reports.table(capture) == reports.table(capture, passes=("-2",))


@pytest.mark.each_capture
def test_one_row_a_session_in_the_order_of_the_records(capture):
    numbers = [int(row.split()[0]) for row in rows(reports.table(capture))]
    assert numbers == [record["session"] for record in reports.records(capture)]


def test_a_recorded_call(passes):
    lines = reports.table("h323-separate-h245-1731.pcap", passes=passes)
    assert len(rows(lines)) == 1
    number, _date, _time, caller, callee, coding, outcome, cause, *spans = lines[0].split()
    assert (number, caller, callee, coding, outcome, cause) == (
        "1", "near", "1000", "h225", "answered", "(16)")
    record = reports.only_record("h323-separate-h245-1731.pcap")
    for text, key in zip(spans, ("setup_time_us", "ring_time_us", "talk_time_us"), strict=True):
        assert float(text) == pytest.approx(record[key] / 1e6, abs=0.001)
    caller, callee = record["caller"], record["callee"]
    assert lines[1].strip() == (f"{caller['address']} port {caller['port']} to "
                                f"{callee['address']} port {callee['port']}")
    assert len(lines) == 4 + 2 * len(record["streams"])
    for line, quality, stream in zip(lines[2:-2:2], lines[3:-2:2], record["streams"], strict=True):
        assert line.strip().startswith(f"to {stream['to']}  G.711 mu-law ")
        assert quality.strip().startswith(f"estimated MOS {stream['mos']:.1f}")
        assert f" {stream['packets']} packets, {stream['lost']} lost (0.0%)" in line
        assert line.endswith("negotiated")


@pytest.mark.parametrize(("capture", "outcome"), [
    ("h323-busy-1731.pcap", "busy (17)"),
    ("h323-rejected-1731.pcap", "rejected (21)"),
    ("derived-no-release.pcap", "incomplete"),
])
def test_outcomes(capture, outcome, passes):
    assert f" h225   {outcome} " in rows(reports.table(capture, passes=passes))[0]


def test_diagnostics_have_a_line():
    lines = reports.table("derived-one-way-media.pcap")
    assert "        verdict: no_audio_to_caller, by one_way_media" in lines
    assert "        diagnosed: one_way_media" in lines


def test_a_party_without_a_name_is_shown_by_its_address():
    row = rows(reports.table("synthetic-netmeeting-profile-call.pcap"))[0]
    assert row.split()[3:5] == ["Bob", "198.51.100.20"]


def test_a_filter_chooses_sessions(passes):
    capture = "h323-three-calls-at-once-1731.pcap"
    assert len(rows(reports.table(capture, passes=passes))) == 3
    chosen = reports.table(capture, "msiccp.session == 2", passes)
    assert [row.split()[0] for row in rows(chosen)] == ["2"]
    assert len([line for line in chosen if line.strip().startswith("to ")]) == 2


@pytest.mark.parametrize("name", [
    b"a name that is much too long for its column of the table", b"new\nline", b"\x1b[31mred\x07",
    b"\xff\xfe\xfd", "日本語の名前がとても長い場合の表示".encode(), "e\u0301te\u0301".encode(),
    "\u202egnp.exe".encode(),
])
def test_hostile_names_stay_in_their_column(name):
    capture = edited.display_name("h323-busy-1731.pcap", name)
    lines = reports.table(capture)
    row = rows(lines)[0]
    assert len(rows(lines)) == 1
    assert width(row) <= 120
    assert "\x1b" not in row
    assert "\u202e" not in row
    start = row.index(" 1000 ") if " 1000 " in row else row.index(" 10.73.")
    assert width(row[:start]) == 5 + 1 + 23 + 1 + 18


@pytest.mark.parametrize("capture", [
    "h323-three-calls-at-once-1731.pcap", "derived-no-media.pcap", "synthetic-audio-stops.pcap"])
def test_the_window_tells_each_call_as_its_record_does(capture, passes):
    """tshark prints the window's table."""
    printed = tshark.run(["-q", "-z", "msiccp,table"], capture, passes)
    rows_of_window = [line.split(" |") for line in printed.splitlines() if re.match(r"\d+ \|", line)]
    assert [(row[0], row[1], row[2], row[6], row[13], row[14]) for row in rows_of_window] == [
        (str(record["session"]), record["verdict"], record["decided_by"] or "", record["outcome"],
         ", ".join(reports.diagnosed(record)), record["explanation"])
        for record in reports.records(capture)]
