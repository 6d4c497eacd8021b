# SPDX-License-Identifier: GPL-2.0-or-later
"""-z msiccp,watch: what happens, as it does, and what has become of it by the end of the capture."""

import json

import pytest

from support import files, reports, tshark


def told(capture, filter_=None, passes=()):
    option = "msiccp,watch" + (f",{filter_}" if filter_ else "")
    return [json.loads(line) for line in tshark.run(["-q", "-z", option], capture, passes).splitlines()]


@pytest.mark.parametrize("name", ["h323-three-calls-at-once-1731.pcap", "h323-fast-start-1731.pcap"])
def test_events_and_records(name, passes):
    events = [line for line in told(name, passes=passes) if line["type"] == "event"]
    rows = tshark.fields(name, ["frame.number", "msiccp.session", "msiccp.event"], "msiccp.event != 7", passes)
    assert [(line["frame"], line["session"]) for line in events] == [
        (int(row["frame.number"][0]), int(session)) for row in rows
        for session, event in zip(row["msiccp.session"], row["msiccp.event"], strict=True) if event != "7"]
    records = [line for line in told(name, passes=passes) if line["type"] == "record"]
    assert [line["record"] for line in records] == reports.records(name, passes=passes)
    assert all(line["over"] for line in records)


def test_an_attempt_is_told_at_the_end(passes):
    lines = told(files.CAPTURES / "diagnosis" / "h323-fail-nobody-listens-1731.pcap", passes=passes)
    assert [line["type"] for line in lines] == ["record"]
    assert lines[0]["record"]["decided_by"] == "control_refused"


def test_of_no_call_nothing_is_told(passes):
    assert told("foreign-ssh-1731.pcap", passes=passes) == []


def test_a_filter_leaves_out(passes):
    lines = told("h323-three-calls-at-once-1731.pcap", "msiccp.session == 2", passes)
    assert {line["session"] for line in lines if line["type"] == "event"} == {2}
