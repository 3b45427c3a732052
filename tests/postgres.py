"""PostgreSQL under the tests: emptied quickly between tests that commit, and thrown away whoever still looks at it.

Django empties by TRUNCATE, which makes a new file for each of two hundred tables and their indexes: that takes longer
than most tests. And a thread that a test left behind keeps its connection, which would keep the database.
"""

from typing import Any

from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations


def delete_rows(self: DatabaseOperations, style: Any, tables: list[str], **_options: Any) -> list[str]:
    """In place of `sql_flush`; what refers to what does not matter while the triggers of foreign keys rest."""
    if not tables:
        return []
    rest, wake = "SET session_replication_role = replica;", "SET session_replication_role = DEFAULT;"
    return [rest, *(f"DELETE FROM {self.quote_name(table)};" for table in tables), wake]


def drop(self: DatabaseCreation, test_database_name: str, verbosity: int) -> None:
    """In place of `_destroy_test_db`."""
    with self._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")


def install() -> None:
    """Do both this way from now on."""
    DatabaseOperations.sql_flush = delete_rows
    DatabaseCreation._destroy_test_db = drop
