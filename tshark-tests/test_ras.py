# SPDX-License-Identifier: GPL-2.0-or-later
"""H.225.0 RAS on our ports: recognised by decoding it, decoded as on 1719, joined to its call."""

import random

import h225
import pytest
import ras
import wire

from support import tshark
from support.traffic import UDP, Traffic, ethernet, ip, udp, write

CALL, REJECT, V1_CALL = "synthetic-ras-call.pcap", "synthetic-ras-reject.pcap", "synthetic-ras-v1-call.pcap"
RAS = "msiccp.coding == 1"
SHOWN = ["frame.number", "msiccp.message", "msiccp.session", "msiccp.event", "msiccp.response_to"]


def column(capture, field, display_filter, passes=()):
    return [row[field] for row in tshark.fields(capture, [field], display_filter, passes)]


def test_every_message_is_recognised(passes):
    types = [int(value[0], 16) for value in column(CALL, "msiccp.message", RAS, passes)]
    assert types == [0, 1, 3, 4, 9, 10, 9, 10, 15, 16, 15, 16, 6, 7]


def test_admission_and_disengagement_belong_to_the_call(passes):
    sessions = [value for value in column(CALL, "msiccp.session", RAS, passes)]
    assert sessions == [[]] * 4 + [["1"]] * 8 + [[]] * 2


def test_one_filter_takes_in_the_call_with_its_admission(passes):
    frames = tshark.frames(CALL, "msiccp.session == 1", passes)
    assert frames == [5, 6, 10, 12, 13, 14, 16, 18, 23, 24, 25, 26]


def test_the_set_up_time_runs_from_the_request(passes):
    assert column(CALL, "msiccp.setup_time", "msiccp.setup_time", passes) == [["2.200000000"]]


def test_answers_are_matched_by_their_number(passes):
    rows = tshark.fields(CALL, SHOWN, "msiccp.response_to && " + RAS, passes)
    assert [(row["frame.number"], row["msiccp.response_to"]) for row in rows] == [
        (["2"], ["1"]), (["4"], ["3"]), (["6"], ["5"]), (["13"], ["12"]), (["24"], ["23"]),
        (["26"], ["25"]), (["28"], ["27"])]


def test_requests_point_to_their_answers_in_the_second_pass():
    assert column(CALL, "msiccp.response_in", "frame.number == 5", ["-2"]) == [["6"]]


def test_a_refused_admission_ends_the_session(passes):
    rows = tshark.fields(REJECT, ["msiccp.event", "msiccp.outcome", "msiccp.state"],
                         "frame.number == 2", passes)
    assert rows == [{"msiccp.event": ["4"], "msiccp.outcome": ["2"], "msiccp.state": ["6"]}]


def test_a_request_sent_again_is_a_duplicate(passes):
    assert tshark.frames(REJECT, "msiccp.expert.duplicate", passes) == [4]
    assert column(REJECT, "msiccp.session", "frame.number in {3, 4}", passes) == [["2"], ["2"]]


def test_without_call_identifier_the_reference_joins(passes):
    assert tshark.frames(V1_CALL, "msiccp.session == 1", passes) == [1, 2, 6, 8, 10, 12, 17, 18]
    assert tshark.frames(V1_CALL, "msiccp.session > 1", passes) == []


def test_the_call_identifier_joins_whatever_the_reference_is(passes):
    """A gatekeeper client that counts its admissions by themselves."""
    identifier = bytes(range(16))
    traffic = Traffic()
    request = ras.admission_request(1, "ann-1", 7, identifier, identifier, to="bob", source="ann")
    for from_client, data in ((True, request), (False, ras.admission_confirm(1, ("192.0.2.2", 1731)))):
        traffic.datagram(1024, from_client, data, server_port=1730)
    traffic.send(2000, True, h225.message(h225.SETUP, 99, True, 4, guid=identifier, conference=identifier))
    assert column(traffic.write(), "msiccp.session", "msiccp", passes) == [["1"]] * 3


@pytest.mark.parametrize("capture", [CALL, REJECT, V1_CALL])
def test_all_that_stock_shows_on_its_own_port_is_shown(capture, passes):
    """Stock is told that the port is RAS: but for our own items the decoded fields are the same."""

    def h225(world, prefs):
        found = []
        for packet in world.pdml(capture, "udp", passes, prefs):
            for proto in packet.findall("proto[@name='h225']"):
                found.append([(field.get("name"), field.get("show"), field.get("pos"))
                              for field in proto.iter("field")])
        return found

    assert h225(tshark.plugin, []) == h225(tshark.stock, ["h225.udp.port:1730"]) != []


def random_datagrams(count, one_pair):
    source = random.Random(1731)
    lengths = [3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 100, 160, 172, 256, 400]
    for i in range(count):
        data = source.randbytes(lengths[i % len(lengths)])
        host = (1 if one_pair else i).to_bytes(3, "big")
        yield wire.Frame(i // 1000 * wire.SECOND + i % 1000, ethernet(ip(
            UDP, b"\x0a" + host, b"\x0b" + host, udp(40000, 1730 + i % 3, data))))


@pytest.mark.slow
@pytest.mark.parametrize("one_pair", [False, True], ids=["many-hosts", "one-pair-of-hosts"])
def test_random_datagrams_are_not_taken_for_ras(one_pair):
    path = write(random_datagrams(100_000, one_pair), "random.pcap")
    assert len(tshark.frames(path, RAS)) < 10


def datagrams(*messages):
    traffic = Traffic()
    for from_client, data in messages:
        traffic.datagram(1024, from_client, data, server_port=1730)
    return traffic.write()


def coded(capture, passes):
    """The RAS message type of each frame; None if it is not RAS."""
    return [int(row["msiccp.message"][0], 16) if row["msiccp.coding"] == ["1"] else None
            for row in tshark.fields(capture, ["msiccp.coding", "msiccp.message"], passes=passes)]


INFO_REQUEST = bytes.fromhex("540000040000")        # nothing but numbers: type, number 5, call reference 0
CONFIRM = ras.short(ras.UCF, 9)
DISCOVERY = ((True, ras.gatekeeper_request(1, ("192.0.2.1", 1024), "ann")),
             (False, ras.gatekeeper_confirm(1, ("192.0.2.2", 1730), "gk")))


def test_what_proves_a_message_must_come_before_it_in_every_pass(passes):
    """The same bytes are RAS only from when the hosts are known to speak it."""
    capture = datagrams((False, INFO_REQUEST), *DISCOVERY, (False, INFO_REQUEST), (False, CONFIRM))
    assert coded(capture, passes) == [None, ras.GRQ, ras.GCF, ras.IRQ, None]


def test_an_acknowledged_report_is_no_call(passes):
    """IACK and INAK answer an IRR, which is no request of its own."""
    acknowledge, refuse = bytes.fromhex("8303000004"), bytes.fromhex("840400000440")
    capture = datagrams(*DISCOVERY, (False, acknowledge), (False, refuse))
    assert coded(capture, passes) == [ras.GRQ, ras.GCF, 28, 29]


def test_a_capture_may_begin_with_an_unregistration(passes):
    addresses = [("192.0.2.1", port) for port in (1720, 1731, 1732)]
    capture = datagrams((True, ras.unregistration_request(5, *addresses)), (False, ras.short(ras.UCF, 5)))
    assert coded(capture, passes) == [ras.URQ, ras.UCF]
    assert tshark.frames(capture, "msiccp.session", passes) == []
