"""Invitations, answers and shares of the budget."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import actions
from campaigns.branding import page_url
from campaigns.forms import BudgetForm, DetailsForm
from campaigns.models import Campaign, Participant
from campaigns.page import Page
from campaigns.views.access import page_of, seat_of
from campaigns.views.campaigns import JOINS, LEADS, RECORD
from core.forms import tried
from core.web import follow
from partners.access import MemberRequest, member_required


def _own_seat(page: Page) -> Participant:
    """One's own seat; who leads a campaign may lack an answer to give, but never the seat."""
    if page.seat is None:
        raise Http404
    return page.seat


@require_POST
@member_required(LEADS)
def invite(request: MemberRequest, pk: int) -> HttpResponse:
    """Invite a company."""
    done = _("The company is on the list.")

    def run(page: Page, said: dict[str, Any]) -> None:
        actions.invite(actor=request.actor, campaign=page.campaign, **said)

    return RECORD.answer(request, pk, "invite", done, run)


@require_POST
@member_required(LEADS)
def invite_again(request: MemberRequest, pk: int, seat_pk: int) -> HttpResponse:
    """Invite once more who declined, left or was removed."""
    seat = seat_of(page_of(request.actor, pk), seat_pk)
    return RECORD.step(
        request, pk, _("Invited once more."),
        lambda page: actions.invite(actor=request.actor, campaign=page.campaign, organisation=seat.organisation),
    )  # fmt: skip


@require_POST
@member_required(LEADS)
def remove(request: MemberRequest, pk: int, seat_pk: int) -> HttpResponse:
    """Take a company out."""
    seat = seat_of(page_of(request.actor, pk), seat_pk)
    return RECORD.step(
        request, pk, _("The company is out of the campaign."),
        lambda _page: actions.remove_participant(actor=request.actor, seat=seat),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def budget(request: MemberRequest, pk: int) -> HttpResponse:
    """Share the budget."""
    page = page_of(request.actor, pk)
    campaign = page.campaign
    if not page.leads or not (campaign.is_live or campaign.state == Campaign.State.DRAFT):
        return redirect(page)
    rows = Participant.objects.visible_to(request.actor).filter(campaign=campaign, state__in=Participant.SEATED)
    form = BudgetForm(request.POST or None, seats=list(rows.select_related("organisation").order_by("pk")))

    def run(_said: object) -> None:
        actions.share_budget(actor=request.actor, campaign=campaign, shares=form.shares())

    if tried(form, run):
        messages.success(request, _("The budget is shared."))
        return redirect(page)
    context = {"form": form, "campaign": campaign}
    return render(request, "campaigns/budget.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(JOINS)
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Take part."""
    done = _("You take part. Look at your page and the calendar next.")
    return RECORD.answer(
        request, pk, "accept", done,
        lambda page, said: actions.accept_invitation(actor=request.actor, seat=_own_seat(page), details=said),
    )  # fmt: skip


@require_POST
@member_required(JOINS)
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Say no."""
    return _out(request, pk, "decline", _("You declined."), actions.decline_invitation)


@require_POST
@member_required(JOINS)
def leave(request: MemberRequest, pk: int) -> HttpResponse:
    """Leave."""
    return _out(
        request, pk, "leave", _("You left the campaign. Leads that came to you stay yours."), actions.leave_campaign
    )


def _out(request: MemberRequest, pk: int, name: str, done: str, run: Any) -> HttpResponse:
    """Go, and be led to the list: the campaign is not one's to see any more."""
    gone: list[Participant] = []

    def go(page: Page, said: dict[str, Any]) -> None:
        gone.append(run(actor=request.actor, seat=_own_seat(page), **said))

    answer = RECORD.answer(request, pk, name, done, go)
    return follow(request, "campaigns:list") if gone else answer


@require_POST
@member_required(JOINS)
def agree(request: MemberRequest, pk: int) -> HttpResponse:
    """Agree to a changed share."""
    return RECORD.step(
        request, pk, _("You agreed to your share."),
        lambda page: actions.agree_share(actor=request.actor, seat=_own_seat(page)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@member_required(JOINS)
def details(request: MemberRequest, pk: int) -> HttpResponse:
    """What stands of one's company on its page, letters and flyers."""
    page = page_of(request.actor, pk)
    seat = _own_seat(page)
    if seat.state != Participant.State.ACTIVE:
        return redirect(page)
    form = DetailsForm(request.POST or None, about=page)
    if tried(form, lambda said: actions.change_details(actor=request.actor, seat=seat, details=said)):
        messages.success(request, _("Saved."))
        return redirect(page)
    context = {"form": form, "page": page, "campaign": page.campaign, "address": page_url(seat)}
    return render(request, "campaigns/details.html", context, status=422 if form.errors else 200)
