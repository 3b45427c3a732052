"""DESADV: what was sent off, and in which packages.

The packing is a tree of CPS; each package of it has its kind (PAC) and number (PCI, GIN). A despatch that is not
packed is one CPS without PAC, which makes no package.
"""

from typing import Any

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.edifact import common
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import handlers
from edi.mapping.edifact.orders import BUYER, SELLER, ZERO
from edi.mapping.edifact.party_draft import PartyDraft
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.numbers import parse_count, parse_decimal, plain
from edi.syntax.segments import Segment
from orders.documents import (
    DespatchDocument,
    DespatchLineDocument,
    PackageDocument,
    Scheme,
)

_GROSS = frozenset({"AAD", "AAB", "G", "AAE"})  # 6313: gross weight of the consignment, of the goods item, gross
_SERIALS_IN_GIN = 5
FUNCTIONS = {"": "original", "9": "original", "1": "cancel", "5": "replace", "7": "duplicate", "31": "duplicate"}


# -- packages ---------------------------------------------------------------------------------------------------------


def packing_level(reader: Reader, segment: Segment) -> bool:
    """Consignment packing sequence: a level of the packing begins."""
    reader.close_line()
    reader.open("CPS")
    level = segment.get(1)
    reader.own["level"] = level
    reader.own.setdefault("parents", {})[level] = segment.get(2)
    reader.own["package"] = None
    reader.own["own_of_level"] = 0
    return not segment.get(3) or segment.get(3) in ("1", "3", "4")


def _package(reader: Reader, segment: Segment) -> dict[str, Any]:
    """A new package of the level that stands open; the first has its number."""
    level, ordinal = reader.own.get("level", "1"), reader.own.get("own_of_level", 0)
    reader.own["own_of_level"] = ordinal + 1
    package = {"id": f"{level}.{ordinal + 1}" if ordinal else level, "level": level}
    reader.own.setdefault("packages", []).append(package)
    reader.own["package"] = package
    reader.head.mark("packages", segment, 1)
    return package


def _pac(reader: Reader, segment: Segment) -> bool:
    """Packages: how many, of what kind."""
    reader.open("PAC")
    if reader.line is not None or "level" not in reader.own:
        return False
    package = _package(reader, segment)
    package["count"], package["kind"] = parse_count(segment.get(1)), segment.get(3, 1)
    return True


def _pci(reader: Reader, segment: Segment) -> bool:
    """Package identification: what follows are its marks (33E: SSCC, 36E: batch and dates)."""
    reader.open("PCI")
    return segment.get(1) in ("33E", "36E", "") and not segment.get(2, 1)


def _gin(reader: Reader, segment: Segment) -> bool:
    """Numbers: SSCC of packages (BJ), serial numbers (BN) and batch (BX) of a line."""
    kind, line = segment.get(1), reader.line
    numbers = ["-".join(filter(None, segment.components(n)[:2])) for n in range(2, len(segment.elements))]
    if line is None:
        return kind == "BJ" and _sscc(reader, segment, numbers)
    if kind == "BX" and len(numbers) == 1:
        return line.set("batch", numbers[0], segment, 2, 1)
    if kind != "BN":
        return False
    for element, number in enumerate(numbers, 2):
        line.add("serials", number)
        line.mark("serials", segment, element, 1)
    return True


def _sscc(reader: Reader, segment: Segment, numbers: list[str]) -> bool:
    """The first number is that of the package that stands open, each further one that of another like it."""
    package = reader.own.get("package")
    if "level" not in reader.own:
        return False
    for number in numbers:
        if package is None or "sscc" in package:
            kind = package.get("kind", "") if package else ""
            package = _package(reader, segment)
            package["kind"] = kind
        package["sscc"] = number
        reader.head.mark("packages", segment, 2, 1)
    return True


def _mea(reader: Reader, segment: Segment) -> bool:
    """Gross weight, of the consignment or the package that stands open."""
    weight, unit = parse_decimal(segment.get(3, 2)), segment.get(3, 1)
    if reader.line is not None or weight is None or segment.get(2, 1) not in _GROSS:
        return False
    package = reader.own.get("package")
    if package is not None:
        return bool(package.setdefault("gross_weight", weight) == weight and package.setdefault("weight_unit", unit))
    if "level" in reader.own:
        return False
    reader.head.values.setdefault("weight_unit", unit)
    return reader.head.set("gross_weight", weight, segment, 3, 2)


def _tdt(reader: Reader, segment: Segment) -> bool:
    """Transport: its carrier (C040), unless a NAD names one; means and number of the transport are kept."""
    reader.open("TDT")
    number, name = segment.get(5, 1), segment.get(5, 4)
    if reader.line is None and (number or name) and "carrier" not in reader.parties:
        carrier = PartyDraft("carrier", segment.text, name=name)
        carrier.identify(number, codes.SCHEME_OF_AGENCY.get(segment.get(5, 3), Scheme.OTHER), segment.get(5, 3))
        reader.parties["carrier"] = (1, carrier)
        reader.head.mark("carrier", segment, 5, 1)
        return not segment.get(2) and not segment.get(3, 1)
    return False


def _packages(reader: Reader) -> tuple[PackageDocument, ...]:
    """The packages as a tree: a level without package of its own is skipped."""
    drafts = reader.own.get("packages", [])
    parents, levels = reader.own.get("parents", {}), {draft["level"] for draft in drafts}
    packages = []
    for draft in drafts:
        seen = {draft["level"]}
        parent = parents.get(draft["level"], "")
        while parent and parent not in levels and parent not in seen:
            seen.add(parent)
            parent = parents.get(parent, "")
        known = {name: value for name, value in draft.items() if name != "level"}
        packages.append(PackageDocument(parent=parent if parent in levels else "", **known))
    return tuple(packages)


