"""The dialogs in which a deal is returned, rejected or reported as lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.fields import returnable
from deals.models import Deal


class ReturnForm(forms.Form):
    """What the partner has to correct, and why."""

    fields_asked = forms.MultipleChoiceField(
        label=_("What has to be corrected"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only these parts can be changed before it comes back to you."),
    )
    reason = forms.CharField(
        label=_("What is missing"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this."),
    )

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_asked"].choices = list(returnable(deal).items())  # type: ignore[attr-defined]


class RejectForm(forms.Form):
    """Why a registration is refused."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose…")), *Deal.Reason.choices])
    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this."),
    )


class AskForm(forms.Form):
    """Why more time, a reinstatement, a second look or a revocation is asked for."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who decides on it reads this."),
    )


class AnswerForm(forms.Form):
    """What who asked is told."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who asked reads this."),
    )


class WinForm(forms.Form):
    """How it is known that the sale was won."""

    proof = forms.CharField(
        label=_("Order or invoice"), max_length=200, help_text=_("Its number and date, so that others find it.")
    )


class LoseForm(forms.Form):
    """Why a sale was lost."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose…")), *Deal.Loss.choices])
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
