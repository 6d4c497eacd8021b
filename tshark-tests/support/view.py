# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark shows of a capture, one Row a frame, for assertions.

    for row in view.rows("h323-short-call-1731.pcap"):
        row.number, row.time, row["msiccp.session"], row.word("msiccp.event")

`rows` is with the plugin, `stock_rows` without it; both are asked of tshark once for each way to run. Of a small
capture the statistics are asked for at once (support/reports.py): tshark takes longer to start than to read it.
"""

import decimal
import functools
import json

from support import files, tshark

CODINGS = ["h225", "ras", "native", "opaque", "foreign"]
EVENTS = ["request", "proceeding", "ringing", "accept", "reject", "media", "release", "other"]
STATES = ["requested", "proceeding", "ringing", "answered", "media", "released", "rejected",
          "abandoned"]
CHANNELS = ["control", "h245", "rtp", "rtcp"]
LINKS = ["negotiated", "advertised", "observed"]
OUTCOMES = ["answered", "busy", "rejected", "no_answer", "cancelled", "failed", "incomplete"]
EXPERTS = json.loads((files.ROOT / "docs" / "cdr.schema.json").read_text())["definitions"]["finding"]["enum"]

WORDS = {"msiccp.coding": CODINGS, "msiccp.event": EVENTS, "msiccp.state": STATES,
         "msiccp.channel": CHANNELS, "msiccp.link": LINKS, "msiccp.outcome": OUTCOMES}

EVERY_FRAME = ["msiccp.session", "msiccp.channel", "msiccp.state", "msiccp.setup_in"]
CONTROL = ["msiccp.coding", "msiccp.event", "msiccp.from_caller", "msiccp.message",
           "msiccp.call_reference", "msiccp.length", "msiccp.response_in", "msiccp.response_to",
           "msiccp.response_time", "msiccp.time_since_setup", "msiccp.caller", "msiccp.callee",
           "msiccp.caller.product", "msiccp.callee.product"]
MEDIA = ["msiccp.media.addr", "msiccp.media.addr6", "msiccp.media.port", "msiccp.media.codec"]
END = ["msiccp.outcome", "msiccp.cause", "msiccp.released_by_caller", "msiccp.setup_time",
       "msiccp.ring_time", "msiccp.talk_time"]
EXPERT = [f"msiccp.expert.{name}" for name in EXPERTS]
JUDGED = ["msiccp.verdict", "msiccp.diagnosis"]
OURS = EVERY_FRAME + ["msiccp.call", "msiccp.link"] + CONTROL + MEDIA + END + JUDGED + EXPERT

STATISTICS = ["msiccp,cdr", "msiccp,calls", "rtp,streams", "msiccp,ports", "msiccp,ports_json"]

STOCK = ["frame.number", "frame.time_epoch", "frame.protocols", "ip.src", "ip.dst", "ipv6.src",
         "ipv6.dst", "tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.len", "tcp.flags.syn", "tcp.flags.ack",
         "udp.srcport", "udp.dstport", "tpkt.length", "q931.message_type", "q931.call_ref",
         "q931.cause_value", "h225.h245IpPort", "h225.h245Ip6port", "h245.pdu_type", "h245.ip4_network",
         "h245.ip6_network", "h245.tsapIdentifier", "h245.ipv6.tsapIdentifier", "rtp.version", "rtp.setup-frame",
         "rtp.setup-method", "rtcp.pt", "rtcp.setup-frame", "rtcp.setup-method"]


class Row:
    """The values of one frame: the list of them of each field that has any."""

    def __init__(self, values):
        self.values = values
        self.number = int(values["frame.number"][0])
        self.time = decimal.Decimal(values["frame.time_epoch"][0])

    def __getitem__(self, name):
        return self.values.get(name, [])

    def __repr__(self):
        return f"frame {self.number}: {self.values}"

    def one(self, name):
        """The value of a field that comes at most once: None if it does not."""
        assert len(self[name]) <= 1, f"{name} comes {len(self[name])} times in {self!r}"
        return self[name][0] if self[name] else None

    def integer(self, name):
        """The value of a field; one that comes more than once must be the same each time."""
        assert len(set(self[name])) <= 1, f"{name} has several values in {self!r}"
        return int(self[name][0], 0) if self[name] else None

    def seconds(self, name):
        value = self.one(name)
        return None if value is None else decimal.Decimal(value)

    def truth(self, name):
        value = self.one(name)
        return None if value is None else tshark.truth(value)

    def words(self, name):
        return [WORDS[name][int(value)] for value in self[name]]

    def word(self, name):
        words = self.words(name)
        assert len(words) <= 1, f"{name} comes {len(words)} times in {self!r}"
        return words[0] if words else None

    @property
    def source(self):
        return (self["ip.src"] or self["ipv6.src"])[0]

    @property
    def destination(self):
        return (self["ip.dst"] or self["ipv6.dst"])[0]

    @property
    def source_port(self):
        return int((self["tcp.srcport"] or self["udp.srcport"])[0])

    @property
    def destination_port(self):
        return int((self["tcp.dstport"] or self["udp.dstport"])[0])

    @property
    def is_rtp(self):
        return bool(self["rtp.version"])

    @property
    def is_rtcp(self):
        return bool(self["rtcp.pt"])

    @property
    def is_h245_connection(self):
        return bool(self["h245.pdu_type"]) and not self["q931.message_type"]

    @property
    def is_control(self):
        return bool(self["q931.message_type"])

    @property
    def session(self):
        """The number of the one session of this frame, or None."""
        numbers = set(self["msiccp.session"])
        assert len(numbers) <= 1, f"more than one session: {self!r}"
        return int(numbers.pop()) if numbers else None

    @property
    def experts(self):
        return [name for name in EXPERTS if self[f"msiccp.expert.{name}"]]


def fields_of(world):
    return STOCK + (OURS if world.plugin else [])


@functools.lru_cache(maxsize=48)
def answer(world, capture, passes, prefs, extra):
    """What tshark prints: the lines of the frames, and those of the statistics that are asked for with them."""
    is_asked_for_all = world.plugin and files.is_small(capture)
    statistics = [part for name in STATISTICS for part in ("-z", name)] if is_asked_for_all else []
    lines = world.run([*tshark.field_options(fields_of(world)), *extra, *statistics],
                      capture, passes, prefs).split("\n")[:-1]
    return ([line for line in lines if tshark.FIELD_END in line],
            [line for line in lines if tshark.FIELD_END not in line])


@functools.lru_cache(maxsize=48)
def rows_of(world, capture, passes, prefs, extra):
    """Taken apart only for those who ask for frames: most ask for the statistics."""
    return [Row(tshark.values_in(fields_of(world), line)) for line in answer(world, capture, passes, prefs, extra)[0]]


def rows(capture, passes=(), prefs=(), extra=()):
    """Every frame of the capture."""
    return rows_of(tshark.plugin, capture, tuple(passes), tuple(prefs), tuple(extra))


def stock_rows(capture, passes=(), prefs=()):
    """Every frame, as Wireshark shows it without the plugin."""
    return rows_of(tshark.stock, capture, tuple(passes), tuple(prefs), ())


def session_rows(capture, passes=(), number=None, **how):
    """The frames that belong to a session: any, or this one."""
    return [row for row in rows(capture, passes, **how)
            if row["msiccp.session"] and (number is None or str(number) in row["msiccp.session"])]


def control_rows(capture, passes=(), number=None, **how):
    return [row for row in session_rows(capture, passes, number, **how)
            if "control" in row.words("msiccp.channel")]


def ends(capture, passes=(), **how):
    """The frames that end a session, by its number."""
    found = {}
    for row in rows(capture, passes, **how):
        if row["msiccp.released_by_caller"]:
            assert row.session not in found, f"session {row.session} ends twice"
            found[row.session] = row
    return found


def experts(capture, passes=(), **how):
    """All expert infos of ours: {frame number: [name, ...]}."""
    return {row.number: row.experts for row in rows(capture, passes, **how) if row.experts}
