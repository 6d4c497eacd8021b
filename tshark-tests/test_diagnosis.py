# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls that fail: what is found of them, in which frames, and how they went for the two people."""

import dataclasses
import json
import re
import struct

import pytest
from scapy.layers.inet import UDP
from scapy.layers.l2 import Ether

import wire
from support import edited, files, reports, traffic, tshark, view

FOLDER = "diagnosis"
README = (files.CAPTURES / "README.md").read_text()

# Capture: its verdict, the finding that decides it, and (finding, whom it is about): frames.
CONTROL = [
    ("h323-fail-nobody-listens-1731.pcap", "not_connected", "control_refused",
     {("control_refused", "callee"): [3, 4, 5, 6, 7, 8]}),
    ("h323-fail-control-unreachable-1731.pcap", "not_connected", "control_refused",
     {("control_refused", "callee"): [4, 6, 8, 10, 12, 14]}),
    ("h323-fail-control-prohibited-near-1731.pcap", "not_connected", "control_refused",
     {("control_refused", "callee"): [2, 4, 6, 8, 10, 12]}),
    ("h323-fail-control-dropped-near-1731.pcap", "not_connected", "control_unanswered",
     {("control_unanswered", "callee"): [1, 4, 5, 6]}),
]
CALLS = [
    ("h323-fail-h245-refused-1731.pcap", "no_audio", "h245_refused",
     {("h245_refused", "callee"): [14, 15, 20, 21, 22, 23]}),
    ("h323-fail-h245-unreachable-1731.pcap", "no_audio", "h245_refused",
     {("h245_refused", "callee"): [15, 21, 23, 25]}),
    ("h323-fail-h245-prohibited-near-1731.pcap", "no_audio", "h245_refused",
     {("h245_refused", "callee"): [13, 19, 21, 23]}),
    ("h323-fail-h245-dropped-near-1731.pcap", "no_audio", "h245_unanswered",
     {("h245_unanswered", "callee"): [12, 19, 20, 21]}),
    ("h323-fail-h245-dropped-far-1731.pcap", "unknown", None, {("h245_missing", None): [16]}),
    ("h323-fail-h245-prohibited-far-1731.pcap", "unknown", None, {("h245_missing", None): [16]}),
    ("h323-fail-h245-refused-fast-start-1731.pcap", "good", None,
     {("h245_refused", "callee"): [14, 15, 219, 220, 421, 422]}),
    ("h323-fail-h245-dropped-fast-start-near-1731.pcap", "no_audio_to_callee", "h245_unanswered",
     {("h245_unanswered", "callee"): [12, 147, 199, 251], ("one_way_media", None): [355]}),
    ("h323-fail-h245-reset-1731.pcap", "good", None, {("h245_broken", None): [142]}),
    ("h323-fail-control-reset-1731.pcap", "good", None, {("control_reset", None): [145]}),
    ("h323-fail-control-reset-tunnelled-1731.pcap", "good", None, {("control_reset", None): [133]}),
    ("h323-fail-no-codec-1731.pcap", "no_audio", "no_common_codec", {("no_common_codec", None): [17, 19]}),
    ("h323-fail-no-codec-fast-start-1731.pcap", "no_audio", "no_common_codec", {("no_common_codec", None): [17, 19]}),
    ("h323-fail-no-codec-tunnelled-1731.pcap", "not_connected", "no_common_codec",
     {("no_common_codec", None): [12, 13]}),
    ("h323-fail-no-codec-fast-start-tunnelled-1731.pcap", "not_connected", "no_common_codec",
     {("no_common_codec", None): [12, 14]}),
    ("h323-fail-rtp-to-far-unreachable-near-1731.pcap", "no_audio_to_callee", "media_unreachable",
     {("media_unreachable", "callee"): [33, 35, 38, 40, 42, 44, 119, 220]}),
    ("h323-fail-rtp-to-near-unreachable-far-tunnelled-1731.pcap", "no_audio_to_caller", "media_unreachable",
     {("media_unreachable", "caller"): [30, 36, 39, 42, 45, 48, 139, 240]}),
    ("h323-fail-rtp-to-near-prohibited-far-fast-start-1731.pcap", "no_audio_to_caller", "media_unreachable",
     {("media_unreachable", "caller"): [29, 36, 39, 42, 45, 48, 139, 240]}),
    ("h323-fail-rtp-to-far-prohibited-near-1731.pcap", "no_audio_to_callee", "media_unreachable",
     {("media_unreachable", "callee"): [30, 32, 35, 37, 39, 41, 116, 217], ("media_after_release", None): [234]}),
    ("h323-fail-rtp-prohibited-near-1731.pcap", "no_audio", "media_unreachable",
     {("media_unreachable", "callee"): [30, 32, 35, 37, 39, 41, 91, 142], ("one_way_media", None): [148]}),
    ("h323-fail-rtp-dropped-near-1731.pcap", "no_audio_to_caller", "one_way_media", {("one_way_media", None): [143]}),
    ("h323-fail-rtp-to-near-dropped-near-1731.pcap", "no_audio_to_caller", "one_way_media",
     {("one_way_media", None): [143]}),
    ("h323-fail-rtp-to-near-dropped-far-1731.pcap", "unknown", None, {}),
    ("h323-fail-rtp-to-far-dropped-far-1731.pcap", "no_audio_to_callee", "one_way_media",
     {("one_way_media", None): [115]}),
    ("h323-fail-lossy-far-1731.pcap", "poor", "lossy_media", {("lossy_media", "callee"): [534]}),
    ("h323-fail-lossy-near-1731.pcap", "poor", "lossy_media", {("lossy_media", "callee"): [556]}),
    ("h323-fail-gap-far-1731.pcap", "poor", "lossy_media",
     {("lossy_media", "callee"): [562], ("media_gap", "callee"): [353]}),
    ("h323-fail-gap-near-1731.pcap", "poor", "lossy_media", {("lossy_media", "callee"): [666]}),
    ("h323-fail-nat-of-far-near-1731.pcap", "no_audio", "h245_unanswered",
     {("h245_unanswered", "callee"): [12, 19, 20, 21], ("address_mismatch", None): [10, 15]}),
    ("h323-fail-nat-new-line-near-1731.pcap", "unknown", None,
     {("media_elsewhere", "caller"): [51, 215], ("restarted", "caller"): [215],
      ("address_mismatch", None): [19, 21]}),
    ("h323-fail-nat-of-far-near-tunnelled-1731.pcap", "unknown", None,
     {("media_elsewhere", "caller"): [51], ("address_mismatch", None): [19, 21]}),
    ("h323-fail-nat-of-near-1731.pcap", "not_connected", None, {}),
    ("h323-new-source-1731.pcap", "good", None, {("restarted", "caller"): [143]}),
    ("synthetic-channel-rejected.pcap", "no_audio_to_callee", "channel_rejected",
     {("channel_rejected", "callee"): [23], ("no_channel", "callee"): [179], ("one_way_media", None): [179]}),
    ("synthetic-channel-rejected-tunnelled.pcap", "no_audio_to_callee", "channel_rejected",
     {("channel_rejected", "callee"): [20], ("no_channel", "callee"): [176], ("one_way_media", None): [176]}),
    ("synthetic-capabilities-rejected.pcap", "no_audio", "channel_rejected", {("channel_rejected", "callee"): [15]}),
    ("synthetic-determination-rejected.pcap", "no_audio", "channel_rejected",
     {("channel_rejected", "callee"): [21], ("no_channel", "caller"): [23], ("no_channel", "callee"): [23]}),
    ("synthetic-no-channel.pcap", "no_audio_to_caller", "no_channel",
     {("no_channel", "caller"): [175], ("one_way_media", None): [175]}),
    ("synthetic-other-codec.pcap", "poor", "codec_mismatch",
     {("codec_mismatch", "caller"): [30, 32, 34, 36, 38, 40, 42, 44]}),
    ("synthetic-h245-unreachable-ipv6.pcap", "no_audio", "h245_refused", {("h245_refused", "callee"): [11, 13]}),
    ("synthetic-media-unreachable-ipv6.pcap", "no_audio_to_caller", "media_unreachable",
     {("media_unreachable", "caller"): [40, 66, 92, 118, 144, 170, 196, 222]}),
]

