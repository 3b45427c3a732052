"""Parties of cXML: addresses, contacts, identities of credentials."""

from datetime import date
from typing import Any

from edi.mapping.cxml.notation import ignored, text
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import UPPER, Kind
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Joined, ReadOnly, Record, Shape, Within
from edi.syntax.numbers import parse_iso_date
from orders.documents import Identifier, PartyDocument, Scheme

MOMENT = Kind(parse_iso_date, date.isoformat, "invalid-date", "a date YYYY-MM-DD")
SHIPPING, HANDLING = "SHIPPING", "HANDLING"

_SCHEMES = {"DUNS": Scheme.DUNS, "GLN": Scheme.GLN, "EAN": Scheme.GLN, "VATID": Scheme.VAT, "VAT": Scheme.VAT}
_DOMAINS = {Scheme.DUNS: "DUNS", Scheme.GLN: "GLN", Scheme.VAT: "VATID"}


def identifier_of(value: str, domain: str) -> Identifier:
    """An identity by the domain of its credential."""
    return Identifier(value, _SCHEMES.get(domain.upper(), Scheme.OTHER), domain)


def domain_of(identifier: Identifier) -> str:
    """The domain that an identifier is written with."""
    return _DOMAINS.get(identifier.scheme, identifier.raw_scheme)


class _AddressId(Entry):
    """@addressID with @addressIDDomain: the buyer's own number unless a domain says otherwise."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("@addressID", "identifiers")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        value, domain = node.get("addressID", "").strip(), node.get("addressIDDomain", "")
        if value:
            found = identifier_of(value, domain) if domain else Identifier(value, Scheme.BUYER, "")
            draft.add("identifiers", found, value, node, f"{at}/@addressID")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if not record.identifiers:
            return
        first, *others = record.identifiers
        out.attribute(parent, "addressID", first.value)
        if first.scheme is not Scheme.BUYER:
            out.attribute(parent, "addressIDDomain", domain_of(first))
        if others:
            out.cannot_say("identifiers", tuple(identifier.value for identifier in others))


class _Phone(Entry):
    """<Phone>: country, area and number as one text; written as the number alone."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Phone", "phone")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        parts = [node.findtext(f"TelephoneNumber/{name}") for name in ("CountryCode", "AreaOrCityCode", "Number")]
        country, *others = [(part or "").strip() for part in parts]
        found = " ".join(filter(None, (f"+{country.lstrip('+')}" if country else "", *others)))
        if found:
            draft.take("phone", found, found, node, f"{at}/Phone")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if not record.phone:
            return
        with out.element(parent, "Phone") as phone, out.element(phone, "TelephoneNumber") as node:
            for name in ("CountryCode", "AreaOrCityCode"):
                with out.element(node, name) as child:
                    child.text = " "
            out.leaf(node, "Number", record.phone)


class _Country(Entry):
    """<Country isoCountryCode="IT">Italy</Country>: the code; the name only where there is none."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Country", "country")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        code, name = node.get("isoCountryCode", "").strip().upper(), (node.text or "").strip()
        if code or name:
            draft.take("country", code or name, code or name, node, f"{at}/Country")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        out.leaf(parent, self.tag, record.country, {"isoCountryCode": record.country})


_POSTAL = Within(
    "PostalAddress",
    *ignored("@name"),
    Joined("DeliverTo", "contact", ", "),
    Joined("Street", "street", ", "),
    text("City", "city"),
    text("State", "region"),
    text("PostalCode", "postcode"),
    _Country(),
)
ADDRESS = (
    _AddressId(),
    *ignored("@addressIDDomain"),
    ReadOnly(text("@isoCountryCode", "country", UPPER)),
    text("Name", "name"),
    _POSTAL,
    text("Email", "email"),
    _Phone(),
)
_ADDRESS_SHAPE = Shape(*ADDRESS)


def make_party(work: Work, draft: XmlDraft, node: Element) -> PartyDocument:
    """A party."""
    party: PartyDocument = draft.make(PartyDocument)
    return party


def address(name: str, field: str) -> Within:
    """<ShipTo> or <BillTo> with its Address."""
    return Within(name, Record("Address", field, _ADDRESS_SHAPE, make_party))


class Contacts(Entry):
    """<Contact role="…">: a party into the field of its role; other roles are kept."""

    __slots__ = ("_roles", "_written")

    def __init__(self, tag: str = "Contact", **roles: str) -> None:
        super().__init__(tag, *roles.values())
        self._roles = roles
        self._written = {field: role for role, field in reversed(roles.items())}

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        field = self._roles.get(node.get("role", ""))
        if field is None or field in draft.values:
            draft.keep(node)
            return
        child = XmlDraft(node, at, draft, f"{draft.prefix}{field}.")
        _CONTACT_SHAPE.fill(work, node, child, f"{at}/{self.tag}[@role='{node.get('role')}']")
        draft.values[field] = child.make(PartyDocument)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for field, role in self._written.items():
            party = getattr(record, field, None)
            if party is None or not (party.name or party.street or party.identifiers):
                continue
            with out.element(parent, self.tag) as child:
                child.set("role", role)
                _CONTACT_SHAPE.write(out, child, party)
                if child.find("Name") is None:  # the DTD demands one
                    name = child.makeelement("Name", {})
                    name.text = party.identifiers[0].value if party.identifiers else role
                    child.insert(0, name)


_CONTACT_SHAPE = Shape(*ignored("@role"), *ADDRESS)
