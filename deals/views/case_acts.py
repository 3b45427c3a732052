"""What can be done to a conflict case from its page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.forms import at_its_field, first_error, tried
from core.web import follow, key_of, version_of, wants_partial
from deals import actions
from deals.forms.cases import AddDealForm, DecisionForm, NoteForm, OpenCaseForm, ReasonForm, SayForm, TalkForm
from deals.models import ConflictCase, Deal
from deals.views import case_dialogs, dialogs
from deals.views.cases import fetch_case, show_case
from deals.views.records import fetch, show
from partners.access import MemberRequest, member_required
from partners.actors import Actor

Run = Callable[[dict[str, Any]], Any]


def _deal(actor: Actor, number: str) -> Deal:
    """A registration with one's own organisation by its number. Raises DomainError where there is none."""
    rows = Deal.objects.visible_to(actor).filter(vendor=actor.organisation)
    found = rows.filter(number__iexact=number.strip()).exclude(number="").first()
    if found is None:
        raise DomainError(_("There is no such deal."), field="number")
    return found


def _sent(request: MemberRequest, case: ConflictCase, name: str, form: forms.Form, done: str, run: Run) -> HttpResponse:
    """Run what a dialog asked for; its errors come back in the dialog."""
    if tried(form, run):
        messages.success(request, done)
        return follow(request, case)
    if wants_partial(request):
        return dialogs.again(request, case_dialogs.named(case, name, form))
    return show_case(request, case, problem=first_error(form), status=422)


@require_POST
@member_required("deals.decide")
def dismiss(request: MemberRequest, pk: int) -> HttpResponse:
    """Close a case without a decision."""
    case = fetch_case(request.actor, pk)
    form = ReasonForm(request.POST, prefix="dismiss")
    return _sent(
        request, case, "dismiss", form, _("Closed. The deals go on as they were."),
        lambda said: actions.dismiss_case(actor=request.actor, case=case, **said),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Judge a case anew."""
    case = fetch_case(request.actor, pk)
    form = ReasonForm(request.POST, prefix="reopen")
    return _sent(
        request, case, "reopen", form, _("Open again."),
        lambda said: actions.reopen_case(actor=request.actor, case=case, **said),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def add(request: MemberRequest, pk: int) -> HttpResponse:
    """Put one more registration into a case."""
    actor = request.actor
    case = fetch_case(actor, pk)
    form = AddDealForm(request.POST, prefix="add")
    return _sent(
        request, case, "add", form, _("Added."),
        lambda said: actions.add_deal(actor=actor, case=case, deal=_deal(actor, said["number"])),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def talk(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask each partner the same, apart from the others."""
    case = fetch_case(request.actor, pk)
    form = TalkForm(request.POST, prefix="talk")
    return _sent(
        request, case, "talk", form, _("Sent. Each partner reads it alone."),
        lambda said: actions.open_neutral_room(actor=request.actor, case=case, **said),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def say(request: MemberRequest, pk: int, deal_pk: int) -> HttpResponse:
    """Write to one partner of the case."""
    case = fetch_case(request.actor, pk)
    deal = get_object_or_404(Deal.objects.visible_to(request.actor), pk=deal_pk, case_sides__case=case.pk)
    form = SayForm(request.POST, prefix=f"say-{deal.pk}")
    return _plainly(
        request, case, form, _("Sent."),
        lambda said: actions.say_to_side(actor=request.actor, case=case, deal=deal, **said),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def note(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep the internal note."""
    case = fetch_case(request.actor, pk)
    return _plainly(
        request, case, NoteForm(request.POST), _("Saved."),
        lambda said: actions.note_on_case(actor=request.actor, case=case, **said),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def assign(request: MemberRequest, pk: int) -> HttpResponse:
    """Give the case to somebody."""
    case = fetch_case(request.actor, pk)
    member = key_of(request.POST.get("member", ""))
    return _plainly(
        request, case, None, _("Saved."),
        lambda _said: actions.assign_case(actor=request.actor, case=case, member=member),
    )  # fmt: skip


@require_POST
@member_required("deals.decide")
def remove(request: MemberRequest, pk: int, deal_pk: int) -> HttpResponse:
    """Take a registration out of the case."""
    case = fetch_case(request.actor, pk)
    deal = get_object_or_404(Deal.objects.visible_to(request.actor), pk=deal_pk, case_sides__case=case.pk)
    return _plainly(
        request, case, None, _("Taken out of the case."),
        lambda _said: actions.remove_deal(actor=request.actor, case=case, deal=deal),
    )  # fmt: skip


def _plainly(request: MemberRequest, case: ConflictCase, form: forms.Form | None, done: str, run: Run) -> HttpResponse:
    """Run a step of the page itself; what went wrong stands on top of it."""
    if form is not None and not form.is_valid():
        return show_case(request, case, problem=first_error(form), status=422)
    try:
        run(form.cleaned_data if form is not None else {})
    except DomainError as error:
        return show_case(request, fetch_case(request.actor, case.pk), problem=error.message, status=422)
    messages.success(request, done)
    return redirect(case)


@require_POST
@member_required("deals.decide")
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    """Say who holds the customer; the next case opens."""
    actor = request.actor
    case = fetch_case(actor, pk)
    deals = Deal.objects.visible_to(actor).open().filter(case_sides__case=case.pk)
    form = DecisionForm(request.POST, deals=deals)

    def run(said: dict[str, Any]) -> None:
        actions.decide_case(
            actor=actor,
            case=case,
            outcome=said["outcome"],
            reason=said["reason"],
            keeper=form.chosen(),
            answers=form.answers(),
            version=version_of(request),
        )

    if not tried(form, run):
        return show_case(request, fetch_case(actor, pk), problem=first_error(form), status=422, form=form)
    messages.success(request, _("Decided: %(case)s.") % {"case": case})
    following = ConflictCase.objects.visible_to(actor).pending().in_turn().first()
    return redirect(following or case)


@require_POST
@member_required("deals.decide")
def open_by_hand(request: MemberRequest, pk: int) -> HttpResponse:
    """Say on the page of a deal that another one may name the same customer."""
    actor = request.actor
    deal = fetch(actor, pk)
    form = OpenCaseForm(request.POST, prefix="same")
    case = None
    if form.is_valid():
        try:
            other = _deal(actor, form.cleaned_data["number"])
            case = actions.open_case(actor=actor, deals=[deal, other], reason=form.cleaned_data["reason"])
        except DomainError as error:
            at_its_field(form, error)
    if case is None:
        if wants_partial(request):
            return dialogs.again(request, case_dialogs.of_deal(deal, form))
        return show(request, deal, problem=first_error(form), status=422)
    return follow(request, case)
