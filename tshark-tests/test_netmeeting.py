# SPDX-License-Identifier: GPL-2.0-or-later
"""Microsoft's data in H.225.0 and H.245."""

import h225
import h245
import pytest

from support import tshark
from support.traffic import Traffic

DATA, OTHER_PORT, ODD = ("synthetic-netmeeting-data.pcap", "synthetic-netmeeting-data-1720.pcap",
                         "synthetic-netmeeting-odd-data.pcap")


def values(capture, names, display_filter, passes):
    return tshark.fields(capture, names, display_filter, passes)


@pytest.mark.parametrize("capture", [DATA, OTHER_PORT])
def test_the_application_data_is_shown_on_every_port(capture, passes):
    names = [f"msiccp.netmeeting.{name}" for name in (
        "type", "size", "reserved", "flags", "node_guid", "guid_size", "local_guid")]
    rows = values(capture, names, "msiccp.netmeeting.data", passes)
    assert [list(row.values()) for row in rows] == [
        [["2"], ["40"], ["0x00000000"], ["0x00000000"], ["74423881-cc84-11d2-b4e3-00a0c90d0660"], ["16"],
         ["65000073-3117-d211-8000-000000000065"]],
        [["2"], ["40"], ["0x00000000"], ["0x00000007"], ["74423881-cc84-11d2-b4e3-00a0c90d0660"], ["16"],
         ["66000073-3117-d211-8000-000000000066"]]]


def test_the_session_says_so_from_then_on(passes):
    rows = values(DATA, ["msiccp.session"], "msiccp.netmeeting == true", passes)
    assert [row["msiccp.session"] for row in rows] == [["1"]] * 4
    assert tshark.frames(ODD, "msiccp.netmeeting", passes) == []


@pytest.mark.parametrize("capture", [DATA, OTHER_PORT])
def test_the_published_audio_format(capture, passes):
    names = [f"msiccp.waveformat.{name}" for name in (
        "tag", "channels", "sample_rate", "byte_rate", "block_align", "bits_per_sample",
        "extra_length", "extra")]
    rows = values(capture, names, "msiccp.waveformat", passes)
    assert [list(row.values()) for row in rows] == [
        [["0x0011"], ["1"], ["16000"], ["8000"], ["1"], ["4"], ["2"], ["1400"]]]


def test_odd_data_is_complained_of_and_shown_as_bytes(passes):
    assert tshark.frames(ODD, "msiccp.expert.netmeeting_size", passes) == [4, 8]
    assert tshark.frames(ODD, "msiccp.expert.netmeeting_guid", passes) == [8]
    assert tshark.frames(ODD, "msiccp.netmeeting.bytes", passes) == [4, 8]


@pytest.mark.parametrize("capture", [DATA, OTHER_PORT, ODD])
def test_nothing_of_stocks_is_hidden(capture, passes):
    h245_data = "h245.nsd_data" if tshark.plugin.version >= (4, 6) else "h245.data"
    shown = ["h221nonstd.netmeeting.non_standard", "h225.data", h245_data]
    ours, stock = (world.fields(capture, shown, "h225", passes)
                   for world in (tshark.plugin, tshark.stock))
    assert ours == stock


@pytest.mark.parametrize("capture", [DATA, OTHER_PORT, ODD])
def test_disabled_it_is_stock_to_the_byte(capture, passes):
    args = ["-T", "pdml", "--disable-protocol", "msiccp"]

    def packets(text):
        return text[text.index("<packet>"):]

    assert packets(tshark.run(args, capture, passes)) == packets(
        tshark.stock.run(["-T", "pdml"], capture, passes))


def test_odd_data_makes_no_message_malformed(passes):
    """Stock Wireshark has no complaint about it either."""
    assert tshark.frames(ODD, "msiccp.expert.netmeeting_size || msiccp.expert.netmeeting_guid", passes)
    assert tshark.frames(ODD, "_ws.malformed || msiccp.expert.malformed", passes) == []


def put_headed(bits, waveformat):
    """An audio capability under Microsoft's H.221 code: 20 octets, a WAVEFORMATEX, filled up to a multiple of four."""
    data = bytes.fromhex("02000000 0000f401 0000f401 01000400 00000000") + waveformat
    bits.choice(0, 4)                       # AudioCapability: nonStandard
    bits.bit(1)                             # h221NonStandard
    for part in ("b5", "00", "534c"):
        bits.octets(bytes.fromhex(part))
    bits.counted(data + bytes(-len(data) % 4))


GSM_FORMAT = bytes.fromhex("3100 0100 401f0000 59060000 4100 0000 0200 4001")


def channel_of(waveformat, name):
    """A capture of a request that opens a channel for this audio format, behind a header."""
    def data_type(bits):
        bits.choice(3, 3)                   # audioData
        put_headed(bits, waveformat)

    traffic = Traffic()
    control = h245.open_channel(1, data_type, h245.SESSION_AUDIO, control=("192.0.2.1", 6001), media=("192.0.2.1", 6000))
    traffic.send(2000, True, h225.message(h225.SETUP, 7, True, 2, guid=bytes(range(16)), h245=control))
    return traffic.write(name)


def test_an_audio_format_behind_a_header_names_its_channel(passes):
    """As the published octets of a NetMeeting have it."""
    capture = channel_of(GSM_FORMAT, "headed-audio.pcap")
    names = ["msiccp.waveformat.tag", "msiccp.netmeeting.audio_header", "msiccp.media.codec"]
    row = tshark.fields(capture, names, passes=passes)[0]
    assert row["msiccp.waveformat.tag"] == ["0x0031"]
    assert row["msiccp.netmeeting.audio_header"][0].replace(":", "") == "020000000000f4010000f4010100040000000000"
    assert row["msiccp.media.codec"] == ["GSM 6.10"]


@pytest.mark.parametrize("waveformat", [
    GSM_FORMAT[:-4] + b"\7\0" + GSM_FORMAT[-2:], GSM_FORMAT + bytes(4), GSM_FORMAT[:16], GSM_FORMAT[:-4] + bytes(4)],
    ids=["longer than it is", "something behind it", "cut", "shorter than it is"])
def test_what_is_no_audio_format_behind_a_header_is_stocks(waveformat, passes):
    """Wireshark shows these octets, and nothing is said of them. A few octets behind a format only fill it up."""
    capture = channel_of(waveformat, "no-audio.pcap")
    filled = waveformat == GSM_FORMAT[:-4] + bytes(4)
    assert len(tshark.frames(capture, "msiccp.netmeeting.audio_header", passes)) == filled
    assert tshark.frames(capture, "_ws.malformed", passes) == []
