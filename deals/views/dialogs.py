"""The dialogs that a deal's page offers: a form with reasons each, opened by an act and sent in place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.forms import (
    AgreeForm,
    AnswerForm,
    AskForm,
    HandBackForm,
    LoseForm,
    RefuseStepForm,
    RejectForm,
    ReturnForm,
    WinForm,
)
from deals.models import Deal, Petition
from deals.presenting import Act
from partners.access import MemberRequest

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of dialog: its title, the button that sends it, its form and the route that takes it."""

    title: Text
    button: Text
    form: type[forms.Form]
    route: str
    arguments: tuple[str, ...] = ()


KINDS = {
    "return": Kind(_("Return for correction"), _("Return to the partner"), ReturnForm, "deals:return"),
    "reject": Kind(_("Reject this deal"), _("Reject the deal"), RejectForm, "deals:reject"),
    "lose": Kind(_("Report as lost"), _("Report as lost"), LoseForm, "deals:lose"),
    "win": Kind(_("Mark as won"), _("Mark as won"), WinForm, "deals:win"),
    "extension": Kind(_("Ask for more time"), _("Ask for it"), AskForm, "deals:ask", ("extension",)),
    "reinstatement": Kind(_("Ask to be protected again"), _("Ask for it"), AskForm, "deals:ask", ("reinstatement",)),
    "appeal": Kind(_("Appeal the rejection"), _("Appeal"), AskForm, "deals:ask", ("appeal",)),
    "revocation": Kind(_("Revoke the approval"), _("Propose it"), AskForm, "deals:ask", ("revocation",)),
}
ANSWERS = {
    "step-agree": Kind(_("Agree to this deal"), _("Agree"), AgreeForm, "deals:answer", ("agree",)),
    "step-refuse": Kind(_("Refuse this deal"), _("Refuse the deal"), RefuseStepForm, "deals:answer", ("refuse",)),
    "step-hand-back": Kind(_("Ask the reviewer"), _("Give it back"), HandBackForm, "deals:answer", ("hand-back",)),
}
REFUSAL = Kind(_("Refuse"), _("Refuse"), AnswerForm, "deals:petition_refuse")


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog on the page."""

    name: str
    kind: Kind
    url: str
    form: forms.Form


def _dialog(name: str, kind: Kind, url: str, form: Any = None, **about: Any) -> Dialog:
    return Dialog(name, kind, url, form or kind.form(prefix=name, **about))


def of_acts(deal: Deal, acts: Iterable[Act], suffix: str) -> list[Dialog]:
    """One dialog for each act that opens one."""
    names = [act.dialog.removeprefix("#") for act in acts if act.dialog]
    return [named(deal, name, suffix) for name in names]


def named(deal: Deal, name: str, suffix: str = "", form: forms.Form | None = None) -> Dialog:
    """The dialog of this name (a key of KINDS), with its form as it was filled in or empty."""
    kind = (KINDS | ANSWERS)[name]
    about = {"deal": deal} if kind.form is ReturnForm else {}
    return _dialog(name, kind, reverse(kind.route, args=[deal.pk, *kind.arguments]) + suffix, form, **about)


def of_refusal(petition: Petition, form: forms.Form | None = None) -> Dialog:
    """The dialog in which a request is refused."""
    name = f"refuse-{petition.pk}"
    return _dialog(name, REFUSAL, reverse(REFUSAL.route, args=[petition.deal_id, petition.pk]), form)


def again(request: MemberRequest, dialog: Dialog) -> HttpResponse:
    """A dialog's form once more, with its errors."""
    return render(request, "deals/_dialog_form.html", {"dialog": dialog}, status=422)
