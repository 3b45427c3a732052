"""When a commit has to wait for the disk."""

from django.db import connection


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
