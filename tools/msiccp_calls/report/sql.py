# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls sql`: a question to the database, which nothing that is asked can change."""

import sqlite3

from ..common.errors import Failure
from ..common.needs import need
from ..store.database import errors_in_words

sa = need("sqlalchemy")

# What a SELECT does; all else is refused by SQLite itself, ATTACH and VACUUM INTO too.
READING = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)
# PostgreSQL's names of it (its documentation, appendix A): of what has no rows, and of what writes.
NOT_READING = {"42P11", "25006"}    # invalid_cursor_definition, read_only_sql_transaction
FUNCTIONS_REFUSED = ("load_extension", "writefile", "edit", "fts3_tokenizer")
# Those that tell of the database; none of these sets anything without a value.
PRAGMAS = ("user_version", "schema_version", "encoding", "page_count", "page_size", "database_list",
           "table_list", "compile_options", "function_list", "integrity_check", "quick_check")
PRAGMAS_OF_NAMES = ("table_info", "table_xinfo", "index_list", "index_info", "index_xinfo",
                    "foreign_key_list", "foreign_key_check")


def _is_reading(action, first, second, _database, _trigger):
    allowed = action in READING
    if action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() not in FUNCTIONS_REFUSED
    elif action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        allowed = name in PRAGMAS_OF_NAMES or name in PRAGMAS and second is None
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _from_file(connection, statement):
    """The rows of STATEMENT, from SQLite."""
    connection.connection.dbapi_connection.set_authorizer(_is_reading)
    try:
        return connection.exec_driver_sql(statement)
    except sa.exc.DatabaseError as error:
        if "authoriz" not in str(error.orig):
            raise
        raise _not_reading(error) from None


def _not_reading(error):
    return Failure(f"that does not only read, as a SELECT does ({str(error.orig).splitlines()[0]})")


def _from_server(connection, statement):
    """The same from PostgreSQL: as a cursor, which is of one statement that has rows, whatever it
    holds, within a transaction that only reads."""
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    connection.exec_driver_sql("SELECT set_config('msiccp.asked', %s, true)", (statement,))
    try:
        connection.exec_driver_sql("""
            DO $$ DECLARE answer refcursor := 'msiccp_answer'; BEGIN
                OPEN answer FOR EXECUTE current_setting('msiccp.asked'); END $$""")
        return connection.exec_driver_sql("FETCH ALL FROM msiccp_answer")
    except sa.exc.DatabaseError as error:
        if not {getattr(error.orig, "pgcode", None)} & NOT_READING:
            raise
        raise _not_reading(error) from None


def ask(database, statement, printed):
    """Prints the rows of STATEMENT by PRINTED, one of output's print_... functions."""
    with errors_in_words(database.target), database.engine.connect() as connection:
        answer = _from_file if database.is_sqlite else _from_server
        result = answer(connection, statement)
        if not result.returns_rows:
            raise Failure("that is no question: a SELECT is")
        printed(list(result.keys()), [tuple(row) for row in result])
