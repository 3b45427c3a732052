"""Fields that several forms share."""

from decimal import Decimal
from typing import Any

from django import forms

from core.forms import AT_LEAST, AT_MOST

DAY_FORMAT = "%Y-%m-%d"


def day_field(**options: Any) -> forms.DateField:
    """A date, picked with the browser's own calendar."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format=DAY_FORMAT),
        required=False,
        **options,
    )


def number_field(**options: Any) -> forms.DecimalField:
    """A decimal as the reader writes it, typed in a text box with the digits' keyboard."""
    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control num", "size": 9}
    )
    plain_words = {"min_value": AT_LEAST, "max_value": AT_MOST}
    return forms.DecimalField(widget=widget, localize=True, max_digits=15, error_messages=plain_words, **options)


def plain(number: Decimal | None) -> Decimal | None:
    """Without trailing zeros and never in scientific notation."""
    return None if number is None else Decimal(format(number.normalize(), "f"))