WARNINGS = {"foreign", "control_refused", "control_unanswered", "h245_refused", "h245_unanswered", "h245_broken",
            "no_common_codec", "channel_rejected", "media_unreachable", "codec_mismatch", "lossy_media",
            "one_way_media", "address_mismatch", "control_reset"}


def capture(name):
    return files.CAPTURES / FOLDER / name


def good_calls():
    table = README.split("### Good calls")[1].split("\n## ")[0]
    return re.findall(r"^\| (\S+\.pcap) \|", table, re.MULTILINE)


def found(record):
    return {(entry["finding"], entry["about"]): entry["frames"] for entry in record["diagnostics"]}


@pytest.mark.parametrize(("name", "verdict", "decided_by", "evidence"), CONTROL + CALLS)
def test_what_is_found(name, verdict, decided_by, evidence, passes):
    record = reports.only_record(capture(name), passes=passes)
    assert (record["verdict"], record["decided_by"]) == (verdict, decided_by)
    assert found(record) == evidence


@pytest.mark.parametrize(("name", "verdict", "decided_by", "evidence"), CALLS)
def test_the_verdict_stands_on_the_frame_that_ends_the_call(name, verdict, decided_by, evidence, passes):
    ends = view.ends(capture(name), passes)
    if not ends:
        assert reports.only_record(capture(name), passes=passes)["release"] is None
        return
    assert [row["msiccp.verdict"] for row in ends.values()] == [[str(VERDICTS.index(verdict))]]


