"""One line of a table becomes the fields of a lead. Pure, but for the language of its errors."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from core.errors import DomainError
from deals.forms.pieces import NOT_ISO
from deals.identity import name_key
from deals.models.stages import MAX_AMOUNT
from leads.models import Size
from leads.places import names_of_country

BANDS = ((9, Size.MICRO), (49, Size.SMALL), (249, Size.MEDIUM))


def lead_fields(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, Any]:
    """The fields of a lead from one line. Raises DomainError, naming what cannot be read."""
    text = {field: cells[at] if at < len(cells) else "" for field, at in mapping.items()}
    fields: dict[str, Any] = {name: value for name, value in text.items() if value}
    if text.get("country"):
        fields["country"] = country_of(text["country"])
    if text.get("value"):
        fields["value"] = amount_of(text["value"])
    if text.get("size"):
        fields["size"] = band_of(text["size"])
    if text.get("score"):
        fields["score"] = _score(text["score"])
    return fields


@cache
def _countries() -> dict[str, str]:
    known = (str(code) for code in Locale("en").territories)
    codes = {code for code in known if len(code) == 2 and code.isalpha()} - NOT_ISO
    return {name_key(name): code for code in sorted(codes) for name in names_of_country(code)}


def country_of(text: str) -> str:
    """Two letters of ISO 3166-1, from them or from a name in one of our languages."""
    found = _countries().get(name_key(text))
    if found is None:
        raise DomainError(_("“%(text)s” is no country.") % {"text": text[:60]}, field="country")
    return found


def amount_of(text: str) -> Decimal:
    """An amount with either mark ("12.500,50", "12,500.50"): one before one or two last digits is the decimal mark."""
    plain = re.sub(r"[^\d.,-]", "", text)
    match = re.fullmatch(r"(-?[\d.,]*?)(?:[.,](\d{1,2}))?", plain)
    whole, cents = match.groups() if match else ("", None)
    try:
        amount = Decimal("no" if not whole else f"{re.sub(r'[.,]', '', whole)}.{cents or '0'}")
    except InvalidOperation as error:
        raise DomainError(_("“%(text)s” is no amount.") % {"text": text[:60]}, field="value") from error
    if not 0 <= amount <= MAX_AMOUNT:
        raise DomainError(_("“%(text)s” is no amount.") % {"text": text[:60]}, field="value")
    return amount


def band_of(text: str) -> str:
    """The band of a number of people, or of a band written like ours; the lower end of "50 - 100" counts."""
    number = re.search(r"\d+", text.replace(".", "").replace(",", ""))
    if number is None:
        return ""
    people = int(number.group()[:9])
    return next((band for most, band in BANDS if people <= most), Size.LARGE)


def _score(text: str) -> int:
    number = re.fullmatch(r"\s*(\d{1,3})(?:[.,]\d+)?\s*", text)
    if number is None or int(number.group(1)) > 100:
        raise DomainError(_("“%(text)s” is no score from 0 to 100.") % {"text": text[:60]}, field="score")
    return int(number.group(1))
