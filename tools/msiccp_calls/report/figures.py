"""What a report says, asked from the views: the same for the terminal and the page."""

import dataclasses

# A page of 100,000 calls lists as much as one of 1,000: the rest is counted.
LISTED = {"pairs": 20, "streams": 10, "servers": 30, "problems": 20}
LONGEST_SERIES = 150    # more hours than this become days, more days months
HOUR, DAY, MONTH = 13, 10, 7

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


def _totals(database, verdicts):
    row, = database.query("""
        SELECT (SELECT count(*) FROM captures) AS captures,
               (SELECT count(*) FROM captures WHERE status <> 'ok') AS problems,
               (SELECT min(start) FROM calls) AS first, (SELECT max(start) FROM calls) AS last,
               (SELECT count(*) FROM captures_twice) AS twice""")
    return dict(row, calls=sum(row["calls"] for row in verdicts),
                failing=sum(int(row["failing"]) for row in verdicts))


def _of_calls(database, table, calls):
    """The rows of TABLE of each of CALLS, by the call's number."""
    found = {call["id"]: [] for call in calls}
    if calls:
        numbers = ", ".join(str(int(number)) for number in found)
        for row in database.query(f"SELECT * FROM {table} WHERE call_id IN ({numbers}) "
                                  "ORDER BY call_id, number"):
            found[row["call_id"]].append(row)
    return found


def worst_calls(database, count):
    calls = [dict(row) for row in database.query(f"""
        SELECT calls.*, captures.name AS capture
        FROM calls JOIN captures ON captures.id = calls.capture_id
        WHERE calls.failing = 1 ORDER BY {WORST_FIRST}, calls.start_us DESC, calls.id
        LIMIT {count:d}""")]
    streams, findings = _of_calls(database, "streams", calls), _of_calls(database, "findings",
                                                                         calls)
    for call in calls:
        call["streams"], call["findings"] = streams[call["id"]], findings[call["id"]]
    return calls


def gather(database, worst):
    """All figures, with the WORST of the failing calls."""
    ask = database.query
    verdicts = ask("SELECT * FROM calls_by_verdict ORDER BY calls DESC, verdict, outcome")
    series, unit = _series(ask("SELECT * FROM calls_by_hour"))
    return Figures(
        totals=_totals(database, verdicts), verdicts=verdicts, series=series, series_unit=unit,
        pairs=ask(f"""SELECT * FROM calls_by_pair ORDER BY failing DESC, calls DESC,
                      caller_address, callee_address LIMIT {LISTED['pairs']}"""),
        codecs=ask("SELECT * FROM codecs ORDER BY streams DESC, codec"),
        streams=ask(f"SELECT * FROM worst_streams LIMIT {LISTED['streams']}"),
        findings=ask("SELECT * FROM findings_seen ORDER BY calls DESC, finding"),
        servers=ask(f"""SELECT * FROM servers ORDER BY connections DESC, address, port
                        LIMIT {LISTED['servers']}"""),
        problems=ask(f"""SELECT * FROM captures_with_problems ORDER BY name
                         LIMIT {LISTED['problems']}"""),
        failing=worst_calls(database, worst))
