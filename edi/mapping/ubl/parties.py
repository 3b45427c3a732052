"""Parties of UBL: identifiers, address, contact (cac:Party, cac:Address, cac:Contact)."""

from typing import Any

from edi.mapping.codes import VAT_ICD
from edi.mapping.model import PartyRef
from edi.mapping.ubl.notation import cac, cbc, text, text_of, within
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import UPPER
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Joined, Leaf, ReadOnly, Shape, Within
from orders.documents import Identifier, PartyDocument, Scheme

_OF_CODE = {
    "0088": Scheme.GLN,
    "GLN": Scheme.GLN,
    "0060": Scheme.DUNS,
    "DUNS": Scheme.DUNS,
    "91": Scheme.SELLER,
    "92": Scheme.BUYER,
}
_CODE = {Scheme.GLN: "0088", Scheme.DUNS: "0060", Scheme.SELLER: "91", Scheme.BUYER: "92"}


def scheme_of(raw_scheme: str) -> Scheme:
    """Our scheme for an ISO 6523 ICD or Peppol EAS code; 91 and 92 are those of UN/EDIFACT 3055."""
    found = _OF_CODE.get(raw_scheme)
    if found is not None:
        return found
    return Scheme.VAT if raw_scheme in VAT_ICD or raw_scheme.endswith(":VAT") else Scheme.OTHER


def scheme_id(ref: PartyRef) -> str:
    """The ISO 6523 code of an address of an envelope, empty when it has none."""
    if len(ref.qualifier) == 4 and ref.qualifier.isdigit():
        return ref.qualifier
    return "0088" if ref.qualifier == "14" else "0060" if ref.qualifier in ("1", "01") else ""


def _written_scheme(identifier: Identifier, *, peppol: bool) -> str:
    raw = identifier.raw_scheme
    if len(raw) == 4 and raw.isdigit():
        return raw
    found = _CODE.get(identifier.scheme, raw)
    return found if not peppol or len(found) == 4 else ""


def _is_tax_number(identifier: Identifier) -> bool:
    """Whether it is written as PartyTaxScheme/CompanyID: a VAT number without a code of its own."""
    return identifier.scheme is Scheme.VAT and identifier.raw_scheme not in VAT_ICD


def identify(draft: XmlDraft, node: Element, at: str, identifier: Identifier) -> None:
    """Add an identifier once."""
    if identifier.value and identifier not in draft.values.get("identifiers", ()):
        draft.add("identifiers", identifier, identifier.value, node, at)


def _read_id(draft: XmlDraft, node: Element, at: str) -> None:
    raw_scheme = node.get("schemeID", "")
    identify(draft, node, at, Identifier((node.text or "").strip(), scheme_of(raw_scheme), raw_scheme))


class Id(Entry):
    """A value with schemeID that identifies the party; read wherever it stands, written by `Identifications`."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        _read_id(draft, node, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        return


class Identifications(Within):
    """cac:PartyIdentification, one for each identifier that is no VAT number; `Out.endpoint` stands elsewhere."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("PartyIdentification"), Id(cbc("ID"), "identifiers"), repeats=True)
        self.fields = frozenset({"identifiers"})

    def write(self, out: Out, parent: Element, record: Any) -> None:
        written = parent.findtext(cbc("EndpointID"))
        for identifier in record.identifiers:
            if _is_tax_number(identifier) or identifier.value == written:
                continue
            scheme = _written_scheme(identifier, peppol=out.claims_peppol)
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("ID"), identifier.value, {"schemeID": scheme} if scheme else None)


