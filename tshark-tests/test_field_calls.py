# SPDX-License-Identifier: GPL-2.0-or-later
"""How calls begin, what they say, and how they end and go on elsewhere."""

import uuid

import h225
import pytest

from support import reports, traffic, tshark, view


# ReleaseCompleteReason in words, and its Q.850 cause after H.225.0 table 5, where that is known
REASONS = [("no bandwidth", 34), ("gatekeeper resources", 47), ("unreachable destination", 3),
           ("destination rejection", 16), ("invalid revision", 88), ("no permission", 127),
           ("unreachable gatekeeper", 38), ("gateway resources", 42), ("bad format address", 28),
           ("adaptive busy", 41), ("in conference", 17), ("undefined reason", 31), ("facility call deflection", 16),
           ("security denied", 31), ("called party not registered", 20), ("caller not registered", 31),
           ("new connection needed", 47), ("nonstandard reason", 127), ("replace with conference invite", 31),
           ("generic data reason", 31), ("needed feature not supported", 31), ("tunnelled signalling rejected", 127),
           ("invalid CID", 3), ("security error", None), ("hop count exceeded", None)]


def identifier(number):
    return str(uuid.UUID(f"{0x73030000 + number:08x}-1731-11d2-8000-{number:012x}"))


# ---- how they begin

@pytest.mark.parametrize(("name", "outcomes"), [
    ("synthetic-facility-before-setup.pcap", ["answered"]),
    ("synthetic-facility-before-setup-twice.pcap", ["answered", "rejected"])])
def test_a_setup_continues_the_session_that_a_facility_began(name, outcomes, passes):
    found = reports.records(name, passes=passes)
    assert [record["outcome"] for record in found] == outcomes
    for record in found:
        assert reports.diagnosed(record) == []
        assert record["start"]["frame"] < record["setup"]["frame"]
        assert record["caller"]["alias"] == "ann" and record["callee"]["alias"] in ("bea", "cleo")
        assert record["caller"]["address"] in ("10.73.3.1", "fd73:3::1")
        assert record["call_reference"] == (7 if len(found) == 1 else 9)
    assert len(tshark.frames(name, "q931", passes)) == len(tshark.frames(name, "msiccp.session", passes))


@pytest.mark.parametrize("name", ["synthetic-second-setup.pcap", "synthetic-second-setup-called-back.pcap"])
def test_a_setup_with_another_identifier_is_another_call(name, passes):
    first, second = reports.records(name, passes=passes)
    assert (first["release"], second["outcome"]) == (None, "answered")
    assert reports.diagnosed(second) == [] and "duplicate" not in reports.diagnosed(first)
    assert first["call_id"] != second["call_id"]
    assert first["call_reference"] == second["call_reference"] == 5
    setups = tshark.frames(name, "q931.message_type == 5", passes)
    assert [record["setup"]["frame"] for record in (first, second)] == setups


def test_a_setup_with_the_same_identifier_is_that_call_again(passes):
    assert reports.diagnosed(reports.only_record("synthetic-repeated-setup.pcap", passes=passes)) == ["duplicate"]


@pytest.mark.parametrize(("name", "number"), [("synthetic-cut-setup.pcap", 1), ("synthetic-cut-setup-ipv6.pcap", 2)])
def test_the_identifier_is_that_of_the_setup(name, number, passes):
    assert reports.only_record(name, passes=passes)["call_id"] == identifier(number)


def callees(name, passes):
    return [row.one("msiccp.callee") for row in view.control_rows(name, passes)]


def test_digits_that_follow_complete_the_callee(passes):
    name = "synthetic-overlap-digits.pcap"
    assert callees(name, passes) == ["5", "5", "5550", "55501"] + ["5550100"] * 5
    assert reports.only_record(name, passes=passes)["callee"]["alias"] == "5550100"
    name = "synthetic-overlap-digits-from-nothing.pcap"
    assert callees(name, passes) == [None, None, "47"] + ["4711"] * 6
    assert reports.only_record(name, passes=passes)["callee"]["alias"] == "4711"


# ---- how they end

def test_reasons_are_told_in_words_with_their_cause(passes):
    name = "synthetic-release-reasons.pcap"
    rows = tshark.fields(name, ["msiccp.reason", "msiccp.cause"], "msiccp.outcome", passes)
    assert [(row["msiccp.reason"], row["msiccp.cause"]) for row in rows] == [
        ([words], [str(cause)] if cause else []) for words, cause in REASONS]
    found = reports.records(name, passes=passes)
    assert [(record["reason"], record["cause"]) for record in found] == REASONS
    assert found[10]["outcome"] == "busy"
    assert {record["outcome"] for record in found} == {"busy", "rejected", "cancelled"}


