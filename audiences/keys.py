"""By what the same person is recognised, and what remains of an address that must never be written to again."""

import hashlib

from deals import identity
from leads.keys import email_key

__all__ = ["email_key", "name_key", "suppression_key"]


def name_key(name: str, company: str) -> str:
    """A person without an address: the name within the company, in one spelling."""
    person = " ".join(name.casefold().split())
    return f"{person}|{identity.name_key(company)}"[:300]


def suppression_key(organisation_id: int, email: str) -> str:
    """What stays of an address after erasure: SHA-256 over the organisation and the address.

    It depends on no secret, so that changing SECRET_KEY never empties the list. It tells whether a given address is on
    the list and nothing else; who holds the database can still try addresses, so it counts as personal data.
    """
    return hashlib.sha256(f"audiences:{organisation_id}:{email_key(email)}".encode()).hexdigest()