# -- despatch ---------------------------------------------------------------------------------------------------------


def _dtm(reader: Reader, segment: Segment) -> bool:
    """Dates of the marks of a line's packages are those of the line."""
    if reader.line is not None and reader.context == "PCI":
        reader.context = "LIN"
    return common.dtm(reader, segment)


def _close_despatch(reader: Reader, line: Draft) -> DespatchLineDocument:
    values = line.values
    if "quantity" not in values:
        values["quantity"] = values.get("ordered", ZERO)
        if "ordered" not in values:
            without_quantity(reader, line)
    level = reader.own.get("level", "")
    if any(package["level"] == level for package in reader.own.get("packages", ())):
        values["package"] = level
    return line.freeze(DespatchLineDocument)


def without_quantity(reader: Reader, line: Draft) -> None:
    """Tell that a line does not say how many."""
    text = f"Line {line.values['number']} has no quantity (QTY)."
    reader.findings.error("quantity-missing", text, reader.place_of(line), syntax_error="13")


def _finish_despatch(reader: Reader) -> DespatchDocument:
    return reader.head.freeze(DespatchDocument, packages=_packages(reader), lines=reader.lines)


DESADV = Profile(
    finish=_finish_despatch,
    close_line=_close_despatch,
    handlers=handlers(
        {"CPS": packing_level, "PAC": _pac, "PCI": _pci, "GIN": _gin, "MEA": _mea, "DTM": _dtm, "TDT": _tdt}
    ),
    functions=FUNCTIONS,
    roles=ranked(buyer=BUYER, seller=SELLER, ship_to=("DP", "ST", "CN", "UC"), ship_from=("SF", "PW", "CZ"))
    | ranked(carrier=("CA",)),
    header_dates=ranked(issued_on=("137",), shipped_on=("11", "10"), delivery_date=("17", "132", "35", "2", "69")),
    line_dates=ranked(best_before=("361", "36")),
    header_references=ranked(order_number=("ON",), tracking=("CN", "AAS", "BM")),
    line_references=ranked(order_number=("ON",)),
    quantities=ranked(quantity=("12", "46", "131", "47"), ordered=("21",), outstanding=("83",)),
    items={"NB": "batch"},
)
_SAID = {"issued_on", "buyer", "seller", "references", "notes", "order_number", "shipped_on", "delivery_date"} | {
    *("ship_from", "ship_to", "carrier", "tracking", "gross_weight", "weight_unit", "packages", "lines"),
    "stated_line_count",
}
_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "references", "note", "quantity", "unit"} | {
    *("order_number", "order_line", "ordered", "outstanding", "package", "batch", "best_before", "serials"),
}


def write_despatch(composer: Composer, document: DespatchDocument) -> None:
    """DESADV. Lines that stand in no package come first, on a level of their own."""
    composer.begin("DESADV")
    composer.bgm("351", document.number, composer.function(document.function))
    composer.day("137", document.issued_on)
    composer.day("11", document.shipped_on)
    composer.day("17", document.delivery_date)
    if document.gross_weight is not None:
        composer.add("MEA", "PD", "AAD", [document.weight_unit or "KGM", plain(document.gross_weight)])
    for note in document.notes:
        composer.leaves_out("notes", note)
    composer.reference("ON", document.order_number)
    composer.reference("CN", document.tracking)
    composer.references(document.references)
    composer.parties(("BY", document.buyer), ("SU", document.seller), ("DP", document.ship_to))
    composer.parties(("SF", document.ship_from), ("CA", document.carrier))
    known = {package.id for package in document.packages}
    loose = [line for line in document.lines if line.package not in known]
    if loose or not document.packages:
        composer.add("CPS", _free_level(known))
    for line in loose:
        _despatch_line(composer, line)
    for package in document.packages:
        _write_package(composer, package)
        for line in document.lines:
            if line.package == package.id:
                _despatch_line(composer, line)
    composer.count(document.lines)
    composer.told(document, "", _SAID)
    composer.end()


def _free_level(known: set[str]) -> str:
    return next(str(number) for number in range(1, len(known) + 2) if str(number) not in known)


def _write_package(composer: Composer, package: PackageDocument) -> None:
    composer.add("CPS", composer.number(package.id, 12), package.parent)
    composer.add("PAC", str(package.count) if package.count is not None else "", "", package.kind)
    if package.gross_weight is not None:
        composer.add("MEA", "PD", "AAB", [package.weight_unit or "KGM", plain(package.gross_weight)])
    if package.sscc:
        composer.add("PCI", "33E")
        composer.add("GIN", "BJ", composer.number(package.sscc))


def _despatch_line(composer: Composer, line: DespatchLineDocument) -> None:
    composer.item(line, NB=line.batch)
    composer.quantity("12", line.quantity, line.unit)
    composer.quantity("21", line.ordered, line.unit)
    composer.quantity("83", line.outstanding, line.unit)
    for start in range(0, len(line.serials), _SERIALS_IN_GIN):
        composer.add("GIN", "BN", *line.serials[start : start + _SERIALS_IN_GIN])
    composer.day("361", line.best_before)
    composer.text(line.note)
    composer.reference("ON", line.order_number, line.order_line)
    composer.references(line.references)
    composer.told(line, f"line {line.number} ", _LINE_SAID)
