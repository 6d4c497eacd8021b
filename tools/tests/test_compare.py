# SPDX-License-Identifier: GPL-2.0-or-later
"""Two captures of one call, recorded on both sides of a router, and the same seen otherwise."""

import itertools
import json
import re
import subprocess

import jsonschema
import pytest

import media
import pairs
import tool

pytestmark = pytest.mark.xdist_group("compare")

SCHEMA = json.loads((tool.ROOT / "docs/compare.schema.json").read_text())
MOST_WORDS = 45


@pytest.mark.parametrize("name", pairs.NAMES)
def test_the_document_is_as_the_schema_says(name):
    jsonschema.validate(pairs.compared(name), SCHEMA)


@pytest.mark.parametrize("name", pairs.NAMES)
def test_each_sides_verdict_stays_its_own(name):
    document = pairs.compared(name)
    records = [tool.records(path) for path in pairs.both(name)]
    for call in document["calls"]:
        for session, verdict, side in zip(call["sessions"], call["verdicts"], records):
            if session is not None:
                assert verdict in [record["verdict"] for record in side if record["session"] == session]


@pytest.mark.parametrize("name", pairs.NAMES)
def test_sentences_are_short(name):
    document = pairs.compared(name)
    said = [one["explanation"] for call in document["calls"] for one in call["findings"]]
    said += [one["explanation"] for one in document["only"]]
    for sentence in re.split(r"(?<=[.:;]) ", " ".join(said)):
        assert len(sentence.split()) <= MOST_WORDS, sentence


@pytest.mark.parametrize("name", ["rtp-lossy", "h245-reset", "rewriting-gateway", "nat-of-near",
                                  "control-answers-dropped", "control-dropped"])
def test_files_in_the_other_order_say_the_same(name):
    here, there = pairs.compared(name), pairs.compare(*reversed(pairs.both(name)))
    assert len(here["calls"]) == len(there["calls"])
    for mine, other in zip(here["calls"], there["calls"]):
        assert mine["verdict"] == other["verdict"]
        assert mine["sessions"] == other["sessions"][::-1]
        assert mine["connections"] == other["connections"]
        key = [(one["finding"], one["to"], one["frames"]) for one in mine["findings"]]
        assert key == [(one["finding"], one["to"], one["frames"][::-1]) for one in other["findings"]]
        for left, right in zip(mine["streams"], other["streams"]):
            for figure in ("to", "sent", "arrived", "lost_between", "loss_runs", "hops"):
                assert left[figure] == right[figure]
    if here["clock"]["offset_us"] is not None:
        assert abs(here["clock"]["offset_us"] + there["clock"]["offset_us"]) <= 2


def test_nothing_wrong():
    call = pairs.call("nothing-wrong")
    assert call["verdict"] == "good" and call["findings"] == []
    assert all(None not in message["frames"] and message["changed"] == [] for message in call["messages"])
    assert [stream["hops"] for stream in call["streams"]] == [1, 1]
    assert [one["syns"] for one in call["connections"]] == [{"sent": 1, "arrived": 1}] * 2


def reports_lost(name, sender):
    """RTCP packets that the rule took, too."""
    counts = [sum(1 for _time, frame in media.read(path)
                  if pairs.is_udp(frame) and pairs.source(frame) == sender and not media.is_rtp(frame)
                  and frame[43] in (200, 201)) for path in pairs.both(name)]
    return abs(counts[0] - counts[1])


@pytest.mark.parametrize("name, to, verdict, finding", [
    ("rtp-lossy", "callee", "poor", "media_lost_between"),
    ("rtp-to-far-dropped", "callee", "no_audio_to_callee", "media_dropped_between"),
    ("rtp-to-near-dropped", "caller", "no_audio_to_caller", "media_dropped_between"),
    ("rtp-prohibited", "callee", "no_audio_to_callee", "media_dropped_between")])
def test_as_many_are_lost_as_the_rule_dropped(name, to, verdict, finding):
    call = pairs.call(name)
    sender = bytes([10, 73, 1, 10] if to == "callee" else [10, 73, 2, 20])
    (stream,) = [stream for stream in call["streams"] if stream["to"] == to]
    (other,) = [stream for stream in call["streams"] if stream["to"] != to]
    assert stream["lost_between"] == pairs.dropped(name) - reports_lost(name, sender)
    assert stream["sent"] - stream["arrived"] == stream["lost_between"]
    assert other["lost_between"] == 0
    assert call["verdict"] == verdict
    assert [(one["finding"], one["to"]) for one in call["findings"]] == [(finding, to)]
    assert call["findings"][0]["frames"][0 if to == "callee" else 1]


