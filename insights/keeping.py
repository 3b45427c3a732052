"""Keep the facts: one deal after each of its events, all of them by the command, a part of them every night."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.models import TrailEntry
from deals.models import Deal
from insights.business_time import VendorClock
from insights.folding import VERBS, Fold, fold
from insights.models import ConflictFact, DealFact

AT_ONCE = 500
COLUMNS = (
    "submitted_at",
    "returns",
    "promised",
    "due_at",
    "decided_at",
    "decision",
    "minutes",
    "in_time",
    "reviewer_id",
    "approved_at",
    "extensions",
    "outcome",
    "closed_at",
)
PARTIES = ("vendor_id", "partner_id", "partnership_id")


@dataclass
class Kept:
    """What keeping found: how many facts there are now, and the deals whose fact was not what the trail says."""

    facts: int = 0
    mended: list[int] = field(default_factory=list)


def keep(deal_ids: Iterable[int]) -> Kept:
    """Fold the trail of these deals anew and write what differs. Harmless when repeated, right in any order."""
    kept = Kept()
    for ids in _chunks(sorted(set(deal_ids))):
        with transaction.atomic():
            _keep_some(ids, kept)
    return kept


def keep_all() -> Kept:
    """Fold the whole trail: after an upgrade, or when the nightly check mended more than it should."""
    ids = Deal.objects.exclude(number="").order_by("pk").values_list("pk", flat=True)
    return keep(ids.iterator(chunk_size=5000))


def _keep_some(ids: list[int], kept: Kept) -> None:
    # Locked first, read after: of two events that are handed on at once, the last to write has read both.
    rows = Deal.objects.filter(pk__in=ids).select_related("type").order_by("pk")
    deals = list(rows.select_for_update(of=("self",), no_key=True))
    entries = _entries_of(ids)
    clocks = {vendor: VendorClock.of(vendor) for vendor in {deal.vendor_id for deal in deals}}
    folded = {deal.pk: _folded(deal, entries[deal.pk], clocks[deal.vendor_id]) for deal in deals}
    before = {fact.deal_id: fact for fact in DealFact.objects.filter(deal__in=ids)}
    wanted = {deal.pk: _fact(deal, folded[deal.pk]) for deal in deals if folded[deal.pk].submitted_at}
    changed = [fact for pk, fact in wanted.items() if _told(fact) != _told(before.get(pk))]
    DealFact.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["deal"],
        update_fields=[name.removesuffix("_id") for name in (*PARTIES, *COLUMNS)],
    )
    DealFact.objects.filter(deal__in=before.keys() - wanted.keys()).delete()
    _keep_conflicts(deals, folded)
    kept.facts += len(wanted)
    kept.mended += sorted({fact.deal_id for fact in changed} | (before.keys() - wanted.keys()))


def _keep_conflicts(deals: list[Deal], folded: dict[int, Fold]) -> None:
    rows = [
        ConflictFact(deal=deal, vendor_id=deal.vendor_id, met_at=met_at)
        for deal in deals
        if (met_at := folded[deal.pk].met_at)
    ]
    ConflictFact.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["deal"], update_fields=["vendor", "met_at"]
    )


def _folded(deal: Deal, entries: list[TrailEntry], clock: VendorClock) -> Fold:
    promised = deal.type.review_hours * 60
    return fold(entries, promised=promised, clock=clock, key=lambda entry: (entry.created, entry.pk))  # type: ignore[attr-defined]


def _fact(deal: Deal, folded: Fold) -> DealFact:
    parties = {name: getattr(deal, name) for name in PARTIES}
    return DealFact(deal=deal, **parties, **folded.values())


def _told(fact: DealFact | None) -> tuple[Any, ...] | None:
    return None if fact is None else tuple(getattr(fact, name) for name in (*PARTIES, *COLUMNS))


def _entries_of(ids: list[int]) -> defaultdict[int, list[TrailEntry]]:
    rows: QuerySet[TrailEntry] = TrailEntry.objects.filter(target="deals.deal", target_id__in=ids, verb__in=VERBS)
    found: defaultdict[int, list[TrailEntry]] = defaultdict(list)
    for entry in rows.only("verb", "created", "user_id", "data", "target_id"):
        found[entry.target_id].append(entry)
    return found


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
