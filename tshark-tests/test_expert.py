# SPDX-License-Identifier: GPL-2.0-or-later
"""Expert infos: each where it belongs, and none where nothing is wrong."""

import pytest

from support import edited, files, tshark, view

# Capture: the frames that have expert infos of ours, and which. Those of a whole call stand on
# the frame that ends it. Captures that are not named have none.
EXPECTED = {
    # the second of two copies comes 25 ms after the first
    "derived-media-twice-one-way.pcap": {1110: ["media_after_release"]},
    # its octets were acknowledged
    "derived-lost-segment.pcap": {146: ["captured_in_part"]},
    "derived-media-after-release.pcap": {147: ["media_after_release"]},
    "derived-nat.pcap": {10: ["address_mismatch"], 27: ["address_mismatch"], 29: ["address_mismatch"],
                         30: ["media_elsewhere"], 32: ["media_elsewhere"], 35: ["address_mismatch"]},
    "derived-no-media.pcap": {38: ["no_media"]},
    "derived-one-way-media.pcap": {93: ["one_way_media"]},
    # TCP does not put these in order unless it is asked to
    "derived-reordered.pcap": {},
    "derived-rotated-middle.pcap": {46: ["midcall"]},
    "derived-rotated-tail.pcap": {90: ["midcall"]},
    # no more than the control connections of a call, 149 times
    "derived-segmented.pcap": {frame: ["h245_missing"] for frame in range(14, 2531, 17)},
    "derived-starts-inside-call.pcap": {2: ["midcall"]},
    "derived-starts-inside-message.pcap": {2: ["midcall"]},
    "h323-alaw-1730.pcap": {252: ["media_after_release"]},
    "h323-early-media-1731.pcap": {24: ["media_before_answer"]},
    "synthetic-malformed.pcap": {frame: ["malformed"] for frame in
                                 (6, 18, 30, 42, 54, 78, 90, 102, 114, 126)},
    "synthetic-repeated-setup.pcap": {6: ["duplicate"]},
    "synthetic-unanswered.pcap": {6: ["unanswered"]},
}
NAMES = [path.name for path in files.captures() if path.name in EXPECTED or
         path.name.startswith(("h323-", "derived-")) and "observed" not in path.name and
         "other" not in path.name and "opaque" not in path.name]
SEVERITY = {"foreign": "Warning", "midcall": "Note", "one_way_media": "Warning",
            "no_media": "Note", "address_mismatch": "Warning", "media_before_answer": "Chat",
            "media_after_release": "Note", "unanswered": "Note", "duplicate": "Note",
            "malformed": "Error", "media_elsewhere": "Note", "h245_missing": "Note",
            "captured_in_part": "Note"}
UNHIDDEN = ["tcp.analyze_sequence_numbers:FALSE"]


@pytest.mark.parametrize("name", NAMES)
def test_expert_infos_are_where_they_belong_and_nowhere_else(name, passes):
    assert view.experts(name, passes) == EXPECTED.get(name, {})


@pytest.mark.parametrize("name", ["one_way_media", "no_media", "unanswered"])
def test_what_is_said_of_a_whole_call_stands_on_the_frame_that_ends_it(name, passes):
    found = [(capture, frame) for capture, infos in EXPECTED.items()
             for frame, names in infos.items() if name in names]
    assert len(found) == 1
    capture, frame = found[0]
    assert [row.number for row in view.ends(capture, passes).values()] == [frame]


SHOWN = sorted({(name, capture) for capture, infos in EXPECTED.items() for names in infos.values() for name in names})


def test_all_severities_are_of_infos_that_captures_have():
    assert {info for info, _ in SHOWN} == SEVERITY.keys() - {"foreign"}


@pytest.mark.parametrize(("info", "name"), SHOWN)
def test_an_info_has_its_severity_and_can_be_found_with_a_filter(info, name, passes):
    """pdml() has the frames that the filter lets through."""
    severities = {}
    for packet in tshark.pdml(name, f"msiccp.expert.{info}", passes):
        number = int(packet.find(".//field[@name='num']").get("show"))
        for expert in packet.iterfind(".//field[@name='_ws.expert']"):
            if expert.find(f"field[@name='msiccp.expert.{info}']") is not None:
                severities[number] = expert.get("showname").split("(")[1].split("/")[0]
    assert severities == {frame: SEVERITY[info] for frame, names in EXPECTED[name].items() if info in names}


@pytest.mark.parametrize("name", ["derived-retransmitted.pcap", "derived-mirrored.pcap"])
def test_tcp_hides_retransmissions_and_no_message_is_taken_twice(name, passes):
    rows = view.control_rows(name, passes)
    assert [row.word("msiccp.event") for row in rows] == [
        "request", "proceeding", "ringing", "accept", "other", "other", "release"]
    assert view.experts(name, passes) == {}


@pytest.mark.parametrize("name, twice", [
    ("derived-retransmitted.pcap", ["request", "accept", "other", "release"]),
    ("derived-mirrored.pcap", ["request", "proceeding", "ringing", "accept", "other", "other",
                               "release"])])
def test_a_message_seen_twice_is_a_duplicate_and_changes_nothing(name, twice, passes):
    """When TCP is told not to hide it: the second one says so, and the call is the same."""
    rows = view.control_rows(name, passes, prefs=UNHIDDEN)
    again = [row for row in rows if row.experts == ["duplicate"]]
    assert [row.word("msiccp.event") for row in again] == twice
    assert {row.session for row in rows} == {1}
    assert [row.word("msiccp.event") for row in rows if not row.experts] == [
        "request", "proceeding", "ringing", "accept", "other", "other", "release"]
    for row in again:
        assert [row[field] for field in view.END] == [[]] * len(view.END)
    ends = view.ends(name, passes, prefs=UNHIDDEN)
    plain = view.ends(name, passes)
    assert [ends[1][field] for field in view.END] == [plain[1][field] for field in view.END]


def test_a_duplicate_of_a_whole_call_comes_also_with_merged_captures_of_both_ends(passes):
    """The same call captured at two places and merged: each message is there twice."""
    name = "h323-busy-1731.pcap"
    both_ends = edited.merged([name, edited.editcap(name, "-t", "0.00001")])
    rows = view.control_rows(both_ends, passes, prefs=UNHIDDEN)
    alone = [row.experts for row in view.control_rows(name, passes, prefs=UNHIDDEN)]
    assert [row.experts for row in rows] == [experts for first in alone for experts in (first, ["duplicate"])]
    assert len(rows) == 8
    assert {row.session for row in rows} == {1}


def test_media_before_the_answer_is_said_once_at_its_first_packet(passes):
    name = "h323-early-media-1731.pcap"
    rtp = [row for row in view.rows(name, passes) if row.is_rtp]
    answer = next(row for row in view.control_rows(name, passes)
                  if row.word("msiccp.event") == "accept")
    assert rtp[0].experts == ["media_before_answer"]
    assert len([row for row in rtp if row.number < answer.number]) > 50
    assert all(row.experts == [] for row in rtp[1:])


def test_a_call_that_ends_before_any_answer_of_the_callee_is_unanswered(passes):
    end = view.ends("synthetic-unanswered.pcap", passes)[1]
    assert end.experts == ["unanswered"]
    assert view.ends("h323-no-answer-1731.pcap", passes)[1].experts == []
