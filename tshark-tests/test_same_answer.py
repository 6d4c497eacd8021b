# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions never depend on how a capture is looked at."""

import collections
import dataclasses
import re
import struct
import uuid
import xml.sax.saxutils

import pytest

from support import files, reshape, tshark, view

FIELDS = [field for field in view.OURS if field != "msiccp.response_in"]
NAMES = [path.name for path in files.captures()]
SOME = [path.name for path in files.some_captures()]
RECORDED = [path.name for path in files.captures("h323-*")]
FEW = ["h323-separate-h245-1731.pcap", "h323-early-media-1731.pcap",
       "h323-three-calls-at-once-1731.pcap", "derived-coalesced.pcap", "derived-nat.pcap",
       "derived-one-byte-segments.pcap", "derived-ports-used-again.pcap",
       "derived-starts-inside-message.pcap", "derived-reordered.pcap",
       "synthetic-calls-on-one-connection.pcap", "synthetic-malformed.pcap"]


def by_fields(capture, passes=()):
    """{frame: {field: values}} of all frames that show anything of ours."""
    return {row.number: {field: row[field] for field in FIELDS if row[field]}
            for row in view.rows(capture, passes) if any(row[field] for field in FIELDS)}


def by_pdml(name, passes):
    """The same from the whole tree; of an expert info only that it is there."""
    found = {}
    packets = tshark.run(["-T", "pdml"], name, passes).split("<packet>")[1:]
    for number, packet in enumerate(packets, 1):
        for field, value in re.findall(r'<field name="(msiccp\.[a-z0-9_.]+)" .*?show="([^"]*)"',
                                       packet):
            if field in FIELDS:
                found.setdefault(number, {}).setdefault(field, []).append(
                    xml.sax.saxutils.unescape(value))
    return found


def without_texts(found):
    """Where only the presence of an expert info counts, not its words."""
    return {number: {name: ([""] * len(values) if name in view.EXPERT else values)
                     for name, values in fields.items()} for number, fields in found.items()}


def in_words(found):
    """With true and false the same in all versions of Wireshark."""
    booleans = ("msiccp.from_caller", "msiccp.released_by_caller")
    return {number: {name: ([tshark.truth(value) for value in values] if name in booleans
                            else values) for name, values in fields.items()}
            for number, fields in found.items()}


@pytest.mark.each_capture
@pytest.mark.parametrize("name", NAMES)
def test_two_passes_show_what_one_pass_shows(name):
    assert by_fields(name, ("-2",)) == by_fields(name)


@pytest.mark.parametrize("name", ["derived-one-byte-segments.pcap", "derived-segmented.pcap"])
def test_two_passes_show_what_one_pass_shows_where_nothing_is_put_together(name):
    """Segments too short to tell what they are stay with Wireshark, whatever the connection turns out to be."""
    def shown(passes):
        return {row.number: {field: row[field] for field in FIELDS if row[field]}
                for row in view.rows(name, passes, prefs=("msiccp.desegment:FALSE",))}
    assert shown(("-2",)) == shown(())


@pytest.mark.each_capture
@pytest.mark.parametrize("name", SOME)
def test_a_display_filter_changes_nothing(name):
    """In one pass a frame that is filtered out has still been seen."""
    fields = ["frame.number", *FIELDS]
    shown = tshark.fields(name, fields, "msiccp.session")
    plain = by_fields(name)
    assert {int(row["frame.number"][0]): {field: row[field] for field in FIELDS if row[field]}
            for row in shown} == {
        number: fields for number, fields in plain.items() if "msiccp.session" in fields}


@pytest.mark.each_capture
@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("filters", [
    ("-R", "tcp", "-2"), ("-2", "-R", "frame")], ids=["tcp only", "read filter"])
def test_a_read_filter_keeps_the_sessions_of_what_it_keeps(name, filters):
    """Its first pass sees every frame."""
    rows = tshark.fields(name, ["frame.time_epoch", "msiccp.session", "msiccp.state"],
                         extra=filters)
    plain = {row.values["frame.time_epoch"][0]: (row["msiccp.session"], row["msiccp.state"])
             for row in view.rows(name)}
    assert len(plain) == len(view.rows(name))
    for row in rows:
        assert (row["msiccp.session"], row["msiccp.state"]) == plain[row["frame.time_epoch"][0]]


@pytest.mark.each_capture
@pytest.mark.parametrize("name", SOME)
def test_the_whole_tree_shows_the_same(name):
    """-T pdml says of every frame what -T fields says."""
    assert in_words(by_pdml(name, ())) == in_words(without_texts(by_fields(name)))


@pytest.mark.each_capture
@pytest.mark.parametrize("name", RECORDED)
def test_the_whole_tree_shows_the_same_in_two_passes(name):
    assert in_words(by_pdml(name, ("-2",))) == in_words(without_texts(by_fields(name)))


@pytest.mark.each_capture
@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_the_tree_shows_the_same(name, passes):
    plain = by_fields(name)
    text = tshark.run(["-V"], name, passes)
    assert re.findall(r"\[Session: (\d+)\]", text) == [
        session for number in sorted(plain) for session in plain[number].get("msiccp.session", [])]


