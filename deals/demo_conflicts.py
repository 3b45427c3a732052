"""The demo's conflicts: two that an approval blocks, one that partners are being asked about, two decided before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chat.actions import open_room, post_message
from core.models import Sequence as Numbers
from core.numbers import with_check_digit
from deals.actions.conflicts import PREFIX
from deals.demo_history import Sketch, actor_of
from deals.matching.scoring import HOUSE
from deals.models import CaseSide, ConflictCase, ConflictCheck, Deal, KnownPair, ReviewTalk
from partners.actors import system_actor

QUESTION = "Which contact at the customer asked you for the offer, and when? A short note is enough."
ANSWERS = (
    "Their plant manager, on the 3rd; the visit report is attached to the deal.",
    "Purchasing called us after the trade fair; I can send you the mail.",
)
WHY = {
    "keeps": "The customer confirmed in writing with whom it works; the other had only seen the tender.",
    "different": "Two companies of the same name: one in Verona, one in Trento, with different VAT numbers.",
}


def conflicts(world: Any, sketches: Sequence[Sketch]) -> None:
    """Cases of Aurora Pumps in every state, each with the check that raised it."""
    number = 0
    for sketch in sketches:
        if sketch.blocked_by is None:
            continue
        number += 1
        _case(
            world, number, [sketch.blocked_by.deal, sketch.deal], sketch.when, "tax_id" if number == 1 else "name_same"
        )
    aurora = world.orgs["aurora"].pk
    waiting = [s.deal for s in sketches if s.deal.vendor_id == aurora and s.deal.state in {"submitted", "in_review"}]
    free = [deal for deal in waiting if not ConflictCase.objects.filter(sides__deal=deal).exists()]
    pair = _of_two_partners(free)
    if pair:
        number += 1
        _talked_over(world, _case(world, number, pair, world.now - timedelta(days=1), "domain"))
    closed = [s.deal for s in sketches if s.deal.vendor_id == aurora and s.deal.state in {"won", "rejected"}]
    for outcome in ("keeps", "different"):
        pair = _of_two_partners([deal for deal in closed if not deal.case_sides.exists()])
        if pair:
            number += 1
            _decided(world, _case(world, number, pair, pair[1].submitted_at or world.now, "name_postcode"), outcome)
    Numbers.objects.update_or_create(name="case", defaults={"last": number})


def _of_two_partners(deals: Sequence[Deal]) -> list[Deal]:
    """The first two that different partners registered, in the order of their coming."""
    for one in deals:
        for other in deals:
            if other.partner_id != one.partner_id:
                return sorted((one, other), key=lambda deal: deal.submitted_at or deal.created)
    return []


def _case(world: Any, number: int, deals: list[Deal], when: datetime, matched: str) -> ConflictCase:
    case = ConflictCase.objects.create(
        vendor=deals[0].vendor,
        number=with_check_digit(PREFIX, number),
        customer_name=deals[-1].customer_name,
        opened_at=when,
    )
    for deal in deals:
        CaseSide.objects.create(vendor=deal.vendor, case=case, deal=deal, added_at=when)
    score = getattr(HOUSE, matched)
    finding = {"kind": "deal", "deal": deals[0].pk, "account": None, "own": False, "score": score, "matched": [matched]}
    finding |= {"features": {}, "lines": [""]}
    rows = ConflictCheck.objects.filter(deal=deals[-1])
    rows.update(findings=[finding])
    rows.filter(verdict="clear").update(verdict="possible")
    world.trail(system_actor(case.vendor), "case.opened", case, when, parties=())
    return case


def _talked_over(world: Any, case: ConflictCase) -> None:
    """Both partners were asked the same, apart; one has answered."""
    judge = actor_of(world, case.vendor, "channel_manager", None)
    case.state, case.owner = ConflictCase.State.ROOM, judge.user
    case.note = "Called the customer: Ms Ferrari is back on Thursday."
    case.save(update_fields=["state", "owner", "note"])
    for number, side in enumerate(case.sides.select_related("deal__vendor", "deal__partner")):
        deal = side.deal
        talk = ReviewTalk.objects.create(vendor=deal.vendor, partner=deal.partner, deal=deal, opened_at=world.now)
        both = [deal.vendor, deal.partner]
        room = open_room(actor=judge, record=talk, title=f"Review of {deal.number}", organisations=both)
        post_message(actor=judge, room=room, body=QUESTION)
        world.trail(judge, "deal.talk_opened", deal, world.now - timedelta(minutes=50))
        if number == 0:
            seller = actor_of(world, deal.partner, "sales", deal.submitter)
            post_message(actor=seller, room=room, body=ANSWERS[0])
    world.trail(judge, "case.talked", case, world.now - timedelta(minutes=50), parties=())


def _decided(world: Any, case: ConflictCase, outcome: str) -> None:
    judge = actor_of(world, case.vendor, "channel_manager", None)
    sides = list(case.sides.order_by("deal"))
    fates = ("keeps", "duplicate") if outcome == "keeps" else ("different", "different")
    for side, fate in zip(sides, fates, strict=True):
        side.fate = fate
        side.save(update_fields=["fate"])
    if outcome == "different":
        one, other = sorted(side.deal_id for side in sides)
        KnownPair.objects.create(vendor=case.vendor, one_id=one, other_id=other, kind="different", case=case)
    case.state, case.outcome, case.decided_by = ConflictCase.State.DECIDED, outcome, judge.user
    case.decided_at = min(case.opened_at + timedelta(hours=5), world.now)
    case.save(update_fields=["state", "outcome", "decided_by", "decided_at"])
    facts = {"outcome": outcome, "reason": WHY[outcome]}
    world.trail(judge, "case.decided", case, case.decided_at, parties=(), **facts)
