"""Steps and assets as their owner writes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.steps import FIELDS
from campaigns.models import Asset, Campaign, Participant, Step
from core.forms import offer
from deals.forms.pieces import DayField
from partners.actors import Actor


class StepForm(forms.Form):
    """One thing on the calendar."""

    title = forms.CharField(label=_("What is done"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Step.Kind.choices, initial=Step.Kind.TASK)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until"), required=False)
    responsible: Any = forms.ModelChoiceField(
        label=_("Who does it"), queryset=None, required=False, empty_label=_("everybody")
    )
    asset: Any = forms.ModelChoiceField(
        label=_("With which asset"), queryset=None, required=False, empty_label=_("none")
    )
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, campaign: Campaign, step: Step | None = None, **kwargs: Any) -> None:
        if step is not None:
            kwargs["initial"] = {name: getattr(step, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        seats = Participant.objects.visible_to(actor).filter(campaign=campaign, state__in=Participant.SEATED)
        offer(self, "responsible", seats.select_related("organisation").order_by("pk"))
        offer(self, "asset", campaign.assets.all())


class AssetForm(forms.Form):
    """A letter, a flyer or the landing page."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Asset.Kind.choices, widget=forms.RadioSelect, initial="letter")
    title = forms.CharField(
        label=_("Title"), max_length=150, help_text=_("The subject of an e-mail, else the heading.")
    )
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16}))

    def __init__(self, *args: Any, asset: Asset | None = None, **kwargs: Any) -> None:
        if asset is not None:
            kwargs["initial"] = {"title": asset.title, "body": asset.body}
        super().__init__(*args, **kwargs)
        if asset is not None:
            del self.fields["kind"]
