"""Deals in a table and on a board."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from core.bulk import chosen, on_each
from core.listing import Bulk, Choice, Column, Create, Empty, Flag, Listing, Period, View
from core.models import TrailEntry
from deals import asked
from deals.actions import take_deal
from deals.forms.beside import colleagues_of
from deals.forms.pieces import CURRENCIES
from deals.models import Activity, Deal, Forecast, Stage
from deals.models.stages import category_is
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Partnership

WON = ("deal.won", "deal.won_by_hand")


def counterparts(actor: Actor) -> Iterable[tuple[int, str]]:
    """The companies on the other side of a partnership, in either direction."""
    edges = Partnership.objects.visible_to(actor)
    sides = edges.values_list("vendor_id", "vendor__name", "partner_id", "partner__name")
    both = {
        pair
        for vendor, of_vendor, partner, of_partner in sides
        for pair in ((vendor, of_vendor), (partner, of_partner))
    }
    return sorted((pair for pair in both if pair[0] != actor.organisation.pk), key=lambda pair: pair[1])


class Counted(Choice):
    """Deals that the forecast counts so, by the partner's word or by the stage."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep the deals of the chosen categories."""
        chosen = [option["value"] for option in self.options(params, actor)["on"]]
        if not params.getlist(self.key):
            return rows
        condition = Q(pk__in=())
        for category in chosen:
            condition |= category_is(category)
        return rows.filter(condition)


class Seller(Choice):
    """Deals that one of one's own colleagues sells; 0 stands for nobody."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep what the chosen ones sell. Who sells at a partner is no filter of the vendor's."""
        if not params.getlist(self.key):
            return rows
        chosen = {option["value"] for option in self.options(params, actor)["on"]}
        nobody = Q(seller=None) if "0" in chosen else Q(pk__in=())
        return rows.filter(Q(seller__in=chosen - {"0"}) | nobody, partner=actor.organisation)


class EndsWithin(Choice):
    """Deals whose protection ends in so many days."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep the approved deals whose last day is near."""
        days = [int(option["value"]) for option in self.options(params, actor)["on"]]
        if not params.getlist(self.key):
            return rows
        until = localdate() + timedelta(days=max(days, default=-1))
        return rows.filter(state=Deal.State.APPROVED, protected_until__range=(localdate(), until))


class Owed(Flag):
    """Deals with an activity that should have been done."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep the deals with something overdue that the actor may know of."""
        if params.get(self.key) != "1":
            return rows
        return rows.filter(pk__in=Activity.objects.visible_to(actor).overdue().values("deal"))


@dataclass(frozen=True, slots=True)
class Held(Choice):
    """A filter that a link brings along: shown while it is on, chosen nowhere."""

    kind: str = "held"
    condition: Callable[[Any, str], Q] = lambda _actor, _value: Q()

    def options(self, params: Any, actor: Any) -> dict[str, Any]:
        """What is on, and its name."""
        value, names = params.get(self.key, ""), dict(cast("Any", self.choices))
        return {"on": value in names, "value": value, "name": names.get(value, "")}

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep the rows of the value; one that is not known narrows nothing."""
        chosen = self.options(params, actor)
        return rows.filter(self.condition(actor, chosen["value"])) if chosen["on"] else rows


class WonWithin(Period):
    """Deals reported as won within some days; the trail knows when."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep what was reported as won in these days."""
        if not self.options(params, actor)["on"]:
            return rows
        told = TrailEntry.objects.visible_to(actor).filter(verb__in=WON, target="deals.deal")
        named = Period(self.key, self.label, field="created").apply(told, params, actor)
        return rows.filter(pk__in=named.values("target_id"))


class Counterpart(Choice):
    """Rows with one company, whichever side it is on."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep those that have a chosen company as vendor or partner."""
        if not params.getlist(self.key):
            return rows
        chosen = [option["value"] for option in self.options(params, actor)["on"]]
        return rows.filter(Q(vendor__in=chosen) | Q(partner__in=chosen))


def _further(deal: Deal) -> str:
    """What was filled in of the fields that the type alone asks for."""
    return "; ".join(f"{label}: {text}" for label, text in asked.shown(deal.terms, deal.values))


def _sellers(actor: Actor) -> list[tuple[int, Any]]:
    return [*colleagues_of(actor), (0, gettext_lazy("Nobody"))]


