"""Quiet hours as a form."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.models import QuietHours

DAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


class QuietForm(forms.Form):
    """From when to when, on the days on which it begins. Both times empty: no quiet hours."""

    begins = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("To"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    days = forms.MultipleChoiceField(
        label=_("On these days"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    urgent_through = forms.BooleanField(label=_("Urgent ones come through"), required=False)

    @classmethod
    def of(cls, hours: QuietHours | None) -> Self:
        """The form with what the person chose before."""
        if hours is None:
            return cls(initial={"begins": None, "ends": None, "days": list("1234567"), "urgent_through": True})
        kept = {name: getattr(hours, name) for name in ("begins", "ends", "urgent_through")}
        return cls(initial={**kept, "days": list(hours.days)})

    def clean_days(self) -> str:
        """The days as their digits."""
        return "".join(self.cleaned_data["days"])

    def clean(self) -> dict[str, Any]:
        """A form without times says nothing about days."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("begins") and not cleaned.get("ends"):
            cleaned["days"] = "1234567"
        return cleaned
