"""The dialogs on the pages of leads and offers: a form with reasons each, opened by an act and sent in place."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from leads.forms import CloseForm, DeclineForm, OfferForm, RecallForm, RegisterForm, TouchForm
from partners.actors import Actor

__all__ = ["again", "named", "of_acts"]

ON_LEAD = {
    "offer": Kind(_("Offer to partners"), _("Offer"), OfferForm, "leads:offer_to"),
    "recall": Kind(_("Take the lead back"), _("Take it back"), RecallForm, "leads:recall"),
    "close": Kind(_("Close this lead"), _("Close the lead"), CloseForm, "leads:close"),
    "register": Kind(_("Register the deal"), _("Draft the registration"), RegisterForm, "leads:register"),
}
ON_OFFER = {
    "decline": Kind(_("Decline this lead"), _("Decline"), DeclineForm, "leads:decline"),
    "touch": Kind(_("Report a contact"), _("Report it"), TouchForm, "leads:touch"),
    "close": Kind(_("Close this lead"), _("Close the lead"), CloseForm, "leads:finish"),
}


def of_acts(actor: Actor, kinds: dict[str, Kind], pk: int, acts: Iterable[Act]) -> list[Dialog]:
    """One dialog for each act that opens one and is allowed."""
    names = [act.dialog.removeprefix("#") for act in acts if act.dialog and act.verdict]
    return [named(actor, kinds, name, pk) for name in names]


def named(actor: Actor, kinds: dict[str, Kind], name: str, pk: int, form: forms.Form | None = None) -> Dialog:
    """The dialog of this name, with its form as it was filled in or empty."""
    kind = kinds[name]
    if form is None:
        more: dict[str, Any] = {"actor": actor} if kind.form in {OfferForm, RegisterForm} else {}
        form = kind.form(prefix=name, **more)
    return Dialog(name, kind, reverse(kind.route, args=[pk]), form)
