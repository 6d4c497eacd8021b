# SPDX-License-Identifier: GPL-2.0-or-later
"""Several messages in one frame: in one segment, in several segments and data sources, within tunnels.

Every pass must find what each of them did, whatever lies at the same offset of another.
"""

import struct

import pytest

import h225
import wire
from support import edited, files, reports, traffic, tshark, view

SETUP, ALERTING, CONNECT, RELEASE = 0x05, 0x01, 0x07, 0x5a
MSDU_TYPE = b"\xaa\xaa\x03\0\0\0\x08\0"     # LLC and SNAP before an IPv4 packet
QOS_DATA = 0x88
A_MSDU = 0x80                               # in the QoS control field
IP_IN_IP, GRE = 4, 47
VXLAN_PORT = 4789

OURS = ["frame.number", *view.OURS]


def call(number, kind, **fields):
    guid = bytes([0x30 + number]) + bytes(14) + b"\1"
    caller = kind in (SETUP, RELEASE)
    return h225.message(kind, number, caller, 2, guid=guid, conference=guid, **fields)


def asking(number):
    return call(number, SETUP, aliases=[f"ann{number}"], to_aliases=[f"bea{number}"])


def packets(send):
    """The IP packets of the frames that SEND makes of a Traffic."""
    made = traffic.Traffic()
    send(made)
    return [frame[14:] for frame in made.packets]


def in_one_wireless_frame(ip_packets):
    """An IEEE 802.11 frame that is an A-MSDU of these packets."""
    frame = struct.pack("<BBH", QOS_DATA, 0, 0) + b"\2" * 18 + struct.pack("<HH", 0, A_MSDU)
    for number, packet in enumerate(ip_packets):
        subframe = b"\2" * 12 + struct.pack("!H", len(MSDU_TYPE) + len(packet)) + MSDU_TYPE + packet
        last = number == len(ip_packets) - 1
        frame += subframe + (b"" if last else b"\0" * (-len(subframe) % 4))
    return frame


def wireless(frames, name="wireless.pcap"):
    made = traffic.Traffic()
    made.packets = frames
    return edited.editcap(made.write(), "-T", "ieee-802-11", name=name)


def same_in_both_passes(capture, prefs=()):
    """What is known of the calls in one pass, which must be what is known in two."""
    first, second = ([{name: row[name] for name in OURS} for row in view.rows(capture, passes, prefs)]
                     for passes in ((), ("-2",)))
    for row in first + second:
        row.pop("msiccp.response_in", None)
    assert first == second
    records = reports.records(capture, prefs=prefs)
    assert records == reports.records(capture, passes=("-2",), prefs=prefs)
    return [row for row in first if row["msiccp.session"]], records


def h323(made):
    """Two calls of two connections: all of their messages, one after the other."""
    for port in (40001, 40002):
        number = port - 40000
        made.dialogue(port, (True, asking(number)), (False, call(number, ALERTING)), (False, call(number, CONNECT)),
                      (True, call(number, RELEASE, cause=16)))


def h323_cut(made):
    """The same, each message in two segments: so several are put together in one frame."""
    for port in (40001, 40002):
        number = port - 40000
        for from_client, message in ((True, asking(number)), (False, call(number, CONNECT)),
                                     (True, call(number, RELEASE, cause=16))):
            made.dialogue(port, (from_client, message[:4]), (from_client, message[4:]))


def opaque(made):
    for port in (40001, 40002):
        made.dialogue(port, (True, b"\x91\x05\x88" * 20), (False, b"\x92\x06\x88" * 20), (True, b"\x93\x05\x99" * 20))


@pytest.mark.parametrize("send, outcomes", [
    (h323, ["answered", "answered"]), (opaque, ["incomplete", "incomplete"])])
def test_all_segments_in_one_frame(send, outcomes):
    rows, records = same_in_both_passes(wireless([in_one_wireless_frame(packets(send))]))
    assert [record["outcome"] for record in records] == outcomes
    assert len(rows) == 1


