"""A partner's statement and balances in the ledger, among a million entries and among ten thousand, on PostgreSQL.

The first page of the statement with what each row did to each account, and the balances of the partner's accounts. The
promise is that a million entries cost at most twice what ten thousand cost. Beside it the sum over all entries, as it
is without closings. `BENCH_ENTRIES` sets another number. It needs PostgreSQL's binaries, or the TEST_DATABASE_URL of an
empty database.
"""

import json
import os
import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

from bench import Row, lay_tables, on_postgres, set_up

FEW, MANY = 10_000, int(os.environ.get("BENCH_ENTRIES", "1000000"))
PARTNERS, TIMES = 50, 15


def run() -> list[Row]:
    """Booking in bulk, then statement and balances among many entries beside the same among few."""
    told = on_postgres("bench.ledger")
    few, many = f"among {FEW:,}", f"among {MANY:,}"
    rows = [
        Row(f"{what} {many}", f"{late * 1000:.1f} ms", f"{early * 1000:.1f} ms", few, late / early)
        for what, (early, late) in told["reads"].items()
    ]
    ours, bare = told["balances"]
    rows.append(Row(f"balances {many}", f"{ours * 1000:.1f} ms", f"{bare * 1000:.1f} ms", "the plain sum", ours / bare))
    rows.append(Row(f"{MANY - FEW:,} entries booked", f"{told['rate']:.0f} entries/s", "–", "nothing", 1.0))
    return rows


def measure() -> dict[str, Any]:
    """Book, read, book more, read again."""
    set_up()
    lay_tables()
    stage = Stage()
    stage.fill(FEW)
    early = stage.reads()
    started = time.perf_counter()
    stage.fill(MANY)
    rate = (MANY - FEW) / (time.perf_counter() - started)
    late = stage.reads()
    reads = {what: (early[what], late[what]) for what in ("statement", "balances")}
    return {"reads": reads, "balances": (late["balances"], late["plain sum"]), "rate": rate}


class Stage:
    """A vendor whose fund fifty partners draw on."""

    def __init__(self) -> None:
        from django.utils.timezone import localdate

        from funds.ledger.booking import open_account
        from funds.models import Fund
        from partners.actors import system_actor
        from tests.factories import OrganisationFactory

        self.vendor = OrganisationFactory()
        self.partners = OrganisationFactory.create_batch(PARTNERS)
        day = localdate()
        made = {"name": "F", "number": "F-1", "currency": "EUR", "starts": day, "ends": day}
        self.fund = Fund.objects.create(vendor=self.vendor, reach="country", country="IT", **made)
        self.actor, self.reader = system_actor(self.vendor), system_actor(self.partners[0])
        about: Any = {"vendor": self.vendor, "purse": self.fund.purse, "currency": "EUR"}
        self.source = open_account(kind="source", **about)
        self.earned = [open_account(kind="earned", partner=each, **about) for each in self.partners]
        self.booked = 0

    def fill(self, entries: int) -> None:
        """Book until there are as many entries, two a set, by turns for each partner; then close and analyse."""
        from django.db import connection

        from funds.ledger.balances import close_long_tails
        from funds.ledger.booking import Booking, book_many, transfer

        numbers = range(self.booked, entries // 2)
        book_many(
            actor=self.actor,
            bookings=(
                Booking("accrue", f"line:{n}", transfer(self.source, self.earned[n % PARTNERS], Decimal("1.25")))
                for n in numbers
            ),
        )
        self.booked = entries // 2
        close_long_tails()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE funds_entry, funds_entryset, funds_account, funds_closing")

    def reads(self) -> dict[str, float]:
        """Seconds, the median of several."""
        from django.db.models import Sum

        from funds.ledger.balances import balances_of
        from funds.ledger.models import Entry
        from funds.statements import effect, statement_of

        mine = [self.earned[0], self.source]

        def statement() -> Any:
            return [effect(row, "earned") for row in statement_of(self.reader, self.fund).order_by("-pk")[:51]]

        def plain() -> Any:
            return list(Entry.objects.filter(account__in=mine).values("account").annotate(Sum("amount")))

        steps: dict[str, Callable[[], Any]] = {"statement": statement, "balances": lambda: balances_of(mine)}
        return {what: _timed(step) for what, step in (steps | {"plain sum": plain}).items()}


def _timed(step: Callable[[], Any]) -> float:
    taken = []
    for _time in range(TIMES):
        started = time.perf_counter()
        step()
        taken.append(time.perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    print(json.dumps(measure()))