VERDICTS = ["good", "no_audio", "no_audio_to_caller", "no_audio_to_callee", "poor", "not_connected", "unknown"]


def frames_that_show(name, passes=()):
    """The frames that have each word as a diagnosis."""
    shown = {}
    for row in view.rows(capture(name), passes):
        for word in row["msiccp.diagnosis"]:
            shown.setdefault(word, []).append(row.number)
    return shown


def is_known_in_hindsight(row, word, named):
    """The first SYN, and the first capability set, are evidence only when others have come."""
    is_first_syn = tshark.truth((row["tcp.flags.syn"] or "0")[0]) and not tshark.truth(row["tcp.flags.ack"][0])
    return is_first_syn or word == "no_common_codec" and row.number == min(named)


@pytest.mark.parametrize(("name", "verdict", "decided_by", "evidence"), CONTROL + CALLS)
def test_the_frames_show_what_they_are_evidence_of(name, verdict, decided_by, evidence, passes):
    """In the field and as an expert info."""
    shown = frames_that_show(name, passes)
    assert set(shown) == {word for word, _ in evidence}
    rows = view.rows(capture(name), passes)
    for word, frames in shown.items():
        named = {frame for (found_word, _), frames in evidence.items() if found_word == word for frame in frames}
        in_hindsight = {row.number for row in rows if is_known_in_hindsight(row, word, named)}
        assert named - in_hindsight <= set(frames)
        assert [row.number for row in rows if word in row.experts] == frames


WORDS = {word: name for name, *_, evidence in reversed(CONTROL + CALLS) for word, _ in evidence}


@pytest.mark.parametrize(("word", "name"), WORDS.items())
def test_a_filter_finds_the_frames_that_show_a_finding(word, name, passes):
    frames = frames_that_show(name, passes)[word]
    assert tshark.frames(capture(name), f'msiccp.diagnosis == "{word}"', passes) == frames
    assert tshark.frames(capture(name), f"msiccp.expert.{word}", passes) == frames


@pytest.mark.each_capture
@pytest.mark.parametrize(("name", "verdict", "decided_by", "evidence"), CONTROL + CALLS)
def test_sharkd_shows_the_same_frames(name, verdict, decided_by, evidence):
    """Which dissects each frame again, in any order."""
    words = sorted({word for word, _ in evidence})
    _, *answers = tshark.sharkd([("load", {"file": files.readable(capture(name))}),
                                 *(("frames", {"filter": f'msiccp.diagnosis == "{word}"'}) for word in reversed(words))])
    shown = {word: [int(frame["num"]) for frame in answer]
             for word, answer in zip(reversed(words), answers, strict=True)}
    assert shown == frames_that_show(name)


@pytest.mark.each_capture
@pytest.mark.parametrize(("name", "verdict", "decided_by", "evidence"), CONTROL + CALLS)
def test_what_is_a_warning(name, verdict, decided_by, evidence):
    severities = {"Warning": WARNINGS, "Note": {word for word, _ in evidence} - WARNINGS}
    for packet in tshark.pdml(capture(name), "msiccp.diagnosis"):
        for info in packet.iterfind(".//field[@name='_ws.expert']"):
            words = {field.get("name").removeprefix("msiccp.expert.") for field in info.iterfind("field")
                     if field.get("name").startswith("msiccp.expert.")}
            assert words <= severities.get(info.get("showname").split("(")[1].split("/")[0], set())


