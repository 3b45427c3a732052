"""Aggregates that several UBL documents share: item, price, allowance, tax, totals, references, delivery terms."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from edi.mapping.codes import reference_word
from edi.mapping.sums import gross_amount, line_amount, round_money
from edi.mapping.ubl.notation import (
    Amount,
    amount,
    cac,
    cbc,
    day,
    flag,
    number,
    record,
    records,
    text,
    text_of,
    total,
    within,
)
from edi.mapping.ubl.peppol import ALLOWANCE_REASONS, CHARGE_REASONS
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, ZERO
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Into, ReadOnly, Shape, Within
from orders.documents import AllowanceDocument, TaxDocument, TotalsDocument

_CENT = Decimal("0.02")


# -- tax --------------------------------------------------------------------------------------------------------------

_CATEGORY = (
    text("ID", "category"),
    number("Percent", "rate"),
    ReadOnly(text("TaxExemptionReasonCode", "reason_code")),
    text("TaxExemptionReason", "reason"),
    within("TaxScheme", text("ID", "kind")),
)


def make_tax(work: Work, draft: XmlDraft, node: Element) -> TaxDocument:
    """A tax; a reason given only as a code (VATEX-…) is that code."""
    reason = draft.values.pop("reason_code", "")
    tax: TaxDocument = draft.make(TaxDocument, reason=reason)
    return tax


ITEM_TAX = record("ClassifiedTaxCategory", "tax", Shape(*_CATEGORY), make_tax)
_ALLOWANCE_TAX = record("TaxCategory", "tax", Shape(*_CATEGORY), make_tax)
SUBTOTAL = Shape(
    amount("TaxableAmount", "taxable"),
    amount("TaxAmount", "amount"),
    ReadOnly(number("Percent", "rate")),  # UBL 2.0
    within("TaxCategory", *_CATEGORY),
)


class TaxTotal(Within):
    """cac:TaxTotal: the breakdown into `taxes`, the sum into the totals where the document has them. A total in the
    currency of accounting (its amounts are not those of the document) is kept aside."""

    __slots__ = ("summed",)

    def __init__(self, *, summed: bool) -> None:
        head: tuple[Entry, ...] = (Into("totals", TotalsDocument, total("TaxAmount", "tax")),) if summed else ()
        breakdown = records("TaxSubtotal", "taxes", SUBTOTAL, make_tax)
        super().__init__(cac("TaxTotal"), *head, breakdown, repeats=True)
        self.summed = summed

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        stated = node.find(cbc("TaxAmount"))
        currency = stated.get("currencyID") if stated is not None else None
        if currency and work.currency and currency != work.currency:
            draft.keep(node)
        else:
            super().read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as child:
            amounts = [tax.amount for tax in record.taxes if tax.amount is not None]
            stated = record.totals.tax if self.summed else None
            if stated is None and amounts:
                stated = sum(amounts, ZERO)
            if stated is not None:
                Amount(cbc("TaxAmount"), "tax", NUMBER).write(out, child, TotalsDocument(tax=stated))
                known = tuple(tax for tax in record.taxes if tax.amount is not None)
                self.shape.entries[-1].write(out, child, _Taxes(known))
            for tax in record.taxes:
                if tax.amount is None:
                    out.cannot_say("taxes", f"{tax.category} {tax.rate} without an amount")


class _Taxes:
    __slots__ = ("taxes",)

    def __init__(self, taxes: tuple[TaxDocument, ...]) -> None:
        self.taxes = taxes


# -- allowances and charges -------------------------------------------------------------------------------------------

_ALLOWANCE = Shape(
    flag("ChargeIndicator", "charge"),
    text("AllowanceChargeReasonCode", "code"),
    text("AllowanceChargeReason", "reason"),
    number("MultiplierFactorNumeric", "percent"),
    amount("Amount", "amount"),
    amount("BaseAmount", "base"),
    _ALLOWANCE_TAX,
)


def make_allowance(work: Work, draft: XmlDraft, node: Element) -> AllowanceDocument:
    """A discount or surcharge. The factor is a percentage (Peppol) unless amount and base show it to be a fraction."""
    found: AllowanceDocument = draft.make(AllowanceDocument, charge=False)
    percent, base, stated = found.percent, found.base, found.amount
    if percent is None or not base or stated is None or abs(base * percent / 100 - stated) <= _CENT:
        return found
    if abs(base * percent - stated) > _CENT:
        return found
    draft.values["percent"] = percent * 100
    fraction: AllowanceDocument = draft.make(AllowanceDocument, charge=False)
    return fraction


class Allowances(Entry):
    """cac:AllowanceCharge of a document or line. An amount is mandatory, so that of a percentage is worked out; `of`
    gives what it is taken of."""

    __slots__ = ("_records",)

    def __init__(self) -> None:
        super().__init__(cac("AllowanceCharge"), "allowances")
        self._records = records("AllowanceCharge", "allowances", _ALLOWANCE, make_allowance)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._records.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for allowance in record.allowances:
            with out.element(parent, self.tag) as child:
                _ALLOWANCE.write(
                    out, child, _coded(out, spelled_out(allowance, base_of(record, out.currency), out.currency))
                )


def _coded(out: Out, allowance: AllowanceDocument) -> AllowanceDocument:
    """`allowance` without a code that Peppol does not know."""
    known = CHARGE_REASONS if allowance.charge else ALLOWANCE_REASONS
    if not allowance.code or not out.claims_peppol or allowance.code in known:
        return allowance
    out.cannot_say("allowances.code", allowance.code)
    reason = allowance.reason or ("Charge" if allowance.charge else "Discount")
    return replace(allowance, code="", reason=reason)


def base_of(record: Any, currency: str) -> Decimal:
    """What the percentages of `record` are taken of: of a line quantity × price, of a document the sum of its lines."""
    if hasattr(record, "unit_price"):
        return gross_amount(record) or ZERO
    return sum((line_net(line, currency) for line in getattr(record, "lines", ())), ZERO)


def line_net(line: Any, currency: str) -> Decimal:
    """The net amount of a line: as stated, else worked out; nothing without a price."""
    for name in ("amount", "stated_amount"):
        stated = getattr(line, name, None)
        if stated is not None:
            return Decimal(stated)
    return line_amount(line, currency) or ZERO


def spelled_out(allowance: AllowanceDocument, base: Decimal, currency: str) -> AllowanceDocument:
    """`allowance` with an amount, the base of its percentage, and a reason: Peppol demands them."""
    percent = allowance.percent
    if percent is not None and allowance.base is not None:
        base = allowance.base
    worked_out = allowance.amount
    if worked_out is None:
        worked_out = round_money(base * (percent or ZERO) / 100, currency)
    shown = round_money(base, currency) if percent is not None and allowance.base is None else allowance.base
    reason = allowance.reason or ("" if allowance.code else "Charge" if allowance.charge else "Discount")
    return AllowanceDocument(allowance.charge, worked_out, percent, reason, shown, allowance.code, allowance.tax)


# -- totals -----------------------------------------------------------------------------------------------------------

TOTALS = (
    amount("LineExtensionAmount", "lines"),
    amount("TaxExclusiveAmount", "taxable"),
    amount("TaxInclusiveAmount", "total"),
    amount("AllowanceTotalAmount", "allowances"),
    amount("ChargeTotalAmount", "charges"),
    amount("PrepaidAmount", "prepaid"),
    amount("PayableRoundingAmount", "rounding"),
    amount("PayableAmount", "payable"),
)


# -- references -------------------------------------------------------------------------------------------------------


class Reference(Entry):
    """A group with cbc:ID that refers to another document: `kind` in the pairs of `references`. `single` where the
    schema allows one; what else the group says is kept."""

    __slots__ = ("kind", "single")

    def __init__(self, name: str, kind: str, *, single: bool = False) -> None:
        super().__init__(cac(name), "references")
        self.kind = kind
        self.single = single

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        for child in node:
            value = (child.text or "").strip()
            if child.tag == cbc("ID") and value:
                draft.add("references", (self.kind, value), value, child, f"{at}{self.step}/cbc:ID")
            else:
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for pair in [pair for pair in out.pending if pair[0] == self.kind]:
            out.pending.remove(pair)
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("ID"), pair[1])
            if self.single:
                break


class OtherReferences(Entry):
    """cac:AdditionalDocumentReference: every other kind, named by its DocumentType or its code (UN/EDIFACT 1001).
    `later` are kinds that have an element of their own further on."""

    __slots__ = ("later",)

    def __init__(self, *later: str) -> None:
        super().__init__(cac("AdditionalDocumentReference"), "references")
        self.later = frozenset(later)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        found = {child.tag: (child.text or "").strip() for child in node if isinstance(child.tag, str)}
        value = found.get(cbc("ID"), "")
        if not value:
            draft.keep(node)
            return
        kind = found.get(cbc("DocumentType")) or found.get(cbc("DocumentTypeCode")) or "document"
        draft.add("references", (reference_word(kind), value), value, node, f"{at}{self.step}/cbc:ID")
        for child in node:
            if child.tag != cbc("ID") and (child.text or "").strip() != kind:
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for kind, value in [pair for pair in out.pending if pair[0] not in self.later]:
            out.pending.remove((kind, value))
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("ID"), value)
                out.leaf(child, cbc("DocumentType"), "" if kind == "document" else kind)


class LeftReferences(Entry):
    """Says of references that no element could hold that they were left out."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("#references")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if out.pending:
            out.cannot_say("references", tuple(f"{kind} {value}" for kind, value in out.pending))


