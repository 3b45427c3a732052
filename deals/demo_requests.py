"""What is asked about the demo's deals: more time granted and waiting, an appeal, a revocation that wants a second
person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from deals.demo_history import Sketch, actor_of
from deals.models import Deal, Petition

ANSWER = "Granted; keep us posted on the bids."
REASONS = {
    "extension": (
        "The opening of the bids was put off by six weeks, and the customer wants our prices to hold until then.",
        "The customer's board meets a month later than planned.",
        "The building permit is late; the project goes on.",
    ),
    "appeal": ("The bigger series fits: the data sheet and the customer's curve are in the room.",),
    "revocation": ("The customer says that it never heard of this offer.",),
}


def ask(world: Any, sketches: Sequence[Sketch]) -> None:
    """One request of each kind where it fits, most at Aurora Pumps; one of them decided."""
    aurora = world.orgs["aurora"].pk
    running = [each.deal for each in sketches if each.deal.state == "approved" and each.deal.vendor_id == aurora]
    rejected = [
        each.deal
        for each in sketches
        if each.deal.state == "rejected" and each.deal.decided_at and _days_ago(world, each.deal.decided_at) < 10
    ]
    for number, deal in enumerate(running[:3]):
        _petition(world, deal, "extension", REASONS["extension"][number], granted=number == 0)
    for deal in rejected[:1]:
        _petition(world, deal, "appeal", REASONS["appeal"][0])
    for deal in running[3:4]:
        _petition(world, deal, "revocation", REASONS["revocation"][0])


def _days_ago(world: Any, moment: datetime) -> int:
    return int((world.now - moment).days)


def _petition(world: Any, deal: Deal, kind: str, reason: str, *, granted: bool = False) -> None:
    asked_at = world.now - timedelta(hours=world.rng.randint(3, 40))
    reviewer = actor_of(world, deal.vendor, "channel_manager", deal.owner)
    asker = reviewer if kind == "revocation" else actor_of(world, deal.partner, "sales", deal.submitter)
    row = Petition(deal=deal, vendor=deal.vendor, partner=deal.partner, kind=kind, reason=reason, asked_at=asked_at)
    row.asked_by = asker.user
    parties = row.party_ids()
    if granted:
        row.state, row.decided_at, row.answer = "granted", asked_at + timedelta(hours=2), ANSWER
        row.decided_by = reviewer.user
        _extend(deal)
    row.save()
    world.trail(asker, f"deal.{kind}_asked", deal, asked_at, parties=parties, reason=reason)
    if granted:
        world.trail(reviewer, f"deal.{kind}_granted", deal, row.decided_at, parties=parties, note=row.answer)


def _extend(deal: Deal) -> None:
    if deal.protected_until is None:
        return
    deal.protected_until += timedelta(days=deal.type.extension_days)
    deal.save(update_fields=["protected_until"])
    deal.protections.update(end=max(deal.protected_until, localdate()))
