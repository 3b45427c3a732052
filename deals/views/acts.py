"""What can be done to a deal from its page, from the queue and from the board."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.forms import first_error, tried
from core.web import follow, toast, version_of, wants_partial
from deals import actions
from deals.forms import AnswerForm, AskForm, LoseForm, RejectForm, ReturnForm, WinForm
from deals.models import Deal, Petition
from deals.plans import running
from deals.views import dialogs
from deals.views.queue import next_after, show_queue
from deals.views.records import fetch, show
from partners.access import MemberRequest, member_required


def _from_queue(request: MemberRequest) -> bool:
    return request.GET.get("from") == "queue"


def _act(
    request: MemberRequest, pk: int, done: str | Callable[[Deal], str], run: Callable[[Deal], Deal], undo: str = ""
) -> HttpResponse:
    """Run a step that asks for nothing more; show the record, or in the queue what comes next."""
    deal = fetch(request.actor, pk)
    try:
        run(deal)
    except DomainError as error:
        return _refused(request, pk, error)
    fresh = fetch(request.actor, pk)
    done = done if isinstance(done, str) else done(fresh)
    if not wants_partial(request):
        messages.success(request, done)
        return redirect(_address(request, deal))
    if _from_queue(request):
        stays = fresh.state == Deal.State.IN_REVIEW and running(fresh) is None
        response = show_queue(request, fresh if stays else next_after(request, deal))
    else:
        response = show(request, fresh)
    return toast(response, done, undo_url=reverse(undo, args=[pk]) if undo else None)


def _refused(request: MemberRequest, pk: int, error: DomainError) -> HttpResponse:
    fresh = fetch(request.actor, pk)
    if _from_queue(request) and wants_partial(request):
        return show_queue(request, fresh, problem=error.message, status=422)
    return show(request, fresh, problem=error.message, status=422)


def _address(request: MemberRequest, deal: Deal) -> str:
    if not _from_queue(request):
        return deal.get_absolute_url()
    following = next_after(request, deal)
    return f"{reverse('deals:queue')}?deal={following.pk}" if following else reverse("deals:queue")


@require_POST
@member_required("deals.decide")
def take(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a registration for review; can be undone."""
    step = _step(request, actions.take_deal)
    return _act(request, pk, _("You review this deal now."), step, undo="deals:release")


