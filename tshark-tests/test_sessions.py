# SPDX-License-Identifier: GPL-2.0-or-later
"""One filter takes in a whole call, and its frames say what is known of it."""

import pytest

from support import edited, files, tshark, view

ONE_CALL = [path.name for path in files.captures("h323-*-173?.pcap") if "three-calls" not in path.name]
THREE_CALLS = [path.name for path in files.captures("h323-three-calls-*.pcap")]
RECORDED = ONE_CALL + THREE_CALLS

EVENT_OF_TYPE = {0x05: "request", 0x02: "proceeding", 0x01: "ringing", 0x07: "accept"}
PRODUCT = "ooh323 v0.8.3m"


def stock_channel(row):
    """The part of a call that a frame is, as stock Wireshark decodes it."""
    if row.is_control:
        return "control"
    if row.is_h245_connection:
        return "h245"
    if row.is_rtp:
        return "rtp"
    return "rtcp" if row.is_rtcp else None


def stock_sessions(capture, passes):
    """What stock shows of each frame: (call, channel), told by TCP streams and setup frames."""
    rows = view.stock_rows(capture, passes)
    call_of_stream, call_of_h245_port, call_of_frame = {}, {}, {}
    found = {}
    for row in rows:
        channel = stock_channel(row)
        if channel == "control":
            call = call_of_stream.setdefault(row.one("tcp.stream"), len(call_of_stream) + 1)
            for port in row["h225.h245IpPort"] + row["h225.h245Ip6port"]:
                call_of_h245_port[int(port)] = call
        elif channel == "h245":
            call = (call_of_h245_port.get(row.destination_port) or
                    call_of_h245_port[row.source_port])
        elif channel:
            call = call_of_frame[row.integer(f"{channel}.setup-frame")]
        else:
            continue
        call_of_frame[row.number] = call
        found[row.number] = (call, channel)
    return found


@pytest.mark.each_capture
@pytest.mark.parametrize("name", RECORDED)
def test_one_filter_takes_in_the_whole_call_and_nothing_else(name, passes):
    """Control, H.245, RTP and RTCP of each call; no bare TCP frame, no frame of another call."""
    ours = {row.number: (row.session, row.words("msiccp.channel")[0])
            for row in view.session_rows(name, passes)}
    assert ours == stock_sessions(name, passes)
    first = view.ends(name, passes)
    for number in first:
        assert tshark.frames(name, f"msiccp.session == {number}", passes) == [
            frame for frame, (call, _) in ours.items() if call == number]


@pytest.mark.parametrize("name", RECORDED)
def test_bare_tcp_frames_belong_to_no_session(name, passes):
    """Handshakes, acknowledgements and ends of connections are not even marked as MSICCP."""
    bare = [row for row in view.rows(name, passes) if row["tcp.len"] == ["0"]]
    assert len(bare) >= 5
    for row in bare:
        assert row["msiccp.session"] == []
        assert "msiccp" not in row["frame.protocols"][0]


@pytest.mark.parametrize("name", RECORDED)
def test_every_frame_of_a_session_says_which_channel_state_and_setup(name, passes):
    firsts = {}
    for row in view.session_rows(name, passes):
        firsts.setdefault(row.session, row.number)
        for field in view.EVERY_FRAME:
            assert len(row[field]) == 1, f"{field} in {row!r}"
        assert row.integer("msiccp.setup_in") == firsts[row.session]
    assert sorted(firsts.items(), key=lambda item: item[1]) == sorted(firsts.items())
    assert sorted(firsts) == list(range(1, len(firsts) + 1))


