"""What audiences keep: contacts and consent, imports, segments, mailings and who got them."""

from audiences.models.contacts import (
    AudienceSettings,
    Consent,
    Contact,
    ContactQuerySet,
    ContactTag,
    Purpose,
    Suppression,
)
from audiences.models.imports import ContactImport, ContactLine
from audiences.models.mailings import Click, Link, Mailing, Recipient
from audiences.models.segments import Segment

__all__ = [
    "AudienceSettings",
    "Click",
    "Consent",
    "Contact",
    "ContactImport",
    "ContactLine",
    "ContactQuerySet",
    "ContactTag",
    "Link",
    "Mailing",
    "Purpose",
    "Recipient",
    "Segment",
    "Suppression",
]
