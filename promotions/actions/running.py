"""A promotion is started, paused, ended, taken back; each step can be taken back where nobody is misled by it."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.states import move
from partners.access import Verdict, require
from partners.actors import Actor, system_actor
from promotions.actions.writing import locked
from promotions.audience import party_ids
from promotions.errors import PromotionRefused
from promotions.models import Promotion
from promotions.permissions import may_cancel, may_run

READY = frozenset({"activate", "resume", "reopen"})  # steps after which orders get it


def _stepped(
    actor: Actor, promotion: Promotion, step: str, may: Callable[[Actor, Promotion], Verdict] = may_run
) -> Promotion:
    """The promotion under lock, after a named step."""
    promotion = locked(actor, promotion)
    if step in READY:
        _check_ready(promotion)
    require(may(actor, promotion))
    move(promotion, step)
    promotion.version += 1
    promotion.save(update_fields=["state", "version"])
    return promotion


def _check_ready(promotion: Promotion) -> None:
    if promotion.until is not None and promotion.until < localdate():
        raise PromotionRefused(_("Its last day is over. Choose a later one first."), field="until")
    if promotion.codes_kind != Promotion.Codes.NONE and not promotion.codes.exists():
        raise PromotionRefused(_("It is had with a code, and there is none yet. Make codes first."))


def _told(promotion: Promotion) -> dict[str, Any]:
    """What the trail notes, and who hears of it: whoever may use it."""
    return {"parties": party_ids(promotion), "number": promotion.number, "name": promotion.name}


@transaction.atomic
def activate(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Start it; whoever may use it is told. Raises InvalidTransition, and PromotionRefused when its time is over or it
    needs codes and has none."""
    row = _stepped(actor, promotion, "activate")
    record(actor=actor, verb="promotion.activated", target=row, **_told(row))
    return row


@transaction.atomic
def pause(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Give it to no new order for now; what orders have reserved stays. Raises InvalidTransition."""
    row = _stepped(actor, promotion, "pause")
    record(actor=actor, verb="promotion.paused", target=row, **_told(row))
    return row


@transaction.atomic
def resume(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Give it again. Raises InvalidTransition, PromotionRefused when its time is over."""
    row = _stepped(actor, promotion, "resume")
    record(actor=actor, verb="promotion.resumed", target=row, **_told(row))
    return row


@transaction.atomic
def end(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Give it to no further order; what orders have reserved stays. Raises InvalidTransition."""
    row = _stepped(actor, promotion, "end")
    record(actor=actor, verb="promotion.ended", target=row, **_told(row))
    return row


@transaction.atomic
def reopen(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Take its end back, as long as its time is not over. Raises InvalidTransition and PromotionRefused."""
    row = _stepped(actor, promotion, "reopen")
    record(actor=actor, verb="promotion.resumed", target=row, **_told(row))
    return row


@transaction.atomic
def cancel(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Take it back altogether; only while no order uses it. Whoever knew of it is told. Raises InvalidTransition."""
    was_draft = locked(actor, promotion).state == Promotion.State.DRAFT
    row = _stepped(actor, promotion, "cancel", may_cancel)
    told = _told(row) | ({"parties": set()} if was_draft else {})
    record(actor=actor, verb="promotion.cancelled", target=row, **told)
    return row


@transaction.atomic
def restore(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Make a cancelled one a draft again. Raises InvalidTransition."""
    row = _stepped(actor, promotion, "restore")
    record(actor=actor, verb="promotion.restored", target=row, **_told(row) | {"parties": ()})
    return row


@transaction.atomic
def end_overdue(*, promotion: Promotion) -> bool:
    """End a promotion whose last day is over; False where it is not, or somebody was quicker."""
    actor = system_actor(promotion.vendor)
    fresh = locked(actor, promotion)
    if not Promotion.objects.overdue(localdate()).filter(pk=fresh.pk).exists():
        return False
    end(actor=actor, promotion=fresh)
    return True
