# SPDX-License-Identifier: GPL-2.0-or-later
"""The frame that ends a call says how it ended, who ended it, and how long each part took."""

import pytest

from support import edited, files, view

# Capture: (outcome, Q.850 cause, released by the caller) of each call in the order of their
# numbers. The README of the captures says the same.
ANSWERED = ("answered", 16, True)
OUTCOMES = {
    "derived-coalesced.pcap": [ANSWERED],
    "derived-ends-inside-call.pcap": [],
    "derived-lost-segment.pcap": [ANSWERED],
    "derived-media-after-release.pcap": [ANSWERED],
    "derived-mirrored.pcap": [ANSWERED],
    "derived-nat.pcap": [ANSWERED],
    "derived-no-media.pcap": [ANSWERED],
    "derived-no-release.pcap": [],
    "derived-one-byte-segments.pcap": [ANSWERED],
    "derived-one-way-media.pcap": [ANSWERED],
    "derived-ports-used-again.pcap": [ANSWERED] * 2,
    # SETUP and CONNECT are not decoded unless TCP is asked to put segments in order: so it is not known
    "derived-reordered.pcap": [(None, 16, True)],
    "derived-retransmitted.pcap": [ANSWERED],
    "derived-segmented.pcap": [ANSWERED] * 149,
    "derived-snaplen-96.pcap": [ANSWERED],
    "derived-starts-inside-call.pcap": [ANSWERED],
    "derived-starts-inside-message.pcap": [ANSWERED],
    "derived-vlan.pcap": [ANSWERED],
    "h323-alaw-1730.pcap": [ANSWERED],
    "h323-busy-1731.pcap": [("busy", 17, False)],
    "h323-callee-ends-h245-1731.pcap": [("answered", 31, True)],
    "h323-callee-hangs-up-1731.pcap": [("answered", 16, False)],
    "h323-early-media-1731.pcap": [ANSWERED],
    "h323-fast-start-1731.pcap": [ANSWERED],
    "h323-fast-start-tunnelled-1731.pcap": [ANSWERED],
    "h323-gsm-1732.pcap": [ANSWERED],
    "h323-ipv6-1731.pcap": [ANSWERED],
    "h323-no-answer-1731.pcap": [("cancelled", 16, True)],
    "h323-rejected-1731.pcap": [("rejected", 21, False)],
    "h323-separate-h245-1720.pcap": [],
    "h323-separate-h245-1731.pcap": [ANSWERED],
    "h323-short-call-1731.pcap": [ANSWERED],
    "h323-three-calls-at-once-1731.pcap": [ANSWERED] * 3,
    "h323-three-calls-in-a-row-1731.pcap": [ANSWERED] * 3,
    "h323-g726-1731.pcap": [ANSWERED],
    "h323-speex-1731.pcap": [ANSWERED],
    "h323-g729-1731.pcap": [ANSWERED],
    "h323-g723-1731.pcap": [ANSWERED],
    "h323-tunnelled-1731.pcap": [ANSWERED],
    "synthetic-calls-on-one-connection.pcap": [
        ("answered", None, True), ("answered", None, False), ("answered", None, True),
        ("answered", None, False)],
    "synthetic-causes.pcap": [
        ("busy", 17, False), ("no_answer", 18, False), ("no_answer", 19, False),
        ("rejected", 21, False), ("failed", 111, False), ("busy", 17, False),
        ("rejected", 16, False), ("cancelled", 16, True)],    # causes of H.225.0 table 5, by reason
    "synthetic-h225-v1-call.pcap": [("answered", None, False)],
    "synthetic-malformed.pcap": [("rejected", 31, False)] * 13,
    "synthetic-netmeeting-profile-call.pcap": [("answered", None, True)],
    "synthetic-no-answer-20s.pcap": [("no_answer", None, True)],
    "synthetic-repeated-setup.pcap": [ANSWERED],
    "synthetic-unanswered.pcap": [("cancelled", 16, True)],
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_each_call_says_how_it_ended(name, passes):
    ends = view.ends(name, passes)
    assert [(number, row.word("msiccp.outcome"), row.integer("msiccp.cause"),
             row.truth("msiccp.released_by_caller")) for number, row in sorted(ends.items())] == [
        (number, *end) for number, end in enumerate(OUTCOMES[name], 1)]


@pytest.mark.parametrize("name", OUTCOMES)
def test_only_the_frame_that_ends_a_call_says_so(name, passes):
    """Its outcome stands on its release, and nowhere else."""
    last = {row.number for row in view.ends(name, passes).values()}
    for row in view.rows(name, passes):
        if row.number in last:
            assert set(row.words("msiccp.event")) & {"release", "reject"}
        else:
            assert [row[field] for field in view.END] == [[]] * len(view.END)


@pytest.mark.parametrize("name", [path.name for path in files.captures("h323-*-173?.pcap")] +
                         ["derived-one-byte-segments.pcap", "derived-ports-used-again.pcap",
                          "synthetic-calls-on-one-connection.pcap", "synthetic-h225-v1-call.pcap",
                          "synthetic-repeated-setup.pcap"])
def test_set_up_ring_and_talk_times_are_those_between_the_frames(name, passes):
    ends = view.ends(name, passes)
    assert ends
    for number, end in ends.items():
        times = {}
        for row in view.control_rows(name, passes, number):
            times.setdefault(row.word("msiccp.event"), row.time)
        answer = times.get("accept")
        assert end.seconds("msiccp.setup_time") == (answer and answer - times["request"])
        assert end.seconds("msiccp.ring_time") == (answer and answer - times["ringing"])
        assert end.seconds("msiccp.talk_time") == (answer and end.time - answer)


@pytest.mark.parametrize("name, known", [
    ("derived-starts-inside-call.pcap", {"msiccp.talk_time"}),
    ("derived-starts-inside-message.pcap", {"msiccp.ring_time", "msiccp.talk_time"}),
    ("derived-lost-segment.pcap", {"msiccp.setup_time", "msiccp.talk_time"}),
    ("h323-busy-1731.pcap", set()),
    ("synthetic-no-answer-20s.pcap", set()),
])
def test_times_whose_beginning_was_not_seen_are_not_shown(name, known, passes):
    end = view.ends(name, passes)[1]
    times = ["msiccp.setup_time", "msiccp.ring_time", "msiccp.talk_time"]
    assert {field for field in times if end[field]} == known


def test_ringing_for_twenty_seconds_is_no_answer_and_less_is_cancelled(passes):
    """NetMeeting's own time-out; the release says no cause."""
    name = "synthetic-no-answer-20s.pcap"
    assert view.ends(name, passes)[1].word("msiccp.outcome") == "no_answer"
    early = edited.editcap(name, "-A", "946684800", "-B", "946684801")  # SETUP, ALERTING
    late = edited.editcap(name, "-A", "946684801", name="late.pcap")
    soon = edited.editcap(late, "-t", "-2", name="soon.pcap")     # the release after 19 s
    assert view.ends(edited.merged([early, soon]), passes)[1].word("msiccp.outcome") == "cancelled"


def test_every_recorded_call_is_listed_here():
    assert {path.name for path in files.captures("h323-*")} <= set(OUTCOMES)
