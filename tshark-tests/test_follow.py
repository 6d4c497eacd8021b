# SPDX-License-Identifier: GPL-2.0-or-later
"""-z follow,msiccp: the control messages of one session, whatever connections they came over."""

from support import tshark

INTERLEAVED = "synthetic-calls-on-one-connection.pcap"


def followed(capture, session, passes=()):
    """The messages in hexadecimal digits, each with whether the caller sent it."""
    lines = tshark.run(["-q", "-z", f"follow,msiccp,raw,{session}"], capture, passes).splitlines()
    return [(line.strip(), not line.startswith("\t")) for line in lines[6:-1] if line.strip()]


def test_calls_of_one_connection_are_told_apart(passes):
    sessions = {row["msiccp.session"][0]: None
                for row in tshark.fields(INTERLEAVED, ["msiccp.session"], "msiccp.session")}
    assert len(sessions) > 1
    for session in sessions:
        rows = tshark.fields(INTERLEAVED, ["tcp.payload", "msiccp.from_caller"],
                             f"msiccp.session == {session}", passes)
        assert followed(INTERLEAVED, session, passes) == [
            (row["tcp.payload"][0], tshark.truth(row["msiccp.from_caller"][0]))
            for row in rows]


def test_messages_of_both_protocols_of_a_call_are_followed():
    """Admission over UDP, then the call over TCP; H.245 and media are left out."""
    messages = followed("synthetic-ras-call.pcap", 1)
    frames = tshark.frames("synthetic-ras-call.pcap",
                           'msiccp.session == 1 && msiccp.channel == "control"')
    assert len(messages) == len(frames)
    assert {text.startswith("0300") for text, _ in messages} == {True, False}


def test_a_session_that_is_not_there_has_nothing():
    assert followed(INTERLEAVED, 99) == []