@pytest.mark.parametrize("name", RECORDED)
def test_control_frames_agree_with_what_wireshark_decodes(name, passes):
    """Message type, call reference, length and direction are those of the Q.931 message."""
    times = {row.number: row.time for row in view.rows(name, passes)}
    caller = {}
    for row in view.control_rows(name, passes):
        kind = row.integer("msiccp.message")
        assert row.word("msiccp.coding") == "h225"
        assert kind == row.integer("q931.message_type")
        assert row.integer("msiccp.call_reference") == int(
            row.one("q931.call_ref").replace(":", ""), 16)
        assert row.integer("msiccp.length") == row.integer("tpkt.length")
        caller.setdefault(row.session, row.source)
        assert row.truth("msiccp.from_caller") == (row.source == caller[row.session])
        assert row.seconds("msiccp.time_since_setup") == (
            row.time - times[row.integer("msiccp.setup_in")])
        if kind in EVENT_OF_TYPE:
            assert row.word("msiccp.event") == EVENT_OF_TYPE[kind]


@pytest.mark.parametrize("name", RECORDED)
def test_caller_and_callee_are_named_with_their_products(name, passes):
    """The caller by its alias, the callee by the digits dialled; products as each end says."""
    heard = set()
    for row in view.control_rows(name, passes):
        dialled = 999 + row.session if "at-once" in name else 1000
        assert row.one("msiccp.caller") == "near"
        assert row.one("msiccp.callee") == str(dialled)
        assert row.one("msiccp.caller.product") == PRODUCT
        if not row.truth("msiccp.from_caller"):
            heard.add(row.session)
        assert row.one("msiccp.callee.product") == (PRODUCT if row.session in heard else None)


@pytest.mark.parametrize("name", RECORDED)
def test_the_request_and_its_first_answer_are_linked(name, passes):
    """The link forward waits for the second pass, as everywhere in Wireshark."""
    rows = view.control_rows(name, passes)
    times = {row.number: row.time for row in rows}
    for session in {row.session for row in rows}:
        call = [row for row in rows if row.session == session]
        request = call[0]
        answer = next(row for row in call if not row.truth("msiccp.from_caller"))
        assert request.word("msiccp.event") == "request"
        assert request.integer("msiccp.response_in") == (answer.number if passes else None)
        assert answer.integer("msiccp.response_to") == request.number
        assert answer.seconds("msiccp.response_time") == times[answer.number] - request.time
        for row in call:
            if row is not request:
                assert row["msiccp.response_in"] == []
            if row is not answer:
                assert row["msiccp.response_to"] == row["msiccp.response_time"] == []


def test_the_state_follows_the_call(passes):
    assert [(row.word("msiccp.event"), row.word("msiccp.state"))
            for row in view.session_rows("h323-short-call-1731.pcap", passes) if not row.is_rtp] == [
        ("request", "requested"), ("proceeding", "proceeding"), ("ringing", "ringing"),
        ("accept", "answered"), *[(None, "answered")] * 10, *[("media", "media")] * 2,
        ("other", "media"), ("other", "media"), (None, "media"), ("release", "released")]


@pytest.mark.parametrize("name, last", [
    ("h323-busy-1731.pcap", ("reject", "rejected")),
    ("h323-rejected-1731.pcap", ("reject", "rejected")),
    ("h323-no-answer-1731.pcap", ("release", "abandoned")),
    ("h323-callee-hangs-up-1731.pcap", ("release", "released")),
])
def test_the_last_state_tells_how_the_call_ended(name, last, passes):
    row = view.control_rows(name, passes)[-1]
    assert (row.word("msiccp.event"), row.word("msiccp.state")) == last


def test_words_can_be_used_in_filters(passes):
    name = "h323-busy-1731.pcap"
    assert tshark.frames(name, 'msiccp.event == "request"', passes) == [6]
    assert tshark.frames(name, 'msiccp.outcome == "busy"', passes) == [12]
    assert tshark.frames(name, 'msiccp.state == "ringing" && msiccp.channel == "control"',
                         passes) == [10]
    assert tshark.frames(name, "msiccp.from_caller == 1", passes) == [6]


