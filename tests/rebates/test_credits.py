"""What is credited takes back what it earned: by whatever it names its invoice, in any order, and never more."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import DomainError
from core.models import TrailEntry
from orders.models import Invoice, InvoiceLine
from partners.actors import system_actor
from rebates.actions import (
    accrue_lines,
    close_statement,
    dismiss_credit,
    match_credit,
    reopen_credit,
)
from rebates.actions.matching import likely_lines
from rebates.crediting import Charged, Said, Why, match
from rebates.models import Accrual, CreditedLine, CreditPart, Statement
from rebates.subscribers import take_back
from rebates.tasks import accrue_invoice, catch_up
from rebates.waiting import counts, waiting
from tests.conftest import _member, actor_for
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.orders.factories import ProductFactory, line, place
from tests.programmes.factories import billed
from tests.promotions.factories import Market
from tests.promotions.test_redeeming import deliver
from tests.rebates.factories import RebateFactory
from tests.rebates.test_accruing import balance, total

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 2, 10), date(2026, 5, 10)


class Shop:
    """A vendor and a partner, an order of pumps, valves and pumps again, and a rebate on pumps alone."""

    def __init__(self, act_for, **columns):
        self.edge = PartnershipFactory()
        self.vendor, self.partner = self.edge.vendor, self.edge.partner
        for sku, name in (("PUMP-1", "Pump"), ("VALVE-1", "Valve")):
            ProductFactory(vendor=self.vendor, sku=sku, name=name, product_line=f"{name}s")
        lines = [
            line(str(at), "10", "100", seller_sku=sku) for at, sku in enumerate(("PUMP-1", "VALVE-1", "PUMP-1"), 1)
        ]
        self.order = place(act_for, *lines, seller=self.vendor, buyer=self.partner)
        self.agreement = RebateFactory(partnership=self.edge, product_lines=["Pumps"], **columns)

    def bill(self, *amounts, number="INV-1", day=DAY):
        """The order's lines charged with these amounts; None leaves one out."""
        invoice = billed(self.edge, number=number, day=day)
        for at, (ordered, amount) in enumerate(zip(self.order.lines.order_by("position"), amounts, strict=False), 1):
            if amount is not None:
                self.add(invoice, at, amount, order=self.order, order_line=ordered, title=ordered.title)
        return invoice

    def credit(self, *said, number="", preceding="", day=LATER, **columns):
        """A credit note with lines of an amount and a product, or neither an order nor a line of it."""
        invoice = billed(self.edge, number=number, day=day, kind="credit_note", preceding=preceding)
        document = []
        for at, (amount, sku) in enumerate(said, 1):
            self.add(invoice, at, amount, **{"title": "", **columns})
            document.append({"seller_sku": sku} if sku else {})
        invoice.document = {"lines": document}
        invoice.save()
        return invoice

    def add(self, invoice, at, amount, **columns):
        more = {"quantity": 1, "number": str(at), **columns}
        InvoiceLine.objects.create(invoice=invoice, position=at, amount=Decimal(amount), **more)

    def earned(self):
        accrue_lines(agreement=self.agreement)
        assert total(self.agreement) == sum(balance(self.agreement, kind) for kind in ("earned", "available"))
        return total(self.agreement)

    def open(self):
        return [(row.rest, row.reason) for row in CreditedLine.objects.open().order_by("pk")]


@pytest.fixture
def shop(act_for):
    return Shop(act_for)


def test_by_the_number_of_its_invoice_it_takes_back_in_proportion_to_the_cent(shop):
    shop.bill("100", "200", "33.33")
    assert shop.earned() == Decimal("2.67")  # of 133.33
    shop.credit(("50.50", ""), preceding="INV-1")
    shop.earned()
    parts = list(CreditPart.objects.values_list("invoice_line__number", "amount"))
    assert parts == [("1", Decimal("15.15")), ("2", Decimal("30.30")), ("3", Decimal("5.05"))]
    taken = Accrual.objects.exclude(of_line=None).order_by("pk")
    assert [(row.of_line.number, row.base) for row in taken] == [
        ("1", Decimal("-15.15")),
        ("3", Decimal("-5.05")),
    ]
    assert {row.invoice_line.invoice.kind for row in taken} == {"credit_note"}
    assert "INV-1" in str(taken[0].why) and shop.open() == []
    shop.credit(("282.83", ""), preceding="INV-1")
    assert shop.earned() == 0


