"""A promotion is started, paused, ended, taken back; each step can be taken back where nobody is misled by it."""

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


def _step(actor: Actor, promotion: Promotion, verdict: Verdict, name: str) -> None:
    """Take a named step of a locked promotion."""
    require(verdict)
    move(promotion, name)
    promotion.version += 1
    promotion.save(update_fields=["state", "version"])


def _facts(promotion: Promotion) -> dict[str, str]:
    return {"number": promotion.number, "name": promotion.name}


@transaction.atomic
def activate(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Start it; whoever may use it is told. Raises InvalidTransition, and PromotionRefused when its time is over or it
    needs codes and has none."""
    promotion = locked(actor, promotion)
    _check_ready(promotion)
    _step(actor, promotion, may_run(actor, promotion), "activate")
    told = party_ids(promotion)
    record(actor=actor, verb="promotion.activated", target=promotion, parties=told, **_facts(promotion))
    return promotion


def _check_ready(promotion: Promotion) -> None:
    if promotion.until is not None and promotion.until < localdate():
        raise PromotionRefused(_("Its last day is over. Choose a later one first."), field="until")
    if promotion.codes_kind != Promotion.Codes.NONE and not promotion.codes.exists():
        raise PromotionRefused(_("It is had with a code, and there is none yet. Make codes first."))


@transaction.atomic
def pause(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Give it to no new order for now; what orders have reserved stays. Raises InvalidTransition."""
    promotion = locked(actor, promotion)
    _step(actor, promotion, may_run(actor, promotion), "pause")
    told = party_ids(promotion)
    record(actor=actor, verb="promotion.paused", target=promotion, parties=told, **_facts(promotion))
    return promotion


@transaction.atomic
def resume(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Give it again. Raises InvalidTransition, PromotionRefused when its time is over."""
    promotion = locked(actor, promotion)
    _check_ready(promotion)
    _step(actor, promotion, may_run(actor, promotion), "resume")
    told = party_ids(promotion)
    record(actor=actor, verb="promotion.resumed", target=promotion, parties=told, **_facts(promotion))
    return promotion


@transaction.atomic
def end(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Give it to no further order; what orders have reserved stays. Raises InvalidTransition."""
    promotion = locked(actor, promotion)
    _step(actor, promotion, may_run(actor, promotion), "end")
    told = party_ids(promotion)
    record(actor=actor, verb="promotion.ended", target=promotion, parties=told, **_facts(promotion))
    return promotion


@transaction.atomic
def reopen(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Take its end back, as long as its time is not over. Raises InvalidTransition and PromotionRefused."""
    promotion = locked(actor, promotion)
    _check_ready(promotion)
    _step(actor, promotion, may_run(actor, promotion), "reopen")
    told = party_ids(promotion)
    record(actor=actor, verb="promotion.resumed", target=promotion, parties=told, **_facts(promotion))
    return promotion


@transaction.atomic
def cancel(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Take it back altogether; only while no order uses it. Raises InvalidTransition."""
    promotion = locked(actor, promotion)
    told = party_ids(promotion) if promotion.state != Promotion.State.DRAFT else set()
    _step(actor, promotion, may_cancel(actor, promotion), "cancel")
    record(actor=actor, verb="promotion.cancelled", target=promotion, parties=told, **_facts(promotion))
    return promotion


@transaction.atomic
def restore(*, actor: Actor, promotion: Promotion) -> Promotion:
    """Make a cancelled one a draft again. Raises InvalidTransition."""
    promotion = locked(actor, promotion)
    _step(actor, promotion, may_run(actor, promotion), "restore")
    record(actor=actor, verb="promotion.restored", target=promotion, parties=(), **_facts(promotion))
    return promotion


@transaction.atomic
def end_overdue(*, promotion: Promotion) -> bool:
    """End a promotion whose last day is over; False where it is not, or somebody was quicker."""
    actor = system_actor(promotion.vendor)
    fresh = locked(actor, promotion)
    if not Promotion.objects.overdue(localdate()).filter(pk=fresh.pk).exists():
        return False
    end(actor=actor, promotion=fresh)
    return True
