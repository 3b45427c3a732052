"""One line of a table becomes the fields of a contact. Pure, but for the language of its errors."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.errors import DomainError
from leads.rows import country_of

OWN = "own:"  # before the name of a field of one's own
PLAIN = {"name": 120, "first_name": 60, "phone": 40, "company": 200, "language": 8}
NAMES = {
    "name": "name full-name contact person nome-e-cognome nominativo contatto referente ansprechpartner nom nombre",
    "first_name": "first-name given-name nome vorname prenom",
    "last_name": "last-name surname family-name cognome nachname apellido",
    "email": "email e-mail mail email-address e-mail-address posta-elettronica correo",
    "phone": "phone telephone tel mobile telefono cellulare telefon telephone-number handy",
    "company": "company organisation organization account firm azienda ragione-sociale societa firma unternehmen",
    "country": "country country-code paese nazione land pays pais",
    "language": "language lang lingua sprache langue idioma",
    "tags": "tags tag labels groups categories etichette gruppi schlagworte",
}
FIELDS = tuple(NAMES)
MAX_TAGS, MAX_TAG = 20, 40


def contact_fields(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, Any]:
    """The fields of a contact from one line. Raises DomainError, naming what cannot be read."""
    text = {field: cells[at].strip() if at < len(cells) else "" for field, at in mapping.items()}
    fields: dict[str, Any] = {
        name: " ".join(text[name].split())[:most] for name, most in PLAIN.items() if text.get(name)
    }
    if "name" not in fields:
        parts = [text.get("first_name", ""), text.get("last_name", "")]
        fields["name"] = " ".join(part for part in parts if part)[:120]
    if text.get("email"):
        fields["email"] = address_of(text["email"])
    if text.get("country"):
        fields["country"] = country_of(text["country"])
    if text.get("tags"):
        fields["tags"] = tags_of(text["tags"])
    fields["more"] = {
        name.removeprefix(OWN): value[:500] for name, value in text.items() if name.startswith(OWN) and value
    }
    return fields


def address_of(text: str) -> str:
    """One e-mail address. Raises DomainError for anything else."""
    text = text.strip()
    try:
        validate_email(text)
    except ValidationError as error:
        raise DomainError(_("“%(text)s” is no e-mail address.") % {"text": text[:60]}, field="email") from error
    return text


def tags_of(text: str) -> list[str]:
    """Words with commas or semicolons between them, in small letters, each once; twenty at most."""
    words = (" ".join(word.casefold().split())[:MAX_TAG] for word in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(word for word in words if word))[:MAX_TAGS]