def test_by_a_line_number_by_a_product_and_by_an_amount(shop):
    shop.bill("100", "200", "300")
    shop.earned()
    note = shop.credit(("200", ""), preceding="INV-1")  # the valves, as their amount is said
    shop.earned()
    assert list(note.lines.get().credited.parts.values_list("invoice_line__number", flat=True)) == ["2"]
    named = shop.credit(("50", ""), preceding="INV-1")
    named.document = {"lines": [{"references": [["invoice_line", "003"]]}]}
    named.save()
    assert shop.earned() == 7
    shop.credit(("350", "pump-1"))  # nothing but the product: what is left of both lines of it
    assert shop.earned() == 0 and shop.open() == []


def test_of_one_product_that_earned_differently_the_amount_tells_or_a_person(shop):
    rate = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 6, 30)}
    later = RebateFactory(partnership=shop.edge, product_lines=["Pumps"], rate=Decimal(5), **rate)
    shop.bill("100", number="INV-1")
    shop.bill("300", number="INV-2", day=LATER - timedelta(days=1))
    assert shop.earned() == 8
    shop.credit(("100", "PUMP-1"))
    assert shop.earned() == 6 and shop.open() == []
    shop.bill("100", number="INV-3")
    shop.credit(("40", "PUMP-1"))
    shop.earned()
    accrue_lines(agreement=later)
    assert shop.open() == [(40, "several")] and total(later) == 15


def test_no_more_is_taken_back_than_was_earned_however_often_it_is_credited(shop):
    shop.bill("100", None, None)
    for _again in range(3):
        shop.credit(("80", ""), preceding="INV-1")
    assert shop.earned() == 0
    assert shop.open() == [(60, "too_much"), (80, "too_much")]
    assert total(shop.agreement) == 0 and Statement.objects.get().volume == 0


def test_a_credit_before_its_invoice_waits_for_it(shop):
    shop.credit(("100", ""), preceding="INV-1", day=DAY)
    shop.credit(("50", "VALVE-1"), day=DAY)
    assert shop.earned() == 0
    assert shop.open() == [(100, "unknown_invoice"), (50, "not_invoiced")]
    shop.bill("100", None, None, day=LATER)
    assert shop.earned() == 0 and shop.open() == [(50, "not_invoiced")]
    assert [row.amount for row in Accrual.objects.order_by("pk")] == [2, -2]


def test_what_was_credited_before_a_correction_is_not_left_of_the_corrected_invoice(shop, act_for):
    shop.bill("1000", "200")
    shop.earned()
    shop.credit(("200", "PUMP-1"), preceding="INV-1")
    assert shop.earned() == 16
    corrected = shop.bill("600", "200", number="INV-2", day=LATER)
    Invoice.objects.filter(pk=corrected.pk).update(kind="corrected", preceding="INV-1")
    assert shop.earned() == 8  # of 600, less the 200
    line = corrected.lines.get(number="1")
    shop.credit(("1", ""), number="CN-9")
    shop.earned()
    asked = CreditedLine.objects.get(reason="nothing_said")
    assert {row.pk: row.rest for row in likely_lines(asked)}[line.pk] == 400
    shop.credit(("600", "PUMP-1"), preceding="INV-2")
    assert shop.earned() == 0
    assert (200, "too_much") in shop.open()


def test_a_number_that_begins_anew_each_year_means_the_last_before_the_credit(shop):
    shop.bill("100", day=date(2026, 1, 5))
    shop.bill("300", day=date(2026, 6, 5))
    shop.credit(("100", ""), preceding="INV-1", day=date(2026, 3, 1))
    assert shop.earned() == 6
    shop.credit(("300", ""), preceding="INV-1", day=date(2026, 7, 1))
    assert shop.earned() == 0


