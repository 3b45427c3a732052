"""Fields that several forms share."""

from decimal import Decimal
from typing import Any, cast

from babel import Locale
from babel import numbers as babel_numbers
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.numbers import format_number, locale
from deals import identity

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


def choose_from(form: forms.Form, name: str, rows: QuerySet) -> None:
    """Offer these rows, and no others, in a field that chooses one."""
    cast("forms.ModelChoiceField", form.fields[name]).queryset = rows
