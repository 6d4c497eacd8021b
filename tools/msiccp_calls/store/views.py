# SPDX-License-Identifier: GPL-2.0-or-later
"""Views for the questions that are asked most, in SQL that SQLite and PostgreSQL take alike.

Sums are of floating point, which does not overflow, whatever a capture claims.

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
               sum(talk_time_us / 1000000.0) AS talk_seconds
        FROM calls GROUP BY caller_address, callee_address""",
    "codecs": """
        SELECT codec, count(*) AS streams,
               CAST(sum(1.0 * packets) AS BIGINT) AS packets,
               CAST(sum(1.0 * lost) AS BIGINT) AS lost,
               100.0 * sum(1.0 * lost) / nullif(sum(1.0 * expected), 0) AS lost_percent
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
    # No part of a call that was cut knows how it ended; the outcomes are those of docs/CDR.md.
    # Whether there was audio, no part can tell: the media of one may be in another.
    "whole_calls": """
        SELECT id, 1 AS parts, start, start_us, setup_us, answer_us, release_us, setup_time_us,
               talk_time_us, caller_address, caller_port, caller_alias, callee_address,
               callee_port, callee_alias, call_reference, call_identifier, outcome, cause,
               released_by, verdict, failing
        FROM calls WHERE whole_id IS NULL
        UNION ALL
        SELECT first.id, joined.parts, first.start, first.start_us, first.setup_us,
               joined.answer_us, joined.release_us, joined.answer_us - first.setup_us,
               joined.release_us - joined.answer_us, first.caller_address, first.caller_port,
               first.caller_alias, first.callee_address, first.callee_port, first.callee_alias,
               first.call_reference, first.call_identifier,
               CASE WHEN joined.outcome IS NOT NULL THEN joined.outcome
                    WHEN joined.ended_us IS NULL THEN 'incomplete'
                    WHEN joined.answer_us IS NOT NULL THEN 'answered'
                    WHEN joined.cause = 17 THEN 'busy'
                    WHEN joined.cause IN (18, 19) THEN 'no_answer'
                    WHEN joined.cause BETWEEN 95 AND 111 THEN 'failed'
                    WHEN joined.released_by = 'callee' THEN 'rejected'
                    WHEN joined.release_us - joined.ringing_us >= 20000000 THEN 'no_answer'
                    WHEN joined.released_by = 'caller' THEN 'cancelled' END,
               joined.cause, joined.released_by, NULL,
               CASE WHEN joined.answer_us IS NULL THEN
                    CASE WHEN joined.ended_us IS NULL THEN 0 ELSE 1 END END
        FROM (SELECT whole_id, count(*) AS parts, min(answer_us) AS answer_us,
                     min(ringing_us) AS ringing_us, max(release_us) AS release_us,
                     max(coalesce(release_us, closed_us)) AS ended_us,
                     max(CASE WHEN outcome <> 'incomplete' THEN outcome END) AS outcome,
                     max(cause) AS cause, max(released_by) AS released_by
              FROM calls WHERE whole_id IS NOT NULL GROUP BY whole_id) AS joined
             JOIN calls AS first ON first.id = joined.whole_id""",
    "servers": """
        SELECT address, port, transport, kind, name, count(*) AS captures,
               CAST(sum(1.0 * connections) AS BIGINT) AS connections,
               CAST(sum(1.0 * refused) AS BIGINT) AS refused,
               CAST(sum(1.0 * unanswered) AS BIGINT) AS unanswered, min(first_us) AS first_us, max(last_us) AS last_us
        FROM ports GROUP BY address, port, transport, kind, name""",
}


def create(connection, text, kind=""):
    for name, query in VIEWS.items():
        connection.execute(text(f"CREATE {kind}VIEW {name} AS {query}"))


def drop(connection, text):
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
