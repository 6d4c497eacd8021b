# SPDX-License-Identifier: GPL-2.0-or-later
"""-z msiccp,ports: what there is on these ports, for people, for programs and in a window."""

import json
import re
import struct

import jsonschema
import pytest

from support import files, reports, traffic, tshark

SCHEMA = json.loads((files.ROOT / "docs" / "ports.schema.json").read_text())
DIAGNOSIS = files.CAPTURES / "diagnosis"
NAMES = [*files.captures(), *sorted(DIAGNOSIS.glob("*.pcap")), *sorted((files.CAPTURES / "foreign").glob("*.pcap"))]


def servers(capture, passes=(), filter_=None, prefs=()):
    return [json.loads(line) for line in reports.lines_of(reports.PORTS_JSON, capture, filter_, passes, prefs)]


def only(capture, **how):
    found = servers(capture, **how)
    assert len(found) == 1
    return found[0]


def table(capture, passes=()):
    lines = reports.lines_of(reports.PORTS, capture, passes=passes)
    assert lines[0].startswith("======== MSICCP ports =") and set(lines[-1]) == {"="}
    return lines[2:-1]


def rows_of(lines):
    return [re.match(r"(\S+) +(\d+)/(tcp|udp) (.{34}) (\S+) +(\d+) +(\d+) +(\d+) +(\d+)$", line).groups()
            for line in lines if not line.startswith((" ", "Not listed"))]


@pytest.mark.each_capture
@pytest.mark.parametrize("path", NAMES, ids=lambda path: path.name)
def test_table_and_objects_say_the_same(path):
    """In one pass and in two."""
    found = servers(path)
    for server in found:
        jsonschema.validate(server, SCHEMA)
    assert servers(path, passes=("-2",)) == found
    assert [(row[0], int(row[1]), row[2], int(row[5]), int(row[6]), int(row[7]), int(row[8]))
            for row in rows_of(table(path))] == [
        (server["address"], server["port"], server["transport"], server["connections"], server["clients"],
         server["bytes_to_server"], server["bytes_from_server"]) for server in found]
    assert all(len(line) <= 120 for line in table(path) if not line.startswith("        "))


@pytest.mark.parametrize(("name", "kind", "what", "how", "calls"), [
    ("h323-three-calls-at-once-1731.pcap", "call_control", "h225", "signature", 3),
    ("foreign-ssh-1731.pcap", "foreign", "SSH", "signature", 0),
    ("foreign-tls-1731.pcap", "foreign", "TLS", "signature", 0),
    ("foreign/foreign-nfs-1732.pcap", "foreign", "RPC", "heuristic", 0),
    ("synthetic-opaque-with-media.pcap", "call_control", "opaque", "inferred", 1),
    ("synthetic-opaque-without-media.pcap", "unknown", "opaque", "inferred", 1),
    ("diagnosis/h323-fail-nobody-listens-1731.pcap", "attempts", None, None, 0)])
def test_what_a_server_is(name, kind, what, how, calls, passes):
    server = only(files.CAPTURES / name, passes=passes)
    assert [server[key] for key in ("kind", "name", "how", "calls")] == [kind, what, how, calls]


@pytest.mark.parametrize(("name", "refused", "unanswered"), [
    ("h323-fail-nobody-listens-1731.pcap", 3, 0),               # RST
    ("h323-fail-control-unreachable-1731.pcap", 3, 0),          # ICMP
    ("h323-fail-control-prohibited-near-1731.pcap", 3, 0),
    ("h323-fail-control-dropped-near-1731.pcap", 0, 1)])
def test_attempts_that_fail(name, refused, unanswered, passes):
    server = only(DIAGNOSIS / name, passes=passes)
    assert (server["kind"], server["refused"], server["unanswered"]) == ("attempts", refused, unanswered)


def test_bytes_are_those_of_the_payloads(passes):
    name = "h323-short-call-1731.pcap"
    server = only(name, passes=passes)
    sent = {"to": 0, "from": 0}
    for row in tshark.fields(name, ["tcp.dstport", "tcp.len"], "tcp.port == 1731"):
        sent["to" if row["tcp.dstport"] == ["1731"] else "from"] += int(row["tcp.len"][0])
    assert (server["bytes_to_server"], server["bytes_from_server"]) == (sent["to"], sent["from"])


