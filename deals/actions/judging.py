"""Deciding a conflict case: one keeps the customer, they share it, or they name different customers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import can_move, move
from deals.actions.checking import check
from deals.actions.conflicts import after_check, locked_case, wait_behind
from deals.actions.known import tell_apart
from deals.actions.petitions import ask
from deals.actions.reviewing import alone_with, reject_deal
from deals.models import CaseSide, ConflictCase, Deal, KnownPair, Petition
from deals.permissions import may_review
from partners.access import require
from partners.actors import Actor, system_actor

Fate, Outcome = CaseSide.Fate, ConflictCase.Outcome
OTHERS = (Fate.DUPLICATE, Fate.REFUSED, Fate.BEHIND)


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a side that does not keep the customer (one of OTHERS), and the sentence that it is sent.

    Who waits behind is sent nothing: to the partner its registration is still being reviewed.
    """

    fate: str
    note: str = ""


@transaction.atomic
def decide_case(
    *,
    actor: Actor,
    case: ConflictCase,
    outcome: str,
    reason: str,
    keeper: Deal | None = None,
    answers: Mapping[int, Answer] | None = None,
    version: int | None = None,
) -> ConflictCase:
    """Say who holds the customer (ConflictCase.Outcome), with a reason for the vendor's own trail.

    With `keeps`, `keeper` keeps it and `answers` (by id of the deal) say what becomes of each other open one: rejected
    (a protected one: its revocation is proposed to a second person) or queued behind the keeper. `shared` and
    `different` are remembered, so that these registrations are never raised against each other again. Raises
    DomainError, naming the field, for what is missing, for a sentence that names another side, and for sharing a
    customer that is protected for one alone.
    """
    deals = _locked_sides(actor, case)
    case = locked_case(actor, case, version)
    move(case, "decide")
    if outcome not in Outcome.values:
        raise DomainError(_("Choose how it is decided."), field="outcome")
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence or two."), field="reason")
    for deal in deals.values():
        require(may_review(actor, deal))
    sides = list(case.sides.all())
    for side in sides:
        side.deal = deals[side.deal_id]
    case.outcome, case.decided_by, case.decided_at = outcome, actor.user, now()
    case.version += 1
    case.save(update_fields=["state", "outcome", "decided_by", "decided_at", "version"])
    open_sides = [side for side in sides if side.deal.state in Deal.OPEN]
    for side in sides:
        _settle(side, Fate.LEFT, "") if side not in open_sides else None
    if outcome == Outcome.KEEPS:
        _one_keeps(actor, case, open_sides, keeper, answers or {})
    else:
        _REMEMBERED[outcome](actor, case, open_sides)
    related = [["deals.deal", side.deal_id] for side in sides]
    record(actor=actor, verb="case.decided", target=case, related=related, outcome=outcome, reason=reason.strip())
    return case


def _locked_sides(actor: Actor, case: ConflictCase) -> dict[int, Deal]:
    """The registrations of a case under lock, by id, before the case itself."""
    rows = Deal.objects.visible_to(actor).filter(case_sides__case=case.pk).order_by("pk")
    related = ("vendor", "partner", "partnership__tier", "type")
    return {deal.pk: deal for deal in rows.select_for_update(of=("self",)).select_related(*related)}


def _settle(side: CaseSide, fate: str, told: str) -> None:
    side.fate, side.told = fate, told
    side.save(update_fields=["fate", "told"])


# -- one keeps it -----------------------------------------------------------------------------------------------------


