"""How a deal ends, and what follows for those who wait behind it."""

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import move
from deals.actions import chains
from deals.actions.checking import check
from deals.actions.conflicts import after_check
from deals.actions.locking import locked, write
from deals.actions.probing import note_withdrawal
from deals.actions.revising import revise_deal
from deals.models import ConflictCheck, Deal, Petition, Reminder
from deals.permissions import may_review, may_win, may_withdraw
from partners.access import require
from partners.actors import Actor, system_actor


@transaction.atomic
def withdraw_deal(*, actor: Actor, deal: Deal, note: str = "", version: int | None = None) -> Deal:
    """The partner takes a registration back; a protection ends with it."""
    deal = locked(actor, deal, version)
    require(may_withdraw(actor, deal))
    move(deal, "withdraw")
    deal.closure_note, deal.sla_due_at = note.strip(), None
    write(deal, "state", "closure_note", "sla_due_at")
    record(actor=actor, verb="deal.withdrawn", target=deal, note=deal.closure_note)
    chains.call_off(system_actor(deal.vendor), deal)  # an entry of the vendor's own: the partner never knew of it
    end_protection(deal)
    note_withdrawal(deal)
    return deal


@transaction.atomic
def lose_deal(*, actor: Actor, deal: Deal, reason: str, note: str = "", version: int | None = None) -> Deal:
    """The partner reports an approved deal as lost, with a reason code (Deal.Loss); the protection ends."""
    deal = locked(actor, deal, version)
    require(may_withdraw(actor, deal))
    move(deal, "lose")
    if reason not in Deal.Loss.values:
        raise DomainError(_("Choose a reason."), field="reason")
    deal.closure_code, deal.closure_note = reason, note.strip()
    write(deal, "state", "closure_code", "closure_note")
    record(actor=actor, verb="deal.lost", target=deal, code=reason, note=deal.closure_note)
    end_protection(deal)
    return deal


@transaction.atomic
def win_deal(*, actor: Actor, deal: Deal, order_number: str, related: list[list] | None = None) -> Deal:
    """An accepted order carries the deal: it is won, and whose it was is settled. The protection runs to its end."""
    deal = locked(actor, deal)
    require(may_win(actor, deal))
    move(deal, "win")
    deal.closure_code, deal.closure_note = "order", order_number
    deal.probability = 100
    write(deal, "state", "closure_code", "closure_note", "probability")
    Reminder.objects.filter(deal=deal, sent_at=None).delete()
    drop_requests(deal)
    record(actor=actor, verb="deal.won", target=deal, order=order_number, related=related or [])
    return deal


@transaction.atomic
def win_by_hand(*, actor: Actor, deal: Deal, proof: str, version: int | None = None) -> Deal:
    """The vendor confirms a sale whose order did not come through the portal; `proof` names the order or invoice."""
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    move(deal, "win")
    if not proof.strip():
        raise DomainError(_("Name the order or the invoice that proves it."), field="proof")
    deal.closure_code, deal.closure_note = "by_hand", proof.strip()[:200]
    deal.probability = 100
    write(deal, "state", "closure_code", "closure_note", "probability")
    Reminder.objects.filter(deal=deal, sent_at=None).delete()
    drop_requests(deal)
    record(actor=actor, verb="deal.won_by_hand", target=deal, proof=deal.closure_note)
    return deal


@transaction.atomic
def expire_deal(*, deal: Deal) -> Deal:
    """The portal ends a protection whose last day is past; harmless when repeated.

    Raises InvalidTransition while the protection runs, and for deals that are not approved.
    """
    actor = system_actor(deal.vendor)
    deal = locked(actor, deal)
    move(deal, "expire")
    if deal.protected_until is None or deal.protected_until >= localdate():
        raise InvalidTransition(_("The protection still runs."))
    if deal.petitions.filter(kind="extension", state="pending").exists():
        raise InvalidTransition(_("More time is asked for. The protection ends when that is refused."))
    write(deal, "state")
    drop_requests(deal)
    record(actor=actor, verb="deal.expired", target=deal)
    wake_waiting(deal)
    return deal


@transaction.atomic
def remind_of_end(*, reminder: Reminder) -> None:
    """Tell the partner that a protection ends soon, once; nothing when that was done or the deal is closed."""
    mine = Reminder.objects.select_for_update(of=("self",)).select_related("deal__vendor")
    reminder = mine.get(pk=reminder.pk)
    if reminder.sent_at is not None:
        return
    reminder.sent_at = now()
    reminder.save(update_fields=["sent_at"])
    deal = reminder.deal
    if deal.state == Deal.State.APPROVED and deal.protected_until:
        until = deal.protected_until.isoformat()
        record(actor=system_actor(deal.vendor), verb="deal.expiring", target=deal, days=reminder.days, until=until)


@transaction.atomic
def set_stage(*, actor: Actor, deal: Deal, stage: str, version: int | None = None) -> Deal:
    """The partner says how far the sale is (Stage); the probability follows. Raises DomainError once it is closed."""
    return revise_deal(actor=actor, deal=deal, fields={"stage": stage}, version=version)


def drop_requests(deal: Deal) -> None:
    """A deal that has come to its end leaves nothing to ask: what waits for a decision is dropped. Otherwise a request
    for more time would keep a protection alive that has run out."""
    open_ = deal.petitions.filter(state=Petition.State.PENDING)
    open_.update(state=Petition.State.DROPPED, decided_at=now())


def end_protection(deal: Deal) -> None:
    """Give the customer free before the time: protections and reminders go, and who waited behind them is woken."""
    drop_requests(deal)
    deal.protections.all().delete()
    Reminder.objects.filter(deal=deal, sent_at=None).delete()
    wake_waiting(deal)


def wake_waiting(deal: Deal) -> None:
    """Check anew, by priority, the registrations that were queued behind this deal's protection."""
    waiting = ConflictCheck.objects.filter(blocker=deal, queued=True).select_related("deal__vendor", "deal__partner")
    for row in waiting.order_by("deal__priority_at", "pk"):
        if row.deal.state not in Deal.PENDING:
            continue
        found = check(row.deal)
        after_check(row.deal, found)
        if not found.queued:
            record(actor=system_actor(row.deal.vendor), verb="deal.unblocked", target=row.deal, parties=())
