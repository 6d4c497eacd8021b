# SPDX-License-Identifier: GPL-2.0-or-later
"""msiccp-calls anonymise: nobody is named in what it writes, and it says the same."""

import ipaddress
import os
import pathlib
import random
import struct
import subprocess
import tempfile
import wave

import pytest

import many     # noqa: F401  (it lets in the program's modules)
import media
import tool
from msiccp_calls.anonymous import layers, messages, pcapng
from msiccp_calls.anonymous.rewrite import Rewriter, datagrams
from msiccp_calls.anonymous.streams import Stream
from msiccp_calls.anonymous.substitutes import Substitutes

PACKED = "#*,0123456789"
LINUX_COOKED, PCAP_HEAD = 113, struct.Struct("<IHHiIII")


def encodings(text):
    """TEXT as it may be written in a capture."""
    for coding in ("utf-8", "cp1252", "utf-16-be", "utf-16-le"):
        try:
            yield text.encode(coding)
        except UnicodeEncodeError:
            pass


def packed(digits):
    """Dialled digits in PER, as hexadecimal: they may begin in the midst of an octet."""
    return "".join(f"{PACKED.index(digit):x}" for digit in digits)


def frames(path):
    """The frames of any capture, by editcap."""
    with tempfile.NamedTemporaryFile() as plain:
        subprocess.run(["editcap", "-F", "pcap", path, plain.name], check=True)
        return [frame for _time, frame in media.read(pathlib.Path(plain.name))]


def identity(path, record):
    """What names somebody in the original, Ethernet: octets, each with what it is."""
    addresses, found = set(), {}
    for end in ("caller", "callee"):
        addresses.add(record[end]["address"])
        if record[end]["alias"]:
            found.update((octets, record[end]["alias"]) for octets in encodings(record[end]["alias"]))
    for stream in record["streams"]:
        addresses |= {stream["source"]["address"], stream["destination"]["address"]}
    for address in addresses:
        found[ipaddress.ip_address(address).packed] = address
        found.update((octets, address) for octets in encodings(address))
    for key in ("call_id", "conference_id"):
        if record[key]:
            octets = bytes.fromhex(record[key].replace("-", ""))
            found[octets] = record[key]
            found[octets[3::-1] + octets[5:3:-1] + octets[7:5:-1] + octets[8:]] = record[key]
    for frame in frames(path):
        found.update((octets, octets.hex(":")) for octets in (frame[:6], frame[6:12])
                     if not octets[0] & 1 and any(octets))
    return {octets: name for octets, name in found.items() if len(octets) > 3}


def told(capture, record):
    """Every event of a call."""
    with tool.plugin_home() as home:
        done = subprocess.run(
            [tool.TSHARK, "-n", "-r", "-", "-Y",
             f"msiccp.event && msiccp.session == {record['session']}", "-T", "fields",
             "-e", "msiccp.event", "-e", "msiccp.from_caller", "-e", "msiccp.length", "-e", "msiccp.media.port"],
            stdin=open(capture, "rb"), capture_output=True, check=True, cwd="/", text=True,
            env={"PATH": os.environ["PATH"], "HOME": home}, **tool.ordinary_user())
    return done.stdout.splitlines()


def outline(record):
    kept = {key: record[key] for key in (
        "coding", "state", "outcome", "cause", "reason", "released_by", "verdict", "decided_by",
        "setup_time_us", "talk_time_us", "call_reference")}
    return kept | {
        # Silence is what the audio was replaced by.
        "findings": [(entry["finding"], entry["about"]) for entry in record["diagnostics"]
                     if entry["finding"] != "silent_media"],
        "streams": [(stream["to"], stream["link"], stream["codec"], stream["packets"], stream["lost"],
                     stream["source"]["port"]) for stream in record["streams"]]}


def as_it_is(source, target):
    target.write_bytes(source.read_bytes())


def cooked(source, target):
    """As a capture of Linux' "any" has it."""
    with open(target, "wb") as out:
        out.write(PCAP_HEAD.pack(0xA1B2C3D4, 2, 4, 0, 0, 262144, LINUX_COOKED))
        for time, frame in media.read(source):
            data = struct.pack(">HHH", 0, 1, 6) + frame[6:12] + b"\xab\xcd" + frame[12:]
            out.write(struct.pack("<IIII", *divmod(time, 1_000_000), len(data), len(data)) + data)


def commented(source, target):
    """A pcapng with a comment."""
    subprocess.run(["editcap", "-F", "pcapng", "--capture-comment", "of near and far", source, target],
                   check=True)


