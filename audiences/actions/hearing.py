"""What comes back of letters: opened, followed, unsubscribed, bounced, complained. No actor: the signed token is it."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences import tokens
from audiences.actions.consenting import end_consents, put_key_on_list
from audiences.keys import suppression_key
from audiences.models import Click, Contact, Link, Recipient, Suppression
from core.audit import record
from inbox.inbound.returns import Report
from partners.actors import system_actor

HARD = ("5.1.", "5.2.1")  # no such address, mailbox disabled (RFC 3463, sections 3.2 and 3.3)
State = Recipient.State


@transaction.atomic
def note_opened(*, recipient_id: int) -> None:
    """A letter was shown, or a machine looked at its picture: the first time counts."""
    _first(recipient_id, "opened_at")


@transaction.atomic
def note_followed(*, recipient_id: int, number: int, counted: bool = True) -> str | None:
    """A link was followed: where it leads; None for one that the mailing does not have. It counts as opened, too."""
    recipient = Recipient.objects.filter(pk=recipient_id).first()
    link = Link.objects.filter(mailing=recipient.mailing_id, number=number).first() if recipient else None
    if recipient is None or link is None:
        return None
    if not counted:
        return link.url
    try:
        with transaction.atomic():
            _row, new = Click.objects.get_or_create(recipient=recipient, link=link)
    except IntegrityError:  # two at once
        new = False
    if not new:
        Click.objects.filter(recipient=recipient, link=link).update(times=F("times") + 1)
    _first(recipient_id, "opened_at")
    _first(recipient_id, "clicked_at")
    return link.url


def _first(recipient_id: int, column: str) -> None:
    """Note the first time. Whoever reads a letter got it, so one that was unsure is not any more."""
    row = Recipient.objects.filter(pk=recipient_id)
    row.filter(**{f"{column}__isnull": True}).update(**{column: now()})
    row.filter(state=State.UNSURE).update(state=State.SENT, sent_at=now(), reason="", claim="")


@transaction.atomic
def unsubscribe(*, recipient_id: int) -> Recipient | None:
    """End all consents of the person and leave the address alone; again it changes nothing. None for no such letter."""
    recipient = Recipient.objects.filter(pk=recipient_id).select_related("organisation", "mailing").first()
    if recipient is None:
        return None
    _first(recipient_id, "unsubscribed_at")
    _leave_alone(recipient, Suppression.Reason.UNSUBSCRIBED, _("through the link in a letter"))
    return recipient


def _leave_alone(recipient: Recipient, reason: str, how: str) -> None:
    contact = Contact.objects.select_for_update(of=("self",)).filter(received=recipient).first()
    if recipient.email:
        put_key_on_list(recipient.organisation_id, suppression_key(recipient.organisation_id, recipient.email), reason)
    if contact is not None and end_consents(contact, how):
        record(actor=system_actor(recipient.organisation), verb="contact.unsubscribed", target=contact)


@transaction.atomic
def take_report(token: str, report: Report) -> bool:
    """A mail server or provider reports on a letter; True for one of ours. A hard bounce or a complaint suppresses."""
    named = tokens.read(tokens.RETURN, token)
    row = Recipient.objects.filter(pk=named.recipient_id).select_related("organisation").first() if named else None
    if row is None:
        return False
    if report.kind == "complaint":
        Recipient.objects.filter(pk=row.pk, complained_at=None).update(complained_at=now())
        _leave_alone(row, Suppression.Reason.COMPLAINED, _("complained of spam"))
    elif report.kind == "bounce":
        _bounced(row, report)
    return True


def _bounced(row: Recipient, report: Report) -> None:
    words = " ".join(part for part in (report.status, report.words) if part)[:300]
    mine = Recipient.objects.filter(pk=row.pk)
    mine.filter(bounced_at=None).update(bounced_at=now(), reason=words)
    mine.filter(state=State.UNSURE).update(state=State.SENT, sent_at=now(), claim="")
    if report.status.startswith(HARD) and row.email:
        key = suppression_key(row.organisation_id, row.email)
        put_key_on_list(row.organisation_id, key, Suppression.Reason.BOUNCED)
