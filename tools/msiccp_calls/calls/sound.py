# SPDX-License-Identifier: GPL-2.0-or-later
"""RTP packets of one stream to sound: GStreamer takes them apart, puts them in order and decodes
them.

Payloads of a capture are as hostile as the rest of it, so they are decoded in a process of its own,
which started as root becomes an ordinary user first.
"""

import concurrent.futures
import contextlib
import ctypes
import dataclasses
import multiprocessing
import os
import signal

from ..anonymous.silence import header_length
from ..common import ended
from ..common.errors import Failure
from ..common.needs import need
from ..common.text import SECOND
from ..decode import tshark as programs

# rtpjitterbuffer waits for what is missing by the clock, unless the stream has ended: so it is given
# all packets at once. It orders by 16-bit sequence numbers, of which half may be ahead.
MOST_PACKETS = 20_000
PULL_SECONDS = 60
# Sound that is further from the next is decoded by itself: a stream that begins anew.
LONGEST_PAUSE_US = 600 * SECOND
PR_SET_PDEATHSIG = 1


@dataclasses.dataclass(frozen=True)
class Codec:
    """How GStreamer decodes an RTP payload. PACKAGE has the decoder."""

    clock: int          # of its RTP timestamps
    rate: int           # of its samples
    elements: str
    package: str
    caps: str = ""


GOOD, BAD, LIBAV = ("gstreamer1.0-plugins-good", "gstreamer1.0-plugins-bad", "gstreamer1.0-libav")

# By RTP's names of them (RFC 3551 and the media type registry), in capitals.
CODECS = {
    "PCMU": Codec(8000, 8000, "rtppcmudepay ! mulawdec", GOOD),
    "PCMA": Codec(8000, 8000, "rtppcmadepay ! alawdec", GOOD),
    "GSM": Codec(8000, 8000, "rtpgsmdepay ! gsmdec", BAD),
    "G722": Codec(8000, 16000, "rtpg722depay ! avdec_g722", LIBAV),
    # gst-libav has the decoder, and no name for what it takes.
    "G723": Codec(8000, 8000, "rtpg723depay ! capssetter replace=true join=false "
                  "caps=unknown/unknown,rate=(int)8000,channels=(int)1 ! avdec_g723_1", LIBAV),
    "G729": Codec(8000, 8000, "rtpg729depay ! avdec_g729", LIBAV),
    "G726-32": Codec(8000, 8000, "rtpg726depay force-aal2=false ! avdec_g726", LIBAV),
    "AAL2-G726-32": Codec(8000, 8000, "rtpg726depay ! avdec_g726", LIBAV),
    "L16": Codec(44100, 44100, "rtpL16depay", GOOD, ",channels=1"),
    "ILBC": Codec(8000, 8000, "rtpilbcdepay ! avdec_ilbc", LIBAV, ",mode=(string)30"),
    "SPEEX": Codec(8000, 8000, "rtpspeexdepay ! speexdec", GOOD),
}


@dataclasses.dataclass(frozen=True)
class Format:
    """One of Microsoft's audio formats, for which nobody has published how RTP carries it: a payload is taken
    for whole blocks of the format, as its encoder makes them."""

    caps: str
    decoder: str
    block: int = 0      # bytes; 0: a payload is one, or the signalling says how long they are
    samples: int = 0    # in one; 0: it is as long as the payload says


# By WAVEFORMATEX's format tag, as the plugin names it, in capitals.
FORMATS = {
    "MICROSOFT ADPCM": Format("audio/x-adpcm,layout=(string)microsoft", "adpcmdec"),
    "IMA/DVI ADPCM": Format("audio/x-adpcm,layout=(string)dvi", "adpcmdec"),
    "GSM 6.10": Format("audio/ms-gsm", "avdec_gsm_ms", 65, 320),
}
# The same frames as of the codec that RFC 3551 has.
SAME = {"MICROSOFT G.723.1": "G723"}

# Static payload types (RFC 3551, table 4).
PAYLOAD_TYPES = {0: "PCMU", 3: "GSM", 4: "G723", 5: "DVI4", 6: "DVI4", 7: "LPC", 8: "PCMA",
                 9: "G722", 10: "L16 stereo", 11: "L16", 12: "QCELP", 13: "CN", 14: "MPA",
                 15: "G728", 16: "DVI4", 17: "DVI4", 18: "G729", 19: "CN"}
# Nothing that is heard: comfort noise is silence here, and so are keys.
SILENT = ("CN", "TELEPHONE-EVENT")
FIRST_DYNAMIC = 96


def name_of(payload_type, signalled):
    """What a payload type stands for. SIGNALLED is the record's name of the stream's codec."""
    if payload_type in PAYLOAD_TYPES:
        return PAYLOAD_TYPES[payload_type]
    if payload_type >= FIRST_DYNAMIC and signalled:
        if signalled.upper() in (*FORMATS, *SAME):
            return SAME.get(signalled.upper(), signalled.upper())
        return signalled.partition("/")[0].upper()
    return f"payload type {payload_type}"


def rate_of(name, rate=None):
    """Of the samples that a codec becomes, by the second; RATE is what the signalling says of a format."""
    return rate or 8000 if name in FORMATS else CODECS[name].rate


def _parse(gst, name, package, caps, elements, rate):
    try:
        return gst.parse_launch(
            f'appsrc name=packets format=time max-bytes=0 caps="{caps}" '
            f"! {elements} ! audioconvert ! audioresample "
            f"! audio/x-raw,format=S16LE,channels=1,rate={rate},layout=interleaved "
            "! appsink name=sound sync=false")
    except Exception as error:  # GLib.Error
        raise Failure(f"GStreamer cannot decode {name} ({error}): sudo apt install "
                      f"gstreamer1.0-plugins-base {GOOD} {package}") from None


