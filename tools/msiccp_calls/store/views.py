"""Views for the questions that are asked most, in SQL that SQLite and PostgreSQL take alike.

Whoever changes one raises migrations.VERSION: a migration makes all views anew.
"""

VIEWS = {
    "captures_with_problems": """
        SELECT name, size, status, message FROM captures WHERE status <> 'ok'""",
    "captures_twice": """
        SELECT sha256, count(*) AS copies, min(path) AS first_path, max(path) AS last_path
        FROM files WHERE size > 0 GROUP BY sha256 HAVING count(*) > 1""",
    "call_list": """
        SELECT calls.*, captures.name AS capture
        FROM calls JOIN captures ON captures.id = calls.capture_id""",
    "failing_calls": """
        SELECT calls.id, calls.start, calls.caller_alias, calls.caller_address, calls.callee_alias,
               calls.callee_address, calls.verdict, calls.outcome, calls.cause_text,
               calls.explanation, captures.name AS capture, calls.session
        FROM calls JOIN captures ON captures.id = calls.capture_id WHERE calls.failing = 1""",
    "calls_by_verdict": """
        SELECT verdict, outcome, count(*) AS calls, sum(failing) AS failing
        FROM calls GROUP BY verdict, outcome""",
    "calls_by_hour": """
        SELECT substr(start, 1, 13) AS hour, count(*) AS calls, sum(failing) AS failing
        FROM calls GROUP BY substr(start, 1, 13)""",
    "calls_by_pair": """
        SELECT caller_address, callee_address, count(*) AS calls, sum(failing) AS failing,
               sum(talk_time_us) / 1000000 AS talk_seconds
        FROM calls GROUP BY caller_address, callee_address""",
    "codecs": """
        SELECT codec, count(*) AS streams, sum(packets) AS packets, sum(lost) AS lost,
               100.0 * sum(lost) / nullif(sum(expected), 0) AS lost_percent
        FROM streams GROUP BY codec""",
    "findings_seen": """
        SELECT seen.finding, seen.calls,
               (SELECT findings.explanation FROM findings
                WHERE findings.finding = seen.finding LIMIT 1) AS example
        FROM (SELECT finding, count(*) AS calls FROM findings GROUP BY finding) AS seen""",
    "worst_streams": """
        SELECT streams.id, streams.loss * 100 AS lost_percent, streams.lost, streams.expected,
               streams.jitter_mean_ms, streams.codec, streams.source_address,
               streams.destination_address, calls.start, captures.name AS capture, calls.session
        FROM streams JOIN calls ON calls.id = streams.call_id
             JOIN captures ON captures.id = calls.capture_id
        WHERE streams.loss > 0 ORDER BY streams.loss DESC""",
    "servers": """
        SELECT address, port, transport, kind, name, count(*) AS captures,
               sum(connections) AS connections, sum(refused) AS refused,
               sum(unanswered) AS unanswered, min(first_us) AS first_us, max(last_us) AS last_us
        FROM ports GROUP BY address, port, transport, kind, name""",
}


def create(connection, text):
    for name, query in VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))


def drop(connection, text):
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
