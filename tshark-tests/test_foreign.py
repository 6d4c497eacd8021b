"""Other protocols on our ports: named, no session, and decoded as on their own port."""

import importlib.util
import sys

import pytest

import tsh

REAL = {"foreign-tls-1731.pcap": ("TLS", "tcp.port==1731,tls"), "foreign-ssh-1731.pcap": ("SSH", "tcp.port==1731,ssh"),
        "foreign-http-1732.pcap": ("HTTP", "tcp.port==1732,http"), "foreign-dns-1730.pcap": ("DNS", "udp.port==1730,dns"),
        "foreign-dtls-1732.pcap": ("DTLS", "udp.port==1732,dtls")}
PAYLOAD = "tcp.len > 0 || udp"
SYNTHETIC = "synthetic-foreign.pcap"


def generator():
    """The table that the synthetic capture is made from."""
    sys.path.insert(0, str(tsh.CAPTURES))
    try:
        spec = importlib.util.spec_from_file_location("generate_others", tsh.CAPTURES / "generate_others.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def test_each_protocol_is_named_on_each_of_its_payloads(passes):
    table = generator()
    expected = [name for name, turns in table.FOREIGN_TCP for _ in turns]
    expected += [name for name, _ in table.FOREIGN_UDP]
    rows = tsh.fields(SYNTHETIC, ["msiccp.foreign"], PAYLOAD, passes)
    assert [row["msiccp.foreign"] for row in rows] == [[name] for name in expected]


def test_the_expert_info_comes_once_a_connection(passes):
    table = generator()
    assert len(tsh.frames(SYNTHETIC, "msiccp.expert.foreign", passes)) == len(table.FOREIGN_TCP) + len(
        table.FOREIGN_UDP)


@pytest.mark.parametrize("capture", [SYNTHETIC, *REAL])
def test_no_session_is_made(capture, passes):
    assert tsh.frames(capture, "msiccp.session", passes) == []


@pytest.mark.parametrize("capture", REAL)
def test_real_programs_are_named(capture, passes):
    rows = tsh.fields(capture, ["msiccp.foreign", "msiccp.coding"], PAYLOAD, passes)
    assert rows and all(row == {"msiccp.foreign": [REAL[capture][0]], "msiccp.coding": ["4"]} for row in rows)


@pytest.mark.parametrize("capture", REAL)
def test_real_programs_decode_as_on_their_own_port(capture, passes):
    """Stock is told which dissector: but for our own items, the fields are the same."""

    def decoded(world, extra):
        return [[(field.get("name"), field.get("show")) for proto in packet.findall("proto")
                 if proto.get("name") not in ("msiccp", "geninfo", "frame") for field in proto.iter("field")]
                for packet in world.pdml(capture, None, passes, extra=extra)]

    also = ["-d", "tcp.port==1730,dns"] if "dns" in capture else []
    assert decoded(tsh.plugin, []) == decoded(tsh.stock, ["-d", REAL[capture][1], *also])


def test_the_expert_text_names_the_other_users_of_the_ports():
    text = tsh.run(["-V", "-Y", "msiccp.expert.foreign"], "foreign-tls-1731.pcap")
    for name in ("TLS", "roketz", "proxim", "OKWin"):
        assert name in text
