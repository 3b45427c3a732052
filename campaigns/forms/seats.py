"""What a participant says: yes or no, whom to call, whether it shows its figures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Participant
from campaigns.page import Page
from funds.forms.dialogs import DialogForm


class DetailsForm(DialogForm):
    """Whom to call and where one is, as it stands on one's page, letters and flyers."""

    contact = forms.CharField(label=_("Whom people ask for"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    shares_results = forms.BooleanField(
        label=_("Show our figures to the others who show theirs"),
        required=False,
        help_text=_(
            "Numbers only: letters, visits, leads, deals. Never a contact. Without it, you see your own alone."
        ),
    )

    def begin(self, about: Page) -> dict[str, Any]:
        """As it was; a new one begins with the person who answers."""
        seat, person = about.seat, about.actor.user
        if seat is None:
            return {}
        found = {name: getattr(seat, name) for name in (*Participant.CONTACT, "shares_results")}
        if seat.state == Participant.State.INVITED:
            found |= {"shares_results": True}
            if person is not None and not seat.contact:
                found |= {"contact": person.name, "email": person.email}
        return found


class AcceptForm(DetailsForm):
    """Yes, with one's details."""


class RefuseForm(DialogForm):
    """No; why is optional."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who leads the campaign reads it."),
    )  # fmt: skip


class ReasonForm(DialogForm):
    """Why."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other companies read it."),
    )  # fmt: skip
