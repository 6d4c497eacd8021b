# SPDX-License-Identifier: GPL-2.0-or-later
"""What 2,000 messages with random values say is what is shown of them.

An encoder of others' making has written them, and what each says was read from its value before (encoded_messages.py,
script/encode-messages).
"""

import functools
import json
import lzma
import pathlib

import pytest
import wire

from support import traffic, tshark

MESSAGES = json.loads(lzma.decompress(pathlib.Path(__file__).with_name("encoded-messages.json.xz").read_bytes()))

FIELDS = ["frame.number", "msiccp.call_reference", "msiccp.media.addr", "msiccp.media.addr6", "msiccp.media.port",
          "msiccp.media.codec", "msiccp.reason", "msiccp.cause"]
TCP_REST = bytes.fromhex("00000001 00000001 5018 ffff 0000 0000")


def frame(number, message):
    """Each message between two hosts that no other has."""
    hosts = [bytes([10, side, number >> 8, number & 0xff]) for side in (80, 81)]
    ports = [2000, 1731]
    if not message["from_caller"]:
        hosts, ports = hosts[::-1], ports[::-1]
    octets = bytes.fromhex(message["octets"])
    if message.get("over") == "udp":
        packet = traffic.ip(traffic.UDP, *hosts, traffic.udp(*ports, octets))
    else:
        segment = b"".join(port.to_bytes(2, "big") for port in ports) + TCP_REST
        packet = traffic.ip(traffic.TCP, *hosts, segment + octets)
    return wire.Frame(traffic.START + number * 1000, traffic.ethernet(packet))


@functools.lru_cache(maxsize=1)
def capture():
    return traffic.write([frame(number, message) for number, message in enumerate(MESSAGES)], "encoded.pcap")


@functools.lru_cache(maxsize=2)
def shown(passes):
    rows = tshark.fields(capture(), FIELDS, passes=list(passes))
    records = map(json.loads, tshark.run(["-q", "-z", "msiccp,cdr"], capture(), list(passes)).splitlines())
    assert len(rows) == len(MESSAGES)
    by_frame = {record["start"]["frame"]: record for record in records}
    return [(message, row, by_frame.get(number))
            for number, (message, row) in enumerate(zip(MESSAGES, rows, strict=True), 1)]


def of_kinds(passes, *kinds):
    found = [one for one in shown(tuple(passes)) if one[0]["kind"] in kinds]
    assert found
    return found


def differences(pairs):
    """Some of what is not the same, with the frame that it is in."""
    return [pair for pair in pairs if pair[1] != pair[2]][:10]


def media_shown(row):
    """Addresses of both kinds come apart: each in its order."""
    return (row["msiccp.media.addr"], row["msiccp.media.addr6"], [int(port) for port in row["msiccp.media.port"]],
            row["msiccp.media.codec"])


def media_said(message):
    places = message["media"]
    return ([addr for addr, _, _ in places if ":" not in addr], [addr for addr, _, _ in places if ":" in addr],
            [port for _, port, _ in places], [codec for _, _, codec in places if codec])


def test_addresses_ports_and_codecs(passes):
    found = of_kinds(passes, "setup", "answer", "channels")
    assert not differences((row["frame.number"], media_shown(row), media_said(message)) for message, row, _ in found)
    assert sum(len(message["media"]) for message, _, _ in found) > 600


@pytest.mark.parametrize("end", ["caller", "callee"])
def test_aliases(passes, end):
    found = of_kinds(passes, "setup", "admission")
    assert not differences((row["frame.number"], record[end]["alias"], message[end]) for message, row, record in found)


def test_products(passes):
    for kind, end in (("setup", "caller"), ("answer", "callee")):
        assert not differences((row["frame.number"], record[end]["product"], message["product"])
                               for message, row, record in of_kinds(passes, kind))


def test_identifiers(passes):
    found = of_kinds(passes, "setup", "answer", "channels", "release", "admission")
    assert not differences((row["frame.number"], record["call_id"], message["call_id"]) for message, row, record in found)


def test_references(passes):
    found = of_kinds(passes, "setup", "answer", "channels", "release")
    assert not differences((row["frame.number"], row["msiccp.call_reference"], [str(message["call_reference"])])
                           for message, row, _ in found)


def test_causes_and_reasons(passes):
    found = of_kinds(passes, "release")
    assert not differences((row["frame.number"], row["msiccp.reason"], [message["reason"]]) for message, row, _ in found)
    assert not differences((row["frame.number"], row["msiccp.cause"], [str(message["cause"])])
                           for message, row, _ in found if "cause" in message)
