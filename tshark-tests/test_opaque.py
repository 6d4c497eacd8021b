# SPDX-License-Identifier: GPL-2.0-or-later
"""Control traffic that nobody can read: what can be said of it, and no more."""

import struct

import pytest

from support import tshark
from support.traffic import Traffic

WITH_MEDIA = "synthetic-opaque-with-media.pcap"
WITHOUT_MEDIA = "synthetic-opaque-without-media.pcap"


def test_an_opaque_connection_is_a_session_with_turns(passes):
    """Four segments in three turns; the first is a request, and nothing is called an answer."""
    rows = tshark.fields(WITH_MEDIA, ["msiccp.session", "msiccp.opaque.turn", "msiccp.opaque.turn_starts",
                                      "msiccp.event", "msiccp.from_caller"],
                         'msiccp.coding == "opaque"', passes=passes)
    assert [row["msiccp.session"] for row in rows] == [["1"]] * 4
    assert [row["msiccp.opaque.turn"][0] for row in rows] == ["1", "1", "2", "3"]
    assert [tshark.truth(row["msiccp.opaque.turn_starts"][0]) for row in rows] == [True, False, True, True]
    assert [row["msiccp.event"][0] for row in rows] == ["0", "7", "7", "7"]
    assert [tshark.truth(row["msiccp.from_caller"][0]) for row in rows] == [True, True, False, True]


def test_what_is_inferred_says_so(passes):
    text = tshark.run(["-O", "msiccp", "-Y", 'msiccp.coding == "opaque"'], WITH_MEDIA, passes=passes)
    assert "[Event: request (0) (inferred)]" in text
    assert "[Media: candidate (inferred) at 192.0.2.10 port 49606]" in text


def test_the_bytes_are_shown_and_stock_shows_no_more(passes):
    rows = tshark.fields(WITH_MEDIA, ["msiccp.opaque.data", "tcp.payload", "data.data"],
                         'msiccp.coding == "opaque"', passes=passes)
    assert rows
    for row in rows:
        assert row["msiccp.opaque.data"] == row["tcp.payload"] == row["data.data"]


def test_addresses_of_the_two_hosts_are_candidates(passes):
    """One in a Windows sockaddr_in, which says where its port is; one as in H.245, which does not."""
    rows = tshark.fields(WITH_MEDIA, ["msiccp.media.addr", "msiccp.media.port"],
                         "msiccp.media.port", passes=passes)
    assert rows[0] == {"msiccp.media.addr": ["192.0.2.10"], "msiccp.media.port": ["49606"]}
    assert set(rows[1]["msiccp.media.addr"]) == {"192.0.2.20"}
    assert "49608" in rows[1]["msiccp.media.port"]


def test_a_stream_at_a_candidate_is_advertised(passes):
    """All but the first packet, which could still have been anything."""
    udp = tshark.frames(WITH_MEDIA, "udp", passes=passes)
    assert tshark.frames(WITH_MEDIA, 'msiccp.session == 1 && msiccp.link == "advertised"',
                         passes=passes) == udp[2:]


def test_a_candidate_alone_joins_nothing(passes):
    """Nor does RTP between the same hosts when the connection has been closed."""
    assert tshark.frames(WITHOUT_MEDIA, "msiccp.media.port", passes=passes)
    assert tshark.frames(WITHOUT_MEDIA, "msiccp.link", passes=passes) == []
    assert tshark.frames(WITHOUT_MEDIA, "rtp", passes=passes) == []


def test_an_audio_format_among_the_bytes_is_found_and_inferred(passes):
    """The example of [MS-H245] 4.1, in the second segment."""
    rows = tshark.fields(WITH_MEDIA, ["msiccp.waveformat.tag", "msiccp.waveformat.sample_rate",
                                      "msiccp.opaque.turn"],
                         "msiccp.waveformat", passes=passes)
    assert rows == [{"msiccp.waveformat.tag": ["0x0011"], "msiccp.waveformat.sample_rate": ["16000"],
                     "msiccp.opaque.turn": ["1"]}]
    text = tshark.run(["-O", "msiccp", "-Y", "msiccp.waveformat"], WITH_MEDIA, passes=passes)
    assert "Audio format: IMA/DVI ADPCM, 16000 Hz (inferred)" in text


def test_no_outcome_is_claimed(passes):
    for capture in (WITH_MEDIA, WITHOUT_MEDIA):
        assert tshark.frames(capture, "msiccp.outcome", passes=passes) == []


def opaque(*turns):
    traffic = Traffic()
    traffic.dialogue(40002, *turns)
    return traffic.write()


@pytest.mark.parametrize(("layout", "port"), [
    ("<BB{0}>H", "big"), ("<BB{0}<H", "little"), ("<BB{0}>I", "big, 4 bytes"),
    ("<BB{0}<I", "little, 4 bytes"),
    (">H{0}", "in front"), ("<I{0}", "in front, little, 4 bytes"), ("ADDRESS FIRST", "behind a 2")])
def test_a_port_next_to_the_address_is_a_candidate(layout, port, passes):
    """Whatever stands elsewhere: here bytes that could be the family of a sockaddr."""
    address = bytes([192, 0, 2, 1])
    if layout == "ADDRESS FIRST":
        data = b"\x99\2\0\0\0" + address + struct.pack(">H", 49606)
    else:
        head, tail = layout.split("{0}")
        data = b"\x99\x88\x77" if head.startswith("<BB") else b"\x99\x88\x77\x66" + struct.pack(head, 49606)
        data += address + (struct.pack(tail, 49606) if tail else b"")
    rows = tshark.fields(opaque((True, data + b"\xee\xee")), ["msiccp.media.addr", "msiccp.media.port"],
                         passes=passes)
    assert "49606" in rows[0]["msiccp.media.port"], port
    assert set(rows[0]["msiccp.media.addr"]) == {"192.0.2.1"}


def test_the_first_turn_of_the_opener_is_no_duplicate(passes):
    """Though the server spoke first, and so the session is there already."""
    capture = opaque((False, b"\xfe\x81\x82"), (True, b"\xfd\x91\x92"))
    rows = tshark.fields(capture, ["msiccp.event", "msiccp.expert.duplicate"], passes=passes)
    assert [row["msiccp.event"] for row in rows] == [["7"], ["0"]]
    assert [row["msiccp.expert.duplicate"] for row in rows] == [[], []]


def test_turns_and_direction_say_that_they_are_inferred():
    text = tshark.run(["-O", "msiccp"], opaque((True, b"\xfe\x81\x82")))
    for line in ("[Turn: 1 (inferred)]", "[Turn begins here: True (inferred)]",
                 "[From the caller: True (inferred)]"):
        assert line in text
