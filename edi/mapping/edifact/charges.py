"""ALC, PCD, MOA, TAX: discounts and charges, percentages, amounts and taxes, of the document or a line."""

from typing import Any

from edi.mapping.edifact.reader import Reader
from edi.mapping.edifact.values import decimal
from edi.syntax.segments import Segment

_ALLOWANCE = {"8": "amount", "23": "amount", "204": "amount", "25": "base"}  # 5025, within ALC
_TAX = {"124": "amount", "125": "taxable"}  # 5025, within TAX


def alc(reader: Reader, segment: Segment) -> bool:
    """Allowance (A) or charge (C). Those of the summary repeat the others in total, and are kept; where there are no
    others they count."""
    reader.open("ALC")
    kind = segment.get(1)
    if kind not in ("A", "C") or (reader.summary and reader.own.get("charged")):
        return False
    if not reader.summary:
        reader.own["charged"] = True
    text = " ".join(filter(None, segment.components(5)[3:5]))
    code = segment.get(2, 2) or segment.get(5, 1)
    allowance: dict[str, Any] = {"charge": kind == "C", "reason": text or code, "code": code}
    reader.allowance = allowance
    reader.owner.add("allowances", allowance)
    reader.owner.mark("allowances", segment, 1)
    return True


def pcd(reader: Reader, segment: Segment) -> bool:
    """The percentage of an allowance."""
    percent = decimal(segment.get(1, 2))
    if reader.allowance is None or reader.context != "ALC" or percent is None:
        return False
    reader.owner.mark("allowances.percent", segment, 1, 2)
    return bool(reader.allowance.setdefault("percent", percent) == percent)


def moa(reader: Reader, segment: Segment) -> bool:
    """An amount: of the allowance or tax that stands open, else of the line or the document."""
    parts = reader.parts(segment, 1)
    qualifier, literal = parts[0], parts[1]
    amount = decimal(literal)
    if amount is None:
        return False
    if reader.context == "ALC" and reader.allowance is not None and qualifier in _ALLOWANCE:
        name = _ALLOWANCE[qualifier]
        reader.owner.mark(f"allowances.{name}", segment, 1, 2)
        return bool(reader.allowance.setdefault(name, amount) == amount)
    if reader.context == "TAX" and reader.tax is not None and qualifier in _TAX:
        name = _TAX[qualifier]
        reader.owner.mark(f"taxes.{name}", segment, 1, 2)
        return bool(reader.tax.setdefault(name, amount) == amount)
    if reader.context == "PAT":
        return False
    line = reader.line
    profile = reader.profile
    meant = profile.header_amounts.get(qualifier) if line is None else profile.line_amounts.get(qualifier)
    return meant is not None and (line or reader.head).prefer(meant[0], amount, meant[1], segment, 1, 2, literal)


def tax(reader: Reader, segment: Segment) -> bool:
    """A tax (5283 = 7): of the allowance that stands open, the line, or the document."""
    allowance = reader.allowance if reader.context in ("ALC", "TAX") else None
    reader.context = "TAX"
    reader.party = None
    rate = decimal(segment.get(5, 4))
    found: dict[str, Any] = {"kind": segment.get(2, 1) or "VAT", "category": segment.get(6), "rate": rate}
    taxable = decimal(segment.get(4))
    if taxable is not None:
        found["taxable"] = taxable
    reader.tax = found
    record = reader.owner
    if allowance is not None:
        if "tax" in allowance:
            return False
        allowance["tax"] = found
    elif reader.line is None:
        record.add("taxes" if reader.summary else "header_taxes", found)
        if not reader.summary:
            reader.own.setdefault("header_taxes", []).append(segment.text)
    elif not record.set("tax", found, segment, 5, 4):
        return False
    record.mark("allowances.tax" if allowance is not None else "taxes", segment, 5, 4)
    return True