SIDES = (("partner", gettext_lazy("We sell")), ("vendor", gettext_lazy("We decide")))
CURRENCY_NAMES = tuple((code, code) for code in CURRENCIES)
DATED = (("1", gettext_lazy("has a day")),)
ENDS = ((7, gettext_lazy("7 days")), (30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")))
TERMS = ("type", "type_version")
LIST = Listing(
    key="deals",
    title=gettext_lazy("Deals"),
    columns=(
        Column("title", gettext_lazy("Project"), kind="link", get=lambda d: d.title or _("Draft"), sort="title"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number"),
        Column("customer_name", gettext_lazy("End customer"), sort="customer_name"),
        Column("partner", gettext_lazy("Partner"), kind="mark", phone=False, sort="partner__name", joins=("partner",)),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False, sort="vendor__name", joins=("vendor",)),
        Column("stage", gettext_lazy("Stage"), get=lambda deal: deal.get_stage_display(), phone=False, shown=False),
        Column("amount", gettext_lazy("Value"), kind="money", get=lambda d: (d.amount, d.currency), sort="amount"),
        Column("probability", gettext_lazy("Probability"), kind="percent", phone=False, shown=False),
        Column(
            "weighted",
            gettext_lazy("Weighted"),
            kind="money",
            get=lambda d: (d.weighted, d.currency),
            phone=False,
            shown=False,
        ),
        Column("forecast", gettext_lazy("Forecast"), get=lambda d: d.category.label, phone=False, shown=False),
        Column("seller", gettext_lazy("Sold by"), phone=False, shown=False, joins=("seller",)),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("decision_date", gettext_lazy("Decision"), kind="day", phone=False, shown=False),
        Column("protected_until", gettext_lazy("Protected until"), kind="day", phone=False),
        Column("type", gettext_lazy("Type"), get=lambda deal: deal.terms.name, phone=False, shown=False, joins=TERMS),
        Column("values", gettext_lazy("Further fields"), get=_further, phone=False, shown=False, joins=TERMS),
        Column("created", gettext_lazy("Created"), kind="ago", sort="created", phone=False),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Deal.State.choices),
        Choice("stage", gettext_lazy("Stage"), choices=Stage.choices),
        Counterpart("with", gettext_lazy("Company"), choices=counterparts),
        Period("created", gettext_lazy("Created")),
        Flag("protected", gettext_lazy("Protected now"), Q(state=Deal.State.APPROVED)),
        Counted("counted", gettext_lazy("Forecast"), choices=Forecast.choices),
        Period("decision", gettext_lazy("Decision"), field="decision_date", moment=False),
        Period("decided", gettext_lazy("Decided"), field="decided_at"),
        WonWithin("won", gettext_lazy("Won on")),
        Seller("seller", gettext_lazy("Sold by"), choices=_sellers),
        EndsWithin("ends", gettext_lazy("Ends within"), choices=ENDS),
        Owed("owed", gettext_lazy("Activity overdue"), Q()),
        Held("side", gettext_lazy("Side"), SIDES, condition=lambda actor, side: Q(**{side: actor.organisation.pk})),
        Held("currency", gettext_lazy("Currency"), CURRENCY_NAMES, condition=lambda _actor, code: Q(currency=code)),
        Held("dated", gettext_lazy("Decision"), DATED, condition=lambda _actor, _value: Q(decision_date__isnull=False)),
    ),
    views=(
        View("open", gettext_lazy("Open deals"), "&".join(f"state={state}" for state in Deal.OPEN)),
        View("drafts", gettext_lazy("Drafts"), "state=draft"),
        View("won", gettext_lazy("Won"), "state=won"),
        View("all", gettext_lazy("All")),
    ),
    search_in="search_text",
    default_sort="-created",
    bulk=(
        Bulk("take", gettext_lazy("Take"), "deals:bulk_take", capability="deals.decide"),
        Bulk("revise", gettext_lazy("Stage and seller…"), "deals:bulk_revise", capability="deals.register"),
    ),
    row_url=lambda deal: deal.get_absolute_url(),
    panel=True,
    live="deal",
    create=Create(gettext_lazy("Register a deal"), "deals:new", capability="deals.register"),
    links=(
        (gettext_lazy("Board"), "deals:board"),
        (gettext_lazy("Forecast"), "deals:forecast"),
        (gettext_lazy("Dates"), "deals:dates"),
        (gettext_lazy("Activities"), "deals:activities"),
    ),
    empty=Empty(
        gettext_lazy("No deals here yet"),
        gettext_lazy("A partner registers the sale it works on, and is protected once the vendor approves it."),
        gettext_lazy("Register a deal"),
        "deals:new",
        "handshake",
    ),
)


@require_GET
@member_required("deals.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """All deals that the organisation is a party to. A column that would always name oneself is hidden at first."""
    actor = request.actor
    edges = Partnership.objects.visible_to(actor)
    sells, buys = Deal.sides(actor)
    sides = {
        "partner": (edges.filter(vendor=actor.organisation), buys),
        "vendor": (edges.filter(partner=actor.organisation), sells),
    }
    shown = {side: condition for side, (rows, condition) in sides.items() if rows.exists()}
    columns = tuple(replace(each, shown=each.key in shown) if each.key in sides else each for each in LIST.columns)
    prepares = actor.can("deals.prepare") and "partner" in shown
    links = (*LIST.links, (gettext_lazy("Prepare for a partner"), "deals:prepare")) if prepares else LIST.links
    listing = replace(LIST, columns=columns, links=links, sides=tuple(shown.values()))
    return listing.respond(request, Deal.objects.visible_to(actor))


@require_POST
@member_required("deals.decide")
def bulk_take(request: MemberRequest) -> HttpResponse:
    """Take the chosen registrations; those that cannot be taken are left as they are, and counted."""
    rows = Deal.objects.visible_to(request.actor).filter(pk__in=chosen(request)).order_by("pk")
    taken, left = on_each(rows, lambda deal: take_deal(actor=request.actor, deal=deal))
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
