# SPDX-License-Identifier: GPL-2.0-or-later
"""From the records that tshark prints to rows: nothing else here knows their keys.

docs/CDR.md and docs/PORTS.md describe the records. A key that a version of the plugin does not give
is NULL; the whole record is kept beside the columns, so that nothing of a later version is lost.
"""

import itertools
import json
import math

from ..common.text import CREDIBLE_US, is_credible, storable, utc

FAILED_OUTCOMES = ("busy", "no_answer", "rejected", "cancelled", "failed")
FAILED_VERDICTS = ("no_audio", "no_audio_to_caller", "no_audio_to_callee", "poor", "not_connected")
FAILED_FINDINGS = ("one_way_media", "no_media")
MOMENTS = ("setup", "ringing", "answer", "release")
DURATIONS = ("setup_time_us", "ring_time_us", "talk_time_us")


def _text(value):
    """Text as it is, anything else as JSON."""
    if value is None:
        return None
    return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _number(value):
    """VALUE, unless it is none that a database takes."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) and abs(value) < 1 << 63 else None


def _told_time(moment):
    """What the record says, credible or not."""
    time_us = moment.get("time_us") if isinstance(moment, dict) else moment
    return time_us if isinstance(time_us, (int, float)) else None


def _time(moment):
    time_us = _told_time(moment)
    return time_us if time_us is not None and is_credible(time_us) else None


def _has_odd_times(record):
    """Whether some clock was not set: a time outside 1970 to 2100, or one that ends before it has
    begun. Then no duration of the call is known."""
    moments = [record.get(moment) for moment in MOMENTS + ("start", "connection_closed")]
    for stream in record.get("streams") or []:
        moments += [stream.get("first"), stream.get("last")]
    times = [time_us for time_us in map(_told_time, moments) if time_us is not None]
    durations = [record.get(key) for key in DURATIONS]
    return not all(map(is_credible, times)) or any(
        isinstance(value, (int, float)) and not 0 <= value < CREDIBLE_US for value in durations)


def _frame(moment):
    return _number(moment.get("frame")) if isinstance(moment, dict) else None


def _party(record, which):
    party = record.get(which) or {}
    return {f"{which}_address": _text(party.get("address")),
            f"{which}_port": _number(party.get("port")),
            f"{which}_alias": _text(party.get("alias")),
            f"{which}_product": _text(party.get("product"))}


def _finding(entry):
    if isinstance(entry, str):
        return {"finding": _text(entry), "explanation": None, "frames": None}
    return {"finding": _text(entry.get("finding") or entry.get("name")),
            "explanation": _text(entry.get("explanation")),
            "frames": _text(entry.get("frames"))}


def findings(record):
    """A row a finding: a word, or an object with its explanation and frames."""
    entries = record.get("findings") or record.get("diagnostics") or []
    return [_finding(entry) | {"number": number} for number, entry in enumerate(entries, 1)]


def failing(record, found):
    """Whether the two people could not talk. Where the plugin gives no verdict: the call was not
    answered, or its audio was missing one way or both."""
    if record.get("verdict") is not None:
        return int(record["verdict"] in FAILED_VERDICTS)
    return int(record.get("outcome") in FAILED_OUTCOMES
               or any(row["finding"] in FAILED_FINDINGS for row in found))


def call(record, found, session):
    closed = record.get("connection_closed") or {}
    start = _time(record.get("start"))
    odd = _has_odd_times(record)
    row = {
        "session": session, "call": _number(record.get("call")),
        "start": utc(start), "start_us": start, "start_frame": _frame(record.get("start")),
        "closed_us": _time(closed), "closed_by_reset": _number(closed.get("reset")),
        "call_identifier": _text(record.get("call_id")),
        "conference_identifier": _text(record.get("conference_id")),
        "odd_times": int(odd), "failing": failing(record, found),
    }
    for moment in MOMENTS:
        row[f"{moment}_us"] = _time(record.get(moment))
    for key in DURATIONS:
        row[key] = None if odd else _number(record.get(key))
    for key in ("call_reference", "cause", "forwarded_to"):
        row[key] = _number(record.get(key))
    for key in ("coding", "state", "outcome", "cause_text", "reason", "reason_text",
                "released_by", "forwarded_to_party", "verdict", "explanation"):
        row[key] = _text(record.get(key))
    return row | _party(record, "caller") | _party(record, "callee")


def _loss(stream):
    lost, expected = _number(stream.get("lost")), _number(stream.get("expected"))
    return lost / expected if expected and lost is not None else None


def _stream(stream, number):
    source, destination = stream.get("source") or {}, stream.get("destination") or {}
    row = {
        "number": number, "to_end": _text(stream.get("to")), "link": _text(stream.get("link")),
        "source_address": _text(source.get("address")), "source_port": _number(source.get("port")),
        "destination_address": _text(destination.get("address")),
        "destination_port": _number(destination.get("port")),
        "payload_types": _text(stream.get("payload_types")), "codec": _text(stream.get("codec")),
        "negotiated_codec": _text(stream.get("negotiated_codec")), "loss": _loss(stream),
        "mos": _number(stream.get("mos")), "r_factor": _number(stream.get("r_factor")),
    }
    for moment in ("first", "last"):
        row[f"{moment}_us"] = _time(stream.get(moment))
        row[f"{moment}_frame"] = _frame(stream.get(moment))
    for key in ("ssrc", "payload_type", "packets", "expected", "lost", "jitter_max_ms",
                "jitter_mean_ms", "octets", "rtcp"):
        row[key] = _number(stream.get(key))
    return row


def streams(record):
    return [_stream(stream, number)
            for number, stream in enumerate(record.get("streams") or [], 1)]


def port(record, number, line):
    row = {"number": number, "record": storable(line),
           "first_us": _time(record.get("first")), "last_us": _time(record.get("last"))}
    for key in ("address", "transport", "kind", "name", "how", "scan", "notes"):
        row[key] = _text(record.get(key))
    for key in ("port", "connections", "clients", "bytes_to_server", "bytes_from_server",
                "refused", "unanswered"):
        row[key] = _number(record.get(key))
    return row


class Call:
    """One line of `-z msiccp,cdr` as rows. CAPTURE is the file's name, which tshark, reading from
    standard input, is not told. An attempt to connect has no session: it gets a number below 0."""

    def __init__(self, record, capture, attempt):
        record["capture_file"] = capture
        self.findings = findings(record)
        self.call = call(record, self.findings, record["session"] or -attempt)
        self.streams = streams(record)
        self.record = storable(json.dumps(record, ensure_ascii=False, separators=(",", ":")))


def calls(lines, capture):
    attempts = itertools.count(1)
    records = map(json.loads, lines)
    return [Call(record, capture, 0 if record["session"] else next(attempts)) for record in records]


def ports(lines):
    return [port(json.loads(line), number, line) for number, line in enumerate(lines, 1)]


def renamed(record, capture):
    """The JSON of a call, whose capture has got another name."""
    return storable(json.dumps(json.loads(record) | {"capture_file": capture}, ensure_ascii=False,
                               separators=(",", ":")))


# What tells one server's rows apart, and what adds up of them.
SERVER = ("address", "port", "transport", "kind", "name")
SUMS = ("calls", "connections", "bytes_to_server", "bytes_from_server", "refused", "unanswered")


def ports_less(lines, others, until_us):
    """The ports of LINES without what OTHERS, a part of the same packets that begins at UNTIL_US, had
    added to their sums. What was seen of a server there is not forgotten."""
    added = {tuple(other.get(key) for key in SERVER): other for other in map(json.loads, others)}
    left = []
    for line in lines:
        record = json.loads(line)
        other = added.get(tuple(record.get(key) for key in SERVER))
        if other:
            record |= {key: max(0, record[key] - other[key]) for key in SUMS if key in record and key in other}
            if record.get("last") and record["last"]["time_us"] > until_us:
                record["last"] = {"frame": None, "time_us": until_us}
            line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        if not other or any(record.get(key) for key in SUMS):
            left.append(line)
    return left
