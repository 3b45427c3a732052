"""Reading, unreading and putting off what one was told."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.errors import DomainError
from inbox.frames import push_read
from inbox.models import Notification, Subject
from inbox.snoozing import LONGEST
from partners.actors import Actor, acting

AT_ONCE = 500  # subjects that come back in one run of the timetable


@transaction.atomic
def read(*, actor: Actor, notification: Notification) -> Notification:
    """Mark one as read; reading it again keeps the first moment."""
    if notification.read_at is None:
        _set(actor, notification, now())
    return notification


@transaction.atomic
def unread(*, actor: Actor, notification: Notification) -> Notification:
    """Mark one as unread again."""
    if notification.read_at is not None:
        _set(actor, notification, None)
    return notification


def _set(actor: Actor, notification: Notification, moment: datetime | None) -> None:
    notification.read_at = moment
    notification.save(update_fields=["read_at"])
    Subject.objects.filter(pk=notification.subject_id).recount()
    push_read(actor, notification.pk)


@transaction.atomic
def read_subject(*, actor: Actor, subject: Subject) -> tuple[int, datetime]:
    """Mark everything about one record as read; returns how many, and the moment that undoes it."""
    moment = now()
    many = Notification.objects.filter(subject=subject, read_at=None).update(read_at=moment)
    _recounted(actor, subject, many)
    return many, moment


@transaction.atomic
def unread_subject(*, actor: Actor, subject: Subject, moment: datetime) -> int:
    """Undo `read_subject`: what was marked at that moment is unread again."""
    many = Notification.objects.filter(subject=subject, read_at=moment).update(read_at=None)
    _recounted(actor, subject, many)
    return many


def _recounted(actor: Actor, subject: Subject, many: int) -> None:
    if many:
        Subject.objects.filter(pk=subject.pk).recount()
        subject.refresh_from_db(fields=["unread"])
        push_read(actor)


@transaction.atomic
def read_all(*, actor: Actor) -> tuple[int, datetime]:
    """Mark everything unread as read, less what is put off; returns how many, and the moment that undoes it."""
    moment = now()
    waiting = Notification.objects.visible_to(actor).waiting().order_by().values("pk")
    many = Notification.objects.filter(pk__in=waiting).update(read_at=moment)
    if many:
        Subject.objects.visible_to(actor).waiting().recount()
        push_read(actor)
    return many, moment


@transaction.atomic
def unread_all(*, actor: Actor, moment: datetime) -> int:
    """Undo `read_all`: what was marked at that moment is unread again."""
    marked = Notification.objects.visible_to(actor).filter(read_at=moment).order_by()
    subjects = list(marked.values_list("subject", flat=True).distinct())
    many = Notification.objects.filter(pk__in=marked.values("pk")).update(read_at=None)
    for start in range(0, len(subjects), AT_ONCE):
        Subject.objects.filter(pk__in=subjects[start : start + AT_ONCE]).recount()
    if many:
        push_read(actor)
    return many


@transaction.atomic
def snooze(*, actor: Actor, subject: Subject, until: datetime) -> datetime | None:
    """Put a record's notifications off until a moment; returns until when it was put off before (None: not at all).

    It comes back as new then, or at once when something happens to the record. Raises DomainError for a moment that
    is over or more than a year away.
    """
    if not now() < until <= now() + LONGEST:
        raise DomainError(_("Choose a moment between now and a year from now."), field="until")
    return _put_off(actor, subject, until)


@transaction.atomic
def wake(*, actor: Actor, subject: Subject) -> datetime | None:
    """Bring back at once what was put off; returns until when it was."""
    return _put_off(actor, subject, None)


def _put_off(actor: Actor, subject: Subject, until: datetime | None) -> datetime | None:
    locked = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    before, locked.snoozed_until = locked.snoozed_until, until
    locked.save(update_fields=["snoozed_until"])
    subject.snoozed_until = until
    push_read(actor)
    return before


@transaction.atomic
def wake_due() -> int:
    """Bring back what was put off until now: unread and on top. Returns how many; the rest waits for the next run."""
    due = Subject.objects.select_for_update(of=("self",), skip_locked=True).filter(snoozed_until__lte=now())
    subjects = list(due.select_related("membership__user", "membership__organisation").order_by("pk")[:AT_ONCE])
    for subject in subjects:
        if not subject.unread:
            newest = Notification.objects.filter(subject=subject).order_by("-pk").values_list("pk", flat=True).first()
            Notification.objects.filter(pk__in=[newest]).update(read_at=None)
        subject.snoozed_until, subject.moved_at = None, now()
        subject.save(update_fields=["snoozed_until", "moved_at"])
        Subject.objects.filter(pk=subject.pk).recount()
    for membership in {subject.membership for subject in subjects}:
        push_read(acting(membership, "system"))
    return len(subjects)