@pytest.mark.parametrize("name", good_calls())
def test_of_a_good_call_nothing_is_warned(name, passes):
    prefs = ["msiccp.tcp.port:1720,1730-1732"] if "1720" in name else []
    records = reports.records(files.CAPTURES / name, passes=passes, prefs=prefs)
    assert records
    for record in records:
        assert not WARNINGS & set(reports.diagnosed(record))
        assert record["verdict"] == "good"


@pytest.mark.parametrize(("name", "verdict", "decided_by", "evidence"), CONTROL)
def test_an_attempt_is_no_session(name, verdict, decided_by, evidence, passes):
    record = reports.only_record(capture(name), passes=passes)
    assert [record[key] for key in ("session", "call", "coding", "state", "setup")] == [None] * 5
    assert record["outcome"] == "failed"
    assert tshark.frames(capture(name), "msiccp.session", passes) == []
    assert len(tshark.frames(capture(name), 'msiccp.verdict == "not_connected"', passes)) == 1
    row, ends, *_ = reports.table(capture(name), passes=passes)
    assert row.split()[0] == "-" and "failed" in row
    assert ends.strip() == f"{record['caller']['address']} to {record['callee']['address']} port 1731"


@pytest.mark.parametrize(("name", "text"), [
    ("h323-fail-h245-refused-1731.pcap",
     "No audio either way: 10.73.1.20 refused the H.245 connection to port 12030 (frames 14, 15, 20, 21, 22, 23). "
     "A firewall that passes the control port and not the dynamic TCP ports does that."),
    ("h323-fail-rtp-to-far-prohibited-near-1731.pcap",
     "No audio to the callee: 10.73.1.1 refused RTP on its way to 10.73.2.20 port 49642: communication administratively "
     "prohibited (ICMP type 3, code 13) (frames 30, 32, 35, 37, 39, 41, 116, 217). A firewall rejects the dynamic UDP "
     "ports, or no program waits for media there."),
    ("h323-fail-no-codec-1731.pcap",
     "No audio either way: the caller can do G.711 mu-law, the callee GSM 06.10, and they have none in common (frames "
     "17, 19). Another codec has to be switched on at one of the two ends."),
    ("h323-fail-nobody-listens-1731.pcap",
     "Not connected: 10.73.1.20 refused the connection to port 1731 (frames 3, 4, 5, 6, 7, 8). Nothing listens there: "
     "NetMeeting does not run, or waits on another port; or a firewall rejects the port."),
    ("synthetic-channel-rejected.pcap",
     "No audio to the callee: the callee rejected a channel that the other end wanted to open: dataTypeNotSupported "
     "(frame 23). The ends do not agree on how to send: compare their codecs and settings.")])
def test_in_words(name, text, passes):
    record = reports.only_record(capture(name), passes=passes)
    assert record["explanation"] == text
    assert text in [entry["explanation"] for entry in record["diagnostics"]]
    assert text in " ".join(" ".join(reports.table(capture(name), passes=passes)).split())


def test_an_answer_that_comes_late_is_an_answer(passes):
    """Until it comes, the frames that wait for it say so."""
    record = reports.only_record(capture("synthetic-late-answer.pcap"), passes=passes)
    assert (record["verdict"], record["diagnostics"]) == ("good", [])
    assert tshark.frames(capture("synthetic-late-answer.pcap"), "msiccp.expert.control_unanswered", passes) == [2, 3]


@pytest.mark.parametrize("name", ["synthetic-fast-start-answer.pcap", "synthetic-fast-start-answer-early.pcap",
                                  "synthetic-fast-start-answer-dynamic.pcap"])
def test_who_sends_from_another_port_is_not_elsewhere(name, passes):
    """The ends of these receive at one port and send from another, which nobody has to agree on."""
    record = reports.only_record(files.CAPTURES / name, passes=passes)
    assert record["verdict"] == "good"
    assert "media_elsewhere" not in reports.diagnosed(record)


def test_a_reset_behind_the_end_of_h245_breaks_nothing(passes):
    ended = edited.closed_after("h323-separate-h245-1731.pcap", "h245.endSessionCommand", "R")
    assert reports.diagnosed(reports.only_record(ended, passes=passes)) == []


