# SPDX-License-Identifier: GPL-2.0-or-later
"""All calls for the page's list, packed: the page needs neither a server nor the database, and of a hundred
thousand calls it is some megabytes."""

import base64
import gzip
import itertools
import json

from ..common.text import SECOND, printable
from . import words


class _Texts:
    """Each text once; rows have its number."""

    def __init__(self):
        self.numbers = {}

    def number(self, text):
        return self.numbers.setdefault(printable(text or ""), len(self.numbers))


def _findings(database):
    rows = database.query("SELECT DISTINCT call_id, finding FROM findings ORDER BY call_id, finding")
    return {call: [row["finding"] for row in found]
            for call, found in itertools.groupby(rows, key=lambda row: row["call_id"])}


def _row(call, findings, number):
    """What page.js expands."""
    ends = [number(call[f"{end}_{what}"]) for end in ("caller", "callee") for what in ("address", "alias")]
    return [call["id"], None if call["start_us"] is None else call["start_us"] // SECOND, *ends,
            number(call["verdict"]), number(call["outcome"]), number(words.how_it_went(call)),
            number(call["explanation"] or call["cause_text"]), words.seconds(call["talk_time_us"]),
            [number(finding) for finding in findings], number(call["capture"]),
            words.place_in_capture(call)]


def packed(database):
    """The list as text of letters, which page.js unpacks."""
    texts, findings = _Texts(), _findings(database)
    calls = [_row(call, findings.get(call["id"], ()), texts.number) for call in database.query("""
        SELECT calls.id, start_us, start_frame, session, caller_address, caller_alias, callee_address,
               callee_alias, verdict, outcome, explanation, cause_text, talk_time_us, captures.name AS capture
        FROM calls JOIN captures ON captures.id = calls.capture_id ORDER BY start_us DESC, calls.id""")]
    text = json.dumps({"texts": list(texts.numbers), "calls": calls}, ensure_ascii=False,
                      separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), mtime=0)).decode()
