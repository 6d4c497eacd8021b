# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever stock Wireshark decodes, in any shape of any capture, is decoded at least as deep with the plugin.

By default of a capture of each kind, MSICCP_SWEEP=all of every capture.
"""

import os

import pytest

from support import files, reshape, tshark


REPRESENTATIVE = [
    "derived-both-legs.pcap", "derived-coalesced.pcap", "derived-segmented.pcap", "foreign-http-1732.pcap",
    "foreign-smb-1730.pcap",
    "foreign-tls-1731.pcap", "h323-fast-start-tunnelled-1731.pcap", "h323-ipv6-1731.pcap", "h323-short-call-1731.pcap",
    "synthetic-data-in-call.pcap", "synthetic-fax-in-call.pcap", "synthetic-native-fictitious-length.pcap",
    "synthetic-not-ours.pcap", "synthetic-ras-call.pcap", "synthetic-stun-then-dtls.pcap"]
NAMES = [path.name for path in files.captures("*.pcap")
         if path.name in REPRESENTATIVE or os.environ.get("MSICCP_SWEEP") == "all"]

SHAPES = {"as it is": lambda frames: frames, "doubled": reshape.doubled, "reordered": reshape.reordered}
SHAPES |= {f"cut at {at}": lambda frames, at=at: reshape.cut(frames, at) for at in (1, 4, 30)}
SHAPES |= {f"snapped at {length}": lambda frames, length=length: reshape.snapped(frames, length)
           for length in (64, 80, 96, 100, 128)}

FIELDS = ["frame.number", "frame.protocols", "_ws.malformed", "_ws.expert.message", "_ws.expert.severity"]
# How stock is told what the port carries: it then complains of the same as with the plugin, such as of the scraps of a
# message that SSH, SOCKS, IRC and Telnet do not put together. Of synthetic-foreign.pcap it is the client's port, since
# the connections, a protocol each, share the server's. Untold, stock's search for VNC starts another tcp.stream in the
# middle of one, and takes the copy of a segment for more of it.
TOLD = {"foreign-smb-1730.pcap": ["tcp.port==1730,nbss"], "foreign-ssh-1731.pcap": ["tcp.port==1731,ssh"],
        "synthetic-foreign.pcap": ["tcp.port==2001,ssh", "tcp.port==2004,socks", "tcp.port==2013,irc",
                                   "tcp.port==2014,telnet", "tcp.port==2015,vnc"]}
# What is damaged is said to be that, where stock does not look; TCP complains of overlaps only where it reassembles.
DAMAGED = {"synthetic-malformed.pcap", "synthetic-cut-setup.pcap", "synthetic-cut-setup-ipv6.pcap",
           "derived-one-byte-segments.pcap"}
# Stock takes an answer for more of the HTTP before it, which is told to be SSH here, a NetBIOS name query for DNS, and
# what is left of H.245 cut short for Q.931.
BETTER = {"synthetic-probes.pcap": {"http"}, "synthetic-netbios-names.pcap": {"dns"},
          "derived-one-byte-segments.pcap": {"q931"}}
# What stock takes bytes for that it knows nothing of, and its heuristics scraps of a message: another guess is no loss.
GUESSES = {"data", "tpkt", "cotp", "fmtp", "jxta", "lbmsrs", "rtps"}
ERROR = 0x00800000
# Of a message that is cut, what stock finds in the first of two passes is another without a tree.
WITH_TREE = "frame"


def complaints(row):
    """What Wireshark itself finds wrong with a frame, as errors; ours have fields of their own."""
    errors = [message for message, severity in zip(row["_ws.expert.message"], row["_ws.expert.severity"], strict=False)
              if int(severity, 0) >= ERROR]
    return row["_ws.malformed"] + errors


def protocols(row):
    return [name for name in row["frame.protocols"][0].split(":") if name != "msiccp"]


def is_contained(wanted, found):
    """All that is wanted, in that order, with others in between."""
    rest = iter(found)
    return all(name in rest for name in wanted)


def losses(path, passes):
    """The frames that are decoded worse than without the plugin, each with what both say of it."""
    ours = tshark.plugin.fields(path, FIELDS, WITH_TREE, passes)
    stock = tshark.stock.fields(path, FIELDS, WITH_TREE, passes)
    decode_as = [part for port in TOLD.get(path.name, []) for part in ("-d", port)]
    told = tshark.stock.fields(path, FIELDS, WITH_TREE, passes, extra=decode_as)
    assert len(ours) == len(stock)
    for our, their, as_told in zip(ours, stock, told, strict=True):
        if complaints(their):
            continue
        wanted = [name for name in protocols(their)
                  if name in protocols(as_told) and name not in GUESSES | BETTER.get(path.name, set())]
        is_malformed = our["_ws.malformed"] and not as_told["_ws.malformed"] and path.name not in DAMAGED
        if not is_contained(wanted, protocols(our)) or is_malformed:
            yield our["frame.number"][0], protocols(their), protocols(our), complaints(our)


@pytest.mark.each_capture
@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_decoded_worse(name, shape, passes):
    """Nothing comes up as malformed that does not so in stock; that no dissector fails is a matter of course of
    every run of tshark's here."""
    path = reshape.write(name, SHAPES[shape](reshape.read(name)))
    assert list(losses(path, passes)) == []


def streams(capture):
    """The bytes of each direction of each connection."""
    found = {}
    for row in tshark.stock.fields(capture, ["tcp.stream", "tcp.srcport", "tcp.seq_raw", "tcp.payload"], "tcp.len > 0"):
        key = row["tcp.stream"][0], row["tcp.srcport"][0]
        data = bytes.fromhex(row["tcp.payload"][0].replace(":", ""))
        first = found.setdefault(key, (int(row["tcp.seq_raw"][0]), bytearray()))
        assert int(row["tcp.seq_raw"][0]) == first[0] + len(first[1])
        first[1].extend(data)
    return found


def test_a_cut_call_is_the_call_that_it_was():
    """The pieces are at their places in the stream, and their checksums are right."""
    frames = reshape.read("h323-ipv6-1731.pcap")
    path = reshape.write("cut.pcap", reshape.cut(frames, 1, 4, 30))
    options = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    wrong = "tcp.checksum.status == 0 || ip.checksum.status == 0 || tcp.analysis.lost_segment"
    assert len(tshark.stock.frames(path)) > len(frames)
    assert tshark.stock.frames(path, wrong, extra=options) == []
    assert streams(path) == streams("h323-ipv6-1731.pcap")
