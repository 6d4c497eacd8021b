# SPDX-License-Identifier: GPL-2.0-or-later
"""msiccp-calls audio: what was said is found in the WAV, by frequency, level and length."""

import os
import pathlib
import shutil
import struct
import subprocess
import wave

import numpy
import pytest

import media
import tones
import tool

pytestmark = pytest.mark.xdist_group("audio")

CODECS = tool.PLUGIN.with_name("msiccp-codecs.so")
TRY_CODEC = tool.PLUGIN.with_name("try_codec")

MILLIWATT = 1004        # Hz: what the recorded endpoints play
MILLIWATT_RMS = 16422   # and its level, after mu-law's decoder
TONE_RMS = 32767 * tones.LEVEL / 2 ** 0.5   # of the same tone, where they play it from a file


class Sound:
    def __init__(self, file):
        with wave.open(str(file)) as opened:
            assert opened.getnchannels() == 2 and opened.getsampwidth() == 2
            self.rate = opened.getframerate()
            self.samples = numpy.frombuffer(opened.readframes(opened.getnframes()),
                                            "<i2").reshape(-1, 2).astype(float)
        self.left, self.right = self.samples[:, 0], self.samples[:, 1]

    def seconds(self, channel):
        """From the first sound to the last."""
        loud = numpy.nonzero(abs(channel) > 300)[0]
        return (loud[-1] - loud[0]) / self.rate

    def begins(self, channel):
        return numpy.nonzero(abs(channel) > 300)[0][0] / self.rate

    def frequency(self, channel):
        spectrum = abs(numpy.fft.rfft(channel * numpy.hanning(len(channel))))
        return spectrum.argmax() * self.rate / len(channel)

    def purity(self, channel):
        """How much of its energy is within 30 Hz of its tone."""
        spectrum = abs(numpy.fft.rfft(channel * numpy.hanning(len(channel)))) ** 2
        width = max(2, round(30 * len(channel) / self.rate))
        top = spectrum.argmax()
        return spectrum[max(0, top - width):top + width + 1].sum() / spectrum.sum()

    def level(self, channel, start=None, end=None):
        """Root mean square, of all that sounds or from START to END."""
        if start is None:
            loud = numpy.nonzero(abs(channel) > 300)[0]
            part = channel[loud[0]:loud[-1]]
        else:
            part = channel[int(start * self.rate):int(end * self.rate)]
        return float(numpy.sqrt((part ** 2).mean()))


def listen(capture, tmp_path, *arguments, status=0):
    done = tool.run("audio", capture, "-o", tmp_path / "call.wav", *arguments, status=status)
    return Sound(tmp_path / "call.wav"), done


@pytest.mark.parametrize("name, arguments, rms, purity", [
    ("h323-alaw-1730", [], MILLIWATT_RMS, 0.99),
    ("h323-gsm-1732", [], MILLIWATT_RMS, 0.95),
    ("h323-speex-1731", ["--codec", "110=speex"], MILLIWATT_RMS, 0.9),
    ("h323-g729-1731", [], TONE_RMS, 0.9),
    ("h323-g723-1731", [], TONE_RMS, 0.9),
    ("h323-ipv6-1731", [], MILLIWATT_RMS, 0.99),
    ("derived-vlan", [], MILLIWATT_RMS, 0.95),
    *(pytest.param(*call, marks=pytest.mark.long) for call in (
        ("h323-separate-h245-1731", [], MILLIWATT_RMS, 0.99),
        ("h323-g726-1731", ["--codec", "111=G726-32"], MILLIWATT_RMS, 0.98),
        ("h323-tunnelled-1731", [], MILLIWATT_RMS, 0.99),
        ("derived-mirrored", [], MILLIWATT_RMS, 0.95))),
])
def test_the_tone_of_a_recorded_call(name, arguments, rms, purity, tmp_path):
    sound, _done = listen(tool.CAPTURES / f"{name}.pcap", tmp_path, *arguments)
    (record,) = tool.records(tool.CAPTURES / f"{name}.pcap")
    for channel, to in ((sound.left, "callee"), (sound.right, "caller")):
        (stream,) = [stream for stream in record["streams"] if stream["to"] == to]
        length = (stream["last"]["time_us"] - stream["first"]["time_us"]) / 1e6 + 0.02
        assert sound.frequency(channel) == pytest.approx(MILLIWATT, abs=1.5)
        assert sound.level(channel) == pytest.approx(rms, rel=0.12)
        assert sound.seconds(channel) == pytest.approx(length, abs=0.05)
        assert sound.purity(channel) > purity


