"""Fields that several forms share."""

from decimal import Decimal
from typing import Any

from babel import Locale
from babel import numbers as babel_numbers
from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import AT_LEAST, AT_MOST
from core.numbers import format_number, locale
from deals import identity
from deals.particulars import PARTICULARS, tidied

CURRENCIES = ("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "PLN", "CZK", "JPY")


def countries() -> list[tuple[str, str]]:
    """Every country of ISO 3166-1 in the reader's language, by name."""
    names = Locale.parse(str(locale())).territories
    real = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NOT_ISO]
    return sorted(real, key=lambda pair: pair[1])


NOT_ISO = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"})


class NumberField(forms.DecimalField):
    """A decimal as people write it: with the separators of their language, or plainly."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"min_value": AT_LEAST, "max_value": AT_MOST}

    def prepare_value(self, value: Any) -> Any:
        """Shown in the reader's own way, so that it reads back as the same number."""
        return format_number(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """Read strictly in the reader's way; what is not written so is read plainly (12.5, or 12,5)."""
        text = str(value).strip().replace("\u00a0", "").replace("\u202f", "") if value is not None else ""
        if text and not text.isascii():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if text:
            try:
                text = str(babel_numbers.parse_decimal(text, locale=locale(), strict=True))
            except babel_numbers.NumberFormatError:
                text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        return super().to_python(text)


class CountryField(forms.ChoiceField):
    """A country by its two letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=countries, **kwargs)


class DayField(forms.DateField):
    """A date, chosen with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)
        self.input_formats = ["%Y-%m-%d"]


def checked_vat(form: forms.Form, field: str, country_field: str) -> None:
    """Bring the VAT number into its compact form, or put an error at the field."""
    values = form.cleaned_data
    if not values.get(field):
        return
    try:
        values[field] = identity.vat_number(values.get(country_field) or "IT", values[field])
    except ValueError:
        form.add_error(field, _("That is no VAT number of this country. Check the digits, or leave it empty."))


def add_particulars(form: forms.Form, prefix: str = "") -> None:
    """Give a form the numbers and addresses by which a customer may be known, all optional."""
    for name, part in PARTICULARS.items():
        form.fields[f"{prefix}{name}"] = forms.CharField(
            label=part.label, max_length=part.length, required=False, help_text=part.help
        )


def check_particulars(form: forms.Form, country: str, prefix: str = "") -> None:
    """Bring them (and a project's number) into their compact form, or put errors at the fields."""
    for name in (*(f"{prefix}{name}" for name in PARTICULARS), "project_number"):
        if form.cleaned_data.get(name):
            try:
                plain = name.removeprefix(prefix) if name != "project_number" else name
                form.cleaned_data[name] = tidied(plain, country, form.cleaned_data[name])
            except DomainError as error:
                form.add_error(name, error.message)
