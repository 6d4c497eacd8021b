# SPDX-License-Identifier: GPL-2.0-or-later
"""What media is whose: audio and video each for itself, fax, data, fast start, codecs over time, copies."""

import pytest

from support import reports, reshape, tshark
from support.traffic import Traffic

ONE_WAY = {"synthetic-audio-one-way-video-both.pcap": True, "synthetic-audio-one-way-video-both-ipv6.pcap": True,
           "synthetic-video-one-way.pcap": True, "synthetic-video-of-one-camera.pcap": False,
           "derived-one-way-media.pcap": True, "h323-separate-h245-1731.pcap": False}
DATA_ONLY = ["synthetic-data-only.pcap", "synthetic-data-only-ipv6.pcap", "synthetic-fax-only.pcap",
             "synthetic-fax-only-unseen.pcap"]
FAX = ["synthetic-fax-in-call.pcap", "synthetic-fax-in-call-same-ports.pcap", "synthetic-fax-in-call-ipv6.pcap",
       "synthetic-fax-only.pcap"]
T120 = {"synthetic-data-only.pcap": "tcp.port == 1503", "synthetic-data-only-ipv6.pcap": "tcp.port == 4800",
        "synthetic-data-in-call.pcap": "tcp.port == 1503"}
FAST_START = ["synthetic-fast-start-answer.pcap", "synthetic-fast-start-answer-early.pcap",
              "synthetic-fast-start-answer-dynamic.pcap"]


def streams(name, passes=()):
    return reports.only_record(name, passes=passes)["streams"]


@pytest.mark.parametrize("name", ONE_WAY)
def test_audio_and_video_are_judged_each_for_itself(name, passes):
    expected = 1 if ONE_WAY[name] else 0
    assert len(tshark.frames(name, "msiccp.expert.one_way_media", passes)) == expected
    assert ("one_way_media" in reports.diagnosed(reports.only_record(name, passes=passes))) is ONE_WAY[name]


@pytest.mark.parametrize("name", DATA_ONLY)
def test_a_call_without_audio_and_video_lacks_no_media(name, passes):
    assert tshark.frames(name, "msiccp.expert.no_media || msiccp.expert.one_way_media", passes) == []
    assert reports.diagnosed(reports.only_record(name, passes=passes)) == []


def test_a_call_with_audio_that_was_not_seen_lacks_it(passes):
    assert reports.diagnosed(reports.only_record("derived-no-media.pcap", passes=passes)) == ["no_media"]


@pytest.mark.parametrize("name", FAX)
def test_fax_is_in_its_call(name, passes):
    fax = tshark.frames(name, "t38", passes)
    assert len(fax) == 60
    assert tshark.frames(name, 'msiccp.session == 1 && msiccp.channel == "t38"', passes) == fax
    assert tshark.frames(name, "msiccp.channel == 4 && msiccp.link == negotiated", passes) == fax


@pytest.mark.parametrize("name", T120)
def test_data_is_in_its_call(name, passes):
    data = tshark.frames(name, f"{T120[name]} && tcp.len > 0", passes)
    assert len(data) == 3
    assert tshark.frames(name, 'msiccp.session == 1 && msiccp.channel == "t120"', passes) == data
    assert tshark.frames(name, "msiccp.channel == 5", passes) == data


@pytest.mark.parametrize("name", T120)
def test_data_is_in_its_call_however_its_messages_are_cut(name, passes):
    """What follows in a segment of its own has no header that would tell it."""
    capture = reshape.write("cut.pcap", reshape.cut(reshape.read(name), 5))
    data = tshark.frames(capture, f"{T120[name]} && tcp.len > 0", passes)
    assert len(data) == 6
    assert tshark.frames(capture, 'msiccp.session == 1 && msiccp.channel == "t120"', passes) == data


