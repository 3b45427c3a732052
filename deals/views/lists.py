"""Deals in a table and on a board."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.listing import Bulk, Choice, Column, Create, Empty, Flag, Listing, Period, View
from core.web import render_partial
from deals.actions import take_deal
from deals.models import Deal, Stage
from deals.models.deals import DealQuerySet
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Partnership

PER_COLUMN = 60
BULK_LIMIT = 100


def _counterparts(actor: Actor) -> Iterable[tuple[int, str]]:
    """The companies on the other side of a partnership, in either direction."""
    me = actor.organisation
    edges = Partnership.objects.visible_to(actor).select_related("vendor", "partner")
    others = {edge.partner if edge.vendor_id == me.pk else edge.vendor for edge in edges}
    return sorted(((each.pk, each.name) for each in others), key=lambda pair: pair[1])


class Counterpart(Choice):
    """Deals with one company, whichever side it is on."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep the deals that have a chosen company as vendor or partner."""
        if not params.getlist(self.key):
            return rows
        chosen = [option["value"] for option in self.options(params, actor)["on"]]
        return rows.filter(Q(vendor__in=chosen) | Q(partner__in=chosen))


LIST = Listing(
    key="deals",
    title=gettext_lazy("Deals"),
    columns=(
        Column("title", gettext_lazy("Project"), kind="link", get=lambda d: d.title or _("Draft"), sort="title"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number"),
        Column("customer_name", gettext_lazy("End customer"), sort="customer_name"),
        Column("partner", gettext_lazy("Partner"), kind="mark", phone=False, sort="partner__name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False, sort="vendor__name"),
        Column("stage", gettext_lazy("Stage"), get=lambda deal: deal.get_stage_display(), phone=False, shown=False),
        Column("amount", gettext_lazy("Value"), kind="money", get=lambda d: (d.amount, d.currency), sort="amount"),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("decision_date", gettext_lazy("Decision"), kind="day", phone=False, shown=False),
        Column("protected_until", gettext_lazy("Protected until"), kind="day", phone=False),
        Column("created", gettext_lazy("Created"), kind="ago", sort="created", phone=False),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Deal.State.choices),
        Choice("stage", gettext_lazy("Stage"), choices=Stage.choices),
        Counterpart("with", gettext_lazy("Company"), choices=_counterparts),
        Period("created", gettext_lazy("Created")),
        Flag("protected", gettext_lazy("Protected now"), Q(state=Deal.State.APPROVED)),
    ),
    views=(
        View("open", gettext_lazy("Open deals"), "&".join(f"state={state}" for state in Deal.OPEN)),
        View("drafts", gettext_lazy("Drafts"), "state=draft"),
        View("won", gettext_lazy("Won"), "state=won"),
        View("all", gettext_lazy("All")),
    ),
    search=("number", "title", "customer_name", "competitor"),
    default_sort="-created",
    bulk=(Bulk("take", gettext_lazy("Take"), "deals:bulk_take", capability="deals.decide"),),
    row_url=lambda deal: deal.get_absolute_url(),
    panel=True,
    live="deal",
    create=Create(gettext_lazy("Register a deal"), "deals:new", capability="deals.register"),
    links=((gettext_lazy("Board"), "deals:board"),),
    empty=Empty(
        gettext_lazy("No deals here yet"),
        gettext_lazy("A partner registers the sale it works on, and is protected once the vendor approves it."),
        gettext_lazy("Register a deal"),
        "deals:new",
        "handshake",
    ),
)


def _rows(request: MemberRequest) -> DealQuerySet:
    rows = Deal.objects.visible_to(request.actor)
    return rows.select_related("vendor", "partner")


@require_GET
@member_required("deals.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """All deals that the organisation is a party to. A column that would always name oneself is hidden at first."""
    actor = request.actor
    edges = Partnership.objects.visible_to(actor)
    sides = {"partner": edges.filter(vendor=actor.organisation), "vendor": edges.filter(partner=actor.organisation)}
    shown = {side for side, rows in sides.items() if rows.exists()}
    columns = tuple(replace(each, shown=each.key in shown) if each.key in sides else each for each in LIST.columns)
    return replace(LIST, columns=columns).respond(request, _rows(request))


@require_POST
@member_required("deals.decide")
def bulk_take(request: MemberRequest) -> HttpResponse:
    """Take the chosen registrations; those that cannot be taken are left as they are, and counted."""
    chosen = [pk for pk in request.POST.getlist("pk")[:BULK_LIMIT] if pk.isdecimal() and len(pk) < 16]
    taken, left = 0, 0
    for deal in _rows(request).filter(pk__in=chosen).order_by("pk"):
        try:
            take_deal(actor=request.actor, deal=deal)
            taken += 1
        except (DomainError, PermissionDenied):
            left += 1
    if taken:
        messages.success(request, ngettext("%(n)d deal taken.", "%(n)d deals taken.", taken) % {"n": taken})
    if left:
        sentence = ngettext(
            "%(n)d deal was not waiting for review, and stays as it is.",
            "%(n)d deals were not waiting for review, and stay as they are.",
            left,
        )
        messages.warning(request, sentence % {"n": left})
    return redirect("deals:list")


@require_GET
@member_required("deals.view")
def board(request: MemberRequest) -> HttpResponse:
    """One side's deals in columns: as a partner by stage of the sale, as a vendor by state of the registration."""
    actor = request.actor
    sells = Deal.objects.visible_to(actor).filter(partner=actor.organisation).exists()
    side = request.GET.get("side", "")
    as_partner = side == "partner" or (side != "vendor" and sells and not actor.can("deals.decide"))
    columns = _by_stage(request) if as_partner else _by_state(request)
    context = {"columns": columns, "as_partner": as_partner, "side": "partner" if as_partner else "vendor"}
    return render_partial(request, "deals/board.html", "board", context)


def _by_stage(request: MemberRequest) -> list[dict[str, Any]]:
    mine = _rows(request).open().filter(partner=request.actor.organisation)
    return _columns(mine.order_by("-amount", "pk"), "stage", Stage.choices)


def _by_state(request: MemberRequest) -> list[dict[str, Any]]:
    states = (Deal.State.SUBMITTED, Deal.State.IN_REVIEW, Deal.State.RETURNED, Deal.State.APPROVED, Deal.State.WON)
    rows = _rows(request).filter(vendor=request.actor.organisation, state__in=states)
    return _columns(rows.order_by("-priority_at", "-pk"), "state", [(state, state.label) for state in states])


def _columns(rows: QuerySet[Deal], field: str, choices: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """One column a choice, with its count and its sums by currency, from one query."""
    columns: dict[str, dict[str, Any]] = {
        value: {"key": value, "label": label, "deals": [], "count": 0, "sums": {}} for value, label in choices
    }
    for deal in rows:
        column = columns[getattr(deal, field)]
        column["count"] += 1
        column["sums"][deal.currency] = column["sums"].get(deal.currency, Decimal(0)) + deal.amount
        if column["count"] <= PER_COLUMN:
            column["deals"].append(deal)
    return list(columns.values())
