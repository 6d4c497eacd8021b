# SPDX-License-Identifier: GPL-2.0-or-later
"""An address in a message takes nothing from anybody: what others speak there stays theirs, and H.245 is taken."""

import h225
import h245
import pytest
from field import ANN, BEA, CLEO, GATE, Call, Connection, using
from h225 import FACILITY, SETUP

from support import traffic, tshark

TPKT = h225.tpkt

X224_REQUEST = TPKT(bytes.fromhex("11e00000000100c1020100c2020102c0010a"))
X224_CONFIRM = TPKT(bytes.fromhex("11d00001000100c1020100c2020102c0010a"))
S7_SETUP = TPKT(bytes.fromhex("02f080320100000000000800") + bytes.fromhex("00f0000001000101e0"))
S7_ANSWER = TPKT(bytes.fromhex("02f0803203000000000008000000") + bytes.fromhex("00f0000001000100f0"))
MCS_ATTACH = TPKT(bytes.fromhex("02f08028"))
RDP_REQUEST = TPKT(bytes.fromhex("0ee000000000000100080003000000"))

# Of the kinds that are in TPKT, what both ends say, and the port of the server.
OTHERS = {
    "S7": (102, [(True, X224_REQUEST), (False, X224_CONFIRM)] + [(True, S7_SETUP), (False, S7_ANSWER)] * 4),
    "RDP": (3389, [(True, RDP_REQUEST), (False, X224_CONFIRM), *[(True, MCS_ATTACH), (False, MCS_ATTACH)] * 4]),
    "H.323": (1720, [(True, h225.message(SETUP, 77, True, 4, guid=b"\x11" * 16)),
                     *[(False, h225.message(kind, 77, False, 4, guid=b"\x11" * 16))
                       for kind in (h225.CALL_PROCEEDING, h225.ALERTING, h225.CONNECT)],
                     (True, h225.message(h225.RELEASE_COMPLETE, 77, True, 4, guid=b"\x11" * 16))]),
}

H245 = [TPKT(h245.message(h245.REQUEST, 1).done() + bytes.fromhex("80000102")), TPKT(bytes.fromhex("2080"))]


def announcing(address, at=0.1):
    call = Call(ANN, BEA, 1)
    call.say(at, SETUP, aliases=["ann"], to_aliases=["bea"], h245_address=address)
    call.say(at + 0.9, h225.CONNECT, False)
    return call


def talk(client, server, opened, turns, begin):
    connection = Connection(client, server, opened)
    for number, (from_client, data) in enumerate(turns):
        connection.say(begin + number / 20, from_client, data)
    return connection.frames()


def in_order(frames):
    return traffic.write(sorted(frames, key=lambda frame: frame.time))


def shown(path, passes, world=tshark.plugin):
    """What is shown of each packet that has none of our ports."""
    return world.fields(path, ["frame.number", "_ws.col.Protocol", "_ws.col.Info", "frame.protocols"],
                        "tcp.len > 0 && !(tcp.port in {1730..1732})", passes)


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("opened", [0.0, 0.5], ids=["before", "after"])
def test_connections_of_strangers_stay_theirs(kind, opened, passes):
    port, turns = OTHERS[kind]
    server = using(GATE, port)
    call = announcing((server.ip, port))
    path = in_order(call.frames() + talk(using(CLEO, 34000), server, opened, turns, 0.55))
    rows = shown(path, passes)
    assert len(rows) == len(turns)
    assert not any("h245" in row["frame.protocols"][0] for row in rows)
    if opened < 0.1:
        assert rows == shown(path, passes, tshark.stock)
    assert not tshark.fields(path, ["frame.number"], f"msiccp.session && tcp.port == {port}", passes)


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("server", [ANN, BEA], ids=["caller", "callee"])
def test_connections_of_the_ends_that_were_there_before_stay_theirs(kind, server, passes):
    port, turns = OTHERS[kind]
    server = using(server, port)
    call = announcing((server.ip, port))
    path = in_order(call.frames() + talk(using(CLEO, 34000), server, 0.0, turns, 0.05))
    rows = shown(path, passes)
    assert len(rows) == len(turns) and rows == shown(path, passes, tshark.stock)


@pytest.mark.parametrize(("client", "server", "opened"), [
    (BEA, ANN, 0.0), (BEA, ANN, 0.3), (CLEO, GATE, 0.0), (CLEO, GATE, 0.3),
], ids=["ends, before", "ends, after", "strangers, before", "strangers, after"])
def test_what_speaks_h245_is_the_calls(client, server, opened, passes):
    server = using(server, 12345)
    call = announcing((server.ip, server.port))
    path = in_order(call.frames() + talk(using(client, 34000), server, opened,
                                         [(True, H245[0]), (False, H245[1])], 0.5))
    rows = tshark.fields(path, ["msiccp.session", "msiccp.channel"], "tcp.port == 12345 && tcp.len > 0", passes)
    assert [row["msiccp.session"] for row in rows] == [["1"], ["1"]]


@pytest.mark.parametrize(("client", "server", "session"), [(BEA, ANN, ["1"]), (CLEO, GATE, [])],
                         ids=["ends", "strangers"])
def test_what_h245_seldom_begins_with_is_the_calls_between_its_ends_alone(client, server, session, passes):
    """What came before it was not captured, or the program has ways of its own."""
    server = using(server, 12345)
    call = announcing((server.ip, server.port))
    path = in_order(call.frames() + talk(using(client, 34000), server, 0.3, [(True, TPKT(h245.close_channel(1)))], 0.5))
    rows = tshark.fields(path, ["msiccp.session"], "tcp.port == 12345 && tcp.len > 0", passes)
    assert [row["msiccp.session"] for row in rows] == [session]


def test_data_that_strangers_were_named_for_is_not_the_calls(passes):
    port, turns = OTHERS["S7"]
    server = using(GATE, port)
    call = announcing((BEA.ip, 12346))
    call.say(0.2, FACILITY, h245=[h245.open_data_channel(1, (server.ip, port))])
    path = in_order(call.frames() + talk(using(CLEO, 34000), server, 0.3, turns, 0.55))
    assert shown(path, passes) == shown(path, passes, tshark.stock)
    assert not tshark.fields(path, ["frame.number"], f"msiccp.session && tcp.port == {port}", passes)