@pytest.mark.parametrize("name", T120)
def test_data_of_a_call_decodes_as_without_the_plugin(name, passes):
    names = ["frame.number", "_ws.col.Protocol" if tshark.plugin.version < (4, 2) else "_ws.col.protocol", "tcp.len"]
    expected = tshark.stock.fields(name, names, T120[name], passes)
    assert tshark.fields(name, names, T120[name], passes) == expected


@pytest.mark.parametrize("name", FAST_START)
def test_media_comes_where_the_fast_start_answer_wants_it(name, passes):
    found = streams(name, passes)
    assert [(stream["to"], stream["link"], stream["packets"]) for stream in found] == [
        ("callee", "negotiated", 80), ("caller", "negotiated", 80)]
    assert reports.diagnosed(reports.only_record(name, passes=passes)).count("one_way_media") == 0
    assert len(tshark.frames(name, "rtp && msiccp.session == 1", passes)) == 160


def test_the_codec_is_the_one_that_was_signalled_for_the_type(passes):
    for name, payload_type, codec, negotiated in (
            ("synthetic-dynamic-payload-type.pcap", 101, "GSM-EFR", "gsmEnhancedFullRate"),
            ("synthetic-dynamic-payload-type-ipv6.pcap", 96, "AMR", "AMR"),
            ("synthetic-fast-start-answer-dynamic.pcap", 101, "G.722.1", "G.722.1")):
        for stream in streams(name, passes):
            assert (stream["payload_type"], stream["codec"], stream["negotiated_codec"]) == (
                payload_type, codec, negotiated)


def test_what_is_signalled_as_a_codec_is_no_digit(passes):
    record = reports.only_record("synthetic-dynamic-payload-type.pcap", passes=passes)
    assert record["dtmf"] == {"h245": 0, "rfc2833": 0, "keypad": 0, "digits": [], "digits_more": 0}


def test_generic_capabilities_have_names(passes):
    names = ["G.722.1", "G.722.1 Annex C", "AMR", "AMR-WB", "iLBC", None, "H.264", "MPEG-4 Visual"]
    found = reports.records("synthetic-generic-capabilities.pcap", passes=passes)
    for name, record in zip(names, found, strict=True):
        expected = name or "1.3.6.1.4.1.6731.9"
        assert [stream["negotiated_codec"] for stream in record["streams"]] == [expected] * 2
        assert [stream["codec"] for stream in record["streams"]] == [expected] * 2
    shown = tshark.fields("synthetic-generic-capabilities.pcap", ["msiccp.media.codec"], "msiccp.media.codec", passes)
    assert {"G.722.1", "H.264"} <= {codec for row in shown for codec in row["msiccp.media.codec"]}


def over_time(stream):
    return [(one["codec"], one["payload_type"], one["packets"]) for one in stream["codecs"]]


def test_codecs_over_time(passes):
    for stream in streams("synthetic-codec-change.pcap", passes):
        assert over_time(stream) == [("PCMU", 0, 60), ("PCMA", 8, 40)]
        assert [one["first_frame"] for one in stream["codecs"]][0] == stream["first"]["frame"]
    to_callee, to_caller = streams("synthetic-codec-change-ipv6.pcap", passes)
    assert over_time(to_callee) == [("PCMU", 0, 30), ("G723", 4, 20), ("PCMU", 0, 30)]
    assert over_time(to_caller) == [("PCMU", 0, 80)]


def test_the_first_frame_of_a_codec_is_that_of_its_first_packet(passes):
    name = "synthetic-codec-change.pcap"
    for stream in streams(name, passes):
        first = tshark.frames(name, f"rtp.p_type == 8 && udp.dstport == {stream['destination']['port']}", passes)[0]
        assert stream["codecs"][1]["first_frame"] == first


def test_the_table_tells_all_codecs(passes):
    lines = reports.table("synthetic-codec-change.pcap", passes=passes)
    assert sum("G.711 mu-law, then G.711 A-law" in line for line in lines) == 2


