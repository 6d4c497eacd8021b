# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that only begin at one of our ports are left to stock Wireshark; H.323 is ours."""

import pytest

from support import tshark

HEURISTICS = [f"{transport}.try_heuristic_first:{value}" for transport in ("tcp", "udp") for value in
              ("TRUE", "FALSE")]


@pytest.mark.parametrize("capture", ["synthetic-not-ours.pcap", "not-ours-http-from-1731.pcap"])
@pytest.mark.parametrize("preference", HEURISTICS)
def test_stock_output_to_the_byte(capture, preference, passes):
    def packets(world):
        text = world.run(["-T", "pdml"], capture, passes, [preference])
        return text[text.index("<packet>"):]

    assert packets(tshark.plugin) == packets(tshark.stock)


def test_h323_from_one_of_our_ports_is_a_call(passes):
    """From 4.4 on TCP asks no dissector by the port of the end that opened the connection."""
    rows = tshark.fields("synthetic-h323-from-our-port.pcap", ["msiccp.session"], "msiccp", passes)
    assert [row["msiccp.session"] for row in rows] == [["1"], ["1"]]


@pytest.mark.parametrize("capture", ["h323-separate-h245-1731.pcap", "derived-one-byte-segments.pcap",
                                     "h323-three-calls-at-once-1731.pcap"])
def test_calls_are_tracked_where_heuristics_go_first(capture, passes):
    names = ["frame.number", "msiccp.session", "msiccp.channel", "msiccp.state", "msiccp.event"]
    first, last = (tshark.fields(capture, names, "msiccp", passes, [f"tcp.try_heuristic_first:{value}"])
                   for value in ("TRUE", "FALSE"))
    assert first == last != []
