# SPDX-License-Identifier: GPL-2.0-or-later
"""RTP that no message named: joined by evidence, and only by evidence."""

import ipaddress
import os
import random
import struct

import pytest
import wire

from support import reports, edited, tshark
from support.traffic import CLIENT, SERVER, UDP, ethernet, ip, udp, write

SESSION_FIELDS = ["frame.number", "msiccp.session", "msiccp.channel", "msiccp.link", "frame.protocols"]
OBSERVED = "derived-observed-media.pcap"
OTHERS = "derived-other-udp-in-call.pcap"
RANDOM_DATAGRAMS = int(os.environ.get("MSICCP_RANDOM_DATAGRAMS", 100_000))


def third_of_a_stream():
    """The place among all UDP of the first packet that is the third of its direction."""
    sources = [row["ip.src"][0] for row in tshark.fields(OBSERVED, ["ip.src"], "udp")]
    return next(i for i, source in enumerate(sources) if sources[:i].count(source) == 2)


def test_rtp_of_a_call_whose_h245_is_missing_is_observed(passes):
    """All RTP from the third packet of a stream on, and the RTCP, is in the call, and the link says how."""
    all_udp = tshark.frames(OBSERVED, "udp", passes=passes)
    joined = tshark.frames(OBSERVED, 'msiccp.session == 1 && msiccp.link == "observed"', passes=passes)
    assert joined == all_udp[third_of_a_stream():]
    assert len(tshark.frames(OBSERVED, 'msiccp.channel == "rtcp"', passes=passes)) == 2


def test_one_and_two_passes_agree():
    assert tshark.fields(OBSERVED, SESSION_FIELDS) == tshark.fields(OBSERVED, SESSION_FIELDS, passes=["-2"])


def test_rtcp_of_a_stream_that_was_found_is_the_calls_whatever_came_before(passes):
    """RTCP between two hosts of no call, after which Wireshark asks its own heuristic for RTCP before ours."""
    call = edited.read(OBSERVED)
    place = tshark.frames(OBSERVED, "rtcp")[0] - 1
    report = struct.pack("!BBHII6I", 0x81, 201, 7, 1, 2, 0, 0, 0, 0, 0, 0)
    other = ethernet(ip(UDP, CLIENT, SERVER, udp(40001, 50001, report)))
    path = write([*call[:place], wire.Frame(call[place].time, other), *call[place:]], "others.pcap")
    assert tshark.frames(path, "rtcp && !msiccp", passes=passes) == [place + 1]
    assert len(tshark.frames(path, 'msiccp.channel == "rtcp"', passes=passes)) == 2


@pytest.mark.parametrize(("payload", "protocol"), [
    (bytes.fromhex("000100002112a442") + bytes(12), "stun"),
    (b"\x80\xff" + bytes(30), "data"),  # RTCP has no such type
    (bytes.fromhex("81ca0002 00000001 01014100"), "data"),  # nor does it begin with a source description
], ids=["stun", "no-type", "description"])
def test_what_is_no_rtcp_at_the_port_above_rtps_is_left_to_others(payload, protocol, passes):
    call = edited.read(OBSERVED)
    place = tshark.frames(OBSERVED, "rtcp")[-1]
    ends = tshark.fields(OBSERVED, ["ip.src", "ip.dst", "udp.srcport", "udp.dstport"], "rtcp")[0]
    source, target = (ipaddress.ip_address(ends[field][0]).packed for field in ("ip.src", "ip.dst"))
    ports = [int(ends[field][0]) for field in ("udp.srcport", "udp.dstport")]
    other = wire.Frame(call[place - 1].time, ethernet(ip(UDP, source, target, udp(*ports, payload))))
    path = write([*call[:place], other, *call[place:]], "no-rtcp.pcap")
    row = tshark.fields(path, ["frame.protocols", "msiccp.link"], f"frame.number == {place + 1}", passes=passes)[0]
    assert row == tshark.stock.fields(path, ["frame.protocols"], f"frame.number == {place + 1}",
                                      passes=passes)[0] | {"msiccp.link": []}
    assert row["frame.protocols"][0].endswith(f":{protocol}")


def test_observed_streams_say_who_set_them_up(passes):
    row = tshark.fields(OBSERVED, ["rtp.setup-method", "rtp.setup-frame"], "rtp", passes=passes)[0]
    third = tshark.frames(OBSERVED, "udp")[third_of_a_stream()]
    assert row == {"rtp.setup-method": ["MSICCP"], "rtp.setup-frame": [str(third)]}


def test_the_preference_turns_it_off(passes):
    """Then the streams are UDP, as without the plugin."""
    prefs = ["msiccp.observe_media:FALSE"]
    assert tshark.frames(OBSERVED, "rtp", passes=passes, prefs=prefs) == []
    assert tshark.frames(OBSERVED, "msiccp.link", passes=passes, prefs=prefs) == []


def test_other_programs_between_the_ends_keep_what_is_theirs(passes):
    """DNS, DTLS, QUIC, SNMP, NTP, STUN, SIP and BitTorrent during a call: none is taken for media."""
    columns = ["frame.number", "frame.protocols"]
    assert tshark.frames(OTHERS, "msiccp.link", passes=passes) == []
    assert (tshark.fields(OTHERS, columns, "udp", passes=passes)
            == tshark.stock.fields(OTHERS, columns, "udp", passes=passes))
    kinds = {row["frame.protocols"][0].split(":")[4] for row in tshark.fields(OTHERS, columns, "udp")}
    assert {"dns", "dtls", "quic", "snmp", "ntp", "stun", "sip", "bt-dht"} <= kinds


def frames_of_random_datagrams(count):
    """The call of OTHERS without its end, and then random bytes of many lengths between the same ends."""
    draw = random.Random(1731)
    last = tshark.frames(OTHERS, "msiccp && !(msiccp.outcome)")[-1]
    call = edited.read(OTHERS)[:last]
    yield from call
    start = call[-1].time // wire.SECOND + 1
    ends = [bytes([10, 73, 1, 10]), bytes([10, 73, 1, 20])]
    for i in range(count):
        payload = draw.randbytes(draw.choice((12, 13, 16, 20, 32, 45)))
        there = i % 2
        ports = [49152 + i // 2 % 3, 50152 + i // 2 % 5]
        datagram = udp(ports[there], ports[not there], payload)
        yield wire.Frame((start + i // 1000) * wire.SECOND + i % 1000,
                         ethernet(ip(UDP, ends[there], ends[not there], datagram)))


def test_random_datagrams_join_nothing():
    """On a few ports between the ends of a call, so that each has many packets to agree by chance.

    CI takes a million of them.
    """
    path = write(frames_of_random_datagrams(RANDOM_DATAGRAMS), "random.pcap")
    assert tshark.frames(path, "msiccp.link") == []


@pytest.mark.parametrize("capture", ["h323-three-calls-at-once-1731.pcap", "h323-separate-h245-1731.pcap"])
def test_negotiated_media_stays_negotiated(capture, passes):
    assert tshark.frames(capture, 'msiccp.link != "negotiated"', passes=passes) == []


def test_two_sources_in_turn_are_two_streams(passes):
    """From one port to another, so that every packet has another SSRC than the one before."""
    streams = reports.only_record("synthetic-two-sources-in-turn.pcap", passes=passes)["streams"]
    assert {stream["ssrc"] for stream in streams} == {0x33333333, 0x44444444}
    assert [stream["link"] for stream in streams] == ["observed"] * 2
    assert all(stream["packets"] >= 28 and stream["to"] == "callee" for stream in streams)