def test_calls_on_one_connection_are_told_apart(passes):
    """By call reference and by the side that chose it: side by side, and after one another."""
    rows = view.session_rows("synthetic-calls-on-one-connection.pcap", passes)
    assert [(row.session, row.word("msiccp.event"), row.truth("msiccp.from_caller"))
            for row in rows] == [
        (1, "request", True), (2, "request", True), (1, "ringing", False), (2, "ringing", False),
        (2, "accept", False), (1, "accept", False),
        (3, "request", True), (3, "ringing", False), (1, "release", True), (3, "accept", False),
        (4, "request", True), (4, "ringing", False), (3, "release", True), (4, "accept", False),
        (2, "release", False), (4, "release", False)]
    names = {row.session: (row.one("msiccp.caller"), row.one("msiccp.callee")) for row in rows}
    assert names == {1: ("ann", "bea"), 2: ("ann", "cleo"), 3: ("dora", "ann"), 4: ("ann", "eve")}
    references = {row.session: row.integer("msiccp.call_reference") for row in rows}
    assert references == {1: 100, 2: 101, 3: 100, 4: 100}


def test_the_side_that_asks_is_the_caller_whoever_opened_the_connection(passes):
    """Call 3 comes from the other end of the connection."""
    rows = view.session_rows("synthetic-calls-on-one-connection.pcap", passes, 3)
    assert rows[0].source == "198.51.100.20"
    assert [row.source == "198.51.100.20" for row in rows] == [
        row.truth("msiccp.from_caller") for row in rows]


def test_a_repeated_request_is_the_same_call(passes):
    rows = view.session_rows("synthetic-repeated-setup.pcap", passes)
    assert [(row.session, row.word("msiccp.event")) for row in rows] == [
        (1, "request"), (1, "request"), (1, "ringing"), (1, "accept"), (1, "release")]
    assert [row.experts for row in rows] == [[], ["duplicate"], [], [], []]
    assert rows[2].integer("msiccp.response_to") == rows[0].number


def test_ports_used_again_are_another_call(passes):
    """The same addresses, ports and call reference a minute later: nothing of it is call 1's."""
    name = "derived-ports-used-again.pcap"
    rows = view.session_rows(name, passes)
    start = view.rows(name, passes)[0].time
    assert {(row.session, row.time - start > 50) for row in rows} == {(1, False), (2, True)}
    channels = [[row.word("msiccp.channel") for row in rows if row.session == number]
                for number in (1, 2)]
    plain = [row.word("msiccp.channel")
             for row in view.session_rows("h323-short-call-1731.pcap", passes)]
    assert sorted(channels[0]) == sorted(channels[1]) == sorted(plain)
    assert {row.integer("msiccp.setup_in") for row in rows if row.session == 2} == {
        next(row.number for row in rows if row.session == 2)}


@pytest.mark.parametrize("name", ["derived-ends-inside-call.pcap", "derived-no-release.pcap"])
def test_a_call_that_the_capture_does_not_end_has_no_outcome(name, passes):
    rows = view.session_rows(name, passes)
    assert {row.session for row in rows} == {1}
    for row in rows:
        assert [row[field] for field in view.END] == [[]] * len(view.END)
        assert row.experts == []


def test_times_are_those_of_the_frames_when_the_capture_is_shifted(passes):
    """Only differences of times are shown: a capture from another day gives the same ones."""
    name = "h323-short-call-1731.pcap"
    shifted = edited.editcap(name, "-t", "-1000000")
    fields = ["msiccp.time_since_setup", "msiccp.setup_time", "msiccp.ring_time",
              "msiccp.talk_time", "msiccp.response_time"]
    assert [[row[field] for field in fields] for row in view.rows(shifted, passes)] == [
        [row[field] for field in fields] for row in view.rows(name, passes)]


def test_two_captures_in_one_file_have_their_calls_numbered_through(passes):
    """Of other ports: the sessions of the second call follow those of the first."""
    merged = edited.merged(["h323-busy-1731.pcap", "h323-gsm-1732.pcap", "h323-alaw-1730.pcap"], "-a")
    ends = view.ends(merged, passes)
    assert [(number, row.word("msiccp.outcome")) for number, row in ends.items()] == [
        (1, "busy"), (2, "answered"), (3, "answered")]