def test_what_says_nothing_counts_whole_where_everything_counts_and_is_asked_about_elsewhere(shop):
    everything = RebateFactory(partnership=shop.edge, rate=Decimal(1))
    shop.bill("100", "200")
    shop.credit(("60", ""))
    accrue_lines(agreement=everything)
    assert shop.earned() == 2 and total(everything) == Decimal("2.40")
    assert shop.open() == [(60, "nothing_said")]


def test_where_no_rebate_asks_what_a_credit_was_for_nobody_is_asked(act_for):
    agreement = RebateFactory()
    billed(agreement.partnership, "100", day=DAY)
    billed(agreement.partnership, "40", kind="credit_note", day=DAY)
    accrue_lines(agreement=agreement)
    assert CreditedLine.objects.get().state == "whole" and total(agreement) == Decimal("1.20")
    narrow = RebateFactory(partnership=agreement.partnership, product_lines=["Pumps"])
    accrue_lines(agreement=narrow)
    assert CreditedLine.objects.get().state == "open"
    assert total(agreement) == Decimal("1.20")


def test_of_strangers_and_in_another_currency_nothing_is_taken_back(shop):
    shop.bill("100")
    other = PartnershipFactory(vendor=shop.vendor)
    billed(other, "100", kind="credit_note", preceding="INV-1", day=LATER)
    billed(shop.edge, "100", kind="credit_note", preceding="INV-1", day=LATER, currency="USD")
    assert shop.earned() == 2


def test_units_are_taken_back_with_their_line(act_for):
    shop = Shop(act_for, rule="fixed", basis="units", rate=Decimal(3))
    invoice = shop.bill(None, "10")
    shop.add(invoice, 1, "70", quantity=7, order=shop.order, order_line=shop.order.lines.get(position=1), title="P")
    assert shop.earned() == 21
    shop.credit(("20", ""), preceding="INV-1", quantity=2, title="P")
    assert shop.earned() == 15
    shop.credit(("60", ""), preceding="INV-1", quantity=0)
    assert shop.earned() == 0


def test_what_a_closed_period_earned_is_taken_back_in_the_next_one(shop):
    shop.bill("1000", "500")
    shop.earned()
    close_statement(actor=system_actor(shop.vendor), statement=Statement.objects.get())
    shop.credit(("250", "PUMP-1"))
    assert shop.earned() == 15
    assert Statement.objects.get(starts_on=date(2026, 4, 1)).late == -5


def test_the_growth_of_the_former_period_is_less_what_was_credited_in_it(act_for):
    shop = Shop(act_for, rule="growth", rate=Decimal(10), starts_on=date(2026, 4, 1))
    shop.bill("1000", "50")
    shop.credit(("300", ""), preceding="INV-1", day=DAY)
    shop.bill("900", "50", number="INV-2", day=LATER)
    shop.earned()
    statement = Statement.objects.get()
    taken = CreditPart.objects.get(invoice_line__number="1").amount
    assert statement.baseline == 1000 - taken and taken == Decimal("285.71")


def test_a_credit_on_a_promotion_without_a_line_of_the_order(act_for):
    market = Market(act_for)
    market.run(kind="rebate", value=Decimal(3), product_lines=["Pumps"])
    order = market.order()
    deliver()
    bill = billed(market.partnership, number="INV-1", day=localdate())
    ordered = order.lines.get()
    InvoiceLine.objects.create(
        invoice=bill, position=1, number="1", order=order, order_line=ordered, title="Pump", quantity=10, amount=1000
    )
    bill.orders.add(order)
    accrue_invoice.call(bill.pk)
    agreement = Accrual.objects.get().agreement
    assert total(agreement) == 30
    note = billed(market.partnership, "400", kind="credit_note", number="CN-1", preceding="INV-1")
    accrue_invoice.call(note.pk)
    assert total(agreement) == 18 == balance(agreement, "earned")
    billed(market.partnership, "700", kind="credit_note", number="CN-2", preceding="INV-1")
    catch_up.call()
    catch_up.call()
    assert total(agreement) == 0
    assert [(row.rest, row.reason) for row in CreditedLine.objects.open()] == [(100, "too_much")]


# By hand.


@pytest.fixture
def finance(act_for, shop):
    return act_for(shop.vendor, "rebates.view", "rebates.settle")