def test_digits_and_comfort_noise_are_no_change_of_codec(passes):
    to_callee = streams("synthetic-digits.pcap", passes)[0]
    assert over_time(to_callee) == [("PCMU", 0, 20)]
    assert to_callee["payload_types"] == [0, 101]


@pytest.mark.parametrize(("name", "original"), [
    ("derived-media-twice.pcap", "h323-short-call-1731.pcap"),
    ("derived-media-twice-one-way.pcap", "h323-separate-h245-1731.pcap"),
    ("derived-mirrored.pcap", "h323-short-call-1731.pcap")])
def test_packets_that_were_captured_twice_count_once(name, original, passes):
    """All that is said of the streams is what is said of them where they were captured once."""
    once, twice = streams(original, passes), streams(name, passes)
    for one, other in zip(once, twice, strict=True):
        for key in ("to", "packets", "expected", "lost", "octets", "payload_types", "codec"):
            assert other[key] == one[key]
        assert one["copies"] == 0
        is_doubled = name != "derived-media-twice-one-way.pcap" or one["to"] == "caller"
        assert other["copies"] == (one["packets"] if is_doubled else 0)
        if not is_doubled:
            assert other["jitter_max_ms"] == one["jitter_max_ms"]


def test_copies_are_in_the_session_too(passes):
    assert len(tshark.frames("derived-media-twice.pcap", "msiccp.session == 1 && rtp", passes)) == 2 * len(
        tshark.frames("h323-short-call-1731.pcap", "rtp", passes))


def test_media_before_the_first_message_is_not_in_the_call_and_what_follows_it_is(passes):
    """A packet is shown when it is read, and nothing then tells of a call: see docs/LIMITS.md."""
    assert tshark.frames("derived-rotated-tail.pcap", "rtp", passes) == []
    assert len(tshark.frames("derived-rotated-tail.pcap", "msiccp.session == 1", passes)) == 1
    name = "derived-rotated-middle.pcap"
    control = tshark.frames(name, "q931", passes)[0]
    later = tshark.frames(name, f"udp && frame.number > {control}", passes)
    joined = tshark.frames(name, "msiccp.link == observed", passes)
    assert set(joined) <= set(later) and len(joined) >= len(later) - 4


@pytest.mark.parametrize("bound", ["synthetic-bacnet.pcap"])
def test_bacnet_is_no_rtp(bound, passes):
    assert tshark.frames(bound, "rtp || msiccp.link", passes) == []
    assert len(tshark.frames(bound, "bacnet", passes)) == 12


def test_rtp_of_which_nothing_tells_is_still_found(passes):
    assert len(tshark.frames("derived-observed-media.pcap", "msiccp.link == observed", passes)) > 700


def test_udp_of_nobody_is_no_session(passes):
    name = "synthetic-udp-of-nobody.pcap"
    assert tshark.frames(name, "msiccp.session", passes) == []
    assert reports.records(name, passes=passes) == []
    assert len(tshark.frames(name, "msiccp.coding == opaque", passes)) == 48
    assert len(tshark.frames(name, "data", passes)) == 48


def test_udp_that_media_follows_is_a_session(passes):
    """From the media on: what came before it was not known to be one."""
    traffic = Traffic()
    place = bytes([192, 0, 2, 1]) + (46000).to_bytes(2, "big")
    traffic.datagram(45000, True, b"\xfe\x01" + place + b"\xee")
    for i in range(10):
        traffic.datagram(46000, False, bytes.fromhex("8000") + (100 + i).to_bytes(2, "big") +
                         (160 * i).to_bytes(4, "big") + b"\0\0\0\7" + bytes(160), 46002)
    traffic.datagram(45000, False, b"\xfd\x02\xee")
    capture = traffic.write()
    joined = tshark.frames(capture, 'msiccp.session == 1 && msiccp.channel == "rtp"', passes)
    assert joined and set(joined) <= set(range(2, 12))
    assert tshark.frames(capture, "msiccp.session == 1 && msiccp.coding == opaque", passes) == [12]
    assert len(reports.records(capture, passes=passes)) == 1
