"""Triggers are started, paused, deleted; what waits is let go."""

from django.db import transaction
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from automation.actions.locking import locked
from automation.actions.standing import close_letters
from automation.models import Run, Trigger
from automation.permissions import may_activate, may_keep
from core.audit import record
from core.errors import InvalidTransition
from core.states import move
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def activate_trigger(*, actor: Actor, trigger: Trigger) -> Trigger:
    """Start it, or let it go on: from now on, what happens counts; what happened before is left alone.

    What waited while it was paused goes on. Raises InvalidTransition where it runs, PermissionDenied for who may not do
    by hand what it does, or wrote it where four eyes are asked for.
    """
    trigger = locked(actor, trigger)
    require(may_activate(actor, trigger))
    move(trigger, "activate")
    trigger.active_since = now()
    # Occasions of a day are told in the morning: today's are not missed by who starts it at noon.
    trigger.looked_until = localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    trigger.save(update_fields=["state", "active_since", "looked_until"])
    record(actor=actor, verb="trigger.activated", target=trigger, version=trigger.version)
    return trigger


@transaction.atomic
def pause_trigger(*, actor: Actor, trigger: Trigger) -> Trigger:
    """Nothing more is done from now on, also not what waits. Raises InvalidTransition where it does not run."""
    trigger = locked(actor, trigger)
    require(may_keep(actor))
    move(trigger, "pause")
    trigger.save(update_fields=["state"])
    record(actor=actor, verb="trigger.paused", target=trigger)
    return trigger


@transaction.atomic
def drop_waiting(*, actor: Actor, trigger: Trigger) -> int:
    """Let go of what waits; how many."""
    trigger = locked(actor, trigger)
    require(may_keep(actor))
    waiting = trigger.runs.filter(state=Run.State.WAITING)
    many = waiting.update(state=Run.State.LEFT_OUT, why=Run.Why.STOPPED, once_key="", settled_at=now())
    if many:
        record(actor=actor, verb="trigger.dropped", target=trigger, total=many)
    return int(many)


@transaction.atomic
def delete_trigger(*, actor: Actor, trigger: Trigger) -> None:
    """Delete a trigger with its log; letters that left stay with the mailings. InvalidTransition while it runs."""
    trigger = locked(actor, trigger)
    require(may_keep(actor))
    if trigger.state == Trigger.State.ACTIVE:
        raise InvalidTransition(_("Pause it first."))
    close_letters(trigger)
    record(actor=actor, verb="trigger.deleted", target=trigger)
    trigger.delete()
