# SPDX-License-Identifier: GPL-2.0-or-later
"""What was not captured is not what was not sent: of a call that is captured in part, no more is claimed than of all
of it, and nothing against an end, a device or the network that the whole does not bear out."""

import json
import pathlib

import pytest

from support import edited, files, reports, reshape, traffic, tshark, view

CALLER = "10.73.1.10"

# One of each verdict, and of each way to carry H.245.
WHOLE = ["h323-separate-h245-1731.pcap", "h323-tunnelled-1731.pcap", "h323-fast-start-1731.pcap",
         "h323-early-media-1731.pcap", "h323-busy-1731.pcap", "h323-rejected-1731.pcap",
         "diagnosis/h323-fail-h245-refused-1731.pcap", "diagnosis/h323-fail-no-codec-1731.pcap",
         "diagnosis/h323-fail-rtp-to-near-dropped-near-1731.pcap",
         "diagnosis/h323-fail-rtp-to-far-dropped-far-1731.pcap", "diagnosis/h323-fail-lossy-near-1731.pcap",
         "diagnosis/h323-fail-control-reset-1731.pcap",
         *(f"synthetic-{name}.pcap" for name in (
             "digits-instead-of-audio", "silent-from-the-answer-on", "audio-stops", "silent-g711",
             "fast-start-answer-echoes", "music-by-multicast", "hold-and-resume", "held-at-no-address",
             "media-of-unknown-form", "keypad-digits", "request-of-elsewhere"))]

# What says no more than that something is not in the capture.
OF_THE_CAPTURE = {"captured_in_part", "midcall", "h245_missing", "no_media"}


def kept(capture, is_kept):
    """A copy with the frames that is_kept(row) lets through, of which stock Wireshark tells."""
    frames = edited.read(capture)
    return traffic.write([frames[row.number - 1] for row in view.stock_rows(capture) if is_kept(row)], "part.pcap")


def half(capture, after):
    middle = len(edited.read(capture)) // 2
    return kept(capture, lambda row: (row.number > middle) == after)


def sent_by(capture, end):
    address = reports.only_record(capture)[end]["address"]
    return kept(capture, lambda row: address in row["ip.src"])


def is_of_control_port(row):
    return "1731" in row["tcp.srcport"] + row["tcp.dstport"]


WAYS = {
    "from-the-caller": lambda capture: sent_by(capture, "caller"),
    "from-the-callee": lambda capture: sent_by(capture, "callee"),
    "from-the-middle": lambda capture: half(capture, True),
    "to-the-middle": lambda capture: half(capture, False),
    "without-h245": lambda capture: kept(capture, lambda row: not row["tcp.srcport"] or is_of_control_port(row)),
    "without-rtcp": lambda capture: kept(capture, lambda row: not row.is_rtcp),
    "control-port-alone": lambda capture: kept(capture, is_of_control_port),
    "out-of-order": lambda capture: reshape.write("swapped.pcap", reshape.halves_swapped(reshape.read(capture))),
    "snapped": lambda capture: edited.editcap(capture, "-s", "96"),
}


def is_good_as_seen(record):
    """Without its receivers' reports a call can only be good in this sense."""
    return record["verdict"] == "good" and "as seen here" in record["explanation"]


@pytest.mark.each_capture
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", WHOLE)
def test_a_part_of_a_call_bears_out_no_more_than_all_of_it(name, way):
    capture = files.CAPTURES / name
    whole = reports.only_record(capture)
    for record in reports.records(WAYS[way](capture)):
        if record["session"] is None:
            continue
        assert record["verdict"] in (whole["verdict"], "unknown") or is_good_as_seen(record)
        assert record["outcome"] in (whole["outcome"], "incomplete", None)
        assert set(reports.diagnosed(record)) <= set(reports.diagnosed(whole)) | OF_THE_CAPTURE


def test_a_direction_that_is_missing_is_said_to_be(passes):
    """The acknowledgements of the caller show that the other end talks."""
    capture = edited.cut(files.CAPTURES / "h323-separate-h245-1731.pcap", f"ip.src == {CALLER}")
    record = reports.only_record(capture, passes=passes)
    assert (record["outcome"], record["verdict"], record["decided_by"]) == (None, "unknown", "captured_in_part")
    assert [entry["about"] for entry in record["diagnostics"] if entry["finding"] == "captured_in_part"] == ["callee"]


def test_messages_that_came_out_of_order_are_not_taken_for_missing(passes):
    """TCP puts them in order where the user asks it to."""
    record = reports.only_record("derived-reordered.pcap", passes=passes)
    assert (record["outcome"], record["verdict"], reports.diagnosed(record)) == (None, "unknown", [])
    assert "tcp.reassemble_out_of_order" in record["explanation"]
    record = reports.only_record("derived-reordered.pcap", passes=passes, prefs=["tcp.reassemble_out_of_order:TRUE"])
    assert (record["outcome"], record["verdict"], reports.diagnosed(record)) == ("answered", "good", [])


def test_an_answer_that_the_capture_has_lost_is_not_taken_for_none(passes):
    capture = files.CAPTURES / "h323-separate-h245-1731.pcap"
    answer = tshark.frames(capture, "msiccp.event == accept")[0]
    record = reports.only_record(edited.cut(capture, f"frame.number != {answer}"), passes=passes)
    assert (record["outcome"], record["verdict"]) == (None, "unknown")
    assert "captured_in_part" in reports.diagnosed(record)


def records_of_all():
    lines = pathlib.Path(__file__).with_name("expected-records.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_nothing_is_good_that_was_not_answered():
    """By the records that test_versions.py compares with those of every capture."""
    assert {record["outcome"] for record in records_of_all() if record["verdict"] == "good"} == {"answered"}


def test_what_decides_a_verdict_was_found():
    for record in records_of_all():
        assert record["decided_by"] is None or record["decided_by"] in reports.diagnosed(record)


def test_every_call_has_a_sentence():
    for record in records_of_all():
        assert record["explanation"].endswith(".")
