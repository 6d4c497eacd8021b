# SPDX-License-Identifier: GPL-2.0-or-later
"""Tones, encoded by real encoders: ffmpeg's, and libbcg729's for G.729.

    tones.py g729|g723 SECONDS > FILE       as Asterisk plays it, for script/record-calls

Asterisk has no encoder of these two: it passes on what is in a file.
"""

import ctypes
import math
import struct
import subprocess
import sys

LEVEL, SECONDS = 0.5, 3
G723_TICKS = 240


def tone(frequency, rate=8000, seconds=SECONDS):
    return [round(32767 * LEVEL * math.sin(2 * math.pi * frequency * at / rate))
            for at in range(rate * seconds)]


def _ffmpeg(codec, frequency, rate, size, *options, seconds=SECONDS):
    """Encoded by ffmpeg, in payloads of SIZE bytes."""
    data = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
         f"aevalsrc={LEVEL}*sin(2*PI*{frequency}*t):s={rate}:d={seconds}", "-map", "0:a",
         "-c:a", codec, *options, "-f", "data", "-"], stdout=subprocess.PIPE, check=True).stdout
    return [data[start:start + size] for start in range(0, len(data), size)]


def g722(frequency):
    return _ffmpeg("g722", frequency, 16000, 160)


def g723(frequency, seconds=SECONDS):
    return _ffmpeg("g723_1", frequency, 8000, 24, "-b:a", "6300", seconds=seconds)


def g729(frequency, seconds=SECONDS):
    """By libbcg729, two frames of 10 ms a payload."""
    library = ctypes.CDLL("libbcg729.so.0")
    library.initBcg729EncoderChannel.restype = ctypes.c_void_p
    channel = ctypes.c_void_p(library.initBcg729EncoderChannel(ctypes.c_uint8(0)))
    frame, length = (ctypes.c_uint8 * 15)(), ctypes.c_uint8()
    samples, frames = tone(frequency, seconds=seconds), []
    for start in range(0, len(samples), 80):
        library.bcg729Encoder(channel, (ctypes.c_int16 * 80)(*samples[start:start + 80]), frame,
                              ctypes.byref(length))
        frames.append(bytes(frame[:length.value]))
    return [b"".join(frames[at:at + 2]) for at in range(0, len(frames), 2)]


def ms_adpcm(frequency):
    """Microsoft's ADPCM in blocks of 256 bytes, 500 samples each."""
    return _ffmpeg("adpcm_ms", frequency, 8000, 256, "-block_size", "256")


def ima_adpcm(frequency):
    """In blocks of 256 bytes, 505 samples each."""
    return _ffmpeg("adpcm_ima_wav", frequency, 8000, 256, "-block_size", "256")


def ms_gsm(frequency):
    """GSM 06.10 in Microsoft's packing, two frames in 65 bytes."""
    return _ffmpeg("libgsm_ms", frequency, 8000, 65)


def ulaw(frequency):
    return _ffmpeg("pcm_mulaw", frequency, 8000, 160)


def linear(frequency):
    """L16 of 44,100 Hz, 10 ms a payload."""
    samples = struct.pack(f">{44100 * SECONDS}h", *tone(frequency, 44100))
    return [samples[start:start + 882] for start in range(0, len(samples), 882)]


def asterisk_file(codec, frequency, seconds):
    """The content of a file FILE.g729 or FILE.g723 of Asterisk's. In the latter each frame has a
    time, which Asterisk does not use, and its length before it."""
    if codec == "g729":
        return b"".join(g729(frequency, seconds))
    return b"".join(struct.pack(">IH", G723_TICKS, len(frame)) + frame
                    for frame in g723(frequency, seconds))


if __name__ == "__main__":
    sys.stdout.buffer.write(asterisk_file(sys.argv[1], 1004, int(sys.argv[2])))