def test_ports_of_clients_are_not_listed(passes):
    lines = table("not-ours-http-from-1731.pcap", passes)
    assert lines == ["Not listed: 1 connection from these ports to other services, whose clients drew them so."]
    assert servers("not-ours-http-from-1731.pcap", passes) == []


def test_scans(passes):
    found = servers(DIAGNOSIS / "synthetic-scan.pcap", passes)
    assert [server["port"] for server in found] == [1730, 1731, 1732]
    assert all(server["scan"] == [{"client": "10.73.3.10", "hosts": 1, "ports": 3}] for server in found)
    assert all(server["scan"] == [] for server in servers("h323-three-calls-at-once-1731.pcap", passes))


@pytest.mark.parametrize(("note", "foreign"), [
    ("executable", "Windows executable"), ("shell", "shell prompt"), ("cleartext login", "Telnet")])
def test_what_is_worth_a_look(note, foreign, passes):
    for server in servers("synthetic-foreign.pcap", passes):
        if foreign in server["foreign"]:
            assert note in server["notes"]
    assert any(foreign in server["foreign"] for server in servers("synthetic-foreign.pcap", passes))


def test_a_filter_leaves_out(passes):
    found = servers("synthetic-foreign.pcap", passes, "udp")
    assert {server["transport"] for server in found} == {"udp"}


def test_ports_are_those_of_the_preferences():
    name = "h323-separate-h245-1720.pcap"
    assert servers(name) == []
    assert only(name, prefs=["msiccp.tcp.port:1720,1730-1732"])["kind"] == "call_control"


NUMBERS = ("connections", "clients", "bytes_to_server", "bytes_from_server", "refused", "unanswered")


@pytest.mark.parametrize(("name", "silent"), [
    ("synthetic-foreign.pcap", 0), ("diagnosis/synthetic-scan.pcap", 1),
    ("diagnosis/h323-fail-nobody-listens-1731.pcap", 1), ("diagnosis/h323-fail-control-dropped-near-1731.pcap", 1)])
def test_the_window_has_the_same_rows(name, silent):
    """And of each server, how many clients have said nothing."""
    printed = tshark.run(["-q", "-z", "msiccp,ports_window"], files.CAPTURES / name)
    rows = [line.split(" |") for line in printed.splitlines() if re.match(r"\d+\.", line)]
    expected = servers(files.CAPTURES / name)
    assert expected
    assert {(row[0], row[1], row[3], *(int(cell) for cell in row[5:12])) for row in rows} == {
        (server["address"], f"{server['port']}/{server['transport']}", ", ".join(server["notes"]),
         *(server[key] for key in NUMBERS), silent)
        for server in expected}


@pytest.mark.parametrize("protocol", [traffic.TCP, traffic.UDP])
def test_a_refusal_may_be_all_that_was_captured(protocol, passes):
    """What an ICMP error quotes, here no more than eight octets of it, went another way: nothing is listed that a
    client would have said."""
    made = traffic.Traffic()
    made.packets = [traffic.ethernet(traffic.ip(protocol, traffic.CLIENT, traffic.SERVER,
                                                struct.pack("!HHI", 40001, 1731, 0x00080000)))]
    made.unreachable()
    del made.packets[0]
    capture = made.write()
    record = reports.only_record(capture, passes=passes)
    assert record["decided_by"] == "control_refused"
    assert f"refused {'the connection' if protocol == traffic.TCP else 'a datagram'} at" in record["explanation"]
    assert servers(capture, passes) == []


def test_a_datagram_may_be_empty(passes):
    made = traffic.Traffic()
    for payload in (b"", b"\xfe\1\x99"):
        made.datagram(40001, True, payload)
    server = only(made.write(), passes=passes)
    assert (server["first"]["frame"], server["last"]["frame"], server["bytes_to_server"]) == (1, 2, 3)


@pytest.mark.parametrize("argument", ["msiccp,portsx", "msiccp,ports,no such filter"])
def test_a_wrong_argument_is_said(argument):
    done = tshark.start([tshark.TSHARK, "-q", "-z", argument, "-r", files.readable("foreign-ssh-1731.pcap")])
    assert done.returncode != 0 and done.stderr
