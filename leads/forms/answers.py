"""What the dialogs on a lead and on an offer ask for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from leads.models import Lead, LeadOffer
from partners.actors import Actor
from partners.models import Partnership


class DeclineForm(forms.Form):
    """Why a partner does not take it."""

    code = forms.ChoiceField(label=_("Why"), choices=LeadOffer.Decline.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the vendor"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class TouchForm(forms.Form):
    """What was agreed with the company."""

    note = forms.CharField(
        label=_("What was agreed"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The vendor reads it."),
    )


class CloseForm(forms.Form):
    """Why nothing will come of it."""

    code = forms.ChoiceField(label=_("Why"), choices=Lead.Closure.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class VendorChoice(forms.ModelChoiceField):
    """Partnerships, shown as the vendor."""

    def label_from_instance(self, obj: Partnership) -> str:
        """The vendor's name."""
        return str(obj.vendor)


class RegisterForm(forms.Form):
    """With which of one's vendors a lead of one's own is registered."""

    partnership: Any = VendorChoice(label=_("With"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "partnership", vendors_of(actor).select_related("vendor").order_by("vendor__name", "pk"))


def vendors_of(actor: Actor) -> QuerySet[Partnership]:
    """The active edges over which the actor's organisation sells for others."""
    return Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation)


class RecallForm(forms.Form):
    """What the partner is told when a lead is taken back."""

    note = forms.CharField(
        label=_("Note to the partner"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PartnerChoices(forms.ModelMultipleChoiceField):
    """Partnerships, shown as the partner and where it works."""

    def label_from_instance(self, obj: Partnership) -> str:
        """The partner's name, tier and territory."""
        return " · ".join(str(part) for part in (obj.partner, obj.tier, obj.territory) if part)


class OfferForm(forms.Form):
    """To whom a lead is offered by hand."""

    partnerships = PartnerChoices(
        label=_("Partners"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of several, the first to accept has it."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.visible_to(actor).active().filter(vendor=actor.organisation)
        field: Any = self.fields["partnerships"]
        field.queryset = mine.select_related("partner", "tier").order_by("partner__name", "pk")
