# SPDX-License-Identifier: GPL-2.0-or-later
"""Whose media it is where more than one has named its addresses, and what is said of what comes there."""

import h245
import pytest
import wire
from field import ANN, BEA, CLEO, Call, all_frames, audio_call, rtp, using
from generate_claims import numbered
from generate_field_media import t120_connection

from support import files, reports, traffic, tshark


def written(frames, name):
    return traffic.write(wire.by_time(frames), name)


def sessions_of_media(capture, ssrc, passes):
    rows = tshark.fields(capture, ["msiccp.session"], f"rtp.ssrc == {ssrc}", passes)
    return [row["msiccp.session"] for row in rows]


def test_media_is_of_the_call_that_named_where_it_goes(passes):
    """Though it comes from where another call of the two wants its own."""
    calls = [audio_call(ANN, BEA, 1), audio_call(ANN, BEA, 2, start=0.5, ports=(6100, 7100))]
    media = rtp(3.0, using(ANN, 6000), using(BEA, 7100), 5, 0, ssrc=77)
    capture = written(all_frames(*calls) + media, "crossed.pcap")
    assert sessions_of_media(capture, 77, passes) == [["2"]] * 5


def test_media_that_no_rtcp_was_named_with_is_where_it_was_agreed_on():
    """Neither end names where it wants RTCP."""
    call = Call(ANN, BEA, 1)
    call.begin()
    for from_caller, here in ((True, (ANN.ip, 6000)), (False, (BEA.ip, 7000))):
        call.control_media(1.2, not from_caller, h245.open_channel(1, h245.G711U, h245.SESSION_AUDIO))
        call.control_media(1.3, from_caller, h245.accept_channel(1, h245.SESSION_AUDIO, here))
    call.media_both_ways(1.6, 6000, 7000, 60)
    call.end(4.0)
    record = reports.only_record(written(call.frames(), "no-rtcp.pcap"))
    assert [stream["packets"] for stream in record["streams"]] == [60, 60]
    assert reports.diagnosed(record) == []


def test_what_is_unknown_at_the_place_of_a_stream_that_was_found_is_nobodys_media():
    """No message named the place: what else comes there need not be media."""
    call = audio_call(ANN, BEA, 1)
    found = rtp(2.0, using(ANN, 6500), using(BEA, 7500), 20, 0, ssrc=77)
    numbered(call, 3.0, True, 7, 20, using(ANN, 6500), using(BEA, 7500))
    call.end(5.0)
    capture = written(call.frames() + found, "unknown.pcap")
    assert len(tshark.frames(capture, 'msiccp.link == "observed" && rtp')) == 18
    assert "media_unknown" not in reports.diagnosed(reports.only_record(capture))


def test_a_file_that_was_open_before_owns_nothing():
    """The same two addresses, in another call between others: what goes to the second is translated in this one."""
    before = audio_call(BEA, ANN, 1, ports=(7000, 6000))
    before.media(1.6, False, 7000, 6000, 20)
    now = [Call(CLEO, ANN, 2), audio_call(ANN, CLEO, 3, start=0.5)]
    now[0].begin()
    media = rtp(3.0, using(ANN, 6000), using(BEA, 7000), 20, 0, ssrc=77)
    captures = [written(before.frames(), "before.pcap"), written(all_frames(*now) + media, "now.pcap")]
    requests = []
    for capture in captures:
        requests += [("load", {"file": files.readable(capture)}),
                     ("frames", {"column0": "msiccp.session:0", "column1": "rtp.ssrc:0"})]
    answers = tshark.sharkd(requests)
    sessions = [[frame["c"][0] for frame in answers[place] if frame["c"][1]] for place in (1, 3)]
    assert sessions == [["1"] * 20, ["2"] * 20]


@pytest.mark.parametrize(("client", "server"), [(ANN, BEA), (BEA, ANN)], ids=["callee", "caller"])
def test_data_that_no_address_was_named_for_is_at_its_own_port(client, server, passes):
    """Of either end: T.120 has 1503."""
    call = Call(ANN, BEA, 1)
    call.begin()
    call.control_media(1.2, True, h245.open_data_channel(1))
    call.end(8.0)
    data = t120_connection(using(client, 4500), using(server, 1503), 1.6, 7.9)
    capture = written(call.frames() + data, "data.pcap")
    rows = tshark.fields(capture, ["msiccp.channel", "msiccp.session"], "tcp.port == 1503 && tcp.len > 0", passes)
    assert rows == [{"msiccp.channel": ["5"], "msiccp.session": ["1"]}] * 3