@pytest.fixture
def asked(shop):
    """A credit of which nobody knows what it is for."""
    shop.bill("100", "200", "300")
    shop.credit(("150", ""), number="CN-7")
    shop.earned()
    return CreditedLine.objects.get()


def test_somebody_says_which_line_it_takes_back(shop, finance, asked):
    lines = {row.number: row.pk for row in likely_lines(asked)}
    assert list(lines) and counts(finance)["rebates"] == 1
    assert any("CN-7" in each.title for each in waiting(finance))
    row = match_credit(actor=finance, credited=asked, line=lines["1"])
    assert (row.rest, row.state, row.version) == (50, "open", 2)
    row = match_credit(actor=finance, credited=row, line=lines["3"])
    assert (row.rest, row.state) == (0, "matched") and counts(finance)["rebates"] == 0
    entry = TrailEntry.objects.filter(verb="rebate_credit.matched").last()
    assert entry.data["invoice"] == "INV-1" and entry.target_id == row.pk
    take_back(entry)
    assert shop.earned() == 5  # of 300 and 100, less 100 and 50
    with pytest.raises(PermissionDenied):
        match_credit(actor=finance, credited=row, line=lines["3"])


def test_or_that_it_takes_nothing_back_and_may_think_again(shop, finance, asked):
    row = dismiss_credit(actor=finance, credited=asked)
    catch_up.call()
    row.refresh_from_db()
    assert row.state == "dismissed" and total(shop.agreement) == 8
    with pytest.raises(PermissionDenied):
        match_credit(actor=finance, credited=row, line=1)
    assert reopen_credit(actor=finance, credited=row).state == "open"
    assert list(
        TrailEntry.objects.filter(target="rebates.creditedline").order_by("pk").values_list("verb", flat=True)
    ) == [
        "rebate_credit.dismissed",
        "rebate_credit.reopened",
    ]


def test_lines_of_others_of_credits_and_those_of_which_nothing_is_left_are_refused(shop, finance, asked, act_for):
    other = billed(PartnershipFactory(vendor=shop.vendor), "500", day=DAY).lines.get()
    dollars = billed(shop.edge, "500", currency="USD", day=DAY).lines.get()
    for key in (other.pk, dollars.pk, asked.line_id, 0, 99_999_999):
        with pytest.raises(DomainError):
            match_credit(actor=finance, credited=asked, line=key)
    shop.credit(("600", ""), preceding="INV-1")
    shop.earned()
    with pytest.raises(DomainError):
        match_credit(actor=finance, credited=asked, line=InvoiceLine.objects.filter(invoice__number="INV-1").first().pk)
    assert not TrailEntry.objects.filter(target="rebates.creditedline").exists()


