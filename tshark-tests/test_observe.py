"""RTP that no message named: joined by evidence, and only by evidence."""

import os
import random
import struct

import pytest

import tsh

SESSION_FIELDS = ["frame.number", "msiccp.session", "msiccp.channel", "msiccp.link", "frame.protocols"]
OBSERVED = "derived-observed-media.pcap"
OTHERS = "derived-other-udp-in-call.pcap"
RANDOM_DATAGRAMS = int(os.environ.get("MSICCP_RANDOM_DATAGRAMS", 100_000))


def test_rtp_of_a_call_whose_h245_is_missing_is_observed(passes):
    """Every RTP packet but the first, and the RTCP, is in the call, and the link says how."""
    all_udp = tsh.frames(OBSERVED, "udp", passes=passes)
    joined = tsh.frames(OBSERVED, 'msiccp.session == 1 && msiccp.link == "observed"', passes=passes)
    assert joined == all_udp[1:]
    assert len(tsh.frames(OBSERVED, 'msiccp.channel == "rtcp"', passes=passes)) == 2


def test_one_and_two_passes_agree():
    assert tsh.fields(OBSERVED, SESSION_FIELDS) == tsh.fields(OBSERVED, SESSION_FIELDS, passes=["-2"])


def test_observed_streams_say_who_set_them_up(passes):
    row = tsh.fields(OBSERVED, ["rtp.setup-method", "rtp.setup-frame"], "rtp", passes=passes)[0]
    first, second = tsh.frames(OBSERVED, "udp")[:2]
    assert row == {"rtp.setup-method": ["MSICCP"], "rtp.setup-frame": [str(second)]}
    assert first < second


def test_the_preference_turns_it_off(passes):
    """Then the streams are UDP, as without the plugin."""
    prefs = ["msiccp.observe_media:FALSE"]
    assert tsh.frames(OBSERVED, "rtp", passes=passes, prefs=prefs) == []
    assert tsh.frames(OBSERVED, "msiccp.link", passes=passes, prefs=prefs) == []


def test_other_programs_between_the_ends_keep_what_is_theirs(passes):
    """DNS, DTLS, QUIC, SNMP, NTP, STUN, SIP and BitTorrent during a call: none is taken for media."""
    columns = ["frame.number", "frame.protocols"]
    assert tsh.frames(OTHERS, "msiccp.link", passes=passes) == []
    assert (tsh.fields(OTHERS, columns, "udp", passes=passes)
            == tsh.stock.fields(OTHERS, columns, "udp", passes=passes))
    kinds = {row["frame.protocols"][0].split(":")[4] for row in tsh.fields(OTHERS, columns, "udp")}
    assert {"dns", "dtls", "quic", "snmp", "ntp", "stun", "sip", "bt-dht"} <= kinds


def capture_of_random_datagrams(path, count):
    """The call of OTHERS without its end, and then random bytes of many lengths between the same ends."""
    draw = random.Random(1731)
    original = (tsh.CAPTURES / OTHERS).read_bytes()
    frames = tsh.frames(OTHERS, "msiccp && !(msiccp.outcome)")
    with open(path, "wb") as out:
        out.write(original[:24])
        offset, number = 24, 0
        while number < frames[-1]:
            seconds, micros, length, _ = struct.unpack_from("<IIII", original, offset)
            number += 1
            out.write(original[offset:offset + 16 + length])
            offset += 16 + length
        for i in range(count):
            payload = draw.randbytes(draw.choice((12, 13, 16, 20, 32, 45)))
            there = i % 2
            ends = [bytes([10, 73, 1, 10]), bytes([10, 73, 1, 20])]
            ports = [49152 + i // 2 % 3, 50152 + i // 2 % 5]
            udp = struct.pack(">HHHH", ports[there], ports[not there], 8 + len(payload), 0) + payload
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + ends[there] + ends[not there]
            data = b"\x02\x00\x00\x73\x01\x20\x02\x00\x00\x73\x01\x10\x08\x00" + ip + udp
            out.write(struct.pack("<IIII", seconds + 1 + i // 1000, i % 1000, len(data), len(data)) + data)


def test_random_datagrams_join_nothing():
    """On a few ports between the ends of a call, so that each has many packets to agree by chance.

    CI takes a million of them.
    """
    path = tsh.scratch("random-") / "random.pcap"
    capture_of_random_datagrams(path, RANDOM_DATAGRAMS)
    assert tsh.frames(path, "msiccp.link") == []


@pytest.mark.parametrize("capture", ["h323-three-calls-at-once-1731.pcap", "h323-separate-h245-1731.pcap"])
def test_negotiated_media_stays_negotiated(capture, passes):
    assert tsh.frames(capture, 'msiccp.link != "negotiated"', passes=passes) == []