def test_the_table_tells_the_reason(passes):
    table = "\n".join(reports.table("synthetic-release-reasons.pcap", passes=passes))
    assert "called party not registered" in table


def test_a_cause_that_is_there_goes_before_that_of_the_reason(passes):
    record = reports.only_record("synthetic-release-reason-and-cause.pcap", passes=passes)
    assert (record["reason"], record["cause"], record["outcome"]) == ("adaptive busy", 31, "answered")


def test_no_reason_is_none(passes):
    record = reports.only_record("synthetic-unanswered.pcap", passes=passes)
    assert (record["reason"], record["cause"]) == (None, 16)


# ---- where they go on

@pytest.mark.parametrize(("name", "expected"), [
    ("synthetic-forwarded-by-facility.pcap", [(2, "cleo"), (None, None)]),
    ("synthetic-forwarded-by-facility-ipv6.pcap", [(3, "cleo"), (None, None), (None, None)]),
    ("synthetic-forwarded-by-disconnect.pcap", [(2, "1002"), (None, None)]),
    ("synthetic-forwarded-and-given-up.pcap", [(None, "10.73.3.30:1731"), (None, None)])])
def test_forwarding_links_the_attempts(name, expected, passes):
    found = reports.records(name, passes=passes)
    assert [(record["forwarded_to"], record["forwarded_to_party"]) for record in found] == expected
    for record in found:
        if record["forwarded_to"]:
            target = found[record["forwarded_to"] - 1]
            assert target["callee"]["alias"] == record["forwarded_to_party"]


@pytest.mark.parametrize(("elements", "party"), [
    (b"\x76\5\x811002", "1002"),                         # Q.931 section 4.6.7, as the only element
    (b"\xa1\x08\2\x80\x90\x76\5\x811002", "1002"),      # behind one octet, and a cause
    (b"\x7e\0\x08\0\x76\5\x811002", None)])              # in a user-user element, whose length has two octets
def test_a_redirection_number_is_an_element(elements, party, passes):
    made = traffic.Traffic()
    made.send(40001, True, h225.message(h225.SETUP, 7, True, 2, guid=bytes(range(16))))
    made.send(40001, False, h225.tpkt(h225.q931(h225.DISCONNECT, 7, False, elements)))
    record = reports.only_record(made.write(), passes=passes)
    assert record["forwarded_to_party"] == party


def test_a_forwarded_attempt_and_the_next_are_no_legs(passes):
    for record in reports.records("synthetic-forwarded-by-facility-ipv6.pcap", passes=passes):
        assert record["legs"] == []


@pytest.mark.parametrize("name", ["h323-three-calls-in-a-row-1731.pcap", "synthetic-calls-on-one-connection.pcap"])
def test_other_calls_are_not_forwarded(name, passes):
    assert {record["forwarded_to"] for record in reports.records(name, passes=passes)} == {None}


# ---- what is done in them

@pytest.mark.parametrize(("name", "by_h245", "by_rtp"), [
    ("synthetic-digits.pcap", "1234#", "556#"), ("synthetic-digits-tunnelled.pcap", "0", ""),
    ("h323-short-call-1731.pcap", "", "")])
def test_digits_are_counted(name, by_h245, by_rtp, passes):
    assert reports.dialled(reports.only_record(name, passes=passes)) == {
        "h245": len(by_h245), "rfc2833": len(by_rtp), "keypad": 0, "digits_more": 0,
        "digits": [*((digit, "h245") for digit in by_h245), *((digit, "rfc2833") for digit in by_rtp)]}


@pytest.mark.parametrize(("name", "encrypted"), [
    ("synthetic-encrypted.pcap", True), ("synthetic-encrypted-tokens.pcap", True), ("h323-short-call-1731.pcap", False),
    ("synthetic-netmeeting-data.pcap", False)])
def test_encryption_is_said(name, encrypted, passes):
    assert reports.only_record(name, passes=passes)["encrypted"] is encrypted


def test_the_codec_of_encrypted_media_is_told(passes):
    for stream in reports.only_record("synthetic-encrypted.pcap", passes=passes)["streams"]:
        assert stream["negotiated_codec"] == "g711Ulaw64k"
