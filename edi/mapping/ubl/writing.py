"""Documents into UBL 2.1 Order and OrderResponse, elements in the sequence of the OASIS schemas."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from lxml import etree

from edi.guides.ubl_order import NS, UBL_PREFIX
from edi.mapping.checks import line_amount
from edi.mapping.codes import CODE_1001, VAT_ICD
from edi.mapping.model import Envelope, PartyRef
from edi.syntax.numbers import plain
from orders.documents import (
    AllowanceDocument,
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
    Scheme,
)

Element = etree._Element

_ANSWER = {"accepted": "AP", "accepted_with_changes": "CA", "rejected": "RE"}
_LINE_STATUS = {
    LineAnswer.ACCEPTED: "5",
    LineAnswer.CHANGED: "3",
    LineAnswer.REJECTED: "7",
    LineAnswer.BACKORDERED: "3",
}
_NO_CURRENCY = "XXX"  # ISO 4217: no currency


class XmlWriter:
    """Builds a UBL document; empty values make no element."""

    def __init__(self, name: str) -> None:
        namespace = f"{UBL_PREFIX}{name}-2"
        prefixes: dict[str | None, str] = {None: namespace}
        prefixes.update(NS)
        self.root = etree.Element(f"{{{namespace}}}{name}", nsmap=cast("dict[str, str]", prefixes))

    def basic(self, parent: Element, name: str, value: str, **attributes: str) -> None:
        """Add cbc:`name` with `value`, unless that is empty."""
        if value:
            safe = {key: _xml_safe(text) for key, text in attributes.items()}
            element = etree.SubElement(parent, f"{{{NS['cbc']}}}{name}", safe)
            element.text = _xml_safe(value)

    def aggregate(self, parent: Element, *names: str) -> Element:
        """Add cac:`names` nested in each other and return the innermost."""
        for name in names:
            parent = etree.SubElement(parent, f"{{{NS['cac']}}}{name}")
        return parent

    def dump(self) -> bytes:
        """The document in UTF-8, indented. Aggregates without content are dropped: UBL forbids empty elements."""
        _prune(self.root)
        etree.indent(self.root)
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")


def _xml_safe(value: str) -> str:
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in value)


def _prune(element: Element) -> None:
    for child in list(element):
        _prune(child)
        if not len(child) and not child.text and child.tag.startswith(f"{{{NS['cac']}}}"):
            element.remove(child)


def endpoint(xml: XmlWriter, party: Element, ref: PartyRef) -> None:
    """cbc:EndpointID; an EDIFACT qualifier 14 is a GLN, others go without scheme."""
    scheme = scheme_id(ref)
    xml.basic(party, "EndpointID", ref.id, **({"schemeID": scheme} if scheme else {}))


def scheme_id(ref: PartyRef) -> str:
    """The ISO 6523 code of an address, empty when it has none."""
    if len(ref.qualifier) == 4 and ref.qualifier.isdigit():
        return ref.qualifier
    return "0088" if ref.qualifier == "14" else "0060" if ref.qualifier in ("1", "01") else ""


def write_ubl_order(order: OrderDocument, envelope: Envelope) -> bytes:
    """`order` as UBL Order. It claims to be a Peppol order only when both addresses are Peppol ones."""
    return _OrderWriter(envelope, order).order()


def write_ubl_response(response: OrderResponseDocument, envelope: Envelope) -> bytes:
    """`response` as UBL OrderResponse; lines are given when something changes (CA), as Peppol asks."""
    return _OrderWriter(envelope, response.order).response(response)


class _OrderWriter:
    def __init__(self, envelope: Envelope, order: OrderDocument) -> None:
        self.envelope = envelope
        self.document = order
        self.xml = XmlWriter("Order")
        self.currency = order.currency or _NO_CURRENCY

    def _profile(self, transaction: str) -> None:
        if scheme_id(self.envelope.sender) and scheme_id(self.envelope.receiver):
            root = self.xml.root
            self.xml.basic(root, "CustomizationID", f"urn:fdc:peppol.eu:poacc:trns:{transaction}:3")
            self.xml.basic(root, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:ordering:3")

    def order(self) -> bytes:
        order, xml, root = self.document, self.xml, self.xml.root
        self._profile("order")
        xml.basic(root, "ID", order.number)
        xml.basic(root, "IssueDate", (order.issued_on or self.envelope.prepared_at.date()).isoformat())
        xml.basic(root, "OrderTypeCode", CODE_1001.get(order.kind, "220"))
        for note in order.notes:
            xml.basic(root, "Note", note)
        xml.basic(root, "DocumentCurrencyCode", order.currency)
        if scheme_id(self.envelope.sender) == "":
            xml.basic(root, "LineCountNumeric", str(len(order.lines)))
        self._references(order.references)
        self._party(("BuyerCustomerParty", "Party"), order.buyer, self.envelope.sender)
        self._party(("SellerSupplierParty", "Party"), order.seller, self.envelope.receiver)
        if order.bill_to:
            self._party(("AccountingCustomerParty", "Party"), order.bill_to, None)
        self._delivery(order)
        xml.basic(xml.aggregate(root, "PaymentTerms"), "Note", order.terms)
        net = self._net_amounts(order)
        for allowance in order.allowances:
            self._allowance(root, allowance, sum(net, Decimal(0)))
        self._totals(order, net)
        for line in order.lines:
            self._line(line)
        return xml.dump()

    def response(self, response: OrderResponseDocument) -> bytes:
        self.xml = xml = XmlWriter("OrderResponse")
        root = xml.root
        self._profile("order_response")
        xml.basic(root, "ID", response.number)
        xml.basic(root, "SalesOrderID", response.seller_order_number)
        xml.basic(root, "IssueDate", (response.issued_on or self.envelope.prepared_at.date()).isoformat())
        xml.basic(root, "OrderResponseCode", _ANSWER[response.answer])
        xml.basic(root, "Note", response.note)
        xml.basic(root, "DocumentCurrencyCode", response.order.currency)
        xml.basic(xml.aggregate(root, "OrderReference"), "ID", response.order.number)
        self._party(("SellerSupplierParty", "Party"), response.order.seller, self.envelope.sender)
        self._party(("BuyerCustomerParty", "Party"), response.order.buyer, self.envelope.receiver)
        if response.answer == "accepted_with_changes":
            for line in response.lines:
                self._response_line(line)
        return xml.dump()

    # -- header ---------------------------------------------------------------------------------------------------

    def _references(self, references: tuple[tuple[str, str], ...]) -> None:
        """Single documents first, then what has no element of its own, then contracts: the sequence of the schema."""
        xml, root = self.xml, self.xml.root
        single = (
            ("quotation", "QuotationDocumentReference"),
            ("order", "OrderDocumentReference"),
            ("originator", "OriginatorDocumentReference"),
        )
        written: set[tuple[str, str]] = set()
        for kind, name in single:
            first = next((entry for entry in references if entry[0] == kind), None)
            if first:
                xml.basic(xml.aggregate(root, name), "ID", first[1])
                written.add(first)
        for entry in references:
            if entry not in written and entry[0] != "contract":
                reference = xml.aggregate(root, "AdditionalDocumentReference")
                xml.basic(reference, "ID", entry[1])
                xml.basic(reference, "DocumentType", entry[0])
        for kind, value in references:
            if kind == "contract":
                xml.basic(xml.aggregate(root, "Contract"), "ID", value)

    def _party(self, path: Iterable[str], party: PartyDocument, ref: PartyRef | None) -> None:
        xml = self.xml
        node = xml.aggregate(self.xml.root, *path)
        if ref:
            endpoint(xml, node, ref)
        numbers = [i for i in party.identifiers if not (i.scheme is Scheme.VAT and i.raw_scheme not in VAT_ICD)]
        for identifier in numbers:
            if ref and identifier.value == ref.id:
                continue
            scheme = _icd(identifier.scheme, identifier.raw_scheme)
            attributes = {"schemeID": scheme} if scheme else {}
            xml.basic(xml.aggregate(node, "PartyIdentification"), "ID", identifier.value, **attributes)
        xml.basic(xml.aggregate(node, "PartyName"), "Name", party.name)
        self._address(xml.aggregate(node, "PostalAddress"), party)
        for identifier in party.identifiers:
            if identifier not in numbers:
                tax = xml.aggregate(node, "PartyTaxScheme")
                xml.basic(tax, "CompanyID", identifier.value)
                xml.basic(xml.aggregate(tax, "TaxScheme"), "ID", "VAT")
        xml.basic(xml.aggregate(node, "PartyLegalEntity"), "RegistrationName", party.name)
        self._contact(node, party)

    def _address(self, node: Element, party: PartyDocument) -> None:
        for name, value in (
            ("StreetName", party.street),
            ("CityName", party.city),
            ("PostalZone", party.postcode),
            ("CountrySubentity", party.region),
        ):
            self.xml.basic(node, name, value)
        self.xml.basic(self.xml.aggregate(node, "Country"), "IdentificationCode", party.country)

    def _contact(self, node: Element, party: PartyDocument) -> None:
        contact = self.xml.aggregate(node, "Contact")
        self.xml.basic(contact, "Name", party.contact)
        self.xml.basic(contact, "Telephone", party.phone)
        self.xml.basic(contact, "ElectronicMail", party.email)

    def _delivery(self, order: OrderDocument) -> None:
        xml = self.xml
        node = xml.aggregate(xml.root, "Delivery")
        place = order.ship_to
        if place:
            self._address(xml.aggregate(node, "DeliveryLocation", "Address"), place)
        self._period(node, "RequestedDeliveryPeriod", order.delivery_date)
        if place:
            party = xml.aggregate(node, "DeliveryParty")
            for identifier in place.identifiers:
                scheme = _icd(identifier.scheme, identifier.raw_scheme)
                attributes = {"schemeID": scheme} if scheme else {}
                xml.basic(xml.aggregate(party, "PartyIdentification"), "ID", identifier.value, **attributes)
            xml.basic(xml.aggregate(party, "PartyName"), "Name", place.name)
            self._contact(party, place)

    def _period(self, node: Element, name: str, day: date | None) -> None:
        if day:
            self.xml.basic(self.xml.aggregate(node, name), "StartDate", day.isoformat())

    def _amount(self, node: Element, name: str, amount: Decimal | None) -> None:
        if amount is not None:
            self.xml.basic(node, name, plain(amount), currencyID=self.currency)

    def _allowance(self, parent: Element, allowance: AllowanceDocument, base: Decimal) -> None:
        xml = self.xml
        node = xml.aggregate(parent, "AllowanceCharge")
        amount, percent = allowance.amount, allowance.percent
        if amount is None:
            amount = round(base * (percent or Decimal(0)) / 100, 2)
        xml.basic(node, "ChargeIndicator", "true" if allowance.charge else "false")
        xml.basic(node, "AllowanceChargeReason", allowance.reason or ("Charge" if allowance.charge else "Discount"))
        if percent is not None:
            xml.basic(node, "MultiplierFactorNumeric", plain(percent))
        self._amount(node, "Amount", amount)
        if percent is not None:
            self._amount(node, "BaseAmount", round(base, 2))

    @staticmethod
    def _net_amounts(order: OrderDocument) -> list[Decimal]:
        amounts = (line_amount(line, order.currency) for line in order.lines)
        return [amount if amount is not None else Decimal(0) for amount in amounts]

    def _totals(self, order: OrderDocument, net: list[Decimal]) -> None:
        """Stated only when every line has a price; without taxes, which an order need not know."""
        if not order.lines or any(line.unit_price is None for line in order.lines):
            return
        lines = sum(net, Decimal(0))
        sums = {True: Decimal(0), False: Decimal(0)}
        for allowance in order.allowances:
            amount = allowance.amount
            if amount is None:
                amount = round(lines * (allowance.percent or Decimal(0)) / 100, 2)
            sums[allowance.charge] += amount
        total = self.xml.aggregate(self.xml.root, "AnticipatedMonetaryTotal")
        exclusive = lines - sums[False] + sums[True]
        self._amount(total, "LineExtensionAmount", lines)
        self._amount(total, "TaxExclusiveAmount", exclusive)
        if sums[False]:
            self._amount(total, "AllowanceTotalAmount", sums[False])
        if sums[True]:
            self._amount(total, "ChargeTotalAmount", sums[True])
        self._amount(total, "PayableAmount", exclusive)

    # -- lines ----------------------------------------------------------------------------------------------------

    def _line(self, line: OrderLineDocument) -> None:
        xml = self.xml
        order_line = xml.aggregate(xml.root, "OrderLine")
        xml.basic(order_line, "Note", line.note)
        item = xml.aggregate(order_line, "LineItem")
        xml.basic(item, "ID", line.number)
        self._quantity(item, "Quantity", line.quantity, line.unit)
        stated = line.stated_amount if line.stated_amount is not None else line_amount(line, self.document.currency)
        self._amount(item, "LineExtensionAmount", stated)
        self._period(xml.aggregate(item, "Delivery"), "RequestedDeliveryPeriod", line.delivery_date)
        gross = line.quantity * (line.unit_price or Decimal(0)) / line.price_base
        for allowance in line.allowances:
            self._allowance(item, allowance, gross)
        self._price(item, line.unit_price, line)
        self._item(item, line)

    def _quantity(self, node: Element, name: str, quantity: Decimal, unit: str) -> None:
        self.xml.basic(node, name, plain(quantity), **({"unitCode": unit} if unit else {}))

    def _price(self, item: Element, price: Decimal | None, line: OrderLineDocument) -> None:
        node = self.xml.aggregate(item, "Price")
        self._amount(node, "PriceAmount", price)
        if price is not None and line.price_base != 1:
            self._quantity(node, "BaseQuantity", line.price_base, line.unit)

    def _item(self, line_item: Element, line: OrderLineDocument) -> None:
        xml = self.xml
        item = xml.aggregate(line_item, "Item")
        xml.basic(item, "Name", line.description or line.seller_sku or line.buyer_sku or line.gtin or line.number)
        for name, value in (
            ("BuyersItemIdentification", line.buyer_sku),
            ("SellersItemIdentification", line.seller_sku),
        ):
            xml.basic(xml.aggregate(item, name), "ID", value)
        if line.gtin:
            xml.basic(xml.aggregate(item, "StandardItemIdentification"), "ID", line.gtin, schemeID="0160")
        for kind, value in line.references:
            xml.basic(xml.aggregate(item, "AdditionalItemIdentification"), "ID", value, schemeID=kind)

    def _response_line(self, line: ResponseLineDocument) -> None:
        xml, ordered = self.xml, line.ordered
        order_line = xml.aggregate(xml.root, "OrderLine")
        item = xml.aggregate(order_line, "LineItem")
        xml.basic(item, "ID", ordered.number)
        xml.basic(item, "Note", line.reason)
        xml.basic(item, "LineStatusCode", _LINE_STATUS[line.answer])
        if line.answer is not LineAnswer.REJECTED:
            self._quantity(item, "Quantity", line.quantity, ordered.unit)
        if line.answer is LineAnswer.BACKORDERED:
            missing = ordered.quantity - line.quantity
            backordered = missing if missing > 0 else ordered.quantity
            self._quantity(item, "MaximumBackorderQuantity", backordered, ordered.unit)
        self._period(xml.aggregate(item, "Delivery"), "PromisedDeliveryPeriod", line.delivery_date)
        self._price(item, line.unit_price if line.unit_price is not None else ordered.unit_price, ordered)
        self._item(item, ordered)
        xml.basic(xml.aggregate(order_line, "OrderLineReference"), "LineID", ordered.number)


def _icd(scheme: Scheme, raw_scheme: str) -> str:
    """The schemeID of an identifier: the sender's own ICD, else that of GLN or DUNS."""
    if len(raw_scheme) == 4 and raw_scheme.isdigit():
        return raw_scheme
    return scheme.value if scheme in (Scheme.GLN, Scheme.DUNS) else ""


def issue(xml: XmlWriter, root: Element, moment: datetime) -> None:
    """cbc:IssueDate and cbc:IssueTime."""
    xml.basic(root, "IssueDate", moment.date().isoformat())
    xml.basic(root, "IssueTime", moment.strftime("%H:%M:%S"))
