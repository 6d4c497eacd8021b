# SPDX-License-Identifier: GPL-2.0-or-later
"""-z msiccp,cdr: call records for programs."""

import json

import jsonschema
import pytest

from support import edited, files, reports, tshark, view

SCHEMA = json.loads((files.ROOT / "docs" / "cdr.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

RECORDED = "h323-separate-h245-1731.pcap"
FEW = [RECORDED, "derived-both-legs.pcap", "derived-one-way-media.pcap", "h323-busy-1731.pcap",
       "synthetic-opaque-with-media.pcap"]


def stream_key(stream):
    return (stream["source"]["address"], stream["source"]["port"],
            stream["destination"]["address"], stream["destination"]["port"], stream["ssrc"])


def figures(stream):
    return (stream["packets"], stream["lost"], round(stream["jitter_mean_ms"], 3),
            round(stream["jitter_max_ms"], 3))


def test_the_schema_is_a_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_records_follow_the_schema(capture, passes):
    for record in reports.records(capture, passes=passes):
        VALIDATOR.validate(record)


@pytest.mark.each_capture
def test_both_passes_give_the_same_records(capture):
    assert reports.records(capture) == reports.records(capture, passes=("-2",))


def test_one_record_a_session(capture):
    sessions = {int(number) for row in view.rows(capture) for number in row["msiccp.session"]}
    assert {record["session"] for record in reports.records(capture)} == sessions


def test_records_are_sorted_by_start(capture):
    starts = [record["start"]["time_us"] for record in reports.records(capture)]
    assert starts == sorted(starts)


def test_a_program_without_statistics_has_those_that_the_environment_names():
    """Of each capture by itself, among what sharkd answers."""
    requests = [request for name in FEW for request in (
        ("load", {"file": files.readable(name)}), ("tap", {"tap0": "rtp-streams"}))]
    done = tshark.start(["env", "MSICCP_STATISTICS=msiccp,cdr io,phs  msiccp,nothing", tshark.SHARKD, "-"],
                        stdin=tshark.sharkd_input(requests))
    printed = [json.loads(line[line.index('{"schema":'):]) for line in done.stdout.splitlines()
               if '{"schema":' in line]
    assert printed == [record for name in FEW for record in reports.records(name)]
    assert "there is no statistic io,phs" in done.stderr and "there is no statistic msiccp,nothing" in done.stderr


def test_keys_come_in_the_order_of_the_schema():
    record = reports.only_record(RECORDED)
    assert list(record) == SCHEMA["required"]
    assert list(record["streams"][0]) == SCHEMA["definitions"]["stream"]["required"]


def test_every_key_is_described():
    text = (files.ROOT / "docs" / "CDR.md").read_text()
    keys = SCHEMA["required"] + SCHEMA["definitions"]["stream"]["required"]
    keys += [f".{key}" for key in SCHEMA["definitions"]["party"]["required"]]
    assert [key for key in keys if f"`{key}`" not in text] == []


@pytest.mark.each_capture
def test_streams_agree_with_wireshark(capture, passes):
    wireshark = {}
    for row in reports.rtp_streams(capture, passes):
        key = (row["source"], int(row["source_port"]), row["destination"],
               int(row["destination_port"]), int(row["ssrc"], 16))
        wireshark[key] = (int(row["packets"]), int(row["lost"]), float(row["mean"]),
                          float(row["max"]))
    ours = {}
    for record in reports.records(capture, passes=passes):
        for stream in record["streams"]:
            ours.setdefault(stream_key(stream), []).append((stream, bool(record["legs"])))
    for key, found in ours.items():
        if len(found) > 1 and not all(is_shared for _, is_shared in found):
            assert sum(stream["packets"] for stream, _ in found) == wireshark[key][0]
            continue
        for stream, _ in found:
            if stream["copies"]:    # Wireshark counts what was captured twice as packets, and as negative loss
                assert stream["packets"] + stream["copies"] == wireshark[key][0]
                assert stream["lost"] >= 0
            else:
                assert figures(stream) == pytest.approx(wireshark[key], abs=0.0011)


def test_every_stream_of_a_recorded_call_is_there():
    record = reports.only_record(RECORDED)
    assert len(record["streams"]) == len(reports.rtp_streams(RECORDED)) == 2


def test_frames_and_times_are_those_of_the_capture(passes):
    record = reports.only_record(RECORDED, passes=passes)
    rows = tshark.fields(RECORDED, ["frame.number", "frame.time_epoch", "msiccp.event"],
                         "msiccp.channel == control")
    moments = {"0": "setup", "2": "ringing", "3": "answer", "6": "release"}
    for row in rows:
        key = moments.get(row["msiccp.event"][0])
        if key:
            seconds, fraction = row["frame.time_epoch"][0].split(".")
            expected = {"frame": int(row["frame.number"][0]),
                        "time_us": int(seconds) * 1_000_000 + int(fraction[:6])}
            assert record[key] == expected
    assert record["start"] == record["setup"]
    for key, begin, end in (("setup_time_us", "setup", "answer"),
                            ("ring_time_us", "ringing", "answer"),
                            ("talk_time_us", "answer", "release")):
        span = record[end]["time_us"] - record[begin]["time_us"]
        assert record[key] == pytest.approx(span, abs=1)


def test_identity_is_that_of_the_messages():
    record = reports.only_record(RECORDED)
    row = tshark.fields(RECORDED, ["ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "h225.guid",
                                   "h225.conferenceID", "msiccp.call_reference", "msiccp.caller",
                                   "msiccp.callee"], "msiccp.event == request")[0]
    assert record["caller"]["address"] == row["ip.src"][0]
    assert record["caller"]["port"] == int(row["tcp.srcport"][0])
    assert record["callee"]["address"] == row["ip.dst"][0]
    assert record["callee"]["port"] == int(row["tcp.dstport"][0])
    assert record["call_id"] == row["h225.guid"][0]
    assert record["conference_id"] == row["h225.conferenceID"][0]
    assert record["call_reference"] == int(row["msiccp.call_reference"][0])
    assert record["caller"]["alias"] == row["msiccp.caller"][0]
    assert record["callee"]["alias"] == row["msiccp.callee"][0]
    assert record["caller"]["product"]


def test_a_stream_is_described():
    record = reports.only_record("h323-gsm-1732.pcap")
    for stream in record["streams"]:
        assert stream["payload_type"] == 3
        assert stream["payload_types"] == [3]
        assert stream["codec"] == "GSM"
        assert stream["negotiated_codec"] == "gsmFullRate"
        assert stream["link"] == "negotiated"
        rows = tshark.fields("h323-gsm-1732.pcap", ["frame.number", "udp.length"],
                             f"rtp.ssrc == {stream['ssrc']}")
        assert stream["first"]["frame"] == int(rows[0]["frame.number"][0])
        assert stream["last"]["frame"] == int(rows[-1]["frame.number"][0])
        assert stream["octets"] == sum(int(row["udp.length"][0]) - 8 for row in rows)


@pytest.mark.parametrize("capture", ["h323-fast-start-1731.pcap", "h323-fast-start-tunnelled-1731.pcap"])
def test_fast_start_names_the_codec_of_both_ways(capture, passes):
    """Wireshark takes both streams for set up by the SETUP, which names one end only."""
    streams = reports.only_record(capture, passes=passes)["streams"]
    assert [stream["negotiated_codec"] for stream in streams] == ["g711Ulaw64k"] * 2


@pytest.mark.parametrize(("capture", "rtcp"), [
    (RECORDED, True), ("derived-no-media.pcap", None)])
def test_rtcp_is_reported(capture, rtcp):
    assert {stream["rtcp"] for stream in reports.only_record(capture)["streams"]} == (
        set() if rtcp is None else {rtcp})


@pytest.mark.parametrize(("capture", "outcome", "released_by"), [
    ("h323-alaw-1730.pcap", "answered", None),
    ("h323-busy-1731.pcap", "busy", "callee"),
    ("h323-callee-hangs-up-1731.pcap", "answered", "callee"),
    ("h323-no-answer-1731.pcap", "cancelled", "caller"),
    ("h323-rejected-1731.pcap", "rejected", "callee"),
    ("synthetic-no-answer-20s.pcap", "no_answer", "caller"),
    ("derived-no-release.pcap", "incomplete", None),
    ("derived-ends-inside-call.pcap", "incomplete", None),
])
def test_outcomes(capture, outcome, released_by, passes):
    record = reports.only_record(capture, passes=passes)
    assert record["outcome"] == outcome
    assert released_by is None or record["released_by"] == released_by


@pytest.mark.parametrize(("capture", "diagnostics"), [
    (RECORDED, []),
    ("derived-one-way-media.pcap", ["one_way_media"]),
    ("derived-no-media.pcap", ["no_media"]),
    ("derived-nat.pcap", ["media_elsewhere", "address_mismatch"]),
    ("derived-media-after-release.pcap", ["media_after_release"]),
])
def test_diagnostics(capture, diagnostics, passes):
    assert reports.diagnosed(reports.only_record(capture, passes=passes)) == diagnostics


@pytest.mark.each_capture
def test_diagnostics_are_the_expert_infos_of_the_session(capture):
    names = set(SCHEMA["definitions"]["finding"]["enum"])
    assert names <= set(view.EXPERTS)
    shown = {}
    for row in view.rows(capture):
        if len(set(row["msiccp.session"])) == 1:
            shown.setdefault(row.session, set()).update(names.intersection(row.experts))
    for record in reports.records(capture):
        assert shown[record["session"]] <= set(reports.diagnosed(record))


@pytest.mark.parametrize(("close", "reset"), [("FA", False), ("RA", True)])
def test_a_connection_that_closes_unanswered_has_failed(close, reset, passes):
    capture = edited.closed_after("h323-no-answer-1731.pcap", "msiccp.event == ringing", close)
    record = reports.only_record(capture, passes=passes)
    assert record["outcome"] == "failed"
    assert record["connection_closed"]["reset"] is reset
    assert record["release"] is None


def test_a_connection_that_closes_after_the_answer_has_been_answered(passes):
    capture = edited.closed_after(RECORDED, "msiccp.event == accept", "FA")
    record = reports.only_record(capture, passes=passes)
    assert record["outcome"] == "answered"
    assert record["connection_closed"]["reset"] is False


@pytest.mark.parametrize("name", [
    b'say "hi"', b"back\\slash", b"</script>", b"new\nline", b"tab\tbell\x07",
    b"\xc3\xa9t\xc3\xa9", b"\xff\xfe\xfd", b"\xe2\x82", b"del\x7f", b"{}[],:", b"\x1b[31mred",
])
def test_hostile_names_are_json(name, passes):
    capture = edited.display_name("h323-busy-1731.pcap", name)
    text = tshark.run(["-q", "-z", "msiccp,cdr"], capture, passes)
    assert text.count("\n") == 1
    text.encode("utf-8", errors="strict")
    record = json.loads(text)
    VALIDATOR.validate(record)
    assert record["caller"]["alias"]


def test_a_plain_name_comes_through():
    capture = edited.display_name("h323-busy-1731.pcap", b'J. "X" Doe/2')
    assert reports.only_record(capture)["caller"]["alias"] == 'J. "X" Doe/2'


def test_a_filter_chooses_whole_sessions(passes):
    every = reports.records("h323-three-calls-at-once-1731.pcap", passes=passes)
    assert len(every) == 3
    for record in every:
        chosen = reports.records("h323-three-calls-at-once-1731.pcap",
                                 f"msiccp.outcome && msiccp.session == {record['session']}", passes)
        assert chosen == [record]
    assert reports.records("h323-three-calls-at-once-1731.pcap", "msiccp.session == 99", passes) == []


def test_a_wrong_filter_is_an_error():
    done = tshark.start([tshark.TSHARK, "-q", "-r", files.readable(RECORDED), "-z", "msiccp,cdr,no such"])
    assert done.returncode != 0
    assert "msiccp,cdr" in done.stderr
    assert '"such"' in done.stderr      # what is wrong with it, as Wireshark says
    assert done.stdout == ""


def test_the_name_of_the_statistic_is_taken_exactly():
    done = tshark.start([tshark.TSHARK, "-q", "-r", files.readable(RECORDED), "-z", "msiccp,cdrs"])
    assert done.returncode != 0
    assert "msiccp,cdr[,FILTER]" in done.stderr


@pytest.mark.parametrize("options", [["-q", "-r", "{}"], ["-Q", "-r", "{}"], ["-nq", "-r{}"]])
def test_the_capture_file_is_left_to_whoever_knows_it(options):
    """A plugin is not told which file is read (docs/decisions/capture-file.md)."""
    capture = files.readable("h323-busy-1731.pcap")
    done = tshark.start([tshark.TSHARK, *(option.format(capture) for option in options),
                        "-z", "msiccp,cdr"])
    assert done.returncode == 0
    assert json.loads(done.stdout)["capture_file"] is None


def test_a_capture_without_calls_has_no_records():
    capture = edited.without("h323-busy-1731.pcap", "tcp")
    assert tshark.run(["-q", "-z", "msiccp,cdr"], capture) == ""


@pytest.mark.parametrize("statistic", [reports.RECORDS, reports.TABLE, reports.STREAMS])
@pytest.mark.parametrize("capture", FEW)
def test_statistics_do_not_disturb_each_other(capture, statistic, passes):
    """The other tests ask for them at once."""
    alone = tshark.run(["-q", "-z", statistic], capture, passes).splitlines()
    assert alone == reports.lines_of(statistic, capture, passes=passes) != []
