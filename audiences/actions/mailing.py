"""Mailings: written, tested, scheduled, started, paused, stopped. Sending itself is in `sending`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences.letters import Writer
from audiences.models import AudienceSettings, Contact, Mailing, Purpose, Recipient
from audiences.permissions import may_keep, may_send, may_steer
from audiences.rows import address_of
from core.audit import record
from core.errors import DomainError, InvalidTransition, StaleObject
from core.states import move
from partners.access import person_of, require
from partners.actors import Actor

FIELDS = (
    "subject", "subject_b", "share_b", "body", "sender_name", "reply_to", "purpose", "segment", "tracking",
)  # fmt: skip


@transaction.atomic
def write_mailing(
    *, actor: Actor, fields: Mapping[str, Any], mailing: Mailing | None = None, version: int | None = None
) -> Mailing:
    """Write a draft, or change one; who changed it last counts as its writer.

    `fields`: those of FIELDS, and for a new one `source` and `source_id` of what asked for it. Raises DomainError for a
    text that names an unknown field, InvalidTransition for a mailing that was started.
    """
    require(may_keep(actor))
    if mailing is None:
        tracking = AudienceSettings.of(actor.organisation).tracking
        mailing = Mailing(organisation=actor.organisation, tracking=tracking, sender_name=str(actor.organisation)[:80])
        mailing.source, mailing.source_id = fields.get("source", ""), fields.get("source_id")
        mailing.standing = fields.get("standing", False)
    else:
        mailing = locked(actor, mailing, version)
        must_be_draft(mailing)
        mailing.version += 1
    for name in FIELDS:
        if name in fields:
            setattr(mailing, name, fields[name])
    mailing.written_by = actor.user
    _check(actor, mailing)
    mailing.save()
    record(actor=actor, verb="mailing.written", target=mailing)
    return mailing


def _check(actor: Actor, mailing: Mailing) -> None:
    for name in ("subject", "body", "sender_name"):
        if not str(getattr(mailing, name)).strip():
            raise DomainError(_("This cannot stay empty."), field=name)
    if mailing.purpose not in Purpose.values:
        raise DomainError(_("Say for what this letter is."), field="purpose")
    if mailing.segment is not None and mailing.segment.organisation_id != actor.organisation.pk:
        raise DomainError(_("There is no such segment."), field="segment")
    if not 1 <= mailing.share_b <= 99:
        raise DomainError(_("Between 1 and 99 percent."), field="share_b")
    if mailing.reply_to:
        mailing.reply_to = address_of(mailing.reply_to)
    for name in ("subject", "subject_b", "sender_name"):
        setattr(mailing, name, " ".join(getattr(mailing, name).split()))
    if any(
        len(getattr(mailing, name)) > most for name, most in (("subject", 150), ("subject_b", 150), ("body", 50_000))
    ):
        raise DomainError(_("That is too long."), field="body")
    Writer(mailing)


def locked(actor: Actor, mailing: Mailing, version: int | None = None) -> Mailing:
    """The mailing read anew under lock. Raises DoesNotExist for strangers, StaleObject for an old `version`."""
    rows = Mailing.objects.visible_to(actor).select_for_update(of=("self",))
    found: Mailing = rows.select_related("organisation", "segment", "written_by").get(pk=mailing.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def must_be_draft(mailing: Mailing) -> None:
    """Raises InvalidTransition for a mailing that was started."""
    if not mailing.is_draft:
        raise InvalidTransition(_("This mailing was started, and cannot be changed any more."))


@transaction.atomic
def delete_mailing(*, actor: Actor, mailing: Mailing) -> None:
    """Delete a draft. Raises InvalidTransition for a mailing that was started."""
    mailing = locked(actor, mailing)
    require(may_keep(actor))
    must_be_draft(mailing)
    record(actor=actor, verb="mailing.deleted", target=mailing)
    mailing.delete()


def send_test(*, actor: Actor, mailing: Mailing, contact: Contact | None = None, variant: str = "A") -> str:
    """Send the letter to oneself, as a contact would get it; nothing in it is counted. Returns the address.

    Raises PermissionDenied for a machine, which has no address.
    """
    require(may_keep(actor))
    user = person_of(actor)
    found = Mailing.objects.visible_to(actor).select_related("organisation", "written_by").get(pk=mailing.pk)
    person = contact or Contact(organisation=actor.organisation, name=user.name, email=user.email)
    message = Writer(found).compose(Recipient(email=user.email, variant=variant), person)
    message.subject = _("Test: %(subject)s") % {"subject": message.subject}
    get_connection().send_messages([message])
    record(actor=actor, verb="mailing.tested", target=found)
    return user.email


@transaction.atomic
def schedule_mailing(*, actor: Actor, mailing: Mailing, at: datetime) -> Mailing:
    """Have the mailing start by itself. Raises DomainError for a time that is over, and without a segment."""
    mailing = locked(actor, mailing)
    require(may_send(actor, mailing))
    _must_have_segment(mailing)
    if at <= now():
        raise DomainError(_("Choose a time to come."), field="at")
    move(mailing, "schedule")
    mailing.scheduled_at = at
    _save(mailing, "state", "scheduled_at")
    record(actor=actor, verb="mailing.scheduled", target=mailing)
    return mailing


@transaction.atomic
def unschedule_mailing(*, actor: Actor, mailing: Mailing) -> Mailing:
    """Take the mailing off the calendar. Raises InvalidTransition where it is not on it."""
    mailing = locked(actor, mailing)
    require(may_steer(actor))
    move(mailing, "unschedule")
    mailing.scheduled_at = None
    _save(mailing, "state", "scheduled_at")
    record(actor=actor, verb="mailing.unscheduled", target=mailing)
    return mailing


@transaction.atomic
def start_mailing(*, actor: Actor, mailing: Mailing) -> Mailing:
    """Start sending: a job writes the recipients down, once, and hands the letters over.

    Raises DomainError without a segment, InvalidTransition for a mailing that was started, PermissionDenied where four
    eyes are asked for and these are the writer's.
    """
    mailing = locked(actor, mailing)
    require(may_send(actor, mailing))
    _must_have_segment(mailing)
    move(mailing, "start")
    mailing.started_at = mailing.beat_at = now()
    _save(mailing, "state", "started_at", "beat_at")
    record(actor=actor, verb="mailing.started", target=mailing)
    return mailing


def _must_have_segment(mailing: Mailing) -> None:
    if mailing.segment is None:
        raise DomainError(_("Choose to whom it goes."), field="segment")


@transaction.atomic
def pause_mailing(*, actor: Actor, mailing: Mailing) -> Mailing:
    """Hand over no further letter until it is resumed. The one in hand is finished."""
    return _steer(actor, mailing, "pause", "mailing.paused")


@transaction.atomic
def resume_mailing(*, actor: Actor, mailing: Mailing) -> Mailing:
    """Go on with the letters that wait."""
    return _steer(actor, mailing, "resume", "mailing.resumed")


@transaction.atomic
def stop_mailing(*, actor: Actor, mailing: Mailing) -> Mailing:
    """Stop for good: what waits is never sent. The one letter in hand is finished."""
    mailing = _steer(actor, mailing, "stop", "mailing.stopped")
    waiting = mailing.recipients.filter(state=Recipient.State.WAITING)
    waiting.update(state=Recipient.State.DROPPED, reason=_("stopped"), claim="")
    mailing.finished_at = now()
    _save(mailing, "finished_at")
    return mailing


def _steer(actor: Actor, mailing: Mailing, step: str, verb: str) -> Mailing:
    mailing = locked(actor, mailing)
    require(may_steer(actor))
    move(mailing, step)
    mailing.beat_at = now()
    _save(mailing, "state", "beat_at")
    record(actor=actor, verb=verb, target=mailing)
    return mailing


@transaction.atomic
def resend_unsure(*, actor: Actor, mailing: Mailing) -> int:
    """Send the letters of which nobody knows whether they left once more; how many. Some people may get two.

    The Message-ID stays, so mail programs that look at it show one. Raises DomainError where none is unsure,
    InvalidTransition for a mailing that was stopped.
    """
    mailing = locked(actor, mailing)
    require(may_steer(actor))
    move(mailing, "resend")
    unsure = mailing.recipients.filter(state=Recipient.State.UNSURE)
    many = unsure.update(state=Recipient.State.WAITING, claim="", attempts=0, reason="")
    if not many:
        raise DomainError(_("There is no letter of which this is not known."))
    mailing.beat_at, mailing.finished_at = now(), None
    _save(mailing, "state", "beat_at", "finished_at")
    record(actor=actor, verb="mailing.resent", target=mailing, total=many)
    return int(many)


def _save(mailing: Mailing, *fields: str) -> None:
    mailing.version += 1
    mailing.save(update_fields=[*fields, "version"])
