"""`msiccp-calls audio`: a call as one hears it, the caller on the left and the callee on the right.

tshark tells which packets are the session's RTP, sound.py makes sound of them, and here it is put
where it belongs in time.
"""

import dataclasses
import json
import subprocess
import sys
import tempfile
import wave

from ..common.errors import Failure, UsageError
from ..common.needs import need
from ..common.text import SECOND, count, path_to_text, printable
from ..decode import feed
from ..decode import tshark as programs
from . import sound

# Sound that follows within this is joined without a break: the jitter buffer's times are rounded,
# and a device's clock is not exactly the other's.
JOINED_US = 20_000
FIELDS = ("frame.time_epoch", "ip.src", "ipv6.src", "udp.srcport", "udp.dstport", "rtp.ssrc",
          "rtp.p_type", "udp.payload")
LEFT, RIGHT = 0, 1


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


def _ask(tshark, paths, arguments):
    """What tshark prints on stdout, a line at a time."""
    with feed.Feed(tshark, paths) as fed, tempfile.TemporaryFile() as messages:
        process = tshark.start(tshark.command(*arguments), stdin=fed.stdin,
                               stdout=subprocess.PIPE, stderr=messages)
        fed.started()
        with process.stdout as lines:
            yield from (line.decode("utf-8", "replace").rstrip("\n") for line in lines)
        returncode = process.wait()
        messages.seek(0)
        message = messages.read().decode("utf-8", "replace").strip()
    # Of a capture that is cut short, what could be read is heard.
    if fed.message or returncode != 0 and "cut short" not in message:
        raise Failure(fed.message or message or f"tshark ended with status {returncode}")


def _record(tshark, paths, session):
    lines = [line for line in _ask(tshark, paths, ["-q", "-z", "msiccp,cdr"])
             if line.startswith("{")]
    # An attempt to connect is no session, and has no audio.
    records = {record["session"]: record for record in map(json.loads, lines) if record["session"]}
    if session is None:
        if len(records) == 1:
            return next(iter(records.values()))
        if not records:
            raise UsageError("there is no call in it")
        raise UsageError("it has more than one call, so say which: "
                         + ", ".join(f"--session {number} ({_ends(record)})"
                                     for number, record in sorted(records.items())[:20]))
    if session not in records:
        raise UsageError(f"there is no session {session} in it, of {count(len(records), 'call')}")
    return records[session]


def _ends(record):
    return printable(" to ".join(record[end]["alias"] or record[end]["address"] or "?"
                                 for end in ("caller", "callee")))


def _named(codec):
    """H.245's word for a codec that it has no name for says nothing of it."""
    return None if codec == "nonStandard" else codec


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
    for line in _ask(tshark, paths, arguments):
        time, source, source6, port, to_port, ssrc, payload_type, payload = line.split(";")
        if not (port and ssrc and payload):
            continue
        # In a tunnel there are addresses of both kinds; the stream's own are the inner ones.
        for address in (source, source6):
            stream = said.get((int(ssrc, 0), int(port), int(to_port), address))
            if stream:
                seconds, _, fraction = time.partition(".")
                stream.packets.append((int(seconds) * SECOND + int(fraction[:6].ljust(6, "0")),
                                       int(payload_type), bytes.fromhex(payload)))
                break
    return list(said.values())


class Track:
    """Both channels of the call."""

    def __init__(self, begin_us, rate):
        self.numpy = need("numpy")
        self.begin_us = begin_us
        self.rate = rate
        self.channels = [self.numpy.zeros(0, "<i2"), self.numpy.zeros(0, "<i2")]

    def _resampled(self, samples, rate):
        if rate == self.rate or not len(samples):
            return samples
        length = len(samples) * self.rate // rate
        places = self.numpy.arange(length) * (rate / self.rate)
        return self.numpy.interp(places, self.numpy.arange(len(samples)), samples).astype("<i2")

    def add(self, channel, rate, pieces):
        """Puts PIECES, (microseconds, samples), where they belong. Sound that is there already is
        mixed with."""
        for start_us, samples in self._joined(rate, pieces):
            samples = self._resampled(samples, rate)
            start = max(0, (start_us - self.begin_us) * self.rate // SECOND)
            end = start + len(samples)
            if end > len(self.channels[channel]):
                longer = self.numpy.zeros(end, "<i2")
                longer[:len(self.channels[channel])] = self.channels[channel]
                self.channels[channel] = longer
            part = self.channels[channel][start:end]
            mixed = part.astype("i4") + samples
            self.channels[channel][start:end] = mixed.clip(-32768, 32767)

    def _joined(self, rate, pieces):
        """Pieces that follow each other as one."""
        begin, parts, expected = None, [], None
        for time_us, data in pieces:
            samples = self.numpy.frombuffer(data, "<i2")
            if expected is None or abs(time_us - expected) > JOINED_US:
                if parts:
                    yield begin, self.numpy.concatenate(parts)
                begin, parts, expected = time_us, [], time_us
            parts.append(samples)
            expected += len(samples) * SECOND / rate
        if parts:
            yield begin, self.numpy.concatenate(parts)

    def write(self, file):
        length = max(map(len, self.channels))
        both = self.numpy.zeros((length, 2), "<i2")
        for number, samples in enumerate(self.channels):
            both[:len(samples), number] = samples
        with wave.open(file, "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(self.rate)
            out.writeframes(both.tobytes())
        return length / self.rate


def _say(text):
    print(f"msiccp-calls: {printable(text)}", file=sys.stderr)


def _decoded(streams, decoder, codecs):
    """(channel, rate, pieces) of all that can be decoded; then what cannot, by name."""
    heard, unheard = [], {}
    for stream in streams:
        for payload_type, packets in stream.runs():
            name = codecs.get(payload_type) or sound.name_of(
                payload_type, stream.codecs.get(payload_type))
            if name in sound.SILENT:
                continue
            if name not in sound.CODECS:
                unheard[name] = unheard.get(name, 0) + len(packets)
                continue
            heard.append((stream.channel, sound.CODECS[name].rate,
                          decoder.decode(name, payload_type, packets)))
    return heard, unheard


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


def audio(paths, session, settings, codecs, output, play):
    """CODECS are names of payload types that the user knows. Returns the exit status: 1 where a
    part of the call could not be decoded."""
    need("gi")
    need("numpy")
    tshark = programs.tshark(settings)
    record = _record(tshark, paths, session)
    streams = [stream for stream in _streams(tshark, paths, record) if stream.packets]
    if not streams:
        raise Failure(f"session {record['session']} ({_ends(record)}) has no audio in this capture")
    begin = min(stream.packets[0][0] for stream in streams)
    with sound.Decoder(tshark.home) as decoder:
        heard, unheard = _decoded(streams, decoder, codecs)
    for name, packets in sorted(unheard.items()):
        _say(f"{count(packets, 'packet')} of {name} cannot be decoded: " + (
            "the signalling does not name its codec; if you know it, say --codec N=NAME"
            if name.startswith("payload type")
            else "GStreamer, as Debian has it, has no decoder of that from RTP"))
    if not heard:
        return 1
    track = Track(begin, max(rate for _channel, rate, _pieces in heard))
    for channel, rate, pieces in heard:
        track.add(channel, rate, pieces)
    if output:
        try:
            length = track.write(output)
        except OSError as error:
            raise Failure(f"{output}: {error.strerror}") from None
        _say(f"{path_to_text(output)}: {length:.1f} s, {_ends(record)}, "
             "the caller left and the callee right")
    if play:
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            track.write(file.name)
            _play(file.name)
    return 1 if unheard else 0
