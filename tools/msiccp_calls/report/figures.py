# SPDX-License-Identifier: GPL-2.0-or-later
"""What a report says, asked from the views: the same for the terminal and the page."""

import dataclasses
import json

# A page of 100,000 calls lists as much as one of 1,000: the rest is counted.
LISTED = {"pairs": 20, "streams": 10, "servers": 30, "problems": 20}
LONGEST_SERIES = 150    # more hours than this become days, more days months
HOUR, DAY, MONTH = 13, 10, 7
MOST_CALLS = (1 << 63) - 1

# The worst first: people who could not hear each other, then those who could hardly, then the rest.
WORST_FIRST = """
    CASE verdict WHEN 'no_audio' THEN 0 WHEN 'no_audio_to_caller' THEN 1
                 WHEN 'no_audio_to_callee' THEN 1 WHEN 'poor' THEN 2
                 ELSE CASE outcome WHEN 'answered' THEN 1 WHEN 'failed' THEN 3 ELSE 4 END END"""


@dataclasses.dataclass
class Figures:
    totals: dict
    verdicts: list
    series: list        # (hour, day or month; calls; failing)
    series_unit: str
    pairs: list
    codecs: list
    streams: list
    findings: list
    servers: list
    problems: list
    failing: list       # the worst calls, each with its streams and findings


def _series(rows):
    """Calls by hour, or by longer spans where there are too many hours."""
    for length, unit in ((HOUR, "hour"), (DAY, "day"), (MONTH, "month")):
        spans = {}
        for row in rows:
            if row["hour"]:
                span = spans.setdefault(row["hour"][:length], [0, 0])
                span[0] += row["calls"]
                span[1] += int(row["failing"])
        if len(spans) <= LONGEST_SERIES:
            break
    return [(span, *counts) for span, counts in sorted(spans.items())], unit


def span_in_words(span):
    """2026-11-22 17:00 of an hour; days and months as they are."""
    return f"{span}:00" if len(span) == HOUR else span


def _totals(database, verdicts):
    row, = database.query("""
        SELECT (SELECT count(*) FROM captures) AS captures,
               (SELECT count(*) FROM captures WHERE status <> 'ok') AS problems,
               (SELECT min(start) FROM calls) AS first, (SELECT max(start) FROM calls) AS last,
               (SELECT count(*) FROM captures_twice) AS twice,
               (SELECT count(*) FROM calls WHERE odd_times = 1) AS odd""")
    return dict(row, calls=sum(row["calls"] for row in verdicts),
                failing=sum(int(row["failing"]) for row in verdicts))


def worst_calls(database, count=None):
    """The failing calls, the worst first, each with its streams and findings; no more than COUNT."""
    chosen = f"""FROM calls WHERE failing = 1 ORDER BY {WORST_FIRST}, start_us DESC, id
                 LIMIT {count or MOST_CALLS}"""
    calls = [dict(row) for row in database.query(f"""
        SELECT worst.*, captures.name AS capture FROM (SELECT * {chosen}) AS worst
        JOIN captures ON captures.id = worst.capture_id
        ORDER BY {WORST_FIRST}, start_us DESC, worst.id""")]
    for table in ("streams", "findings"):
        found = {call["id"]: call.setdefault(table, []) for call in calls}
        for row in database.query(f"""SELECT * FROM {table} WHERE call_id IN (SELECT id {chosen})
                                      ORDER BY call_id, number"""):
            found[row["call_id"]].append(row)
    return calls


def add_records(database, calls):
    """To each of CALLS its whole record, of which the columns have but a part."""
    for call in calls:
        row, = database.query("SELECT record FROM records WHERE call_id = :id", id=call["id"])
        call["record"] = json.loads(row["record"])


def gather(database, worst=None):
    """All figures, with the WORST of the failing calls, or all of them."""
    ask = database.query
    # What is there besides calls is not asked for where some calls are.
    ask_all = ask if database.choice is None else lambda _statement: []
    verdicts = ask("SELECT * FROM calls_by_verdict ORDER BY calls DESC, verdict, outcome")
    series, unit = _series(ask("SELECT * FROM calls_by_hour"))
    return Figures(
        totals=_totals(database, verdicts), verdicts=verdicts, series=series, series_unit=unit,
        pairs=ask(f"""SELECT * FROM calls_by_pair ORDER BY failing DESC, calls DESC,
                      caller_address, callee_address LIMIT {LISTED['pairs']}"""),
        codecs=ask("SELECT * FROM codecs ORDER BY streams DESC, codec"),
        streams=ask(f"SELECT * FROM worst_streams LIMIT {LISTED['streams']}"),
        findings=ask("SELECT * FROM findings_seen ORDER BY calls DESC, finding"),
        servers=ask_all(f"""SELECT * FROM servers ORDER BY connections DESC, address, port
                        LIMIT {LISTED['servers']}"""),
        problems=ask_all(f"""SELECT * FROM captures_with_problems ORDER BY name
                         LIMIT {LISTED['problems']}"""),
        failing=worst_calls(database, worst))
