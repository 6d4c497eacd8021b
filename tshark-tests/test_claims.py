# SPDX-License-Identifier: GPL-2.0-or-later
"""What is easily claimed of a call, and is not so: the captures of generate_claims.py, each with what is right."""

import json

import h225
import jsonschema
import pytest
import ras
from field import ANN, BEA, Call
from generate_claims import ENDPOINT, SIGNALLING, ras_talk

from support import files, reports, traffic, tshark

SCHEMA = json.loads((files.ROOT / "docs" / "registrations.schema.json").read_text())

GOOD = ("good", None)
TO_CALLER = ("no_audio_to_caller", "one_way_media")

# Of each call: its verdict and what decides it, all that was found, and how many streams go to each end.
CALLS = {
    "digits-instead-of-audio": [(TO_CALLER, ["one_way_media"], (1, 1))],
    "comfort-noise-instead-of-audio": [(TO_CALLER, ["one_way_media"], (1, 1))],
    "empty-rtp-instead-of-audio": [(TO_CALLER, ["one_way_media"], (1, 1))],
    "silent-from-the-answer-on": [(TO_CALLER, ["one_way_media", "media_before_answer"], (1, 1))],
    "audio-stops": [(("unknown", "media_ended"), ["media_ended"], (1, 1))],
    "audio-stops-with-noise": [(("unknown", "media_ended"), ["media_ended"], (1, 1))],
    "silent-g711": [(GOOD, ["silent_media"], (1, 1))],
    "nil-identifier": [(("unknown", None), [], (0, 0))] * 2,
    "h245-address-of-all": [(GOOD, [], (1, 1))] * 2,
    "fast-start-answer-echoes": [(GOOD, [], (1, 1))],
    "control-connected-again": [(GOOD, [], (1, 1))],
    "routed-to-gatekeeper": [(("not_connected", None), [], (0, 0)), (GOOD, [], (1, 1))],
    "routed-to-mc": [(("not_connected", None), [], (0, 0)), (GOOD, [], (1, 1))],
    "music-by-multicast": [(GOOD, [], (2, 1))],
    "hold-and-resume": [(GOOD, [], (2, 2))],
    "held-at-no-address": [(GOOD, [], (1, 1))],
    "multiplexed-media": [(GOOD, [], (1, 1))] * 2,
    "media-of-unknown-form": [(("unknown", "media_unknown"), ["media_unknown"], (0, 0))],
    "keypad-digits": [(GOOD, [], (1, 1))],
    "request-of-elsewhere": [(("not_connected", "unanswered"), ["address_mismatch", "unanswered"], (0, 0))],
}


def capture(name):
    return f"synthetic-{name}.pcap"


def records(name, passes=()):
    return reports.records(capture(name), passes=passes)


def said(record):
    streams = [stream["to"] for stream in record["streams"]]
    return ((record["verdict"], record["decided_by"]), reports.diagnosed(record),
            (streams.count("caller"), streams.count("callee")))


@pytest.mark.parametrize("name", CALLS)
def test_no_more_is_claimed_than_is_so(name, passes):
    assert [said(record) for record in records(name, passes)] == CALLS[name]


def test_what_stops_is_told_with_what_its_sender_announced():
    explanations = [records(name)[0]["explanation"] for name in ("audio-stops", "audio-stops-with-noise")]
    assert ["may suppress silence" in text for text in explanations] == [True, False]
    assert ["had announced silence" in text for text in explanations] == [False, True]


def test_silence_is_said_of_a_good_call():
    assert "The RTP to the caller carried silence all the time." in records("silent-g711")[0]["explanation"]


def test_a_nil_identifier_identifies_nothing():
    assert [(record["call"], record["call_id"], record["legs"]) for record in records("nil-identifier")] == [
        (1, None, []), (2, None, [])]


@pytest.mark.parametrize("name", ["routed-to-gatekeeper", "routed-to-mc"])
def test_a_call_that_is_routed_elsewhere_is_followed(name):
    first, second = records(name)
    assert (first["forwarded_to"], first["forwarded_to_party"]) == (second["session"], "10.73.3.1:1731")


def test_hold_and_resume_are_events_with_their_time(passes):
    name = capture("hold-and-resume")
    assert len(tshark.frames(name, "msiccp.event == 8", passes)) == 1
    assert len(tshark.frames(name, "msiccp.event == 9", passes)) == 1
    assert records("hold-and-resume", passes)[0]["held_us"] == 3_000_000


def test_multiplexed_media_is_of_the_call_whose_number_it_has(passes):
    rows = tshark.fields(capture("multiplexed-media"), ["msiccp.media.multiplex_id", "msiccp.session", "rtp.ssrc"],
                         "msiccp.media.multiplex_id", passes)
    found = {(row["msiccp.media.multiplex_id"][0], row["msiccp.session"][0]) for row in rows}
    assert found == {("16", "1"), ("17", "1"), ("32", "2"), ("33", "2")}
    assert len(rows) == 240 and all(row["rtp.ssrc"] for row in rows)


