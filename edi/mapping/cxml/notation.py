"""Entries of cXML shapes (cXML 1.2 Reference Guide): elements without namespace, much of them in attributes."""

from datetime import date
from decimal import Decimal
from typing import Any

from edi.mapping.codes import reference_word
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, TEXT, Kind
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Ignored, Into, Joined, Leaf, ReadOnly, Shape, Texts, Within
from edi.syntax.numbers import parse_iso_date
from orders.documents import AllowanceDocument, TaxDocument

MOMENT = Kind(parse_iso_date, date.isoformat, "invalid-date", "a date YYYY-MM-DD")
SHIPPING, HANDLING = "SHIPPING", "HANDLING"
_GTIN_DOMAINS = frozenset({"EAN", "EAN-13", "EAN13", "GTIN", "UPC", "UPC-12"})


def text(name: str, field: str, kind: Kind = TEXT) -> Leaf:
    """A text, or with "@" an attribute."""
    return Leaf(name, field, kind)


def number(name: str, field: str) -> Leaf:
    """A decimal number."""
    return Leaf(name, field, NUMBER)


def day(name: str, field: str) -> Leaf:
    """A date; its time and zone are not kept."""
    return Leaf(name, field, MOMENT)


def ignored(*names: str) -> tuple[Ignored, ...]:
    """What says nothing here."""
    return tuple(Ignored(name) for name in names)


class Money(Leaf):
    """<Money currency="…">; another currency than that of the document is remarked."""

    __slots__ = ()

    def __init__(self, field: str) -> None:
        super().__init__("Money", field, NUMBER)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        currency = node.get("currency")
        if currency and work.currency and currency != work.currency:
            sentence = f"Money is in {currency}, but the document is in {work.currency}."
            work.findings.warning("currency-differs", sentence, lambda: work.document.place(node), value=currency)
        super().read(work, node, draft, at)

    def marks(self, out: Out, record: Any) -> dict[str, str]:
        return {"currency": out.currency}


def money(name: str, field: str, *more: Entry) -> Within:
    """An element that holds Money."""
    return Within(name, Money(field), *more)


# -- items ------------------------------------------------------------------------------------------------------------


class _IdReference(Entry):
    """<IdReference domain="…" identifier="…">: a GTIN, or a number of another domain among the references."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("IdReference", "gtin")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        value, domain = node.get("identifier", "").strip(), node.get("domain", "")
        if value and domain.upper() in _GTIN_DOMAINS:
            draft.take("gtin", value, value, node, f"{at}/IdReference/@identifier")
        elif value:
            draft.add("references", (domain, value), value, node, f"{at}/IdReference/@identifier")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.gtin:
            with out.element(parent, "IdReference") as child:
                child.set("identifier", record.gtin)
                child.set("domain", "EAN-13" if len(record.gtin) == 13 else "GTIN")


class _SupplierPart(Leaf):
    """<SupplierPartID>, which the DTD demands: without one the GTIN, the buyer's number or the line's stands in."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("SupplierPartID", "seller_sku")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        out.leaf(parent, self.tag, record.seller_sku or record.gtin or record.buyer_sku or record.number)


ITEM_ID = Within("ItemID", _SupplierPart(), text("BuyerPartID", "buyer_sku"), _IdReference())


class ItemReferences(Entry):
    """<ManufacturerPartID>, and every other reference of a line as <Extrinsic name="…">."""

    __slots__ = ("is_maker",)

    def __init__(self, *, is_maker: bool) -> None:
        super().__init__("ManufacturerPartID" if is_maker else "Extrinsic", "references")
        self.is_maker = is_maker

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        value = "".join(str(part) for part in node.itertext()).strip()
        kind = "manufacturer" if self.is_maker else reference_word(node.get("name", "extrinsic"))
        if value:
            draft.add("references", (kind, value), value, node, f"{at}/{self.tag}")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for kind, value in record.references:
            if (kind == "manufacturer") == self.is_maker:
                out.leaf(parent, self.tag, value, {} if self.is_maker else {"name": kind})


class References(Entry):
    """<Extrinsic name="…"> of a header: references of the document. Deal numbers travel so."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Extrinsic", "references")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        value = "".join(str(part) for part in node.itertext()).strip()
        if value:
            kind = reference_word(node.get("name", "extrinsic"))
            draft.add("references", (kind, value), value, node, f"{at}/Extrinsic")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for kind, value in out.pending:
            out.leaf(parent, self.tag, value, {"name": kind})
        out.pending.clear()


class Basis(Entry):
    """<PriceBasisQuantity quantity="100">: the price is for so many."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("PriceBasisQuantity", "price_base")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        base = NUMBER.parse(node.get("quantity", ""))
        if base is not None and base > 0:
            draft.take("price_base", base, str(base), node, f"{at}/PriceBasisQuantity/@quantity")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.unit_price is not None and record.price_base != 1:
            with out.element(parent, self.tag) as child:
                child.set("quantity", NUMBER.format(record.price_base))
                child.set("conversionFactor", "1")
                out.leaf(child, "UnitOfMeasure", record.unit or "EA")


