"""A price's steps as they are kept with a line, so that a page says years later how the price came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.explaining import PricedLine, Step

LABELS: dict[str, str | Promise] = {
    "list": _("List price"),
    "options": _("Options"),
    "price_list": _("Agreed price"),
    "manual": _("Discount"),
    "quotation": _("Quote"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One step as it is read again: what it is called, what it took off in percent (None: it set the price), and what
    one unit costs after it."""

    kind: str
    label: str | Promise
    unit_price: Decimal
    percent: Decimal | None


def kept(line: PricedLine) -> dict[str, Any]:
    """The steps of a price as plain data, with how many units come on top without a charge."""
    return {"steps": [_kept(step) for step in line.steps], "given": format(line.given, "f")}


def _kept(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "label": str(step.label)[:120],
        "unit_price": format(step.unit_price, "f"),
        "percent": None if step.percent is None else format(step.percent, "f"),
        "source": step.source_id,
    }


def notes_of(pricing: Mapping[str, Any]) -> list[Note]:
    """The steps again, named in the reader's language where the name is the portal's own; none for an old line."""
    return [
        Note(
            step["kind"],
            LABELS.get(step["kind"], step["label"]),
            Decimal(step["unit_price"]),
            None if step["percent"] is None else Decimal(step["percent"]),
        )
        for step in pricing.get("steps", [])
    ]


def given_of(pricing: Mapping[str, Any]) -> Decimal:
    """How many units come on top without a charge."""
    return Decimal(pricing.get("given", 0))
