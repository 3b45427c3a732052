"""The ledger: what is booked sums to zero, happens once, and never takes more than there is."""

import ast
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from funds.ledger.balances import balance_of, balances_of, close, close_long_tails
from funds.ledger.booking import Booking, InsufficientFunds, KeyReused, Line, book, book_many, open_account, transfer
from funds.ledger.models import Account, AppendOnly, Entry, EntrySet
from partners.actors import system_actor
from tests.factories import OrganisationFactory

FUNDS = Path(__file__).parent.parent.parent.parent


class Purse:
    """A vendor's purse with a partner's share in it."""

    def __init__(self):
        self.vendor, self.partner = OrganisationFactory(), OrganisationFactory()
        self.actor = system_actor(self.vendor)
        self.source, self.available = self.open("source"), self.open("available")
        self.reserved, self.paid = self.open("reserved", self.partner), self.open("paid", self.partner)

    def open(self, kind, partner=None, currency="EUR"):
        return open_account(vendor=self.vendor, purse="fund:1", kind=kind, currency=currency, partner=partner)

    def allocate(self, amount, key="a"):
        lines = transfer(self.source, self.available, Decimal(amount))
        return book(actor=self.actor, verb="allocate", key=key, lines=lines)

    def reserve(self, amount, key="r"):
        lines = transfer(self.available, self.reserved, Decimal(amount))
        return book(actor=self.actor, verb="reserve", key=key, lines=lines)


@pytest.fixture
def purse(db):
    return Purse()


def test_a_set_moves_money_and_says_whom_it_concerns(purse):
    purse.allocate(100)
    made = purse.reserve(40)
    assert (made.partner, made.purse, made.currency) == (purse.partner, "fund:1", "EUR")
    assert balances_of([purse.source, purse.available, purse.reserved]) == {
        purse.source.pk: -100,
        purse.available.pk: 60,
        purse.reserved.pk: 40,
    }


def test_asked_again_it_is_the_same_set(purse):
    assert purse.allocate(100) == purse.allocate(100)
    assert balance_of(purse.available) == 100


def test_a_key_stands_for_one_thing(purse):
    purse.allocate(100)
    with pytest.raises(KeyReused):
        purse.allocate(101)


def test_what_is_not_there_is_not_taken(purse):
    purse.allocate(100)
    with pytest.raises(InsufficientFunds, match=r"€100\.00 is available"):
        purse.reserve(Decimal("100.01"))
    assert balance_of(purse.available) == 100 and EntrySet.objects.count() == 1


@pytest.mark.parametrize("kind", ["unbalanced", "nothing", "twice", "mixed", "fine", "verb"])
def test_what_is_no_set_is_refused(purse, kind):
    dollars = purse.open("available", currency="USD")
    lines = {
        "unbalanced": [Line(purse.source, Decimal(-1)), Line(purse.available, Decimal(2))],
        "nothing": [Line(purse.source, Decimal(0)), Line(purse.available, Decimal(0))],
        "twice": [*transfer(purse.source, purse.available, Decimal(1))] * 2,
        "mixed": transfer(purse.source, dollars, Decimal(1)),
        "fine": transfer(purse.source, purse.available, Decimal("0.001")),
        "verb": transfer(purse.source, purse.available, Decimal(1)),
    }
    with pytest.raises(ValueError):
        book(actor=purse.actor, verb="steal" if kind == "verb" else "allocate", key="k", lines=lines[kind])
    assert not EntrySet.objects.exists()


def test_one_set_concerns_one_partner(purse):
    rival = purse.open("reserved", OrganisationFactory())
    with pytest.raises(ValueError, match="one partner"):
        book(actor=purse.actor, verb="reserve", key="k", lines=transfer(purse.reserved, rival, Decimal(1)))


def test_a_rival_sees_neither_accounts_nor_sets(purse):
    purse.allocate(100)
    purse.reserve(40)
    rival, partner = system_actor(OrganisationFactory()), system_actor(purse.partner)
    assert not Account.objects.visible_to(rival).exists() and not EntrySet.objects.visible_to(rival).exists()
    assert [made.verb for made in EntrySet.objects.visible_to(partner)] == ["reserve"]
    assert set(Account.objects.visible_to(partner)) == {purse.reserved, purse.paid}


