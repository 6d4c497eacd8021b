# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages decoded by a layout that the user describes.

The layouts in native/ and the captures are of protocols made up for these tests: see
test-captures/generate_native.py.
"""

import json
import random
import re
import struct
import subprocess
import sys

import pytest
import wire
from scapy.layers.inet import TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from support import edited, files, reports, tshark
from support.traffic import Traffic, write

LAYOUTS = files.ROOT / "tshark-tests" / "native"
CLIENT = wire.End("02:00:00:00:00:10", "198.51.100.10", 2000)
SERVER = wire.End("02:00:00:00:00:20", "198.51.100.20", 1731)
START = 946_684_800 * wire.SECOND
CONTROL = "msiccp && !rtp"


def capture_of(name):
    return f"synthetic-native-fictitious-{name}.pcap"


def lines(path):
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def layout(name, **changes):
    """The preferences of a layout of native/, with some of them changed."""
    settings = dict(line.split(": ", 1) for line in lines(LAYOUTS / name / "preferences"))
    for setting, value in changes.items():
        settings[f"msiccp.native.{setting}"] = value
    return tuple([f"{setting}:{value}" for setting, value in settings.items()] +
                 [f"uat:{table}:{record}" for table in ("msiccp_native_types", "msiccp_native_fields")
                  for record in lines(LAYOUTS / name / table)])


def uat(table, *cells):
    return f"uat:msiccp_native_{table}:" + ",".join(f'"{cell}"' for cell in cells)


def described(*fields):
    """One type, and the fields given, in messages of one segment."""
    return ("msiccp.native.framing:segment", "msiccp.native.type_offset:0",
            "msiccp.native.type_width:1", uat("types", "0x00000081", "FIRST", "request"),
            *(uat("fields", *field) for field in fields))


def connection(payloads, port=2000, name="made.pcap", later=0):
    """A capture of what the client sends, a segment each."""
    return write(wire.by_time(frames_of(payloads, port, later)), name)


def frames_of(payloads, port=2000, later=0):
    start = START + later * wire.SECOND
    client = wire.End(CLIENT.mac, CLIENT.ip, port)
    messages = [wire.Message(start + (i + 1) * 1000, True, data) for i, data in enumerate(payloads)]
    return wire.tcp_connection(client, SERVER, messages, opened=start)


def rows(capture, names, display_filter=None, **options):
    """The values of each frame, of a field that comes once as such."""
    return [tuple(cell[0] if len(cell) == 1 else tuple(cell) for cell in row.values())
            for row in tshark.fields(capture, names, display_filter, **options)]


def values(capture, name, prefs, passes=()):
    return [value for row in tshark.fields(capture, [name], name, passes, prefs) for value in row[name]]


def values_of_each(capture, names, prefs, passes=()):
    """The same of several fields, from one run."""
    found = tshark.fields(capture, names, None, passes, prefs)
    return {name: [value for row in found for value in row[name]] for name in names}


def refused(*options):
    done = tshark.start([tshark.TSHARK, *(part for option in options for part in ("-o", option)), "-r",
                        files.readable(capture_of("length"))])
    assert done.returncode != 0
    return done.stderr


# ---- calls

def test_the_captures_are_made_by_their_script(tmp_path):
    for path in files.captures("synthetic-native-*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for script in ("generate_native.py", "wire.py"):
        (tmp_path / script).write_bytes((files.CAPTURES / script).read_bytes())
    subprocess.run([sys.executable, tmp_path / "generate_native.py"], check=True)
    assert all((tmp_path / path.name).read_bytes() == path.read_bytes()
               for path in files.captures("synthetic-native-*"))


def test_without_a_layout_the_coding_is_not_native(passes):
    assert tshark.frames(capture_of("length"), "msiccp.coding == 2", passes) == []


def test_a_length_framed_call(passes):
    names = ["msiccp.session", "msiccp.message", "msiccp.event", "msiccp.state"]
    found = rows(capture_of("length"), names, CONTROL, passes=passes, prefs=layout("length"))
    assert found == [
        ("1", "0x00000101", "0", "0"),
        (("1", "1"), ("0x00000102", "0x00000103"), ("1", "2"), ("1", "2")),
        ("1", "0x00000104", "3", "3"),
        ("1", "0x00000105", "6", "5"),
        ("1", "0x00000106", "7", "5"),
        ((), "0x000001ff", "7", ()),
        ((), "0x000001ff", "7", ()),
        ("2", "0x00000101", "0", "0"),
        ("2", "0x00000105", "4", "6"),
    ]
    directions = tshark.fields(capture_of("length"), ["msiccp.from_caller"], CONTROL, passes,
                               layout("length"))
    assert [[tshark.truth(value) for value in row["msiccp.from_caller"]] for row in directions] == [
        [True], [False, False], [False], [False], [True], [], [], [True], [False]]


def test_the_described_fields_have_filters_of_their_own(passes):
    prefs = layout("length")
    names = ["caller_name", "callee_name", "media_ip", "media_port", "call_guid", "cause", "format"]
    found = values_of_each(capture_of("length"), [*(f"msiccp.native.{name}" for name in names),
                                                  "msiccp.waveformat.sample_rate"], prefs, passes)
    assert found["msiccp.native.caller_name"] == ["ann", "ann"]
    assert found["msiccp.native.callee_name"] == ["bea", "cleo"]
    assert found["msiccp.native.media_ip"] == ["198.51.100.10", "198.51.100.20", "198.51.100.10"]
    assert found["msiccp.native.media_port"] == ["49170", "49180", "49172"]
    assert found["msiccp.native.call_guid"] == ["6d736963-6370-4000-8000-000000000001",
                                                "6d736963-6370-4000-8000-000000000003"]
    assert found["msiccp.native.cause"] == ["16", "17"]
    assert found["msiccp.native.format"][0].startswith("07000100401f0000")
    assert found["msiccp.waveformat.sample_rate"] == ["8000"]
    assert tshark.frames(capture_of("length"), 'msiccp.native.callee_name == "cleo"', passes, prefs) == [299]


def test_roles_tell_the_parties_the_media_and_the_end(passes):
    names = ["msiccp.session", "msiccp.caller", "msiccp.callee", "msiccp.outcome", "msiccp.cause",
             "msiccp.setup_time", "msiccp.talk_time"]
    found = rows(capture_of("length"), names, "msiccp.released_by_caller", passes=passes,
                 prefs=layout("length"))
    assert found == [("1", "ann", "bea", "0", "16", "2.099000000", "3.000000000"),
                     ("2", "ann", "cleo", "1", "17", (), ())]
    offered = rows(capture_of("length"), ["msiccp.media.addr", "msiccp.media.port"],
                   "msiccp.media.port", passes=passes, prefs=layout("length"))
    assert offered == [("198.51.100.10", "49170"), ("198.51.100.20", "49180"),
                       ("198.51.100.10", "49172")]


def test_answers_are_matched_by_transaction():
    names = ["frame.number", "msiccp.response_in", "msiccp.response_to"]
    found = rows(capture_of("length"), names, "msiccp.response_in || msiccp.response_to",
                 passes=["-2"], prefs=layout("length"))
    assert found == [("5", "7", ()), ("7", (), "5"), ("291", "293", ()), ("293", (), "291"),
                     ("295", "297", ()), ("297", (), "295"), ("299", "301", ()), ("301", (), "299")]


def test_without_transactions_the_callee_answers_the_request():
    found = rows(capture_of("segment"), ["frame.number", "msiccp.response_in", "msiccp.response_to"],
                 "msiccp.response_in || msiccp.response_to", passes=["-2"], prefs=layout("segment"))
    assert found == [("4", "6", ()), ("6", (), "4"), ("198", "200", ()), ("200", (), "198")]


@pytest.mark.parametrize("name, form, packets", [("length", "length", 278), ("segment", "segment", 178)])
def test_media_at_an_address_found_by_role_is_advertised(name, form, packets, passes):
    links = values(capture_of(name), "msiccp.link", layout(form), passes)
    assert links == ["1"] * packets
    assert set(values(capture_of(name), "msiccp.link", layout(form) + ("msiccp.link_media:FALSE",),
                      passes)) == set()


def test_native_calls_are_in_the_call_records(passes):
    lines = tshark.run(["-q", "-z", "msiccp,cdr"], capture_of("length"), passes, layout("length"))
    calls = [json.loads(line) for line in lines.splitlines() if line]
    assert [(call["coding"], call["caller"]["alias"], call["callee"]["alias"], call["outcome"])
            for call in calls] == [("native", "ann", "bea", "answered"), ("native", "ann", "cleo", "busy")]


def test_one_message_a_segment(passes):
    names = ["msiccp.session", "msiccp.message", "msiccp.event", "msiccp.state", "msiccp.outcome"]
    found = rows(capture_of("segment"), names, CONTROL, passes=passes, prefs=layout("segment"))
    assert found == [("1", "0x00000081", "0", "0", ()), ("1", "0x00000082", "2", "2", ()),
                     ("1", "0x00000083", "3", "3", ()), ("1", "0x00000085", "6", "5", "0"),
                     ("2", "0x00000081", "0", "0", ()), ("2", "0x00000082", "2", "2", ()),
                     ("2", "0x00000084", "4", "6", "2")]


def test_one_message_a_datagram(passes):
    names = ["msiccp.session", "msiccp.event", "msiccp.caller"]
    found = rows(capture_of("udp"), names, CONTROL, passes=passes, prefs=layout("segment"))
    assert found == [("1", "0", "eve"), ("1", "2", "eve"), ("1", "3", "eve"), ("1", "6", "eve")]


def test_tpkt(passes):
    names = ["msiccp.session", "msiccp.event", "msiccp.native.who"]
    found = rows(capture_of("tpkt"), names, CONTROL, passes=passes, prefs=layout("tpkt"))
    assert found == [("1", "0", "finn"), ("1", "3", ()), ("1", "6", ())]


def test_h323_and_foreign_traffic_stay_what_they_are(passes):
    names = ["frame.number", "msiccp.session", "msiccp.channel", "msiccp.state"]
    for capture in ("h323-short-call-1731.pcap", "derived-segmented.pcap"):
        assert (rows(capture, names, "msiccp", passes=passes, prefs=layout("length")) ==
                rows(capture, names, "msiccp", passes=passes))
    http = connection([b"GET / HTTP/1.1\r\nHost: example\r\n\r\n"])
    assert values(http, "msiccp.foreign", layout("length"), passes) == ["HTTP"]


def test_every_field_and_state_is_the_same_in_both_passes():
    for name, form in (("length", "length"), ("segment", "segment"), ("udp", "segment"),
                       ("misfit", "length")):
        one, two = ([[field.attrib for field in packet.iter("field")
                      if field.get("name", "").startswith("msiccp")
                      and field.get("name") != "msiccp.response_in"]
                     for packet in tshark.pdml(capture_of(name), passes=passes, prefs=layout(form))]
                    for passes in ((), ("-2",)))
        assert one == two


def test_a_capture_that_begins_inside_a_call(passes):
    path = connection([bytes([0x85, 1])])
    names = ["msiccp.session", "msiccp.state", "msiccp.expert.midcall", "msiccp.outcome"]
    assert len(tshark.frames(path, "msiccp.expert.midcall", passes, layout("segment"))) == 1
    assert rows(path, names[:2], "msiccp", passes=passes, prefs=layout("segment")) == [("1", "5")]
    ringing = connection([bytes([0x82, 1]), bytes([0x85, 1]), bytes([0x82, 1])])
    assert values(ringing, "msiccp.session", layout("segment"), passes) == ["1", "1", "2"]


# ---- what a layout can say

def test_tables_are_read_from_a_profile(passes):
    folder = tshark.plugin.home / ".config" / "wireshark" / "profiles" / "fictitious"
    folder.mkdir(parents=True, exist_ok=True)
    for path in (LAYOUTS / "length").iterdir():
        (folder / path.name).write_text(path.read_text())
    for path in (folder, *folder.parents):
        if tshark.plugin.home in path.parents:
            path.chmod(0o755)
    found = rows(capture_of("length"), ["msiccp.native.caller_name"], "msiccp.native.caller_name",
                 passes=passes, extra=("-C", "fictitious"))
    assert found == [("ann",), ("ann",)]


def test_every_kind(passes):
    payload = bytes([0x81]) + bytes.fromhex("01 02 03 04") + b"caf\xe9\0rest" + "Ü".encode("utf-16-be")
    fields = [
        (("any", "1", "1", "uint", "one", "big", "none"), "1"),
        (("any", "1", "3", "uint", "three_little", "little", "none"), str(0x030201)),
        (("any", "0x1", "8", "uint", "eight", "big", "none"), str(0x0102030463616665 - 0x65 + 0xe9)),
        (("any", "1", "4", "ipv4", "ip_big", "big", "none"), "1.2.3.4"),
        (("any", "1", "0", "ipv4", "ip_little", "little", "none"), "4.3.2.1"),
        (("any", "1", "2", "port", "port_big", "big", "none"), "258"),
        (("any", "1", "2", "port", "port_little", "little", "none"), "513"),
        (("any", "5", "0", "string", "to_nul", "big", "none"), "café"),
        (("any", "5", "3", "string", "cut", "big", "none"), "caf"),
        (("any", "14", "0", "utf-16", "wide", "big", "none"), "Ü"),
        (("any", "14", "2", "utf-16", "wide_little", "little", "none"), "\ud700".encode(
            "utf-16", "surrogatepass").decode("utf-16", "ignore")),
        (("any", "0", "16", "guid", "guid_big", "big", "none"), "81010203-0463-6166-e900-7265737400dc"),
        (("any", "0", "0", "guid", "guid_little", "little", "none"),
         "03020181-6304-6661-e900-7265737400dc"),
        (("any", "14", "0", "bytes", "tail", "big", "none"), "00dc"),
    ]
    names = [f"msiccp.native.{field[4]}" for field, _ in fields]
    found = values_of_each(connection([payload]), names, described(*(field for field, _ in fields)), passes)
    assert len(found.pop("msiccp.native.wide_little")) == 1
    assert found == {name: [expected] for name, (_, expected) in zip(names, fields, strict=True) if name in found}


@pytest.mark.parametrize(("kind", "text", "size"), [
    ("string", b"ab\0cd", 3), ("string", b"abcd", 4), ("utf-16", b"\0a\0b\0\0\0c", 6), ("utf-16", b"\0a\0b\0", 4)])
def test_a_text_marks_its_bytes_with_the_nul_that_ends_it(kind, text, size, passes):
    prefs = described(("any", "1", "0", kind, "text", "big", "none"))
    packet = tshark.pdml(connection([b"\x81" + text]), "msiccp", passes, prefs)[0]
    assert packet.find(".//field[@name='msiccp.native.text']").get("size") == str(size)


def test_a_name_that_comes_again_shares_its_filter():
    path = connection([bytes([0x81, 1, 2])])
    prefs = described(("any", "1", "1", "uint", "x", "big", "none"),
                      ("0x00000081", "2", "1", "uint", "x", "big", "none"))
    assert values(path, "msiccp.native.x", prefs) == ["1", "2"]


def test_what_length_fields_count():
    after = struct.pack(">IB", 3, 0x81) + b"ab" + struct.pack(">IB", 1, 0x81)
    prefs = ("msiccp.native.framing:length", "msiccp.native.length_offset:0",
             "msiccp.native.length_width:4", "msiccp.native.length_order:big",
             "msiccp.native.length_counts:rest", "msiccp.native.type_offset:4",
             "msiccp.native.type_width:1")
    assert values(connection([after]), "msiccp.length", prefs) == ["7", "5"]


def test_a_port_without_an_address_is_the_senders(passes):
    found = rows(capture_of("segment"), ["msiccp.media.addr", "msiccp.media.port"],
                 "msiccp.media.port && frame.number < 10", passes=passes, prefs=layout("segment"))
    assert found == [("198.51.100.10", "50000"), ("198.51.100.20", "50010")]


PORT_ALONE = described(("any", "1", "2", "port", "port", "big", "media port"))


def test_a_port_without_an_address_may_be_of_ipv6(passes):
    packet = Ether(src=CLIENT.mac, dst=SERVER.mac) / IPv6(src="2001:db8::1", dst="2001:db8::2")
    packet /= TCP(sport=40001, dport=1731, flags="PA", seq=1, ack=1) / Raw(b"\x81\xc3\x50")
    capture = write([wire.Frame(START, bytes(packet))])
    found = rows(capture, ["msiccp.media.addr6", "msiccp.media.port"], passes=passes, prefs=PORT_ALONE)
    assert found == [("2001:db8::1", "50000")]


def test_a_port_of_a_sender_without_an_address_is_no_offer(passes):
    traffic = Traffic()
    traffic.send(40001, True, b"\x81\xc3\x50")
    frame = traffic.packets[0]
    traffic.packets[0] = frame[:26] + bytes(4) + frame[30:]
    found = rows(traffic.write(), ["msiccp.event", "msiccp.media.port"], passes=passes, prefs=PORT_ALONE)
    assert found == [("0", ())]


def test_a_sender_may_have_no_address_at_all(passes):
    """As of TCP that was taken out of what carried it."""
    traffic = Traffic()
    traffic.send(40001, True, b"\x81\xc3\x50")
    traffic.packets = [packet[34:] for packet in traffic.packets]
    capture = edited.editcap(traffic.write(), "-T", "user0")
    prefs = (*PORT_ALONE, 'uat:user_dlts:"User 0 (DLT=147)","tcp","0","","0",""')
    found = rows(capture, ["msiccp.event", "msiccp.media.port"], passes=passes, prefs=prefs)
    assert found == [("0", ())]


def test_undescribed_bytes_are_shown():
    path = connection([bytes([0x81]) + b"abcdef"])
    prefs = described(("any", "3", "2", "bytes", "middle", "big", "none"))
    assert values(path, "msiccp.undescribed", prefs) == ["6162", "6566"]


# ---- what it cannot say

@pytest.mark.parametrize("option, complaint", [
    (uat("fields", "any", "0", "1", "uint", "a b", "big", "none"), "letters, digits and _"),
    (uat("fields", "any", "0", "1", "uint", "", "big", "none"), "needs a name"),
    (uat("fields", "any", "0", "1", "uint", "1st", "big", "none"), "begin with a letter"),
    (uat("fields", "sometimes", "0", "1", "uint", "a", "big", "none"), 'nor "any"'),
    (uat("fields", "any", "-1", "1", "uint", "a", "big", "none"), "not a number"),
    (uat("fields", "any", "99999999999", "1", "uint", "a", "big", "none"), "not a number"),
    (uat("fields", "any", "4294967295", "4", "uint", "a", "big", "none"), "more than 1048576"),
    (uat("fields", "any", "0", "9", "uint", "a", "big", "none"), "1 to 8 bytes"),
    (uat("fields", "any", "0", "3", "ipv4", "a", "big", "none"), "4 bytes"),
    (uat("fields", "any", "0", "4294967295", "bytes", "a", "big", "none"), "more than 1048576"),
    (uat("fields", "any", "0", "4", "uint", "a", "big", "media address"), "kind ipv4"),
    (uat("fields", "any", "0", "4", "bytes", "a", "big", "caller"), "string, utf-16 or uint"),
    (uat("fields", "any", "0", "4", "float", "a", "big", "none"), "float"),
    (uat("types", "many", "A", "request"), "not a number"),
    (uat("types", "1", "", "request"), "needs a name"),
    (uat("types", "1", "A", "explosion"), "explosion"),
])
def test_tables_are_checked(option, complaint):
    assert complaint in refused(option)


def test_one_name_has_one_kind_of_value():
    options = described(("any", "1", "1", "uint", "twice", "big", "none"),
                        ("any", "1", "1", "bytes", "twice", "big", "none"),
                        ("any", "2", "1", "uint", "other", "big", "none"))
    path = connection([bytes([0x81, 1, 2])])
    done = tshark.start([tshark.TSHARK, *(part for option in options for part in ("-o", option)), "-r",
                        files.readable(path), "-T", "fields", "-e", "msiccp.native.twice", "-e",
                        "msiccp.native.other", "-Y", "msiccp"])
    assert done.stdout == "1\t2\n"
    assert len(re.findall("described as uint and as bytes", done.stderr)) == 1


# ---- messages that the layout does not fit

def test_misfits_are_said_and_their_bytes_shown(passes):
    names = ["msiccp.expert.layout_mismatch", "msiccp.expert.malformed", "msiccp.undescribed"]
    found = tshark.fields(capture_of("misfit"), names, "msiccp.expert.layout_mismatch", passes,
                          layout("length"))
    assert [len(row["msiccp.expert.layout_mismatch"]) for row in found] == [2, 1, 1, 1, 1]
    assert [len(row["msiccp.expert.malformed"]) for row in found] == [0, 0, 1, 1, 0]
    assert [row["msiccp.undescribed"] for row in found] == [
        [], [b"what is this".hex()], ["0301030001000000"], ["0301000001000000"], []]
    text = tshark.run(["-V"], capture_of("misfit"), passes, layout("length"))
    assert 'the field "media_port" (2 bytes at offset 12) lies beyond the end of this message of ' \
           '12 bytes' in text
    assert "it has no message type 1911 (0x777)" in text


def test_a_number_of_no_width_is_nowhere_that_a_message_could_end_before(passes):
    """Its offset stays behind in the preferences of a user who has taken it out of the layout."""
    shown = layout("length", transaction_offset="1000", transaction_width="0")
    assert tshark.frames(capture_of("length"), "msiccp.expert.layout_mismatch", passes, shown) == []


def test_a_misfit_leaves_the_call_as_it_is(passes):
    states = values(capture_of("misfit"), "msiccp.outcome", layout("length"), passes)
    assert states == ["0", "2", "2", "2", "2"]


def call_bytes():
    for row in tshark.fields(capture_of("length"), ["tcp.reassembled.data"], "frame.number == 5",
                             prefs=layout("length")):
        return bytes.fromhex(row["tcp.reassembled.data"][0])
    raise AssertionError


def test_each_truncation(passes):
    call = call_bytes()
    as_segments = layout("length", framing="segment")
    frames = []
    for length in range(1, len(call) + 1):
        frames += frames_of([call[:length]], port=2000 + length, later=length)
    path = write(wire.by_time(frames), "truncated.pcap")
    for prefs in (layout("length"), as_segments, layout("tpkt")):
        tshark.run(["-V"], path, passes, prefs)
    found = tshark.fields(path, ["msiccp.expert.layout_mismatch"], "msiccp", passes, as_segments)
    assert len(found) == len(call)
    assert [len(row["msiccp.expert.layout_mismatch"]) > 0 for row in found] == [True] * 77 + [False]


def test_each_cut_of_the_capture(passes):
    call = call_bytes()
    frames = []
    for snaplen in range(54, 54 + len(call) + 1):
        frames += [wire.Frame(frame.time, frame.data[:snaplen], length=len(frame.data))
                   for frame in frames_of([call], port=2000 + snaplen, later=snaplen)]
    path = write(wire.by_time(frames), "cut.pcap")
    tshark.run(["-V"], path, passes, layout("length"))
    tshark.run(["-V"], path, passes, layout("length", framing="segment"))


@pytest.mark.parametrize("form", ["length", "segment", "tpkt"])
def test_random_bytes(form, passes):
    chance = random.Random(1731)
    frames = []
    for i in range(150):
        segments = [chance.randbytes(chance.randint(1, 200)) for _ in range(4)]
        if form == "length":
            segments[0] = struct.pack("<HHI", 0x101 + i % 7, chance.randint(0, 99), 1) + segments[0]
        frames += frames_of(segments, port=3000 + i, later=i)
    path = write(wire.by_time(frames), "random.pcap")
    tshark.run(["-V"], path, passes, layout(form))
    tshark.run([], path, passes, layout(form, type_width="4", transaction_width="4"))


@pytest.mark.parametrize("changes", [
    dict(length_offset="4294967295"), dict(length_offset="4294967292", length_width="4"),
    dict(length_offset="1048573", length_width="4"), dict(type_offset="4294967295"),
    dict(transaction_offset="4294967295"), dict(type_offset="4294967292", type_width="4"),
])
def test_offsets_that_overflow(changes, passes):
    for form in ("length", "segment"):
        tshark.run(["-V"], capture_of("length"), passes, layout(form, **changes))


@pytest.mark.parametrize("counts", ["message", "rest"])
def test_lengths_that_cannot_be(counts, passes):
    lengths = [0xffffffff, 0xfffffffc, 0x80000000, 0x7fffffff, 1048577, 1048576, 4, 3, 0]
    frames = []
    for i, length in enumerate(lengths):
        frames += frames_of([struct.pack("<I", length) + b"\x81more", b"and more"], 2100 + i, later=i)
    path = write(wire.by_time(frames), "lengths.pcap")
    prefs = ("msiccp.native.framing:length", "msiccp.native.length_offset:0",
             "msiccp.native.length_width:4", "msiccp.native.length_order:little",
             f"msiccp.native.length_counts:{counts}", "msiccp.native.type_offset:4",
             "msiccp.native.type_width:1")
    tshark.run(["-V"], path, passes, prefs)
    found = tshark.fields(path, ["tcp.srcport"], "msiccp.expert.malformed && tcp.len == 9", passes, prefs)
    header = 4 if counts == "rest" else 0
    impossible = [2100 + i for i, length in enumerate(lengths)
                  if not 4 <= length + header <= 1048576]
    malformed = {int(row["tcp.srcport"][0]) for row in found}
    assert set(impossible) <= malformed
    assert 2105 not in malformed or counts == "rest"


def test_a_segment_full_of_the_smallest_messages(passes):
    path = connection([b"\x01" * 60000])
    prefs = ("msiccp.native.framing:length", "msiccp.native.length_offset:0",
             "msiccp.native.length_width:1", "msiccp.native.type_offset:0",
             "msiccp.native.type_width:1", uat("types", "1", "TINY", "request"),
             uat("fields", "any", "0", "1", "uint", "x", "big", "caller"))
    found = tshark.fields(path, ["msiccp.session", "msiccp.undescribed"], "msiccp", passes, prefs)
    assert len(found) == 1
    assert found[0]["msiccp.session"] == ["1"] * 1000
    assert found[0]["msiccp.undescribed"] == ["01" * 59000]


# ---- beside other protocols

def test_a_layout_goes_before_the_guess_of_plain_text(passes):
    """A text protocol that is described is no foreign text; what is known for sure stays foreign."""
    prefs = ("msiccp.native.framing:segment", "msiccp.native.type_offset:0", "msiccp.native.type_width:1",
             uat("types", "67", "CALL", "request"))
    text = connection([b"C001 ann calls bea\r\n"])
    assert rows(text, ["msiccp.coding", "msiccp.event"], "msiccp", passes=passes, prefs=prefs) == [("2", "0")]
    known = connection([b"GET / HTTP/1.0\r\n\r\n"])
    assert values(known, "msiccp.foreign", prefs, passes) == ["HTTP"]


def test_an_empty_tpkt_is_a_keep_alive(passes):
    capture = connection([bytes.fromhex("03000005 81"), bytes.fromhex("03000004")])
    prefs = ("msiccp.native.framing:tpkt", "msiccp.native.type_offset:4", "msiccp.native.type_width:1",
             uat("types", "0x00000081", "FIRST", "request"),
             uat("fields", "any", "4", "1", "uint", "kind", "big", "none"))
    assert values(capture, "msiccp.length", prefs, passes) == ["5", "4"]
    assert values(capture, "msiccp.expert.layout_mismatch", prefs, passes) == []
    assert "keep-alive" in tshark.run([], capture, passes, prefs)


def test_a_text_behind_the_snapshot_length_is_empty(passes):
    """The message still does what it does."""
    traffic = Traffic()
    traffic.send(40001, True, b"\x81" + bytes(300) + b"eve\0")
    capture = edited.editcap(traffic.write(), "-s", "120")
    prefs = ["msiccp.native.framing:segment", "msiccp.native.type_offset:0", "msiccp.native.type_width:1",
             'uat:msiccp_native_types:"0x81","hello","request"',
             'uat:msiccp_native_fields:"any","301","0","string","who","big","caller"']
    [record] = reports.records(capture, passes=passes, prefs=prefs)
    assert (record["coding"], record["state"], record["caller"]["alias"]) == ("native", "requested", None)
