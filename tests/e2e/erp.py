"""The ERP of a company: posts documents, collects answers. Plain HTTP, and documents written out by hand."""

import json
import random
import urllib.request
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.error import HTTPError

from tests.e2e.running import Portal

AURORA_GLN = "8012345000005"
Line = tuple[str, str, str]  # the seller's article number, quantity, net price of one
LINES: tuple[Line, ...] = (
    ("AP-VT200-IE4", "4", "11530"),
    ("AP-MS45", "10", "166.40"),
    ("AP-GSK080", "20", "23"),
)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class ERP:
    """One company's system with the key of its service account."""

    def __init__(self, portal: Portal, organisation: str) -> None:
        self.base, self.key = f"{portal.url}/api/v1/", portal.keys[organisation]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request; an answer of 4xx is an answer, too."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.base + path, body, {"Authorization": f"Bearer {self.key}", **names}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def post(self, document: str, kind: str, accept: str = "application/json") -> Answer:
        """Post a document to the door for all standards."""
        return self.ask("POST", "edi/inbound/", document.encode(), Content_Type=kind, Accept=accept)

    def waiting_answer(self, order_number: str) -> dict:
        """The document that waits to be collected for an order."""
        rows = self.ask("GET", "edi/outbound/?delivery=pending").json["results"]
        return next(row for row in rows if order_number in row["orders"])


def new_number(prefix: str = "45") -> str:
    """An order number that was not used before."""
    return f"{prefix}{random.SystemRandom().randrange(10**8):08d}"


def orders(
    number: str, buyer_gln: str, note: str = "", lines: tuple[Line, ...] = LINES, named: tuple[str, ...] = ()
) -> str:
    """An ORDERS message of D.96A in an interchange of syntax version 3; `named` are deals and promotions."""
    control, today = number[-8:], date.today()
    segments = [
        "UNH+1+ORDERS:D:96A:UN:EAN008",
        f"BGM+220+{number}+9",
        f"DTM+137:{today:%Y%m%d}:102",
        *([f"FTX+GEN+++{note}"] if note else []),
        *(f"RFF+PD:{reference}" for reference in named),
        f"NAD+BY+{buyer_gln}::9",
        f"NAD+SU+{AURORA_GLN}::9",
        "CUX+2:EUR:9",
    ]
    for place, (sku, quantity, price) in enumerate(lines, 1):
        segments += [f"LIN+{place}", f"PIA+5+{sku}:SA", f"QTY+21:{quantity}:PCE", f"PRI+AAA:{price}"]
    segments += ["UNS+S", f"CNT+2:{len(lines)}"]
    segments.append(f"UNT+{len(segments) + 1}+1")
    head = f"UNB+UNOC:3+{buyer_gln}:14+{AURORA_GLN}:14+{today:%y%m%d}:0912+{control}"
    return "".join(f"{segment}'\n" for segment in [head, *segments, f"UNZ+1+{control}"])


def x12_850(number: str, buyer_gln: str, note: str = "", lines: tuple[Line, ...] = LINES) -> str:
    """An 850 of 004010."""
    control, today, empty = number[-8:].zfill(9), date.today(), " " * 10
    body = [
        "ST*850*0001",
        f"BEG*00*SA*{number}**{today:%Y%m%d}",
        "CUR*BY*USD",
        *([f"MSG*{note}"] if note else []),
        f"N1*BY*Great Lakes Supply*UL*{buyer_gln}",
        f"N1*SU*Aurora Pumps*UL*{AURORA_GLN}",
    ]
    body += [f"PO1*{place}*{q}*EA*{price}**VP*{sku}" for place, (sku, q, price) in enumerate(lines, 1)]
    body += [f"CTT*{len(lines)}"]
    route = f"ZZ*{buyer_gln:<15}*ZZ*{AURORA_GLN:<15}"
    isa = f"ISA*00*{empty}*00*{empty}*{route}*{today:%y%m%d}*0912*U*00401*{control}*0*P*:"
    gs = f"GS*PO*{buyer_gln}*{AURORA_GLN}*{today:%Y%m%d}*0912*{int(control)}*X*004010"
    tail = [f"SE*{len(body) + 1}*0001", f"GE*1*{int(control)}", f"IEA*1*{control}"]
    return "".join(f"{segment}~\n" for segment in [isa, gs, *body, *tail])


NAMESPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def ubl_order(number: str, buyer_gln: str, note: str = "", lines: tuple[Line, ...] = LINES) -> str:
    """An Order of UBL 2.1."""
    rows = "".join(
        f'<cac:OrderLine><cac:LineItem><cbc:ID>{place}</cbc:ID><cbc:Quantity unitCode="C62">{quantity}</cbc:Quantity>'
        f'<cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Part'
        f"</cbc:Name><cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification></cac:Item>"
        "</cac:LineItem></cac:OrderLine>"
        for place, (sku, quantity, price) in enumerate(lines, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Order {NAMESPACES}><cbc:ID>{number}</cbc:ID>'
        f"<cbc:IssueDate>{date.today()}</cbc:IssueDate>{f'<cbc:Note>{note}</cbc:Note>' if note else ''}"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"{_party('BuyerCustomerParty', buyer_gln)}{_party('SellerSupplierParty', AURORA_GLN)}{rows}</Order>"
    )


def ubl_invoice(number: str, order_number: str, buyer_gln: str, lines: tuple[Line, ...]) -> str:
    """An Invoice of UBL 2.1 of Aurora Pumps for all lines of an order."""
    names = NAMESPACES.replace("Order-2", "Invoice-2")
    sums = [Decimal(quantity) * Decimal(price) for _sku, quantity, price in lines]
    tax = Decimal("0.22")

    def eur(name: str, value: Decimal) -> str:
        return f'<cbc:{name} currencyID="EUR">{value:.2f}</cbc:{name}>'

    category = "<cbc:ID>S</cbc:ID><cbc:Percent>22</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    rows = "".join(
        f'<cac:InvoiceLine><cbc:ID>{place}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">'
        f"{quantity}</cbc:InvoicedQuantity>"
        f"{eur('LineExtensionAmount', sums[place - 1])}<cac:OrderLineReference><cbc:LineID>{place}</cbc:LineID>"
        f"</cac:OrderLineReference><cac:Item><cbc:Name>Part</cbc:Name><cac:SellersItemIdentification><cbc:ID>{sku}"
        f"</cbc:ID></cac:SellersItemIdentification><cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory>"
        f'</cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>'
        "</cac:InvoiceLine>"
        for place, (sku, quantity, price) in enumerate(lines, 1)
    )
    net = sum(sums, Decimal(0))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Invoice {names}><cbc:ID>{number}</cbc:ID>'
        f"<cbc:IssueDate>{date.today()}</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"<cac:OrderReference><cbc:ID>{order_number}</cbc:ID></cac:OrderReference>"
        f"{_party('AccountingSupplierParty', AURORA_GLN)}{_party('AccountingCustomerParty', buyer_gln)}"
        f"<cac:TaxTotal>{eur('TaxAmount', net * tax)}<cac:TaxSubtotal>{eur('TaxableAmount', net)}"
        f"{eur('TaxAmount', net * tax)}<cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal>{eur('LineExtensionAmount', net)}{eur('TaxExclusiveAmount', net)}"
        f"{eur('TaxInclusiveAmount', net + net * tax)}{eur('PayableAmount', net + net * tax)}</cac:LegalMonetaryTotal>"
        f"{rows}</Invoice>"
    )


def _party(role: str, gln: str) -> str:
    return (
        f'<cac:{role}><cac:Party><cbc:EndpointID schemeID="0088">{gln}</cbc:EndpointID><cac:PartyLegalEntity>'
        f"<cbc:RegistrationName>Company {gln}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )
