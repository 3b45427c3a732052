"""Items and prices of UBL lines (cac:Item, cac:Price)."""

from decimal import Decimal
from typing import Any

from edi.mapping.ubl.aggregates import ITEM_TAX
from edi.mapping.ubl.notation import (
    amount,
    cac,
    cbc,
    quantity,
    text,
    texts,
    within,
)
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, ReadOnly, Within

_GTIN_SCHEMES = frozenset({"0160", "GTIN", "0088", "EAN", "GS1"})


class Numbers(Entry):
    """Item numbers: `references` of a line; `kind` empty takes the scheme of the number ("item" without one)."""

    __slots__ = ("kind",)

    def __init__(self, name: str, kind: str = "") -> None:
        super().__init__(cac(name), "references")
        self.kind = kind

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        for child in node:
            value = (child.text or "").strip()
            if child.tag == cbc("ID") and value:
                kind = self.kind or child.get("schemeID", "item")
                draft.add("references", (kind, value), value, child, f"{at}{self.step}/cbc:ID")
            else:
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for kind, value in record.references:
            if (kind == self.kind) if self.kind else (kind != "manufacturer"):
                with out.element(parent, self.tag) as child:
                    marks = {} if self.kind or kind == "item" else {"schemeID": kind}
                    out.leaf(child, cbc("ID"), value, marks)


class Standard(Entry):
    """cac:StandardItemIdentification: a GTIN, or a number of another scheme among the references."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("StandardItemIdentification"), "gtin")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        for child in node:
            value = (child.text or "").strip()
            if child.tag != cbc("ID") or not value:
                draft.keep(child)
                continue
            scheme, place = child.get("schemeID", "0160"), f"{at}{self.step}/cbc:ID"
            if scheme in _GTIN_SCHEMES:
                draft.take("gtin", value, value, child, place)
            else:
                draft.add("references", (scheme, value), value, child, place)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.gtin:
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("ID"), record.gtin, {"schemeID": "0160"})


class ItemName(Entry):
    """cbc:Name; where there is none but Peppol demands one, or nothing else names the item, its number."""

    __slots__ = ("_leaf",)

    def __init__(self) -> None:
        super().__init__(cbc("Name"), "description")
        self._leaf = text("Name", "description")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._leaf.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        name = record.description
        known = record.seller_sku or record.buyer_sku or record.gtin
        if not name and (out.claims_peppol or not (known or record.references)):
            name = known or record.number
        out.leaf(parent, self.tag, name)


def item(*more: Entry, tax: bool = True) -> Within:
    """cac:Item of a line; `more` are entries after the tax (properties, instances)."""
    return within(
        "Item",
        ReadOnly(texts("Description", "descriptions")),
        ItemName(),
        within("BuyersItemIdentification", text("ID", "buyer_sku")),
        within("SellersItemIdentification", text("ID", "seller_sku")),
        Numbers("ManufacturersItemIdentification", "manufacturer"),
        Standard(),
        Numbers("AdditionalItemIdentification"),
        *((ITEM_TAX,) if tax else ()),
        *more,
    )


def settle_description(draft: XmlDraft) -> None:
    """The description is the name, else the first of the descriptions; others are kept."""
    texts_found: list[str] = draft.values.pop("descriptions", [])
    for index, found in enumerate(texts_found):
        if draft.values.setdefault("description", found) != found:
            draft.extras.append(("Item/Description" if index == 0 else f"Item/Description[{index + 1}]", found))


class BaseQuantity(Entry):
    """cbc:BaseQuantity: the price is for so many; written only when that is not one."""

    __slots__ = ("_leaf",)

    def __init__(self) -> None:
        super().__init__(cbc("BaseQuantity"), "price_base")
        self._leaf = quantity("BaseQuantity", "price_base", "price_unit")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._leaf.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.unit_price is not None and record.price_base != 1:
            unit = {"unitCode": record.unit} if record.unit else {}
            out.leaf(parent, self.tag, NUMBER.format(record.price_base), unit)


PRICE = within("Price", amount("PriceAmount", "unit_price"), BaseQuantity())


def settle_price(draft: XmlDraft) -> None:
    """A base of zero or less says nothing; its unit is kept where it is not that of the quantity."""
    values = draft.values
    unit = values.pop("price_unit", "")
    if values.get("price_base", Decimal(1)) <= 0:
        del values["price_base"]
    if unit and unit != values.get("unit", ""):
        draft.extras.append(("Price/BaseQuantity/@unitCode", unit))
