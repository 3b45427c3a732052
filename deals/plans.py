"""The plan of an approval, before it starts and while it runs: which steps, who is asked, since when. Reads only."""

from dataclasses import dataclass, field
from datetime import datetime

from deals.approvers import APPROVE, Approver, Cast, lacking
from deals.models import Approval, ApprovalPolicy, ApprovalStep, ApprovalVote, Deal, Who
from partners.actors import Actor
from partners.models import User

MOST = 200


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of the plan. `approvers` may answer it now, `away` are entitled but absent with nobody to stand in;
    `given` of `needed` have agreed. `state` is that of ApprovalStep, "waiting" before it starts."""

    name: str
    position: int
    needed: int
    approvers: list[Approver]
    away: list[User]
    hours: int
    state: str = ApprovalStep.State.WAITING
    given: int = 0
    votes: list[ApprovalVote] = field(default_factory=list)
    row: ApprovalStep | None = None
    persons: list[int] = field(default_factory=list)
    source: ApprovalPolicy | None = None

    @property
    def due(self) -> datetime | None:
        """When it is escalated."""
        return self.row.due_at if self.row else None

    @property
    def left(self) -> int:
        """How many still have to agree."""
        return max(self.needed - self.given, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order; `approval` once it runs; `lacking` is the step for which too few people are left."""

    steps: list[PlanStep]
    approval: Approval | None = None
    lacking: PlanStep | None = None

    def __bool__(self) -> bool:
        return bool(self.steps)

    @property
    def asked(self) -> list[PlanStep]:
        """The steps that wait for an answer now."""
        return [step for step in self.steps if step.state == ApprovalStep.State.OPEN]

    def seat_of(self, user_id: int | None) -> tuple[PlanStep, Approver] | None:
        """The step that this person may answer now, and in whose place."""
        for step in self.asked:
            for approver in step.approvers:
                if approver.user.pk == user_id:
                    return step, approver
        return None


def running(deal: Deal) -> Approval | None:
    """The approval that is pending for the deal."""
    rows = Approval.objects.filter(deal=deal, state=Approval.State.PENDING)
    return rows.select_related("started_by").first()


def plan_for(deal: Deal, starter_id: int | None = None, cast: Cast | None = None) -> Plan:
    """What runs, or what would run if `starter_id` sent the deal for approval now; empty where nobody has to agree."""
    approval = running(deal)
    if approval is not None:
        return plan_of(approval, deal, cast)
    policies = policies_for(deal)
    if not policies:
        return Plan([])
    cast = cast or Cast(deal.vendor_id)
    barred = {pk for pk in (deal.submitter_id, starter_id) if pk is not None}
    steps = [_planned(policy, deal, cast, barred) for policy in policies]
    short = lacking([(step.needed, set(step.persons)) for step in steps])
    return Plan(steps, None, None if short is None else steps[short])


def _planned(policy: ApprovalPolicy, deal: Deal, cast: Cast, barred: set[int]) -> PlanStep:
    chosen = [person.pk for person in policy.persons.all()]
    seats = cast.seats(cast.named(policy, chosen, deal), deal, barred)
    return PlanStep(
        name=policy.name,
        position=policy.position,
        needed=max(policy.needed or len(seats), 1),
        approvers=[seat for seat in seats.values() if seat],
        away=[cast.able[pk] for pk, seat in seats.items() if seat is None],
        hours=policy.hours,
        persons=list(seats),
        source=policy,
    )


def plan_of(approval: Approval, deal: Deal, cast: Cast | None = None) -> Plan:
    """The steps of an approval with who may answer now."""
    cast = cast or Cast(deal.vendor_id)
    rows = list(approval.steps.prefetch_related("votes__user", "votes__stands_for"))
    spoken = {vote.user_id for row in rows for vote in row.votes.all()}
    barred = spoken | {pk for pk in (deal.submitter_id, approval.started_by_id) if pk is not None}
    return Plan([_running(row, deal, cast, barred) for row in rows], approval)


