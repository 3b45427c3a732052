"""Conflict cases: opened by the check or by hand, gathered, assigned, put aside. All of it is the vendor's alone.

Locks are taken in the order of every other action: registrations first (by id), then the case.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, StaleObject
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from deals.matching.judging import judge
from deals.models import CaseSide, ClusterPin, ConflictCase, ConflictCheck, Deal, KnownPair, MatchRules
from deals.permissions import may_judge, may_open_case
from inbox.rules import holders
from partners.access import require
from partners.actors import Actor, system_actor
from partners.models import User

PREFIX = "C-"
MOST_SIDES = 12
Fate = CaseSide.Fate


# -- from the check ---------------------------------------------------------------------------------------------------


def after_check(deal: Deal, found: ConflictCheck) -> ConflictCase | None:
    """Put a registration whose check named open rivals into a case with them; None where nobody has to decide.

    Called in the transaction of the check. Pairs on which the vendor has decided are not raised again: a check that
    named nobody else is clear.
    """
    _forget_known(deal, found)
    _keep_behind(deal, found)
    rivals = _rivals(deal, found)
    if not rivals:
        return None
    ids = [deal.pk, *(rival.pk for rival in rivals)]
    about = ConflictCase.objects.pending().filter(vendor=deal.vendor_id, sides__deal__in=ids)
    known = about.order_by("pk").values_list("pk", flat=True).first()
    actor = system_actor(deal.vendor)
    if known is None:
        return _new_case(actor, [*rivals, deal], "", None)
    case = ConflictCase.objects.select_for_update(of=("self",)).get(pk=known)
    here = set(case.sides.values_list("deal_id", flat=True))
    for each in [deal, *rivals][: max(MOST_SIDES - len(here), 0)]:
        if each.pk not in here:
            CaseSide.objects.create(vendor_id=case.vendor_id, case=case, deal=each)
            _tell(actor, case, "case.deal_added", deals=[each], number=each.number)
    return case


def _rivals(deal: Deal, found: ConflictCheck) -> list[Deal]:
    """Other partners' open registrations that the check named and on which nobody has decided yet, the first first."""
    named = {finding.get("deal") for finding in found.findings} | {found.blocker_id}
    rows = Deal.objects.open().filter(pk__in=named - {None}, vendor=deal.vendor_id)
    rows = rows.exclude(partner=deal.partner_id).exclude(pk__in=known_with(deal))
    return list(rows.order_by("priority_at", "pk")[: MOST_SIDES - 1])


def known_with(deal: Deal, kind: str = "") -> set[int]:
    """The registrations about which the vendor has decided that they and this one do not stand against each other."""
    pairs = KnownPair.objects.filter(Q(one=deal.pk) | Q(other=deal.pk))
    pairs = pairs.filter(kind=kind) if kind else pairs
    return {one if other == deal.pk else other for one, other in pairs.values_list("one", "other")}


def shares_customer(deal: Deal) -> bool:
    """Whether the vendor has decided that others may work on this registration's customer too."""
    return bool(known_with(deal, KnownPair.Kind.SHARED))


def _forget_known(deal: Deal, found: ConflictCheck) -> None:
    """Judge anew without the registrations on which the vendor has decided; what was found stays as it was."""
    known = known_with(deal)
    left = [each for each in found.weighed if each["deal"] not in known]
    if len(left) == len(found.weighed):
        return
    found.verdict, findings = judge(left, MatchRules.objects.of(deal.vendor_id, found.rules))
    held = next((each for each in findings if each["kind"] == "protection" and not each["own"]), None)
    found.queued = found.verdict == ConflictCheck.Verdict.BLOCKING
    found.blocker_id = held["deal"] if found.queued and held else None
    found.save(update_fields=["verdict", "queued", "blocker"])


def _keep_behind(deal: Deal, found: ConflictCheck) -> None:
    """Who was told to wait behind a registration that is still open goes on waiting, whatever a new check found."""
    waits = CaseSide.objects.filter(deal=deal, fate=Fate.BEHIND, case__state=ConflictCase.State.DECIDED)
    keeps = CaseSide.objects.filter(case__in=waits.values("case"), fate=Fate.KEEPS, deal__state__in=Deal.OPEN)
    keeper = keeps.select_related("deal").first()
    if keeper is not None and not found.queued:
        wait_behind(found, keeper.deal)


