"""PRICAT: the products of a seller and their prices. They stand in one group of prices (PGI 11: no price group)."""

from decimal import Decimal
from typing import Any

from edi.mapping.draft import Draft
from edi.mapping.edifact import common, items
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import handlers
from edi.mapping.edifact.orders import BUYER, SELLER
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.numbers import parse_count, parse_decimal, parse_edifact_date, plain
from edi.syntax.segments import Segment
from orders.documents import CatalogueDocument, CatalogueLineDocument, PriceDocument

_ACTIONS = {"1": "add", "2": "delete", "3": "update", "4": "unchanged"}
_CODE_1229 = {action: code for code, action in _ACTIONS.items()}
_KINDS = {"AAA": "net", "NTP": "net", "AAB": "gross", "GRP": "gross"}  # 5125
_CODE_5125 = {"net": "AAA", "gross": "AAB", "retail": "AAE"}
_RETAIL = "SRP"  # 5387, suggested retail price
_LEAD_TIME, _DAYS = "169", "804"  # 2005, 2379
_FROM, _UNTIL = "194", "206"


def _pri(reader: Reader, segment: Segment) -> bool:
    """Each price of a product, with its kind, unit and basis."""
    reader.open("PRI")
    reader.own["price"] = None
    line, amount = reader.line, parse_decimal(segment.get(1, 2))
    if line is None or amount is None:
        return False
    code, base = segment.get(1, 1), parse_decimal(segment.get(1, 5))
    kind = "retail" if segment.get(1, 4) == _RETAIL else _KINDS.get(code, code or "net")
    price: dict[str, Any] = {"amount": amount, "kind": kind, "unit": segment.get(1, 6)}
    if base is not None and base > 0:
        price["base"] = base
    reader.own["price"] = price
    line.add("prices", price)
    line.mark("prices", segment, 1, 2)
    return True


def _cux(reader: Reader, segment: Segment) -> bool:
    """The currency of the price that stands open, or of the catalogue."""
    price = reader.own.get("price")
    if reader.context != "PRI" or price is None:
        return common.cux(reader, segment)
    return bool(price.setdefault("currency", segment.get(1, 2)))


def _rng(reader: Reader, segment: Segment) -> bool:
    """From which quantity on a price applies (C280 6162)."""
    price, least = reader.own.get("price"), parse_decimal(segment.get(2, 2))
    if reader.context != "PRI" or price is None or least is None:
        return False
    return bool(price.setdefault("from_quantity", least) == least and not segment.get(2, 3))


def _dtm(reader: Reader, segment: Segment) -> bool:
    """Validity of a price, lead time in days, and all other dates."""
    qualifier, price = segment.get(1, 1), reader.own.get("price")
    if reader.context == "PRI" and price is not None and qualifier in (_FROM, _UNTIL):
        day = parse_edifact_date(segment.get(1, 2), segment.get(1, 3))
        name = "valid_from" if qualifier == _FROM else "valid_until"
        return day is not None and bool(price.setdefault(name, day) == day)
    if qualifier == _LEAD_TIME and reader.line is not None and segment.get(1, 3) == _DAYS:
        days = parse_count(segment.get(1, 2))
        return days is not None and reader.line.set("lead_days", days, segment, 1, 2)
    return common.dtm(reader, segment)


def _pia(reader: Reader, segment: Segment) -> bool:
    """PIA 4: what the product replaces; others as everywhere."""
    if reader.line is not None and segment.get(1) == "4":
        return reader.line.set("replaces", segment.get(2, 1), segment, 2, 1) and len(segment.elements) == 3
    return items.pia(reader, segment)


def _close(reader: Reader, line: Draft) -> CatalogueLineDocument:
    prices = tuple(PriceDocument(**price) for price in line.values.pop("prices", ()))
    reader.own["price"] = None
    return line.freeze(CatalogueLineDocument, action=_ACTIONS.get(reader.action, ""), prices=prices)


def _finish(reader: Reader) -> CatalogueDocument:
    return reader.head.freeze(CatalogueDocument, lines=reader.lines)


PRICAT = Profile(
    finish=_finish,
    close_line=_close,
    handlers=handlers({"PRI": _pri, "CUX": _cux, "RNG": _rng, "DTM": _dtm, "PIA": _pia, "PGI": common.product_group}),
    functions={"": "original", "9": "original", "4": "change", "5": "replace", "2": "change", "7": "duplicate"}
    | {"31": "duplicate", "1": "cancel"},
    roles=ranked(buyer=BUYER, seller=SELLER),
    header_dates=ranked(issued_on=("137",), valid_from=(_FROM, "7", "157"), valid_until=(_UNTIL, "36")),
    line_dates=ranked(available_from=("44", _FROM, "157", "7"), available_until=(_UNTIL, "36")),
    quantities=ranked(pack_quantity=("59", "52"), minimum=("53",)),
)
_SAID = {"issued_on", "currency", "buyer", "seller", "references", "notes", "valid_from", "valid_until", "lines"} | {
    "stated_line_count"
}
_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "note", "action", "unit", "prices"} | {
    *("pack_quantity", "minimum", "lead_days", "available_from", "available_until", "replaces"),
}


def write_catalogue(composer: Composer, catalogue: CatalogueDocument) -> None:
    """PRICAT. It has no control totals."""
    composer.begin("PRICAT")
    composer.bgm("9", catalogue.number, composer.function(catalogue.function))
    composer.day("137", catalogue.issued_on)
    composer.day(_FROM, catalogue.valid_from)
    composer.day(_UNTIL, catalogue.valid_until)
    composer.texts(catalogue.notes)
    composer.references(catalogue.references)
    composer.parties(("BY", catalogue.buyer), ("SU", catalogue.seller))
    composer.currency(catalogue.currency)
    if catalogue.lines:
        composer.add("PGI", "11")
    for line in catalogue.lines:
        _line(composer, line)
    composer.told(catalogue, "", _SAID)
    composer.end()


def _line(composer: Composer, line: CatalogueLineDocument) -> None:
    composer.item(line, _CODE_1229.get(line.action, ""), replaces=line.replaces)
    composer.quantity("59", line.pack_quantity, line.unit)
    composer.quantity("53", line.minimum, line.unit)
    if line.unit and line.pack_quantity is None and line.minimum is None:
        composer.leaves_out(f"unit of line {line.number}", line.unit)
    if line.lead_days is not None:
        composer.add("DTM", [_LEAD_TIME, str(line.lead_days), _DAYS])
    composer.day("44", line.available_from)
    composer.day(_UNTIL, line.available_until)
    composer.text(line.note)
    for price in line.prices:
        _price(composer, price)
    composer.told(line, f"line {line.number} ", _LINE_SAID)


def _price(composer: Composer, price: PriceDocument) -> None:
    code = _CODE_5125.get(price.kind, price.kind)
    if len(code) > 3:
        composer.leaves_out("kind of price", price.kind)
    base = plain(price.base) if price.base != Decimal(1) else ""
    retail = _RETAIL if price.kind == "retail" else ""
    composer.add("PRI", [code[:3], plain(price.amount), "", retail, base, price.unit])
    composer.currency(price.currency)
    if price.from_quantity is not None:
        composer.add("RNG", "4", [price.unit or "PCE", plain(price.from_quantity)])
    composer.day(_FROM, price.valid_from)
    composer.day(_UNTIL, price.valid_until)
