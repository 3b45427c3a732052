"""Sales with what came before them: leads, letters, promotions, activities; and their invoices."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

from audiences.models import Mailing, Recipient
from funds.models import Claim, Fund, FundRequest, RequestLine, Settlement
from insights.attribution.keeping import keep_all
from insights.models import Credit, Trace
from orders.models import Invoice, InvoiceLine, Order, OrderLine
from promotions.models import Redemption
from tests.audiences.factories import ContactFactory
from tests.deals.factories import DealFactory
from tests.factories import PartnershipFactory
from tests.insights.stories import at
from tests.leads.factories import LeadFactory
from tests.orders.factories import ProductFactory
from tests.promotions.factories import PromotionFactory

_serial = itertools.count(1)
CUSTOMER = "zirkonia.example"


class Sale:
    """A vendor and a partner, and one product. A deal of 5 November, ordered on the 10th, invoiced on the 15th."""

    def __init__(self, edge=None):
        self.edge = edge or PartnershipFactory()
        self.vendor, self.partner = self.edge.vendor, self.edge.partner
        self.product = ProductFactory(vendor=self.vendor)

    def deal(self, **columns):
        columns = {"state": "won", "submitted_at": at(5), "decided_at": at(6), "customer_domain": CUSTOMER, **columns}
        return DealFactory(partnership=self.edge, lines=[{"product": self.product}], **columns)

    def order(self, deal=None, basis="number", when=None, **columns):
        when = when or at(10)
        row = Order.objects.create(
            buyer=self.partner, seller=self.vendor, partnership=self.edge, number=f"PO-{next(_serial)}", source="web",
            state="invoiced", currency="EUR", deal=deal, deal_basis=basis if deal else "", created=when,
            received_at=when, **columns,
        )  # fmt: skip
        OrderLine.objects.create(order=row, position=1, number="10", quantity=1, product=self.product)
        return row

    def invoice(self, order=None, *amounts, kind="invoice", day=date(2026, 11, 15), **columns):
        number = columns.pop("number", f"FT-{next(_serial)}")
        row = Invoice.objects.create(
            buyer=self.partner, seller=self.vendor, number=number, issued_on=day, kind=kind, document={},
            **{"currency": "EUR", **columns},
        )  # fmt: skip
        for position, amount in enumerate(amounts or ("100.00",), 1):
            InvoiceLine.objects.create(
                invoice=row, position=position, title="Pump", quantity=1, amount=Decimal(amount), order=order,
                order_line=order.lines.first() if order else None,
            )  # fmt: skip
        return row

    def lead(self, deal=None, **columns):
        held = {"state": "converted", "holder": self.partner} if deal else {}
        return LeadFactory(vendor=self.vendor, deal=deal, **{"created": at(1), **held, **columns})

    def read(self, owner, clicked=None, opened=None, email=f"anna@{CUSTOMER}", **columns):
        """Somebody at the customer opened a letter of `owner`, and followed a link in it."""
        mailing = Mailing.objects.create(
            organisation=owner, subject="Kept among ourselves", body="x", sender_name="x", state="sent", **columns
        )
        contact = owner.contacts.filter(email=email).first() or ContactFactory(organisation=owner, email=email)
        Recipient.objects.create(
            mailing=mailing, organisation=owner, contact=contact, email=contact.email, state="sent",
            opened_at=opened or clicked, clicked_at=clicked,
        )  # fmt: skip
        return mailing

    def redeem(self, order, amount="7.00", state="committed", **columns):
        promotion = columns.pop("promotion", None) or PromotionFactory(vendor=self.vendor, **columns)
        Redemption.objects.create(
            promotion=promotion, vendor=self.vendor, partner=self.partner, order=order, position=1, line_number="10",
            product=self.product, units=1, price_before=107, price_after=100, reserved=Decimal(amount),
            amount=Decimal(amount), currency="EUR", state=state, created=at(10),
        )  # fmt: skip
        return promotion

    def activity(self, starts=date(2026, 10, 20), paid=(), **columns):
        """A granted activity of ten days, with what was paid for it (a negative amount was taken back)."""
        serial = next(_serial)
        fund = columns.pop("fund", None) or Fund.objects.create(
            vendor=self.vendor, number=f"F-{serial}", name="Growth fund", starts=date(2026, 1, 1),
            ends=date(2026, 12, 31), reach="partner", partnership=self.edge,
        )  # fmt: skip
        request = FundRequest.objects.create(
            vendor=self.vendor, partner=self.partner, partnership=self.edge, fund=fund, title="Fair of the year",
            **{"number": f"MDF-{serial}", "state": "completed", **columns},
        )  # fmt: skip
        line = RequestLine.objects.create(
            request=request, position=1, activity="fair", title="Stand at the fair", starts=starts,
            ends=starts + timedelta(days=10), cost=2000, asked=1000, approved=1000, decision="accepted",
        )  # fmt: skip
        claim = Claim.objects.create(
            vendor=self.vendor, partner=self.partner, request=request, line=line, number=f"CL-{serial}", supplier="x",
            invoice_number="1", invoice_key=str(serial), invoice_day=starts, cost=2000, asked=1000, state="settled",
        )  # fmt: skip
        for amount in paid:
            way = "payment" if amount > 0 else "claw_back"
            Settlement.objects.create(
                claim=claim, way=way, amount=abs(amount), reference=str(amount), day=at(12).date()
            )
        return request

    def traced(self):
        """Everything traced anew: (trace, the vendor's credits, the partner's) of the newest line."""
        keep_all()
        trace = Trace.objects.order_by("-line_id").first()
        return trace, self.book(trace, self.vendor), self.book(trace, self.partner)

    def book(self, trace, owner):
        rows = Credit.objects.filter(trace=trace, owner=owner).order_by("place")
        return [(row.kind, row.touch, row.basis, row.get_confidence_display().lower(), row.linear) for row in rows]


def snapshot():
    """All that is kept, but for its keys."""
    traces = sorted(
        Trace.objects.values_list("line", "day", "amount", "order", "quote", "deal", "deal_basis", "confidence"),
        key=str,
    )
    columns = (
        "trace__line",
        "owner",
        "place",
        "kind",
        "source_id",
        "source_name",
        "touch",
        "touched_id",
        "linear",
        "first",
    )
    return traces, sorted(Credit.objects.values_list(*columns), key=str)
