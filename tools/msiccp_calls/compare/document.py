# SPDX-License-Identifier: GPL-2.0-or-later
"""The comparison as one JSON document: docs/compare.schema.json."""

import math

from .both import OTHER

SCHEMA = 1


def _party(pair, end):
    records = [call.record for call in pair.calls]
    aliases = [(record[end] or {}).get("alias") for record in records]
    home = pair.side_of(end)
    return {"alias": aliases[home] or aliases[1 - home],
            "address": [call.end_address(end) if call.record[end] else None for call in pair.calls]}


def _connections(compared):
    return [{"what": one.what, "to": one.to, "port": one.port,
             "syns": {"sent": one.sent, "arrived": one.arrived}, "opened": one.opened}
            for one in compared.openings]


def _message_transit(compared, couple):
    offset, pair = compared.offset, compared.pair
    if None in couple or couple[0].sender is None or not offset.is_known:
        return None
    return round(offset.transit(couple[0].time, couple[1].time, pair.side_of(couple[0].sender)))


def _messages(compared):
    found = []
    for couple in compared.pair.messages:
        message = couple[0] or couple[1]
        found.append({"event": message.event, "from": message.sender,
                      "frames": [one and one.frame for one in couple],
                      "transit_us": _message_transit(compared, couple),
                      "changed": compared.changed(couple)})
    return found


def _doubled(compared, matched, side):
    """A mirror port has every packet twice; that is no doubling on the way."""
    return max(0, matched.doubled - matched.both) if compared.is_mirrored[side] else matched.doubled


def _streams(compared):
    found = []
    for stream, matched in zip(compared.pair.streams, compared.matched):
        sender = OTHER[stream.to]
        home, there = compared.pair.side_of(sender), compared.pair.side_of(stream.to)
        unseen = [side for side in (home, there) if (side, sender) in compared.missing]
        apart = stream.ssrc in compared.apart
        hops = None if None in matched.ttl else matched.ttl[home] - matched.ttl[there]
        found.append({
            "to": stream.to, "ssrc": stream.ssrc, "codec": stream.codec,
            "sent": None if home in unseen else matched.sent,
            "arrived": None if there in unseen else matched.arrived,
            "lost_between": None if apart else matched.lost,
            "loss_runs": None if apart else matched.runs,
            "loss_run_longest": None if apart else matched.longest,
            "reordered_between": None if unseen else matched.reordered,
            "doubled_between": None if unseen else _doubled(compared, matched, there),
            "transit_us": matched.transit or dict.fromkeys(("least", "median", "p95", "most")),
            "jitter_ms": stream.jitter, "dscp": matched.dscp,
            "hops": hops if hops is None or hops >= 0 else None})
    return found


def _call(compared, sides):
    pair = compared.pair
    verdict, explanation = compared.verdict()
    return {
        "call_id": pair.record()["call_id"], "sessions": [call.session for call in pair.calls],
        "files": [side.files[call.file] for call, side in zip(pair.calls, sides)],
        "caller": _party(pair, "caller"), "callee": _party(pair, "callee"),
        "verdicts": [call.record["verdict"] for call in pair.calls], "verdict": verdict,
        "explanation": explanation,
        "connections": _connections(compared), "messages": _messages(compared),
        "streams": _streams(compared),
        "translations": [{"of": one.end, "inside": one.inside, "outside": one.outside,
                          "ports_changed": one.ports_changed, "in_messages": one.in_messages}
                         for one in compared.translations],
        "findings": [{"finding": one.finding, "to": one.to, "frames": one.frames,
                      "explanation": one.explanation} for one in compared.findings]}


def _clock(offset):
    if not offset.is_known:
        return {"offset_us": None, "uncertainty_us": None, "drift_ppm": _drift(offset)}
    return {"offset_us": round(offset.offset), "uncertainty_us": math.ceil(offset.uncertainty),
            "drift_ppm": _drift(offset)}


def _drift(offset):
    return round(offset.drift * 1e6, 2) if offset.drift_is_known else None


def make(sides, offset, calls, only):
    """CALLS: of Compared; ONLY: (side, call, sentence)."""
    return {
        "schema": SCHEMA,
        "captures": [{"name": side.name, "frames": side.frames, "first_us": side.first_us,
                      "last_us": side.last_us} for side in sides],
        "clock": _clock(offset),
        "calls": [_call(compared, sides) for compared in calls],
        "only": [{"capture": side, "session": call.session, "call_id": call.record["call_id"],
                  "explanation": sentence} for side, call, sentence in only]}
