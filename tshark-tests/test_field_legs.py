# SPDX-License-Identifier: GPL-2.0-or-later
"""A call that is captured on both sides of a gatekeeper is two sessions and one call."""

import pytest

from support import reports, tshark


DIRECT = ["derived-both-legs.pcap", "synthetic-both-legs-ipv6.pcap", "synthetic-both-legs-other-identifier.pcap"]
RELAYED = "derived-both-legs-media-relayed.pcap"
LEGS = [*DIRECT, RELAYED]
ORDINARY = ["h323-three-calls-at-once-1731.pcap", "h323-three-calls-in-a-row-1731.pcap",
            "synthetic-calls-on-one-connection.pcap", "derived-ports-used-again.pcap"]


@pytest.mark.parametrize("name", LEGS)
def test_one_filter_takes_in_both_legs(name, passes):
    in_sessions = tshark.frames(name, "msiccp.session", passes)
    assert {"1", "2"} == {number for row in tshark.fields(name, ["msiccp.session"], "msiccp.session", passes)
                          for number in row["msiccp.session"]}
    media_and_ends = tshark.frames(name, "rtp || msiccp.outcome", passes)
    assert set(media_and_ends) <= set(tshark.frames(name, "msiccp.call == 1", passes)) <= set(in_sessions)


@pytest.mark.parametrize("name", ["derived-both-legs.pcap", "synthetic-both-legs-ipv6.pcap", RELAYED])
def test_the_identifier_tells_from_the_first_message_on(name, passes):
    assert tshark.frames(name, "msiccp.call == 1", passes) == tshark.frames(name, "msiccp.session", passes)


@pytest.mark.parametrize("name", DIRECT)
def test_media_between_the_ends_is_in_both_legs(name, passes):
    media = tshark.frames(name, "rtp", passes)
    assert media
    for session in (1, 2):
        assert tshark.frames(name, f'msiccp.session == {session} && msiccp.channel == "rtp"', passes) == media


def test_relayed_media_is_in_its_own_leg(passes):
    rows = tshark.fields(RELAYED, ["msiccp.session", "ip.src", "ip.dst"], "rtp", passes)
    assert rows
    for row in rows:
        is_near = "10.73.1.10" in row["ip.src"] + row["ip.dst"]
        assert row["msiccp.session"] == ["1" if is_near else "2"]


@pytest.mark.parametrize("name", LEGS)
def test_neither_leg_is_one_way(name, passes):
    assert tshark.frames(name, "msiccp.expert.one_way_media", passes) == []
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
    for row in tshark.fields(name, ["msiccp.session", "msiccp.call"], "msiccp.session || msiccp.call", passes):
        assert len(row["msiccp.session"]) == len(row["msiccp.call"])


@pytest.mark.parametrize("name", LEGS)
def test_the_call_is_the_same_however_it_is_asked(name):
    names = ["frame.number", "msiccp.session", "msiccp.call", "msiccp.channel", "msiccp.link"]
    assert tshark.fields(name, names) == tshark.fields(name, names, passes=["-2"])
