"""Companies that exchange documents, and documents for them in each standard, written by hand."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils.timezone import now
from lxml import html

from edi.models import Connection
from partners.actors import Actor
from partners.models import Organisation, ServiceAccount, ServiceKey
from tests.factories import OrganisationFactory, PartnershipFactory, RoleFactory

BUYER_GLN, SELLER_GLN = "8023456000006", "8012345000005"
ERP = ("edi.view", "edi.send", "orders.view", "orders.send")


@dataclass
class Pair:
    """A buyer whose ERP posts, and the seller it orders from."""

    buyer: Organisation
    seller: Organisation
    account: ServiceAccount
    key: str
    connection: Connection | None = None

    @property
    def actor(self) -> Actor:
        """The buyer's ERP."""
        return Actor(self.buyer, self.account.capabilities(), "api", service_account=self.account)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that carries its key."""
        return {"Authorization": f"Bearer {self.key}"}

    def post(self, data: bytes | str, accept: str = "application/json", content_type: str = "text/plain", **headers):
        """Post a file as the ERP does."""
        body = data if isinstance(data, bytes) else data.encode()
        return Client().generic(
            "POST",
            "/api/v1/edi/inbound/",
            body,
            content_type=content_type,
            headers={**self.bearer, "Accept": accept, **headers},
        )

    def get(self, path: str, **query: str):
        """Ask the API as the ERP does."""
        return Client().get(path, query, headers=self.bearer)


def pair(buyer_ids=(BUYER_GLN,), seller_ids=(SELLER_GLN,), capabilities=ERP, connection=None, **fields) -> Pair:
    """Two partners; their first identifiers are their GLNs, unless a `connection` (a dict) names them."""
    buyer = OrganisationFactory(name="Brenta Impianti", gln="" if connection else buyer_ids[0], **fields)
    seller = OrganisationFactory(name="Aurora Pumps", gln="" if connection else seller_ids[0])
    PartnershipFactory(vendor=seller, partner=buyer)
    account, key = erp_of(buyer, *capabilities)
    found = Pair(buyer, seller, account, key)
    if connection is not None:
        found.connection = connect(buyer, seller, buyer_ids, seller_ids, **connection)
    return found


def connect(buyer, seller, buyer_ids=(BUYER_GLN,), seller_ids=(SELLER_GLN,), **fields) -> Connection:
    """A live connection of the buyer with the seller."""
    return Connection.objects.create(
        organisation=buyer,
        counterpart=seller,
        own_id=buyer_ids[0],
        own_codes=list(buyer_ids[1:]),
        their_id=seller_ids[0],
        their_codes=list(seller_ids[1:]),
        **{"mode": Connection.Mode.LIVE, **fields},
    )


def erp_of(organisation, *capabilities: str) -> tuple[ServiceAccount, str]:
    """A service account and its key."""
    role = RoleFactory(organisation=organisation, capabilities=list(capabilities))
    account = ServiceAccount.objects.create(organisation=organisation, name=f"ERP {role.pk}", role=role)
    key = f"flr_traffic{account.pk}"
    ServiceKey.objects.create(
        account=account,
        prefix=key[:10],
        key_sha256=hashlib.sha256(key.encode()).hexdigest(),
        expires_at=now() + timedelta(days=30),
    )
    return account, key


def orders_message(
    reference="1", number="PO-1", quantity="4", price="120.50", buyer=BUYER_GLN, seller=SELLER_GLN
) -> str:
    """One ORDERS D.96A message with two lines."""
    segments = [
        f"UNH+{reference}+ORDERS:D:96A:UN'",
        f"BGM+220+{number}+9'",
        "DTM+137:20261114:102'",
        f"NAD+BY+{buyer}::9'",
        f"NAD+SU+{seller}::9'",
        "CUX+2:EUR:9'",
        "LIN+1++8012345000012:EN'",
        "PIA+1+AP-100:SA'",
        "IMD+F++:::Booster pump'",
        f"QTY+21:{quantity}:PCE'",
        "PRI+AAA:120.50'",
        "LIN+2'",
        "PIA+5+AP-200:SA'",
        "QTY+21:10:PCE'",
        "PRI+AAA:8.125'",
        "UNS+S'",
        "CNT+2:2'",
    ]
    return "".join([*segments, f"UNT+{len(segments) + 1}+{reference}'"])


def edifact(
    *messages: str, control="4711", sender=BUYER_GLN, receiver=SELLER_GLN, test=False, count: int | None = None
) -> str:
    """An interchange around messages (one plain order unless given)."""
    messages = messages or (orders_message(),)
    flag = "++++++1" if test else ""
    head = f"UNB+UNOC:3+{sender}:14+{receiver}:14+261114:0912+{control}{flag}'"
    return f"{head}{''.join(messages)}UNZ+{len(messages) if count is None else count}+{control}'"


def x12(number="PO-2", control="000000905", sender=BUYER_GLN, receiver=SELLER_GLN, usage="P", count=9) -> str:
    """An 850 of 004010 with two lines."""
    body = [
        f"BEG*00*SA*{number}**20261114",
        "CUR*BY*EUR",
        f"N1*BY*Brenta Impianti*UL*{sender}",
        f"N1*SU*Aurora Pumps*UL*{receiver}",
        "PO1*1*4*EA*120.5**VP*AP-100",
        "PO1*2*10*EA*8.125**VP*AP-200",
        "CTT*2",
    ]
    blank, moment = " " * 10, "261114*0912"
    head = f"ISA*00*{blank}*00*{blank}*ZZ*{sender:<15}*ZZ*{receiver:<15}*{moment}*U*00401*{control}*0*{usage}*:~"
    inner = "".join(f"{segment}~" for segment in body)
    return (
        f"{head}GS*PO*{sender}*{receiver}*20261114*0912*905*X*004010~ST*850*0001~{inner}"
        f"SE*{count}*0001~GE*1*905~IEA*1*{control}~"
    )


def ubl(number="PO-3", buyer=BUYER_GLN, seller=SELLER_GLN, quantity="4") -> str:
    """A UBL 2.1 Order with two lines."""

    def party(role: str, gln: str, name: str) -> str:
        return (
            f'<cac:{role}><cac:Party><cbc:EndpointID schemeID="0088">{gln}</cbc:EndpointID>'
            f"<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>"
            f"<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity>"
            f"</cac:Party></cac:{role}>"
        )

    def line(position: int, amount: str, price: str, sku: str) -> str:
        return (
            f'<cac:OrderLine><cac:LineItem><cbc:ID>{position}</cbc:ID><cbc:Quantity unitCode="C62">{amount}'
            f'</cbc:Quantity><cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>'
            f"<cac:Item><cbc:Name>Pump</cbc:Name><cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID>"
            "</cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>"
        )

    names = (
        'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" '
        'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Order {names}><cbc:ID>{number}</cbc:ID>'
        "<cbc:IssueDate>2026-11-14</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"{party('BuyerCustomerParty', buyer, 'Brenta Impianti')}{party('SellerSupplierParty', seller, 'Aurora Pumps')}"
        f"{line(1, quantity, '120.50', 'AP-100')}{line(2, '10', '8.125', 'AP-200')}</Order>"
    )


def shown(response) -> set[str]:
    """The names of the rows of a list, as the reader sees them."""
    return set(html.fromstring(response.content).xpath("//tr[@data-row]/td[@class='first']/a/text()"))
