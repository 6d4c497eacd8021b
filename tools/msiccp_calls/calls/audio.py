# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls audio`: a call as one hears it, the caller on the left and the callee on the right.

tshark tells which packets are the session's RTP, sound.py makes sound of them, and track.py puts it
where it belongs in time.
"""

import dataclasses
import decimal
import sys

from ..common.errors import Failure
from ..common.files import temporary_file, whole
from ..common.needs import need
from ..common.text import SECOND, count, path_to_text, printable
from ..decode import tshark as programs
from . import ask, sound
from .track import Track

FIELDS = ("frame.time_epoch", "ip.src", "ipv6.src", "udp.srcport", "udp.dstport", "rtp.ssrc",
          "rtp.p_type", "udp.payload")
LEFT, RIGHT = 0, 1
# Of WAVEFORMATEX's format tags, those that can be decoded.
TAGS = {0x02: "MICROSOFT ADPCM", 0x11: "IMA/DVI ADPCM", 0x31: "GSM 6.10"}


@dataclasses.dataclass
class Stream:
    """Packets of one SSRC in one direction. A CHANNEL is where it is heard."""

    channel: int
    codecs: dict        # payload type -> its name, as the record tells it
    packets: list       # (microseconds, payload type, RTP packet)

    def runs(self):
        """(payload type, [(microseconds, RTP packet)]) of each stretch with one payload type."""
        run, last = [], None
        for time_us, payload_type, data in self.packets:
            if payload_type != last and run:
                yield last, run
                run = []
            last = payload_type
            run.append((time_us, data))
        if run:
            yield last, run


def _named(codec):
    """H.245's word for a codec that it has no name for says nothing of it."""
    return None if codec == "nonStandard" else codec


def _microseconds(seconds):
    """None of a time that tshark itself cannot write."""
    try:
        return int(decimal.Decimal(seconds) * SECOND)
    except (decimal.InvalidOperation, OverflowError, ValueError):
        return None


def _streams(tshark, paths, record):
    """The streams of the session, by what the record says of them."""
    said = {}
    for stream in record["streams"]:
        # What goes to the callee is what the caller says.
        key = (stream["ssrc"], stream["source"]["port"], stream["destination"]["port"],
               stream["source"]["address"])
        names = {stream["payload_type"]: _named(stream["codec"])}
        for part in stream.get("codecs") or []:
            names[part["payload_type"]] = _named(part["codec"])
        said[key] = Stream(LEFT if stream["to"] == "callee" else RIGHT, names, [])
    arguments = ["-Y", f"msiccp.session == {record['session']} && msiccp.channel == \"rtp\"",
                 "-T", "fields", "-E", "separator=;", "-E", "occurrence=l"]
    for name in FIELDS:
        arguments += ["-e", name]
    for line in ask.lines(tshark, paths, arguments):
        time, source, source6, port, to_port, ssrc, payload_type, payload = line.split(";")
        time_us = _microseconds(time)
        if not (port and ssrc and payload) or time_us is None:
            continue
        # In a tunnel there are addresses of both kinds; the stream's own are the inner ones.
        for address in (source, source6):
            stream = said.get((int(ssrc, 0), int(port), int(to_port), address))
            if stream:
                stream.packets.append((time_us, int(payload_type), bytes.fromhex(payload)))
                break
    return list(said.values())


def _say(text):
    print(f"msiccp-calls: {printable(text)}", file=sys.stderr)


def _rates(tshark, paths, session):
    """The sample rate of each of Microsoft's audio formats that the call's messages name, by its name."""
    arguments = ["-Y", f"msiccp.session == {session} && msiccp.waveformat.tag", "-T", "fields", "-E", "separator=;",
                 "-e", "msiccp.waveformat.tag", "-e", "msiccp.waveformat.sample_rate"]
    rates = {}
    for line in ask.lines(tshark, paths, arguments):
        tags, found = (column.split(",") for column in line.split(";"))
        for tag, rate in zip(tags, found, strict=False):
            if tag.isdigit() and int(tag) in TAGS and int(rate) > 0:
                rates.setdefault(TAGS[int(tag)], int(rate))
    return rates


def _decode(streams, decoder, codecs, rates, track):
    """Puts on TRACK what can be decoded; returns how many packets cannot, by name."""
    unheard = {}
    for stream in streams:
        for payload_type, packets in stream.runs():
            name = codecs.get(payload_type) or sound.name_of(
                payload_type, stream.codecs.get(payload_type))
            if name in sound.SILENT:
                continue
            if name not in sound.CODECS and name not in sound.FORMATS:
                unheard[name] = unheard.get(name, 0) + len(packets)
                continue
            track.add(stream.channel, sound.rate_of(name, rates.get(name)),
                      decoder.decode(name, payload_type, packets, rates.get(name)))
    return unheard


def _play(file):
    gi = need("gi")
    gi.require_version("Gst", "1.0")
    from gi.repository import Gst
    Gst.init(None)
    player = Gst.parse_launch("filesrc name=file ! wavparse ! audioconvert ! audioresample "
                              "! autoaudiosink")
    player.get_by_name("file").set_property("location", file)
    player.set_state(Gst.State.PLAYING)
    message = player.get_bus().timed_pop_filtered(
        Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    player.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        raise Failure(f"it cannot be played: {message.parse_error()[0].message}")


def _say_unheard(unheard):
    for name, packets in sorted(unheard.items()):
        _say(f"{count(packets, 'packet')} of {name} cannot be decoded: " + (
            "the signalling does not name its codec; if you know it, say --codec N=NAME"
            if name.startswith("payload type")
            else "GStreamer, as Debian has it, has no decoder of that from RTP"))


def _save(track, record, output):
    try:
        with whole(output) as file:
            length = track.write(file)
    except OSError as error:
        raise Failure(f"{path_to_text(output)}: {error.strerror}") from None
    _say(f"{path_to_text(output)}: {length:.1f} s, {ask.ends(record)}, "
         "the caller left and the callee right")


def audio(paths, session, settings, codecs, longest_gap, output, play):
    """CODECS are names of payload types that the user knows. Returns the exit status: 1 where a
    part of the call could not be decoded."""
    need("gi")
    tshark = programs.tshark(settings)
    record = ask.record(tshark, paths, session)
    streams = [stream for stream in _streams(tshark, paths, record) if stream.packets]
    if not streams:
        raise Failure(f"session {record['session']} ({ask.ends(record)}) has no audio in this capture")
    with Track() as track:
        with sound.Decoder(tshark.home) as decoder:
            unheard = _decode(streams, decoder, codecs, _rates(tshark, paths, record["session"]), track)
        _say_unheard(unheard)
        if not track.segments:
            return 1
        track.arrange(longest_gap)
        if track.cut:
            longest, times, seconds = track.cut
            _say(f"silence was cut to {longest:g} s, {count(times, 'time')}: {seconds:,.1f} s are "
                 "left out, and what follows is earlier than it was")
        if output:
            _save(track, record, output)
        if play:
            with temporary_file(".wav") as file:
                track.write(file)
                file.flush()
                _play(file.name)
    return 1 if unheard else 0
