"""UBL Catalogue (plain, Peppol BIS Catalogue 3) as CatalogueDocument."""

from typing import Any

from edi.mapping.ubl.aggregates import Reference
from edi.mapping.ubl.document import ENVELOPE, ID, ISSUE_DATE, DocumentKind
from edi.mapping.ubl.items import item, settle_description
from edi.mapping.ubl.notation import (
    NO_CURRENCY,
    Amount,
    cac,
    cbc,
    code,
    day,
    joined,
    quantity,
    records,
    text,
    texts,
    within,
)
from edi.mapping.ubl.order import LineCount
from edi.mapping.ubl.parties import Party, parties
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Leaf, ReadOnly, Shape, Within
from orders.documents import CatalogueDocument, CatalogueLineDocument, PartyDocument, PriceDocument

_ACTION = coded({"Add": "add", "Delete": "delete", "Update": "update", "1": "add", "2": "delete", "3": "update"})
_PRICE_KIND = coded({"AAA": "net", "AAB": "gross", "SRP": "retail"})


class _PriceAmount(Amount):
    """A price with a currency of its own."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        Leaf.read(self, work, node, draft, at)
        currency = node.get("currencyID", "")
        if currency and currency != NO_CURRENCY:
            draft.values.setdefault("currency", currency)


_PRICE = within(
    "Price",
    _PriceAmount(cbc("PriceAmount"), "amount", NUMBER),
    quantity("BaseQuantity", "base", "unit"),
    code("PriceTypeCode", "kind", _PRICE_KIND),
    within("ValidityPeriod", day("StartDate", "valid_from"), day("EndDate", "valid_until")),
)
_LEAD = "lead_unit"
_LOCATION_QUANTITY = Shape(
    ReadOnly(quantity("LeadTimeMeasure", "lead", _LEAD)),
    quantity("MinimumQuantity", "from_quantity", "minimum_unit"),
    _PRICE,
)


class _Prices(Entry):
    """cac:RequiredItemLocationQuantity: a price from a quantity on; the lead time in days is that of the line."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("RequiredItemLocationQuantity"), "prices", "lead_days")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        path = f"{at}{self.step}[{len(draft.values.get('prices', ())) + 1}]"
        child = XmlDraft(node, path, draft, "prices.")
        _LOCATION_QUANTITY.fill(work, node, child, path)
        lead, unit = child.values.pop("lead", None), child.values.pop(_LEAD, "DAY")
        child.values.pop("minimum_unit", None)
        if lead is not None and unit == "DAY" and lead == int(lead):
            draft.values.setdefault("lead_days", int(lead))
        elif lead is not None:
            draft.extras.append(("RequiredItemLocationQuantity/LeadTimeMeasure", f"{lead} {unit}"))
        if "amount" in child.values:
            if child.values.get("base") == 0:
                del child.values["base"]
            draft.values.setdefault("prices", []).append(child.make(PriceDocument))

    def write(self, out: Out, parent: Element, record: Any) -> None:
        lead = {"unitCode": "DAY"}
        days = "" if record.lead_days is None else str(record.lead_days)
        if not record.prices:
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("LeadTimeMeasure"), days, lead)
        for price in record.prices:
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("LeadTimeMeasure"), days, lead)
                _LOCATION_QUANTITY.write(out, child, price)


class _Replaced(Within):
    """cac:ReplacedRelatedItem: the number of the item that this one replaces."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("ReplacedRelatedItem"), text("ID", "replaces"))


_LINE = Shape(
    text("ID", "number"),
    code("ActionCode", "action", _ACTION),
    joined("Note", "note"),
    text("OrderableUnit", "unit"),
    quantity("ContentUnitQuantity", "pack_quantity", "content_unit"),
    quantity("MinimumOrderQuantity", "minimum", "minimum_unit"),
    within("LineValidityPeriod", day("StartDate", "available_from"), day("EndDate", "available_until")),
    _Replaced(),
    _Prices(),
    item(tax=False),
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> CatalogueLineDocument:
    settle_description(draft)
    values = draft.values
    for name in ("content_unit", "minimum_unit"):
        unit = values.pop(name, "")
        if unit and values.setdefault("unit", unit) != unit:
            draft.extras.append((name, unit))
    line: CatalogueLineDocument = draft.whole(CatalogueLineDocument, number="", place=draft.path)
    return line


_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    code("ActionCode", "action", _ACTION),
    day("IssueDate", "issued_on"),
    texts("Note", "notes"),
    LineCount(),
    within("ValidityPeriod", day("StartDate", "valid_from"), day("EndDate", "valid_until")),
    Reference("ReferencedContract", "contract"),
    Reference("DocumentReference", "document"),
    Party("ProviderParty", "provider", "sender"),
    Party("ReceiverParty", "receiver", "receiver"),
    *parties(("SellerSupplierParty", "seller", ""), ("ContractorCustomerParty", "buyer", "")),
    records("CatalogueLine", "lines", _LINE, _make_line, lines=True),
)


def make_catalogue(work: Work, draft: XmlDraft) -> CatalogueDocument:
    """The catalogue: provider and receiver are seller and buyer unless others are named."""
    values = draft.values
    provider, receiver = values.pop("provider", None), values.pop("receiver", None)
    values.setdefault("seller", provider or PartyDocument())
    values.setdefault("buyer", receiver or PartyDocument())
    action = values.pop("action", "")
    if action:
        values["function"] = {"add": "original", "update": "replace", "delete": "cancel"}.get(action, "original")
    currencies = {price.currency for line in values.get("lines", ()) for price in line.prices} - {""}
    if len(currencies) == 1:
        values["currency"] = currencies.pop()
    catalogue: CatalogueDocument = draft.whole(CatalogueDocument, number="")
    return catalogue


class _Laid:
    def __init__(self, document: CatalogueDocument) -> None:
        self._document = document
        self.provider, self.receiver = document.seller, document.buyer
        self.seller = self.buyer = None
        actions = {"replace": "update", "cancel": "delete"}
        self.action = actions.get(document.function, "")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


def _lay_out(out: Out, document: CatalogueDocument) -> _Laid:
    return _Laid(document)


CATALOGUE = DocumentKind(
    "Catalogue",
    _SHAPE,
    make_catalogue,
    required=(ID, ISSUE_DATE, ("cac:ProviderParty", "provider"), ("cac:ReceiverParty", "receiver")),
    lay_out=_lay_out,
    said=frozenset({"function", "currency"}),
    customization="urn:fdc:peppol.eu:poacc:trns:catalogue:3",
    profile="urn:fdc:peppol.eu:poacc:bis:catalogue_only:3",
)