def test_many_are_booked_once_in_few_queries(purse, django_assert_max_num_queries):
    def bookings(upto):
        for number in range(upto):
            lines = transfer(purse.source, purse.available, Decimal("0.10"))
            yield Booking("accrue", f"line:{number}", lines)

    assert book_many(actor=purse.actor, bookings=bookings(30), at_once=10) == 30
    with django_assert_max_num_queries(8):
        assert book_many(actor=purse.actor, bookings=bookings(100)) == 70
    assert balance_of(purse.available) == 10


def test_many_stop_where_the_money_ends(purse):
    purse.allocate(3)
    asked = [Booking("reserve", f"r:{n}", transfer(purse.available, purse.reserved, Decimal(2))) for n in range(2)]
    with pytest.raises(InsufficientFunds):
        book_many(actor=purse.actor, bookings=asked)
    assert balance_of(purse.reserved) == 0


def test_nothing_is_changed_or_deleted(purse):
    made = purse.allocate(100)
    entry = made.entries.first()
    for attempt in (
        made.save,
        made.delete,
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: EntrySet.objects.update(note="x"),
        lambda: Entry.objects.bulk_update([entry], ["amount"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()


def test_the_database_refuses_an_entry_of_nothing(purse):
    made = purse.allocate(100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(entry_set=made, account=purse.reserved, amount=0)


def test_only_the_booking_writes_entries():
    writers = set()
    for path in FUNDS.glob("*/**/*.py"):
        if path.parts[len(FUNDS.parts)] in {"tests", ".venv", "bench", ".tools"} or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Entry", "EntrySet"}:
                writers.add(path.relative_to(FUNDS).as_posix())
    assert {path for path in writers if path.startswith("funds")} == {"funds/ledger/booking.py"}


def test_a_closing_changes_no_balance(purse):
    purse.allocate(100)
    assert close(purse.available) and not close(purse.available)
    purse.reserve(30)
    assert balance_of(purse.available) == 70
    assert close_long_tails(longer_than=0) == 3
    assert close_long_tails(longer_than=0) == 0
    purse.allocate(5, key="b")
    assert balances_of([purse.available, purse.reserved]) == {purse.available.pk: 75, purse.reserved.pk: 30}


OPERATION = st.tuples(
    st.sampled_from(["allocate", "reserve", "release", "pay", "claw_back", "close", "again"]),
    st.decimals(min_value="0.01", max_value="500", places=2),
)


class AnyOrder(TestCase):
    """Any order of operations sums to zero, never drives a guarded account below it, and is what a plain model says."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(OPERATION, max_size=25))
    def test_any_order_keeps_the_promises(self, operations):
        purse = Purse()
        ways = {
            "allocate": (purse.source, purse.available),
            "reserve": (purse.available, purse.reserved),
            "release": (purse.reserved, purse.available),
            "pay": (purse.reserved, purse.paid),
            "claw_back": (purse.paid, purse.available),
        }
        told = {account.pk: Decimal(0) for way in ways.values() for account in way}
        key, last = 0, None
        for verb, amount in operations:
            if verb == "close":
                close(purse.available)
                continue
            if verb == "again":
                if last:
                    book(actor=purse.actor, **last)
                continue
            key += 1
            source, target = ways[verb]
            asked = {"verb": verb, "key": str(key), "lines": transfer(source, target, amount)}
            if source.guarded and told[source.pk] < amount:
                with pytest.raises(InsufficientFunds):
                    book(actor=purse.actor, **asked)
                continue
            book(actor=purse.actor, **asked)
            last = asked
            told[source.pk] -= amount
            told[target.pk] += amount
        accounts = list(Account.objects.all())
        assert {pk: told.get(pk, 0) for pk in told} == {pk: balances_of(accounts)[pk] for pk in told}
        assert all(balances_of(accounts)[each.pk] >= 0 for each in accounts if each.guarded)
        assert round(Entry.objects.aggregate(total=Sum("amount"))["total"] or 0, 4) == 0


@pytest.mark.django_db(transaction=True)
def test_at_once_no_more_is_reserved_than_there_is():
    purse = Purse()
    purse.allocate(100)
    came = []

    def reserve(number):
        try:
            purse.reserve(30, key=f"r:{number}")
            came.append("done")
        except InsufficientFunds:
            came.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=reserve, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["done"] * 3 + ["refused"] * 2
    assert balance_of(purse.available) == 10
