# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages are found whatever the segments they come in, and lose nothing of what stock shows."""

import pytest

from support import tshark, view

PLAIN = "h323-short-call-1731.pcap"
SIMPLE = ["request", "proceeding", "ringing", "accept", "other", "other", "release"]
STATES = ["requested", "proceeding", "ringing", "answered", "media", "media", "released"]
# What of a control message does not depend on its packaging.
CONTENT = ["msiccp.coding", "msiccp.event", "msiccp.from_caller", "msiccp.message",
           "msiccp.call_reference", "msiccp.length", "msiccp.caller", "msiccp.callee",
           "msiccp.caller.product", "msiccp.callee.product", "q931.message_type", "q931.call_ref"]


def content(rows):
    """The values of each field over all these frames, in the order that they come in."""
    return {name: [value for row in rows for value in row[name]] for name in CONTENT}


def port_rows(capture, passes, port):
    return [row for row in view.rows(capture, passes)
            if str(port) in row["tcp.srcport"] + row["tcp.dstport"]]


def test_a_recorded_call_is_decoded_message_by_message(passes):
    rows = view.control_rows(PLAIN, passes)
    assert [row.word("msiccp.event") for row in rows] == SIMPLE
    assert [row.word("msiccp.coding") for row in rows] == ["h225"] * 7


def test_a_setup_cut_at_any_byte_is_decoded_whole_in_the_frame_that_completes_it(passes):
    """derived-segmented has a call for each offset at which its SETUP can be cut."""
    rows = view.rows("derived-segmented.pcap", passes)
    plain = view.control_rows(PLAIN, passes)
    calls = {}
    for row in rows:
        port = min(row["tcp.srcport"] + row["tcp.dstport"], key=lambda p: p == "1731")
        calls.setdefault(int(port) - 20000, []).append(row)
    assert sorted(calls) == list(range(1, 150))
    for offset, frames in calls.items():
        segments = [row for row in frames if row["tcp.len"] != ["0"]]
        assert [int(row["tcp.len"][0]) for row in segments[:2]] == [offset, 150 - offset]
        assert segments[0]["msiccp.session"] == [], f"cut at {offset}: the first part is no message"
        control = [row for row in frames if row["msiccp.session"]]
        assert [row.number for row in control] == [row.number for row in segments[1:]]
        assert {row.session for row in control} == {offset}
        assert [row.word("msiccp.state") for row in control] == [
            "requested", "proceeding", "ringing", "answered", "answered", "answered", "released"]
        assert content(control) == content(plain), f"cut at {offset}"
        assert control[0].number == control[-1].integer("msiccp.setup_in")


def test_segments_of_one_byte_each_give_the_same_call(passes):
    rows = view.control_rows("derived-one-byte-segments.pcap", passes)
    plain = view.control_rows(PLAIN, passes)
    assert [row["tcp.len"] for row in rows] == [["1"]] * 7
    assert content(rows) == content(plain)
    assert [row.word("msiccp.state") for row in rows] == STATES


def test_several_messages_in_one_segment_are_all_decoded(passes):
    """CALL PROCEEDING, ALERTING and CONNECT with empty TPKTs between them, in one frame."""
    capture = "derived-coalesced.pcap"
    rows = view.control_rows(capture, passes)
    three = rows[1]
    calls = [event for event in three.words("msiccp.event")]
    assert calls == ["proceeding", "other", "ringing", "other", "accept"]
    assert three.words("msiccp.state") == ["proceeding", "ringing", "answered"]
    assert three["msiccp.session"] == ["1", "1", "1"]
    assert [int(value, 0) for value in three["msiccp.message"]] == [0x02, 0x01, 0x07]
    assert three["msiccp.length"] == ["78", "4", "93", "4", "117"]
    assert [int(value, 0) for value in three["q931.message_type"]] == [0x02, 0x01, 0x07]
    assert {row.session for row in rows} == {1}
    messages = [value for row in rows for value in row["msiccp.message"]]
    assert messages == [row.one("msiccp.message") for row in view.control_rows(PLAIN, passes)]
    assert view.ends(capture, passes)[1].word("msiccp.outcome") == "answered"


def test_an_empty_tpkt_is_a_keep_alive_and_belongs_to_no_call(passes):
    """Alone in a segment it is shown as what it is, without complaint, where stock sees data."""
    capture = "derived-coalesced.pcap"
    alone = [row for row in view.rows(capture, passes) if row["msiccp.length"] == ["4"]]
    assert len(alone) == 1
    assert alone[0].session is None
    assert alone[0].experts == []
    info = tshark.fields(capture, [tshark.column("info")], f"frame.number == {alone[0].number}", passes)
    assert info[0][tshark.column("info")][0].startswith("keep-alive")
    assert tshark.frames(capture, "_ws.malformed", passes) == []
    assert tshark.stock.frames(capture, "_ws.malformed", passes) != []