def test_old_routers_quote_eight_octets(passes):
    call, attempt = reports.records(capture("synthetic-short-quotes.pcap"), passes=passes)
    assert call["verdict"] == "no_audio_to_callee" and call["decided_by"] == "media_unreachable"
    assert attempt["verdict"] == "not_connected" and found(attempt) == {("control_refused", "callee"): [6, 13]}


def test_a_syn_that_is_not_repeated_is_no_attempt(passes):
    assert reports.records(capture("synthetic-scan.pcap"), passes=passes) == []


# ---- quality

def test_a_pause_is_no_gap(passes):
    streams = reports.only_record(capture("h323-pauses-1731.pcap"), passes=passes)["streams"]
    assert [stream["loss_runs"] for stream in streams] == [0, 0]
    assert [stream["silence"] for stream in streams] == [0, pytest.approx(0.373, abs=0.001)]


def with_jumps(capture, jumps):
    """CAPTURE, whose RTP is so many more sequence numbers ahead from each frame of JUMPS on."""
    frames = edited.read(capture)
    for number in tshark.frames(capture, "rtp"):
        frame = frames[number - 1]
        header = len(frame.data) - len(Ether(frame.data)[UDP].payload)
        ahead = sum(more for first, more in jumps.items() if first <= number)
        sequence = int.from_bytes(frame.data[header + 2:header + 4], "big") + ahead & 0xffff
        data = frame.data[:header + 2] + sequence.to_bytes(2, "big") + frame.data[header + 4:]
        frames[number - 1] = dataclasses.replace(frame, data=data)
    return traffic.write(frames, "jumps.pcap")


@pytest.mark.parametrize(("jumps", "findings"), [
    ({100: 20_000}, set()),
    ({100: 1_000}, {"lossy_media", "media_gap"}),
    ({100: 20_000, 150: 1_000}, {"lossy_media", "media_gap"}),
])
def test_a_stream_that_begins_anew_has_lost_nothing_and_goes_on(jumps, findings, passes):
    """RFC 3550, appendix A.1: a jump of more than MAX_DROPOUT is no loss, one of less is, also behind it."""
    record = reports.only_record(with_jumps("h323-fast-start-1731.pcap", jumps), passes=passes)
    assert {name for name, _ in found(record)} == findings


def test_what_is_late_is_not_lost(passes):
    late, other = reports.only_record(capture("h323-late-media-far-1731.pcap"), passes=passes)["streams"]
    assert (late["loss_runs"], late["late"], late["receiver"]["lost"]) == (0, 4, 2)
    assert late["out_of_order"] > 0 and other["out_of_order"] == 0


def test_runs_of_loss(passes):
    lossy, whole = reports.only_record(capture("h323-fail-gap-far-1731.pcap"), passes=passes)["streams"]
    assert (lossy["loss_runs"], lossy["loss_run_longest"], lossy["loss_run_mean"]) == (1, 102, 102)
    assert lossy["receiver"]["lost"] == 102
    assert (whole["loss_runs"], whole["loss_run_mean"]) == (0, None)


@pytest.mark.parametrize("name", ["h323-fail-lossy-near-1731.pcap", "h323-fail-gap-near-1731.pcap",
                                  "h323-late-media-far-1731.pcap", "synthetic-round-trip.pcap"])
def test_what_receivers_report_is_what_wireshark_shows(name, passes):
    fields = ["rtcp.ssrc.identifier", "rtcp.ssrc.cum_nr", "rtcp.ssrc.jitter"]
    reported = {}
    for row in tshark.fields(capture(name), fields, "rtcp.ssrc.identifier", passes):
        entry = reported.setdefault(int(row[fields[0]][0], 0), [0, None, None])
        entry[:] = [entry[0] + 1, int(row[fields[1]][0]), int(row[fields[2]][0])]
    streams = reports.only_record(capture(name), passes=passes)["streams"]
    assert {stream["ssrc"]: [stream["receiver"]["reports"], stream["receiver"]["lost"],
                             round(stream["receiver"]["jitter_ms"] * 8)]
            for stream in streams if stream["receiver"]} == reported


def test_round_trip_is_what_wireshark_works_out(passes):
    shown = tshark.fields(capture("synthetic-round-trip.pcap"), ["rtcp.roundtrip-delay"], "rtcp.roundtrip-delay",
                          passes, ["rtcp.show_roundtrip_calculation:TRUE"])
    assert [int(row["rtcp.roundtrip-delay"][0]) for row in shown] == [pytest.approx(30, abs=1)]
    stream, other = reports.only_record(capture("synthetic-round-trip.pcap"), passes=passes)["streams"]
    assert stream["receiver"]["round_trip_ms"] == pytest.approx(30, abs=0.1)
    assert other["receiver"] is None


