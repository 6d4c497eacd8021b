# SPDX-License-Identifier: GPL-2.0-or-later
"""Some of the calls in the place of all of them: whatever is asked afterwards, is asked of these.

Temporary tables' names come before others, in SQLite as in PostgreSQL: views of the tables' own names
hold the calls that were chosen, and the views of views.py are made again above them.
"""

import dataclasses
import datetime
import re

from ..common.errors import UsageError
from ..common.needs import need
from ..common.text import CREDIBLE_US, SECOND, utc
from . import views

sa = need("sqlalchemy")

SPANS = {"m": 60, "h": 3600, "d": 24 * 3600}


def moment(text, now=None):
    """Microseconds since 1970 of 2026-11-22, 2026-11-22 17:40 (UTC), or 7d, 12h, 30m before now."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    span = re.fullmatch(r"(\d{1,6})([mhd])", text)
    try:
        when = (now - datetime.timedelta(seconds=int(span[1]) * SPANS[span[2]]) if span
                else datetime.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise UsageError(f"'{text}' is no time such as 2026-11-22, '2026-11-22 17:40' (UTC), or "
                         "7d (the last seven days)") from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    since_us = int(when.timestamp() * SECOND)
    if not 0 <= since_us < CREDIBLE_US:
        raise UsageError(f"'{text}' is outside 1970 to 2100")
    return since_us


@dataclasses.dataclass(frozen=True)
class Choice:
    """The calls since SINCE_US, of a HOST by its address or name, and only those that fail."""

    since_us: int | None = None
    host: str | None = None
    failing: bool = False

    def in_words(self):
        parts = ["failing calls" if self.failing else "calls"]
        if self.host:
            parts.append(f"of {self.host}")
        if self.since_us is not None:
            parts.append(f"since {utc(self.since_us)[:19]} UTC")
        return " ".join(parts)

    def _conditions(self):
        if self.since_us is not None:
            yield "start_us >= :since_us"
        if self.host:
            yield ("(:host IN (caller_address, callee_address)"
                   " OR lower(:host) IN (lower(caller_alias), lower(callee_alias)))")
        if self.failing:
            yield "failing = 1"

    def make(self, connection):
        """Makes the views on CONNECTION, for as long as it lasts."""
        values = {name: value for name, value in vars(self).items() if value and name != "failing"}
        connection.execute(sa.text("CREATE TEMPORARY TABLE chosen AS SELECT id FROM calls WHERE "
                                   + " AND ".join(self._conditions())), values)
        whole = "main" if connection.dialect.name == "sqlite" else connection.execute(
            sa.text("SELECT quote_ident(current_schema())")).scalar()
        for table, key in (("calls", "id"), ("streams", "call_id"), ("findings", "call_id")):
            connection.execute(sa.text(f"""
                CREATE TEMPORARY VIEW {table} AS SELECT * FROM {whole}.{table}
                WHERE {key} IN (SELECT id FROM chosen)"""))
        views.create(connection, sa.text, "TEMPORARY ")
