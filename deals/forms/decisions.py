"""The dialogs in which a deal is returned, rejected or reported as lost."""

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.fields import RETURNABLE
from deals.models import Deal


class ReturnForm(forms.Form):
    """What the partner has to correct, and why."""

    fields_asked = forms.MultipleChoiceField(
        label=_("What has to be corrected"),
        choices=tuple(RETURNABLE.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only these parts can be changed before it comes back to you."),
    )
    reason = forms.CharField(
        label=_("What is missing"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this."),
    )


class RejectForm(forms.Form):
    """Why a registration is refused."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose…")), *Deal.Reason.choices])
    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this."),
    )


class LoseForm(forms.Form):
    """Why a sale was lost."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose…")), *Deal.Loss.choices])
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
