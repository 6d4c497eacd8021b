# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls whose every TCP payload comes in two segments, cut after any byte, are the calls that they were.

Stacks of NetMeeting's time wrote the TPKT header and the message in two writes.
"""

import dataclasses

import pytest

from support import edited, reports, reshape, traffic, tshark

NAMES = ["h323-short-call-1731.pcap", "h323-fast-start-1731.pcap", "h323-tunnelled-1731.pcap",
         "h323-fast-start-tunnelled-1731.pcap", "h323-callee-ends-h245-1731.pcap", "h323-busy-1731.pcap",
         "h323-ipv6-1731.pcap", "derived-both-legs.pcap", "synthetic-netmeeting-profile-call.pcap",
         "synthetic-overlap-digits.pcap", "synthetic-forwarded-by-facility.pcap", "synthetic-digits.pcap"]
EVERY_BYTE = "h323-short-call-1731.pcap"


def course(records):
    """What a record says of the call, less the frames and times, which are others."""
    kept = ("coding", "call_reference", "call_id", "caller", "callee", "state", "outcome", "cause", "reason",
            "released_by", "legs", "forwarded_to", "verdict", "decided_by")
    of_stream = ("to", "link", "source", "destination", "codec", "negotiated_codec", "packets", "lost")
    return [{key: record[key] for key in kept} | {"found": reports.diagnosed(record), "dtmf": reports.dialled(record)} |
            {"streams": [{key: stream[key] for key in of_stream} for stream in record["streams"]]}
            for record in records]


def cut(name, at):
    return reshape.write(name, reshape.cut(reshape.read(name), at))


@pytest.mark.each_capture
@pytest.mark.parametrize("at", [1, 4, 30])
@pytest.mark.parametrize("name", NAMES)
def test_the_records_are_those_of_the_whole(name, at, passes):
    whole = course(reports.records(name, passes=passes))
    assert whole
    assert course(reports.records(cut(name, at), passes=passes)) == whole


@pytest.mark.each_capture
@pytest.mark.slow
@pytest.mark.parametrize("at", range(1, 64))
def test_after_every_byte(at):
    assert course(reports.records(cut(EVERY_BYTE, at))) == course(reports.records(EVERY_BYTE))


@pytest.mark.each_capture
@pytest.mark.parametrize("length", [64, 80, 96, 100, 128])
@pytest.mark.parametrize("name", ["synthetic-ras-call.pcap", "synthetic-ras-reject.pcap", "synthetic-ras-v1-call.pcap",
                                  "h323-short-call-1731.pcap", "h323-fast-start-tunnelled-1731.pcap",
                                  "synthetic-foreign.pcap", "synthetic-opaque-with-media.pcap"])
def test_snapped_captures_say_the_same_in_both_passes(name, length):
    capture = reshape.write(name, reshape.snapped(reshape.read(name), length))
    assert reports.records(capture) == reports.records(capture, passes=("-2",))


@pytest.mark.parametrize("octets", [4, 12, 13])
def test_a_header_of_tcp_may_end_early(octets, passes):
    """Of a connection for H.245 that was announced, a frame holds so many octets of TCP: it is shown as by stock."""
    call = edited.read("h323-separate-h245-1731.pcap")
    place = tshark.frames("h323-separate-h245-1731.pcap", "h245")[0] - 1
    whole = call[place]
    call[place] = dataclasses.replace(whole, data=whole.data[:14 + 20 + octets], length=len(whole.data))
    capture = traffic.write(call, "header.pcap")
    shown = [world.fields(capture, ["frame.protocols", "tcp.srcport", "tcp.seq"], f"frame.number == {place + 1}", passes)
             for world in (tshark.plugin, tshark.stock)]
    assert shown[0] == shown[1]
    assert shown[0][0]["tcp.srcport"]
