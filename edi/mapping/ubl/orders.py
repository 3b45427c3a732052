"""UBL 2.1 Order (plain, Peppol BIS Order 3, Italian NSO) into an OrderDocument."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from lxml import etree

from edi.guides.ubl_order import MAPPED, NS, REQUIRED, REQUIRED_OF_LINE
from edi.mapping.checks import check_order
from edi.mapping.codes import KIND_OF_1001, VAT_ICD
from edi.mapping.drafts import AllowanceDraft, LineDraft, OrderDraft, PartyDraft
from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_count, parse_iso_date, parse_xml_decimal
from edi.syntax.xml import XmlDocument
from orders.documents import OrderDocument, Scheme

Element = etree._Element

_ROLES = (("buyer",), ("seller",), ("ship_to",), ("bill_to",))
_PARTIES = {
    "buyer": "cac:BuyerCustomerParty",
    "seller": "cac:SellerSupplierParty",
    "bill_to": "cac:AccountingCustomerParty",
}
_REFERENCES = {
    "contract": "cac:Contract/cbc:ID",
    "quotation": "cac:QuotationDocumentReference/cbc:ID",
    "order": "cac:OrderDocumentReference/cbc:ID",
    "originator": "cac:OriginatorDocumentReference/cbc:ID",
}


def text_of(element: Element | None, path: str) -> str:
    """The text at `path` below `element`, without blanks around it; empty when absent."""
    if element is None:
        return ""
    return (element.findtext(path, "", NS) or "").strip()


class OrderReader:
    """Reads one Order element into a draft."""

    def __init__(self, document: XmlDocument, findings: Findings, most_lines: int) -> None:
        self.document = document
        self.root = document.root
        self.findings = findings
        self.most_lines = most_lines
        self.order = OrderDraft()

    def read(self) -> OrderDocument:
        """The document; faults go into the findings."""
        self._require(self.root, REQUIRED, "The order")
        self._header()
        for role, tag in _PARTIES.items():
            party = self.root.find(f"{tag}/cac:Party", NS)
            if party is not None:
                self.order.parties[role] = self._party(party, role)
        self._delivery()
        self._totals()
        self._lines()
        for path, text in unmapped_leaves(self.root):
            self.order.keep(path, text)
        order = self.order.freeze(issued=("issued",), delivery=("delivery",), roles=_ROLES, totals=("net", "lines"))
        number = self.root.find("cbc:ID", NS)
        check_order(order, self.findings, [line.at for line in self.order.lines], lambda: self.document.place(number))
        return order

    def _require(self, element: Element, required: tuple[tuple[str, str], ...], what: str) -> None:
        for path, name in required:
            child = element.find(path, NS)
            if child is None or (not len(child) and not (child.text or "").strip()):
                text = f"{what} has no {name} ({path})."
                self.findings.error("missing-element", text, self.document.place(element), value=path)

    def _header(self) -> None:
        root, order = self.root, self.order
        order.number = text_of(root, "cbc:ID")
        order.currency = text_of(root, "cbc:DocumentCurrencyCode")
        order.kind = KIND_OF_1001.get(text_of(root, "cbc:OrderTypeCode") or "220", "other")
        self._date(root.find("cbc:IssueDate", NS), order.dates, "issued")
        order.notes.extend(filter(None, ((note.text or "").strip() for note in root.findall("cbc:Note", NS))))
        for word, path in _REFERENCES.items():
            for element in root.findall(path, NS):
                if element.text and element.text.strip():
                    order.references.append((word, element.text.strip()))
        for element in root.findall("cac:AdditionalDocumentReference", NS):
            if text_of(element, "cbc:ID"):
                kind = text_of(element, "cbc:DocumentType") or text_of(element, "cbc:DocumentTypeCode") or "document"
                order.references.append((kind, text_of(element, "cbc:ID")))
        order.line_count = parse_count(text_of(root, "cbc:LineCountNumeric"))
        order.function = self._function()
        terms = (
            text_of(root, "cac:DeliveryTerms/cbc:ID"),
            text_of(root, "cac:DeliveryTerms/cbc:SpecialTerms"),
            text_of(root, "cac:PaymentTerms/cbc:Note"),
        )
        order.terms.extend(filter(None, terms))
        order.allowances.extend(self._allowances(root))

    def _function(self) -> str:
        """NSO says that an order revokes or replaces another by a status after the reference: id#date#endpoint#…"""
        for element in self.root.findall("cac:OrderDocumentReference/cbc:ID", NS):
            status = (element.text or "").strip().rpartition("#")[2].lower()
            if status in ("cancelled", "revised"):
                return "cancel" if status == "cancelled" else "replace"
        return "original"

    def _party(self, party: Element, role: str) -> PartyDraft:
        draft = PartyDraft(role)
        for element in (*party.findall("cbc:EndpointID", NS), *party.findall("cac:PartyIdentification/cbc:ID", NS)):
            raw_scheme = element.get("schemeID", "")
            draft.identify((element.text or "").strip(), scheme_of(raw_scheme), raw_scheme)
        for scheme in party.findall("cac:PartyTaxScheme", NS):
            if text_of(scheme, "cac:TaxScheme/cbc:ID") in ("VAT", ""):
                draft.identify(text_of(scheme, "cbc:CompanyID"), Scheme.VAT, "VAT")
        company = party.find("cac:PartyLegalEntity/cbc:CompanyID", NS)
        if company is not None:
            raw_scheme = company.get("schemeID", "")
            draft.identify((company.text or "").strip(), scheme_of(raw_scheme), raw_scheme)
        draft.name = text_of(party, "cac:PartyName/cbc:Name") or text_of(
            party, "cac:PartyLegalEntity/cbc:RegistrationName"
        )
        self._address(party.find("cac:PostalAddress", NS), draft)
        self._contact(party, draft)
        return draft

    @staticmethod
    def _address(address: Element | None, draft: PartyDraft) -> None:
        streets = (text_of(address, "cbc:StreetName"), text_of(address, "cbc:AdditionalStreetName"))
        draft.street = ", ".join(filter(None, streets))
        draft.city = text_of(address, "cbc:CityName")
        draft.region = text_of(address, "cbc:CountrySubentity")
        draft.postcode = text_of(address, "cbc:PostalZone")
        draft.country = text_of(address, "cac:Country/cbc:IdentificationCode").upper()

    @staticmethod
    def _contact(party: Element, draft: PartyDraft) -> None:
        draft.contact = text_of(party, "cac:Contact/cbc:Name")
        draft.phone = text_of(party, "cac:Contact/cbc:Telephone")
        draft.email = text_of(party, "cac:Contact/cbc:ElectronicMail")

    def _delivery(self) -> None:
        delivery = self.root.find("cac:Delivery", NS)
        if delivery is None:
            return
        draft = PartyDraft("ship_to")
        self._address(delivery.find("cac:DeliveryLocation/cac:Address", NS), draft)
        location = delivery.find("cac:DeliveryLocation/cbc:ID", NS)
        identifications = delivery.findall("cac:DeliveryParty/cac:PartyIdentification/cbc:ID", NS)
        for element in (*identifications, *([location] if location is not None else [])):
            raw_scheme = element.get("schemeID", "")
            draft.identify((element.text or "").strip(), scheme_of(raw_scheme), raw_scheme)
        party = delivery.find("cac:DeliveryParty", NS)
        if party is not None:
            draft.name = text_of(party, "cac:PartyName/cbc:Name")
            self._contact(party, draft)
        if draft.identifiers or draft.name or draft.street or draft.city:
            self.order.parties["ship_to"] = draft
        self._date(delivery.find("cac:RequestedDeliveryPeriod/cbc:StartDate", NS), self.order.dates, "delivery")

    def _totals(self) -> None:
        total = self.root.find("cac:AnticipatedMonetaryTotal", NS)
        if total is None:
            return
        for word, name in (("net", "TaxExclusiveAmount"), ("lines", "LineExtensionAmount")):
            amount = self._number(total.find(f"cbc:{name}", NS))
            if amount is not None:
                self.order.totals[word] = amount

    # -- lines ----------------------------------------------------------------------------------------------------

    def _lines(self) -> None:
        for index, order_line in enumerate(self.root.findall("cac:OrderLine", NS)):
            if index >= self.most_lines:
                text = f"The order has more than {self.most_lines} lines; the rest was not read."
                self.findings.error("too-many-lines", text, self.document.place(order_line))
                return
            item = order_line.find("cac:LineItem", NS)
            if item is not None:
                self._line(order_line, item, index)

    def _line(self, order_line: Element, item: Element, index: int) -> None:
        place = f"/Order/cac:OrderLine[{index + 1}]/cac:LineItem"
        line = LineDraft(text_of(item, "cbc:ID"), partial(self.document.place, item), place)
        self._require(item, REQUIRED_OF_LINE, f"Line {line.number or '(without number)'}")
        line.quantity, line.unit = self._quantity(item, line)
        line.stated_amount = self._number(item.find("cbc:LineExtensionAmount", NS))
        self._price(item, line)
        self._item(item, line)
        self._date(item.find("cac:Delivery/cac:RequestedDeliveryPeriod/cbc:StartDate", NS), line.dates, "delivery")
        line.allowances.extend(self._allowances(item))
        line.notes.extend(filter(None, ((note.text or "").strip() for note in order_line.findall("cbc:Note", NS))))
        self.order.lines.append(line)

    def _quantity(self, item: Element, line: LineDraft) -> tuple[Decimal, str]:
        element = item.find("cbc:Quantity", NS)
        if element is None:
            text = f"Line {line.number} has no quantity; 1 was assumed, as Peppol does."
            self.findings.warning("quantity-missing", text, line.at)
            return Decimal(1), ""
        return self._number(element) or Decimal(0), element.get("unitCode", "")

    def _price(self, item: Element, line: LineDraft) -> None:
        line.unit_price = self._number(item.find("cac:Price/cbc:PriceAmount", NS))
        base = self._number(item.find("cac:Price/cbc:BaseQuantity", NS))
        if base is not None and base > 0:
            line.price_base = base

    @staticmethod
    def _item(item: Element, line: LineDraft) -> None:
        name = text_of(item, "cac:Item/cbc:Name")
        line.description = name or text_of(item, "cac:Item/cbc:Description")
        line.seller_sku = text_of(item, "cac:Item/cac:SellersItemIdentification/cbc:ID")
        line.buyer_sku = text_of(item, "cac:Item/cac:BuyersItemIdentification/cbc:ID")
        maker = text_of(item, "cac:Item/cac:ManufacturersItemIdentification/cbc:ID")
        if maker:
            line.references.append(("manufacturer", maker))
        for element in item.findall("cac:Item/cac:AdditionalItemIdentification/cbc:ID", NS):
            if element.text:
                line.references.append((element.get("schemeID", "item"), element.text.strip()))
        standard = item.find("cac:Item/cac:StandardItemIdentification/cbc:ID", NS)
        if standard is None or not standard.text:
            return
        scheme = standard.get("schemeID", "0160")
        if scheme in ("0160", "GTIN", "0088", "EAN", "GS1"):
            line.gtin = standard.text.strip()
        else:
            line.references.append((scheme, standard.text.strip()))

    def _allowances(self, element: Element) -> Iterator[AllowanceDraft]:
        for node in element.findall("cac:AllowanceCharge", NS):
            yield AllowanceDraft(
                text_of(node, "cbc:ChargeIndicator").lower() in ("true", "1"),
                amount=self._number(node.find("cbc:Amount", NS)),
                percent=self._number(node.find("cbc:MultiplierFactorNumeric", NS)),
                reason=text_of(node, "cbc:AllowanceChargeReason") or text_of(node, "cbc:AllowanceChargeReasonCode"),
            )

    def _number(self, element: Element | None) -> Decimal | None:
        if element is None:
            return None
        value = (element.text or "").strip()
        number = parse_xml_decimal(value)
        if number is None and value:
            name = etree.QName(element).localname
            text = f"{name} must be a decimal number, but is {value[:40]!r}."
            self.findings.error("invalid-number", text, self.document.place(element), value=value)
        return number

    def _date(self, element: Element | None, dates: dict[str, date], word: str) -> None:
        value = (element.text or "").strip() if element is not None else ""
        if element is None or not value:
            return
        day = parse_iso_date(value)
        if day is None:
            text = f"{etree.QName(element).localname} must be a date YYYY-MM-DD, but is {value[:40]!r}."
            self.findings.error("invalid-date", text, self.document.place(element), value=value)
        else:
            dates[word] = day


def scheme_of(raw_scheme: str) -> Scheme:
    """Our scheme for an ISO 6523 ICD or Peppol EAS code."""
    if raw_scheme in ("0088", "GLN"):
        return Scheme.GLN
    if raw_scheme in ("0060", "DUNS"):
        return Scheme.DUNS
    return Scheme.VAT if raw_scheme in VAT_ICD or raw_scheme.endswith(":VAT") else Scheme.OTHER


def unmapped_leaves(root: Element) -> Iterator[tuple[str, str]]:
    """Every leaf that the mapping does not read, as (path, text); attributes are not repeated."""
    trail: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "end":
            trail.pop()
            continue
        trail.append(node.tag.rpartition("}")[2])
        if not len(node) and node.text and node.text.strip():
            path = "/".join(trail[1:])
            if path not in MAPPED:
                yield path, node.text.strip()
