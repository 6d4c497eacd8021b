# SPDX-License-Identifier: GPL-2.0-or-later
"""The database, SQLite's or PostgreSQL's: opened, brought up to date, and written a capture at a
time, each in a transaction of its own."""

import contextlib
import os
import pathlib
import re
import sqlite3
import time
import urllib.parse

from ..common.errors import Failure, UsageError
from ..common.needs import need
from ..common.text import path_to_text
from ..decode import rings
from . import migrations, rows, tables, whole
from .addresses import is_server, without_password

sa = need("sqlalchemy")

WAIT_SECONDS = 60       # for another program's transaction
ATTEMPT_US = 130 * 10**6    # that a system goes on trying to connect
CHUNK = 500             # SQLite limits how many values a statement has


def _begin(connection):
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _on_connect(connection, _record):
    # Python's own idea of when a transaction begins is switched off: BEGIN is said by _begin().
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # Of a machine that loses power the last captures are scanned again, and no more.
    connection.execute("PRAGMA synchronous = NORMAL")


def _sqlite_engine(path, writable):
    # By a function of ours: a name of a file is no address, whatever is in it.
    name = f"file:{urllib.parse.quote(os.fsencode(os.path.abspath(path)))}"
    mode = "rwc" if writable else "ro"
    engine = sa.create_engine(
        "sqlite://", poolclass=sa.pool.QueuePool,
        creator=lambda: sqlite3.connect(f"{name}?mode={mode}", uri=True, timeout=WAIT_SECONDS))
    if writable:
        # One connection, kept: the last one that is closed makes SQLite put its journal away, which
        # took longer than all the rest of what is done for a small capture.
        sa.event.listen(engine, "begin", _begin)
        sa.event.listen(engine, "connect", _on_connect)
    return engine


def _server_engine(target):
    need("psycopg2")
    try:
        return sa.create_engine(re.sub("^[^:+]*", "postgresql", target))
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ValueError):
        raise UsageError(f"{without_password(target)} is no address of a database such as "
                         "postgresql://user@host/calls") from None


def _engine(target, writable):
    if is_server(target):
        return _server_engine(target)
    if not target or "://" in target:
        raise UsageError(f"'{target}' is neither a file nor the address of a server of PostgreSQL's")
    if not writable and not pathlib.Path(target).is_file():
        raise UsageError(f"there is no database {target}: make it with "
                         f"'msiccp-calls scan FOLDER -o {target}'")
    return _sqlite_engine(target, writable)


@contextlib.contextmanager
def errors_in_words(target):
    """What the database refuses is said in a line."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise Failure(f"{without_password(target)}: {str(error.orig).strip()}") from None
    except sqlite3.Error as error:
        raise Failure(f"{target}: {error}") from None


def open_database(target, writable=False):
    """The database TARGET: a file of SQLite, or postgresql://... ."""
    with errors_in_words(target):
        return Database(target, writable)


