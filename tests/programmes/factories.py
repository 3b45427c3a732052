"""A vendor with tiers that ask for something, and rows that count."""

from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from orders.models import Invoice, InvoiceLine
from partners.models import Programme, Tier
from programmes.models import Requirement, Scheme
from tests.factories import OrganisationFactory


def programme(vendor=None, *, window="rolling", grace_days=30, active=True, asks=None):
    """A vendor whose tiers of rank 1, 2 and 3 ask for these figures: {2: {"revenue": 1000}, …}."""
    vendor = vendor or OrganisationFactory(name="Aurora")
    row = Programme.objects.create(vendor=vendor, name="Circle")
    asks = {2: {"revenue": 1000}, 3: {"revenue": 5000, "won": 1}} if asks is None else asks
    for rank, name in ((1, "Registered"), (2, "Advanced"), (3, "Premier")):
        tier = Tier.objects.create(programme=row, rank=rank, name=name)
        for figure, least in asks.get(rank, {}).items():
            Requirement.objects.create(vendor=vendor, tier=tier, figure=figure, at_least=Decimal(least))
    Scheme.objects.create(vendor=vendor, window=window, grace_days=grace_days, active=active)
    return vendor


def tier_of(vendor, rank):
    return Tier.objects.get(programme__vendor=vendor, rank=rank)


def billed(edge, *amounts, kind="invoice", day: date | None = None, currency="EUR", number="", preceding=""):
    """An invoice of the vendor to the partner with lines of these amounts."""
    number = number or f"INV-{Invoice.objects.count() + 1:05d}"
    invoice = Invoice.objects.create(
        buyer=edge.partner,
        seller=edge.vendor,
        number=number,
        kind=kind,
        issued_on=day or localdate(),
        currency=currency,
        preceding=preceding,
        document={},
    )
    for position, amount in enumerate(amounts, 1):
        InvoiceLine.objects.create(
            invoice=invoice, position=position, number=str(position), title="Pump", quantity=1, amount=Decimal(amount)
        )
    return invoice
