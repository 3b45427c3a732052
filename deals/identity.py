"""By what a company is recognised: VAT number, web domain, normalised name. The doors' way into deals.matching."""

from typing import NamedTuple

from deals.matching import Company, name_key
from deals.matching.identifiers import (
    domain_of,
    duns_number,
    email_of,
    gln_number,
    lei_number,
    phone_number,
    project_number,
    vat_number,
)
from deals.matching.words import STOP_WORDS

__all__ = [
    "Company",
    "Key",
    "domain_of",
    "duns_number",
    "email_of",
    "gln_number",
    "keys_of",
    "lei_number",
    "name_key",
    "phone_number",
    "project_number",
    "vat_number",
]

STRONGEST = ("vat", "lei", "duns", "gln", "domain", "email")


class Key(NamedTuple):
    """One way to recognise a company; kinds in the order of their strength are STRONGEST, then name."""

    kind: str
    value: str


def keys_of(company: Company) -> list[Key]:
    """Every key by which a company is the same beyond doubt, the strongest first: what an approval teaches.

    A name counts together with its place: "adige|IT|37100", in which the order of its words says nothing.
    """
    keys = [Key(kind, value) for kind in STRONGEST if (value := getattr(company, kind))]
    words = [word for word in company.key.split() if word not in STOP_WORDS] or company.key.split()
    if words:
        place = company.postcode or company.city.replace("|", " ")
        keys.append(Key("name", f"{' '.join(sorted(words))[:150]}|{company.country}|{place[:60]}"))
    return keys
