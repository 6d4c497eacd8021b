"""Control traffic that nobody can read: what can be said of it, and no more."""

import tsh

WITH_MEDIA = "synthetic-opaque-with-media.pcap"
WITHOUT_MEDIA = "synthetic-opaque-without-media.pcap"


def test_an_opaque_connection_is_a_session_with_turns(passes):
    """Four segments in three turns; the first is a request, and nothing is called an answer."""
    rows = tsh.fields(WITH_MEDIA, ["msiccp.session", "msiccp.opaque.turn", "msiccp.opaque.turn_starts",
                                   "msiccp.event", "msiccp.from_caller"],
                      'msiccp.coding == "opaque"', passes=passes)
    assert [row["msiccp.session"] for row in rows] == [["1"]] * 4
    assert [row["msiccp.opaque.turn"][0] for row in rows] == ["1", "1", "2", "3"]
    assert [row["msiccp.opaque.turn_starts"][0] for row in rows] == ["1", "0", "1", "1"]
    assert [row["msiccp.event"][0] for row in rows] == ["0", "7", "7", "7"]
    assert [row["msiccp.from_caller"][0] for row in rows] == ["1", "1", "0", "1"]


def test_what_is_inferred_says_so(passes):
    text = tsh.run(["-O", "msiccp", "-Y", 'msiccp.coding == "opaque"'], WITH_MEDIA, passes=passes)
    assert "[Event: request (0) (inferred)]" in text
    assert "[Media: candidate (inferred) at 192.0.2.10 port 49606]" in text


def test_the_bytes_are_shown_and_stock_shows_no_more(passes):
    rows = tsh.fields(WITH_MEDIA, ["msiccp.opaque.data", "tcp.payload", "data.data"],
                      'msiccp.coding == "opaque"', passes=passes)
    assert rows
    for row in rows:
        assert row["msiccp.opaque.data"] == row["tcp.payload"] == row["data.data"]


def test_addresses_of_the_two_hosts_are_candidates(passes):
    """One in a Windows sockaddr_in, which says where its port is; one as in H.245, which does not."""
    rows = tsh.fields(WITH_MEDIA, ["msiccp.media.addr", "msiccp.media.port"],
                      "msiccp.media.port", passes=passes)
    assert rows[0] == {"msiccp.media.addr": ["192.0.2.10"], "msiccp.media.port": ["49606"]}
    assert set(rows[1]["msiccp.media.addr"]) == {"192.0.2.20"}
    assert "49608" in rows[1]["msiccp.media.port"]


def test_a_stream_at_a_candidate_is_advertised(passes):
    """All but the first packet, which could still have been anything."""
    udp = tsh.frames(WITH_MEDIA, "udp", passes=passes)
    assert tsh.frames(WITH_MEDIA, 'msiccp.session == 1 && msiccp.link == "advertised"',
                      passes=passes) == udp[2:]


def test_a_candidate_alone_joins_nothing(passes):
    """Nor does RTP between the same hosts when the connection has been closed."""
    assert tsh.frames(WITHOUT_MEDIA, "msiccp.media.port", passes=passes)
    assert tsh.frames(WITHOUT_MEDIA, "msiccp.link", passes=passes) == []
    assert tsh.frames(WITHOUT_MEDIA, "rtp", passes=passes) == []


def test_an_audio_format_among_the_bytes_is_found_and_inferred(passes):
    """The example of [MS-H245] 4.1, in the second segment."""
    rows = tsh.fields(WITH_MEDIA, ["msiccp.waveformat.tag", "msiccp.waveformat.sample_rate", "msiccp.opaque.turn"],
                      "msiccp.waveformat", passes=passes)
    assert rows == [{"msiccp.waveformat.tag": ["0x0011"], "msiccp.waveformat.sample_rate": ["16000"],
                     "msiccp.opaque.turn": ["1"]}]
    text = tsh.run(["-O", "msiccp", "-Y", "msiccp.waveformat"], WITH_MEDIA, passes=passes)
    assert "Audio format: IMA/DVI ADPCM, 16000 Hz (inferred)" in text


def test_no_outcome_is_claimed(passes):
    for capture in (WITH_MEDIA, WITHOUT_MEDIA):
        assert tsh.frames(capture, "msiccp.outcome", passes=passes) == []
