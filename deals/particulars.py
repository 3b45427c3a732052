"""What else may be known of an end customer: numbers and addresses that tell it from others. The same on every door."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from deals import identity


class Particular(NamedTuple):
    """One of them. `rule(country, text)` gives the compact form, or raises ValueError."""

    label: Any
    rule: Callable[[str, str], str]
    wrong: Any
    length: int
    help: Any = ""


PARTICULARS: dict[str, Particular] = {
    "email": Particular(
        _("Contact’s e-mail"),
        lambda _country, text: identity.email_of(text),
        _("That is no e-mail address."),
        254,
        _("Whom you speak with at the customer."),
    ),
    "phone": Particular(
        _("Telephone"),
        identity.phone_number,
        _("That is no telephone number. Write it with the prefix, such as +39 045 8001234."),
        40,
    ),
    "lei": Particular(
        _("LEI"),
        lambda _country, text: identity.lei_number(text),
        _("That is no LEI: it has 20 signs, and the last two check the others."),
        20,
    ),
    "duns": Particular(
        _("D-U-N-S number"),
        lambda _country, text: identity.duns_number(text),
        _("That is no D-U-N-S number: it has nine digits."),
        13,
    ),
    "gln": Particular(
        _("GLN"),
        lambda _country, text: identity.gln_number(text),
        _("That is no GLN: it has 13 digits, and the last one checks the others."),
        16,
    ),
}
PROJECT = Particular(
    _("Tender or project number"),
    lambda _country, text: identity.project_number(text),
    _("A tender or project number has five letters and digits or more, such as a CIG or CUP."),
    60,
    _("In Italy the CIG or CUP. It tells one project of a customer from another."),
)


def tidied(name: str, country: str, text: str) -> str:
    """The compact form of a particular (or of "project_number"). Raises DomainError for what cannot be right."""
    particular = PROJECT if name == "project_number" else PARTICULARS[name]
    try:
        return particular.rule(country, text)
    except ValueError as error:
        raise DomainError(str(particular.wrong), field=name) from error


def tidy(row: object, given: Mapping[str, object], country: str, prefix: str = "") -> None:
    """Bring the particulars that were given, columns of `row` named with `prefix`, into their compact form.

    Raises DomainError, naming the column.
    """
    columns = {f"{prefix}{name}": name for name in PARTICULARS} | {"project_number": "project_number"}
    for column, name in columns.items():
        if column in given:
            try:
                setattr(row, column, tidied(name, country, str(given[column] or "")))
            except DomainError as error:
                raise DomainError(error.message, field=column) from error