@pytest.mark.parametrize("name, what, findings", [
    ("h245-dropped", "h245", ["connection_dropped_between"]),
    ("h245-reset", "h245", ["reset_between", "connection_dropped_between"]),
    ("h245-prohibited", "h245", ["reset_between", "connection_dropped_between"]),
    ("control-dropped", "control", ["connection_dropped_between"]),
    ("control-reset", "control", ["reset_between", "connection_dropped_between"])])
def test_as_many_syns_are_lost_as_the_rule_dropped(name, what, findings):
    call = pairs.call(name)
    (one,) = [one for one in call["connections"] if one["what"] == what]
    assert one["syns"] == {"sent": pairs.dropped(name), "arrived": 0} and not one["opened"]
    assert [found["finding"] for found in call["findings"]] == findings
    assert call["verdict"] == ("not_connected" if what == "control" else "no_audio")


@pytest.mark.parametrize("name, what", [("control-answers-dropped", "control"),
                                        ("h245-answers-dropped", "h245")])
def test_answers_that_do_not_come_back(name, what):
    call = pairs.call(name)
    (one,) = [one for one in call["connections"] if one["what"] == what]
    assert one["syns"]["arrived"] and not one["opened"]
    (found,) = call["findings"]
    assert found["finding"] == "connection_dropped_between" and found["to"] == "caller"
    assert f"sent {pairs.dropped(name)} SYN-ACKs" in found["explanation"]


def test_a_message_that_a_device_drops():
    """The connection opens, and no message comes through: each time that it is sent again, the rule drops it."""
    call = pairs.call("setup-dropped")
    sent, arrived = ([frame for _time, frame in media.read(path) if pairs.is_tcp(frame)
                      and not pairs.from_callee(frame) and len(frame) > 100 + pairs.ETHERNET]
                     for path in pairs.both("setup-dropped"))
    assert len(sent) == pairs.dropped("setup-dropped") and not arrived
    assert call["verdict"] == "not_connected" and call["connections"][0]["opened"]
    (found,) = call["findings"]
    (message,) = call["messages"]
    assert (found["finding"], found["to"]) == ("message_dropped_between", "callee")
    assert found["frames"] == [[message["frames"][0]], []] and message["frames"][1] is None
    assert "(SETUP)" in found["explanation"] and call["explanation"] == found["explanation"]


@pytest.mark.parametrize("name, fewer, where", [
    ("rtp-lost-before", 0, "The caller (10.73.1.10) or its own network"),
    ("rtp-lost-behind", 1, "The callee (10.73.2.20) says by RTCP")])     # one behind the last report
def test_what_is_lost_outside_is_not_lost_between(name, fewer, where):
    call = pairs.call(name)
    (stream,) = [stream for stream in call["streams"] if stream["to"] == "callee"]
    (found,) = call["findings"]
    assert stream["sent"] == stream["arrived"] and stream["lost_between"] == 0
    assert (found["finding"], found["to"]) == ("lost_outside", "callee")
    assert found["explanation"].startswith(where)
    assert int(re.search(r"(\d+) RTP packets", found["explanation"])[1]) == pairs.dropped(name) - fewer
    assert any(found["frames"]) and call["verdict"] == "poor"


def test_a_device_that_rejects_is_named():
    for name in ("h245-prohibited", "rtp-prohibited"):
        assert "10.73.1.1" in pairs.call(name)["findings"][0]["explanation"]
    assert "TTL 64" in pairs.call("h245-reset")["findings"][0]["explanation"]


def test_addresses_that_are_translated():
    call = pairs.call("nat-of-far")
    (one,) = call["translations"]
    assert one == {"of": "callee", "inside": "10.73.2.20", "outside": "10.73.1.1", "ports_changed": True,
                   "in_messages": "untouched"}
    assert call["verdict"] == "no_audio_to_callee"
    (one,) = pairs.call("nat-of-near")["translations"]
    assert (one["of"], one["inside"], one["outside"]) == ("caller", "10.73.1.10", "10.73.2.1")


def test_messages_that_are_rewritten():
    call = pairs.call("rewriting-gateway")
    (one,) = call["translations"]
    assert one["in_messages"] == "rewritten"
    changed = {name for message in call["messages"] for name in message["changed"]}
    assert changed == {"h225.ipV4", "h225.h245Ip", "h245.ip4_network"}
    assert call["verdict"] == "good" and "message_rewritten" in pairs.words(
        pairs.compared("rewriting-gateway"))


