"""The board: one side's deals in columns, as many cards as one looks at, sums by the database."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.listing.paging import COUNTED, page_of
from core.search import within
from core.web import key_of, render_partial
from deals import actions
from deals.forms.beside import colleagues_of
from deals.models import Deal, Stage
from deals.models.querying import DealQuerySet
from deals.views.forecast import side_of
from deals.views.lists import counterparts
from deals.views.records import fetch
from partners.access import MemberRequest, member_required
from partners.actors import Actor

PER_COLUMN = 20
PER_LANE = 12
LANES = 8
STATES = (Deal.State.SUBMITTED, Deal.State.IN_REVIEW, Deal.State.RETURNED, Deal.State.APPROVED, Deal.State.WON)
ORDER = {"stage": "-amount", "state": "-priority_at"}


@require_GET
@member_required("deals.view")
def board(request: MemberRequest) -> HttpResponse:
    """A partner's open deals by stage; a vendor's registrations by state, or read-only by the partner's stage."""
    actor, params = request.actor, request.GET
    side = side_of(actor, params.get("side", ""))
    by = "stage" if side == "partner" or params.get("by") == "stage" else "state"
    rows = _narrowed(_rows(actor, side, by), actor, side, params)
    if column := params.get("column", ""):
        return _more(request, rows, side, by, column)
    lanes = side == "partner" and params.get("lanes") == "1"
    columns = _columns(rows, by)
    context = {
        **_controls(actor, side, params),
        "columns": columns,
        "lanes": _lanes(rows, columns) if lanes else [],
        "in_lanes": lanes,
        **_side(side, by),
        "query": params.urlencode(),
    }
    return render_partial(request, "deals/board.html", "board", context)


def _rows(actor: Actor, side: str, by: str) -> DealQuerySet:
    rows = Deal.objects.visible_to(actor).select_related("vendor", "partner", "seller", "owner")
    rows = rows.filter(**{side: actor.organisation.pk})
    return rows.open() if by == "stage" else rows.filter(state__in=STATES)


def _narrowed(rows: DealQuerySet, actor: Actor, side: str, params: Any) -> DealQuerySet:
    rows = rows.filter(within(params.get("q", ""), "search_text"))
    if (who := key_of(params.get("who", ""))) is not None:
        rows = rows.filter(**{"seller" if side == "partner" else "owner": who})
    if (company := key_of(params.get("with", ""))) is not None:
        rows = rows.filter(**{"vendor" if side == "partner" else "partner": company})
    return rows


def _controls(actor: Actor, side: str, params: Any) -> dict[str, Any]:
    """What narrows the board, with what is chosen."""
    return {
        "q": params.get("q", ""),
        "people": colleagues_of(actor),
        "who": key_of(params.get("who", "")),
        "companies": counterparts(actor),
        "company": key_of(params.get("with", "")),
    }


def _columns(rows: DealQuerySet, by: str) -> list[dict[str, Any]]:
    """One column a value: its first cards, count, sums and weighted sums by currency."""
    choices: Iterable[tuple[str, Any]] = Stage.choices if by == "stage" else [(each, each.label) for each in STATES]
    columns = []
    for value, label in choices:
        mine = rows.filter(**{by: value})
        page = page_of(mine, ORDER[by], "", PER_COLUMN)
        cards = {"key": value, "label": label, "deals": page.rows, "cursor": page.next_cursor}
        columns.append({**cards, **(_sums_of(mine) if page.next_cursor else _sums(page.rows))})
    return columns


def _sums_of(rows: DealQuerySet) -> dict[str, Any]:
    """The sums of a column that goes on beyond its cards; of one that is longer than COUNTED, only that it is.

    So the board costs the same among a million deals. Their figures are the dashboard's affair.
    """
    if rows.order_by()[: COUNTED + 1].count() > COUNTED:
        return {"count": COUNTED, "beyond": True, "sums": {}, "weighted": {}}
    return _sums(rows.order_by().select_related(None).only("amount", "currency", "probability"))


