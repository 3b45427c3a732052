"""What a registration is held against: others' registrations and protections, the vendor's own list, tender, losses."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate, now

from core.models import TrailEntry
from deals import matching
from deals.actions.clusters import cluster_of
from deals.matching import Company, Rules
from deals.matching.judging import Weighed
from deals.models import Deal, MatchKey, NamedAccount, Protection
from deals.models.types import LONGEST_COOL_OFF

COMPARED = (
    "state",
    "partner_id",
    "project_number",
    *(
        f"customer_{part}"
        for part in ("name", "country", "postcode", "city", "vat", "lei", "duns", "gln", "domain", "email", "phone")
    ),
)
TERMS = ("type__cool_off_days", "type_version__terms", "type_version__number")
NEAR = 20  # points below "possible" from which on a near miss is worth keeping for a replay,
KEPT = 25  # and how many of them
PAUSED = Q(deal__in=Deal.objects.filter(petitions__kind="extension", petitions__state="pending"))


def product_lines_of(deal: Deal) -> set[str]:
    """The product lines of a deal; an empty one stands for every product, and then for all others too."""
    named = set(deal.lines.values_list("product_line", flat=True))
    return {""} if "" in named or not named else named


def overlap(mine: set[str], theirs: set[str]) -> bool:
    """True when two sets of product lines have one in common, or one of them stands for every product."""
    return "" in mine or "" in theirs or bool(mine & theirs)


def common(mine: set[str], theirs: set[str]) -> list[str]:
    """The product lines that two sets have in common; "" where one stands for every product."""
    return [""] if "" in mine or "" in theirs else sorted(mine & theirs)


def weigh(deal: Deal, rules: Rules) -> list[Weighed]:
    """All that the deal is held against, the likest first, at most as many as are compared in full."""
    me, lines = deal.company, product_lines_of(deal)
    # Where nothing was found the same is asked of a row that does not exist: how long it takes says nothing either.
    candidates = MatchKey.objects.candidates(deal.vendor_id, matching.keys(me))
    deals = [each.deal for each in candidates if each.deal and each.deal != deal.pk] or [0]
    accounts = [each.account for each in candidates if each.account] or [0]
    weighed = [
        *_protections(deal, me, lines, deals, rules),
        *_registrations(deal, me, lines, deals),
        *_accounts(me, lines, accounts),
        *_tender(deal, lines),
    ]
    scored = [(100 if each["kind"] == "tender" else matching.score(each["features"], rules), each) for each in weighed]
    scored.sort(key=lambda pair: -pair[0])
    near = [each for score, each in scored if rules.possible - NEAR <= score < rules.possible]
    return [each for score, each in scored if score >= rules.possible] + near[:KEPT]


def _weighed(kind: str, lines: list[str], found: dict[str, float], **values: Any) -> Weighed:
    plain: Weighed = {
        "kind": kind,
        "deal": None,
        "account": None,
        "own": False,
        "exclusive": False,
        "features": found,
        "lines": lines,
    }
    return {**plain, **values}  # type: ignore[typeddict-item]


def _protections(deal: Deal, me: Company, lines: set[str], ids: list[int], rules: Rules) -> list[Weighed]:
    """What runs today, of the candidates and of the customer whom the vendor knows by these very keys."""
    today = localdate()
    known = cluster_of(deal.vendor_id, deal.customer_keys, me)
    rows = Protection.objects.filter(vendor=deal.vendor_id, start__lte=today).filter(Q(end__gte=today) | PAUSED)
    rows = rows.filter(Q(deal__in=ids) | Q(cluster=known)).exclude(deal=deal.pk)
    grouped: dict[int, list[Protection]] = {}
    for row in rows.select_related("deal").order_by("-end", "pk")[:200]:
        grouped.setdefault(row.deal_id, []).append(row)
    found = []
    for held in grouped.values():
        features = matching.features(me, held[0].deal.company)
        if known and held[0].cluster_id == known.pk and matching.score(features, rules) < rules.same:
            features["known"] = 1.0
        found.append(
            _weighed(
                "protection",
                common(lines, {row.product_line for row in held}),
                features,
                deal=held[0].deal_id,
                own=held[0].deal.partner_id == deal.partner_id,
                exclusive=any(row.exclusive for row in held),
            )
        )
    return found


def _registrations(deal: Deal, me: Company, lines: set[str], ids: list[int]) -> list[Weighed]:
    """What is open, and what was lost so lately that the customer is left alone for a time."""
    kinds = dict.fromkeys(Deal.OPEN, "deal") | {Deal.State.LOST: "loss"}
    rows = Deal.objects.filter(vendor=deal.vendor_id, pk__in=ids, state__in=list(kinds))
    rows = rows.exclude(protections__isnull=False).select_related("type", "type_version")
    lost_at = _lost_at(ids)
    return [
        _weighed(
            kinds[Deal.State(each.state)],
            common(lines, {line.product_line for line in each.lines.all()} or {""}),
            matching.features(me, each.company),
            deal=each.pk,
            own=each.partner_id == deal.partner_id,
        )
        for each in rows.only(*COMPARED, *TERMS).prefetch_related("lines").order_by("pk")
        if each.state != Deal.State.LOST or _rests(each, lost_at.get(each.pk))
    ]


def _lost_at(ids: Iterable[int]) -> dict[int, datetime]:
    """When those of the registrations were lost that can still be in their cool-off."""
    since = now() - timedelta(days=LONGEST_COOL_OFF)
    said = TrailEntry.objects.filter(verb="deal.lost", target=Deal._meta.label_lower, target_id__in=ids)
    return dict(said.filter(created__gte=since).order_by("created").values_list("target_id", "created"))


def _rests(lost: Deal, moment: datetime | None) -> bool:
    """True in the cool-off that the terms gave under which it was registered."""
    return moment is not None and moment + timedelta(days=lost.terms.cool_off_days) >= now()


def _accounts(me: Company, lines: set[str], ids: list[int]) -> list[Weighed]:
    return [
        _weighed(
            "named_account" if each.kind == NamedAccount.Kind.NAMED else "incumbent",
            common(lines, {each.product_line}),
            matching.features(me, each.company),
            account=each.pk,
        )
        for each in NamedAccount.objects.filter(pk__in=ids).order_by("pk")
        if not each.is_over
    ]


def _tender(deal: Deal, lines: set[str]) -> list[Weighed]:
    """A tender that was public before the registration: who comes first has no merit in it."""
    published = getattr(deal, "tender_published_on", None)
    if not getattr(deal, "is_tender", False) or published is None:
        return []
    day = localdate(deal.submitted_at) if deal.submitted_at else localdate()
    return [_weighed("tender", sorted(lines), {})] if published <= day else []
