# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls across the files of a ring: the parts of one call get the number of the first.

A part goes on from an earlier one of the same ring where the earlier has no end, the later no
request, and both are of the same control connection and have the same call identifier or call
reference.
"""

from ..common.needs import need
from . import tables

sa = need("sqlalchemy")

DAY = 24 * 3600 * 1_000_000     # no call is believed to be silent for longer


def _candidates(connection):
    calls, captures = tables.calls.c, tables.captures.c
    unfinished = calls.release_us.is_(None) & calls.closed_us.is_(None)
    query = (
        sa.select(captures.ring, calls.id, calls.capture_id, calls.start_us, calls.setup_us,
                  unfinished.label("goes_on"), calls.call_reference, calls.call_identifier,
                  calls.coding, calls.caller_address, calls.caller_port, calls.callee_address,
                  calls.callee_port)
        .select_from(tables.calls.join(tables.captures))
        .where(captures.ring.is_not(None), calls.start_us.is_not(None), unfinished | calls.setup_us.is_(None))
        .order_by(captures.ring, calls.start_us, captures.name, calls.session))
    return connection.execute(query)


def _names(row):
    """What parts of a call have in common, one of which is enough: a message in mid-call may lack
    the identifier and has its reference all the same. Which end is the caller may be mistaken
    where a capture begins inside the call."""
    ends = frozenset([(row.caller_address, row.caller_port), (row.callee_address, row.callee_port)])
    tokens = [token for token in (row.call_identifier, row.call_reference) if token is not None]
    return [(row.ring, ends, row.coding, token) for token in tokens or [None]]


def _joined(rows):
    """(id, id of the first part) of all parts of calls that have more than one."""
    open_calls, wholes = {}, {}
    for row in rows:
        names = _names(row)
        earlier = next((open_calls[name] for name in names if name in open_calls), None)
        if (earlier and row.setup_us is None and earlier.capture_id != row.capture_id
                and row.start_us - earlier.start_us < DAY):
            first = wholes.setdefault(earlier.id, earlier.id)
            wholes[row.id] = first
        for name in names:
            if row.goes_on:
                open_calls[name] = row
            else:
                open_calls.pop(name, None)
    return wholes


def join(connection):
    """Brings calls.whole_id up to date, of all rings."""
    connection.execute(tables.calls.update().where(tables.calls.c.whole_id.is_not(None))
                       .values(whole_id=None))
    found = [{"part": part, "first": first}
             for part, first in _joined(_candidates(connection)).items()]
    if found:
        connection.execute(
            tables.calls.update().where(tables.calls.c.id == sa.bindparam("part"))
            .values(whole_id=sa.bindparam("first")), found)
