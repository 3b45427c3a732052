"""A promotion that gives money back after the sale: booked when the invoice line comes, as any rebate."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from core.models import TrailEntry
from orders.actions import receive_invoice
from orders.documents import InvoiceDocument, InvoiceLineDocument
from promotions.models import Redemption
from rebates.actions import end_agreement, follow_promotions
from rebates.models import Accrual, RebateAgreement
from rebates.sentences import products_of
from rebates.tasks import accrue_invoice, catch_up
from tests.orders.factories import line
from tests.promotions.factories import Market
from tests.promotions.test_redeeming import deliver
from tests.rebates.test_accruing import balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(act_for):
    return Market(act_for)


def invoiced(market, order, *amounts, kind="invoice", number="INV-1"):
    """The lines of an order billed with these amounts."""
    lines = tuple(
        InvoiceLineDocument(number=str(at), order_line=row.number, quantity=Decimal(1), amount=Decimal(amount))
        for at, (row, amount) in enumerate(zip(order.lines.order_by("position"), amounts, strict=True), 1)
    )
    document = InvoiceDocument(
        number=number, issued_on=localdate(), kind=kind, currency="EUR", lines=lines,
        preceding="INV-1" if kind == "credit_note" else "",
    )  # fmt: skip
    actor = market.act_for(market.vendor, "orders.invoice", "orders.respond", "orders.view", "orders.send")
    return receive_invoice(actor=actor, document=document, buyer=market.partner, seller=market.vendor, order=order)


def test_what_was_promised_is_booked_line_by_line_and_taken_back(market):
    promotion = market.run(kind="rebate", value=Decimal(3), product_lines=["Pumps"])
    other = market.product.__class__.objects.create(
        vendor=market.vendor, sku="VALVE-1", name="Valve", list_price=Decimal(50), currency="EUR", product_line="Valves"
    )
    order = market.order(lines=[line("1", "10", None, seller_sku="PUMP-1"), line("2", "2", None, seller_sku=other.sku)])
    deliver()
    assert order.total == 1100 and Redemption.objects.get().amount == 30  # the price stays, the rebate is noted
    bill = invoiced(market, order, "400", "100")
    accrue_invoice.call(bill.pk)
    agreement = RebateAgreement.objects.get()
    assert (agreement.state, agreement.promotion, agreement.partner) == ("active", promotion, market.partner)
    assert promotion.number in products_of(agreement)
    assert [(row.invoice_line.amount, row.amount) for row in Accrual.objects.all()] == [(400, 12)]
    catch_up.call()
    accrue_invoice.call(bill.pk)
    assert balance(agreement, "earned") == 12 and RebateAgreement.objects.count() == 1
    back = invoiced(market, order, "400", "100", kind="credit_note", number="CN-1")
    accrue_invoice.call(back.pk)
    assert balance(agreement, "earned") == 0
    with pytest.raises(PermissionDenied, match="promotion"):
        end_agreement(actor=market.act_for(market.vendor, "rebates.manage"), agreement=agreement, reason="x")


def test_an_order_without_it_earns_nothing_and_a_missed_one_is_caught_up(market):
    before = market.order()
    deliver()
    promotion = market.run(kind="rebate", value=Decimal(3), start=date(2026, 1, 1))
    order = market.order()
    deliver()
    invoiced(market, before, "1000", number="INV-0")
    invoiced(market, order, "1000")
    Accrual.objects.all().delete()
    RebateAgreement.objects.all().delete()
    catch_up.call()
    assert [row.amount for row in Accrual.objects.all()] == [30]
    assert follow_promotions() == []
    assert TrailEntry.objects.filter(verb="rebate.promised", data__promotion=promotion.number).exists()
