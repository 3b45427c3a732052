"""How often a partner may try."""

from django import forms

from deals.actions.probing import FIELDS
from deals.models import ProbingLimit


class LimitForm(forms.ModelForm):
    """The vendor's limit."""

    class Meta:
        model = ProbingLimit
        fields = FIELDS
