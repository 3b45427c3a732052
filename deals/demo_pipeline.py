"""What stands beside the demo's deals: who sells, what is planned and done, notes, contacts, fields that changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from deals.demo_history import Sketch, actor_of
from deals.models import Activity, Contact, Deal, FieldChange, Note, ToldContact
from deals.models.aside import beside

TO_DO = (
    ("call", "Call the plant manager about the site visit", 20, True),
    ("meeting", "Walk through the pump room with their engineer", 90, True),
    ("mail", "Send the revised curve and the delivery times", 0, False),
    ("task", "Ask for the drawings of the old foundation", 0, False),
    ("call", "Hear whether the board has met", 15, False),
    ("meeting", "Present the offer to purchasing", 60, True),
    ("task", "Check the freight to the upper station", 0, False),
)
NOTES = (
    ("They will not sign before the building permit; the mayor's office says two more weeks.", False),
    ("KSB came with 4 % less, but without commissioning. Our service is what they want.", False),
    ("The customer confirmed the duty point: 120 m³/h at 64 m, two running and one standby.", True),
    ("Delivery must not fall into the bottling season, August and September.", True),
)
PEOPLE = (
    ("Giulia Ferri", "Plant manager", "judges", "+390458012345"),
    ("Paolo Zanetti", "Head of purchasing", "buys", "+390458012346"),
    ("Anna Keller", "Managing director", "decides", "+4924180900"),
    ("Pierre Morel", "Maintenance", "uses", "+33240123456"),
    ("Elin Berg", "Finance", "pays", "+46480123456"),
)
FORECASTS = ("", "", "", "", "best_case", "committed", "omitted")


def sell(world: Any, sketches: Sequence[Sketch]) -> None:
    """Before the deals are written: whose sale each is, and what its partner counts on."""
    for sketch in sketches:
        deal = sketch.deal
        deal.seller = deal.submitter
        if deal.state in Deal.OPEN:
            deal.forecast = world.rng.choice(FORECASTS)


def stand_beside(world: Any, sketches: Sequence[Sketch]) -> None:
    """After the deals are written: a few lines beside each open one."""
    rng = world.rng
    open_ = [each.deal for each in sketches if each.deal.state in Deal.OPEN]
    Activity.objects.bulk_create(row for deal in open_ for row in _activities(world, deal, rng.randint(1, 3)))
    Note.objects.bulk_create(_note(world, deal) for deal in open_ if rng.random() < 0.6)
    FieldChange.objects.bulk_create(row for deal in open_ for row in _changes(world, deal))
    _contacts(world, open_)


def _seller(world: Any, deal: Deal) -> Any:
    return actor_of(world, deal.partner, "sales", deal.submitter)


def _activities(world: Any, deal: Deal, number: int) -> Iterator[Activity]:
    rng, seller = world.rng, _seller(world, deal)
    for kind, subject, minutes, shared in rng.sample(TO_DO, number):
        due = _at(world, rng.randint(-9, 20))
        row = Activity(**beside(deal, deal.partner, shared), kind=kind, subject=subject, minutes=minutes, due_at=due)
        row.assignee = row.created_by = seller.user
        row.created = min(world.now, due) - timedelta(days=rng.randint(1, 6))
        if due < world.now and rng.random() < 0.75:
            row.done_at, row.done_by = due + timedelta(minutes=minutes + 5), seller.user
        yield row


def _at(world: Any, days: int) -> datetime:
    day: datetime = world.now + timedelta(days=days)
    day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    return day.replace(hour=world.rng.choice((9, 10, 11, 14, 15, 16)), minute=world.rng.choice((0, 30)))


def _note(world: Any, deal: Deal) -> Note:
    text, shared = world.rng.choice(NOTES)
    written = world.now - timedelta(days=world.rng.randint(0, 12), minutes=world.rng.randint(5, 400))
    seller = _seller(world, deal)
    return Note(**beside(deal, deal.partner, shared), text=text, author=seller.user, created=written)


def _changes(world: Any, deal: Deal) -> Iterator[FieldChange]:
    """A value that grew and a decision that moved, since the approval."""
    if deal.state != Deal.State.APPROVED or deal.decided_at is None or deal.decision_date is None:
        return
    seller, placed = _seller(world, deal), beside(deal, deal.partner, True)
    said = {"user": seller.user, "who": seller.name}
    then = deal.decided_at + (world.now - deal.decided_at) / 2
    if world.rng.random() < 0.3:
        before = (deal.amount * Decimal("0.92")).quantize(Decimal(1))
        after = f"{deal.amount.normalize():f}"
        yield FieldChange(**placed, **said, field="amount", before=str(before), after=after, created=then)
    if world.rng.random() < 0.3:
        before_day = deal.decision_date - timedelta(days=21)
        days = {"before": before_day.isoformat(), "after": deal.decision_date.isoformat()}
        yield FieldChange(
            **placed, **said, **days, field="decision_date", reason="The board meets later.", created=then
        )


def _contacts(world: Any, deals: Sequence[Deal]) -> None:
    for deal in deals:
        if deal.customer_id is None or Contact.objects.filter(customer=deal.customer_id).exists():
            continue
        name, role, part, phone = world.rng.choice(PEOPLE)
        address = f"{name.lower().replace(' ', '.')}@customer-{deal.customer_id}.example"
        said = {"name": name, "role": role, "part": part, "phone": phone, "email": address}
        row = Contact.objects.create(organisation=deal.partner, customer_id=deal.customer_id, **said)
        if world.rng.random() < 0.5:
            ToldContact.objects.create(deal=deal, vendor=deal.vendor, partner=deal.partner, contact=row)