CALLS = [("h323-short-call-1731", cooked), ("h323-tunnelled-1731", commented), ("h323-ipv6-1731", as_it_is),
         *(pytest.param(*call, marks=pytest.mark.long) for call in (
             ("h323-separate-h245-1731", as_it_is), ("synthetic-netmeeting-profile-call", as_it_is),
             ("derived-vlan", commented), ("derived-one-byte-segments", as_it_is),
             ("derived-nat", as_it_is), ("synthetic-ras-call", as_it_is),
             ("diagnosis/h323-fail-rtp-to-far-prohibited-near-1731", as_it_is)))]


@pytest.mark.parametrize("name, form", CALLS, ids=lambda value: getattr(value, "__name__", value))
def test_nobody_is_named_and_it_says_the_same(name, form, tmp_path, folder):
    source, small = folder / "original", tmp_path / "small.pcapng"
    recorded = tool.CAPTURES / f"{name}.pcap"
    form(recorded, source)
    record = tool.records(source)[0]
    done = tool.run("anonymise", source, "--session", str(record["session"]), "-o", small)
    assert "verdict as before" in done.stderr
    octets, plain = small.read_bytes(), b"".join(frames(small))
    for sought, what in identity(recorded, record).items():
        assert sought not in octets, what
        assert sought not in plain, what
    after = next(one for one in tool.records(small)
                 if one["start"]["time_us"] == record["start"]["time_us"])
    for end in ("caller", "callee"):
        assert after[end]["alias"] is None or after[end]["alias"] != record[end]["alias"]
    assert outline(after) == outline(record)
    assert told(small, after) == told(source, record) != []