def played(home, capture, ssrc, codec):
    """The samples of a stream, by the functions that the RTP Player calls. HOME has the codecs."""
    ordinary = {"env": {"PATH": os.environ["PATH"], "HOME": home}, "cwd": "/", "check": True,
                "stdout": subprocess.PIPE} | tool.ordinary_user()
    with open(capture, "rb") as opened:
        shown = subprocess.run(
            [tool.TSHARK, "-n", "-r", "-", "-Y", f"rtp.ssrc == {ssrc}", "-T", "fields", "-e", "rtp.payload"],
            stdin=opened, text=True, **ordinary).stdout
    payloads = [bytes.fromhex(line.replace(":", "")) for line in shown.split()]
    given = b"".join(struct.pack("<H", len(payload)) + payload for payload in payloads)
    return numpy.frombuffer(subprocess.run([f"{home}/try_codec", codec], input=given, **ordinary).stdout, "<i2")


def install_codecs(home):
    (plugins,) = pathlib.Path(home).rglob("epan")
    codecs = plugins.parent / "codecs"
    codecs.mkdir(mode=0o755)
    shutil.copy(CODECS, codecs)
    shutil.copy(TRY_CODEC, home)


@pytest.mark.skipif(not TRY_CODEC.exists(), reason="built without libavcodec")
@pytest.mark.parametrize("name, codec", [("h323-gsm-1732", "GSM"), ("h323-g723-1731", "G723")])
def test_wiresharks_player_plays_the_same(name, codec, tmp_path):
    capture = tool.CAPTURES / f"{name}.pcap"
    sound, _done = listen(capture, tmp_path)
    (record,) = tool.records(capture)
    with tool.plugin_home() as home:
        install_codecs(home)
        for to, channel in (("callee", sound.left), ("caller", sound.right)):
            (ssrc,) = [stream["ssrc"] for stream in record["streams"] if stream["to"] == to]
            samples = played(home, capture, ssrc, codec)
            loud, start = (numpy.nonzero(abs(heard.astype(int)) > 300)[0][0] for heard in (samples, channel))
            assert len(samples) > 8000
            assert (channel[start:][:len(samples) - loud] == samples[loud:]).all()


@pytest.mark.parametrize("codec, payload_type, ticks, spacing_us, purity", [
    (tones.g722, 9, 160, 20_000, 0.99),
    (tones.g723, 4, 240, 30_000, 0.9),
    (tones.g729, 18, 160, 20_000, 0.9),
    (tones.linear, 11, 441, 10_000, 0.99),
], ids=["G722", "G723", "G729", "L16"])
def test_the_tones_of_a_synthetic_call(codec, payload_type, ticks, spacing_us, purity, folder,
                                       tmp_path):
    """A tone of its own from each end: which is which is told by its channel."""
    capture = folder / "synthetic-audio.pcap"
    media.call_with(capture, *(media.stretch(payload_type, codec(frequency), ticks, spacing_us)
                               for frequency in (1004, 600)))
    sound, _done = listen(capture, tmp_path)
    for channel, frequency in ((sound.left, 1004), (sound.right, 600)):
        assert sound.frequency(channel) == pytest.approx(frequency, abs=1.5)
        assert sound.level(channel) == pytest.approx(TONE_RMS, rel=0.1)
        assert sound.seconds(channel) == pytest.approx(tones.SECONDS, abs=0.07)
        assert sound.purity(channel) > purity


@pytest.mark.parametrize("codec, name, ticks, purity", [
    (tones.ms_adpcm, "Microsoft ADPCM", 500, 0.98),
    (tones.ima_adpcm, "IMA/DVI ADPCM", 505, 0.98),
    (tones.ms_gsm, "GSM 6.10", 320, 0.9),
], ids=["MS-ADPCM", "IMA-ADPCM", "MS-GSM"])
def test_the_tones_of_microsofts_formats(codec, name, ticks, purity, folder, tmp_path):
    """One payload lost, and two in the other order."""
    capture = folder / "synthetic-formats.pcap"
    packets = [media.stretch(60, codec(frequency), ticks, ticks * 125) for frequency in (1004, 600)]
    for stream in packets:
        stream[5] = (*stream[5][:3], None)
        stream[8], stream[9] = (stream[9][0], *stream[8][1:]), (stream[8][0], *stream[9][1:])
    media.call_with(capture, *packets)
    sound, _done = listen(capture, tmp_path, "--codec", f"60={name}")
    for channel, frequency in ((sound.left, 1004), (sound.right, 600)):
        assert sound.frequency(channel) == pytest.approx(frequency, abs=1.5)
        assert sound.seconds(channel) == pytest.approx(tones.SECONDS, abs=0.15)
        assert sound.purity(channel) > purity - 0.1


