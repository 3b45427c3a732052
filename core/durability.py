"""What waits for the disk: a commit, and files that go once it is certain."""

from django.db import connection, transaction
from django.db.models.fields.files import FieldFile


def flush_later() -> None:
    """Let the current transaction commit without waiting for the disk; for a step of work that is repeated when it was
    lost, and that a later, ordinary commit concludes.

    PostgreSQL writes its log in order, so that later commit, of whatever transaction, makes this one last as well
    (documentation of synchronous_commit). A crash of the database in between may lose the step, never break it; a crash
    of this process loses nothing. SQLite in WAL mode with synchronous=NORMAL works so by itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


def delete_later(file: FieldFile) -> None:
    """Delete a stored file once the transaction is committed. A disk that refuses is logged: the change stands."""
    storage, name = file.storage, str(file.name)
    transaction.on_commit(lambda: storage.delete(name), robust=True)