@pytest.mark.each_capture
@pytest.mark.parametrize("name", SOME)
def test_json_shows_the_same(name):
    fields = ("msiccp.session", "msiccp.channel", "msiccp.state", "msiccp.event",
              "msiccp.outcome", "msiccp.link")
    text = tshark.run(["-Tjson"], name)
    packets = re.split(r'^    "_index": ', text, flags=re.MULTILINE)[1:]
    plain = by_fields(name)
    assert len(packets) == len(view.rows(name))
    for number, packet in enumerate(packets, 1):
        shown = re.findall(r'"(msiccp\.[a-z0-9_.]+)": "([^"]*)"', packet)
        for field in fields:
            assert [value for key, value in shown if key == field] == plain.get(
                number, {}).get(field, []), f"{field} of frame {number}"


SHARKD_FIELDS = ["msiccp.session", "msiccp.channel", "msiccp.state", "msiccp.event",
                 "msiccp.outcome", "msiccp.link", "msiccp.caller", "msiccp.callee"]


def sharkd_columns():
    return {f"column{i}": f"{field}:0" for i, field in enumerate(SHARKD_FIELDS)}


def sharkd_shown(frames):
    """{frame: columns} of sharkd's packet list, without those that have nothing of ours."""
    return {frame["num"]: frame["c"] for frame in frames if any(frame["c"])}


def expected_columns(name):
    """What by_fields says, as a column shows it: words for numbers, commas between values."""
    rows = {}
    for number, fields in by_fields(name).items():
        texts = []
        for field in SHARKD_FIELDS:
            values = fields.get(field, [])
            if field in view.WORDS:
                values = [view.WORDS[field][int(value)] for value in values]
            texts.append(",".join(values))
        if any(texts):
            rows[number] = texts
    return rows


@pytest.mark.parametrize("name", FEW)
def test_sharkd_shows_the_same_however_often_it_is_asked(name):
    """It reads the file without a tree and decodes frames again, in any order; then a filter; then
    the same file a second time, whose sessions begin at 1 again."""
    path = files.readable(name)
    last = len(view.rows(name))
    middle = {"frame": last // 2, "proto": True}
    results = tshark.sharkd([
        ("load", {"file": path}),
        ("frame", {"frame": last, "proto": True}),
        ("frames", sharkd_columns()),
        ("frame", middle),
        ("frames", sharkd_columns()),
        ("frames", {"filter": "msiccp.session == 1"}),
        ("load", {"file": path}),
        ("frames", sharkd_columns()),
        ("frame", middle),
        ("frames", {"filter": "msiccp.session == 1"}),
    ])
    expected = expected_columns(name)
    assert sharkd_shown(results[2]) == expected
    assert sharkd_shown(results[4]) == expected
    assert sharkd_shown(results[7]) == expected
    assert results[8] == results[3]
    in_first = [number for number, fields in by_fields(name).items()
                if "1" in fields.get("msiccp.session", [])]
    assert [frame["num"] for frame in results[5]] == in_first
    assert [frame["num"] for frame in results[9]] == in_first


def test_another_file_in_the_same_sharkd_begins_at_session_one():
    names = ["h323-three-calls-in-a-row-1731.pcap", "h323-busy-1731.pcap",
             "h323-three-calls-in-a-row-1731.pcap"]
    requests = []
    for name in names:
        requests += [("load", {"file": files.readable(name)}), ("frames", sharkd_columns())]
    results = tshark.sharkd(requests)
    for i, name in enumerate(names):
        assert sharkd_shown(results[2 * i + 1]) == expected_columns(name)


def text_of(node):
    """All labels of a tree of sharkd's."""
    for child in node:
        yield child["l"]
        yield from text_of(child.get("n", []))


@pytest.mark.parametrize("name", ["h323-busy-1731.pcap", "derived-coalesced.pcap"])
def test_sharkd_links_a_request_to_its_answer(name):
    """A later look at the request knows the answer."""
    rows = view.control_rows(name, ("-2",))
    answer = rows[0].one("msiccp.response_in")
    results = tshark.sharkd([("load", {"file": files.readable(name)}),
                            ("frame", {"frame": rows[0].number, "proto": True})])
    assert f"Response in: {answer}" in text_of(results[1]["tree"])


def of_another_call(data, number, names):
    """A frame with other identifiers than NAMES, and other sequence numbers of TCP."""
    for name in names:
        data = data.replace(name, name[:-1] + bytes([number]))
    segment = reshape.segment_of(data)
    if not segment:
        return data
    at = segment.tcp + 4
    numbers = (one + number * 1_000_000 & 0xffffffff for one in struct.unpack_from("!II", data, at))
    return data[:at] + struct.pack("!II", *numbers) + data[at + 8:]


def one_after_the_other(capture, count):
    """The call of CAPTURE, COUNT times between the same addresses."""
    frames = reshape.read(capture)
    guids = {uuid.UUID(guid) for row in tshark.fields(capture, ["h225.guid"], "h225.guid") for guid in row["h225.guid"]}
    names = {name for guid in guids for name in (guid.bytes, guid.bytes_le)}
    return reshape.write("one-after-the-other.pcap", [
        dataclasses.replace(frame, time=frame.time + number * 100_000_000,
                            data=of_another_call(frame.data, number, names))
        for number in range(count) for frame in frames])


# A few announcements of an address are looked through, many are in a tree.
@pytest.mark.parametrize("count", [3, 20])
def test_media_of_many_calls_between_the_same_addresses(count):
    """Each packet of media is of the call that has announced its address last, in later passes too."""
    capture = one_after_the_other("h323-fast-start-1731.pcap", count)
    one_pass = by_fields(capture)
    assert by_fields(capture, ["-2"]) == one_pass
    of_media = collections.Counter(session for fields in one_pass.values() if "msiccp.link" in fields
                                   for session in fields["msiccp.session"])
    assert len(of_media) == count
    assert len(set(of_media.values())) == 1
