# SPDX-License-Identifier: GPL-2.0-or-later
"""Identifiers that many share: what is told of each stays small."""

import ipaddress
import json

import h225
from field import ANN, BEA, GATE, Connection, audio_call, rtp, using
from wire import End

from support import traffic, tshark

SESSIONS = 400


def test_legs_of_one_identifier_are_told_once(passes):
    frames = []
    for number in range(SESSIONS):
        caller = End("02:00:00:73:05:01", str(ipaddress.ip_address("10.80.0.1") + number), 20000)
        connection = Connection(caller, using(GATE, 1731), number / 1000)
        connection.say(number / 1000 + 0.0001, True, h225.message(h225.SETUP, 1 + number, True, 4, guid=b"\x11" * 16))
        frames += connection.frames()
    path = traffic.write(sorted(frames, key=lambda frame: frame.time))
    records = [json.loads(line) for line in tshark.run(["-q", "-z", "msiccp,cdr"], path, passes).splitlines()]
    assert len(records) == SESSIONS and {record["call"] for record in records} == {1}
    for record in records:
        others = [number for number in range(1, SESSIONS + 1) if number != record["session"]]
        assert record["legs"] == others[:16]
        assert record["legs_more"] == SESSIONS - 17


def call_with(frames):
    call = audio_call(ANN, BEA, 1)
    call.others += frames
    call.end(60.0)
    path = traffic.write(sorted(call.frames(), key=lambda frame: frame.time))
    return lambda passes: json.loads(tshark.run(["-q", "-z", "msiccp,cdr"], path, passes))


def test_streams_of_one_call_are_told_up_to_a_number(passes):
    record = call_with([frame for i in range(300) for frame in
                        rtp(2 + i / 10, using(ANN, 6000), using(BEA, 7000), 3, 0, 1000 + i)])(passes)
    assert (len(record["streams"]), record["streams_more"]) == (256, 44)


def test_changes_of_codec_are_told_up_to_a_number(passes):
    frames = [rtp(2 + i / 50, using(ANN, 6000), using(BEA, 7000), 1, (0, 8)[i % 2], 1000, first=100 + i)[0]
              for i in range(40)]
    stream, = call_with(frames)(passes)["streams"]
    assert (len(stream["codecs"]), stream["codecs_more"], stream["packets"]) == (16, 24, 40)


def test_who_scans_is_told_up_to_a_number(passes):
    frames = []
    for number in range(20):
        scanner = End("02:00:00:73:05:01", str(ipaddress.ip_address("10.80.0.1") + number), 20000)
        for host in range(6):
            server = End("02:00:00:73:05:02", f"10.81.0.{host + 1}", 1731)
            opened = number + host / 10
            frames += Connection(using(scanner, 20000 + host), server, opened, opened + 0.01).frames()
    path = traffic.write(sorted(frames, key=lambda frame: frame.time))
    servers = [json.loads(line) for line in tshark.run(["-q", "-z", "msiccp,ports_json"], path, passes).splitlines()]
    assert [(len(server["scan"]), server["scan_more"]) for server in servers] == [(16, 4)] * 6