class TaxNumbers(Entry):
    """cac:PartyTaxScheme: VAT numbers; numbers of other tax schemes keep the name of theirs."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        number = text_of(node, "cbc:CompanyID")
        kind = text_of(node, "cac:TaxScheme/cbc:ID")
        scheme = Scheme.VAT if kind in ("VAT", "") else Scheme.OTHER
        identify(draft, node, f"{at}{self.step}/cbc:CompanyID", Identifier(number, scheme, kind or "VAT"))
        for child in node:
            if child.tag not in (cbc("CompanyID"), cac("TaxScheme")):
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for identifier in filter(_is_tax_number, record.identifiers):
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("CompanyID"), identifier.value)
                with out.element(child, cac("TaxScheme")) as tax:
                    out.leaf(tax, cbc("ID"), "VAT")


class Street(Joined):
    """cbc:StreetName and what follows it, as one text."""

    __slots__ = ()

    def __init__(self, name: str, mark: str = ", ") -> None:
        super().__init__(cbc(name), "street", mark)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        """A number that the street names already says nothing new."""
        if self.mark != " " or (node.text or "").strip() not in draft.values.get("street", "").split():
            super().read(work, node, draft, at)


ADDRESS: tuple[Entry, ...] = (
    Street("StreetName"),
    ReadOnly(Street("AdditionalStreetName")),
    ReadOnly(Street("BuildingNumber", " ")),
    text("CityName", "city"),
    text("PostalZone", "postcode"),
    text("CountrySubentity", "region"),
    ReadOnly(text("CountrySubentityCode", "region")),
    ReadOnly(within("AddressLine", Street("Line"), repeats=True)),
    within("Country", Leaf(cbc("IdentificationCode"), "country", UPPER)),
)
_CONTACT = within("Contact", text("Name", "contact"), text("Telephone", "phone"), text("ElectronicMail", "email"))
_NAME = within("PartyName", text("Name", "name"))
_LEGAL = within("PartyLegalEntity", text("RegistrationName", "name"), Id(cbc("CompanyID"), "identifiers"))
# A party without address, for those that stand beside their location.
_IDS: tuple[Entry, ...] = (Id(cbc("EndpointID"), "identifiers"), Identifications(), _NAME)
_TAIL: tuple[Entry, ...] = (TaxNumbers(cac("PartyTaxScheme"), "identifiers"), _LEGAL, _CONTACT)
PARTY = (*_IDS, within("PostalAddress", *ADDRESS), *_TAIL)
PARTY_ELSEWHERE = (
    *_IDS,
    ReadOnly(within("PostalAddress", *ADDRESS)),
    TaxNumbers(cac("PartyTaxScheme"), "identifiers"),
    ReadOnly(_LEGAL),
    _CONTACT,
)
LOCATION = (Id(cbc("ID"), "identifiers"), ReadOnly(text("Name", "name")), within("Address", *ADDRESS))

_PARTY_SHAPE = Shape(*PARTY)


class Party(Entry):
    """cac:Party into a field. As sender or receiver of the envelope it is written with that address as EndpointID."""

    __slots__ = ("field", "ref")

    def __init__(self, name: str, field: str, ref: str = "") -> None:
        super().__init__(cac(name), field)
        self.field = field
        self.ref = ref

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        if self.field in draft.values:
            draft.keep(node)
            return
        child = XmlDraft(node, at, draft, f"{draft.prefix}{self.field}.")
        _PARTY_SHAPE.fill(work, node, child, at + self.step)
        draft.values[self.field] = child.make(PartyDocument)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        party = getattr(record, self.field, None)
        if party is None:
            return
        with out.element(parent, self.tag) as child:
            if self.ref:
                endpoint(out, child, getattr(out.envelope, self.ref), party.identifiers)
            _PARTY_SHAPE.write(out, child, party)


def endpoint(out: Out, parent: Element, ref: PartyRef, known: tuple[Identifier, ...] = ()) -> None:
    """cbc:EndpointID; an EDIFACT qualifier 14 is a GLN, others have the scheme of the same number among `known`."""
    scheme = scheme_id(ref)
    if not scheme:
        same = (identifier for identifier in known if identifier.value == ref.id and not _is_tax_number(identifier))
        scheme = next((_written_scheme(identifier, peppol=False) for identifier in same), "")
    out.leaf(parent, cbc("EndpointID"), ref.id, {"schemeID": scheme} if scheme else None)


def parties(*roles: tuple[str, str, str]) -> tuple[Within, ...]:
    """Entries of header parties: (element, field, "sender", "receiver" or "")."""
    return tuple(within(name, Party("Party", field, ref)) for name, field, ref in roles)
