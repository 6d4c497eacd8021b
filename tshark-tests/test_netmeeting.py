"""Microsoft's data in H.225.0 and H.245."""

import pytest

from support import tshark

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