# -- delivery terms and payment ---------------------------------------------------------------------------------------


class Terms(Entry):
    """cac:DeliveryTerms: an Incoterms code and its place into `incoterm`, anything else into `terms`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("DeliveryTerms"), "incoterm")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        place = ("cac:DeliveryLocation/cbc:ID", "cac:DeliveryLocation/cbc:Name")
        where = next(filter(None, (text_of(node, path) for path in place)), "")
        for child in node:
            value = (child.text or "").strip()
            if child.tag == cbc("ID") and len(value) == 3 and value.isalpha() and value.isupper():
                draft.take("incoterm", f"{value} {where}".strip(), value, child, f"{at}{self.step}/cbc:ID")
            elif child.tag in (cbc("ID"), cbc("SpecialTerms")) and value:
                add_terms(draft, value, child, f"{at}{self.step}")
            elif child.tag != cac("DeliveryLocation") or not where:
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        code, _, where = record.incoterm.partition(" ")
        with out.element(parent, self.tag) as child:
            out.leaf(child, cbc("ID"), code)
            with out.element(child, cac("DeliveryLocation")) as location:
                out.leaf(location, cbc("ID"), where)


def add_terms(draft: XmlDraft, value: str, node: Element, at: str) -> None:
    """Add to the terms, one after the other."""
    if not draft.take("terms", value, value, node, at):
        draft.values["terms"] += f"; {value}"


class PaymentNote(Entry):
    """cac:PaymentTerms/cbc:Note into `terms`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("PaymentTerms"), "terms")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        for child in node:
            value = (child.text or "").strip()
            if child.tag == cbc("Note") and value:
                add_terms(draft, value, child, f"{at}{self.step}/cbc:Note")
            else:
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as child:
            out.leaf(child, cbc("Note"), record.terms)


PERIOD = (day("StartDate", "delivery_date"), ReadOnly(day("EndDate", "delivery_date")))
