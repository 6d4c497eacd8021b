# SPDX-License-Identifier: GPL-2.0-or-later
"""-z msiccp,packet_fields: the fields of every packet, as -T fields has them, and RTP packed."""

import struct
import zlib

import pytest

from support import edited, files, tshark

FIELDS = ["tcp.stream", "tcp.srcport", "tcp.flags", "tcp.seq_raw", "tcp.payload", "icmp.type", "icmp.code",
          "msiccp.session", "msiccp.channel", "msiccp.event", "msiccp.from_caller", "msiccp.message", "h225.h245IpPort",
          "rtcp.ssrc.identifier"]
IP = [("ip.src", "ipv6.src"), ("ip.dst", "ipv6.dst"), ("ip.ttl", "ipv6.hlim"), ("ip.dsfield.dscp", "ipv6.tclass.dscp"),
      ("ip.id", None)]
UDP = ["udp.srcport", "udp.dstport", "udp.payload"]
SHOWN = ["frame.number", "frame.time_epoch", *UDP, *(name for pair in IP for name in pair if name)]
PACKED = "<qIIIIHHBBBB"
CAPTURES = [files.CAPTURES / name for name in (
    "derived-both-legs.pcap", "derived-coalesced.pcap", "derived-mirrored.pcap", "derived-snaplen-96.pcap",
    "derived-vlan.pcap", "derived-media-twice.pcap", "h323-ipv6-1731.pcap", "synthetic-ras-call.pcap",
    "synthetic-multiplexed-media.pcap", "synthetic-fax-in-call-ipv6.pcap", "synthetic-data-in-call.pcap",
    "synthetic-udp-of-nobody.pcap", "synthetic-stun-then-dtls.pcap", "synthetic-malformed.pcap",
    "synthetic-native-fictitious-udp.pcap", "udp-of-other-programs.pcap",
    "diagnosis/synthetic-media-unreachable-ipv6.pcap", "diagnosis/synthetic-short-quotes.pcap",
    "pairs/pair-rtp-prohibited-near.pcap", "pairs/pair-h245-prohibited-near.pcap")]


def lines(capture, names=FIELDS):
    """{frame: the parts of its line}, of RTP {frame: (what is packed, the other parts)}"""
    others, media = {}, {}
    for line in tshark.run(["-q", "-z", ",".join(["msiccp,packet_fields", *names])], capture).split("\n")[:-1]:
        parts = line.split(tshark.FIELD_END)
        if line.startswith("@"):
            packed = struct.unpack(PACKED, bytes.fromhex(parts[0][1:]))
            media[packed[1]] = packed, parts[1:]
        else:
            others[int(parts[1])] = parts
    return others, media


def fields_of(capture):
    """What tshark shows of every frame, asked once for all tests of a capture."""
    return tshark.fields(capture, [*SHOWN, "icmpv6.type", *FIELDS])


def microseconds(epoch):
    whole, _, part = epoch.partition(".")
    return int(whole) * 1_000_000 + int(part[:6])


def headers(row):
    """Addresses of all headers of IP, and of the first TTL, DSCP and identification."""
    source, destination, *numbers = (row[name] or (row[other] if other else []) for name, other in IP)
    return [tshark.VALUE_END.join(source), tshark.VALUE_END.join(destination),
            *(int(found[0], 0) if found else 0 for found in numbers)]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_as_fields_has_them(path):
    others, media = lines(path)
    shown = fields_of(path)
    assert len(shown) == len(others) + len(media)
    for row in shown:
        number = int(row["frame.number"][0])
        if number in media:
            continue
        parts = others[number]
        assert int(parts[0]) == microseconds(row["frame.time_epoch"][0])
        if len(parts) == 2:
            assert row["udp.srcport"] and not row["icmp.type"] and row["msiccp.channel"] in ([], ["2"])
            continue
        assert [*parts[2:4], *map(int, parts[4:7])] == headers(row)
        ports = [row[name][0] if row[name] else "" for name in UDP]
        assert parts[7:10] == [*ports[:2], ports[2] if row["msiccp.channel"] else ""]
        assert parts[10:] == [tshark.VALUE_END.join(row[name]) for name in FIELDS]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_rtp_is_packed(path):
    """All that a call's RTP is known by, and all that has its shape."""
    _others, media = lines(path)
    for row in fields_of(path):
        if not row["udp.srcport"] or row["icmp.type"] or row["icmpv6.type"] or row["tcp.srcport"]:
            continue
        number = int(row["frame.number"][0])
        payload = bytes.fromhex((row["udp.payload"] or [""])[0])
        joined = row["msiccp.channel"][:1] == ["2"]
        if len(payload) < 12 or payload[0] >> 6 != 2 or not joined and (
                row["msiccp.channel"] or 0xc0 <= payload[1] <= 0xdf):
            assert number not in media
            continue
        packed, parts = media.pop(number)
        kind, sequence, timestamp, ssrc = struct.unpack_from(">xBHII", payload)
        source, destination, ttl, dscp, identification = headers(row)
        assert packed[:4] == (microseconds(row["frame.time_epoch"][0]), number, ssrc, timestamp)
        assert packed[4] in (0, zlib.crc32(payload[12:52]))
        assert packed[5:] == (sequence, identification, ttl, dscp, kind & 0x7f, 0)
        session = (row["msiccp.session"] or ["0"])[0] if joined else ""
        assert parts == [source, row["udp.srcport"][0], destination, row["udp.dstport"][0], str(ssrc), session]
    assert media == {}


def test_of_what_was_not_captured_whole_there_is_no_check():
    path = files.CAPTURES / "h323-short-call-1731.pcap"
    whole, cut = (lines(capture)[1] for capture in (path, edited.editcap(path, "-s", "80")))
    assert whole.keys() == cut.keys()
    assert all(packed[4] for packed, _parts in whole.values())
    assert not any(packed[4] for packed, _parts in cut.values())


def test_what_this_release_does_not_have_is_empty():
    others, _media = lines("h323-short-call-1731.pcap", ["no.such", "tcp.dstport"])
    assert {tuple(parts[10:]) for parts in others.values() if len(parts) > 2} >= {("", "1731")}