@pytest.mark.parametrize("send", [h323, opaque])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_few_segments_in_each_frame(send, count):
    every = packets(send)
    frames = [in_one_wireless_frame(every[at:at + count]) for at in range(0, len(every), count)]
    _, records = same_in_both_passes(wireless(frames))
    assert len(records) == 2


@pytest.mark.parametrize("count", [2, 4, 5, 50])
def test_what_a_later_pass_does_not_meet_again_is_reported_all_the_same(count):
    """Of segments in one frame, TCP does not put together in a second pass what it has in the first."""
    every = packets(h323_cut)
    capture = wireless([in_one_wireless_frame(every[at:at + count]) for at in range(0, len(every), count)])
    for statistic in ("msiccp,cdr", "msiccp,calls", "msiccp,ports_json", "msiccp,tree"):
        one, two = (tshark.run(["-q", "-z", statistic], capture, passes) for passes in ((), ("-2",)))
        assert one == two, statistic
    assert len(reports.records(capture)) == 2


def test_a_datagram_names_nothing_of_the_segment_beside_it():
    """A foreign datagram, and a segment of another connection, in one frame."""
    def send(made):
        made.datagram(40001, True, bytes.fromhex("1234 0100 0001 0000 0000 0000 07") + b"example" + bytes.fromhex(
            "00 0001 0001"))
        made.send(40002, True, b"")
    capture = wireless([in_one_wireless_frame(packets(send)[::-1])])
    reported = [tshark.run(["-q", "-z", "msiccp,ports_json"], capture, passes) for passes in ((), ("-2",))]
    assert reported[0] == reported[1]
    assert '"transport":"udp","kind":"foreign","name":"DNS"' in reported[0]


def as_stock(capture, passes):
    """Wireshark itself does not find again, in a second pass, what it put together within one frame."""
    protocols = [world.fields(capture, ["frame.protocols"], None, passes) for world in (tshark.plugin, tshark.stock)]
    ours, stock = ([row["frame.protocols"][0].replace(":msiccp", "") for row in rows] for rows in protocols)
    assert ours == stock


@pytest.mark.parametrize("count", [2, 3, 5, 100])
def test_messages_put_together_within_a_frame(count, passes):
    every = packets(h323_cut)
    capture = wireless([in_one_wireless_frame(every[at:at + count]) for at in range(0, len(every), count)])
    assert [record["outcome"] for record in reports.records(capture)] == ["answered", "answered"]
    as_stock(capture, passes)


def test_foreign_segments_in_one_frame():
    hello = b"\x16\x03\x01\x00\x2c\x01" + bytes(43)

    def send(made):
        for port in (40001, 40002):
            made.dialogue(port, (True, hello), (True, hello))

    capture = wireless([in_one_wireless_frame(packets(send))])
    first, second = (tshark.fields(capture, ["msiccp.foreign"], None, passes) for passes in ((), ("-2",)))
    assert first == second == [{"msiccp.foreign": ["TLS"]}]


def test_described_messages_in_one_frame():
    prefs = ["msiccp.native.framing:length", "msiccp.native.length_offset:0", "msiccp.native.length_width:4",
             "msiccp.native.type_offset:4", "msiccp.native.type_width:4",
             r'uat:msiccp_native_types:"1","hello","request"', r'uat:msiccp_native_types:"2","bye","release"']

    def message(kind):
        return struct.pack("<II", 12, kind) + b"\x81\x82\x83\x84"

    def send(made):
        for port in (40001, 40002):
            made.dialogue(port, (True, message(1)), (False, message(3)), (True, message(2)))

    rows, records = same_in_both_passes(wireless([in_one_wireless_frame(packets(send))]), prefs)
    assert [record["coding"] for record in records] == ["native", "native"]
    assert rows[0]["msiccp.event"].count("6") == 2


def test_admissions_in_one_frame():
    """What a gatekeeper is asked and answers, and the calls that it admits."""
    every = [frame.data[14:] for frame in wire.read_capture(files.CAPTURES / "synthetic-ras-call.pcap")]
    whole = reports.records("synthetic-ras-call.pcap")
    for count in (2, 4):
        frames = [in_one_wireless_frame(every[at:at + count]) for at in range(0, len(every), count)]
        _, records = same_in_both_passes(wireless(frames))
        assert [(record["coding"], record["outcome"]) for record in records] == [
            (record["coding"], record["outcome"]) for record in whole]


