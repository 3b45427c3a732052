"""What waits is done: once, whatever is killed and however many workers there are.

One transaction holds the trigger and the run, judges both anew, does what is to be done and notes it: all of it is
committed, or none. A letter is a row that this transaction adds to a mailing; it leaves as the letters of all mailings
do, each once. So there is no moment at which something was done and nobody knows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from audiences.models import Contact, Recipient
from automation.actions.doing import ACTS, Done, Refused
from automation.actions.locking import held
from automation.addressing import refused
from automation.conditions import hold
from automation.kinds import Subject
from automation.limits import STALE, WEEK, after_quiet, day_of, next_day
from automation.models import Run, Trigger
from automation.occasions import OCCASIONS, Occasion
from core.audit import caused_by

Why = Run.Why


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a run may act now: `why` it is left out, or until when it waits, or neither."""

    why: str = ""
    until: datetime | None = None


GO = Judgement()


@transaction.atomic
def act_on(*, pk: int) -> Run | None:
    """Do what one run stands for, or note why not, or until when it waits; None where there is nothing to do."""
    trigger_id = Run.objects.filter(pk=pk).values_list("trigger", flat=True).first()
    trigger = held(trigger_id) if trigger_id else None
    occasion = OCCASIONS.get(trigger.event) if trigger else None
    if trigger is None or occasion is None:
        return None
    waiting = Run.objects.select_for_update(of=("self",)).select_related("partner")
    run = waiting.filter(pk=pk, state=Run.State.WAITING, due_at__lte=now()).first()
    if run is None:
        return None
    subject = occasion.kind.subjects(trigger.organisation, [run.target_id]).get(run.target_id)
    contact = contact_of(run)
    judgement = judge(trigger, occasion, run, subject, contact)
    if judgement.until is not None:
        run.due_at = judgement.until
        run.save(update_fields=["due_at"])
    elif judgement.why or subject is None:
        settle(run, trigger, Done(), judgement.why)
    else:
        _do(trigger, run, subject, contact)
    return run


def contact_of(run: Run) -> Contact | None:
    """The contact under lock: two triggers do not write to the same person at once. With consents and suppression."""
    if run.contact_id is None:
        return None
    Contact.objects.select_for_update(of=("self",)).filter(pk=run.contact_id).first()
    rows = Contact.objects.filter(pk=run.contact_id, organisation=run.organisation_id)
    return rows.with_suppression().prefetch_related("consents").first()


def _do(trigger: Trigger, run: Run, subject: Subject, contact: Contact | None) -> None:
    with caused_by((*run.chain, trigger.pk)):
        try:
            with transaction.atomic():
                settle(run, trigger, ACTS[Trigger.Act(trigger.act)](trigger, run, subject, contact))
        except Refused as refusal:
            settle(run, trigger, Done(), refusal.why)


def settle(run: Run, trigger: Trigger, done: Done, why: str = "") -> None:
    """Note what became of a run. Left out, it lets go of the trigger's "once"."""
    run.state, run.why = (Run.State.LEFT_OUT, why) if why else (Run.State.DONE, "")
    run.once_key = "" if why else run.once_key
    run.version, run.settled_at = trigger.version, now()
    run.letter, run.reached = done.letter, done.reached
    run.save(update_fields=["state", "why", "once_key", "version", "settled_at", "letter", "reached"])


def judge(
    trigger: Trigger, occasion: Occasion, run: Run, subject: Subject | None, contact: Contact | None
) -> Judgement:
    """Whether a run may act now. What holds is asked anew: a delay may have changed it."""
    if subject is None or run.target != occasion.kind.target:
        return Judgement(Why.GONE)
    if now() - run.happened_at > timedelta(hours=trigger.delay_hours) + STALE:
        return Judgement(Why.LATE)
    if occasion.states and getattr(subject.row, "state", "") not in occasion.states:
        return Judgement(Why.OVER)
    if not hold(trigger.rule, subject):
        return Judgement(Why.OVER)
    if trigger.act == Trigger.Act.LETTER:
        why = refused(contact, trigger.purpose) or (Why.WEEK if contact and _has_enough(trigger, contact) else "")
        if why:
            return Judgement(why)
    return _when(trigger)


def _when(trigger: Trigger) -> Judgement:
    moment = now()
    if trigger.disturbs and (later := after_quiet(moment, trigger.quiet, trigger.time_zone)) > moment:
        return Judgement(until=later)
    today = Q(settled_at__gte=day_of(moment, trigger.time_zone))
    if trigger.runs.filter(today, state=Run.State.DONE).count() >= trigger.daily_max:
        return Judgement(until=next_day(moment, trigger.time_zone))
    return GO


def _has_enough(trigger: Trigger, contact: Contact) -> bool:
    """Whether the contact had its letters of the week, of all triggers of the organisation together."""
    lately = Run.objects.filter(contact=contact, state=Run.State.DONE, settled_at__gt=now() - WEEK)
    return (
        lately.filter(letter__isnull=False).exclude(letter__state=Recipient.State.DROPPED).count() >= trigger.per_week
    )
