"""What happened to the demo's deals, and when: decided before they are written, told to the trail after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from core.models import TrailEntry
from deals import demo_cast as cast
from deals import working_time
from deals.models import Deal, DealLine
from partners.actors import Actor, system_actor

State = Deal.State
PROTECTED = frozenset({State.APPROVED, State.WON, State.LOST, State.EXPIRED, State.REVOKED})
DECIDED = PROTECTED | {State.REJECTED}


@dataclass
class Sketch:
    """A deal before it is written: its lines, when it was submitted, and what came of it when."""

    deal: Deal
    when: datetime
    lines: list[DealLine] = field(default_factory=list)
    blocked_by: "Sketch | None" = None
    moments: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the trail to be."""

    when: datetime
    actor: Actor
    verb: str
    deal: Deal
    parties: tuple[int, ...] | None = None
    data: dict[str, Any] = field(default_factory=dict)


def decide(world: Any, sketch: Sketch) -> None:
    """Let its life happen to a sketched deal: taken, perhaps returned, decided, closed. All before now."""
    deal, rng, moments = sketch.deal, world.rng, sketch.moments
    if deal.state in {State.DRAFT, State.SUBMITTED}:
        return
    moments["taken"] = _later(world, sketch.when, 15, 200)
    last = moments["taken"]
    if deal.state == State.RETURNED or (deal.state in DECIDED and rng.random() < 0.25):
        last = moments["returned"] = _later(world, last, 20, 120)
        deal.returned_at = last
    if deal.state == State.RETURNED:
        deal.returned_fields, deal.returned_reason = rng.choice(cast.RETURNS)
        deal.sla_minutes_left, deal.sla_due_at = 240, None
        return
    if "returned" in moments:
        last = moments["resubmitted"] = _later(world, last, 60, 900)
        last = moments["retaken"] = _later(world, last, 10, 120)
    if deal.state == State.IN_REVIEW:
        return
    deal.sla_due_at = None
    if deal.state in DECIDED:
        last = moments["decided"] = _later(world, last, 20, 240)
        deal.decided_at, deal.decided_by = last, deal.owner
    if deal.state in PROTECTED:
        deal.protected_from = localdate(last)
        deal.protected_until = deal.protected_from + timedelta(days=deal.protection_days)
    _close(world, sketch, last)


def _close(world: Any, sketch: Sketch, last: datetime) -> None:
    deal, rng, moments = sketch.deal, world.rng, sketch.moments
    if deal.state == State.REJECTED:
        deal.closure_code, deal.closure_note = rng.choice(cast.REJECTIONS)
    elif deal.state == State.LOST:
        deal.closure_code, deal.closure_note = rng.choice(cast.LOSSES)
        moments["closed"] = _later(world, last, 3000, 12000)
    elif deal.state == State.WITHDRAWN:
        moments["closed"] = _later(world, last, 600, 3000)
    elif deal.state == State.WON:
        deal.closure_code, deal.closure_note = "order", f"45{rng.randint(10_000_000, 99_999_999)}"
        deal.probability = 100
        moments["closed"] = _later(world, last, 3000, 14000)
    elif deal.state == State.REVOKED:
        deal.closure_note = rng.choice(cast.REVOCATIONS)
        moments["closed"] = _later(world, last, 600, 9000)
        deal.protected_until = localdate(moments["closed"])
    elif deal.state == State.EXPIRED and deal.protected_until:
        moments["closed"] = min(world.now, last + timedelta(days=deal.protection_days + 1))


def _later(world: Any, moment: datetime, least: int, most: int) -> datetime:
    """Some business minutes later, but never in the future."""
    later = working_time.add_minutes(moment, world.rng.randint(least, most))
    return min(later, max(moment, world.now - timedelta(minutes=2)))


def story_of(world: Any, sketch: Sketch) -> Iterator[Event]:
    """The entries of the trail that a deal's life left."""
    deal, at = sketch.deal, sketch.moments
    seller = actor_of(world, deal.partner, "sales", deal.submitter)
    yield Event(deal.created, seller, "deal.drafted", deal, ())
    if deal.state == State.DRAFT:
        return
    reviewer = actor_of(world, deal.vendor, "channel_manager", deal.owner)
    yield Event(sketch.when, seller, "deal.submitted", deal)
    if sketch.blocked_by:
        yield Event(sketch.when, system_actor(deal.vendor), "deal.queued", deal, ())
    steps: tuple[tuple[str, Actor, str, dict[str, Any]], ...] = (
        ("taken", reviewer, "deal.taken", {}),
        ("returned", reviewer, "deal.returned", {"reason": deal.returned_reason or cast.RETURNS[0][1]}),
        ("resubmitted", seller, "deal.resubmitted", {}),
        ("retaken", reviewer, "deal.taken", {}),
        ("decided", system_actor(deal.vendor) if deal.decided_rule else reviewer, *_decision(deal)),
        ("closed", *_closing(deal, seller, reviewer)),
    )
    for name, actor, verb, data in steps:
        if name in at:
            yield Event(at[name], actor, verb, deal, None, data)


def _decision(deal: Deal) -> tuple[str, dict[str, Any]]:
    if deal.state == State.REJECTED:
        return "deal.rejected", {"code": deal.closure_code, "note": deal.closure_note}
    said = {"until": deal.protected_until.isoformat() if deal.protected_until else ""}
    if rule := deal.decided_rule:
        return "deal.approved_by_rule", {**said, "rule": rule["name"], "rule_version": rule["version"]}
    return "deal.approved", said


def _closing(deal: Deal, seller: Actor, reviewer: Actor) -> tuple[Actor, str, dict[str, Any]]:
    if deal.state == State.WON:
        return system_actor(deal.vendor), "deal.won", {"order": deal.closure_note}
    if deal.state == State.EXPIRED:
        return system_actor(deal.vendor), "deal.expired", {}
    if deal.state == State.REVOKED:
        return reviewer, "deal.revoked", {"note": deal.closure_note}
    if deal.state == State.LOST:
        return seller, "deal.lost", {"code": deal.closure_code, "note": deal.closure_note}
    return seller, "deal.withdrawn", {"note": deal.closure_note}


def actor_of(world: Any, organisation: Any, preset: str, user: Any) -> Actor:
    """The member that acted, in the role that they have."""
    key = world.key_of(organisation)
    mine = [each for each in world.members[key] if user is not None and each.user_id == user.pk]
    if not mine:
        return world.actor(key, preset)
    return Actor(organisation, mine[0].capabilities(), "web", user=mine[0].user, membership=mine[0])


def tell(world: Any, events: Iterable[Event]) -> list[TrailEntry]:
    """Write the events, in the order in which they happened."""
    return [
        world.trail(each.actor, each.verb, each.deal, each.when, parties=each.parties, **each.data)
        for each in sorted(events, key=lambda event: (event.when, event.deal.pk))
    ]
