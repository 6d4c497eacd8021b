# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing that stock Wireshark shows is lost; without the plugin's protocol, nothing is different."""

import collections
import re

import pytest

from support import files, tshark, view

RECORDED = [path.name for path in files.captures("h323-*")]
OTHERS = [path.name for path in files.captures("derived-*") + files.captures("synthetic-*")
          if not path.name.startswith(("synthetic-foreign", "synthetic-netbios", "synthetic-probes"))]
# What stock Wireshark shows of bytes that it does not decode.
UNDECODED = {"data", "data.data", "data.len", "tcp.segment_data", "tpkt.continuation_data"}
# Streams that were announced are a conversation of their own, as of any call that Wireshark knows.
MEDIA_SET_UP = {"udp.stream", "udp.time_delta", "udp.time_relative"}
# What is different, mostly because calls are decoded that stock Wireshark misses here.
BETTER = {
    # H.245 is known before its connection opens; Wireshark then loses its SYN, as in any such call
    "derived-one-byte-segments.pcap": {"tcp.completeness", *MEDIA_SET_UP},
    # of a message that the capture cuts short, 4.4 and later complain twice, and here once
    "derived-snaplen-96.pcap": {"_ws.expert"},
    # the second call's media is set up by the second call
    "derived-ports-used-again.pcap": {"rtp.setup", "rtp.setup-frame", *MEDIA_SET_UP},
    # calls before it have set up media, each as a conversation of its own
    "synthetic-stacks-addresses.pcap": {"udp.stream"},
}


def lines(packet):
    """The fields of one packet of PDML, each with label, value and place: how often it comes."""
    return collections.Counter(
        line.strip().rstrip("/>") for line in packet.split("\n")
        if "<field " in line and 'name="frame.protocols"' not in line)


def names(fields):
    return {re.search(r'name="([^"]*)"', field)[1] for field in fields}


def differences(name, passes):
    """(frame, stock's packet, lost fields, added fields) of each frame that is shown otherwise."""
    ours, stock = (world.run(["-T", "pdml"], name, passes).split("<packet>")[1:]
                   for world in (tshark.plugin, tshark.stock))
    for frame, (our, theirs) in enumerate(zip(ours, stock, strict=True), 1):
        if our != theirs:
            our_lines, their_lines = lines(our), lines(theirs)
            yield frame, theirs, their_lines - our_lines, our_lines - their_lines


@pytest.mark.each_capture
@pytest.mark.parametrize("name", RECORDED)
def test_of_a_recorded_call_no_field_is_lost_or_changed_and_none_added_but_ours(name, passes):
    """Each frame has every field that stock Wireshark shows, with label, value and place."""
    experts = view.experts(name)
    for frame, _, lost, added in differences(name, passes):
        assert lost == collections.Counter(), f"frame {frame}"
        foreign = {field for field in names(added) if not field.startswith("msiccp")}
        allowed = {"tcp.pdu.size"}      # TCP shows it where a dissector finds PDUs in the stream
        if frame in experts:
            allowed |= {"_ws.expert", "_ws.expert.message", "_ws.expert.severity",
                        "_ws.expert.group"}
        assert foreign <= allowed, f"frame {frame}"


@pytest.mark.each_capture
@pytest.mark.parametrize("name", OTHERS)
def test_what_stock_decodes_is_decoded_as_completely(name):
    """Only what stock shows as undecoded bytes, or as a damaged message, can be shown otherwise;
    and no packet is malformed that is not so in stock Wireshark."""
    allowed = UNDECODED | BETTER.get(name, set())
    for frame, stock, lost, added in differences(name, ()):
        # Media and H.245 that stock does not know are taken for another protocol by each release.
        is_found = any(field.startswith(("rtp.", "h245.")) for field in names(added))
        if "_ws.malformed" not in stock and not is_found:
            assert names(lost) <= allowed, f"frame {frame}"
            assert "_ws.malformed.expert" not in names(added), f"frame {frame}"


def decoded(world, name, passes, extra=()):
    """The PDML text of a capture without its head, which has the time of day."""
    text = world.run(["-T", "pdml", *extra], name, passes)
    return text[text.index("<packet>"):]


@pytest.mark.each_capture
@pytest.mark.parametrize("name", [path.name for path in files.some_captures()])
def test_disabled_the_plugin_leaves_everything_as_it_is(name):
    """--disable-protocol msiccp gives stock Wireshark's output, to the byte."""
    assert decoded(tshark.plugin, name, (), ("--disable-protocol", "msiccp")) == decoded(tshark.stock, name, ())


@pytest.mark.each_capture
@pytest.mark.parametrize("name", RECORDED)
def test_disabled_it_leaves_recorded_calls_as_they_are_in_two_passes(name):
    assert decoded(tshark.plugin, name, ("-2",), ("--disable-protocol", "msiccp")) == (
        decoded(tshark.stock, name, ("-2",)))


def test_a_capture_without_calls_is_shown_as_without_the_plugin(passes):
    """Ports 1730-1732 are the only ones that the plugin takes anything from."""
    name = "h323-separate-h245-1720.pcap"
    assert decoded(tshark.plugin, name, passes) == decoded(tshark.stock, name, passes)


@pytest.mark.parametrize("how, arguments", [
    ("Decode As", ("-d", "tcp.port==1720,msiccp")),
    ("preference", ("-o", "msiccp.tcp.port:1720,1730-1732")),
])
def test_another_port_can_be_given_to_the_plugin(how, arguments, passes):
    """An ordinary H.323 call on 1720 is then tracked whole, its media too."""
    name = "h323-separate-h245-1720.pcap"
    rows = view.rows(name, passes, extra=arguments)
    assert [row.word("msiccp.event") for row in rows if row.is_control] == [
        "request", "proceeding", "ringing", "accept", "other", "other", "release"], how
    for row in rows:
        in_call = row.is_control or row.is_h245_connection or row.is_rtp or row.is_rtcp
        assert row.session == (1 if in_call else None)
    assert len([row for row in rows if row.is_rtp]) > 100


def test_decode_as_offers_msiccp_for_tcp_and_udp():
    tables = tshark.run(["-G", "decodes"]).splitlines()
    ours = {tuple(line.split("\t")[:2]) for line in tables if line.split("\t")[-1] == "msiccp"}
    for table in ("tcp.port", "udp.port"):
        assert {(table, str(port)) for port in (1730, 1731, 1732)} <= ours


@pytest.mark.parametrize("name, callee", [
    ("synthetic-h225-v1-call.pcap", "Carol"), ("synthetic-netmeeting-profile-call.pcap", None)])
def test_calls_without_identifier_aliases_or_numbers_are_tracked(name, callee, passes):
    """Of H.225 version 1, and in NetMeeting's own profile: named by what they have."""
    rows = view.session_rows(name, passes)
    assert {row.session for row in rows} == {1}
    assert [row.word("msiccp.event") for row in rows if row.word("msiccp.event") != "proceeding"] \
        == ["request", "ringing", "accept", "release"]
    assert {row.one("msiccp.caller") for row in rows} == {{"Carol": "Alice"}.get(callee, "Bob")}
    assert rows[-1].one("msiccp.callee") == callee
    if callee:
        assert rows[-1].one("msiccp.caller.product") == "Example Phone 1.0"
        assert tshark.frames(name, "h225.callIdentifier_element", passes) == []
    assert tshark.frames(name, "q931.called_party_number.digits || h225.h323_ID || h225.dialledDigits",
                         passes) == []