@require_POST
@member_required("deals.decide")
def release(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a registration back to the queue."""
    return _act(request, pk, _("The deal is back in the queue."), _step(request, actions.release_deal))


@require_POST
@member_required("deals.decide")
def approve(request: MemberRequest, pk: int) -> HttpResponse:
    """Approve and protect."""

    def done(deal: Deal) -> str:
        if deal.state == Deal.State.APPROVED:
            return _("Approved. The partner is protected and knows it.")
        return _("Sent for approval. Who is asked first was told.")

    return _act(request, pk, done, _step(request, actions.approve_deal))


@require_POST
@member_required("deals.register")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one's own registration back."""
    return _act(request, pk, _("The deal is withdrawn."), _step(request, actions.withdraw_deal))


def _step(request: MemberRequest, action: Callable[..., Deal]) -> Callable[[Deal], Deal]:
    return lambda deal: action(actor=request.actor, deal=deal, version=version_of(request))


def _decide(
    request: MemberRequest, pk: int, name: str, form: forms.Form, done: str, run: Callable[[Deal, dict[str, Any]], Deal]
) -> HttpResponse:
    """Run a step that asks for reasons in a dialog; its errors come back in the dialog."""
    deal = fetch(request.actor, pk)
    if tried(form, lambda said: run(deal, said)):
        messages.success(request, done)
        return follow(request, _address(request, deal))
    if wants_partial(request):
        back = "?from=queue" if _from_queue(request) else ""
        return dialogs.again(request, dialogs.named(deal, name, back, form))
    return show(request, deal, problem=first_error(form), status=422)


@require_POST
@member_required("deals.decide")
def return_(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask the partner for corrections."""

    def run(deal: Deal, said: dict[str, Any]) -> Deal:
        actor = request.actor
        return actions.return_deal(actor=actor, deal=deal, fields=said["fields_asked"], reason=said["reason"])

    form = ReturnForm(request.POST, prefix="return", deal=fetch(request.actor, pk))
    return _decide(request, pk, "return", form, _("Returned. The partner was told what to correct."), run)


@require_POST
@member_required("deals.decide")
def reject(request: MemberRequest, pk: int) -> HttpResponse:
    """Refuse with a reason."""

    def run(deal: Deal, said: dict[str, Any]) -> Deal:
        return actions.reject_deal(actor=request.actor, deal=deal, **said)

    form = RejectForm(request.POST, prefix="reject")
    return _decide(request, pk, "reject", form, _("Rejected. The partner was told why."), run)


@require_POST
@member_required("deals.register")
def lose(request: MemberRequest, pk: int) -> HttpResponse:
    """Report a sale as lost."""

    def run(deal: Deal, said: dict[str, Any]) -> Deal:
        return actions.lose_deal(actor=request.actor, deal=deal, **said)

    form = LoseForm(request.POST, prefix="lose")
    return _decide(request, pk, "lose", form, _("Reported as lost. The protection ended."), run)


@require_POST
@member_required("deals.decide")
def win(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm a sale whose order did not come through the portal."""

    def run(deal: Deal, said: dict[str, Any]) -> Deal:
        return actions.win_by_hand(actor=request.actor, deal=deal, **said)

    return _decide(request, pk, "win", WinForm(request.POST, prefix="win"), _("The deal is won."), run)


@require_POST
@member_required("deals.view")
def ask(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for more time, for reinstatement or a second look, or propose a revocation."""
    if kind not in Petition.Kind.values:
        raise Http404

    def run(deal: Deal, said: dict[str, Any]) -> Deal:
        return actions.ask(actor=request.actor, deal=deal, kind=kind, reason=said["reason"]).deal

    form = AskForm(request.POST, prefix=kind)
    return _decide(request, pk, kind, form, _("Asked. Who decides on it was told."), run)


def _petition(request: MemberRequest, deal: Deal, petition_pk: int) -> Petition:
    return get_object_or_404(Petition.objects.visible_to(request.actor), deal=deal, pk=petition_pk)


def _settle(request: MemberRequest, pk: int, petition_pk: int, done: str, run: Callable[..., Petition]) -> HttpResponse:
    def step(deal: Deal) -> Deal:
        return run(actor=request.actor, petition=_petition(request, deal, petition_pk)).deal

    return _act(request, pk, done, step)


@require_POST
@member_required("deals.decide")
def petition_grant(request: MemberRequest, pk: int, petition_pk: int) -> HttpResponse:
    """Grant what was asked for."""
    return _settle(request, pk, petition_pk, _("Granted. Who asked was told."), actions.grant)


@require_POST
@member_required("deals.view")
def petition_drop(request: MemberRequest, pk: int, petition_pk: int) -> HttpResponse:
    """Take one's own request back."""
    return _settle(request, pk, petition_pk, _("Taken back."), actions.drop)


@require_POST
@member_required("deals.decide")
def petition_refuse(request: MemberRequest, pk: int, petition_pk: int) -> HttpResponse:
    """Refuse what was asked for, with a sentence."""
    deal = fetch(request.actor, pk)
    petition = _petition(request, deal, petition_pk)
    form = AnswerForm(request.POST, prefix=f"refuse-{petition.pk}")
    if tried(form, lambda said: actions.refuse(actor=request.actor, petition=petition, **said)):
        messages.success(request, _("Refused. Who asked was told."))
        return follow(request, deal)
    if wants_partial(request):
        return dialogs.again(request, dialogs.of_refusal(petition, form))
    return show(request, deal, problem=first_error(form), status=422)
