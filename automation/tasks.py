"""Jobs of triggers. They are wake-ups: what is to be done stands in the rows, and survives a lost job."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import now
from django_tasks import task

from automation import actions
from automation.models import Run, Trigger
from automation.occasions import BY_VERB, OCCASIONS, of_entry
from core.audit import delivered_together
from core.jobs import retrying
from core.models import TrailEntry

log = logging.getLogger("filiera.automation")
AT_ONCE = 500  # runs of one sweep; the next minute goes on
BY_LOOKING = [key for key, occasion in OCCASIONS.items() if not occasion.verbs and not occasion.days]
HOURLY = timedelta(hours=1)
KEPT = timedelta(days=365)


@task()
@retrying(attempts=4, base=30)
def hear(entry_id: int) -> None:
    """Tell the triggers that wait for an entry of the trail, then do what need not wait."""
    entry = TrailEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        return
    readers = entry.readers.values("organisation")
    waiting = Trigger.objects.filter(
        state=Trigger.State.ACTIVE, event__in=BY_VERB.get(entry.verb, ()), organisation__in=readers
    )
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        actions.take_up(pk=pk, happenings=[of_entry(entry)])
        act.enqueue(pk)


@task()
def act(trigger_id: int) -> None:
    """Do what is due of one trigger. Begun twice or killed in the middle, nothing is done twice."""
    due = Run.objects.due().filter(trigger=trigger_id).order_by("due_at", "pk")
    with delivered_together():
        for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
            _act_on(pk)


def _act_on(pk: int) -> None:
    try:
        actions.act_on(pk=pk)
    except Exception:  # one that fails must not hold up the others; it waits, and the next minute tries again
        log.exception("run %s of a trigger failed", pk)


@task()
def sweep() -> None:
    """Every minute: look for what the clock and letters bring, then do what is due."""
    active = Trigger.objects.filter(state=Trigger.State.ACTIVE)
    stale = Q(looked_until__lt=now() - HOURLY) | Q(event__in=BY_LOOKING)
    for pk in active.filter(stale).order_by("looked_until", "pk").values_list("pk", flat=True):
        try:
            actions.look(pk=pk)
        except Exception:
            log.exception("trigger %s could not look for its occasions", pk)
    due = Run.objects.due().order_by().values_list("trigger", flat=True).distinct()
    for pk in list(due):
        act.enqueue(pk)
    Run.objects.filter(state=Run.State.LEFT_OUT, settled_at__lt=now() - KEPT).delete()
