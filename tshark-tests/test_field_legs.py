# SPDX-License-Identifier: GPL-2.0-or-later
"""A call that is captured on both sides of a gatekeeper is two sessions and one call."""

import pytest

from support import reports, tshark, view


DIRECT = ["derived-both-legs.pcap", "synthetic-both-legs-ipv6.pcap", "synthetic-both-legs-other-identifier.pcap"]
RELAYED = "derived-both-legs-media-relayed.pcap"
LEGS = [*DIRECT, RELAYED]
ORDINARY = ["h323-three-calls-at-once-1731.pcap", "h323-three-calls-in-a-row-1731.pcap",
            "synthetic-calls-on-one-connection.pcap", "derived-ports-used-again.pcap"]


@pytest.mark.parametrize("name", LEGS)
def test_one_filter_takes_in_both_legs(name, passes):
    in_sessions = view.session_rows(name, passes)
    assert {"1", "2"} == {number for row in in_sessions for number in row["msiccp.session"]}
    media_and_ends = {row.number for row in view.rows(name, passes) if row.is_rtp or row["msiccp.outcome"]}
    found = set(tshark.frames(name, "msiccp.call == 1", passes))
    assert media_and_ends <= found <= {row.number for row in in_sessions}


@pytest.mark.parametrize("name", ["derived-both-legs.pcap", "synthetic-both-legs-ipv6.pcap", RELAYED])
def test_the_identifier_tells_from_the_first_message_on(name, passes):
    assert tshark.frames(name, "msiccp.call == 1", passes) == [row.number for row in view.session_rows(name, passes)]


@pytest.mark.parametrize("name", DIRECT)
def test_media_between_the_ends_is_in_both_legs(name, passes):
    rows = view.rows(name, passes)
    media = [row.number for row in rows if row.is_rtp]
    assert media
    for session in ("1", "2"):
        assert [row.number for row in rows if session in row["msiccp.session"]
                and "rtp" in row.words("msiccp.channel")] == media


def test_relayed_media_is_in_its_own_leg(passes):
    rows = [row for row in view.rows(RELAYED, passes) if row.is_rtp]
    assert rows
    for row in rows:
        is_near = "10.73.1.10" in row["ip.src"] + row["ip.dst"]
        assert row["msiccp.session"] == ["1" if is_near else "2"]


@pytest.mark.parametrize("name", LEGS)
def test_neither_leg_is_one_way(name, passes):
    assert not [row for row in view.rows(name, passes) if "one_way_media" in row.experts]
    for record in reports.records(name, passes=passes):
        assert "one_way_media" not in reports.diagnosed(record)
        assert {stream["to"] for stream in record["streams"]} == {"caller", "callee"}


@pytest.mark.parametrize("name", LEGS)
def test_the_records_of_legs_name_each_other(name, passes):
    found = reports.records(name, passes=passes)
    assert [(record["session"], record["call"], record["legs"]) for record in found] == [(1, 1, [2]), (2, 1, [1])]


@pytest.mark.parametrize("name", LEGS)
def test_the_table_names_the_other_legs(name, passes):
    lines = [line.strip() for line in reports.table(name, passes=passes)]
    records = [record for record in reports.records(name, passes=passes) if record["legs"]]
    assert [line for line in lines if line.startswith("of call ")] == [
        f"of call {record['call']}, with {' '.join(map(str, record['legs']))}" for record in records]
    assert records


@pytest.mark.parametrize("name", ORDINARY)
def test_calls_side_by_side_are_no_legs(name, passes):
    for record in reports.records(name, passes=passes):
        assert (record["call"], record["legs"]) == (record["session"], [])


@pytest.mark.parametrize("name", [*LEGS, *ORDINARY, "synthetic-ras-call.pcap", "synthetic-fax-in-call.pcap"])
def test_every_frame_of_a_session_says_of_which_call_it_is(name, passes):
    for row in view.rows(name, passes):
        assert len(row["msiccp.session"]) == len(row["msiccp.call"])


@pytest.mark.parametrize("name", LEGS)
def test_the_call_is_the_same_however_it_is_asked(name):
    names = ["msiccp.session", "msiccp.call", "msiccp.channel", "msiccp.link"]
    one, two = ([[row[field] for field in names] for row in view.rows(name, passes)] for passes in ((), ("-2",)))
    assert one == two
