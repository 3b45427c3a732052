"""Calls, meetings, mails and tasks on a deal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import is_aware, localtime, now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from deals.actions.locking import locked
from deals.models import Activity, Deal
from deals.models.aside import beside
from deals.permissions import may_change_beside, may_write_beside
from partners.access import require
from partners.actors import Actor, system_actor
from partners.models import Membership

FIELDS = ("kind", "subject", "note", "due_at", "minutes", "assignee", "remind_at")
MAX_PER_DEAL = 1000
LATEST = timedelta(days=3660)
MORNING = 9  # o'clock, the reader's time


@transaction.atomic
def plan_activity(*, actor: Actor, deal: Deal, fields: Mapping[str, Any], shared: bool = False) -> Activity:
    """Plan something to do about a deal (any of FIELDS), for oneself unless a colleague is named.

    Raises DomainError, naming the field, for an empty subject, a time out of reach or somebody else's colleague.
    """
    deal = locked(actor, deal)
    require(may_write_beside(actor, deal))
    if Activity.objects.visible_to(actor).filter(deal=deal).count() >= MAX_PER_DEAL:
        raise DomainError(_("A deal has at most %(n)d activities.") % {"n": MAX_PER_DEAL})
    row = Activity(**beside(deal, actor.organisation, shared), created_by=actor.user, assignee=actor.user)
    _fill(actor, row, fields)
    row.save()
    _tell(actor, row, "planned")
    return row


@transaction.atomic
def change_activity(*, actor: Actor, activity: Activity, fields: Mapping[str, Any]) -> Activity:
    """Change an activity of one's own organisation. A new time asks for a new reminder."""
    row = _locked(actor, activity)
    if row.is_done:
        raise InvalidTransition(_("That is done. Open it again to change it."))
    before = {name: getattr(row, name) for name in FIELDS}
    _fill(actor, row, fields)
    if before == {name: getattr(row, name) for name in FIELDS}:
        return row
    if row.remind_at != before["remind_at"]:
        row.reminded_at = None
    row.save()
    _tell(actor, row, "changed")
    return row


@transaction.atomic
def complete_activity(*, actor: Actor, activity: Activity) -> Activity:
    """Tick it off. Done twice is done once."""
    row = _locked(actor, activity)
    if row.is_done:
        return row
    row.done_at, row.done_by = now(), actor.user
    row.save(update_fields=["done_at", "done_by"])
    _tell(actor, row, "done")
    return row


@transaction.atomic
def reopen_activity(*, actor: Actor, activity: Activity) -> Activity:
    """It was not done after all."""
    row = _locked(actor, activity)
    if not row.is_done:
        return row
    row.done_at = row.done_by = None
    row.save(update_fields=["done_at", "done_by"])
    _tell(actor, row, "reopened")
    return row


@transaction.atomic
def snooze_activity(*, actor: Actor, activity: Activity, days: int = 1) -> Activity:
    """Put it off to the same time some days after today (what is still ahead: after its own day), reminder included."""
    if not 1 <= days <= 365:
        raise DomainError(_("Put it off by one day at least, and a year at most."), field="days")
    row = _locked(actor, activity)
    if row.is_done:
        raise InvalidTransition(_("That is done. Open it again to change it."))
    due, today = localtime(row.due_at), localtime()
    first = max(due.date(), today.date())
    later = due.replace(year=first.year, month=first.month, day=first.day) + timedelta(days=days)
    _must_be_in_reach(later, "days")
    if row.remind_at is not None:
        row.remind_at, row.reminded_at = later - (row.due_at - row.remind_at), None
    row.due_at = later
    row.save(update_fields=["due_at", "remind_at", "reminded_at"])
    _tell(actor, row, "changed")
    return row


@transaction.atomic
def delete_activity(*, actor: Actor, activity: Activity) -> None:
    """Throw away what was planned by mistake. Raises InvalidTransition for what was done: that stays on record."""
    row = _locked(actor, activity)
    if row.is_done:
        raise InvalidTransition(_("What was done stays on record."))
    _tell(actor, row, "deleted")
    row.delete()


@transaction.atomic
def remind_of_activity(*, activity: Activity) -> bool:
    """Tell whom it is assigned to that it is due, once; nothing when that was done or is no longer wanted."""
    due = Activity.objects.to_remind().select_for_update(of=("self",))
    row = due.filter(pk=activity.pk).select_related("deal", "organisation").first()
    if row is None:
        return False
    row.reminded_at = now()
    row.save(update_fields=["reminded_at"])
    record(actor=system_actor(row.organisation), verb="activity.due", target=row.deal, parties=(), **_facts(row))
    return True


def _locked(actor: Actor, activity: Activity) -> Activity:
    rows = Activity.objects.visible_to(actor).select_for_update(of=("self",))
    row: Activity = rows.select_related("deal", "organisation").get(pk=activity.pk)
    require(may_change_beside(actor, row))
    return row


def _fill(actor: Actor, row: Activity, fields: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    row.subject, row.note = row.subject.strip(), row.note.strip()
    if row.kind not in Activity.Kind.values:
        raise DomainError(_("Choose a kind."), field="kind")
    if not row.subject or len(row.subject) > 200:
        raise DomainError(_("Say what is to be done, in a line."), field="subject")
    if len(row.note) > 2000:
        raise DomainError(_("That is too long."), field="note")
    if not isinstance(row.minutes, int) or not 0 <= row.minutes <= 1440:
        raise DomainError(_("It takes between 0 and 1440 minutes."), field="minutes")
    _must_be_in_reach(row.due_at, "due_at")
    if row.remind_at is not None and not row.due_at - timedelta(days=60) <= row.remind_at <= row.due_at:
        raise DomainError(_("A reminder comes before its time, by 60 days at most."), field="remind_at")
    colleagues = Membership.objects.live().filter(organisation=actor.organisation)
    if row.assignee_id is not None and not colleagues.filter(user=row.assignee_id).exists():
        raise DomainError(_("Choose one of your colleagues."), field="assignee")


def _must_be_in_reach(moment: datetime | None, field: str) -> None:
    if moment is None or not is_aware(moment) or abs(moment - now()) > LATEST:
        raise DomainError(_("Choose a day within ten years."), field=field)


def _tell(actor: Actor, row: Activity, step: str) -> None:
    parties = tuple(row.party_ids())
    record(actor=actor, verb=f"activity.{step}", target=row.deal, parties=parties, **_facts(row))


def _facts(row: Activity) -> dict[str, Any]:
    return {"activity": row.pk, "kind": row.kind, "subject": row.subject, "assignee": row.assignee_id}