def wait_behind(found: ConflictCheck, keeper: Deal) -> None:
    """Queue a checked registration behind another one; it is woken when that one ends."""
    found.verdict, found.queued, found.blocker = ConflictCheck.Verdict.BLOCKING, True, keeper
    found.save(update_fields=["verdict", "queued", "blocker"])


# -- by hand ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_case(*, actor: Actor, deals: Iterable[Deal], reason: str) -> ConflictCase:
    """A reviewer says that these registrations may name one customer. Raises DomainError for fewer than two, for more
    than twelve, for one of an undecided case, and without a reason."""
    require(may_open_case(actor))
    rows = _locked_deals(actor, {deal.pk for deal in deals})
    if len(rows) < 2:
        raise DomainError(_("A case takes two deals at least."), field="deals")
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence or two."), field="reason")
    if len(rows) > MOST_SIDES:
        raise DomainError(_("A case takes %(most)d deals at most.") % {"most": MOST_SIDES}, field="deals")
    for deal in rows:
        _require_free(deal)
    return _new_case(actor, rows, reason.strip(), actor.user)


@transaction.atomic
def add_deal(*, actor: Actor, case: ConflictCase, deal: Deal) -> ConflictCase:
    """Put one more registration into a case that waits for a decision."""
    (deal,) = _locked_deals(actor, {deal.pk})
    case = locked_case(actor, case)
    _require_pending(case)
    _require_free(deal)
    if case.sides.count() >= MOST_SIDES:
        raise DomainError(_("A case takes %(most)d deals at most.") % {"most": MOST_SIDES}, field="deals")
    CaseSide.objects.create(vendor_id=case.vendor_id, case=case, deal=deal)
    changed(actor, case, "case.deal_added", deals=[deal], number=deal.number)
    return case


@transaction.atomic
def remove_deal(*, actor: Actor, case: ConflictCase, deal: Deal) -> ConflictCase:
    """Take a registration out of a case. Raises DomainError when fewer than two would be left."""
    case = locked_case(actor, case)
    _require_pending(case)
    if case.sides.exclude(deal=deal).count() < 2:
        raise DomainError(_("A case needs two deals. Dismiss it, if there is nothing to decide."))
    gone, _rows = case.sides.filter(deal=deal).delete()
    if gone:
        changed(actor, case, "case.deal_removed", deals=[deal], number=deal.number)
    return case


@transaction.atomic
def assign_case(*, actor: Actor, case: ConflictCase, member: int | None) -> ConflictCase:
    """Give a case to a colleague who decides (the id of the membership), or to nobody."""
    case = locked_case(actor, case)
    _require_pending(case)
    chosen = next((each for each in holders([case.vendor_id], "deals.decide") if each.pk == member), None)
    if member is not None and chosen is None:
        raise DomainError(_("Choose somebody who decides on deals."), field="member")
    case.owner = chosen.user if chosen else None
    changed(actor, case, "case.assigned", "owner", who=str(case.owner or ""))
    return case


@transaction.atomic
def note_on_case(*, actor: Actor, case: ConflictCase, note: str, version: int | None = None) -> ConflictCase:
    """Keep the vendor's internal note (at most 4,000 characters)."""
    case = locked_case(actor, case, version)
    if case.note != note.strip()[:4000]:
        case.note = note.strip()[:4000]
        changed(actor, case, "case.noted", "note")
    return case


@transaction.atomic
def dismiss_case(*, actor: Actor, case: ConflictCase, reason: str, version: int | None = None) -> ConflictCase:
    """Close a case without a decision: the registrations go on as they are, and may be raised again."""
    case = locked_case(actor, case, version)
    move(case, "dismiss")
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence or two."), field="reason")
    return _dismissed(actor, case, reason.strip())