def test_a_wire_that_delays():
    streams = pairs.streams(pairs.compared("delayed"))
    late = streams["callee"]["transit_us"]
    assert late["least"] < 5_000 and 45_000 < late["p95"] < 60_000 and 290_000 < late["most"] < 320_000
    assert streams["callee"]["reordered_between"] and not streams["caller"]["reordered_between"]
    (one,) = pairs.found(pairs.compared("delayed"), "delayed_between")
    assert one["to"] == "callee"


def test_a_marking_that_is_changed():
    streams = pairs.streams(pairs.compared("marked-down"))
    assert streams["callee"]["dscp"] == [0, 8] and streams["caller"]["dscp"] == [0, 0]
    assert pairs.words(pairs.compared("marked-down")) == {"marking_changed"}


def test_several_calls_at_once():
    calls = pairs.compared("three-at-once")["calls"]
    assert [call["verdict"] for call in calls] == ["good"] * 3
    identifiers = [[record["call_id"] for record in tool.records(path)] for path in pairs.both("three-at-once")]
    for call in calls:
        assert [side[session - 1] for side, session in zip(identifiers, call["sessions"])] == [
            call["call_id"]] * 2


# The same pairs, seen otherwise

def made(tmp_path, name, near=None, far=None, **options):
    """A pair of which the frames are changed; OPTIONS are for the far file."""
    paths = []
    for side, change, path in zip(("near", "far"), (near, far), pairs.both(name)):
        frames = pairs.read(path)
        paths.append(pairs.write(tmp_path / f"{side}.pcap", change(frames) if change else frames,
                                 **(options if side == "far" else {})))
    return paths


def same(document, name):
    """The document says what that of the recorded pair says, but for times and frames."""
    recorded = pairs.compared(name)
    for mine, other in itertools.zip_longest(document["calls"], recorded["calls"]):
        assert mine["verdict"] == other["verdict"]
        assert mine["connections"] == other["connections"]
        assert [one["finding"] for one in mine["findings"]] == [one["finding"] for one in other["findings"]]
        for left, right in itertools.zip_longest(mine["streams"], other["streams"]):
            for figure in ("to", "ssrc", "sent", "arrived", "lost_between", "loss_runs", "doubled_between"):
                assert left[figure] == right[figure], figure
    return True


HOURS = 7 * 3600 * 1_000_000 + 123_456


@pytest.mark.parametrize("name, offset", [("rtp-lossy", HOURS), ("h245-reset", -HOURS)])
def test_clocks_that_are_hours_apart(tmp_path, name, offset):
    document = pairs.compare(*made(tmp_path, name, far=lambda frames: pairs.moved(frames, offset)))
    clock = document["clock"]
    assert abs(clock["offset_us"] - offset) <= clock["uncertainty_us"] < 1000
    assert same(document, name)


def test_a_clock_that_drifts(tmp_path):
    document = pairs.compare(*made(tmp_path, "long", far=lambda frames: pairs.moved(frames, HOURS, 200)))
    clock = document["clock"]
    assert abs(clock["drift_ppm"] - 200) < 5
    assert abs(clock["offset_us"] - HOURS) < 500
    assert same(document, "long")
    assert all(abs(stream["transit_us"]["median"]) < 1000 for stream in pairs.streams(document).values())
    assert abs(pairs.compared("long")["clock"]["drift_ppm"]) < 5


def test_a_short_capture_tells_no_drift():
    assert pairs.compared("nothing-wrong")["clock"]["drift_ppm"] is None


@pytest.mark.parametrize("name, link, change, snapped", [
    ("rtp-lossy", 113, pairs.cooked, None), ("h245-reset", 1, pairs.tagged, None),
    ("rtp-lossy", 1, None, 96), ("rtp-lossy", 1, pairs.doubled, None), ("h245-reset", 1, pairs.doubled, None)])
def test_other_ways_to_capture(tmp_path, name, link, change, snapped):
    paths = made(tmp_path, name, far=change, link=link, snapped=snapped)
    assert same(pairs.compare(*paths), name)


def test_sequence_numbers_that_a_device_changes(tmp_path):
    for name in ("h245-reset", "rewriting-gateway", "rtp-lossy"):
        assert same(pairs.compare(*made(tmp_path, name, far=pairs.numbered_anew)), name)


def test_a_source_that_a_device_renames(tmp_path):
    paths = made(tmp_path, "rtp-lossy", far=lambda frames: pairs.with_source_number(frames, 4711))
    assert same(pairs.compare(*paths), "rtp-lossy")


