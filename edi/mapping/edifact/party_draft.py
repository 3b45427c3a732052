"""A party while segments still add to it."""

from dataclasses import dataclass, field

from orders.documents import Identifier, PartyDocument, Scheme


@dataclass(slots=True)
class PartyDraft:
    """NAD and what follows it. `role` is its field in the document, `source` the text of its NAD."""

    role: str
    source: str = ""
    identifiers: list[Identifier] = field(default_factory=list)
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""

    def identify(self, value: str, scheme: Scheme, raw_scheme: str) -> None:
        """Add an identifier once."""
        identifier = Identifier(value, scheme, raw_scheme)
        if value and identifier not in self.identifiers:
            self.identifiers.append(identifier)

    def freeze(self) -> PartyDocument:
        """The party as a document."""
        return PartyDocument(
            identifiers=tuple(self.identifiers),
            name=self.name,
            street=self.street,
            city=self.city,
            postcode=self.postcode,
            country=self.country,
            contact=self.contact,
            email=self.email,
            phone=self.phone,
            region=self.region,
        )
