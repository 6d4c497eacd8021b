# SPDX-License-Identifier: GPL-2.0-or-later
"""How single fields stand in the tree: which bytes they mark, and what is said to be generated."""

import struct

import pytest

import h225
from support import files, traffic, tshark, view

SETUP = 0x05


def short_reference(width):
    """A SETUP whose call reference has so many bytes: H.225.0 has two, Q.931 also one."""
    elements = h225.BEARER + h225.user_user(h225.user_information(SETUP, 2))
    reference = b"\7" if width == 1 else b"\0\7"
    return h225.tpkt(struct.pack("BB", 8, width) + reference + bytes([SETUP]) + elements)


@pytest.mark.parametrize("width", [1, 2])
def test_a_call_reference_marks_its_own_bytes(width, passes):
    made = traffic.Traffic()
    made.send(40001, True, short_reference(width))
    packet = tshark.pdml(made.write(), "msiccp", passes)[0]
    field = packet.find(".//field[@name='msiccp.call_reference']")
    assert (field.get("size"), field.get("show")) == (str(width), "7")
    start = packet.find(".//proto[@name='msiccp']").get("pos")
    assert int(field.get("pos")) == int(start) + 6


def test_what_stands_on_no_bytes_is_generated(passes):
    lines = tshark.run(["-O", "msiccp", "-Y", "msiccp.event == 0"], "h323-short-call-1731.pcap", passes).splitlines()
    lengths = [line.strip() for line in lines if "Length: " in line and line.startswith("    [Length")]
    assert len(lengths) == 1


def test_a_message_type_is_one_field_whatever_its_width(passes):
    rows = view.control_rows("h323-short-call-1731.pcap", passes)
    assert {row.integer("msiccp.message") for row in rows} >= {0x05, 0x5a}
    fields = tshark.run(["-G", "fields"])
    assert "msiccp.message\tFT_UINT32" in fields
    assert "msiccp.message_wide" not in fields


# What is read from the bytes of a message; all else is worked out.
ON_BYTES = {"msiccp", "msiccp.message", "msiccp.call_reference"}


@pytest.mark.parametrize("name", ["h323-fast-start-1731.pcap", "h323-ipv6-1731.pcap",
                                  "diagnosis/h323-fail-nobody-listens-1731.pcap",
                                  "diagnosis/h323-fail-h245-refused-1731.pcap"])
def test_what_is_worked_out_marks_no_bytes(name, passes):
    marked = {}
    for packet in tshark.pdml(files.CAPTURES / name, "msiccp", passes):
        for field in packet.iter():
            if (field.get("name") or "").startswith("msiccp"):
                marked.setdefault(field.get("name"), set()).add(field.get("size"))
    assert {field for field, sizes in marked.items() if sizes != {"0"}} <= ON_BYTES
    assert len(marked) > len(ON_BYTES)


def test_an_attempt_says_in_its_line_what_came_of_it(passes):
    text = tshark.run(["-O", "msiccp"], files.CAPTURES / "diagnosis/h323-fail-nobody-listens-1731.pcap", passes)
    assert len([line for line in text.splitlines() if line.endswith(", attempt to connect: control_refused]")]) == 3