@pytest.mark.parametrize("count", [2, 3, 4, 8])
def test_media_beside_what_ends_its_call(count):
    """The state that RTP shows is the same, whether the message in its frame stands before or behind it."""
    every = [frame.data[14:] for frame in wire.read_capture(files.CAPTURES / "h323-tunnelled-1731.pcap")]
    capture = wireless([in_one_wireless_frame(every[at:at + count]) for at in range(0, len(every), count)])
    fields = ["frame.number", "msiccp.channel", "msiccp.state", "msiccp.link"]
    first, second = (tshark.plugin.fields(capture, fields, "rtp and msiccp", passes) for passes in ((), ("-2",)))
    assert first == second != []


@pytest.mark.parametrize("count", [2, 4])
def test_each_packet_of_media_in_a_frame_is_counted_in_its_stream(count, passes):
    """Both ways, and beside messages of the call. Of more than four in a frame Wireshark's dissector tells wrong."""
    recorded = "h323-tunnelled-1731.pcap"
    every = [frame.data[14:] for frame in wire.read_capture(files.CAPTURES / recorded)]
    capture = wireless([in_one_wireless_frame(every[at:at + count]) for at in range(0, len(every), count)])
    expected = [stream["packets"] for stream in reports.only_record(recorded)["streams"]]
    assert [stream["packets"] for stream in reports.only_record(capture, passes=passes)["streams"]] == expected


def test_data_whose_connection_begins_in_the_frame_that_names_it(passes):
    recorded, port = "synthetic-data-in-call.pcap", "tcp.port == 1503"
    frames = [frame.data[14:] for frame in wire.read_capture(files.CAPTURES / recorded)]
    begun = tshark.frames(recorded, f"{port} && tcp.flags.syn == 1")[0] - 1
    named = tshark.frames(recorded, f"h245 && frame.number <= {begun}")[0] - 1
    together = [[packet] for packet in frames[:named]] + [frames[named:begun + 1]] + [
        [packet] for packet in frames[begun + 1:]]
    capture = wireless([in_one_wireless_frame(packets_) for packets_ in together])
    data = tshark.frames(capture, f"{port} && tcp.len > 0 && !h245", passes)
    assert tshark.frames(capture, "msiccp.channel == 5", passes) == data != []


def tunnelled(packet, tunnel):
    """A packet within another of two gateways."""
    ends = bytes([198, 51, 100, 1]), bytes([198, 51, 100, 2])
    if tunnel == "IP in IP":
        return traffic.ip(IP_IN_IP, *ends, packet)
    if tunnel == "GRE":
        return traffic.ip(GRE, *ends, b"\0\0\x08\0" + packet)
    vxlan = struct.pack("!II", 0x08000000, 7 << 8) + traffic.ethernet(packet)
    return traffic.ip(traffic.UDP, *ends, traffic.udp(50000, VXLAN_PORT, vxlan))


@pytest.mark.parametrize("tunnel", ["IP in IP", "GRE", "VXLAN"])
def test_the_same_call_inside_and_outside_of_a_tunnel(tunnel):
    """Captured on both sides of its gateway: one call, whose messages came twice."""
    made = traffic.Traffic()
    made.packets = [traffic.ethernet(form) for packet in packets(h323) for form in (packet, tunnelled(packet, tunnel))]
    _, records = same_in_both_passes(made.write())
    assert [record["outcome"] for record in records] == ["answered", "answered"]


@pytest.mark.parametrize("tunnel", ["IP in IP", "GRE"])
def test_segments_of_tunnels_in_one_frame(tunnel, passes):
    first_call = packets(h323_cut)[:6]
    frame = in_one_wireless_frame([form for packet in first_call for form in (packet, tunnelled(packet, tunnel))])
    capture = wireless([frame])
    assert len(reports.records(capture)) == 1
    as_stock(capture, passes)
