"""A campaign as its owner plans it: its facts, whom it invites, who pays what."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.planning import FIELDS, MOST
from campaigns.models import Campaign, Participant
from campaigns.page import Page
from core.forms import offer
from deals.forms.pieces import CURRENCIES, DayField, NumberField
from funds.forms.dialogs import DialogForm
from partners.models import Organisation

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "min_value": 0, "max_value": MOST}
MANY = 1_000_000


class CampaignForm(forms.Form):
    """A campaign. Nobody else reads it before the invitations are sent."""

    name = forms.CharField(label=_("Name"), max_length=120)
    goal = forms.CharField(
        label=_("Goal"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you want to reach together. Everybody who is invited reads it."),
    )
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until"))
    budget = NumberField(
        label=_("Budget"), required=False, **MONEY, help_text=_("The whole of it; you share it out afterwards.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    target_leads = forms.IntegerField(label=_("Leads"), min_value=0, max_value=MANY, required=False)
    target_deals = forms.IntegerField(label=_("Deals"), min_value=0, max_value=MANY, required=False)
    target_revenue = NumberField(label=_("Revenue"), required=False, **MONEY)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(campaign, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        if campaign.state != Campaign.State.DRAFT:
            del self.fields["currency"]

    def values(self) -> dict[str, Any]:
        """By column of the campaign."""
        said = dict(self.cleaned_data)
        if not said.get("currency", "-"):
            del said["currency"]
        return {**said, "budget": said["budget"] or Decimal(0)}


class InviteForm(DialogForm):
    """Which company is invited."""

    organisation: Any = forms.ModelChoiceField(label=_("Company"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, about: Page, **kwargs: Any) -> None:
        super().__init__(*args, about=about, **kwargs)
        seated = Participant.objects.visible_to(about.actor).filter(
            campaign=about.campaign, state__in=Participant.SEATED
        )
        known = Organisation.objects.visible_to(about.actor).partners_of(about.actor.organisation)
        offer(self, "organisation", known.exclude(pk__in=seated.values("organisation")).order_by("name", "pk"))


class BudgetForm(forms.Form):
    """An amount for everybody."""

    def __init__(self, *args: Any, seats: list[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            self.fields[f"share-{seat.pk}"] = NumberField(label=str(seat.organisation), initial=seat.share, **MONEY)

    def shares(self) -> dict[int, Decimal]:
        """Id of the participant → amount."""
        return {seat.pk: self.cleaned_data[f"share-{seat.pk}"] for seat in self.seats}

    def rows(self) -> list[tuple[Participant, forms.BoundField]]:
        """Each participant with its field."""
        return [(seat, self[f"share-{seat.pk}"]) for seat in self.seats]
