"""What a partner may see of a lead: a little before it accepts, what it needs to sell afterwards. Two whitelists."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from leads import keys
from leads.models import Lead

HIDDEN = "…"
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+/?\S*", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[\s./()-]*\d){6,}")


@dataclass(frozen=True, slots=True)
class Teaser:
    """A lead before it is accepted, and after it is gone: what is needed, by whom in size and region only."""

    need: str
    product_line: str
    size: str
    country: str
    region: str


@dataclass(frozen=True, slots=True)
class Details:
    """A lead as the partner that holds it sees it. No score, no rule, no other partner."""

    company: str
    contact: str
    email: str
    phone: str
    website: str
    country: str
    region: str
    city: str
    need: str
    message: str
    product_line: str
    size: str
    value: Decimal | None
    currency: str
    consent_at: datetime | None
    consent_text: str


def teaser_of(lead: Lead) -> Teaser:
    """The lead without anything that names its company."""
    return Teaser(
        need=_without_names(lead, lead.need),
        product_line=_without_names(lead, lead.product_line),
        size=lead.size,
        country=lead.country,
        region=_without_names(lead, lead.region),
    )


def details_of(lead: Lead) -> Details:
    """The lead in full, for the partner that holds it. The caller has read it through `visible_to`."""
    return Details(**{name: getattr(lead, name) for name in Details.__slots__})


def _without_names(lead: Lead, text: str) -> str:
    """The text as it was written, less addresses, telephone numbers and the names of company and contact."""
    text = _NUMBER.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text))
    words = {*lead.company.split(), *lead.contact.split()}
    _email, domain, name = keys.keys_of(lead.company, lead.email, lead.website)
    words |= {*name.split(), domain.partition(".")[0]}
    for word in sorted((word.strip(".,;&") for word in words), key=len, reverse=True):
        if len(word) > 2:
            text = re.sub(rf"\b{re.escape(word)}\b", HIDDEN, text, flags=re.IGNORECASE)
    return text