@transaction.atomic
def reopen_case(*, actor: Actor, case: ConflictCase, reason: str, version: int | None = None) -> ConflictCase:
    """Judge anew. What the decision taught is forgotten; what partners were told stands, and is theirs to appeal."""
    case = locked_case(actor, case, version)
    move(case, "reopen")
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence or two."), field="reason")
    sides = list(case.sides.select_related("deal"))
    for side in sides:
        _require_free(side.deal)
    KnownPair.objects.filter(case=case).delete()
    ClusterPin.objects.filter(deal__in=[side.deal_id for side in sides], deal__protections=None).delete()
    case.sides.update(fate="")
    case.outcome, case.decided_by, case.decided_at = "", None, None
    changed(actor, case, "case.reopened", "state", "outcome", "decided_by", "decided_at", reason=reason.strip())
    return case


def settle_moot(deal: Deal) -> None:
    """Dismiss the cases of a registration that has ended, where fewer than two are open now."""
    with transaction.atomic():
        for pk in ConflictCase.objects.pending().filter(sides__deal=deal).values_list("pk", flat=True):
            case = ConflictCase.objects.select_for_update(of=("self",)).select_related("vendor").get(pk=pk)
            if case.is_pending and case.sides.filter(deal__state__in=Deal.OPEN).count() < 2:
                move(case, "dismiss")
                _dismissed(system_actor(case.vendor), case, _("Only one registration is still open."))


# -- shared by the actions on cases -----------------------------------------------------------------------------------


def locked_case(actor: Actor, case: ConflictCase, version: int | None = None) -> ConflictCase:
    """The case read anew under lock, for who may judge it. Raises StaleObject when `version` is not current."""
    rows = ConflictCase.objects.visible_to(actor).select_for_update(of=("self",)).select_related("vendor")
    found = rows.get(pk=case.pk)
    require(may_judge(actor, found))
    if version is not None and version != found.version:
        raise StaleObject
    return found


def _locked_deals(actor: Actor, pks: set[int]) -> list[Deal]:
    """The registrations under lock, in the order of their ids. Raises DoesNotExist when one is not the actor's."""
    rows = Deal.objects.visible_to(actor).filter(vendor=actor.organisation, pk__in=pks).order_by("pk")
    found = list(rows.select_for_update(of=("self",)).select_related("vendor", "partner"))
    if len(found) != len(pks):
        raise Deal.DoesNotExist
    return found


def _require_pending(case: ConflictCase) -> None:
    if not case.is_pending:
        raise DomainError(_("This case is decided. Reopen it to change it."))


def _require_free(deal: Deal) -> None:
    """Raise DomainError for a registration that already waits in a case."""
    other = CaseSide.objects.filter(deal=deal, case__state__in=ConflictCase.PENDING).select_related("case").first()
    if other is not None:
        raise DomainError(
            _("%(deal)s is in the case %(case)s already.") % {"deal": deal.number, "case": other.case.number},
            field="deals",
        )


def _new_case(actor: Actor, deals: list[Deal], reason: str, user: User | None) -> ConflictCase:
    case = ConflictCase.objects.create(
        vendor_id=deals[-1].vendor_id,
        number=with_check_digit(PREFIX, next_number("case")),
        customer_name=deals[-1].customer_name,
        reason=reason,
        opened_by=user,
    )
    CaseSide.objects.bulk_create(CaseSide(vendor_id=case.vendor_id, case=case, deal=deal) for deal in deals)
    _tell(actor, case, "case.opened", deals=deals, reason=reason)
    return case


def _dismissed(actor: Actor, case: ConflictCase, reason: str) -> ConflictCase:
    closed = case.sides.filter(fate="").exclude(deal__state__in=Deal.OPEN)
    closed.update(fate=Fate.LEFT)
    case.decided_by, case.decided_at = actor.user, now()
    changed(actor, case, "case.dismissed", "state", "decided_by", "decided_at", reason=reason)
    return case


def changed(actor: Actor, case: ConflictCase, verb: str, *fields: str, **facts: Any) -> None:
    """Save these columns of a case, count its version, and write the trail of the vendor alone."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])
    _tell(actor, case, verb, **facts)


def _tell(actor: Actor, case: ConflictCase, verb: str, *, deals: Iterable[Deal] = (), **facts: Any) -> None:
    """In the vendor's trail alone; the pages of the registrations refresh for the vendor too."""
    related = [["deals.deal", deal.pk] for deal in deals]
    record(actor=actor, verb=verb, target=case, related=related, **facts)
