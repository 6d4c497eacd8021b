# SPDX-License-Identifier: GPL-2.0-or-later
"""Databases of many calls, for tests and script/bench-archives: the records of real calls, repeated
with other times, hosts, ends and losses, and stored as a scan stores them."""

import copy
import json
import random
import sys

import tool

sys.path.insert(0, str(tool.ROOT / "tools"))

from msiccp_calls.decode import examine                 # noqa: E402
from msiccp_calls.store.database import open_database   # noqa: E402

RECORDINGS = ["h323-separate-h245-1731", "h323-gsm-1732", "h323-busy-1731", "h323-no-answer-1731",
              "derived-one-way-media", "derived-no-media"]
WEIGHTS = [60, 20, 8, 6, 4, 2]
CALLS_A_CAPTURE = 500
DAY = 24 * 3600 * 1_000_000
DAYS = 300


def _later(part, shift):
    """All moments of the record, moved by SHIFT."""
    if isinstance(part, dict):
        return {key: value + shift if key == "time_us" else _later(value, shift)
                for key, value in part.items()}
    return [_later(entry, shift) for entry in part] if isinstance(part, list) else part


def _record(model, session, chance):
    record = _later(model, -chance.randrange(DAYS * DAY))
    record["session"] = session
    hosts = {model["caller"]["address"]: f"10.1.{chance.randrange(20)}.{chance.randrange(50)}",
             model["callee"]["address"]: f"10.2.0.{chance.randrange(20)}"}
    for end in ("caller", "callee"):
        record[end]["address"] = hosts.get(record[end]["address"], record[end]["address"])
    for stream in record["streams"]:
        for end in ("source", "destination"):
            stream[end]["address"] = hosts.get(stream[end]["address"], stream[end]["address"])
        if chance.random() < 0.1:
            stream["lost"] = chance.randrange(stream["expected"] // 4 + 1)
    return json.dumps(record)


def make(target, calls, say=lambda done: None):
    """A database TARGET with that many CALLS."""
    chance = random.Random(calls)
    models = [tool.records(tool.CAPTURES / f"{name}.pcap")[0] for name in RECORDINGS]
    database = open_database(str(target), writable=True)
    for first in range(0, calls, CALLS_A_CAPTURE):
        count = min(CALLS_A_CAPTURE, calls - first)
        records = [_record(copy.deepcopy(model), session, chance) for session, model in
                   enumerate(chance.choices(models, WEIGHTS, k=count), 1)]
        name = f"/captures/{first:07}.pcap"
        database.store(name, examine.Examined([examine.File(name, 1, 1, name)], examine.OK,
                                              records=records), "[]")
        say(first + count)
    database.close()