def test_media_of_unknown_form_blames_nobody(passes):
    record = records("media-of-unknown-form", passes)[0]
    assert "firewall" not in record["explanation"]
    assert [finding["frame_count"] for finding in record["diagnostics"]] == [50, 50]


DIGITS = [("1", "keypad"), ("2", "keypad"), ("3", "keypad"), ("4", "keypad"), ("5", "keypad"), ("#", "h245"),
          ("9", "rfc2833")]


def test_digits_are_told_in_their_order_with_their_way(passes):
    dtmf = records("keypad-digits", passes)[0]["dtmf"]
    assert [(digit["digit"], digit["way"]) for digit in dtmf["digits"]] == DIGITS
    assert (dtmf["keypad"], dtmf["h245"], dtmf["rfc2833"], dtmf["digits_more"]) == (5, 1, 1, 0)
    assert [digit["frame"] for digit in dtmf["digits"]] == sorted(digit["frame"] for digit in dtmf["digits"])


def test_digits_can_be_left_out():
    record, = reports.records(capture("keypad-digits"), prefs=["msiccp.hide_digits:TRUE"])
    assert record["dtmf"] == {"h245": 1, "rfc2833": 1, "keypad": 5, "digits": None, "digits_more": None}


REGISTERED, REFUSED, UNREGISTERED, UNANSWERED = "0123"

# What the frames say, in two passes; the state, reason, requests, keep-alives and those without an answer.
REGISTRATIONS = {
    "registration-refused": ([REFUSED] * 3, ("refused", "duplicateAlias", 3, 0, 0)),
    "registration-kept-alive": ([REGISTERED] * 4 + [UNANSWERED] * 2, ("registered", None, 1, 5, 2)),
    "registration-unanswered": ([UNANSWERED] * 4, ("unanswered", None, 3, 0, 3)),
    "unregistered-by-gatekeeper": ([REGISTERED, UNREGISTERED, UNREGISTERED], ("unregistered", "ttlExpired", 1, 0, 0)),
    "ras-call": ([REGISTERED, UNREGISTERED], ("unregistered", None, 1, 0, 0)),
}


@pytest.mark.parametrize("name", REGISTRATIONS)
def test_registrations_are_told(name, passes):
    found, = reports.registrations(capture(name), passes=passes)
    shown = [row["msiccp.registration"][0] for row in
             tshark.fields(capture(name), ["msiccp.registration"], "msiccp.registration", ["-2"])]
    assert shown == REGISTRATIONS[name][0]
    jsonschema.validate(found, SCHEMA)
    assert tuple(found[key] for key in ("state", "reason", "requests", "keep_alives", "unanswered")) == (
        REGISTRATIONS[name][1])


def test_registrations_can_be_filtered(passes):
    assert reports.registrations(capture("ras-call"), "msiccp.registration == 1", passes=passes) == []
    assert len(reports.registrations(capture("ras-call"), "msiccp.registration == 0", passes=passes)) == 1


def test_a_registration_is_a_block_for_people():
    text = tshark.run(["-q", "-z", "msiccp,registrations"], capture("registration-refused"))
    assert "1  ann at 10.73.3.10 port 1024, gatekeeper 10.73.3.1 port 1730: refused" in text
    assert "10.73.3.1 refused to register the endpoint (duplicateAlias)." in text
    assert [line for line in text.splitlines() if " requests, " in line or " request, " in line]


def test_a_keypad_in_a_request_is_the_number_that_is_called(passes):
    """It is no digit that is sent in the call."""
    call = Call(ANN, BEA, 1)
    call.say(0.1, h225.SETUP, aliases=["ann"], keypad="4711")
    call.say(1.0, h225.CONNECT, False)
    call.say(2.0, h225.INFORMATION, keypad="5")
    call.end(3.0)
    record, = reports.records(traffic.write(sorted(call.frames(), key=lambda frame: frame.time)), passes=passes)
    assert [digit["digit"] for digit in record["dtmf"]["digits"]] == ["5"]


def test_names_of_registrations_steer_no_terminal():
    """An alias with a control sequence, a C1 control and a change of the direction of writing."""
    alias = "a\x1b[31m\x9b\u202eb"
    asked = ras.registration_request(7, SIGNALLING, (ENDPOINT.ip, ENDPOINT.port), alias)
    path = traffic.write(ras_talk((0.0, True, asked), (0.1, False, ras.registration_confirm(7, SIGNALLING, "1"))))
    text = tshark.run(["-q", "-z", "msiccp,registrations"], path)
    assert " at 10.73.3.10 port 1024" in text
    assert all(character.isprintable() or character == "\n" for character in text)