def _running(row: ApprovalStep, deal: Deal, cast: Cast, barred: set[int]) -> PlanStep:
    votes = list(row.votes.all())
    open_ = row.state in {ApprovalStep.State.OPEN, ApprovalStep.State.WAITING}
    stood_for = {vote.stands_for_id for vote in votes if vote.stands_for_id}
    wanted = [pk for pk in _wanted(row, deal, cast) if pk not in stood_for] if open_ else []
    seats = cast.seats(wanted, deal, barred)
    return PlanStep(
        name=row.name,
        position=row.position,
        needed=row.needed,
        approvers=[seat for seat in seats.values() if seat],
        away=[cast.able[pk] for pk, seat in seats.items() if seat is None],
        hours=row.hours,
        state=row.state,
        given=sum(vote.answer == ApprovalVote.Answer.APPROVE for vote in votes),
        votes=votes,
        row=row,
        persons=row.persons,
    )


def _wanted(row: ApprovalStep, deal: Deal, cast: Cast) -> list[int]:
    """Whom a step asks; once it is escalated also its second, or whoever may approve."""
    wanted = list(row.persons) if row.who != Who.HOLDERS else list(cast.able)
    if row.escalated_at is None:
        return wanted
    return [*wanted, row.second_id] if row.second_id in cast.able else [*wanted, *cast.able]


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that asks somebody: of which deal, and in whose place they would answer."""

    deal: Deal
    step: PlanStep
    stands_for: User | None


def asking(actor: Actor) -> list[Asked]:
    """The steps that ask this actor now, the most urgent first. The number of queries does not grow with them."""
    if actor.user is None or not actor.can(APPROVE):
        return []
    steps = ApprovalStep.objects.visible_to(actor).filter(state=ApprovalStep.State.OPEN)
    steps = steps.filter(approval__state=Approval.State.PENDING).select_related(
        "approval__deal__partnership", "approval__deal__partner"
    )
    rows = list(steps.prefetch_related("votes", "approval__steps__votes").order_by("due_at", "pk")[:MOST])
    if not rows:
        return []
    cast = Cast(actor.organisation.pk)
    found = []
    for row in rows:
        deal = row.approval.deal
        spoken = {vote.user_id for step in row.approval.steps.all() for vote in step.votes.all()}
        barred = spoken | {pk for pk in (deal.submitter_id, row.approval.started_by_id) if pk is not None}
        step = _running(row, deal, cast, barred)
        mine = next((each for each in step.approvers if each.user.pk == actor.user.pk), None)
        if mine:
            found.append(Asked(deal, step, mine.stands_for))
    return found


def policies_for(deal: Deal) -> list[ApprovalPolicy]:
    """The steps that a vendor asks of a deal like this, in order. Three queries at most."""
    rows = ApprovalPolicy.objects.filter(vendor=deal.vendor_id).prefetch_related("persons")
    policies = list(rows)
    if not policies:
        return []
    lines = list(deal.lines.all())
    for line in lines:
        line.deal = deal
    product_lines = {line.product_line.casefold() for line in lines}
    discount = max((line.discount_percent or 0 for line in lines), default=0)
    return [each for each in policies if _holds(each, deal, product_lines, discount)]


def _holds(policy: ApprovalPolicy, deal: Deal, product_lines: set[str], discount: object) -> bool:
    """Whether every condition that is filled holds."""
    return all(
        (
            policy.amount_from is None or deal.amount >= policy.amount_from,
            not policy.currency or policy.currency == deal.currency,
            not policy.product_line or policy.product_line.casefold() in product_lines,
            not policy.country or policy.country == deal.customer_country,
            policy.type_id is None or policy.type_id == deal.type_id,
            policy.discount_from is None or discount >= policy.discount_from,  # type: ignore[operator]
        )
    )
