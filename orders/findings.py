"""The catalogue of findings: what the portal may notice about an order, and the sentence for each.

Severities: error = somebody has to decide, warning = look at it, info = worth knowing. None of them refuses an order.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(NamedTuple):
    """How grave a finding is, and its sentence with named places for its data."""

    severity: str
    text: str | Promise


KINDS: dict[str, Kind] = {
    "product_unknown": Kind(
        "error", _("The catalogue has no product %(codes)s. Choose the product or reject the line.")
    ),
    "product_conflict": Kind(
        "warning", _("The GTIN means %(sku)s, but the seller's number on the line is %(written)s.")
    ),
    "product_ended": Kind("warning", _("%(sku)s is no longer sold.")),
    "product_replaced": Kind("warning", _("%(sku)s is no longer sold; %(replacement)s replaces it.")),
    "price_missing": Kind("warning", _("No price was stated. By the price list it is %(expected)s %(currency)s.")),
    "price_unknown": Kind("warning", _("No price was stated, and the price list has none.")),
    "price_differs": Kind(
        "warning", _("The price %(stated)s differs from the price list, %(expected)s %(currency)s (%(basis)s).")
    ),
    "currency_missing": Kind("warning", _("No currency was stated; %(currency)s was assumed.")),
    "currency_unknown": Kind("error", _("“%(stated)s” is not a currency of ISO 4217; %(currency)s was assumed.")),
    "currency_differs": Kind("warning", _("The order is in %(stated)s, the price of %(sku)s is in %(currency)s.")),
    "unit_unknown": Kind("warning", _("The unit “%(unit)s” is not one of UN/ECE Recommendation 20 that we know.")),
    "unit_differs": Kind("warning", _("Ordered by %(stated)s, but %(sku)s is sold by %(unit)s.")),
    "pack_size": Kind("info", _("%(sku)s comes in packs of %(pack)s; %(quantity)s is not a multiple.")),
    "quantity_zero": Kind("error", _("The quantity is 0.")),
    "line_amount_differs": Kind("warning", _("The line says %(stated)s, quantity times price is %(computed)s.")),
    "total_differs": Kind("warning", _("The order says a total of %(stated)s, its lines add up to %(computed)s.")),
    "line_count_differs": Kind("warning", _("The order says it has %(stated)s lines, and has %(computed)s.")),
    "line_number_repeated": Kind("warning", _("The line number %(number)s occurs more than once.")),
    "delivery_past": Kind("warning", _("The delivery date %(day)s was past already when the order came in.")),
    "code_refused": Kind("warning", _("The code %(promotion)s does not apply: %(why)s")),
    "deal_number_wrong": Kind("warning", _("“%(number)s” is not a deal number: its check digit does not match.")),
    "deal_unknown": Kind("warning", _("There is no deal %(number)s between these two companies.")),
    "deal_several": Kind("warning", _("The order names more than one deal; it was linked to %(number)s.")),
}

BASES: dict[str, str | Promise] = {
    "list": _("list price"),
    "tier": _("list price less tier discount"),
    "price_list": _("agreed price list"),
    "options": _("list price with options"),
    "promotion": _("promotion"),
    "quotation": _("quotation"),
}
FIELD_LABELS: dict[str, str | Promise] = {
    "line": _("line"),
    "quantity": _("quantity"),
    "unit": _("unit"),
    "unit_price": _("price"),
    "delivery_date": _("delivery date"),
    "seller_sku": _("product"),
    "gtin": _("GTIN"),
    "description": _("description"),
    "currency": _("currency"),
    "ship_to": _("delivery address"),
    "notes": _("notes"),
    "terms": _("terms"),
    "valid_until": _("valid until"),
    "total": _("total"),
    "codes": _("promotion codes"),
    "note": _("note"),
    "configuration": _("options"),
    "discount": _("discount"),
}


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding before it is saved; `position` is the line it stands at, None for the order as a whole."""

    code: str
    data: Mapping[str, str]
    position: int | None = None

    @property
    def severity(self) -> str:
        """info, warning or error."""
        return KINDS[self.code].severity


def notice(code: str, position: int | None = None, **data: object) -> Noticed:
    """A finding of the catalogue; its data are kept as text."""
    return Noticed(code, {key: str(value) for key, value in data.items()}, position)


def sentence(code: str, data: Mapping[str, str]) -> str:
    """The finding in the active language; the code itself when it is unknown."""
    if code not in KINDS:
        return code
    words = defaultdict(str, data)
    if "basis" in data:
        words["basis"] = str(BASES.get(data["basis"], data["basis"]))
    return str(KINDS[code].text) % words
