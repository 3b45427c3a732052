"""How many codes are made at once."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodesForm(forms.Form):
    """So many codes for one order each."""

    count = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=5000,
        initial=100,
        help_text=_("Each is for one order, and is there again when that order is rejected or cancelled."),
    )
