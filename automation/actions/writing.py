"""Triggers: written and changed. Each change is a version, which the log of what it did names."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audiences.letters import Writer
from audiences.models import Mailing
from automation.actions.locking import locked
from automation.actions.standing import close_letters
from automation.conditions import cleaned
from automation.models import Run, Trigger, TriggerVersion
from automation.occasions import OCCASIONS, Occasion
from automation.permissions import asks_four_eyes, may_have_done
from automation.sentences import sentence
from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actors import Actor
from partners.models import Membership
from promotions.models import Promotion

BODY = 20_000  # letters of a text
FIELDS = (
    "name", "event", "days", "rule", "delay_hours", "act", "to", "subject", "body", "purpose", "sender_name",
    "reply_to", "role", "person", "promotion", "due_days", "once", "per_week", "daily_max", "quiet_begins",
    "quiet_ends", "workdays",
)  # fmt: skip


@transaction.atomic
def save_trigger(
    *, actor: Actor, fields: Mapping[str, Any], trigger: Trigger | None = None, version: int | None = None
) -> Trigger:
    """Write a trigger, or change one (any of FIELDS); what changes is a new version, in force at once.

    Where letters ask for four eyes, a change of an active trigger pauses it. Another event lets go of what waits.
    Raises DomainError, naming the field, for what makes no trigger, StaleObject when `version` is not the current one.
    """
    if trigger is None:
        row = Trigger(organisation=actor.organisation, version=0, sender_name=str(actor.organisation)[:80])
        row.time_zone = actor.user.time_zone if actor.user else row.time_zone
    else:
        row = locked(actor, trigger, version)
    before = said_by(row) if row.pk else {}
    event = row.event
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    require(may_have_done(actor, row.act if row.act in Trigger.Act.values else Trigger.Act.NOTICE))
    _check(actor, row)
    if row.pk and before == said_by(row):
        return row
    return _store(actor, row, other_event=bool(row.pk) and event != row.event)


def _store(actor: Actor, row: Trigger, *, other_event: bool) -> Trigger:
    row.version += 1
    row.written_by = actor.user
    if row.state == Trigger.State.ACTIVE and asks_four_eyes(row):
        row.state = Trigger.State.PAUSED
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(_("There is a trigger of this name."), field="name") from error
    if other_event:
        waiting = row.runs.filter(state=Run.State.WAITING)
        waiting.update(state=Run.State.LEFT_OUT, why=Run.Why.STOPPED, once_key="")
    close_letters(row)
    said = {**said_by(row), "sentence": sentence(row)}
    TriggerVersion.objects.create(trigger=row, number=row.version, said=said, user=actor.user)
    record(actor=actor, verb="trigger.saved", target=row, version=row.version, note=said["sentence"][:500])
    return row


def said_by(row: Trigger) -> dict[str, Any]:
    """What a trigger says, as a version keeps it."""
    return {name: value if isinstance(value := _plain(row, name), dict | int | bool) else str(value) for name in FIELDS}


def _plain(row: Trigger, name: str) -> Any:
    value = getattr(row, f"{name}_id", None) if name in {"role", "person", "promotion"} else getattr(row, name)
    return "" if value is None else value


def _check(actor: Actor, row: Trigger) -> None:
    row.name = " ".join(row.name.split())
    row.subject = " ".join(row.subject.split())
    row.sender_name = " ".join(row.sender_name.split())
    if not row.name:
        raise DomainError(_("Give the trigger a name."), field="name")
    occasion = OCCASIONS.get(row.event)
    if occasion is None:
        raise DomainError(_("Choose what it waits for."), field="event")
    try:
        row.clean_fields(exclude=["rule", "written_by", "organisation", "role", "person", "promotion"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error
    if len(row.body) > BODY:
        raise DomainError(_("That is too long."), field="body")
    if (row.quiet_begins is None) != (row.quiet_ends is None):
        raise DomainError(_("Write both from when and to when."), field="quiet_ends")
    row.rule = cleaned(actor.organisation, occasion, row.rule)
    _CHECKS[Trigger.Act(row.act)](actor, row, occasion)


def _check_letter(actor: Actor, row: Trigger, occasion: Occasion) -> None:
    if row.to == Trigger.To.PERSON and not occasion.kind.person:
        raise DomainError(_("This is about no single person: write to your contacts at the company."), field="to")
    if row.to == Trigger.To.PARTNER and not occasion.kind.partner:
        raise DomainError(_("There is no other company here: write to the person it is about."), field="to")
    for name in ("subject", "body", "sender_name"):
        if not getattr(row, name).strip():
            raise DomainError(_("This cannot stay empty."), field=name)
    Writer(Mailing(organisation=actor.organisation, standing=True, **letter_of(row)))


def letter_of(row: Trigger) -> dict[str, Any]:
    """What its letters say, as a mailing has it."""
    names = ("subject", "body", "purpose", "sender_name", "reply_to")
    return {name: getattr(row, name) for name in names}


def _check_notice(actor: Actor, row: Trigger, _occasion: Occasion) -> None:
    _must_have_subject(row)
    if row.role is not None and row.role.organisation_id != actor.organisation.pk:
        raise DomainError(_("There is no such role."), field="role")
    _check_person(actor, row)
    if row.role is None and row.person is None:
        raise DomainError(_("Say whom to tell: a role, or a colleague."), field="role")


def _check_person(actor: Actor, row: Trigger) -> None:
    if row.person is not None:
        mine = Membership.objects.filter(organisation=actor.organisation, user=row.person, active=True)
        if not mine.exists():
            raise DomainError(_("That is no colleague of yours."), field="person")


def _check_code(actor: Actor, row: Trigger, occasion: Occasion) -> None:
    if not occasion.kind.partner:
        raise DomainError(_("There is no partner here to give a code to."), field="act")
    found = row.promotion
    if found is None or found.vendor_id != actor.organisation.pk or found.codes_kind != Promotion.Codes.MANY:
        raise DomainError(_("Choose a promotion of yours that has codes for one order each."), field="promotion")


def _check_task(actor: Actor, row: Trigger, occasion: Occasion) -> None:
    if occasion.kind.key != "deal":
        raise DomainError(_("Tasks are planned on deals: choose something that happens to one."), field="act")
    _must_have_subject(row)
    _check_person(actor, row)


def _must_have_subject(row: Trigger) -> None:
    if not row.subject:
        raise DomainError(_("This cannot stay empty."), field="subject")


_CHECKS = {
    Trigger.Act.LETTER: _check_letter,
    Trigger.Act.NOTICE: _check_notice,
    Trigger.Act.CODE: _check_code,
    Trigger.Act.TASK: _check_task,
}
