"""RTP packets of one stream to sound: GStreamer takes them apart, puts them in order and decodes
them.

Payloads of a capture are as hostile as the rest of it, so they are decoded in a process of its own,
which started as root becomes an ordinary user first.
"""

import concurrent.futures
import dataclasses
import multiprocessing
import os
import pwd

from ..common.errors import Failure
from ..common.needs import need
from ..decode import tshark as programs

# rtpjitterbuffer waits for what is missing by the clock, unless the stream has ended: so it is given
# all packets at once. It orders by 16-bit sequence numbers, of which half may be ahead.
MOST_PACKETS = 20_000
PULL_SECONDS = 60


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
        return signalled.partition("/")[0].upper()
    return f"payload type {payload_type}"


def _pipeline(gst, codec, name, payload_type):
    caps = (f"application/x-rtp,media=(string)audio,clock-rate=(int){codec.clock},"
            f"encoding-name=(string){name},payload=(int){payload_type}{codec.caps}")
    try:
        return gst.parse_launch(
            f'appsrc name=packets format=time max-bytes=0 caps="{caps}" '
            f"! rtpjitterbuffer ! {codec.elements} ! audioconvert ! audioresample "
            f"! audio/x-raw,format=S16LE,channels=1,rate={codec.rate},layout=interleaved "
            "! appsink name=sound sync=false")
    except Exception as error:  # GLib.Error
        raise Failure(f"GStreamer cannot decode {name} ({error}): sudo apt install "
                      f"gstreamer1.0-plugins-base {GOOD} {codec.package}") from None


def _error(gst, pipeline):
    message = pipeline.get_bus().pop_filtered(gst.MessageType.ERROR)
    return message and message.parse_error()[0].message


def _decode(name, payload_type, packets):
    """Runs in the process of its own. PACKETS are (microseconds, RTP packet); the result is
    (microseconds, samples) of each piece of sound."""
    gi = need("gi")
    gi.require_version("Gst", "1.0")
    gi.require_version("GstApp", "1.0")
    from gi.repository import Gst, GstApp   # noqa: F401  (GstApp gives appsink its methods)
    Gst.init(None)
    pipeline = _pipeline(Gst, CODECS[name], name, payload_type)
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


def _become_ordinary(home):
    os.environ["HOME"] = home
    os.environ["GST_REGISTRY"] = os.path.join(home, "gstreamer.registry")
    # Libraries warn there of what does no harm, such as the order of rtpspeexdepay's events; what
    # went wrong is told by exceptions.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if programs.AS_ROOT:
        user = pwd.getpwnam(programs.ORDINARY_USER["user"])
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def _in_order_at(packets, index):
    """Whether the packet at INDEX follows the one before it."""
    before, this = (int.from_bytes(packets[at][1][2:4], "big") for at in (index - 1, index))
    return (before + 1) & 0xFFFF == this


def _portions(packets):
    """PACKETS in portions that the jitter buffer can order, each begun where they are in order."""
    start = 0
    while start < len(packets):
        end = min(start + MOST_PACKETS, len(packets))
        while start + 1 < end < len(packets) and not _in_order_at(packets, end):
            end -= 1
        yield packets[start:end]
        start = end


class Decoder:
    """A context that decodes streams. HOME is a folder that the ordinary user can read."""

    def __init__(self, home):
        self._pool = concurrent.futures.ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("fork"), initializer=_become_ordinary,
            initargs=(str(home),))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._pool.shutdown(cancel_futures=True)

    def decode(self, name, payload_type, packets):
        """(microseconds, samples as 16-bit little-endian) of each piece of sound."""
        pieces = []
        for portion in _portions(packets):
            try:
                pieces += self._pool.submit(_decode, name, payload_type, portion).result()
            except concurrent.futures.process.BrokenProcessPool:
                raise Failure(f"GStreamer's decoder of {name} crashed") from None
        return pieces
