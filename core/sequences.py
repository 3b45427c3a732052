"""Gap-free numbers in named series."""

from django.db import IntegrityError, connection, transaction

from core.models import Sequence


def next_number(name: str) -> int:
    """The next number of the series, from 1. Holds the row's lock until the caller's transaction ends, so no gap."""
    with transaction.atomic(savepoint=False):
        number = _step(name)
        if number is not None:
            return number
        try:
            with transaction.atomic():
                return Sequence.objects.create(name=name, last=1).last
        except IntegrityError:  # another transaction was first with a new series
            return _step(name) or 1


def _step(name: str) -> int | None:
    """One further, in the one statement that both locks and reads (the query language of Django has no RETURNING for
    an update); None for a series that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_sequence SET last = last + 1 WHERE name = %s RETURNING last", [name])
        found = cursor.fetchone()
    return found[0] if found else None
