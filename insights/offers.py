"""Offers of leads: the sets of them, and how many each has. What happened is read from the trail."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.listing import Column, Empty, Listing
from core.models import TrailEntry
from insights.kept import kept
from insights.scopes import Scope
from leads.models import LeadOffer

Text = str | Promise
NARROWED_BY = frozenset({"with", "territory"})


@dataclass(frozen=True, slots=True)
class OfferSet:
    """A set of offers made within the days."""

    code: str
    label: Text
    condition: Callable[[], Q]


def _happened(verb: str) -> Q:
    """The offer's own trail has the verb; what came later does not undo that."""
    entries = TrailEntry.objects.filter(target="leads.leadoffer", target_id=OuterRef("pk"), verb=verb)
    return Q(Exists(entries))


def _accepted() -> Q:
    return _happened("lead.accepted")


SETS: dict[str, OfferSet] = {
    each.code: each
    for each in (
        OfferSet("settled", _("Offers settled"), lambda: _accepted() | Q(state__in=("declined", "expired"))),
        OfferSet("accepted", _("Offers accepted"), _accepted),
        OfferSet("converted", _("Offers registered"), lambda: _accepted() & _happened("lead.converted")),
    )
}


def may_see(scope: Scope) -> bool:
    """Leads are for those who may see them."""
    return scope.actor.can("leads.view")


def offers_of(scope: Scope, code: str) -> QuerySet[LeadOffer]:
    """The offers of a set; none where a filter is on that offers know nothing of."""
    start, end = scope.moments
    mine = LeadOffer.objects.visible_to(scope.actor).filter(**{scope.side: scope.actor.organisation.pk})
    if not may_see(scope) or scope.narrow.keys() - NARROWED_BY:
        return mine.none()
    found = mine.filter(offered_at__gte=start, offered_at__lt=end)
    for key, path in (("with", scope.other), ("territory", "partnership__territory")):
        if key in scope.narrow:
            found = found.filter(**{path: scope.narrow[key]})
    return found.filter(set_of(code).condition())


def set_of(code: str) -> OfferSet:
    """The set of this name; the settled ones where there is none."""
    return SETS.get(code, SETS["settled"])


def offer_counts(scope: Scope) -> dict[str, int]:
    """How many offers each set has."""
    return {code: offers_of(scope, code).count() for code in SETS}


def _narrowed(rows: QuerySet, scope: Scope, code: str) -> QuerySet:
    """Those of the set."""
    return rows.filter(pk__in=offers_of(scope, code).values("pk"))


LIST = Listing(
    key="insights-offers",
    title=_("Offers behind a figure"),
    columns=(
        Column("lead", _("Lead"), kind="link", get=str),
        Column("partner", _("Partner"), kind="mark", sort="partner__name"),
        Column("vendor", _("Vendor"), kind="mark", sort="vendor__name"),
        Column("state", _("State"), kind="state"),
        Column("offered_at", _("Offered"), kind="day", sort="offered_at"),
        Column("answered_at", _("Answered"), kind="day", phone=False),
    ),
    filters=kept(("side", "set", "from", "to", "with", "territory"), _narrowed),
    default_sort="-offered_at",
    template="insights/rows.html",
    empty=Empty(
        _("No offers stand behind this figure"),
        _("Choose other days, or take a filter away on the dashboard."),
        _("To the dashboard"),
        "insights:deals",
        "chart-column",
    ),
)


def listing_for(scope: Scope, code: str) -> Listing:
    """The list under the heading of its set, each row leading to its side's own page of it."""
    columns = tuple(replace(each, shown=each.key != scope.side) for each in LIST.columns)
    return replace(LIST, title=set_of(code).label, columns=columns, row_url=_vendor_url if scope.as_vendor else _url)


def _vendor_url(offer: LeadOffer) -> str:
    return offer.lead.get_absolute_url()


def _url(offer: LeadOffer) -> str:
    return offer.get_absolute_url()
