# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls anonymise`: one call that can be sent to others.

tshark tells which frames are the call's and where in its messages somebody is named; the frames are
rewritten in anonymous/, and the result is looked at as the original was: it has to say the same.
"""

import subprocess
import sys

from ..anonymous import layers, messages, pcapng
from ..anonymous.rewrite import OTHER, RTCP, RTP, SIGNALLING, T120, Rewriter, datagrams
from ..anonymous.substitutes import Substitutes
from ..common import files
from ..common.errors import Failure
from ..common.text import count, path_to_text, printable
from ..decode import feed
from ..decode import tshark as programs
from . import ask

# What has to be the same of the call before and after.
SAME = ("coding", "state", "outcome", "cause", "reason", "released_by", "verdict", "setup_time_us",
        "ring_time_us", "talk_time_us")


def _say(text):
    print(f"msiccp-calls: {printable(text)}", file=sys.stderr)


def _output(tshark, command):
    process = tshark.start(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
    output, message = process.communicate()
    message = message.decode("utf-8", "replace").strip()
    if process.returncode != 0 and "cut short" not in message:
        raise Failure(message or f"tshark ended with status {process.returncode}")
    return output


def _set(numbers):
    return "{" + ", ".join(map(str, sorted(numbers))) + "}"


class Selection:
    """Which frames are the call's: its own, those that are evidence of what was found, and whatever
    else went over the same connections and between the same ports."""

    def __init__(self, tshark, capture, record):
        self.record = record
        evidence = {frame for finding in record["diagnostics"] for frame in finding["frames"] or []}
        self.filter = " || ".join(
            [f"msiccp.session == {session}" for session in [record["session"], *record["legs"]]]
            + ([f"frame.number in {_set(evidence)}"] if evidence else []))
        self.kinds, self.tcp, self.udp = {}, set(), set()
        fields = ("tcp.stream", "udp.stream", "tcp.srcport", "tcp.dstport", "udp.srcport",
                  "udp.dstport", "msiccp.channel", "msiccp.coding", "icmp.type", "icmpv6.type")
        arguments = [part for name in fields for part in ("-e", name)]
        printed = _output(tshark, [
            programs.TSHARK, "-n", "-2", *tshark.settings.arguments(), "-r", capture, "-Y",
            self.filter, "-T", "fields", "-E", "separator=;", "-E", "occurrence=f", *arguments])
        for line in printed.decode("utf-8", "replace").splitlines():
            self._take(*line.split(";"))
        for name, numbers in (("tcp", self.tcp), ("udp", self.udp)):
            if numbers:
                self.filter += f" || {name}.stream in {_set(numbers)}"

    def _take(self, tcp, udp, tcp_from, tcp_to, udp_from, udp_to, channel, coding, icmp, icmp6):
        if icmp or icmp6:
            return
        ports = sorted(int(port) for port in (tcp_from or udp_from, tcp_to or udp_to) if port)
        if len(ports) != 2:
            return
        if tcp:
            self.tcp.add(int(tcp))
        # What a gatekeeper is asked of other calls is between the same ports.
        elif udp and not coding:
            self.udp.add(int(udp))
        place = (layers.TCP if tcp else layers.UDP, *ports)
        kind = (SIGNALLING if coding or channel in ("control", "h245") else
                {"rtp": RTP, "rtcp": RTCP, "t120": T120}.get(channel, OTHER))
        if kind != OTHER or place not in self.kinds:
            self.kinds[place] = kind

    def codecs(self):
        """Names of dynamic payload types."""
        names = {}
        for stream in self.record["streams"]:
            for part in [stream, *(stream.get("codecs") or [])]:
                if part["payload_type"] is not None and part["codec"]:
                    names[part["payload_type"]] = part["codec"].partition("/")[0]
        return names


def _packets(frames, substitutes):
    """The packets of FRAMES, and the frames that are known; then how many are not."""
    packets, known, unknown = [], [], {}
    for frame in frames:
        try:
            packets.append(layers.packet_of(frame, substitutes))
            known.append(frame)
        except layers.Unknown as error:
            unknown[str(error)] = unknown.get(str(error), 0) + 1
    return packets, known, unknown


def _found_messages(tshark, path, types):
    printed = "\n".join(ask.lines(tshark, [path], [
        "-Y", "(h225 || h245 || q931) && !icmp && !icmpv6", "-T", "json", "-x"]))
    return list(messages.read(printed, types)) if printed.strip() else []


def _make(tshark, selection, capture, name):
    """The octets of the new capture; how many frames were left out, by kind; and how many were not."""
    original = _output(tshark, [
        programs.TSHARK, "-n", "-2", *tshark.settings.arguments(), "-r", capture, "-Y",
        selection.filter, "-F", "pcapng", "-w", "-"])
    types = messages.types_of(tshark.fields)
    with files.temporary_file(".capture") as small:
        small.write(original)
        small.flush()
        found = _found_messages(tshark, small.name, types)
    substitutes = Substitutes()
    substitutes.reserve(field.raw for message in found for field in message.fields
                        if types.get(field.name) in messages.ADDRESSES)
    packets, frames, unknown = _packets(list(pcapng.read(original)), substitutes)
    if not frames:
        raise Failure("none of its frames is of a kind that can be rewritten: "
                      + ", ".join(unknown))
    rewriter = Rewriter(substitutes, found, types, selection.kinds, selection.codecs())
    datagrams_found = list(datagrams(packets))
    rewriter.seek()
    rewriter.all(datagrams_found)
    return pcapng.written(frames, name), unknown, len(frames)


def _differences(tshark, before, path):
    """What the new capture says otherwise."""
    after = ask.records(tshark, [path])
    found = [one for one in after.values() if one["call_reference"] == before["call_reference"]
             and one["start"]["time_us"] == before["start"]["time_us"]]
    if not found:
        return ["the call is not found in it"]
    different = [key for key in SAME if found[0].get(key) != before.get(key)]
    for key in ("diagnostics", "streams"):
        if _outline(found[0][key]) != _outline(before[key]):
            different.append(key)
    return different


def _outline(entries):
    """Silence is what its audio was replaced by."""
    return sorted(str([entry.get(key) for key in ("finding", "to", "codec", "packets", "lost")])
                  for entry in entries if entry.get("finding") != "silent_media")


def anonymise(paths, session, settings, output):
    """Returns the exit status: 1 where the new capture does not say the same as the old."""
    tshark = programs.tshark(settings)
    record = ask.record(tshark, paths, session)
    with feed.as_file(tshark, paths) as capture:
        selection = Selection(tshark, capture, record)
        octets, unknown, frames = _make(tshark, selection, capture, output)
    for kind, number in sorted(unknown.items()):
        _say(f"{count(number, 'frame')} left out: {kind}")
    with files.temporary_file(".capture") as made:
        made.write(octets)
        made.flush()
        different = _differences(tshark, record, made.name)
    try:
        with files.whole(output) as file:
            file.write(octets)
    except OSError as error:
        raise Failure(f"{path_to_text(output)}: {error.strerror}") from None
    verdict = (record["verdict"] or record["outcome"] or "unknown").replace("_", " ")
    _say(f"{path_to_text(output)}: {count(frames, 'frame')} of session {record['session']}, "
         f"verdict as before: {verdict}" if not different else
         f"{path_to_text(output)}: decoded it says otherwise than the original: "
         + ", ".join(different))
    return 1 if different else 0