def tunnelled(capture, path):
    """Each IPv4 packet in another one, from and to other hosts (RFC 2003)."""
    frames = []
    for time, frame in media.read(capture):
        if frame[12:14] == b"\x08\0":
            inner = frame[14:]
            outer = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(inner), 0, 0, 64, 4, 0,
                                bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
            frame = frame[:14] + outer + inner
        frames.append((time, frame))
    media.write(path, frames)


def test_in_a_tunnel(folder, tmp_path):
    tunnelled(tool.SHORT_CALL, folder / "synthetic-tunnel.pcap")
    sound, _done = listen(folder / "synthetic-tunnel.pcap", tmp_path)
    for channel in (sound.left, sound.right):
        assert sound.frequency(channel) == pytest.approx(MILLIWATT, abs=1.5)


def test_both_ends_are_where_they_were_in_time(folder, tmp_path):
    capture = folder / "synthetic-later.pcap"
    later = [(after + 1_300_000, *rest) for after, *rest in
             media.stretch(0, tones.ulaw(600), 160, 20_000)]
    media.call_with(capture, media.stretch(0, tones.ulaw(1004), 160, 20_000), later)
    sound, _done = listen(capture, tmp_path)
    # In the recorded call the callee's first packet comes 21 ms after the caller's.
    assert sound.begins(sound.right) - sound.begins(sound.left) == pytest.approx(1.321, abs=0.005)


def test_what_was_lost_or_not_sent_is_silence(folder, tmp_path):
    """To the callee a second was lost; to the caller a second was not sent, as with silence
    suppression: numbers go on, times jump."""
    lost = [packet if not 50 <= number < 100 else (*packet[:3], None) for number, packet in
            enumerate(media.stretch(0, tones.ulaw(1004), 160, 20_000))]
    suppressed = [packet for number, packet in
                  enumerate(media.stretch(0, tones.ulaw(600), 160, 20_000))
                  if not 50 <= number < 100]
    capture = folder / "synthetic-gaps.pcap"
    media.call_with(capture, lost, suppressed)
    sound, _done = listen(capture, tmp_path)
    for channel, begin in ((sound.left, 0), (sound.right, sound.begins(sound.right))):
        for start, end, expected in ((0.1, 0.95, TONE_RMS), (1.05, 1.95, 0), (2.05, 2.9, TONE_RMS)):
            assert sound.level(channel, begin + start, begin + end) == pytest.approx(
                expected, rel=0.02, abs=1)


def test_packets_out_of_order_and_twice(folder, tmp_path):
    capture, disturbed = folder / "synthetic-straight.pcap", folder / "synthetic-disturbed.pcap"
    media.call_with(capture, *(media.stretch(0, tones.ulaw(frequency), 160, 20_000)
                               for frequency in (1004, 600)))
    straight, _done = listen(capture, tmp_path)
    frames = media.read(capture)
    rtp = [number for number, (_time, frame) in enumerate(frames)
           if media.is_rtp(frame) and frame[29] == 10]
    for number in range(10, 100, 7):        # two packets change places, with their times kept
        one, other = frames[rtp[number]], frames[rtp[number + 1]]
        one[1], other[1] = other[1], one[1]
    frames += [[frames[number][0] + 100, frames[number][1]] for number in rtp[20:60:5]]
    media.write(disturbed, sorted(frames, key=lambda frame: frame[0]))
    sound, _done = listen(disturbed, tmp_path)
    assert len(sound.left) == len(straight.left)
    assert (abs(sound.left - straight.left) < 2).mean() > 0.99


def test_a_codec_that_changes_in_mid_call(folder, tmp_path):
    half = tones.ulaw(1004)[:75], tones.g729(1004)[75:]
    packets = media.stretch(0, half[0], 160, 20_000) + [
        (after + 1_500_000, payload_type, timestamp + 12_000, payload)
        for after, payload_type, timestamp, payload in media.stretch(18, half[1], 160, 20_000)]
    capture = folder / "synthetic-change.pcap"
    media.call_with(capture, packets, media.stretch(0, tones.ulaw(600), 160, 20_000))
    sound, _done = listen(capture, tmp_path)
    for start, end in ((0.1, 1.4), (1.6, 2.9)):
        assert sound.level(sound.left, start, end) == pytest.approx(TONE_RMS, rel=0.15)


