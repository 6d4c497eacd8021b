# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls as other stacks may make them: every form of an address and of an alias, and every answer to a fast start."""

import pytest

from support import reports

ALAW, EFR = ("PCMA", "g711Alaw64k"), ("GSM-EFR", "gsmEnhancedFullRate")
NAMED = ["4711", "bea", "h323:bea@example.org", "bea@example.org", "10.75.99.1:1720", "[fd75::1]:1720", None,
         "4930123456", "26245", "41123", "0301234", "2020", "262011234567890", "0a0b0c0d", "2125550100",
         "4930654321", "3030"]
PLACE = "10.75.99.9:1720"
WITHOUT_IP = {"channels116", "channels117", "channels118"}


def media(record):
    return sorted((stream["to"], stream["link"], stream["codec"], stream["negotiated_codec"], stream["packets"])
                  for stream in record["streams"])


def both_ways(codec):
    return [(end, "negotiated", *codec, 20) for end in ("callee", "caller")]


def test_a_fast_start_channel_goes_where_its_element_says(passes):
    found = reports.records("synthetic-stacks-fast-start.pcap", passes=passes)
    assert len(found) == 12
    for record in found:
        dynamic = record["caller"]["alias"] == "fast12"
        assert media(record) == both_ways(EFR if dynamic else ALAW), record["caller"]["alias"]
        assert (record["verdict"], reports.diagnosed(record)) == ("good", [])


def test_every_address_of_ip_counts(passes):
    found = reports.records("synthetic-stacks-addresses.pcap", passes=passes)
    assert len(found) == 9
    for record in found:
        assert record["verdict"] == "good"
        if record["caller"]["alias"] not in WITHOUT_IP:
            assert media(record) == both_ways(ALAW), record["caller"]["alias"]


def test_where_no_address_is_one_of_ip_media_is_observed(passes):
    for record in reports.records("synthetic-stacks-addresses.pcap", passes=passes):
        if record["caller"]["alias"] in WITHOUT_IP:
            assert {stream["link"] for stream in record["streams"]} == {"observed"}


@pytest.mark.parametrize("behind", [False, True])
def test_every_alias_names_its_party(passes, behind):
    """Behind a transport address each is better; and that is better than nothing."""
    found = reports.records("synthetic-stacks-aliases.pcap", passes=passes)
    names = [record["caller"]["alias"] for record in found][behind::2]
    expected = [PLACE if behind and (name is None or name.endswith(":1720")) else name for name in NAMED]
    assert names == expected


def test_calls_as_products_make_them(passes):
    """Their names, their codecs, who they are, and nothing that is wrong with them."""
    found = reports.records("synthetic-stacks-products.pcap", passes=passes)
    said = [(record["caller"]["alias"], record["caller"]["product"], record["call"],
             sorted({(stream["to"], stream["codec"]) for stream in record["streams"]})) for record in found]
    assert said == [
        ("ann", "Microsoft® NetMeeting® 3.0", 1, [("callee", "G723"), ("caller", "G723")]),
        ("ann", "OpenH323 1.18.0", 2, [("callee", "PCMU"), ("caller", "PCMU")]),
        ("46851001", "IPT 4.0", 3, [("callee", "PCMA"), ("caller", "PCMA")]),
        ("1001", "Cisco 12.4", 4, [("callee", "G729"), ("caller", "G729")]),
        ("ann", None, 5, [("callee", "PCMA"), ("caller", "PCMA")]),
        ("ann", None, 5, [("callee", "PCMA"), ("caller", "PCMA")])]
    assert {record["verdict"] for record in found} == {"good"}
    assert [reports.diagnosed(record) for record in found] == [[], [], ["media_before_answer"], [], [], []]
