"""Deals with a history: what happened when, in the trail, and the facts that follow from it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.models import TrailEntry, TrailReader
from insights.keeping import keep
from tests.deals.factories import DealFactory

ROME = ZoneInfo("Europe/Rome")


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026, by default in November (the 2nd is a Monday)."""
    return datetime(2026, month, day, hour, minute, tzinfo=ROME)


def tell(deal, verb: str, when: datetime, user=None, **data) -> TrailEntry:
    """An entry of the trail, handed on already."""
    private = verb in {"deal.queued", "deal.matched"}
    entry = TrailEntry.objects.create(
        organisation=deal.vendor,
        user=user,
        via="web",
        verb=verb,
        target="deals.deal",
        target_id=deal.pk,
        title=str(deal)[:200],
        data=data,
        created=when,
        fanned_out_at=when,
    )
    readers = {deal.vendor_id} if private else {deal.vendor_id, deal.partner_id}
    TrailReader.objects.bulk_create([TrailReader(entry=entry, organisation_id=pk) for pk in readers])
    return entry


def story(partnership, *steps, user=None, **fields):
    """A deal whose life was `steps`: pairs of a verb without "deal." and its moment. Its facts are kept."""
    deal = DealFactory(partnership=partnership, **fields)
    for verb, when in steps:
        tell(deal, f"deal.{verb}", when, user if verb in {"approved", "rejected"} else None)
    keep([deal.pk])
    return deal
