"""The vendor's page of one lead, and what can be done from it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field, first_error, tried
from core.web import follow, render_partial, toast, version_of, wants_partial
from deals.models import Deal
from leads import actions
from leads.forms import CloseForm, EntryForm, OfferForm, RecallForm, RegisterForm
from leads.models import Lead, LeadOffer
from leads.permissions import may_add, may_manage
from leads.presenting import lead_context
from leads.views import dialogs
from leads.views.access import any_lead, never_stored, own_lead
from partners.access import MemberRequest, member_required, require


@require_GET
@member_required("leads.view")
@never_stored
def detail(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The vendor's page; who holds the lead is taken to its offer."""
    lead = any_lead(request.actor, pk)
    if lead.vendor_id != request.actor.organisation.pk:
        held = LeadOffer.objects.visible_to(request.actor).filter(lead=lead, state=LeadOffer.State.ACCEPTED)
        return redirect("leads:offer", pk=held.get().pk)
    return show(request, own_lead(request.actor, pk))


def show(request: MemberRequest, lead: Lead, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    context = lead_context(request.actor, lead)
    context["dialogs"] = dialogs.of_acts(request.actor, dialogs.ON_LEAD, lead.pk, context["acts"])
    context["problem"] = problem
    return render_partial(request, "leads/detail.html", "record", context, status)


@require_http_methods(["GET", "POST"])
@member_required("leads.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Type a lead in."""
    require(may_add(request.actor))
    blank = Lead(vendor=request.actor.organisation, country=request.actor.organisation.country)
    blank.currency = request.actor.organisation.currency
    form = EntryForm(request.POST or None, lead=blank)
    if form.is_bound and form.is_valid():
        try:
            lead = actions.add_lead(actor=request.actor, fields=form.values())
        except actions.KnownLead as known:
            return _entry(request, form, known=known.lead, problem=known.message)
        except DomainError as error:
            at_its_field(form, error)
        else:
            return redirect(lead)
    return _entry(request, form)


@require_http_methods(["GET", "POST"])
@member_required("leads.manage")
@never_stored
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a lead."""
    lead = own_lead(request.actor, pk)
    require(may_manage(request.actor, lead))
    form = EntryForm(request.POST or None, lead=lead)

    def run(_said: object) -> None:
        actions.change_lead(actor=request.actor, lead=lead, fields=form.values(), version=version_of(request))

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(lead)
    return _entry(request, form, lead=lead)


def _entry(request: MemberRequest, form: EntryForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors or context.get("problem") else 200
    return render(request, "leads/edit.html", {"form": form, **context}, status=status)


def _act(request: MemberRequest, pk: int, done: str, run: Callable[..., object]) -> HttpResponse:
    """Run a step that asks for nothing more, and show the record."""
    lead = own_lead(request.actor, pk)
    try:
        run(lead)
    except DomainError as error:
        return show(request, own_lead(request.actor, pk), problem=error.message, status=422)
    if not wants_partial(request):
        messages.success(request, done)
        return redirect(lead)
    return toast(show(request, own_lead(request.actor, pk)), done)


@require_POST
@member_required("leads.manage")
def route(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the rules choose a partner."""
    lead = own_lead(request.actor, pk)
    try:
        routed = actions.route_lead(actor=request.actor, lead=lead, version=version_of(request))
    except DomainError as error:
        return show(request, own_lead(request.actor, pk), problem=error.message, status=422)
    found = routed.state == Lead.State.OFFERED
    said = _("The lead is offered.") if found else routed.why_waiting
    if not wants_partial(request):
        (messages.success if found else messages.warning)(request, said)
        return redirect(lead)
    return toast(show(request, own_lead(request.actor, pk)), said, tone="good" if found else "warn")


@require_POST
@member_required("leads.manage")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a closed lead up again."""
    return _act(
        request, pk, _("The lead is open again."), lambda lead: actions.reopen_lead(actor=request.actor, lead=lead)
    )


@require_POST
@member_required("leads.manage")
def put_aside(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a lead aside as spam."""
    return _act(request, pk, _("Put aside as spam."), lambda lead: actions.bin_lead(actor=request.actor, lead=lead))


@require_POST
@member_required("leads.manage")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring back what was taken for spam."""
    return _act(
        request,
        pk,
        _("Brought back. A partner is looked for."),
        lambda lead: actions.restore_lead(actor=request.actor, lead=lead),
    )


def _decide(
    request: MemberRequest, lead: Lead, name: str, form: forms.Form, run: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Run a step that asks for reasons in a dialog; its errors come back in the dialog."""
    if tried(form, run):
        return follow(request, lead)
    if wants_partial(request):
        return dialogs.again(request, dialogs.named(request.actor, dialogs.ON_LEAD, name, lead.pk, form))
    return show(request, lead, problem=first_error(form), status=422)


@require_POST
@member_required("leads.manage")
def offer_to(request: MemberRequest, pk: int) -> HttpResponse:
    """Offer it to partners of one's choice."""
    lead = own_lead(request.actor, pk)
    form = OfferForm(request.POST, prefix="offer", actor=request.actor)
    return _decide(
        request,
        lead,
        "offer",
        form,
        lambda said: actions.offer_lead(actor=request.actor, lead=lead, partnerships=list(said["partnerships"])),
    )


@require_POST
@member_required("leads.manage")
def recall(request: MemberRequest, pk: int) -> HttpResponse:
    """Take it back from the partner."""
    lead = own_lead(request.actor, pk)
    form = RecallForm(request.POST, prefix="recall")
    return _decide(
        request,
        lead,
        "recall",
        form,
        lambda said: actions.recall_lead(actor=request.actor, lead=lead, note=said["note"]),
    )


@require_POST
@member_required("leads.work")
def register(request: MemberRequest, pk: int) -> HttpResponse:
    """Draft a registration with one of one's vendors, and go on writing it."""
    lead = own_lead(request.actor, pk)
    form = RegisterForm(request.POST, prefix="register", actor=request.actor)
    drafts: list[Deal] = []

    def run(said: dict[str, Any]) -> None:
        drafts.append(actions.register_lead(actor=request.actor, lead=lead, partnership=said["partnership"]))

    answer = _decide(request, lead, "register", form, run)
    return follow(request, reverse("deals:edit", args=[drafts[0].pk])) if drafts else answer


@require_POST
@member_required("leads.manage")
def close(request: MemberRequest, pk: int) -> HttpResponse:
    """Close it with a reason."""
    lead = own_lead(request.actor, pk)
    form = CloseForm(request.POST, prefix="close")
    return _decide(
        request, lead, "close", form, lambda said: actions.close_lead(actor=request.actor, lead=lead, **said)
    )
