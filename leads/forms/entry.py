"""A lead as somebody types it."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from deals.forms.pieces import CURRENCIES, CountryField, NumberField
from deals.models.stages import MAX_AMOUNT
from leads.actions import FIELDS
from leads.models import Lead, Size


class EntryForm(forms.Form):
    """One lead. Three fields are mandatory: the company, how to reach it, and the need."""

    company = forms.CharField(label=_("Company"), max_length=200)
    contact = forms.CharField(label=_("Contact"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    website = forms.CharField(label=_("Web site"), max_length=200, required=False)
    country = CountryField(label=_("Country"))
    region = forms.CharField(label=_("Region"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    need = forms.CharField(
        label=_("Need"),
        max_length=200,
        help_text=_("In one line. Partners read it before they accept; names and numbers are blotted out."),
    )
    message = forms.CharField(
        label=_("More"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the partner that accepts."),
    )
    product_line = forms.CharField(label=_("Product line"), max_length=80, required=False)
    size = forms.ChoiceField(label=_("Size of the company"), choices=Size.choices, required=False)
    value = NumberField(
        label=_("Value"), max_digits=14, decimal_places=2, max_value=MAX_AMOUNT, min_value=0, required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)
    score = forms.IntegerField(
        label=_("Score"),
        min_value=0,
        required=False,
        validators=[MaxValueValidator(100)],
        help_text=_("0 to 100; yours alone."),
    )
    consent_source = forms.CharField(
        label=_("Consent"),
        max_length=120,
        required=False,
        help_text=_("Where the person agreed to be contacted, such as a stand at a fair."),
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(lead, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.lead = lead

    def values(self) -> dict[str, Any]:
        """By column of the lead. What was left out is as it was."""
        values = {name: value for name, value in self.cleaned_data.items() if name in FIELDS}
        values["currency"] = values["currency"] or self.lead.currency
        values["score"] = values["score"] or 0
        return values
