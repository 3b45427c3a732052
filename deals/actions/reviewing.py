"""The vendor's side: take, give back, return, approve, reject."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.numbers import format_day
from core.states import can_move, move
from deals import working_time
from deals.actions import chains
from deals.actions.checking import blocking, claim_cluster, cluster_for, product_lines_of
from deals.actions.conflicts import shares_customer
from deals.actions.locking import locked, write
from deals.fields import returnable
from deals.models import ConflictCheck, CustomerCluster, Deal, DealLine, Protection, Reminder
from deals.permissions import may_approve, may_review
from deals.plans import plan_for
from partners.access import require
from partners.actors import Actor, system_actor
from partners.models import Organisation

SEND_REMINDERS_AT = time(8)
DECISION = (
    "state",
    "decided_at",
    "decided_by",
    "decided_rule",
    "decision_note",
    "granted_benefit",
    "granted_percent",
    "protected_from",
    "protected_until",
    "sla_due_at",
)


class AlreadyProtected(DomainError):
    """Another partner's exclusive protection stands in the way. Only the vendor's reviewers ever see this."""

    code = "protected"

    def __init__(self, held: Protection) -> None:
        super().__init__(
            _("Not approved: %(who)s is protected for this customer until %(until)s. The deal waits in the queue.")
            % {"who": held.deal.partner, "until": format_day(held.end)}
        )


@transaction.atomic
def take_deal(*, actor: Actor, deal: Deal, version: int | None = None) -> Deal:
    """Take a registration from the queue: from now on one person reviews it."""
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    move(deal, "take")
    deal.owner = actor.user
    write(deal, "state", "owner")
    record(actor=actor, verb="deal.taken", target=deal)
    return deal


@transaction.atomic
def release_deal(*, actor: Actor, deal: Deal, version: int | None = None) -> Deal:
    """Give a taken registration back to the queue; its clock never stopped."""
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    chains.require_none(deal)
    move(deal, "release")
    deal.owner = None
    write(deal, "state", "owner")
    record(actor=actor, verb="deal.released", target=deal)
    return deal


@transaction.atomic
def return_deal(*, actor: Actor, deal: Deal, fields: Sequence[str], reason: str, version: int | None = None) -> Deal:
    """Ask the partner to correct some parts. The review clock stands still until it comes back.

    `fields` are keys of deals.fields.returnable. Raises DomainError without a known part or without a reason.
    """
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    chains.require_none(deal)
    move(deal, "return")
    asked = [name for name in returnable(deal) if name in set(fields)]
    if not asked or len(asked) != len(set(fields)):
        raise DomainError(_("Choose what the partner has to correct."), field="fields")
    if not reason.strip():
        raise DomainError(_("Say what is missing, so that the partner can mend it at once."), field="reason")
    moment = now()
    deal.returned_fields, deal.returned_reason, deal.returned_at = asked, reason.strip(), moment
    deal.sla_minutes_left = _minutes_left(deal, moment)
    deal.sla_due_at = None
    write(deal, "state", "returned_fields", "returned_reason", "returned_at", "sla_minutes_left", "sla_due_at")
    record(actor=actor, verb="deal.returned", target=deal, fields=asked, reason=deal.returned_reason)
    return deal


def _minutes_left(deal: Deal, moment: datetime) -> int | None:
    """What is left of the review time, in business minutes by the vendor's calendar."""
    if deal.sla_due_at is None:
        return None
    return working_time.minutes_between(moment, deal.sla_due_at, working_time.calendar_of(deal.vendor_id))


def approve_deal(*, actor: Actor, deal: Deal, note: str = "", version: int | None = None) -> Deal:
    """Approve and protect: from today for the type's days (or the tier's, if more), with reminders before the end.

    Where the vendor's policies ask others to agree, they are asked first; the deal stays in review until the last has.
    Raises AlreadyProtected when another deal holds an overlapping exclusive protection; the deal then waits for it.
    """
    with transaction.atomic():
        approved, held = _approve(actor, deal, note, version)
    if held is not None:
        raise AlreadyProtected(held)
    return approved


def _approve(actor: Actor, deal: Deal, note: str, version: int | None) -> tuple[Deal, Protection | None]:
    deal = locked(actor, deal, version)
    require(may_approve(actor, deal))
    chains.require_none(deal)
    plan = plan_for(deal, actor.user.pk if actor.user else None) if can_move(deal, "approve") else None
    if plan:
        chains.begin(actor, deal, plan, note)
        return deal, None
    return deal, approve_at_last(actor, deal, note)


def approve_at_last(actor: Actor, deal: Deal, note: str) -> Protection | None:
    """Protect a deal to which nobody else has to agree; what holds the customer otherwise, and then it waits."""
    move(deal, "approve")
    return settle(actor, deal, note, "deal.approved")[1]


