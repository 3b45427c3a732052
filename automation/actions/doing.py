"""The acts themselves: a letter, a notice, a promotion code, a task. All in the transaction of the run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate, now

from audiences.actions import add_letter
from audiences.models import Contact, Recipient
from automation.actions.standing import letters_of
from automation.kinds import TARGETS, Subject
from automation.models import Run, Trigger
from core.audit import record
from core.errors import DomainError
from core.numbers import format_day
from deals.actions import plan_activity
from partners.actors import system_actor
from partners.models import Membership
from promotions.actions import make_codes
from promotions.models import Promotion

Why = Run.Why


@dataclass(frozen=True, slots=True)
class Done:
    """What an act led to: the letter it owes, and how many people it reached."""

    letter: Recipient | None = None
    reached: int = 0


class Refused(Exception):
    """An act that cannot be done; `why` is a reason of the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def write_letter(trigger: Trigger, run: Run, subject: Subject, contact: Contact | None) -> Done:
    """Owe the contact a letter. It is handed over by the job of mailings, where consent is asked for once more."""
    if contact is None:
        raise Refused(Why.NOBODY)
    mailing = letters_of(trigger)
    try:
        letter = add_letter(
            mailing=mailing, contact=contact, occasion=run.occasion, values=values_of(subject, contact.language)
        )
    except DomainError as error:
        raise Refused(Why.STOPPED) from error
    transaction.on_commit(lambda: _hand_over(mailing.pk), robust=True)
    return Done(letter, 1)


def _hand_over(mailing_id: int) -> None:
    from audiences.tasks import send

    send.enqueue(mailing_id)


def values_of(subject: Subject, language: str = "") -> Mapping[str, str]:
    """What a letter may name of the record."""
    day = parse_date(subject.day) if subject.day else None
    partner = subject.partner.name if subject.partner else ""
    return {"record": subject.title, "partner": partner, "day": format_day(day) if day else ""}


def tell_colleagues(trigger: Trigger, run: Run, subject: Subject, _contact: Contact | None) -> Done:
    """Tell a colleague, or all of a role who may see such records. They choose themselves how they are told."""
    members = members_of(trigger, TARGETS[run.target].capability)
    if not members:
        raise Refused(Why.NOBODY)
    record(
        actor=system_actor(trigger.organisation), verb="automation.told", target=subject.told_of, parties=(),
        says=trigger.subject, note=trigger.body[:500], trigger=trigger.name, url=subject.url,
        members=[each.pk for each in members],
    )  # fmt: skip
    return Done(reached=len(members))


def members_of(trigger: Trigger, capability: str) -> list[Membership]:
    """Who is told: those whose own role lets them see such a record."""
    rows = Membership.objects.filter(organisation=trigger.organisation_id).live()
    if trigger.person_id:
        rows = rows.filter(user=trigger.person_id)
    elif trigger.role_id:
        rows = rows.filter(roles=trigger.role_id)
    else:
        return []
    return [each for each in rows.order_by("pk") if capability in each.capabilities()]


def give_code(trigger: Trigger, run: Run, _subject: Subject, _contact: Contact | None) -> Done:
    """Make a code for one order, and tell the partner's people who may see promotions; nobody else reads it."""
    promotion, partner = trigger.promotion, run.partner
    if promotion is None or partner is None:
        raise Refused(Why.STOPPED if promotion is None else Why.NOBODY)
    running = Promotion.objects.filter(pk=promotion.pk, vendor=trigger.organisation_id).running_on(localdate())
    if not running.exists():
        raise Refused(Why.STOPPED)
    if not running.for_partner(partner.pk, partner.country).exists():
        raise Refused(Why.NOT_THEIRS)
    actor = system_actor(trigger.organisation)
    try:
        [code] = make_codes(actor=actor, promotion=promotion, count=1)
    except DomainError as error:
        raise Refused(Why.STOPPED) from error
    record(
        actor=actor, verb="automation.code_given", target=promotion, parties={partner.pk},
        code=code.text, name=promotion.name, to=partner.name,
    )  # fmt: skip
    return Done(reached=1)


def plan_task(trigger: Trigger, _run: Run, subject: Subject, _contact: Contact | None) -> Done:
    """Plan a task on the deal, for one's own organisation alone."""
    fields = {
        "kind": "task",
        "subject": trigger.subject,
        "note": trigger.body[:2000],
        "due_at": now() + timedelta(days=trigger.due_days),
        "assignee": trigger.person,
    }
    try:
        plan_activity(actor=system_actor(trigger.organisation), deal=subject.row, fields=fields)  # type: ignore[arg-type]
    except DomainError as error:
        raise Refused(Why.STOPPED) from error
    return Done(reached=1)


ACTS: Mapping[str, Callable[[Trigger, Run, Subject, Contact | None], Done]] = {
    Trigger.Act.LETTER: write_letter,
    Trigger.Act.NOTICE: tell_colleagues,
    Trigger.Act.CODE: give_code,
    Trigger.Act.TASK: plan_task,
}
