# SPDX-License-Identifier: GPL-2.0-or-later
"""Telephony > VoIP Calls lists every session once, with its RTP; asked of sharkd, from 4.4 on."""

import pytest

from support import files, reports, tshark

if tshark.plugin.version < (4, 4):
    pytest.skip("sharkd tells of VoIP calls from Wireshark 4.4 on", allow_module_level=True)

V1 = "synthetic-h225-v1-call.pcap"
OPAQUE = "synthetic-opaque-with-media.pcap"

# Wireshark takes H.245 that nothing announced for Q.931 there.
WITH_STRANGE_ROW = {"derived-reordered.pcap", "derived-snaplen-96.pcap"}


def taps(world, capture, name):
    answers = world.sharkd([("load", {"file": files.readable(capture)}), ("tap", {"tap0": name})])
    lists = [value for tap in answers[1]["taps"] for value in tap.values()
             if isinstance(value, list)]
    return [row for rows in lists for row in rows]


def rows(capture, world=tshark.plugin):
    return taps(world, capture, "voip-calls")


def flow(capture, call=0):
    return taps(tshark.plugin, capture, f"voip-convs:{call}")


def test_every_session_is_listed_once(capture):
    """Legs of a call, which share its identifier, are one row."""
    sessions = {record["call_id"] or record["session"] for record in reports.records(capture)}
    if not sessions:
        assert rows(capture) == rows(capture, tshark.stock)
        return
    protocols = [row["protocol"] for row in rows(capture)
                 if row["protocol"] not in ("SIP", "T.38")]    # Wireshark's own
    if capture.name in WITH_STRANGE_ROW:
        protocols.remove("AC_ISDN")
    assert len(protocols) == len(sessions)
    assert set(protocols) <= {"H.323", "MSICCP"}


def test_wireshark_lists_what_carries_a_call_identifier(capture):
    listed = [row["protocol"] for row in rows(capture)]
    without = [record for record in reports.records(capture) if record["call_id"] is None]
    assert listed.count("MSICCP") == len(without)


def test_a_call_without_identifier_has_its_names_and_its_end():
    [row] = rows(V1)
    assert (row["protocol"], row["from"], row["to"], row["state"]) == (
        "MSICCP", "Alice", "Carol", "COMPLETED")
    assert row["comment"] == "Session 1 (h225): answered"
    assert [item["label"] for item in flow(V1)] == [
        "request", "proceeding", "ringing", "accept", "release"]


def test_a_session_without_names_has_addresses():
    [row] = rows(OPAQUE)
    assert (row["from"], row["to"]) == ("192.0.2.10", "192.0.2.20")


def test_the_flow_has_the_rtp_of_both_directions():
    media = [item for item in flow(OPAQUE) if item["label"].startswith("RTP")]
    assert sorted(item["src_addr"] for item in media) == ["192.0.2.10", "192.0.2.20"]
    assert all(item["comment"].startswith("RTP, 19 packets") for item in media)
