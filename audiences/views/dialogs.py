"""The dialogs on the page of a contact: a form each, opened by an act and sent in place."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audiences.forms.contacts import ConsentForm, LiftForm, MergeForm, WithdrawForm
from audiences.models import Contact
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from partners.actors import Actor

__all__ = ["again", "form_of", "named", "of_acts"]

KINDS = {
    "consent": Kind(_("Note a consent"), _("Note it"), ConsentForm, "audiences:consent"),
    "withdraw": Kind(_("A consent was withdrawn"), _("Note it"), WithdrawForm, "audiences:withdraw"),
    "lift": Kind(_("Write to this address again"), _("Allow it"), LiftForm, "audiences:lift"),
    "merge": Kind(_("Make one of two contacts"), _("Merge"), MergeForm, "audiences:merge"),
}


def of_acts(actor: Actor, row: Contact, acts: Iterable[Act]) -> list[Dialog]:
    """One dialog for each act that opens one and is allowed."""
    names = [act.dialog.removeprefix("#") for act in acts if act.dialog and act.verdict]
    return [named(actor, row, name, form_of(actor, row, name)) for name in names]


def form_of(actor: Actor, row: Contact, name: str, data: Any = None) -> forms.Form:
    """The form of this dialog, empty or as it was filled in."""
    kind = KINDS[name]
    more: dict[str, Any] = {"actor": actor, "contact": row} if kind.form is MergeForm else {}
    return kind.form(data, prefix=name, **more)


def named(actor: Actor, row: Contact, name: str, form: forms.Form) -> Dialog:
    """The dialog of this name with this form."""
    kind = KINDS[name]
    return Dialog(name, kind, reverse(kind.route, args=[row.pk]), form)
