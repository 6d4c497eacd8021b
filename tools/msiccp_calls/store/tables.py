# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables. docs/ARCHIVES.md describes them; a test holds the two together."""

from ..common.needs import need

sa = need("sqlalchemy")

metadata = sa.MetaData()


def _id():
    # SQLite counts in INTEGER PRIMARY KEY only.
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def _of(table):
    """The row that this one is part of, and goes with."""
    return sa.Column(f"{table.removesuffix('s')}_id", sa.BigInteger,
                     sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, index=True)


def _text(name, **more):
    return sa.Column(name, sa.Text, **more)


def _number(name, **more):
    return sa.Column(name, sa.BigInteger, **more)


def _real(name):
    return sa.Column(name, sa.Float(53))


captures = sa.Table(
    "captures", metadata, _id(),
    _text("name", nullable=False, unique=True),
    _number("size", nullable=False),
    _text("status", nullable=False, index=True),
    _text("message"),
    _text("ring", index=True),
    _text("options", nullable=False),
    _text("tshark"), _text("plugin"), _text("scanned", nullable=False))

files = sa.Table(
    "files", metadata, _id(), _of("captures"),
    _number("position", nullable=False),
    _text("path", nullable=False, unique=True),
    _number("size", nullable=False),
    _number("changed_us", nullable=False),
    _text("sha256", index=True))

calls = sa.Table(
    "calls", metadata, _id(), _of("captures"),
    _number("session", nullable=False),
    _number("call"),
    _text("start"), _number("start_us", index=True), _number("start_frame"),
    _number("setup_us"), _number("ringing_us"), _number("answer_us"), _number("release_us"),
    _number("closed_us"), _number("closed_by_reset"),
    _number("setup_time_us"), _number("ring_time_us"), _number("talk_time_us"),
    _text("coding"), _number("call_reference"),
    _text("call_identifier", index=True), _text("conference_identifier"),
    _text("caller_address"), _number("caller_port"), _text("caller_alias"), _text("caller_product"),
    _text("callee_address"), _number("callee_port"), _text("callee_alias"), _text("callee_product"),
    _text("state"), _text("outcome"), _number("cause"), _text("cause_text"),
    _text("reason"), _text("reason_text"), _text("released_by"), _number("forwarded_to"),
    _text("forwarded_to_party"),
    _text("verdict"), _text("explanation"), _number("failing", nullable=False),
    _number("whole_id", index=True), _number("odd_times"),
    sa.UniqueConstraint("capture_id", "session"),
    # What the views that count are answered from.
    sa.Index("calls_by_verdict_of", "verdict", "outcome", "failing"),
    sa.Index("calls_by_pair_of", "caller_address", "callee_address", "failing", "talk_time_us"),
    sa.Index("calls_failing", "failing", "start_us"))
sa.Index("calls_by_hour_of", sa.func.substr(calls.c.start, sa.text("1"), sa.text("13")),
         calls.c.failing)

records = sa.Table(
    "records", metadata,
    sa.Column("call_id", sa.BigInteger, sa.ForeignKey("calls.id", ondelete="CASCADE"),
              primary_key=True, autoincrement=False),
    _text("record", nullable=False))

streams = sa.Table(
    "streams", metadata, _id(), _of("calls"),
    _number("number", nullable=False),
    _text("to_end"), _text("link"),
    _text("source_address"), _number("source_port"),
    _text("destination_address"), _number("destination_port"),
    _number("ssrc"), _number("payload_type"), _text("payload_types"),
    _text("codec"), _text("negotiated_codec"),
    _number("first_us"), _number("first_frame"), _number("last_us"), _number("last_frame"),
    _number("packets"), _number("expected"), _number("lost"), _real("loss"),
    _real("jitter_max_ms"), _real("jitter_mean_ms"), _number("octets"), _number("rtcp"),
    _real("mos"), _real("r_factor"),
    sa.UniqueConstraint("call_id", "number"),
    sa.Index("streams_by_codec", "codec", "packets", "expected", "lost"),
    sa.Index("streams_by_loss", "loss"),
    sa.Index("streams_by_source", "source_address"),
    sa.Index("streams_by_destination", "destination_address"))

findings = sa.Table(
    "findings", metadata, _id(), _of("calls"),
    _number("number", nullable=False),
    _text("finding", nullable=False), _text("explanation"), _text("frames"),
    sa.UniqueConstraint("call_id", "number"),
    sa.Index("findings_by_name", "finding", "call_id"))

ports = sa.Table(
    "ports", metadata, _id(), _of("captures"),
    _number("number", nullable=False),
    _text("address"), _number("port"), _text("transport"),
    _text("kind"), _text("name"), _text("how"),
    _number("connections"), _number("clients"),
    _number("bytes_to_server"), _number("bytes_from_server"),
    _number("first_us"), _number("last_us"),
    _number("refused"), _number("unanswered"), _text("scan"), _text("notes"),
    _text("record", nullable=False),
    sa.UniqueConstraint("capture_id", "number"),
    sa.Index("ports_by_server", "address", "port", "transport"))
