"""A board and who reads it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from forums.models import Board
from partners.actors import Actor
from partners.models import Organisation, Tier


class BoardForm(forms.ModelForm):
    """A board, with the organisations that are invited to it."""

    invited = forms.ModelMultipleChoiceField(
        label=_("Invited organisations"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They read and write here together. Partners of yours with whom you work now."),
    )

    class Meta:
        model = Board
        fields = ("name", "description", "audience", "tier", "invited", "openers", "hold_first")
        widgets = {"audience": forms.RadioSelect, "openers": forms.RadioSelect}
        help_texts = {
            "tier": _("Only for all your partners: those of this tier and of higher ones. Empty means every partner."),
            "hold_first": _("Of somebody from another company who writes on your boards for the first time."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = Organisation.objects.visible_to(actor).partners_of(actor.organisation).order_by("name")
        offer(self, "invited", near)
        offer(self, "tier", Tier.objects.visible_to(actor).order_by("rank"))
        tier = self.fields["tier"]
        tier.empty_label = _("Every tier")  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["invited"] = list(self.instance.seats.values_list("organisation", flat=True))

    def values(self) -> dict[str, Any]:
        """What the action stores."""
        return {key: value for key, value in self.cleaned_data.items() if key != "invited"}

    def _post_clean(self) -> None:
        """The action writes the row: the instance stays as it is, so that a refusal leaves no trace in the page."""


class ExpertForm(forms.Form):
    """For what somebody is the expert; empty takes the mark away."""

    subject = forms.CharField(label=_("Expert for"), max_length=60, required=False)
