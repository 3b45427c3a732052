"""Campaigns in a table, the page of one, and what its owner does with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import actions
from campaigns.branding import page_url
from campaigns.forms import AcceptForm, CampaignForm, InviteForm, ReasonForm, RefuseForm
from campaigns.models import Asset, Campaign
from campaigns.page import Page
from campaigns.permissions import may_manage, may_open
from campaigns.presenting import acts_on, left_over, seats_shown, track_of
from campaigns.views.access import page_of
from chat.rooms import room_context
from core.audit import timeline_of
from core.errors import DomainError
from core.forms import tried
from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from core.web import render_partial, version_of, wants_partial
from deals.views.dialogs import Kind
from funds.views.steps import Record
from partners.access import MemberRequest, member_required, require

SEES, LEADS, JOINS = "campaigns.view", "campaigns.manage", "campaigns.join"
NEXT, TOLD = 5, 10

LIST = Listing(
    key="campaigns",
    title=gettext_lazy("Campaigns"),
    columns=(
        Column("name", gettext_lazy("Campaign"), kind="link", sort="name"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number", phone=False, shown=False),
        Column("owner", gettext_lazy("Led by"), kind="mark", phone=False),
        Column("starts", gettext_lazy("From"), kind="day", sort="starts", phone=False),
        Column("ends", gettext_lazy("Until"), kind="day", sort="ends"),
        Column("budget", gettext_lazy("Budget"), kind="money", get=lambda row: (row.budget, row.currency)),
        Column("target_leads", gettext_lazy("Leads wanted"), kind="number", phone=False, shown=False),
        Column("state", gettext_lazy("State"), kind="state"),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Campaign.State.choices),
        Period("starts", gettext_lazy("Starts"), moment=False),
    ),
    views=(
        View("live", gettext_lazy("Planned and running"), "state=planned&state=running"),
        View("drafts", gettext_lazy("Drafts"), "state=draft"),
        View("over", gettext_lazy("Over"), "state=finished&state=cancelled"),
        View("all", gettext_lazy("All")),
    ),
    search=("name", "number"),
    default_sort="-starts",
    row_url=lambda row: row.get_absolute_url(),
    live="campaign",
    create=Create(gettext_lazy("Plan a campaign"), "campaigns:new", capability=LEADS),
    empty=Empty(
        gettext_lazy("No campaigns here"),
        gettext_lazy("What you plan together with partners, and what you are invited to, stands here."),
        gettext_lazy("Plan a campaign"),
        "campaigns:new",
        "megaphone",
    ),
)


@require_GET
@member_required(SEES)
def index(request: MemberRequest) -> HttpResponseBase:
    """Campaigns that one leads, takes part in, or is invited to."""
    return LIST.respond(request, Campaign.objects.visible_to(request.actor).select_related("owner"))


@require_GET
@member_required(SEES)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The page of a campaign."""
    return show(request, page_of(request.actor, pk))


def show(request: MemberRequest, page: Page, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, whole or its live part, with what went wrong on top."""
    campaign, acts, seats = page.campaign, acts_on(page), seats_shown(page)
    told = timeline_of(request.actor, campaign)
    context: dict[str, Any] = {
        "page": page,
        "campaign": campaign,
        "acts": acts,
        "track": track_of(campaign),
        "seats": seats,
        "left": left_over(campaign, seats) if page.leads else 0,
        "may_manage": may_manage(request.actor, campaign),
        "coming": campaign.steps.filter(done_at=None).select_related("responsible__organisation")[:NEXT],
        "address": page_url(page.seat) if page.seat else "",
        "has_page": campaign.assets.filter(kind=Asset.Kind.PAGE).exists(),
        "dialogs": RECORD.of_acts(page, acts),
        "history": told[:TOLD],
        "earlier": told[TOLD:],
        "problem": problem,
        "here": "detail",
    }
    if not wants_partial(request):
        context |= {**room_context(request, campaign), "with_room": campaign.state != Campaign.State.DRAFT}
    return render_partial(request, "campaigns/detail.html", "record", context, status)


RECORD = Record(
    page_of,
    show,
    {
        "invite": Kind(gettext_lazy("Invite a company"), gettext_lazy("Invite"), InviteForm, "campaigns:invite"),
        "cancel": Kind(
            gettext_lazy("Cancel this campaign"), gettext_lazy("Cancel the campaign"), ReasonForm, "campaigns:cancel"
        ),
        "accept": Kind(gettext_lazy("Take part"), gettext_lazy("Accept"), AcceptForm, "campaigns:accept"),
        "decline": Kind(
            gettext_lazy("Decline the invitation"), gettext_lazy("Decline"), RefuseForm, "campaigns:decline"
        ),
        "leave": Kind(gettext_lazy("Leave the campaign"), gettext_lazy("Leave"), RefuseForm, "campaigns:leave"),
    },
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def new(request: MemberRequest) -> HttpResponse:
    """Begin a campaign."""
    require(may_open(request.actor))
    blank = Campaign(owner=request.actor.organisation, currency=request.actor.organisation.currency)
    form = CampaignForm(request.POST or None, campaign=blank)
    made: list[Campaign] = []
    if tried(form, lambda _said: made.append(actions.open_campaign(actor=request.actor, fields=form.values()))):
        return redirect(made[0])
    return render(request, "campaigns/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a campaign of one's own."""
    page = page_of(request.actor, pk)
    if not page.leads:
        return redirect(page)
    form = CampaignForm(request.POST or None, campaign=page.campaign)

    def run(_said: object) -> None:
        actions.change_campaign(
            actor=request.actor, campaign=page.campaign, fields=form.values(), version=version_of(request)
        )

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(page)
    context = {"form": form, "campaign": page.campaign}
    return render(request, "campaigns/form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(LEADS)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    page = page_of(request.actor, pk)
    try:
        actions.delete_campaign(actor=request.actor, campaign=page.campaign)
    except DomainError as error:
        return show(request, page, problem=error.message, status=422)
    messages.success(request, _("Deleted."))
    return redirect("campaigns:list")


def _step(request: MemberRequest, pk: int, done: str, run: Callable[..., object]) -> HttpResponse:
    version = version_of(request)
    return RECORD.step(
        request, pk, done, lambda page: run(actor=request.actor, campaign=page.campaign, version=version)
    )  # fmt: skip


@require_POST
@member_required(LEADS)
def plan(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the invitations."""
    return _step(request, pk, _("The invitations are sent."), actions.plan_campaign)


@require_POST
@member_required(LEADS)
def start(request: MemberRequest, pk: int) -> HttpResponse:
    """Start it."""
    return _step(request, pk, _("The campaign runs."), actions.start_campaign)


@require_POST
@member_required(LEADS)
def finish(request: MemberRequest, pk: int) -> HttpResponse:
    """Finish it."""
    return _step(request, pk, _("The campaign is finished."), actions.finish_campaign)


@require_POST
@member_required(LEADS)
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Call it off."""
    return RECORD.answer(
        request, pk, "cancel", _("The campaign is cancelled."),
        lambda page, said: actions.cancel_campaign(actor=request.actor, campaign=page.campaign, **said),
    )  # fmt: skip
