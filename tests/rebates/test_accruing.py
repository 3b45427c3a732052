"""Lines that really came accrue once, whatever happens in between."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from core.errors import DomainError
from funds.ledger.balances import balance_of
from funds.ledger.models import Account
from orders.models import Invoice
from rebates.actions import accrue_lines, accruing, close_statement, settle_statement
from rebates.models import Accrual, Statement
from rebates.tasks import accrue_invoice, catch_up
from tests.programmes.factories import billed
from tests.rebates.factories import RebateFactory

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 2, 10), date(2026, 5, 10)
STEPS = [["0", "1"], ["1000", "3"]]


def total(agreement):
    return Accrual.objects.filter(agreement=agreement).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def balance(agreement, kind):
    account = Account.objects.filter(purse=agreement.purse, kind=kind).first()
    return balance_of(account) if account else Decimal(0)


def billing(agreement, *amounts, **more):
    return billed(agreement.partnership, *amounts, **{"day": DAY, **more})


@pytest.fixture
def finance(act_for):
    return lambda agreement: act_for(agreement.vendor, "rebates.view", "rebates.settle")


def test_each_line_accrues_once_and_cites_its_invoice_line():
    agreement = RebateFactory()
    invoice = billing(agreement, "100", "250.50")
    assert accrue_lines(agreement=agreement) == 2
    assert accrue_lines(agreement=agreement) == 0
    rows = Accrual.objects.order_by("pk")
    assert [(row.invoice_line.invoice_id, row.base, row.rate, row.amount) for row in rows] == [
        (invoice.pk, 100, 2, 2),
        (invoice.pk, Decimal("250.50"), 2, Decimal("5.01")),
    ]
    statement = Statement.objects.get()
    assert (statement.starts_on, statement.ends_on) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (statement.volume, statement.accrued) == (Decimal("350.50"), Decimal("7.01"))
    assert balance(agreement, "earned") == Decimal("7.01")


def test_what_is_not_agreed_does_not_accrue():
    agreement = RebateFactory()
    billing(agreement, "100", day=date(2025, 12, 31))
    billing(agreement, "100", day=date(2027, 1, 1))
    billing(agreement, "100", currency="USD")
    billing(agreement, "100", kind="prepayment")
    billing(RebateFactory(partnership__vendor=agreement.vendor), "100")
    assert accrue_lines(agreement=agreement) == 0
    assert accrue_lines(agreement=RebateFactory(partnership=agreement.partnership, state="proposed")) == 0


def test_crediting_everything_returns_to_zero():
    agreement = RebateFactory(rule="tiers", steps=STEPS, retroactive=True)
    billing(agreement, "800", "400", number="A")
    accrue_lines(agreement=agreement)
    assert total(agreement) == 36
    billing(agreement, "400", kind="credit_note", preceding="A", day=LATER)
    accrue_lines(agreement=agreement)
    assert total(agreement) == 8
    billing(agreement, "800", kind="credit_note", preceding="A", day=LATER)
    accrue_lines(agreement=agreement)
    assert (total(agreement), balance(agreement, "earned")) == (0, 0)
    assert Statement.objects.get().volume == 0  # the credits belong to the period of what they credit


def test_a_corrected_invoice_takes_the_place_of_the_one_it_names():
    agreement = RebateFactory()
    billing(agreement, "1000", number="A")
    accrue_lines(agreement=agreement)
    billing(agreement, "600", number="B", kind="corrected", preceding="A", day=LATER)
    catch_up.call()
    catch_up.call()
    assert total(agreement) == 12
    assert sorted(Accrual.objects.values_list("part", flat=True)) == ["line", "line", "reversed"]


def test_who_is_killed_half_way_goes_on_where_the_lines_are_missing(monkeypatch):
    agreement = RebateFactory(rule="tiers", steps=STEPS, retroactive=True)
    billing(agreement, *["100"] * 25)
    monkeypatch.setattr(accruing, "AT_ONCE", 4)
    book, calls = accruing.book_many, []

    def dies(**said):
        calls.append(said)
        if len(calls) in {2, 5}:
            raise KeyboardInterrupt
        return book(**said)

    monkeypatch.setattr(accruing, "book_many", dies)
    for _death in range(2):
        with pytest.raises(KeyboardInterrupt):
            accrue_lines(agreement=agreement)
    accrue_lines(agreement=agreement)
    assert Accrual.objects.filter(part="line").count() == 25
    assert total(agreement) == balance(agreement, "earned") == Statement.objects.get().accrued == 75


def test_growth_counts_above_the_former_period():
    agreement = RebateFactory(rule="growth", rate=Decimal(10), starts_on=date(2026, 4, 1))
    billing(agreement, "1000")
    billing(agreement, "300", kind="credit_note")
    billing(agreement, "900", day=LATER)
    accrue_lines(agreement=agreement)
    assert Statement.objects.get().baseline == 700
    assert total(agreement) == 20


def test_units_are_counted_where_they_are_agreed():
    agreement = RebateFactory(rule="fixed", basis="units", rate=Decimal("1.5"))
    billing(agreement, "800", "400")
    accrue_lines(agreement=agreement)
    assert total(agreement) == 3


def test_a_period_is_closed_and_settled_and_the_ledger_says_the_same(finance):
    agreement = RebateFactory()
    billing(agreement, "1000")
    accrue_lines(agreement=agreement)
    billing(agreement, "500")  # not accrued yet: closing does it first
    actor, statement = finance(agreement), Statement.objects.get()
    statement = close_statement(actor=actor, statement=statement)
    assert (statement.payable, statement.state) == (30, "closed")
    assert (balance(agreement, "earned"), balance(agreement, "available")) == (0, 30)
    for said in ({"settlement": "gift", "reference": "x"}, {"settlement": "payment", "reference": " "}):
        with pytest.raises(DomainError):
            settle_statement(actor=actor, statement=statement, **said)
    settle_statement(actor=actor, statement=statement, settlement="credit_note", reference="CN-1")
    assert (balance(agreement, "available"), balance(agreement, "paid")) == (0, 30)
    with pytest.raises(PermissionDenied):
        settle_statement(actor=actor, statement=statement, settlement="payment", reference="again")


def test_what_comes_after_the_close_counts_in_the_next_period_in_proportion(finance):
    agreement = RebateFactory()
    billing(agreement, "1000", number="A")
    accrue_lines(agreement=agreement)
    close_statement(actor=finance(agreement), statement=Statement.objects.get())
    billing(agreement, "100")
    billing(agreement, "250", kind="credit_note", preceding="A", day=LATER)
    accrue_lines(agreement=agreement)
    later = Statement.objects.get(starts_on=date(2026, 4, 1))
    assert (later.accrued, later.late) == (2, -5)
    closed = close_statement(actor=finance(agreement), statement=later)
    assert (closed.total, closed.payable, closed.state) == (-3, 0, "settled")
    billing(agreement, "1000", day=date(2026, 8, 1))
    accrue_lines(agreement=agreement)
    third = close_statement(actor=finance(agreement), statement=Statement.objects.get(starts_on=date(2026, 7, 1)))
    assert (third.brought, third.payable) == (-3, 17)


def test_only_the_vendors_finance_closes_a_period_that_is_over(finance, act_for):
    agreement = RebateFactory(ends_on=date(2099, 12, 31))
    billing(agreement, "100", day=date(2099, 2, 1))
    accrue_lines(agreement=agreement)
    statement = Statement.objects.get()
    others = [act_for(agreement.partner, "rebates.settle"), act_for(agreement.vendor), finance(agreement)]
    for actor in others:  # the last of them may, but the period is not over
        with pytest.raises(PermissionDenied):
            close_statement(actor=actor, statement=statement)


def test_the_lines_of_one_invoice_accrue_when_it_comes_in():
    agreement = RebateFactory()
    first, second = billing(agreement, "100"), billing(agreement, "200")
    accrue_invoice.call(second.pk)
    assert set(Accrual.objects.values_list("invoice_line__invoice", flat=True)) == {second.pk}
    assert Invoice.objects.count() == 2 and first.pk