def _sums(deals: Iterable[Deal]) -> dict[str, Any]:
    sums: dict[str, Decimal] = {}
    weighted: dict[str, Decimal] = {}
    rows = sorted(deals, key=lambda each: each.currency)
    for deal in rows:
        sums[deal.currency] = sums.get(deal.currency, Decimal(0)) + deal.amount
        weighted[deal.currency] = weighted.get(deal.currency, Decimal(0)) + deal.amount * deal.probability / 100
    return {"count": len(rows), "beyond": False, "sums": sums, "weighted": weighted}


def _more(request: MemberRequest, rows: DealQuerySet, side: str, by: str, column: str) -> HttpResponse:
    """The next cards of one column."""
    page = page_of(rows.filter(**{by: column}), ORDER[by], request.GET.get("cursor", ""), PER_COLUMN)
    cards = {"key": column, "deals": page.rows, "cursor": page.next_cursor}
    return render(request, "deals/board.html#more", {**_side(side, by), "column": cards})


def _side(side: str, by: str) -> dict[str, Any]:
    """What a card needs to know of the board."""
    movable = side == "partner" or by == "state"
    return {"as_partner": side == "partner", "side": side, "by": by, "movable": movable, "today": localdate()}


def _lanes(rows: DealQuerySet, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One lane for each of the vendors with the most deals, a few cards of each stage in it: two queries."""
    most = rows.order_by().values("vendor", "vendor__name").annotate(count=Count("pk")).order_by("-count", "vendor")
    vendors = {row["vendor"]: row for row in most[:LANES]}
    place = Window(RowNumber(), partition_by=[F("vendor"), F("stage")], order_by=[F("amount").desc(), F("pk").desc()])
    shown = rows.filter(vendor__in=vendors).annotate(place=place).filter(place__lte=PER_LANE)
    cells: dict[tuple[int, str], list[Deal]] = {}
    for deal in shown.order_by("-amount", "-pk"):
        cells.setdefault((deal.vendor_id, deal.stage), []).append(deal)
    return [
        {
            "pk": pk,
            "name": row["vendor__name"],
            "count": row["count"],
            "columns": [{**column, "deals": cells.get((pk, column["key"]), [])} for column in columns],
        }
        for pk, row in vendors.items()
    ]


@require_POST
@member_required("deals.view")
def move_card(request: MemberRequest, pk: int) -> HttpResponse:
    """A card was dropped on another column of the board: a stage for the partner, a state for the vendor.

    Answers with the sentence for the screen reader and, where the step can be undone, with the column to go back to.
    """
    deal = fetch(request.actor, pk)
    target = request.POST.get("stage") or request.GET.get("stage", "")
    as_partner = deal.partner_id == request.actor.organisation.pk and target in Stage.values
    before = deal.stage if as_partner else deal.state
    try:
        moved = _moved(request.actor, deal, target, as_partner)
    except DomainError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    words = moved.get_stage_display() if as_partner else moved.get_state_display()
    said = _("%(deal)s is now in “%(column)s”.") % {"deal": deal.title, "column": words}
    undoable = as_partner or {before, target} == {Deal.State.SUBMITTED, Deal.State.IN_REVIEW}
    return JsonResponse({"said": said, "back": before if undoable else ""})


def _moved(actor: Actor, deal: Deal, target: str, as_partner: bool) -> Deal:
    steps: dict[str, Callable[..., Deal]] = {
        Deal.State.IN_REVIEW: actions.take_deal,
        Deal.State.SUBMITTED: actions.release_deal,
        Deal.State.APPROVED: actions.approve_deal,
    }
    if as_partner:
        return actions.set_stage(actor=actor, deal=deal, stage=target)
    if deal.vendor_id == actor.organisation.pk and target in steps:
        return steps[target](actor=actor, deal=deal)
    if deal.vendor_id == actor.organisation.pk and target in Stage.values:
        raise PermissionDenied(_("How far the sale is, %(who)s says.") % {"who": deal.partner})
    raise DomainError(_("That step needs a reason. Open the deal and take it there."))
