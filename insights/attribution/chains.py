"""The way back from one invoice line in steps, and who is credited with it by each model, as one side knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from insights.attribution.measuring import Key
from insights.attribution.models import CONFIDENCE, RULES, TONES, Basis, Confidence, Credit, Trace
from insights.attribution.naming import Name, names_of, touched
from insights.attribution.scopes import MODEL_NAMES
from insights.attribution.splitting import MODELS
from partners.actors import Actor

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """A record of the chain, and what its link to the record before rests on."""

    what: Text
    name: Name
    basis: str
    when: date | datetime | None = None

    @property
    def basis_label(self) -> Text:
        """What the link rests on, in words."""
        return Basis(self.basis).label if self.basis else ""

    @property
    def rule(self) -> Text:
        """The rule behind the basis."""
        return RULES.get(self.basis, "")

    @property
    def sure(self) -> tuple[Text, str]:
        """How sure the link is, in a word with its tone."""
        level = CONFIDENCE[self.basis]
        return Confidence(level).label, TONES[level]


@dataclass(frozen=True, slots=True)
class Row:
    """What one touch is credited with by each model."""

    source: Name
    touched: Name
    credit: Credit
    amounts: list[tuple[Text, Decimal]]

    @property
    def sure(self) -> tuple[Text, str]:
        """How sure the whole chain is, in a word with its tone."""
        level = Confidence(self.credit.confidence)
        return level.label, TONES[level]

    @property
    def rule(self) -> Text:
        """The rule behind the touch's own link."""
        return RULES.get(self.credit.basis, "")


def steps_of(trace: Trace) -> list[Step]:
    """From the invoice line back to the deal. What is not there is left out."""
    return list(_steps(trace))


def _steps(trace: Trace) -> Iterator[Step]:
    invoice: Any = trace.invoice
    yield Step(invoice.get_kind_display(), Name(str(invoice), invoice.get_absolute_url()), "", trace.day)
    if trace.order:
        order = trace.order
        yield Step(
            _("Order"), Name(str(order), _order_url(order)), trace.order_basis, order.received_at or order.created
        )
    if trace.quote:
        quote = trace.quote
        yield Step(
            pgettext_lazy("commerce", "Quote"),
            Name(str(quote), quote.get_absolute_url()),
            trace.quote_basis,
            quote.sent_at,
        )
    if trace.deal:
        deal = trace.deal
        yield Step(_("Deal"), Name(str(deal), deal.get_absolute_url()), trace.deal_basis, deal.submitted_at)


def _order_url(order: Any) -> str:
    return reverse("orders:detail", args=[order.pk])


def rows_of(actor: Actor, trace: Trace) -> list[Row]:
    """The credits of the actor's side, in the order of their time."""
    found = list(Credit.objects.visible_to(actor).filter(trace=trace).order_by("place"))
    names = names_of(actor, {Key(row.kind, row.source_id, row.source_name) for row in found})
    things = touched(actor, found)
    return [
        Row(
            names[Key(row.kind, row.source_id, row.source_name)],
            things[row.pk] if row.touch not in (Credit.Touch.CLICK, Credit.Touch.OPEN) else Name(""),
            row,
            [(MODEL_NAMES[model], getattr(row, model)) for model in MODELS],
        )
        for row in found
    ]
