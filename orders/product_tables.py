"""Products from a table: what each line says of a product, before it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import DomainError
from orders.models import Product
from orders.models.catalogue import check_gtin
from orders.pasting import PastedRow, decimal_of, read_table
from orders.units import UNITS

COLUMNS: Mapping[str, frozenset[str]] = {
    "sku": frozenset({"sku", "part number", "codice", "artikelnummer"}),
    "name": frozenset({"name", "product", "nome", "descrizione breve", "bezeichnung"}),
    "list_price": frozenset({"list price", "price", "prezzo", "prezzo di listino", "listenpreis"}),
    "currency": frozenset({"currency", "valuta", "währung"}),
    "unit": frozenset({"unit", "unità", "einheit"}),
    "pack_size": frozenset({"pack", "pack size", "confezione"}),
    "gtin": frozenset({"gtin", "ean"}),
    "product_line": frozenset({"product line", "line", "linea", "linea di prodotto"}),
    "description": frozenset({"description", "descrizione"}),
    "lifecycle": frozenset({"lifecycle", "ciclo di vita"}),
}


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A line of the table: the values that it gives a product, or its problem."""

    number: int
    sku: str
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def products_in(text: str) -> list[ProductRow]:
    """The products of a table whose first line names its columns; a SKU twice is refused the second time."""
    rows = [_row(row) for row in read_table(text, COLUMNS)]
    seen: dict[str, int] = {}
    return [_once(row, seen) for row in rows]


def _once(row: ProductRow, seen: dict[str, int]) -> ProductRow:
    first = seen.setdefault(row.sku.upper(), row.number)
    if row.problem or first == row.number:
        return row
    return ProductRow(row.number, row.sku, problem=_("Line %d says it already.") % first)


def _row(row: PastedRow) -> ProductRow:
    cells = {name: value for name, value in row.cells.items() if value}
    sku = cells.get("sku", "")[:60]
    try:
        return ProductRow(row.number, sku, _values(cells))
    except DomainError as error:
        return ProductRow(row.number, sku, problem=error.message)


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    """What the cells say, checked; an empty cell leaves what is. Raises DomainError."""
    if not cells.get("sku") or len(cells["sku"]) > 60:
        raise DomainError(_("The line needs a SKU of 60 characters at most."))
    values: dict[str, Any] = {**cells}
    if "list_price" in cells:
        values["list_price"] = _price(cells["list_price"])
    if "pack_size" in cells:
        values["pack_size"] = _pack(cells["pack_size"])
    if "gtin" in cells:
        values["gtin"] = _gtin(cells["gtin"])
    values |= {name: cells[name].upper() for name in ("currency", "unit") if name in cells}
    if "lifecycle" in cells:
        values["lifecycle"] = _chosen(cells["lifecycle"], Product.Lifecycle.choices)
    if values.get("unit", "C62") not in dict(UNITS):
        raise DomainError(_("“%s” is not one of the units.") % cells["unit"][:10])
    if not (len(values.get("currency", "EUR")) == 3 and values.get("currency", "EUR").isalpha()):
        raise DomainError(_("“%s” is no currency.") % cells["currency"][:10])
    for name, most in (("name", 200), ("product_line", 80)):
        if len(cells.get(name, "")) > most:
            raise DomainError(_("“%(what)s” is longer than %(most)d characters.") % {"what": name, "most": most})
    return values


def _price(text: str) -> Any:
    price = decimal_of(text)
    if not (0 <= price < 10**10 and price == round(price, 4)):
        raise DomainError(_("The price has to be 0 or more, with four decimals at most."))
    return price


def _pack(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text[:9]) < 10**6):
        raise DomainError(_("“%s” is no size of a pack.") % text[:20])
    return int(text)


def _gtin(text: str) -> str:
    plain = text.replace(" ", "").replace("-", "")
    try:
        check_gtin(plain)
    except ValidationError as error:
        raise DomainError(_("“%s” is not a GTIN: its length or its check digit is wrong.") % text[:20]) from error
    return plain


def _chosen(text: str, choices: Any) -> str:
    """A choice by its code or by its name."""
    for code, label in choices:
        if text.casefold() in {str(code), str(label).casefold()}:
            return str(code)
    raise DomainError(_("“%s” is not one of the lifecycles.") % text[:20])
