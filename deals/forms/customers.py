"""The form of an end customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals import identity
from deals.forms.pieces import CountryField, add_particulars, check_particulars, checked_vat
from deals.particulars import PARTICULARS


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_particulars(self)

    def clean_domain(self) -> str:
        """Addresses become the bare domain."""
        return identity.domain_of(self.cleaned_data["domain"])

    def more(self) -> list[forms.BoundField]:
        """What the page unfolds."""
        return [self[name] for name in PARTICULARS]

    def main(self) -> list[forms.BoundField]:
        """What the page shows at once."""
        return [bound for bound in self if bound.name not in PARTICULARS]

    def clean(self) -> dict[str, Any]:
        """Numbers are checked by their own rules, the VAT number by that of its country."""
        checked_vat(self, "vat", "country")
        check_particulars(self, self.cleaned_data.get("country") or "IT")
        return self.cleaned_data