def _one_keeps(
    actor: Actor, case: ConflictCase, sides: list[CaseSide], keeper: Deal | None, answers: Mapping[int, Answer]
) -> None:
    kept = next((side for side in sides if keeper is not None and side.deal_id == keeper.pk), None)
    if kept is None:
        raise DomainError(_("Choose the deal that keeps the customer."), field="keeper")
    others = [side for side in sides if side is not kept]
    for side in others:
        _require_answer(side, answers.get(side.deal_id), sides)
    _settle(kept, Fate.KEEPS, "")
    for side in others:
        _remember_pair(case, kept, side, KnownPair.Kind.RANKED)
        answer = answers[side.deal_id]
        _settle(side, answer.fate, answer.note.strip())
        if answer.fate == Fate.BEHIND:
            wait_behind(check(side.deal), kept.deal)
            record(actor=system_actor(case.vendor), verb="deal.queued", target=side.deal, parties=())
        elif can_move(side.deal, "reject"):
            reject_deal(actor=actor, deal=side.deal, reason=Deal.Reason.NOT_PROTECTED, note=answer.note)
        elif not side.deal.petitions.filter(kind="revocation", state="pending").exists():
            ask(actor=actor, deal=side.deal, kind=Petition.Kind.REVOCATION, reason=answer.note)
    kept.deal.refresh_from_db(fields=["state", "version"])
    if kept.deal.state in Deal.PENDING:
        after_check(kept.deal, check(kept.deal))


def _require_answer(side: CaseSide, answer: Answer | None, sides: list[CaseSide]) -> None:
    """Raise DomainError, naming the field, for a side on which nothing fitting was said."""
    number = side.deal.number
    if answer is None or answer.fate not in OTHERS:
        raise DomainError(_("Choose what becomes of %(number)s.") % {"number": number}, field=f"fate_{side.deal_id}")
    if answer.fate == Fate.BEHIND:
        if side.deal.state not in Deal.PENDING:
            raise InvalidTransition(_("%(number)s is approved and cannot wait.") % {"number": number})
        return
    if not answer.note.strip():
        raise DomainError(_("Write a sentence to %(who)s.") % {"who": side.deal.partner}, field=f"note_{side.deal_id}")
    require_names_nobody(answer.note, side.deal, [other.deal for other in sides], f"note_{side.deal_id}")


def require_names_nobody(text: str, deal: Deal, deals: list[Deal], field: str) -> None:
    """Raise DomainError when a text for one side names another side's company or registration."""
    said = text.casefold()
    others = [each for each in deals if each.partner_id != deal.partner_id]
    for name in (word for other in others for word in (other.partner.name, other.number)):
        if name and name.casefold() in said:
            raise DomainError(
                _("This names %(name)s, of whom %(who)s must not learn. Write it without.")
                % {"name": name, "who": deal.partner},
                field=field,
            )


# -- both go on -------------------------------------------------------------------------------------------------------


def _share(actor: Actor, case: ConflictCase, sides: list[CaseSide]) -> None:
    alone = next((side.deal for side in sides if side.deal.protections.filter(exclusive=True).exists()), None)
    if alone is not None:
        raise DomainError(
            _("%(number)s is protected for %(who)s alone. That was promised: it has to end, or be revoked, first.")
            % {"number": alone.number, "who": alone.partner},
            field="outcome",
        )
    _remember(case, sides, KnownPair.Kind.SHARED, Fate.SHARED)


def _tell_apart(actor: Actor, case: ConflictCase, sides: list[CaseSide]) -> None:
    if sides:
        alone_with(sides[0].deal)
        tell_apart([side.deal for side in sides])
    _remember(case, sides, KnownPair.Kind.DIFFERENT, Fate.DIFFERENT)


def _remember(case: ConflictCase, sides: list[CaseSide], kind: str, fate: str) -> None:
    for one, other in combinations(sides, 2):
        _remember_pair(case, one, other, kind)
    for side in sides:
        _settle(side, fate, "")
    for side in sides:
        if side.deal.state in Deal.PENDING:
            after_check(side.deal, check(side.deal))


def _remember_pair(case: ConflictCase, one: CaseSide, other: CaseSide, kind: str) -> None:
    low, high = sorted((one.deal_id, other.deal_id))
    defaults = {"vendor_id": case.vendor_id, "kind": kind, "case": case}
    KnownPair.objects.update_or_create(one_id=low, other_id=high, defaults=defaults)


_REMEMBERED: dict[str, Callable[[Actor, ConflictCase, list[CaseSide]], None]] = {
    Outcome.SHARED: _share,
    Outcome.DIFFERENT: _tell_apart,
}