@pytest.mark.parametrize(("name", "ratings"), [
    ("synthetic-round-trip.pcap", [93.2, 93.2]),            # G.711, nothing lost
    ("diagnosis/h323-pauses-1731.pcap", [73.2, 73.2]),      # GSM 06.10
    ("diagnosis/h323-fail-lossy-near-1731.pcap", [None, 73.2]),     # none is published for its loss
    ("h323-speex-1731.pcap", [None, None])])
def test_the_e_model_is_asked_of_codecs_that_it_knows(name, ratings, passes):
    path = files.CAPTURES / (name if "/" in name or name.startswith("h323") else f"diagnosis/{name}")
    streams = reports.only_record(path, passes=passes)["streams"]
    assert [stream["r_factor"] for stream in streams] == ratings
    assert [stream["mos"] is None for stream in streams] == [rating is None for rating in ratings]


def test_codecs_are_named_as_people_name_them():
    lines = reports.table(files.CAPTURES / "h323-separate-h245-1731.pcap")
    assert any(line.strip().startswith("to callee  G.711 mu-law ") for line in lines)
    record = reports.only_record(files.CAPTURES / "h323-separate-h245-1731.pcap")
    assert [stream["negotiated_codec"] for stream in record["streams"]] == ["g711Ulaw64k"] * 2


def test_every_finding_of_calls_that_fail_has_a_section():
    text = (files.ROOT / "docs" / "DIAGNOSIS.md").read_text()
    sections = set(re.findall(r"^### `(\w+)`", text, re.MULTILINE))
    seen = {word for *_, evidence in CONTROL + CALLS for word, _ in evidence}
    assert seen - {"media_after_release"} <= sections
    assert sections - seen == {"no_media", "captured_in_part", "media_ended", "silent_media", "media_unknown"}


def test_attempts_that_begin_at_once_are_in_the_same_order_each_time():
    """Of a hundred hosts, in the same microsecond: a table of Wireshark's has another order in each run, and some of them
    in one place."""
    refused = []
    for number in range(100):
        host = bytes([192, 0, 2, 100 + number])
        syn = struct.pack("!HHIIBBHHH", 40000, 1731, 1, 0, 0x50, 0x02, 64240, 0, 0)
        reset = struct.pack("!HHIIBBHHH", 1731, 40000, 0, 2, 0x50, 0x14, 0, 0, 0)
        refused += [traffic.ip(traffic.TCP, host, traffic.SERVER, syn),
                    traffic.ip(traffic.TCP, traffic.SERVER, host, reset)]
    capture = traffic.write([wire.Frame(traffic.START, traffic.ethernet(packet)) for packet in refused])
    command = [tshark.TSHARK, "-n", "-q", "-r", capture, "-z", "msiccp,cdr"]
    texts = {tshark.plugin.start(command).stdout for _ in range(4)}
    assert len(texts) == 1
    assert [json.loads(line)["caller"]["address"] for line in texts.pop().splitlines()] == [
        f"192.0.2.{100 + number}" for number in range(100)]


def test_an_error_in_the_midst_of_a_connection_is_no_attempt(passes):
    made = traffic.Traffic()
    made.dialogue(40001, (True, b"\xfe\1\x99\xcc\xdd"), (False, b"\x81\x82\x83\x84"), (True, b"\xfe\1\x99\xcc\xdd"))
    made.unreachable()
    assert all(record["session"] for record in reports.records(made.write(), passes=passes))


def test_what_quotes_another_transport_is_no_attempt(passes):
    """DCCP has ports where UDP has them, and an ICMP error quotes it alike."""
    protocols = {17: ["control_refused"], 33: []}
    for protocol, findings in protocols.items():
        made = traffic.Traffic()
        for _ in range(2):
            made.packets.append(traffic.ethernet(traffic.ip(
                protocol, traffic.CLIENT, traffic.SERVER, traffic.udp(40001, 1731, b"\xfe\1\x99\xcc\xdd"))))
            made.unreachable()
        attempts = [record for record in reports.records(made.write(), passes=passes) if record["session"] is None]
        assert [record["decided_by"] for record in attempts] == findings
