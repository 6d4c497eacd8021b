"""`msiccp-calls sql`: a question to the database, which is opened for reading only."""

from ..common.errors import Failure
from ..common.needs import need
from ..store.database import errors_in_words

sa = need("sqlalchemy")


def ask(database, statement, printed):
    """Prints the rows of STATEMENT by PRINTED, one of output's print_... functions."""
    with errors_in_words(database.target), database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        # %% is one percent sign to PostgreSQL's driver, which takes a lone one for a parameter.
        if not database.is_sqlite:
            statement = statement.replace("%", "%%")
        result = connection.exec_driver_sql(statement)
        if not result.returns_rows:
            raise Failure("that is no question: a SELECT is")
        printed(list(result.keys()), [tuple(row) for row in result])
