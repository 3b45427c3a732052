"""The form with which a vendor makes a form, and the public one that comes of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.forms.pieces import CountryField
from leads.forms.rules import NamesField
from leads.models import LeadForm, Size

LABELS: dict[str, Any] = {
    "contact": _("Your name"),
    "phone": _("Telephone"),
    "website": _("Web site"),
    "country": _("Country"),
    "region": _("Region"),
    "city": _("City"),
    "product_line": _("What it is about"),
    "size": _("People in your company"),
    "message": _("Anything else we should know"),
}
MOST_LINKS = 3


class PublishForm(forms.Form):
    """What a public form asks, and how it speaks."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For you alone."))
    title = forms.CharField(label=_("Heading"), max_length=120)
    intro = forms.CharField(
        label=_("Introduction"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    asked = forms.MultipleChoiceField(
        label=_("What is asked"),
        choices=[(name, LABELS[name]) for name in LeadForm.OPTIONAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Beside the company, an e-mail address and the need."),
    )
    product_lines = NamesField(
        label=_("Product lines to choose from"), help_text=_("Several with commas. None: free text.")
    )
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)
    consent_text = forms.CharField(
        label=_("Consent"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people agree to. It is kept with each lead, with the time and its version."),
    )
    thanks = forms.CharField(label=_("Thanks"), max_length=300, required=False)

    def __init__(self, *args: Any, form: LeadForm, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(form, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class PublicForm(forms.Form):
    """What somebody without an account fills in. Three fields and the consent are mandatory; `fax` is a trap."""

    company = forms.CharField(
        label=_("Company"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    need = forms.CharField(label=_("What do you need?"), max_length=200)
    contact = forms.CharField(max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"}))
    website = forms.CharField(max_length=200, required=False)
    country = CountryField(required=False)
    region = forms.CharField(max_length=100, required=False)
    city = forms.CharField(max_length=100, required=False)
    product_line = forms.CharField(max_length=80, required=False)
    size = forms.ChoiceField(choices=Size.choices, required=False)
    message = forms.CharField(max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    fax = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    consent = forms.BooleanField(error_messages={"required": _("We may only answer you if you agree.")})

    def __init__(self, *args: Any, form: LeadForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LeadForm.OPTIONAL:
            if name in form.asked:
                self.fields[name].label = LABELS[name]
            else:
                del self.fields[name]
        if "product_line" in self.fields and form.product_lines:
            choices = [("", "–"), *((name, name) for name in form.product_lines)]
            self.fields["product_line"] = forms.ChoiceField(
                label=LABELS["product_line"], choices=choices, required=False
            )
        if "country" in self.fields:
            self.fields["country"].initial = form.vendor.country
        self.fields["consent"].label = form.consent_text

    def values(self) -> dict[str, Any]:
        """By column of the lead."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"fax", "consent"} and value}

    def shown(self) -> list[forms.BoundField]:
        """The fields that people see, in their order."""
        return [bound for bound in self if bound.name not in {"fax", "consent"}]

    @property
    def is_spam(self) -> bool:
        """Whether a machine filled it in: it fell into the trap, or left more links than people do."""
        text = f"{self.cleaned_data.get('need', '')} {self.cleaned_data.get('message', '')}".lower()
        return bool(self.cleaned_data.get("fax")) or text.count("http") > MOST_LINKS
