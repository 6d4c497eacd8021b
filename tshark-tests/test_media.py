# SPDX-License-Identifier: GPL-2.0-or-later
"""H.245, RTP and RTCP are joined to the call that negotiated them, and offers are shown."""

import pytest

from support import edited, files, view

WITH_MEDIA = [path.name for path in files.captures("h323-*-173?.pcap")
              if not any(word in path.name for word in ("busy", "rejected", "no-answer"))]
REPACKED = ["derived-coalesced.pcap", "derived-mirrored.pcap", "derived-ports-used-again.pcap",
            "derived-one-byte-segments.pcap", "derived-vlan.pcap", "derived-one-way-media.pcap",
            "derived-media-after-release.pcap", "derived-starts-inside-call.pcap",
            "derived-nat.pcap"]
CODEC = {"alaw": "g711Alaw64k", "gsm": "gsmFullRate", "g726": "nonStandard", "speex": "nonStandard",
         "g729": "g729AnnexA", "g723": "g7231"}
SEPARATE = "h323-separate-h245-1731.pcap"


@pytest.mark.parametrize("name", WITH_MEDIA + REPACKED)
def test_all_media_is_joined_both_ways_and_says_how(name, passes):
    """Every RTP and RTCP packet carries its session, channel, link and set-up frame."""
    media = [row for row in view.rows(name, passes) if row.is_rtp or row.is_rtcp]
    for row in media:
        assert row.session is not None
        assert row.word("msiccp.channel") == ("rtp" if row.is_rtp else "rtcp")
        assert row.word("msiccp.link") == "negotiated"
        assert len(row["msiccp.setup_in"]) == 1
        assert row.word("msiccp.state") in ("ringing", "answered", "media", "released")
    ways = {(row.session, row.source_port, row.destination_port) for row in media if row.is_rtp}
    for session, source, destination in ways:
        one_way = "one-way" in name
        assert ((session, destination, source) in ways) != one_way
    assert {row.session for row in media} == {
        row.session for row in view.control_rows(name, passes)}


@pytest.mark.parametrize("name", WITH_MEDIA)
def test_all_udp_of_a_recorded_call_is_media_that_is_joined(name, passes):
    """The endpoints send nothing else over UDP: no packet is left out."""
    rows = view.rows(name, passes)
    assert [row.number for row in rows if row["udp.srcport"]] == [row.number for row in rows if row["msiccp.link"]]


@pytest.mark.parametrize("name", WITH_MEDIA)
def test_streams_keep_the_setup_that_stock_wireshark_shows(name, passes):
    fields = ["rtp.setup-frame", "rtp.setup-method", "rtcp.setup-frame", "rtcp.setup-method"]
    ours, stock = (
        {row.number: [row[field] for field in fields] for row in rows if row.is_rtp or row.is_rtcp}
        for rows in (view.rows(name, passes), view.stock_rows(name, passes)))
    assert ours == stock
    assert ours


@pytest.mark.parametrize("name", WITH_MEDIA)
def test_the_addresses_offered_are_those_that_h245_shows(name, passes):
    """In fast start, in tunnelled H.245 and on a connection of its own; of IPv4 or IPv6."""
    offers = 0
    for row in view.rows(name, passes):
        ports = row["h245.tsapIdentifier"] + row["h245.ipv6.tsapIdentifier"]
        assert row["msiccp.media.port"] == ports
        assert row["msiccp.media.addr"] == row["h245.ip4_network"]
        assert row["msiccp.media.addr6"] == row["h245.ip6_network"]
        offers += len(ports)
    assert offers >= 2


@pytest.mark.parametrize("name", WITH_MEDIA)
def test_the_codec_is_named_as_h245_names_it(name, passes):
    codecs = [codec for row in view.rows(name, passes) for codec in row["msiccp.media.codec"]]
    expected = next((CODEC[word] for word in CODEC if word in name), None)
    if name == "h323-short-call-1731.pcap":
        expected = CODEC["gsm"]
    calls = 3 if "three-calls" in name else 1
    assert codecs == [expected or "g711Ulaw64k"] * 2 * calls


@pytest.mark.parametrize("name", WITH_MEDIA)
def test_rtp_goes_to_the_ports_that_were_offered(name, passes):
    offered = {}
    for row in view.session_rows(name, passes):
        for address, port in zip(row["msiccp.media.addr"] + row["msiccp.media.addr6"],
                                 row["msiccp.media.port"], strict=True):
            offered.setdefault((row.session, address), set()).add(int(port))
        if row.is_rtp or row.is_rtcp:
            assert row.destination_port in offered[row.session, row.destination]


