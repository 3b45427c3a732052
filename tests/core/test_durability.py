"""A step that is repeated when it was lost does not wait for the disk; what comes after it does."""

import pytest
from django.db import connection, transaction

from core.durability import flush_later
from core.models import Sequence

pytestmark = pytest.mark.django_db(transaction=True)


def waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0]


def test_the_step_is_committed():
    with transaction.atomic():
        flush_later()
        Sequence.objects.create(name="durability")
    assert Sequence.objects.filter(name="durability").exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite works so by itself")
@pytest.mark.parametrize("fails", [False, True])
def test_only_the_transaction_that_asks_for_it_commits_without_waiting(fails):
    before = waits()
    try:
        with transaction.atomic():
            flush_later()
            assert waits() == "off"
            if fails:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert waits() == before
