"""The dialogs that the page of a case offers."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals.forms.cases import AddDealForm, OpenCaseForm, ReasonForm, TalkForm
from deals.models import ConflictCase, Deal
from deals.views.dialogs import Dialog, Kind

KINDS = {
    "dismiss": Kind(_("Close without a decision"), _("Close the case"), ReasonForm, "deals:case_dismiss"),
    "reopen": Kind(_("Judge anew"), _("Reopen the case"), ReasonForm, "deals:case_reopen"),
    "add": Kind(_("Add a deal to the case"), _("Add the deal"), AddDealForm, "deals:case_add"),
    "talk": Kind(_("Ask the partners"), _("Send to each of them"), TalkForm, "deals:case_talk"),
}
OPEN = Kind(_("Same customer as another deal"), _("Open a case"), OpenCaseForm, "deals:case_open")


def of_case(case: ConflictCase) -> list[Dialog]:
    """What fits its state."""
    names = ("dismiss", "add", "talk") if case.is_pending else ("reopen",)
    return [named(case, name) for name in names]


def named(case: ConflictCase, name: str, form: forms.Form | None = None) -> Dialog:
    """The dialog of this name, with its form as it was filled in or empty."""
    kind = KINDS[name]
    return Dialog(name, kind, reverse(kind.route, args=[case.pk]), form or kind.form(prefix=name))


def of_deal(deal: Deal, form: forms.Form | None = None) -> Dialog:
    """The dialog in which a reviewer says that two registrations may name one customer."""
    return Dialog("same", OPEN, reverse(OPEN.route, args=[deal.pk]), form or OPEN.form(prefix="same"))