class Database:
    def __init__(self, target, writable):
        self.target = without_password(target)
        self.engine = _engine(target, writable)
        self.choice = None
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if writable:
            self._bring_up_to_date()
        else:
            with self.engine.connect() as connection:
                migrations.check(connection, self.target)

    def _bring_up_to_date(self):
        if self.is_sqlite:
            self._set_journal("WAL")
        with self.engine.begin() as connection:
            migrations.migrate(connection, self.target)

    def _set_journal(self, mode):
        connection = self.engine.raw_connection()
        try:
            connection.execute(f"PRAGMA journal_mode = {mode}")
        finally:
            connection.close()

    def close(self):
        """Leaves one file, with no journal beside it, unless someone else has it open."""
        if self.is_sqlite:
            with contextlib.suppress(Exception):
                self._set_journal("DELETE")
        self.engine.dispose()

    def scanned(self):
        """What is here of each capture: name -> (status, options, plugin, {path: (size, changed,
        hash)})."""
        query = sa.select(
            tables.captures.c.name, tables.captures.c.options, tables.captures.c.plugin,
            tables.files.c.path, tables.files.c.size, tables.files.c.changed_us,
            tables.files.c.sha256).join(tables.files)
        found = {}
        with self.engine.connect() as connection:
            for name, options, plugin, path, size, changed, sha256 in connection.execute(query):
                found.setdefault(name, (options, plugin, {}))[2][path] = (size, changed, sha256)
        return found

    def touch(self, files):
        """The same content with other times."""
        with self.engine.begin() as connection:
            for file in files:
                connection.execute(
                    tables.files.update().where(tables.files.c.path == path_to_text(file.path))
                    .values(changed_us=file.mtime_us))

    def times_of_calls(self, name):
        """(start, end) in microseconds of each call of the capture NAME; None: not known, not ended."""
        calls, streams = tables.calls.c, tables.streams.c
        heard = sa.select(sa.func.max(streams.last_us)).where(streams.call_id == calls.id).scalar_subquery()
        query = (sa.select(calls.start_us, calls.session, calls.release_us, calls.closed_us, heard)
                 .select_from(tables.calls.join(tables.captures)).where(tables.captures.c.name == name))
        with self.engine.connect() as connection:
            return [(start, start and start + ATTEMPT_US if session < 0 else
                     (released or closed) and max(filter(None, (released, closed, last))))
                    for start, session, released, closed, last in connection.execute(query)]

    def join_rings(self):
        """Finds the calls that go on from one file of a ring to the next."""
        with self.engine.begin() as connection:
            whole.join(connection)

    def store(self, name, examined, options, ring=None):
        """Puts what came of a capture in the place of what was here of it."""
        paths = [path_to_text(file.path) for file in examined.files]
        calls = rows.calls(examined.records, name)
        with self.engine.begin() as connection:
            if examined.cut:
                self._cut(connection, examined.cut)
            self._remove(connection, name, paths)
            capture = connection.execute(tables.captures.insert().values(
                name=name, size=sum(file.size for file in examined.files),
                status=examined.status, message=examined.message, options=options, ring=ring,
                tshark=examined.tshark, plugin=examined.plugin,
                scanned=time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()))
            ).inserted_primary_key[0]
            self._insert(connection, tables.files, [
                {"capture_id": capture, "position": position, "path": path, "size": file.size,
                 "changed_us": file.mtime_us, "sha256": file.sha256}
                for position, (path, file) in enumerate(zip(paths, examined.files), 1)])
            self._store_calls(connection, capture, calls)
            self._insert(connection, tables.ports,
                         [row | {"capture_id": capture} for row in rows.ports(examined.ports)])

    def add(self, name, options, tshark, plugin, record, start):
        """The call of RECORD to the capture NAME, which goes on, in the place of what was here of it.
        An attempt to connect, which has no session, is told by its first frame, START."""
        call = rows.Call(dict(record), name, start)
        with self.engine.begin() as connection:
            capture = self._capture_that_goes_on(connection, name, options, tshark, plugin)
            connection.execute(tables.calls.delete().where(
                (tables.calls.c.capture_id == capture)
                & (tables.calls.c.session == call.call["session"])))
            number = connection.execute(tables.calls.insert().values(
                **call.call, capture_id=capture)).inserted_primary_key[0]
            self._insert(connection, tables.records, [{"call_id": number, "record": call.record}])
            for table, found in ((tables.streams, call.streams), (tables.findings, call.findings)):
                self._insert(connection, table, [row | {"call_id": number} for row in found])

    @staticmethod
    def _capture_that_goes_on(connection, name, options, tshark, plugin):
        found = connection.execute(
            sa.select(tables.captures.c.id).where(tables.captures.c.name == name)).scalar()
        if found is not None:
            return found
        return connection.execute(tables.captures.insert().values(
            name=name, size=0, status="ok", options=options, tshark=tshark, plugin=plugin,
            scanned=time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()))).inserted_primary_key[0]

    def _cut(self, connection, cut):
        """Of the capture of a ring that has grown, what is not told anew stays."""
        capture = connection.execute(
            sa.select(tables.captures.c.id).where(tables.captures.c.name == cut.name)).scalar()
        ours, ports = tables.files.c.capture_id == capture, tables.ports.c
        kept = connection.execute(sa.select(tables.files.c.path, tables.files.c.size).where(ours)
                                  .order_by(tables.files.c.position)).fetchall()[:cut.kept]
        lines = connection.execute(sa.select(ports.record).where(ports.capture_id == capture)
                                   .order_by(ports.number)).scalars().all()
        connection.execute(tables.files.delete().where(ours & (tables.files.c.position > cut.kept)))
        connection.execute(tables.calls.delete().where(
            (tables.calls.c.capture_id == capture) & (tables.calls.c.start_us >= cut.begin_us)))
        connection.execute(tables.ports.delete().where(ports.capture_id == capture))
        self._insert(connection, tables.ports, [
            row | {"capture_id": capture}
            for row in rows.ports(rows.ports_less(lines, cut.ports, cut.begin_us))])
        name = rings.name([path for path, _size in kept])
        connection.execute(tables.captures.update().where(tables.captures.c.id == capture).values(
            name=name, size=sum(size for _path, size in kept), status="ok", message=None))
        self._rename_records(connection, capture, name)

    @staticmethod
    def _rename_records(connection, capture, name):
        records = tables.records.c
        found = connection.execute(sa.select(records.call_id, records.record).where(
            records.call_id.in_(sa.select(tables.calls.c.id).where(tables.calls.c.capture_id == capture)))).fetchall()
        if found:
            connection.execute(
                tables.records.update().where(records.call_id == sa.bindparam("call"))
                .values(record=sa.bindparam("renamed")),
                [{"call": number, "renamed": rows.renamed(record, name)} for number, record in found])

    @staticmethod
    def _remove(connection, name, paths):
        connection.execute(tables.captures.delete().where(tables.captures.c.name == name))
        for start in range(0, len(paths), CHUNK):
            owners = sa.select(tables.files.c.capture_id).where(
                tables.files.c.path.in_(paths[start:start + CHUNK]))
            connection.execute(
                tables.captures.delete().where(tables.captures.c.id.in_(owners)))

    @staticmethod
    def _insert(connection, table, values):
        if values:
            connection.execute(table.insert(), values)

    def _store_calls(self, connection, capture, calls):
        self._insert(connection, tables.calls,
                     [call.call | {"capture_id": capture} for call in calls])
        ids = dict(connection.execute(
            sa.select(tables.calls.c.session, tables.calls.c.id)
            .where(tables.calls.c.capture_id == capture)).fetchall())

        def of_calls(part):
            return [row | {"call_id": ids[call.call["session"]]}
                    for call in calls for row in getattr(call, part)]

        self._insert(connection, tables.records,
                     [{"call_id": ids[call.call["session"]], "record": call.record}
                      for call in calls])
        self._insert(connection, tables.streams, of_calls("streams"))
        self._insert(connection, tables.findings, of_calls("findings"))

    def choose(self, choice):
        """From now on every question is about the calls of CHOICE alone."""
        with errors_in_words(self.target), self.engine.begin() as connection:
            choice.make(connection)
        self.choice = choice

    def query(self, statement, **values):
        """The rows of a SELECT, as mappings."""
        with errors_in_words(self.target), self.engine.connect() as connection:
            return connection.execute(sa.text(statement), values).mappings().all()
