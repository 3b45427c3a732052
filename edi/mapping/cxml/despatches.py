"""cXML ShipNoticeRequest as DespatchDocument."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from edi.mapping.cxml.notation import ITEM_ID, Comments, Notes, References, day, ignored, number, text
from edi.mapping.cxml.parties import Contacts
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import ZERO
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Records, Shape, Texts, Within
from orders.documents import DespatchDocument, DespatchLineDocument, Identifier, PackageDocument, PartyDocument


class _Carrier(Entry):
    """<CarrierIdentifier domain="companyName">: the carrier, by name or by code (SCAC)."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("CarrierIdentifier", "carrier_name")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        value = (node.text or "").strip()
        name = "carrier_name" if node.get("domain") == "companyName" else "carrier_code"
        if value and not draft.take(name, (value, node.get("domain", "")), value, node, f"{at}/CarrierIdentifier"):
            draft.keep(node)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        carrier = record.carrier
        if carrier is None:
            return
        for identifier in carrier.identifiers:
            out.leaf(parent, self.tag, identifier.value, {"domain": identifier.raw_scheme or "SCAC"})
        out.leaf(parent, self.tag, carrier.name, {"domain": "companyName"})


class _Order(Entry):
    """<OrderReference> of a portion: the order of the items that follow."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("OrderReference", "order_number")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        reference = node.find("DocumentReference")
        payload = "" if reference is None else reference.get("payloadID", "")
        work.order_number = node.get("orderID", "").strip() or payload.strip()
        if node.get("orderID") and payload:
            draft.keep_text(node, "payloadID", payload)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as child:
            out.attribute(child, "orderID", record.order_number)
            with out.element(child, "DocumentReference") as reference:
                reference.set("payloadID", record.order_number or "NA")


_PACKAGING = Within("Packaging", text("PackagingCode", "package_kind"), text("ShippingContainerSerialCode", "package"))


class _Serials(Within):
    """<AssetInfo serialNumber="…">, one for each serial number."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("AssetInfo", Texts("@serialNumber", "serials"), repeats=True)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        serial = node.get("serialNumber", "").strip()
        if serial:
            draft.add("serials", serial, serial, node, f"{at}/AssetInfo/@serialNumber")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for serial in record.serials:
            with out.element(parent, self.tag) as child:
                child.set("serialNumber", serial)


class _Packaging(Entry):
    """<Packaging> of an item: the package that holds it."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Packaging", "package")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        _PACKAGING.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.package:
            with out.element(parent, self.tag) as child:
                out.leaf(child, "PackagingCode", out.packages.get(record.package, "") or "Package")
                out.leaf(child, "ShippingContainerSerialCode", record.package)


_LINE = Shape(
    number("@quantity", "quantity"),
    text("@lineNumber", "order_line"),
    text("@shipNoticeLineNumber", "number"),
    ITEM_ID,
    Within("ShipNoticeItemDetail", text("Description", "description")),
    text("UnitOfMeasure", "unit"),
    _Packaging(),
    Within("Batch", day("@expirationDate", "best_before"), text("SupplierBatchID", "batch")),
    _Serials(),
    Comments(),
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> DespatchLineDocument:
    """One item; without a number of its own it has that of the order line."""
    values = draft.values
    kind = values.pop("package_kind", "")
    if "package" in values:
        work.packages.setdefault(values["package"], "" if kind == "Package" else kind)
    elif kind:
        draft.extras.append(("Packaging/PackagingCode", kind))
    more = {"number": values.get("order_line", ""), "order_number": work.order_number}
    line: DespatchLineDocument = draft.whole(DespatchLineDocument, quantity=ZERO, place=draft.path, **more)
    return line


def _unmake(out: Out, line: DespatchLineDocument) -> DespatchLineDocument:
    """A line without its order, which its portion names; the DTD demands a unit and the number of the order line."""
    return replace(line, order_number="", unit=line.unit or "EA", order_line=line.order_line or line.number)


class _Portions(Entry):
    """<ShipNoticePortion>, one for each order."""

    __slots__ = ("_shape",)

    def __init__(self) -> None:
        super().__init__("ShipNoticePortion", "lines")
        lines = Records("ShipNoticeItem", "lines", _LINE, _make_line, lines=True, unmake=_unmake)
        self._shape = Shape(_Order(), lines)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        work.order_number = ""
        self._shape.fill(work, node, draft, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for number_of_order, lines in _by_order(record.lines, record.order_number):
            with out.element(parent, self.tag) as child:
                self._shape.write(out, child, _Portion(number_of_order, tuple(lines)))


class _Portion:
    __slots__ = ("lines", "order_number")

    def __init__(self, order_number: str, lines: tuple[DespatchLineDocument, ...]) -> None:
        self.order_number = order_number
        self.lines = lines


def _by_order(
    lines: tuple[DespatchLineDocument, ...], default: str
) -> Iterable[tuple[str, Iterable[DespatchLineDocument]]]:
    if not lines:
        return [(default, ())]
    return groupby(lines, key=lambda line: line.order_number or default)


DESPATCH = Shape(
    Within(
        "ShipNoticeHeader",
        text("@shipmentID", "number"),
        day("@noticeDate", "issued_on"),
        day("@shipmentDate", "shipped_on"),
        day("@deliveryDate", "delivery_date"),
        *ignored("@operation"),
        Contacts(
            shipFrom="ship_from",
            shipTo="ship_to",
            supplierCorporate="seller",
            supplier="seller",
            buyerCorporate="buyer",
            buyer="buyer",
        ),
        Notes(),
        References(),
    ),
    Within("ShipControl", _Carrier(), text("ShipmentIdentifier", "tracking")),
    _Portions(),
)


def make_despatch(work: Work, draft: XmlDraft) -> DespatchDocument:
    """The despatch; packages are those that its lines name."""
    values = draft.values
    draft.values["carrier"] = _carrier(values.pop("carrier_name", ("", "")), values.pop("carrier_code", ("", "")))
    orders = {line.order_number for line in values.get("lines", ())}
    packages = [
        PackageDocument(number_of, kind=kind, sscc=number_of if len(number_of) == 18 and number_of.isdigit() else "")
        for number_of, kind in work.packages.items()
    ]
    despatch: DespatchDocument = draft.whole(
        DespatchDocument,
        number="",
        order_number=orders.pop() if len(orders) == 1 else work.order_number if not orders else "",
        packages=tuple(packages),
    )
    return despatch


def _carrier(name: tuple[str, str], code: tuple[str, str]) -> Any:
    if not name[0] and not code[0]:
        return None
    identifiers = (Identifier(code[0], raw_scheme=code[1]),) if code[0] else ()
    return PartyDocument(identifiers, name[0])
