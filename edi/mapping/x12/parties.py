"""Parties of a transaction set: the loop N1 (N2, N3, N4, REF, PER), common to all sets."""

from typing import Any

from edi.mapping import codes
from edi.syntax.segments import Segment
from orders.documents import Identifier, Origin, PartyDocument, Scheme

DETAIL = frozenset({"N2", "N3", "N4", "NX2", "PER", "REF", "SI"})
_REACH = {"TE": "phone", "CP": "phone", "EM": "email"}


class PartyDraft:
    """One N1 loop. `texts` are its segments: they go to the extras when the document has no place for the party."""

    __slots__ = ("identifiers", "origin", "role", "texts", "values")

    def __init__(self, role: str) -> None:
        self.role = role
        self.values: dict[str, Any] = {}
        self.identifiers: list[Identifier] = []
        self.origin: list[Origin] = []
        self.texts: list[tuple[str, str]] = []

    def set(self, name: str, segment: Segment, element: int) -> None:
        """Take the element for the field unless it has a value; a further piece of a name or street is added to it."""
        value = segment.whole(element)
        if not value:
            return
        held = self.values.get(name)
        if held is None:
            self.values[name] = value
        elif name in ("name", "street"):
            self.values[name] = f"{held}{' ' if name == 'name' else ', '}{value}"
        else:
            return
        self.origin.append(Origin(name, value, segment.index, segment.tag, element))

    def identify(self, scheme: Scheme, qualifier: str, segment: Segment, element: int) -> bool:
        """Add an identifier once; False when there is none."""
        value = segment.whole(element)
        if not value:
            return False
        identifier = Identifier(value, scheme, qualifier)
        if identifier not in self.identifiers:
            self.identifiers.append(identifier)
            self.origin.append(Origin("identifiers", value, segment.index, segment.tag, element))
        return True

    def reach(self, segment: Segment) -> bool:
        """PER: the name and the pairs of channel (365) and number. Whether all of it found a place."""
        complete = "contact" not in self.values
        self.set("contact", segment, 2)
        for element in range(3, len(segment.elements) - 1, 2):
            field = _REACH.get(segment.whole(element))
            if field and field not in self.values:
                self.set(field, segment, element + 1)
            elif segment.whole(element + 1):
                complete = False
        return complete

    def freeze(self) -> PartyDocument:
        """The party as a document."""
        return PartyDocument(identifiers=tuple(self.identifiers), **self.values)


def open_party(segment: Segment) -> PartyDraft:
    """N1: role (98), name, qualifier (66) and identifier (67)."""
    party = PartyDraft(segment.whole(1))
    party.set("name", segment, 2)
    qualifier = segment.whole(3)
    party.identify(codes.SCHEME_OF_X12.get(qualifier, Scheme.OTHER), qualifier, segment, 4)
    return party


def detail(party: PartyDraft, segment: Segment) -> bool:
    """One segment of the loop; False when (part of) it has no place in a party."""
    tag = segment.tag
    if tag == "N2":
        party.set("name", segment, 1)
        party.set("name", segment, 2)
    elif tag == "N3":
        party.set("street", segment, 1)
        party.set("street", segment, 2)
    elif tag == "N4":
        return _place(party, segment)
    elif tag == "REF" and segment.whole(1) in ("VX", "TX", "TJ"):
        return party.identify(Scheme.VAT, segment.whole(1), segment, 2)
    elif tag == "PER":
        return party.reach(segment)
    else:
        return False
    return True


def _place(party: PartyDraft, segment: Segment) -> bool:
    """N4: city, state or province, postal code, country."""
    for element, field in enumerate(("city", "region", "postcode", "country"), start=1):
        party.set(field, segment, element)
    if "country" in party.values:
        party.values["country"] = party.values["country"].upper()
    return not segment.whole(6)