def settle(actor: Actor, deal: Deal, note: str, verb: str, **said: Any) -> tuple[Deal, Protection | None]:
    """Protect a deal whose state says approved already; or let it wait behind who holds the customer, whose protection
    is handed back then. `said` goes into the trail."""
    alone_with(deal)
    start = localdate()
    end = start + timedelta(days=deal.protection_days)
    if held := blocking(deal, cluster_for(deal), start, end):
        _wait_behind(deal, held)
        return deal, held
    protect(deal, claim_cluster(deal), start, end)
    schedule_reminders(deal, end)
    deal.decided_at, deal.decided_by, deal.decision_note = now(), actor.user, note.strip()
    deal.protected_from, deal.protected_until = start, end
    deal.granted_benefit, deal.granted_percent = deal.terms.benefit, deal.terms.benefit_percent
    deal.sla_due_at = None
    write(deal, *DECISION)
    record(actor=actor, verb=verb, target=deal, until=end.isoformat(), note=deal.decision_note, **said)
    return deal, None


def _wait_behind(deal: Deal, held: Protection) -> None:
    found = {"vendor_id": deal.vendor_id, "verdict": ConflictCheck.Verdict.BLOCKING, "queued": True}
    ConflictCheck.objects.update_or_create(deal=deal, defaults={**found, "blocker": held.deal, "checked_at": now()})
    record(actor=system_actor(deal.vendor), verb="deal.queued", target=deal, parties=())


def alone_with(deal: Deal) -> None:
    """One protection at a time per vendor: two could otherwise both see the customer free. NO KEY, so that rows which
    merely refer to the organisation can still be written."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=deal.vendor_id)


def protect(deal: Deal, cluster: CustomerCluster, start: date, end: date) -> None:
    """Write the protections of a deal, one for each product line. Called under `alone_with`, when nobody blocks."""
    Protection.objects.bulk_create(
        Protection(
            vendor_id=deal.vendor_id,
            deal=deal,
            cluster=cluster,
            product_line=line,
            exclusive=deal.terms.exclusive and not shares_customer(deal),
            start=start,
            end=end,
        )
        for line in sorted(product_lines_of(deal))
    )
    ConflictCheck.objects.filter(deal=deal).update(queued=False)
    for line in deal.lines.all():
        line.approved_price = line.asked_price if line.asked_price is not None else _with_benefit(deal, line)
        line.save(update_fields=["approved_price"])


def _with_benefit(deal: Deal, line: DealLine) -> Decimal | None:
    """The list price, less the discount that the type gives with an approval."""
    percent = deal.terms.benefit_percent
    if line.list_price is None or not percent:
        return line.list_price
    return (line.list_price * (100 - percent) / 100).quantize(Decimal("0.0001"))


def schedule_reminders(deal: Deal, end: date) -> None:
    """One reminder at each distance from the end that is still ahead."""
    due = {days: _morning(end - timedelta(days=days)) for days in Reminder.DAYS}
    Reminder.objects.bulk_create(
        Reminder(deal=deal, days=days, due_at=moment) for days, moment in due.items() if moment > now()
    )


def _morning(day: date) -> datetime:
    return make_aware(datetime.combine(day, SEND_REMINDERS_AT))


def deem_approved(*, deal: Deal) -> Deal:
    """The portal approves what nobody answered in twice the time promised, where the type promises that and the check
    found nothing. Raises InvalidTransition while there is time left; AlreadyProtected as an approval does."""
    actor = system_actor(deal.vendor)
    with transaction.atomic():
        deal = locked(actor, deal)
        move(deal, "deem")
        if not _is_forgotten(deal):
            raise InvalidTransition(_("There is time left to answer."))
        chains.call_off(actor, deal)
        approved, held = settle(actor, deal, "", "deal.deemed_approved")
    if held is not None:
        raise AlreadyProtected(held)
    return approved


def _is_forgotten(deal: Deal) -> bool:
    if deal.sla_due_at is None or not deal.terms.deemed_approval:
        return False
    found = ConflictCheck.objects.filter(deal=deal, verdict=ConflictCheck.Verdict.CLEAR)
    calendar = working_time.calendar_of(deal.vendor_id)
    twice = working_time.add_minutes(deal.sla_due_at, deal.terms.review_hours * 60, calendar)
    return twice < now() and found.exists()


@transaction.atomic
def reject_deal(*, actor: Actor, deal: Deal, reason: str, note: str, version: int | None = None) -> Deal:
    """Refuse a registration with a reason code (Deal.Reason) and a note to the partner; both are required."""
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    chains.require_none(deal)
    return refused(actor, deal, reason, note)


def refused(actor: Actor, deal: Deal, reason: str, note: str) -> Deal:
    """Reject a deal that is held under lock. Raises DomainError for an unknown reason and an empty note."""
    move(deal, "reject")
    if reason not in Deal.Reason.values:
        raise DomainError(_("Choose a reason."), field="reason")
    if not note.strip():
        raise DomainError(_("Write a sentence to the partner."), field="note")
    deal.closure_code, deal.closure_note = reason, note.strip()
    deal.decided_at, deal.decided_by, deal.sla_due_at = now(), actor.user, None
    write(deal, "state", "closure_code", "closure_note", "decided_at", "decided_by", "sla_due_at")
    record(actor=actor, verb="deal.rejected", target=deal, code=reason, note=deal.closure_note)
    return deal
