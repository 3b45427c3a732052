"""A fund as its vendor sets it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals.forms.pieces import CURRENCIES, DayField, NumberField, countries
from funds.actions.funds import FIELDS, MOST, SET_ONCE
from funds.forms.dialogs import DialogForm
from funds.models import Fund
from partners.actors import Actor
from partners.models import Partnership, Tier


class PartnerChoice(forms.ModelChoiceField):
    """Partnerships, shown as the partner."""

    def label_from_instance(self, obj: Partnership) -> str:
        """The partner's name."""
        return str(obj.partner)


class FundForm(forms.Form):
    """A fund. For whom it is and its currency are said once."""

    name = forms.CharField(label=_("Name"), max_length=120)
    terms = forms.CharField(
        label=_("What it is for"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reach = forms.ChoiceField(label=_("For"), choices=Fund.Reach.choices, widget=forms.RadioSelect, initial="partner")
    partnership: Any = PartnerChoice(label=_("Partner"), queryset=None, required=False)
    tier: Any = forms.ModelChoiceField(label=_("Tier"), queryset=None, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=lambda: [("", ""), *countries()], required=False)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until"))
    claim_days = forms.IntegerField(
        label=_("Days to claim"),
        min_value=0,
        max_value=365,
        initial=45,
        help_text=_("After the last day of the activities. What is not claimed by then is available again."),
    )
    amount = NumberField(
        label=_("Amount"), max_digits=14, decimal_places=2, min_value=0, max_value=MOST, required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    def __init__(self, *args: Any, actor: Actor, fund: Fund | None = None, **kwargs: Any) -> None:
        if fund is not None:
            kwargs["initial"] = {name: getattr(fund, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.visible_to(actor).active().filter(vendor=actor.organisation)
        offer(self, "partnership", mine.select_related("partner").order_by("partner__name", "pk"))
        offer(self, "tier", Tier.objects.visible_to(actor).order_by("rank"))
        if fund is not None:
            for name in (*SET_ONCE, "amount"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """What was chosen for another reach does not count."""
        said = super().clean() or {}
        chosen = {"partner": "partnership", "tier": "tier", "country": "country"}
        for reach, name in chosen.items():
            if name in self.fields and said.get("reach") != reach:
                said[name] = "" if name == "country" else None
        return said


class AllocateForm(DialogForm):
    """Money that is put into a fund."""

    amount = NumberField(label=_("Amount"), max_digits=14, decimal_places=2, min_value=0, max_value=MOST)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
