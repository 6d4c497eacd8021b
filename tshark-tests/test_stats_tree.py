# SPDX-License-Identifier: GPL-2.0-or-later
"""-z msiccp,tree: counts."""

import collections

import pytest

from support import files, reports, tshark, view

CODINGS = "Codings of control messages"
CODECS = "Codecs of RTP packets"
LINKS = "Links of RTP and RTCP packets"
NODES = [CODINGS, "Events", "Outcomes of calls", "Causes of releases", "Verdicts on calls", CODECS, LINKS,
         "Foreign traffic"]


def test_every_count_has_a_node():
    assert list(reports.tree("h323-busy-1731.pcap")) == NODES


def test_a_recorded_call(passes):
    capture = "h323-separate-h245-1731.pcap"
    tree = reports.tree(capture, passes=passes)
    control = tshark.frames(capture, "msiccp.channel == control")
    rtp = tshark.frames(capture, 'msiccp.channel == "rtp"')
    media = tshark.frames(capture, "msiccp.link == negotiated")
    assert tree[CODINGS] == {"h225": len(control)}
    assert tree["Outcomes of calls"] == {"answered": 1}
    assert tree["Causes of releases"] == {"16 Normal call clearing": 1}
    assert tree[CODECS] == {"g711Ulaw64k": len(rtp)}
    assert tree[LINKS] == {"negotiated": len(media)}
    for event in ("request", "ringing", "accept", "release"):
        assert tree["Events"][event] == 1


def test_outcomes_are_those_of_the_records(passes):
    for capture in files.captures("*causes*"):
        tree = reports.tree(capture, passes=passes)
        outcomes = collections.Counter(record["outcome"] for record in reports.records(capture))
        assert tree["Outcomes of calls"] == dict(outcomes)


def test_events_are_those_of_the_frames():
    capture = "h323-tunnelled-1731.pcap"
    shown = collections.Counter(
        view.EVENTS[int(value)] for row in tshark.fields(capture, ["msiccp.event"], "msiccp.event")
        for value in row["msiccp.event"])
    assert reports.tree(capture)["Events"] == dict(shown)


def test_a_filter_chooses_frames(passes):
    capture = "h323-three-calls-at-once-1731.pcap"
    assert reports.tree(capture, passes=passes)["Events"]["request"] == 3
    assert reports.tree(capture, "msiccp.session == 2", passes)["Events"]["request"] == 1


@pytest.mark.parametrize("capture", ["foreign-ssh-1731.pcap", "foreign-tls-1731.pcap", "foreign-http-1732.pcap"])
def test_foreign_traffic_is_that_of_the_frames(capture, passes):
    """With what carries no payload of a connection that is named."""
    shown = collections.Counter(value for row in tshark.fields(capture, ["msiccp.foreign"], "msiccp.foreign", passes)
                                for value in row["msiccp.foreign"])
    assert reports.tree(capture, passes=passes)["Foreign traffic"] == dict(shown)


@pytest.mark.each_capture
@pytest.mark.parametrize("capture", files.captures("derived-[a-m]*"), ids=lambda path: path.name)
def test_both_passes_count_the_same(capture):
    assert reports.tree(capture) == reports.tree(capture, passes=("-2",))