def _pipeline(gst, name, payload_type):
    codec = CODECS[name]
    caps = (f"application/x-rtp,media=(string)audio,clock-rate=(int){codec.clock},"
            f"encoding-name=(string){name},payload=(int){payload_type}{codec.caps}")
    return _parse(gst, name, codec.package, caps, f"rtpjitterbuffer ! {codec.elements}", codec.rate)


def _format_pipeline(gst, name, block, rate):
    known = FORMATS[name]
    caps = f"{known.caps},rate=(int){rate},channels=(int)1,block_align=(int){block}"
    return _parse(gst, name, f"{BAD} {LIBAV}", caps, known.decoder, rate)


def _payloads(packets):
    """(microseconds, payload) in the order in which they were sent, each once."""
    first = int.from_bytes(packets[0][1][2:4], "big")
    found = {}
    for time_us, data in packets:
        start = header_length(data)
        if start is not None and start < len(data):
            ahead = int.from_bytes(data[2:4], "big") - first + 0x8000 & 0xFFFF
            found.setdefault(ahead, (time_us, data[start:]))
    return [found[ahead] for ahead in sorted(found)]


def _blocks(name, payloads, rate):
    """(microseconds, block)."""
    known = FORMATS[name]
    for time_us, payload in payloads:
        size = known.block or len(payload)
        for at in range(0, len(payload) - size + 1, size):
            yield time_us + at // size * known.samples * SECOND // rate, payload[at:at + size]


def _error(gst, pipeline):
    message = pipeline.get_bus().pop_filtered(gst.MessageType.ERROR)
    return message and message.parse_error()[0].message


def _decode(name, payload_type, packets, rate):
    """Runs in the process of its own. PACKETS are (microseconds, RTP packet); the result is
    (microseconds, samples) of each piece of sound."""
    gi = need("gi")
    gi.require_version("Gst", "1.0")
    gi.require_version("GstApp", "1.0")
    from gi.repository import Gst, GstApp   # noqa: F401  (GstApp gives appsink its methods)
    Gst.init(None)
    if name in FORMATS:
        rate = rate_of(name, rate)
        packets = list(_blocks(name, _payloads(packets), rate))
        if not packets:
            return []
        pipeline = _format_pipeline(Gst, name, len(packets[0][1]), rate)
    else:
        pipeline = _pipeline(Gst, name, payload_type)
    source, sink = pipeline.get_by_name("packets"), pipeline.get_by_name("sound")
    pipeline.set_state(Gst.State.PLAYING)
    try:
        begin = packets[0][0]
        for time_us, data in packets:
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts = buffer.dts = max(time_us - begin, 0) * Gst.USECOND
            source.push_buffer(buffer)
        source.end_of_stream()
        pieces = []
        while sample := sink.try_pull_sample(PULL_SECONDS * Gst.SECOND):
            buffer = sample.get_buffer()
            pieces.append((begin + buffer.pts // Gst.USECOND,
                           buffer.extract_dup(0, buffer.get_size())))
        error = _error(Gst, pipeline)
        if error and not pieces:
            raise Failure(f"GStreamer could not decode {name}: {error}")
        return pieces
    finally:
        pipeline.set_state(Gst.State.NULL)


def _end_with(parent):
    """This process does not outlive the program, even one that is killed. (Linux; elsewhere it
    notices when it has something to say.)"""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _become_ordinary(home, parent):
    ended.by_default()
    os.environ["HOME"] = home
    os.environ["GST_REGISTRY"] = os.path.join(home, "gstreamer.registry")
    # Libraries warn there of what does no harm, such as the order of rtpspeexdepay's events; what
    # went wrong is told by exceptions.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if programs.AS_ROOT:
        import pwd
        user = pwd.getpwnam(programs.ORDINARY_USER["user"])
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    _end_with(parent)


def _in_order_at(packets, index):
    """Whether the packet at INDEX follows the one before it."""
    before, this = (int.from_bytes(packets[at][1][2:4], "big") for at in (index - 1, index))
    return (before + 1) & 0xFFFF == this


def _pause(packets, start, end):
    """Where between START and END the next packet comes much later, or is of another time: else
    END."""
    for at in range(start + 1, end):
        if abs(packets[at][0] - packets[at - 1][0]) > LONGEST_PAUSE_US:
            return at
    return end


def _portions(packets):
    """PACKETS in portions that the jitter buffer can order, each begun where they are in order."""
    start = 0
    while start < len(packets):
        most = min(start + MOST_PACKETS, len(packets))
        end = _pause(packets, start, most)
        while end == most and start + 1 < end < len(packets) and not _in_order_at(packets, end):
            end = most = end - 1
        yield packets[start:end]
        start = end


class Decoder:
    """A context that decodes streams. HOME is a folder that the ordinary user can read."""

    def __init__(self, home):
        self._pool = concurrent.futures.ProcessPoolExecutor(
            1, initializer=_become_ordinary, initargs=(str(home), os.getpid()),
            mp_context=multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn"))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._pool.shutdown(cancel_futures=True)

    def decode(self, name, payload_type, packets, rate=None):
        """(microseconds, samples as 16-bit little-endian) of each piece of sound."""
        for portion in _portions(packets):
            try:
                yield from self._pool.submit(_decode, name, payload_type, portion, rate).result()
            except concurrent.futures.process.BrokenProcessPool:
                raise Failure(f"GStreamer's decoder of {name} crashed") from None
