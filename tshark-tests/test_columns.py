# SPDX-License-Identifier: GPL-2.0-or-later
"""The packet list says in one line what a message does, and who calls whom."""

import pytest

from support import files, tshark, view

PROTOCOL, INFO = "Protocol", "Info"
ARROW = "\N{RIGHTWARDS ARROW}"


def columns(capture, display_filter=None, passes=(), world=tshark.plugin, extra=()):
    """{frame number: (protocol, info)}"""
    protocol, info = tshark.column(PROTOCOL), tshark.column(INFO)
    rows = world.fields(capture, ["frame.number", protocol, info], display_filter, passes,
                        extra=extra)
    return {int(row["frame.number"][0]): ((row[protocol] or [""])[0], (row[info] or [""])[0])
            for row in rows}


CONTROL = [path.name for path in files.captures("h323-*-173?.pcap")]


@pytest.mark.each_capture
@pytest.mark.parametrize("name", CONTROL)
def test_info_begins_with_the_event_and_who_calls_whom_then_what_wireshark_says(name, passes):
    ours, stock = columns(name, None, passes), columns(name, None, passes, tshark.stock)
    rows = view.control_rows(name, passes)
    assert rows == [row for row in view.rows(name, passes) if row["msiccp.coding"]]
    for row in rows:
        protocol, info = ours[row.number]
        said_by_stock = stock[row.number]
        assert protocol == f"MSICCP/{said_by_stock[0]}"
        assert said_by_stock[0] in ("H.225.0", "H.225.0/H.245")
        parties = f'{row.one("msiccp.caller")} {ARROW} {row.one("msiccp.callee")}'
        assert info.startswith(f'{row.word("msiccp.event")} {parties}')
        assert info.split() == f'{row.word("msiccp.event")} {parties} {said_by_stock[1]}'.split()


@pytest.mark.parametrize("name", CONTROL)
def test_other_frames_keep_the_columns_of_stock_wireshark(name, passes):
    """H.245, RTP, RTCP and bare TCP: what belongs to a call is told by fields, not by columns."""
    control = {row.number for row in view.control_rows(name, passes)}
    ours, stock = columns(name, None, passes), columns(name, None, passes, tshark.stock)
    for frame, shown in stock.items():
        if frame not in control:
            assert ours[frame] == shown


def test_several_messages_in_one_frame_are_listed_in_their_order(passes):
    protocol, info = columns("derived-coalesced.pcap", None, passes)[8]
    assert protocol == "MSICCP/H.225.0"
    parties = f"near {ARROW} 1000"
    positions = [info.index(text) for text in (
        f"proceeding {parties}", "callProceeding", f"ringing {parties}", "alerting",
        f"accept {parties}", "connect")]
    assert positions == sorted(positions)
    assert info.count("keep-alive") == 2


def test_a_party_without_a_name_is_shown_by_its_address(passes):
    shown = columns("synthetic-netmeeting-profile-call.pcap", "msiccp.coding", passes)
    assert [info.split("  ")[0] for _, info in shown.values()] == [
        f"{event} Bob {ARROW} 198.51.100.20" for event in ("request", "ringing", "accept", "release")]


@pytest.mark.parametrize("how", [[], ["-V"], ["-2"], ["-2", "-V"], ["-Y", "frame"]])
def test_the_packet_list_is_the_same_with_and_without_a_tree(how):
    """tshark writes no tree for its plain packet list; with -P -V it does."""
    name = "h323-three-calls-in-a-row-1731.pcap"
    plain = [line.split() for line in tshark.run([], name).splitlines() if "MSICCP" in line]
    args = [*how, "-P"] if "-V" in how else how
    listed = [line.split() for line in tshark.run(args, name).splitlines()
              if "MSICCP/" in line and line.lstrip()[:1].isdigit()]
    assert listed == plain
    assert len(plain) == 21
