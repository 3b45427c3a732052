"""Standing mailings: a letter to one contact at a time, whenever something else has a reason to write.

Sending is the same as of any mailing: a row for each letter, which leaves once. A letter about the same occasion is
added once, however often it is asked for.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences.actions.mailing import write_mailing
from audiences.letters import Writer
from audiences.models import Contact, Link, Mailing, Recipient
from core.errors import InvalidTransition
from core.states import move
from partners.actors import Actor


@transaction.atomic
def open_standing(*, actor: Actor, fields: Mapping[str, Any], source: str, source_id: int) -> Mailing:
    """A mailing to which letters are added: `fields` as `write_mailing` takes them, and who is to be named its writer
    (`written_by`). Raises DomainError for a text that names an unknown field."""
    said = {**fields, "segment": None, "standing": True, "source": source, "source_id": source_id}
    mailing = write_mailing(actor=actor, fields=said)
    mailing.written_by = fields.get("written_by")
    mailing.state = Mailing.State.SENDING
    mailing.started_at = mailing.frozen_at = mailing.beat_at = now()
    mailing.save(update_fields=["written_by", "state", "started_at", "frozen_at", "beat_at"])
    urls = Writer(mailing).body.urls
    Link.objects.bulk_create(Link(mailing=mailing, number=at, url=url) for at, url in enumerate(urls, start=1))
    return mailing


@transaction.atomic
def add_letter(*, mailing: Mailing, contact: Contact, occasion: str, values: Mapping[str, str]) -> Recipient:
    """Owe a contact a letter about an occasion; the same one for the same occasion, however often it is asked for.

    Whether the contact may be written to is asked again when the letter leaves. Raises InvalidTransition for a mailing
    that is paused, stopped or closed.
    """
    rows = Mailing.objects.select_for_update(of=("self",)).filter(state=Mailing.State.SENDING, standing=True)
    if rows.filter(pk=mailing.pk).first() is None:
        raise InvalidTransition(_("These letters were stopped by hand."))
    known = {"mailing": mailing, "email": contact.email, "occasion": occasion}
    new = {"organisation_id": mailing.organisation_id, "contact": contact, "values": dict(values)}
    return Recipient.objects.get_or_create(**known, defaults=new)[0]


@transaction.atomic
def close_standing(*, mailing: Mailing) -> None:
    """No letter is added any more; those that wait still leave. Again it changes nothing."""
    row = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    if not row.standing:
        return
    row.standing = False
    if row.state == Mailing.State.SENDING and not row.recipients.filter(state__in=("waiting", "sending")).exists():
        move(row, "finish")
        row.finished_at = now()
    row.save(update_fields=["standing", "state", "finished_at"])
