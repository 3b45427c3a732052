"""NAD, CTA, COM, FII: the parties of a message, how to reach them and where to pay them."""

from edi.mapping import codes
from edi.mapping.edifact.party_draft import PartyDraft
from edi.mapping.edifact.reader import Reader
from edi.mapping.texts import join_fragments
from edi.syntax.segments import Segment
from orders.documents import Scheme

# Which element of NAD says what (UNTDID D.96A, NAD: C082, C080, C059, 3164, 3229, 3251, 3207).
_PLAIN = (("city", 6), ("region", 7), ("postcode", 8), ("country", 9))
_TAX_NUMBERS = frozenset({"VA", "AHP", "FC"})  # 1153: VAT, tax registration, fiscal number


def nad(reader: Reader, segment: Segment) -> bool:
    """Name and address. Of several parties for one field the preferred role counts; parties of lines are kept as
    they are."""
    reader.open("NAD")
    field, rank = reader.profile.roles.get(segment.get(1), ("", 0))
    if not field or reader.line is not None:
        return False
    held = reader.parties.get(field)
    if held is not None:
        if held[0] <= rank:
            return False
        reader.head.keep("NAD", held[1].source)
        reader.head.origin = [o for o in reader.head.origin if o.field.partition(".")[0] != field]
    party = reader.party = _party(reader, field, segment)
    reader.parties[field] = (rank, party)
    return True


def _party(reader: Reader, field: str, segment: Segment) -> PartyDraft:
    party, mark = PartyDraft(field, segment.text), reader.head.mark
    agency = segment.get(2, 3)
    party.identify(segment.get(2, 1), codes.SCHEME_OF_AGENCY.get(agency, Scheme.OTHER), agency)
    mark(field, segment, 2, 1)
    party.name = join_fragments(segment.components(4)[:5])
    if party.name:
        mark(f"{field}.name", segment, 4)
    else:  # C058, name and address in free form
        party.name = join_fragments(segment.components(3)[:5])
    party.street = ", ".join(filter(None, segment.components(5)[:4]))
    if party.street:
        mark(f"{field}.street", segment, 5)
    for name, element in _PLAIN:
        value = segment.get(element)
        if value:
            setattr(party, name, value.upper() if name == "country" else value)
            mark(f"{field}.{name}", segment, element)
    return party


def party_reference(reader: Reader, party: PartyDraft, segment: Segment) -> bool:
    """RFF of a party: its tax number is one of its identifiers, other references are kept."""
    qualifier = segment.get(1, 1)
    if qualifier not in _TAX_NUMBERS:
        return False
    party.identify(segment.get(1, 2), Scheme.VAT, qualifier)
    reader.head.mark(f"{party.role}.identifiers", segment, 1, 2)
    return True


def cta(reader: Reader, segment: Segment) -> bool:
    """Contact: department or employee (C056)."""
    party = reader.party
    name = segment.get(2, 2) or segment.get(2, 1)
    if not name:
        return True
    if party is None or party.contact:
        return False
    party.contact = name
    reader.head.mark(f"{party.role}.contact", segment, 2, 2)
    return True


def com(reader: Reader, segment: Segment) -> bool:
    """Telephone (TE) and e-mail (EM); the first of each counts, other channels are kept."""
    party, taken = reader.party, True
    if party is None:
        return False
    for element in range(1, len(segment.elements)):
        channel = {"TE": "phone", "EM": "email"}.get(segment.get(element, 2), "")
        if channel and not getattr(party, channel):
            setattr(party, channel, segment.get(element, 1))
            reader.head.mark(f"{party.role}.{channel}", segment, element, 1)
        else:
            taken = False
    return taken


def fii(reader: Reader, segment: Segment) -> bool:
    """Account to pay to (C078 3194)."""
    account = segment.get(2, 1)
    if not account or reader.line is not None:
        return False
    reader.head.add("accounts", account)
    reader.head.mark("accounts", segment, 2, 1)
    return segment.get(2, 2) == "" and not segment.get(3, 1)
