"""The despatches, receipts and invoices of an order, for its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.money import format_money
from core.numbers import format_day
from orders.models import DespatchAdvice, Invoice, Order, ReceiptAdvice
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One of them as it is listed."""

    label: str
    note: str
    state: str
    url: str
    created: datetime


def follow_ups_of(actor: Actor, order: Order) -> list[FollowUpRow]:
    """All that followed an order, the newest first; three queries."""
    found = [*_despatches(actor, order), *_receipts(actor, order), *_invoices(actor, order)]
    return sorted(found, key=lambda row: row.created, reverse=True)


def _despatches(actor: Actor, order: Order) -> Iterator[FollowUpRow]:
    for row in DespatchAdvice.objects.visible_to(actor).filter(orders=order)[:50]:
        note = " · ".join(part for part in (row.carrier, row.tracking) if part)
        sent = format_day(row.shipped_on or row.issued_on)
        yield FollowUpRow(_("Despatch %s") % row, note, sent, row.get_absolute_url(), row.created)


def _receipts(actor: Actor, order: Order) -> Iterator[FollowUpRow]:
    for row in ReceiptAdvice.objects.visible_to(actor).filter(orders=order)[:50]:
        day = format_day(row.received_on or row.issued_on)
        yield FollowUpRow(_("Receipt %s") % row, "", day, row.get_absolute_url(), row.created)


def _invoices(actor: Actor, order: Order) -> Iterator[FollowUpRow]:
    for row in Invoice.objects.visible_to(actor).filter(orders=order)[:50]:
        label = f"{row.get_kind_display()} {row}"
        amount = format_money(row.payable, row.currency) if row.payable is not None else ""
        yield FollowUpRow(label, amount, format_day(row.issued_on), row.get_absolute_url(), row.created)