def test_a_long_call_with_a_gap_at_its_beginning(folder, tmp_path):
    """More packets than half the sequence numbers: they are put in order in portions."""
    payloads = tones.ulaw(1004)
    packets = [(number * 20_000, 0, number * 160, payloads[number % 50]) for number in range(45_000)]
    packets[100] = (*packets[100][:3], None)
    capture = folder / "synthetic-long.pcap"
    media.call_with(capture, packets, media.stretch(0, tones.ulaw(600), 160, 20_000))
    sound, _done = listen(capture, tmp_path)
    assert sound.seconds(sound.left) == pytest.approx(45_000 * 0.02, abs=1)


def test_one_way_audio_is_heard_one_way(tmp_path):
    sound, _done = listen(tool.CAPTURES / "derived-one-way-media.pcap", tmp_path)
    assert sound.frequency(sound.left) == pytest.approx(MILLIWATT, abs=1.5)
    assert not sound.right.any()


def test_what_cannot_be_decoded_is_said_by_name(folder, tmp_path):
    capture = folder / "synthetic-dvi4.pcap"
    media.call_with(capture, media.stretch(5, [bytes(84)] * 50, 160, 20_000),
                    media.stretch(0, tones.ulaw(600), 160, 20_000))
    sound, done = listen(capture, tmp_path, status=1)
    assert "50 packets of DVI4 cannot be decoded" in done.stderr
    assert sound.frequency(sound.right) == pytest.approx(600, abs=1.5)
    done = tool.run("audio", tool.CAPTURES / "h323-speex-1731.pcap", "-o", tmp_path / "none.wav",
                    status=1)
    assert "of payload type 110 cannot be decoded: the signalling does not name its codec" in (
        done.stderr)
    assert not (tmp_path / "none.wav").exists()


def test_a_call_of_several_is_chosen_by_its_session(tmp_path):
    capture = tool.CAPTURES / "h323-three-calls-at-once-1731.pcap"
    done = tool.run("audio", capture, "-o", tmp_path / "call.wav", status=2)
    assert "--session 2 (near to 1001)" in done.stderr
    sound, done = listen(capture, tmp_path, "--session", "2")
    assert "near to 1001" in done.stderr
    assert sound.seconds(sound.left) == pytest.approx(2.1, abs=0.1)
    assert "no session 9" in tool.run("audio", capture, "--session", "9", "-o",
                                      tmp_path / "x.wav", status=2).stderr


def test_a_call_without_audio(tmp_path):
    done = tool.run("audio", tool.CAPTURES / "h323-busy-1731.pcap", "-o", tmp_path / "x.wav",
                    status=1)
    assert "has no audio" in done.stderr


def test_played_by_alsa(tmp_path):
    """The machine's default device is a file: what is played is in it."""
    (tmp_path / "asoundrc").write_text(
        f'pcm.!default {{ type file slave.pcm null file "{tmp_path}/played.raw" format raw }}\n'
        "pcm.null { type null }\n")
    tool.run("audio", tool.SHORT_CALL, "--play",
             env=tool.environment(HOME=str(tmp_path), GST_REGISTRY=str(tmp_path / "registry"),
                                  ALSA_CONFIG_PATH=f"{tmp_path}/asound.conf")
             if shutil.copy(tmp_path / "asoundrc", tmp_path / "asound.conf") else None)
    played = tmp_path / "played.raw"
    assert played.exists() and os.path.getsize(played) > 30_000


def test_decoders_of_captures_do_not_run_as_root(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root")
    trace = tmp_path / "users"
    watch = subprocess.run(
        ["/usr/bin/python3", "-c", f"""
import sys, os
sys.path.insert(0, {str(tool.ROOT / 'tools')!r})
from msiccp_calls.calls import sound
with sound.Decoder('/tmp') as decoder:
    print(decoder._pool.submit(os.getuid).result(), decoder._pool.submit(os.getgroups).result())
"""], capture_output=True, text=True, check=True)
    trace.write_text(watch.stdout)
    assert watch.stdout.split()[0] not in ("0", "") and "[]" in watch.stdout