@pytest.mark.parametrize("side", [0, 1])
def test_one_direction_only(tmp_path, side):
    """What was not captured is not said to be lost."""
    def one_way(frames):
        return [one for one in frames if not pairs.from_callee(one[1])]
    change = {"near": one_way} if side == 0 else {"far": one_way}
    document = pairs.compare(*made(tmp_path, "nothing-wrong", **change))
    assert pairs.words(document) == {"captured_apart"}
    assert document["clock"]["offset_us"] is None
    (call,) = document["calls"]
    assert call["verdict"] in ("good", "unknown")
    streams = pairs.streams(document)
    assert streams["callee"]["lost_between"] == 0 and streams["callee"]["transit_us"]["least"] is None
    assert streams["callee"]["transit_us"]["most"] is not None


def test_a_capture_that_misses_packets_claims_no_loss(tmp_path):
    """The near capture lacks RTP that the far one has; and the far one RTP that its receiver reports."""
    def thinned(frames):
        count = itertools.count()
        return [one for one in frames if not (media.is_rtp(one[1]) and not pairs.from_callee(one[1])
                                              and next(count) % 5 == 0)]
    document = pairs.compare(*made(tmp_path, "nothing-wrong", near=thinned))
    assert pairs.words(document) == {"captured_apart"}
    assert pairs.streams(document)["callee"]["lost_between"] == 0


def test_copies_on_the_way_are_doubled(tmp_path):
    def twice(frames):
        return [[time + after, frame] for time, frame in frames
                for after in ((0, 300) if media.is_rtp(frame) and not pairs.from_callee(frame) else (0,))]
    streams = pairs.streams(pairs.compare(*made(tmp_path, "nothing-wrong", far=twice)))
    assert streams["callee"]["doubled_between"] == streams["callee"]["sent"]
    assert streams["caller"]["doubled_between"] == 0


def test_a_capture_that_ends_early_claims_no_loss(tmp_path):
    def half(frames):
        return frames[:len(frames) // 2]
    document = pairs.compare(*made(tmp_path, "nothing-wrong", far=half))
    assert pairs.words(document) <= {"captured_apart"}
    assert all(stream["lost_between"] == 0 for stream in pairs.streams(document).values())


# The command

def test_folders_and_rings(tmp_path):
    """A folder a side; one side in files of a ring."""
    for side, path in zip(("near", "far"), pairs.both("rtp-lossy")):
        (tmp_path / side).mkdir()
        frames = pairs.read(path)
        parts = [frames[:150], frames[150:]] if side == "near" else [frames]
        for number, part in enumerate(parts, 1):
            pairs.write(tmp_path / side / f"ring_{number:05}_2026112906164{number}.pcap", part)
    assert same(pairs.compare(tmp_path / "near", tmp_path / "far", rotated=True), "rtp-lossy")
    near, far = pairs.both("h245-reset")
    (tmp_path / "far" / "other.pcap").write_bytes(far.read_bytes())
    document = pairs.compare(near, tmp_path / "far")
    assert [call["verdict"] for call in document["calls"]] == ["no_audio"]
    assert document["calls"][0]["files"][1].endswith("other.pcap")
    assert [(one["capture"], one["session"]) for one in document["only"]] == [(1, 1)]


def test_a_page_of_both_sides(tmp_path):
    page = tmp_path / "both.html"
    near, far = pairs.both("h245-dropped")
    text = tool.run("compare", near, far, "--html", page).stdout
    assert "6 SYN sent, 0 arrived" in text and "A device between" in text
    written = page.read_text()
    assert "6 SYN sent, 0 arrived" in written and "<svg" in written
    assert not re.search(r"(?:src|href)=|https?:|<script", written)


def test_what_cannot_be_compared_is_said(tmp_path):
    near, far = pairs.both("nothing-wrong")
    other = pairs.both("rtp-lossy")[1]
    empty = pairs.write(tmp_path / "empty.pcap", [])
    done = tool.run("compare", near, other, "--json", status=1)
    assert "no call in common" in done.stderr
    document = json.loads(done.stdout)
    assert document["calls"] == [] and [one["capture"] for one in document["only"]] == [0, 1]
    assert "holds no packets" in tool.run("compare", near, empty, status=1).stderr
    assert "there is no file" in tool.run("compare", near, tmp_path / "none.pcap", status=2).stderr
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(far.read_bytes()[:-7])
    assert "cut short" in tool.run("compare", near, cut, "--json", status=1).stderr


def test_memory_does_not_grow_with_packets(tmp_path):
    """A call five times as long, whose packets alone would be 8 MiB more."""
    peaks = []
    for packets in (30_000, 150_000):
        paths = tmp_path / "a.pcap", tmp_path / "b.pcap"
        for path, offset in zip(paths, (0, HOURS)):
            media.long_call(path, offset, packets)
        peaks.append(tool.peak_memory("compare", *paths, "--json", stdout=subprocess.DEVNULL))
    assert peaks[1] - peaks[0] < 4, peaks