def test_a_capture_that_starts_inside_a_message_goes_on_with_the_next(passes):
    rest, *rows = view.control_rows("derived-starts-inside-message.pcap", passes)
    assert [row.word("msiccp.event") for row in rows] == SIMPLE[1:]
    assert {row.word("msiccp.coding") for row in rows} == {"h225"}
    assert rows[0].experts == ["midcall"]
    assert content(rows)["msiccp.callee.product"] == ["ooh323 v0.8.3m"] * 6
    # The rest of SETUP is nothing that can be read, and part of the call that follows.
    assert (rest["tcp.len"], rest.word("msiccp.coding")) == (["90"], "opaque")
    assert {row.session for row in [rest, *rows]} == {1}


def test_a_capture_that_starts_inside_a_call_shows_the_rest_of_it(passes):
    rows = view.control_rows("derived-starts-inside-call.pcap", passes)
    assert [row.word("msiccp.event") for row in rows] == SIMPLE[3:]
    assert [row.truth("msiccp.from_caller") for row in rows] == [False, False, False, True]


def test_a_lost_segment_does_not_hide_the_messages_after_it(passes):
    rows = view.control_rows("derived-lost-segment.pcap", passes)
    assert [row.word("msiccp.event") for row in rows] == SIMPLE[:2] + SIMPLE[3:]
    assert {row.session for row in rows} == {1}


@pytest.mark.parametrize("segment", ["own", "shared"])
def test_after_foreign_bytes_the_next_message_is_found(passes, segment):
    """Nine bytes of noise after ALERTING, in a segment of their own or behind it."""
    port = {"own": 1071, "shared": 1072}[segment]
    frames = port_rows("synthetic-malformed.pcap", passes, port)
    assert [row.words("msiccp.event") for row in frames if row["msiccp.session"]] == [
        ["request"], ["ringing"], ["reject"]]
    noise = tshark.fields("synthetic-malformed.pcap", ["msiccp.bytes"],
                          f"tcp.port == {port} && msiccp.bytes", passes)
    assert [row["msiccp.bytes"][0].replace(":", "") for row in noise] == ["deadbeef00ff55aa42"]


@pytest.mark.parametrize("port", [1060, 1061, 1062, 1069])
def test_what_cannot_be_a_message_is_shown_as_bytes_and_the_call_goes_on(passes, port):
    frames = port_rows("synthetic-malformed.pcap", passes, port)
    bad = next(row for row in frames if row["tcp.len"] != ["0"] and row.source_port == 1731)
    assert (bad.session, bad.word("msiccp.coding"), bad.experts) == (None, "h225", ["malformed"])
    assert [row.word("msiccp.event") for row in frames if row.session] == ["request", "reject"]


@pytest.mark.parametrize("port", [1063, 1064, 1066, 1067, 1068, 1070])
def test_a_damaged_message_says_so_and_the_call_goes_on(passes, port):
    frames = port_rows("synthetic-malformed.pcap", passes, port)
    bad = next(row for row in frames if row["tcp.len"] != ["0"] and row.source_port == 1731)
    assert bad.experts == ["malformed"]
    events = [row.word("msiccp.event") for row in frames if row.session]
    # A call reference that is no reference names no call.
    assert events == (["request", "reject"] if port == 1068 else ["request", "ringing", "reject"])


def test_segments_in_the_wrong_order_are_decoded_when_tcp_puts_them_in_order(passes):
    """As the user has to ask for in TCP's preferences."""
    rows = view.control_rows("derived-reordered.pcap", passes,
                             prefs=["tcp.reassemble_out_of_order:TRUE"])
    assert [row.word("msiccp.event") for row in rows] == SIMPLE
    assert [row.word("msiccp.state") for row in rows] == STATES
    assert content(rows) == content(view.control_rows(PLAIN, passes))


def test_a_short_snapshot_length_leaves_the_calls_tracked(passes):
    rows = view.control_rows("derived-snaplen-96.pcap", passes)
    assert [row.word("msiccp.event") for row in rows] == SIMPLE
    assert {row.session for row in rows} == {1}


def test_without_desegmentation_whole_messages_are_still_decoded(passes):
    rows = view.control_rows(PLAIN, passes, prefs=["msiccp.desegment:FALSE"])
    assert content(rows) == content(view.control_rows(PLAIN, passes))
    split = view.control_rows("derived-one-byte-segments.pcap", passes,
                              prefs=["msiccp.desegment:FALSE"])
    assert [row for row in split if row["q931.message_type"]] == []


def test_vlan_tags_make_no_difference(passes):
    rows = view.control_rows("derived-vlan.pcap", passes)
    assert content(rows) == content(view.control_rows(PLAIN, passes))
    assert [row.word("msiccp.state") for row in rows] == STATES
