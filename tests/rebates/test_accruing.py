"""Lines that really came accrue once, whatever happens in between."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import DomainError
from core.models import TrailEntry
from funds.ledger.balances import balance_of
from funds.ledger.models import Account, Entry
from orders.models import Invoice
from partners.actors import system_actor
from rebates.actions import accrue_lines, accruing, close_statement, settle_statement
from rebates.models import Accrual, RebateAgreement, Statement
from rebates.tasks import accrue_invoice, catch_up, close_due
from tests.programmes.factories import billed
from tests.rebates.factories import RebateFactory

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 2, 10), date(2026, 5, 10)
STEPS = [["0", "1"], ["1000", "3"]]


def total(agreement):
    return sum(Accrual.objects.filter(agreement=agreement).values_list("amount", flat=True), Decimal(0))


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


def test_periods_close_by_themselves_when_their_days_for_late_invoices_are_over(time_machine):
    agreement, ill = RebateFactory(grace_days=20), RebateFactory()
    billing(agreement, "1000")
    billing(ill, "1000")
    catch_up.call()
    RebateAgreement.objects.filter(pk=ill.pk).update(steps=[["nonsense"]], rule="tiers")
    billing(ill, "1")
    row = Statement.objects.get(agreement=agreement)
    time_machine.move_to(datetime(2026, 4, 20, 12, tzinfo=UTC))
    close_due.call()
    row.refresh_from_db()
    assert (row.state, row.closes_on) == ("open", date(2026, 4, 21))
    billing(agreement, "500")  # late, and still within the days of grace
    time_machine.move_to(datetime(2026, 4, 21, 12, tzinfo=UTC))
    close_due.call()
    close_due.call()
    row.refresh_from_db()
    assert (row.state, row.payable) == ("closed", 30)
    assert Statement.objects.get(agreement=ill).state == "open"  # what fails leaves the others alone
    assert TrailEntry.objects.filter(verb="rebate_statement.closed").count() == 1


def test_the_lines_of_one_invoice_accrue_when_it_comes_in():
    agreement = RebateFactory()
    first, second = billing(agreement, "100"), billing(agreement, "200")
    accrue_invoice.call(second.pk)
    assert set(Accrual.objects.values_list("invoice_line__invoice", flat=True)) == {second.pk}
    assert Invoice.objects.count() == 2 and first.pk


def test_a_credit_goes_where_the_invoice_counted(finance):
    agreement = RebateFactory(rule="tiers", steps=STEPS, retroactive=True)
    billing(agreement, "1000", number="A")
    accrue_lines(agreement=agreement)
    close_statement(actor=finance(agreement), statement=Statement.objects.get())
    billing(agreement, "100", number="B")  # of the closed period, so it counts in the next one, at 1 %
    billing(agreement, "100", kind="credit_note", preceding="B", day=LATER)
    accrue_lines(agreement=agreement)
    later = Statement.objects.get(starts_on=date(2026, 4, 1))
    assert (later.volume, later.accrued, later.late) == (0, 0, 0)
    billing(agreement, "600", number="C", kind="corrected", preceding="A", day=LATER)
    accrue_lines(agreement=agreement)  # what A had earned at 3 % is taken back in full, C earns 1 %
    later.refresh_from_db()
    assert (later.late, later.accrued) == (-30, 6)


DAYS = st.sampled_from([date(2026, month, 9) for month in (1, 2, 4, 7, 8)])
INVOICE = st.tuples(st.just("invoice"), DAYS, st.lists(st.integers(1, 900_00), min_size=1, max_size=4))
STEP = st.one_of(INVOICE, st.tuples(st.sampled_from(["accrue", "close", "credit", "correct"]), DAYS, st.just([])))
RULES = st.sampled_from(
    [
        {"rate": Decimal("2.37")},
        {"rule": "tiers", "steps": STEPS},
        {"rule": "tiers", "steps": STEPS, "retroactive": True},
    ]
)


class AnyStory(TestCase):
    """Invoices, credits and corrections, accrued some at a time, with periods closed in between: what is credited in
    full leaves nothing, and the ledger and the statements say the same at every step."""

    @settings(max_examples=15, deadline=None)
    @given(RULES, st.lists(STEP, max_size=9), st.sampled_from([1, 3, 500]))
    def test_crediting_everything_returns_to_zero(self, rule, steps, at_once):
        agreement = RebateFactory(**rule)
        open_invoices = []
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(accruing, "AT_ONCE", at_once)
            for kind, day, cents in [*steps, ("accrue", DAY, [])]:
                self.take(agreement, open_invoices, kind, day, cents)
                self.hold(agreement)
            while open_invoices:
                self.credit(agreement, open_invoices, LATER)
            accrue_lines(agreement=agreement)
        self.hold(agreement)
        assert total(agreement) == 0

    def take(self, agreement, invoices, kind, day, cents):
        if kind == "invoice":
            amounts = [Decimal(each) / 100 for each in cents]
            invoices.append(billing(agreement, *amounts, day=day))
        elif kind == "accrue":
            accrue_lines(agreement=agreement)
        elif kind == "close":
            row = Statement.objects.filter(state="open", ends_on__lt=date(2026, 11, 1)).order_by("starts_on").first()
            if row:
                close_statement(actor=system_actor(agreement.vendor), statement=row)
        elif invoices and kind == "credit":
            self.credit(agreement, invoices, day)
        elif invoices:
            old = invoices.pop(0)
            invoices.append(billing(agreement, "77.77", kind="corrected", preceding=old.number, day=day))

    def credit(self, agreement, invoices, day):
        """The lines of an invoice may be credited before they have accrued."""
        old = invoices.pop()
        amounts = [line.amount for line in old.lines.all()]
        billing(agreement, *amounts, kind="credit_note", preceding=old.number, day=day)

    def hold(self, agreement):
        """Statements, amounts on lines and accounts agree, and the ledger sums to zero."""
        rows = Statement.objects.all()
        assert sum(row.total for row in rows) == total(agreement)
        closed = [row for row in rows if row.state != "open"]
        assert balance(agreement, "available") + balance(agreement, "paid") == sum(row.payable for row in closed)
        assert balance(agreement, "earned") == total(agreement) - sum(row.payable for row in closed)
        assert round(Entry.objects.aggregate(sum=Sum("amount"))["sum"] or 0, 4) == 0
