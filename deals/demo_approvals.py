"""Aurora's approvals: two steps for large deals, a limit, one deal that waits for the second step, and an absence."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from deals import working_time
from deals.demo_history import Event, Sketch, actor_of, tell
from deals.models import (
    Absence,
    Approval,
    ApprovalPolicy,
    ApprovalStep,
    ApprovalVote,
    ApproverLimit,
    Deal,
    DealLine,
    Stage,
    Who,
)
from deals.opening import Calendar

LARGE = Decimal(250000)
LINES = (
    ("Vertical turbine pump VT-900, duplex", 6, "46800.00", "43056.00"),
    ("Booster set BX-4, variable speed", 4, "31200.00", "28704.00"),
    ("Commissioning and start-up, per day", 12, "1150.00", "1150.00"),
)
FOUND = "The margin holds at 8 %, as they take the commissioning with it."


def large(world: Any, types: dict[str, Any], blank: Callable[..., Deal]) -> Sketch:
    """A deal of Brenta’s, which a partner sees in review, and that is large enough for both steps."""
    edge = next(
        each
        for each in world.partnerships
        if (world.key_of(each.vendor), world.key_of(each.partner)) == ("aurora", "brenta")
    )
    when = world.now - timedelta(days=1, hours=1)
    deal = blank(world, types, edge, when, "in_review")
    deal.title, deal.customer_name = "Intake and booster pumps, Acque del Conero", "Acque del Conero S.p.A."
    deal.customer_name_key, deal.customer_city = "acque del conero", "Ancona"
    deal.owner = world.people["luca.conti@aurora.example"]
    deal.stage, deal.probability = Stage.NEGOTIATION, 75
    deal.decision_date = localdate(world.now) + timedelta(days=34)
    deal.requested_benefit = "Special price −8 %"
    deal.note = "Public works on three sites. The consultant has specified our series; the offer is due this month."
    lines = [
        DealLine(
            deal=deal,
            position=position,
            product_text=name,
            quantity=Decimal(number),
            list_price=Decimal(listed),
            asked_price=Decimal(asked),
        )
        for position, (name, number, listed, asked) in enumerate(LINES, 1)
    ]
    deal.amount = sum((line.total or Decimal(0) for line in lines), Decimal(0))
    return Sketch(deal, when, lines, moments={"taken": when + timedelta(minutes=25)})


def ask_for_approval(world: Any, sketch: Sketch) -> None:
    """The policies, and the deal on its way through them: the first step is answered by a delegate."""
    aurora, people = world.orgs["aurora"], world.people
    silvia, bruno, giulia = (
        people[f"{name}@aurora.example"] for name in ("silvia.neri", "bruno.marin", "giulia.ferri")
    )
    common = {"vendor": aurora, "amount_from": LARGE, "currency": "EUR"}
    first = ApprovalPolicy.objects.create(name="Pricing", who=Who.PERSONS, second=giulia, hours=4, **common)
    first.persons.set([silvia])
    second = ApprovalPolicy.objects.create(name="Sales director", position=2, who=Who.PERSONS, hours=8, **common)
    second.persons.set([giulia])
    discount = {"vendor": aurora, "discount_from": Decimal(15), "who": Who.HOLDERS}
    ApprovalPolicy.objects.create(name="Discount beyond the list", hours=8, **discount)
    ApproverLimit.objects.create(vendor=aurora, user=bruno, amount=Decimal(500000), currency="EUR")
    today = localdate(world.now)
    Absence.objects.create(
        organisation=aurora,
        user=silvia,
        start=today - timedelta(days=2),
        end=today + timedelta(days=9),
        delegate=bruno,
    )
    _run(world, sketch, (first, second), (silvia, bruno))


def _run(world: Any, sketch: Sketch, policies: tuple[ApprovalPolicy, ...], first: tuple[Any, Any]) -> None:
    deal, aurora = sketch.deal, world.orgs["aurora"]
    absent, stand_in = first
    calendar = working_time.calendar_of(aurora.pk)
    started = sketch.moments["taken"] + timedelta(hours=1)
    agreed = max(started + timedelta(minutes=30), world.now - timedelta(hours=2))
    approval = Approval.objects.create(vendor=aurora, deal=deal, started_by=deal.owner, started_at=started)
    pricing, director = (
        _step(approval, policy, moment, calendar) for policy, moment in zip(policies, (started, agreed), strict=True)
    )
    pricing.state = ApprovalStep.State.APPROVED
    pricing.save(update_fields=["state"])
    ApprovalVote.objects.create(step=pricing, user=stand_in, stands_for=absent, answer="approve", note=FOUND, at=agreed)
    reviewer = actor_of(world, aurora, "channel_manager", deal.owner)
    approver = actor_of(world, aurora, "approver", stand_in)
    who = f"{stand_in} ({absent})"
    tell(
        world,
        [
            Event(started, reviewer, "deal.approval_started", deal, ()),
            Event(started, reviewer, "deal.approval_asked", deal, (), {"step": pricing.name, "step_id": pricing.pk}),
            Event(agreed, approver, "deal.approval_given", deal, (), {"step": pricing.name, "who": who, "note": FOUND}),
            Event(agreed, approver, "deal.approval_asked", deal, (), {"step": director.name, "step_id": director.pk}),
        ],
    )


def _step(approval: Approval, policy: ApprovalPolicy, opened: datetime, calendar: Calendar) -> ApprovalStep:
    return ApprovalStep.objects.create(
        vendor=approval.vendor,
        approval=approval,
        name=policy.name,
        position=policy.position,
        who=policy.who,
        persons=[person.pk for person in policy.persons.all()],
        second=policy.second,
        hours=policy.hours,
        state=ApprovalStep.State.OPEN,
        opened_at=opened,
        remind_at=working_time.add_minutes(opened, policy.hours * 30, calendar),
        due_at=working_time.add_minutes(opened, policy.hours * 60, calendar),
    )
