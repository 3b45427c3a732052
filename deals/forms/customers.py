"""The form of an end customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals import identity
from deals.forms.pieces import CountryField, checked_vat


class CustomerForm(forms.Form):
    """A company to which the organisation sells."""

    name = forms.CharField(label=_("Name"), max_length=200)
    country = CountryField(label=_("Country"), initial="IT")
    vat = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("Finds the company beyond doubt, whatever its name is written like."),
    )
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    domain = forms.CharField(
        label=_("Web domain"), max_length=120, required=False, help_text=_("Such as consorzioadige.example.")
    )

    def clean_domain(self) -> str:
        """Addresses become the bare domain."""
        return identity.domain_of(self.cleaned_data["domain"])

    def clean(self) -> dict[str, Any]:
        """The VAT number is checked by the rule of its country."""
        checked_vat(self, "vat", "country")
        return self.cleaned_data