def test_only_the_vendors_finance_may(shop, asked, act_for):
    own = InvoiceLine.objects.filter(invoice__number="INV-1").first().pk
    rival = OrganisationFactory()
    for actor in (
        act_for(shop.partner, "rebates.view", "rebates.settle"),
        act_for(shop.vendor, "rebates.view", "rebates.manage"),
        act_for(rival, "rebates.settle"),
    ):
        for attempt in (
            lambda actor=actor: match_credit(actor=actor, credited=asked, line=own),
            lambda actor=actor: dismiss_credit(actor=actor, credited=asked),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
    assert not CreditedLine.objects.visible_to(act_for(rival)).exists()


# In any order.

NAMED = st.sampled_from(["invoice", "product", "order", "line"])
PIECES = st.lists(st.tuples(NAMED, st.integers(1, 99)), max_size=5)
BILLS = st.lists(st.lists(st.integers(1, 90_000), min_size=3, max_size=3), min_size=1, max_size=3)


def acting(organisation, *capabilities):
    """An actor outside of any fixture."""
    return actor_for(_member(organisation, capabilities, "").user, organisation.pk, "web")


class AnyOrder(TestCase):
    """Invoices of some product lines, credited in pieces that name what they credit in any way, before or after they
    came, more than once: all of it credited leaves nothing, and at no time is less than nothing left of a line."""

    @settings(max_examples=15, deadline=None)
    @given(BILLS, PIECES, st.randoms(use_true_random=False), st.booleans(), st.booleans())
    def test_crediting_everything_returns_to_zero(self, bills, pieces, random, retroactive, again):
        shop = Shop(acting, rule="tiers", steps=[["0", "1"], ["500", "3"]], retroactive=retroactive)
        steps = []
        for at, cents in enumerate(bills):
            amounts = [Decimal(each) / 100 for each in cents]
            steps.append(lambda at=at, amounts=amounts: shop.bill(*amounts, number=f"INV-{at}"))
            steps += self.credits(shop, f"INV-{at}", amounts, pieces)
            if again:
                whole = Decimal(sum(cents)) / 100
                steps.append(lambda at=at, whole=whole: shop.credit((whole, ""), preceding=f"INV-{at}"))
        random.shuffle(steps)
        for step in steps:
            step()
            if random.random() < 0.6:
                shop.earned()
                self.hold()
        shop.earned()
        self.hold()
        for at, cents in enumerate(bills):  # whatever went another way
            shop.credit((Decimal(sum(cents)) / 100, ""), preceding=f"INV-{at}", number=f"END-{at}")
        assert shop.earned() == 0
        self.hold()
        assert sum(Accrual.objects.filter(part="line").values_list("base", flat=True)) == 0

    def credits(self, shop, number, amounts, pieces):
        """All of one invoice in pieces of a percentage, each naming it in its own way."""
        ordered = dict(enumerate(shop.order.lines.order_by("position")))
        skus = ("PUMP-1", "VALVE-1", "PUMP-1")
        for at, amount in enumerate(amounts):
            for named, percent in pieces:
                part = (amount * percent / 100).quantize(Decimal("0.01"))
                if not part:
                    continue
                columns = {"product": {}, "order": {"order": shop.order}, "invoice": {}}.get(
                    named, {"order": shop.order, "order_line": ordered[at]}
                )
                names = {"preceding": number} if named == "invoice" else {}
                yield lambda part=part, at=at, columns=columns, names=names: shop.credit(
                    (part, skus[at]), **names, **columns
                )

    def hold(self):
        """Of no line more is taken back than it had, and no credit takes back more than it says."""
        for row in InvoiceLine.objects.exclude(invoice__kind="credit_note"):
            taken = sum(CreditPart.objects.filter(invoice_line=row).values_list("amount", flat=True))
            assert 0 <= taken <= row.amount
        for row in CreditedLine.objects.all():
            taken = sum(row.parts.values_list("amount", flat=True))
            assert taken + row.rest == row.amount and row.rest >= 0
        by_line = {}
        for row in Accrual.objects.filter(part="line"):
            key = row.of_line_id or row.invoice_line_id
            by_line[key] = by_line.get(key, 0) + row.base
        assert all(left >= 0 for left in by_line.values())
        assert Invoice.objects.exists()


AMOUNTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=200, deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=6), AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_parts_are_the_amount_to_its_last_decimal_and_never_more_than_is_left(rests, amount, currency):
    rows = [Charged(at, rest, Decimal(3), DAY, 1, "A", number=str(at), title=f"{at}") for at, rest in enumerate(rests)]
    found = match(Said(amount, Decimal(2), currency, LATER, invoice="A"), rows)
    assert sum(each.amount for each in found.taken) == min(amount, sum(rests))
    assert all(0 <= row.rest <= rests[row.pk] and 0 <= row.units <= 3 for row in rows)
    assert found.why == (Why.TOO_MUCH if amount > sum(rests) else None)
    if not any(row.rest for row in rows):
        assert not any(row.units for row in rows)


def test_a_line_that_lowered_its_invoice_is_taken_back_with_the_others():
    rows = [
        Charged(1, Decimal(100), Decimal(1), DAY, 1, "A"),
        Charged(2, Decimal(-10), Decimal(1), DAY, 1, "A"),
    ]
    found = match(Said(Decimal(90), Decimal(1), "EUR", LATER, invoice="A"), rows)
    assert [(each.pk, each.amount) for each in found.taken] == [(1, 100), (2, -10)] and found.why is None
