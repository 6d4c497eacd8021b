# SPDX-License-Identifier: GPL-2.0-or-later
"""The version of the tables, and how a database of an older one is brought up to date.

SQLite keeps the version in `PRAGMA user_version`, PostgreSQL in a table of one row. A database of a
later version is left alone.
"""

from ..common.errors import UsageError
from ..common.needs import need
from ..common.text import CREDIBLE_US
from ..decode import rings
from . import tables, views

sa = need("sqlalchemy")

VERSION = 4


def _rings(connection):
    """Version 2: captures know their ring, and calls the call that they are a part of."""
    for statement in ("ALTER TABLE captures ADD COLUMN ring TEXT",
                      "ALTER TABLE calls ADD COLUMN whole_id BIGINT",
                      "CREATE INDEX ix_captures_ring ON captures (ring)",
                      "CREATE INDEX ix_calls_whole_id ON calls (whole_id)"):
        connection.execute(sa.text(statement))
    captures = connection.execute(sa.text("SELECT id, name FROM captures")).fetchall()
    for number, name in captures:
        place = rings.place(name)
        if place:
            connection.execute(sa.text("UPDATE captures SET ring = :ring WHERE id = :number"),
                               {"ring": place[0], "number": number})


def _forwarding(connection):
    """Version 3: the session that followed a forwarded call is a number, and has a party."""
    for statement in ("ALTER TABLE calls DROP COLUMN forwarded_to",
                      "ALTER TABLE calls ADD COLUMN forwarded_to BIGINT",
                      "ALTER TABLE calls ADD COLUMN forwarded_to_party TEXT"):
        connection.execute(sa.text(statement))


def _odd_times(connection):
    """Version 4: calls know whether their times are credible, and those that are not are NULL."""
    connection.execute(sa.text("ALTER TABLE calls ADD COLUMN odd_times BIGINT"))
    moments = [f"{name}_us" for name in ("start", "setup", "ringing", "answer", "release", "closed")]
    odd = " OR ".join(f"{name} NOT BETWEEN 0 AND {CREDIBLE_US - 1}" for name in
                      moments + ["setup_time_us", "ring_time_us", "talk_time_us"])
    connection.execute(sa.text(f"UPDATE calls SET odd_times = CASE WHEN {odd} THEN 1 ELSE 0 END"))
    connection.execute(sa.text("""UPDATE calls SET setup_time_us = NULL, ring_time_us = NULL,
                                  talk_time_us = NULL WHERE odd_times = 1"""))
    connection.execute(sa.text(
        f"UPDATE calls SET start = NULL WHERE start_us NOT BETWEEN 0 AND {CREDIBLE_US - 1}"))
    for table, names in (("calls", moments), ("streams", ["first_us", "last_us"]),
                         ("ports", ["first_us", "last_us"])):
        for name in names:
            connection.execute(sa.text(f"UPDATE {table} SET {name} = NULL "
                                       f"WHERE {name} NOT BETWEEN 0 AND {CREDIBLE_US - 1}"))


# STEPS[N] makes version N+1 of version N. Views are made anew after them.
STEPS = {1: _rings, 2: _forwarding, 3: _odd_times}


def _is_sqlite(connection):
    return connection.dialect.name == "sqlite"


def version(connection):
    """0 where there is nothing of ours."""
    if _is_sqlite(connection):
        return connection.exec_driver_sql("PRAGMA user_version").scalar()
    if not sa.inspect(connection).has_table("msiccp_version"):
        return 0
    return connection.execute(sa.text("SELECT version FROM msiccp_version")).scalar()


def _set_version(connection, number):
    if _is_sqlite(connection):
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
        return
    connection.execute(sa.text(
        "CREATE TABLE IF NOT EXISTS msiccp_version (version integer NOT NULL)"))
    connection.execute(sa.text("DELETE FROM msiccp_version"))
    connection.execute(sa.text("INSERT INTO msiccp_version VALUES (:number)"), {"number": number})


def _is_ours(connection):
    return sa.inspect(connection).has_table("captures")


def check(connection, target):
    """UsageError, unless the tables are as this program knows them."""
    found = version(connection)
    if found > VERSION:
        raise UsageError(f"{target} was written by a later msiccp-calls (version {found} of its "
                         f"tables; this one knows {VERSION}): use that one")
    if not found or not _is_ours(connection):
        raise UsageError(f"{target} is no database of calls: 'msiccp-calls scan' makes one")
    if found < VERSION:
        raise UsageError(f"{target} was written by an earlier msiccp-calls: any "
                         f"'msiccp-calls scan' into it brings it up to date")


def migrate(connection, target):
    """Makes the tables, or brings them up to date; all of it in the transaction of CONNECTION."""
    found = version(connection)
    if found > VERSION or found and not _is_ours(connection):
        check(connection, target)
    if not found and sa.inspect(connection).get_table_names():
        raise UsageError(f"{target} holds other tables: name a database of its own")
    if found == VERSION:
        return
    views.drop(connection, sa.text)
    if found:
        for number in range(found, VERSION):
            STEPS[number](connection)
    else:
        tables.metadata.create_all(connection)
    views.create(connection, sa.text)
    _set_version(connection, VERSION)