class Classification(Entry):
    """<Classification domain="…">, which the DTD demands: kept when read, "0" of a domain of our own when written."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Classification")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        if node.get("domain") != "custom" or (node.text or "").strip() != "0":
            draft.keep(node)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        out.leaf(parent, self.tag, "0", {"domain": "custom"})


class Fixed(Entry):
    """An attribute or an empty element that the DTD demands and that says nothing here."""

    __slots__ = ("value",)

    def __init__(self, tag: str, value: str = "") -> None:
        super().__init__(tag)
        self.value = value

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        return

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if self.tag[:1] == "@":
            out.attribute(parent, self.tag[1:], self.value)
        else:
            parent.append(parent.makeelement(self.tag, {}))


class Comments(Joined):
    """<Comments> of a line."""

    __slots__ = ()

    def __init__(self, field: str = "note") -> None:
        super().__init__("Comments", field)


class Notes(Texts):
    """<Comments> of a header."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Comments", "notes")


# -- money beside the lines -------------------------------------------------------------------------------------------


class Extra(Entry):
    """<Shipping>, <ShippingAmount> or <SpecialHandlingAmount>: a charge of the document, named by `code`."""

    __slots__ = ("code",)

    def __init__(self, tag: str, code: str) -> None:
        super().__init__(tag, "allowances")
        self.code = code

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        amount = NUMBER.parse((node.findtext("Money") or "").strip())
        if amount:
            reason = (node.findtext("Description") or "").strip()
            charge = AllowanceDocument(True, amount, reason=reason, code=self.code)
            draft.add("allowances", charge, str(amount), node, f"{at}/{self.tag}/Money")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for charge in [each for each in record.allowances if each.charge and each.code == self.code]:
            if charge.amount is not None:
                with out.element(parent, self.tag) as child:
                    out.leaf(child, "Money", NUMBER.format(charge.amount), {"currency": out.currency})
                    out.leaf(child, "Description", charge.reason)


_TAX_WORD = "Tax"  # the description that the DTD demands, where we write it
_TAX_DETAIL = Shape(
    text("@category", "kind", Kind(lambda sent: "VAT" if sent.lower() == "vat" else sent, lambda kind: kind.lower())),
    number("@percentageRate", "rate"),
    ReadOnly(text("@purpose", "purpose")),
    ReadOnly(text("@exemptDetail", "category_word")),
    money("TaxableAmount", "taxable"),
    money("TaxAmount", "amount"),
    text("Description", "reason"),
)


def _make_tax(draft: XmlDraft) -> TaxDocument:
    for name in ("purpose", "category_word"):
        draft.values.pop(name, None)
    tax: TaxDocument = draft.make(TaxDocument)
    return tax


class Taxes(Entry):
    """<Tax>: the sum into `total` (a field of the same record or part), each TaxDetail into `taxes`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Tax", "taxes")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        for child in node:
            if child.tag == "TaxDetail":
                records = draft.values.setdefault("taxes", [])
                path = f"{at}/Tax/TaxDetail[{len(records) + 1}]"
                detail = XmlDraft(child, path, draft, f"taxes[{len(records) + 1}].")
                _TAX_DETAIL.fill(work, child, detail, path)
                records.append(_make_tax(detail))
            elif child.tag != "Money" and not (child.tag == "Description" and child.text == _TAX_WORD):
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.taxes:
            total = sum((tax.amount for tax in record.taxes if tax.amount is not None), Decimal(0))
            write_tax(out, parent, total, record.taxes)


def write_tax(out: Out, parent: Element, total: Decimal, taxes: tuple[TaxDocument, ...]) -> None:
    """<Tax> with its sum and details. A category other than the standard rate is not said here."""
    with out.element(parent, "Tax") as node:
        out.leaf(node, "Money", NUMBER.format(total), {"currency": out.currency})
        with out.element(node, "Description") as description:
            description.text = _TAX_WORD
        for tax in taxes:
            if tax.category not in ("", "S"):
                out.cannot_say("taxes.category", tax.category)
            with out.element(node, "TaxDetail") as detail:
                _TAX_DETAIL.write(out, detail, tax)


class Terms(Entry):
    """<PaymentTerm payInNumberOfDays="30">: "30 days" in `terms`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("PaymentTerm", "terms")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        days = node.get("payInNumberOfDays", "").strip()
        if days and "terms" not in draft.values:
            draft.take("terms", f"{days} days", days, node, f"{at}/PaymentTerm/@payInNumberOfDays")
            for child in node:
                draft.keep(child)
        else:
            draft.keep(node)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        days, _, rest = record.terms.partition(" ")
        if days.isdigit() and rest == "days":
            with out.element(parent, self.tag) as child:
                child.set("payInNumberOfDays", days)
        elif record.terms:
            out.cannot_say("terms", record.terms)


class Incoterm(Entry):
    """<TermsOfDelivery>: the Incoterms code in TransportTerms, its place in Comments."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("TermsOfDelivery", "incoterm")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        terms = node.find("TransportTerms")
        code = "" if terms is None else terms.get("value", "")
        if terms is not None and code.lower() in ("", "other"):
            code = (terms.text or "").strip()
        if not code:
            draft.keep(node)
            return
        where = next(((c.text or "").strip() for c in node.iterfind("Comments") if c.get("type") == "Transport"), "")
        draft.take("incoterm", f"{code} {where}".strip(), code, node, f"{at}/TermsOfDelivery/TransportTerms")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        code, _, where = record.incoterm.partition(" ")
        if code:
            with out.element(parent, self.tag) as node:
                for name, value in (("TermsOfDeliveryCode", "TransportCondition"), ("ShippingPaymentMethod", "Other")):
                    with out.element(node, name) as child:
                        child.set("value", value)
                out.leaf(node, "TransportTerms", code, {"value": "Other"})
                out.leaf(node, "Comments", where, {"type": "Transport"})


def part(field: str, kind: Any, entry: Entry) -> Into:
    """An entry that belongs to a part of the record."""
    return Into(field, kind, entry)
