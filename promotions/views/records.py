"""The page of one promotion, and what is done from it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import first_error, tried
from core.web import render_partial, toast, version_of, wants_partial
from partners.access import MemberRequest, member_required, require
from promotions import actions, wording
from promotions.exporting import codes_csv
from promotions.forms import CodesForm, entry_form
from promotions.models import Promotion
from promotions.permissions import may_add, may_run
from promotions.presenting import context_of
from promotions.rehearsing import DAYS, rehearse
from promotions.views.access import any_promotion, own_promotion

MANAGE = "promotions.manage"
Step = Callable[..., Promotion]
# What each step is called in the address: the action, what is said, and the step that takes it back.
STEPS: dict[str, tuple[Step, Any, str]] = {
    "activate": (actions.activate, gettext_lazy("Started. The partners that may use it are told."), ""),
    "pause": (actions.pause, gettext_lazy("Paused. No new order gets it."), "resume"),
    "resume": (actions.resume, gettext_lazy("It runs again."), "pause"),
    "end": (actions.end, gettext_lazy("Ended. What orders have stays."), "reopen"),
    "reopen": (actions.reopen, gettext_lazy("It runs again."), ""),
    "cancel": (actions.cancel, gettext_lazy("Taken back."), "restore"),
    "restore": (actions.restore, gettext_lazy("It is a draft again."), "cancel"),
}


@require_GET
@member_required("promotions.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """What it does and who gets it; for the vendor also what it has cost."""
    return show(request, any_promotion(request.actor, pk))


def show(request: MemberRequest, promotion: Promotion, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    context = {**context_of(request.actor, promotion), "problem": problem, "codes_form": CodesForm()}
    return render_partial(request, "promotions/detail.html", "record", context, status)


@require_http_methods(["GET", "POST"])
@member_required(MANAGE)
def new(request: MemberRequest) -> HttpResponse:
    """Write a promotion."""
    require(may_add(request.actor))
    organisation = request.actor.organisation
    return _entry(request, Promotion(vendor=organisation, start=localdate(), currency=organisation.currency))


@require_http_methods(["GET", "POST"])
@member_required(MANAGE)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change it: all of a draft, a little of one that partners know."""
    promotion = own_promotion(request.actor, pk)
    require(may_run(request.actor, promotion))
    return _entry(request, promotion)


def _entry(request: MemberRequest, promotion: Promotion) -> HttpResponse:
    actor, known = request.actor, promotion if promotion.pk else None
    form = entry_form(request.POST or None, actor=actor, promotion=promotion)
    saved: list[Promotion] = []

    def run(_said: object) -> None:
        version = version_of(request) if known else None
        fields = form.values()
        saved.append(actions.save_promotion(actor=actor, fields=fields, promotion=known, version=version))

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(saved[0])
    if known:
        promotion = own_promotion(actor, known.pk)
    context = {"form": form, "promotion": promotion, "payers": _payers(form)}
    return render(request, "promotions/edit.html", context, status=422 if form.errors else 200)


def _payers(form: Any) -> list[tuple[Any, Any]]:
    """The form's rows of who pays what."""
    rows = [name.removeprefix("payer_") for name in form.fields if name.startswith("payer_")]
    return [(form[f"payer_{row}"], form[f"percent_{row}"]) for row in rows]


@require_POST
@member_required(MANAGE)
def step(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """Start, pause, end, take back, and back again."""
    promotion = own_promotion(request.actor, pk)
    if name not in STEPS:
        raise Http404
    act, said, undo = STEPS[name]
    try:
        act(actor=request.actor, promotion=promotion)
    except DomainError as error:
        return show(request, own_promotion(request.actor, pk), problem=error.message, status=422)
    if not wants_partial(request):
        messages.success(request, said)
        return redirect(promotion)
    back = reverse("promotions:step", args=[pk, undo]) if undo else None
    return toast(show(request, own_promotion(request.actor, pk)), said, undo_url=back)


@require_GET
@member_required("promotions.view")
def rehearsal(request: MemberRequest, pk: int) -> HttpResponse:
    """What it would have done to the orders of the last weeks."""
    promotion = own_promotion(request.actor, pk)
    found = rehearse(request.actor, promotion)
    context = {
        "promotion": promotion,
        "rehearsal": found,
        "rows": found.touched[:100],
        "days": DAYS,
        "effect": wording.effect(promotion),
    }
    return render(request, "promotions/rehearsal.html", context)


@require_GET
@member_required(MANAGE)
def codes(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The codes for one order each, as CSV to be handed out."""
    return codes_csv(own_promotion(request.actor, pk))


@require_POST
@member_required(MANAGE)
def codes_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Make codes for one order each."""
    promotion = own_promotion(request.actor, pk)
    form = CodesForm(request.POST)
    if tried(form, lambda said: actions.make_codes(actor=request.actor, promotion=promotion, count=said["count"])):
        messages.success(request, _("The codes are made. Hand them out as CSV."))
        return redirect(promotion)
    return show(request, promotion, problem=first_error(form), status=422)