def test_an_acceptance_of_channels_is_a_media_event(passes):
    rows = view.session_rows(SEPARATE, passes)
    assert [row.number for row in rows if row.word("msiccp.event") == "media"] == [30, 31]


def test_rtcp_is_a_channel_of_its_own(passes):
    rows = view.session_rows(SEPARATE, passes)
    assert [row.number for row in rows if row.word("msiccp.channel") == "rtcp"] == [536, 537]


@pytest.mark.parametrize("name", WITH_MEDIA)
def test_links_are_on_media_only(name, passes):
    for row in view.rows(name, passes):
        assert bool(row["msiccp.link"]) == (row.is_rtp or row.is_rtcp)


def without_h245(name):
    """A copy of a recording without the connections that carry H.245 alone."""
    streams = {row.one("tcp.stream") for row in view.stock_rows(name) if row.is_h245_connection}
    return edited.cut(name, " && ".join(f"!(tcp.stream == {stream})" for stream in streams),
                      "without-h245.pcap")


def test_media_that_nobody_named_is_observed(passes):
    """Without its H.245 connection the RTP of the call is still found; the first two packets of a way stay UDP."""
    capture = without_h245(SEPARATE)
    rows = [row for row in view.rows(capture, passes) if row["udp.srcport"]]
    streams = {}
    for row in rows:
        streams.setdefault((row.source_port, row.destination_port), []).append(row)
    rtp = {ports: stream for ports, stream in streams.items() if len(stream) > 1}
    assert len(rtp) == 2
    first = min(stream[0].number for stream in rtp.values())
    for stream in rtp.values():
        unmarked = [row for row in stream if row["msiccp.link"] != ["2"]]
        assert unmarked == stream[:len(unmarked)] and len(unmarked) <= 2
        assert all(not row["msiccp.session"] and not row.is_rtp for row in unmarked)
        assert [row.word("msiccp.channel") for row in stream if row not in unmarked] == (
            ["rtp"] * (len(stream) - len(unmarked)))
    assert [row.session for row in rows if row.number == first] == [None]
    assert {row.session for row in rows if row.number != first} <= {1, None}


def test_nothing_is_observed_when_the_user_does_not_want_it(passes):
    capture = without_h245(SEPARATE)
    rows = view.rows(capture, passes, prefs=["msiccp.observe_media:FALSE"])
    assert {row.words("msiccp.channel")[0] for row in rows if row.session} == {"control"}
    assert not any(row.is_rtp for row in rows)


@pytest.mark.parametrize("name", [SEPARATE, "h323-fast-start-1731.pcap", "h323-tunnelled-1731.pcap",
                                  "derived-nat.pcap", "derived-ports-used-again.pcap",
                                  "synthetic-opaque-with-media.pcap"])
def test_no_media_is_marked_when_the_user_does_not_want_it(name, passes):
    """RTP is then as in stock Wireshark, and the control messages are still tracked."""
    rows = view.rows(name, passes, prefs=["msiccp.link_media:FALSE"])
    assert {word for row in rows for word in row.words("msiccp.channel")} == {"control"}
    assert [row["rtp.setup-frame"] for row in rows] == [
        row["rtp.setup-frame"] for row in view.stock_rows(name, passes)]
    assert [row.number for row in rows if row.session] == [
        row.number for row in view.control_rows(name, passes)]


def test_behind_nat_media_is_joined_although_other_addresses_were_offered(passes):
    name = "derived-nat.pcap"
    rtp = [row for row in view.rows(name, passes) if row["udp.srcport"]]
    assert {row.source for row in rtp} == {"10.73.1.10", "192.0.2.20"}
    assert {row.session for row in rtp} == {1}


@pytest.mark.parametrize("name", ["h323-separate-h245-1731.pcap", "derived-nat.pcap",
                                  "derived-ports-used-again.pcap"])
def test_the_h245_connection_is_part_of_the_call(name, passes):
    """Where stock knows it, where the addresses are translated, and where ports are used again."""
    calls = {row.session for row in view.control_rows(name, passes)}
    for call in calls:
        h245 = [row for row in view.session_rows(name, passes, call) if row.is_h245_connection]
        assert len(h245) >= 12
        assert {row.word("msiccp.channel") for row in h245} == {"h245"}