@pytest.mark.parametrize("number", ["7", "123", "1000", "4930123456", "0#*,9"])
def test_digits_in_half_octets(number):
    """What follows an odd number of them is the next field's."""
    for follows in "0", "a5c":
        nibbles = f"{len(number) - 1:02x}" + packed(number) + follows
        octets = bytes.fromhex("ff" + nibbles + "f" * (len(nibbles) % 2))
        field = messages.Field("h225.dialledDigits", number, octets[2:2 + len(number) // 2], 2)
        substitutes = Substitutes()
        result = messages.rewritten(messages.Message(octets, [field]),
                                    {field.name: "FT_STRING"}, substitutes).hex()
        other = substitutes.text(number)
        assert result == octets.hex().replace(packed(number), packed(other), 1)
        assert all(one != two or one in "#*," for one, two in zip(number, other))


@pytest.mark.parametrize("name", ["alice", "Jürgen Groß", "李雷", "a@b.example", "Ω\u20ac\U0001f600"])
def test_names_keep_their_length_in_every_coding(name):
    other = Substitutes().text(name)
    for coding in ("utf-8", "utf-16-be"):
        assert len(name.encode(coding)) == len(other.encode(coding))
    assert len(name) == len(other) and other != name


def test_addresses_stay_what_they_are():
    substitutes = Substitutes()
    for address in ("10.1.2.3", "192.168.7.8", "172.20.1.1", "8.8.4.4", "fe80::1:2", "fd00::7",
                    "2a00:1450::5", "224.0.1.41", "127.0.0.1", "ff02::1", "::1", "0.0.0.0"):
        was = ipaddress.ip_address(address)
        becomes = ipaddress.ip_address(substitutes.address(was.packed))
        assert becomes.is_private == was.is_private or was.is_global
        assert (becomes.is_multicast, becomes.is_loopback, becomes.is_unspecified,
                becomes.is_link_local) == (was.is_multicast, was.is_loopback, was.is_unspecified,
                                           was.is_link_local)
        fixed = was.is_multicast or was.is_loopback or was.is_unspecified
        assert (becomes == was) == fixed


@pytest.mark.parametrize("cut", [1, 7, 33, 64])
def test_segments_that_were_cut_anywhere_and_sent_again(cut):
    """Each octet is changed, in whatever segment it is; what contradicts it is left out."""
    octets = bytes(range(1, 241))
    stream, segments = Stream(), []
    for start in range(0, len(octets), cut):
        segments.append((start, bytearray(octets[start:start + cut])))
    segments += [(start, bytearray(octets[start:start + cut + 3])) for start in range(0, 200, 50)]
    segments.append((20, bytearray(b"contradiction")))
    random.Random(cut).shuffle(segments)
    base = 2**32 - 100
    for start, segment in segments:
        stream.add((base + start) % 2**32, segment, 0)
    ((_place, region),) = stream.put_together()
    assert len(region) == len(octets)
    before = [(_place, bytes(region))]
    region[:] = region.translate(bytes(255 - octet for octet in range(256)))
    stream.put_back(before)
    for start, segment in segments:
        expected = bytes(255 - octet for octet in octets[start:start + len(segment)])
        assert segment in (expected, bytes(len(segment))), start
    assert sum(not any(segment) for _start, segment in segments) <= 1 + 20 // cut + 2 + 8


def fragments(frame, size):
    """The UDP datagram of FRAME, Ethernet and IPv4, in fragments of SIZE octets."""
    payload, parts = frame[34:], []
    for at in range(0, len(payload), size):
        part = payload[at:at + size]
        head = bytearray(frame[:34])
        struct.pack_into(">HHH", head, 16, 20 + len(part), 77,
                         at // 8 | (0x2000 if at + size < len(payload) else 0))
        parts.append(bytes(head) + part)
    return parts


def test_a_datagram_in_fragments():
    """Its message is found across them, and its sum is right."""
    name = "somebody".encode("utf-16-be")
    payload = bytes(range(30, 60)) + name + bytes(range(70, 90))
    udp = struct.pack(">HHHH", 1719, 1719, 8 + len(payload), 0xBEEF) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 77, 0, 64, 17, 0,
                     bytes([10, 1, 1, 1]), bytes([10, 1, 1, 2]))
    whole = bytes(12) + b"\x08\0" + ip + udp
    substitutes = Substitutes()
    message = messages.Message(payload, [messages.Field("h225.h323_ID", "somebody", name, 30)])
    made = [pcapng.Frame(1, 0, len(part), bytearray(part)) for part in fragments(whole, 24)]
    assert len(made) > 2
    rewriter = Rewriter(substitutes, [message], {"h225.h323_ID": "FT_STRING"},
                        {(17, 1719, 1719): "signalling"}, {})
    packets = [layers.packet_of(frame, substitutes) for frame in reversed(made)]
    rewriter.seek()
    rewriter.all(list(datagrams(packets)))
    octets = b"".join(bytes(frame.data[34:]) for frame in made)
    assert octets[8:] == payload.replace(name, substitutes.text("somebody").encode("utf-16-be"))
    pseudo = bytes(made[0].data[26:34]) + struct.pack(">HH", 17, len(octets))
    assert layers._sum(pseudo + octets) == 0xFFFF
    for frame in made:
        assert layers._sum(frame.data[14:34]) == 0xFFFF


def test_one_call_of_several(tmp_path):
    source, small = tool.CAPTURES / "h323-three-calls-at-once-1731.pcap", tmp_path / "small.pcap"
    done = tool.run("anonymise", source, "-o", small, status=2)
    assert "more than one call" in done.stderr and not small.exists()
    tool.run("anonymise", source, "--session", "2", "-o", small)
    (after,) = tool.records(small)
    assert outline(after) == outline(tool.records(source)[1])
    assert small.read_bytes()[:4] in (b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1")     # a pcap


@pytest.mark.parametrize("name", [
    "h323-short-call-1731",
    *(pytest.param(name, marks=pytest.mark.long) for name in ("h323-alaw-1730", "h323-gsm-1732"))])
def test_what_was_said_is_silence(name, tmp_path):
    """Of the codecs whose decoders are at hand."""
    small, sound = tmp_path / "small.pcap", tmp_path / "sound.wav"
    tool.run("anonymise", tool.CAPTURES / f"{name}.pcap", "-o", small)
    tool.run("audio", small, "-o", sound)
    with wave.open(str(sound)) as file:
        samples = struct.unpack(f"<{file.getnframes() * 2}h", file.readframes(file.getnframes()))
    assert len(samples) > 8000 and max(map(abs, samples)) <= 16


def test_sums_are_right(tmp_path):
    small = tmp_path / "small.pcap"
    tool.run("anonymise", tool.SHORT_CALL, "-o", small)
    with tool.plugin_home() as home:
        done = subprocess.run(
            [tool.TSHARK, "-n", "-r", "-", "-o", "ip.check_checksum:TRUE",
             "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields",
             "-e", "ip.checksum.status", "-e", "tcp.checksum.status", "-e", "udp.checksum.status"],
            stdin=open(small, "rb"), capture_output=True, text=True, check=True, cwd="/",
            env={"PATH": os.environ["PATH"], "HOME": home}, **tool.ordinary_user())
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(rows) > 50 and all(row[0] == "1" and "1" in row[1:] for row in rows)


def test_a_file_that_cannot_be_written(tmp_path):
    done = tool.run("anonymise", tool.SHORT_CALL, "-o", tmp_path / "none" / "a.pcap", status=1)
    assert "No such file or directory" in done.stderr
