"""Consent given and withdrawn, and addresses that are left alone."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences.actions.locking import locked
from audiences.models import Consent, Contact, Purpose, Suppression
from audiences.permissions import may_keep
from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def give_consent(
    *, actor: Actor, contact: Contact, purpose: str, source: str, wording: str = "", given_at: datetime | None = None
) -> Consent:
    """Note that somebody agreed to be written to: for what, where, when and in which words.

    It does not lift a suppression: who unsubscribed is written to again only once somebody lifts that by hand. Raises
    DomainError for an unknown purpose, without a source, for a time to come, and where the consent is in force.
    """
    contact = locked(actor, contact)
    require(may_keep(actor))
    moment = given_at or now()
    if purpose not in Purpose.values:
        raise DomainError(_("Say for what they agreed to be written to."), field="purpose")
    if not source.strip():
        raise DomainError(_("Say where they agreed: without it the consent proves nothing."), field="source")
    if moment > now():
        raise DomainError(_("A consent cannot be given in the future."), field="given_at")
    if contact.consents.filter(purpose=purpose, withdrawn_at=None).exists():
        raise DomainError(_("This consent is in force already."), field="purpose")
    given = Consent.objects.create(
        contact=contact, purpose=purpose, source=source.strip()[:120], wording=wording.strip()[:2000], given_at=moment
    )
    record(actor=actor, verb="contact.consented", target=contact, purpose=purpose)
    return given


@transaction.atomic
def withdraw_consent(*, actor: Actor, contact: Contact, purpose: str, how: str = "") -> Contact:
    """End a consent; the history keeps it. Raises DomainError where there is none in force."""
    contact = locked(actor, contact)
    require(may_keep(actor))
    if not end_consents(contact, how or _("by hand"), purpose):
        raise DomainError(_("There is no such consent in force."), field="purpose")
    record(actor=actor, verb="contact.withdrew", target=contact, purpose=purpose)
    return contact


def end_consents(contact: Contact, how: str, purpose: str = "") -> int:
    """End the consents in force, of one purpose or of all; how many."""
    rows = contact.consents.filter(withdrawn_at=None)
    if purpose:
        rows = rows.filter(purpose=purpose)
    return int(rows.update(withdrawn_at=now(), withdrawn_how=how[:120]))


@transaction.atomic
def suppress_contact(*, actor: Actor, contact: Contact, reason: str = Suppression.Reason.HAND) -> Contact:
    """Never write to this address again, until it is lifted. Raises DomainError without an address."""
    contact = locked(actor, contact)
    require(may_keep(actor))
    if not contact.email:
        raise DomainError(_("This contact has no e-mail address."))
    put_on_list(contact, reason)
    record(actor=actor, verb="contact.suppressed", target=contact, reason=str(Suppression.Reason(reason).label))
    return contact


def put_on_list(contact: Contact, reason: str) -> None:
    """Put the address on the list. A reason that holds for ever is not replaced by a weaker one."""
    put_key_on_list(contact.organisation_id, contact.suppression_key, reason)


def put_key_on_list(organisation_id: int, key: str, reason: str) -> None:
    """As `put_on_list`, by the hash alone: the contact may be gone."""
    try:
        with transaction.atomic():
            row, new = Suppression.objects.get_or_create(
                organisation_id=organisation_id, key=key, defaults={"reason": reason}
            )
    except IntegrityError:  # two letters of one person came back at once
        row, new = Suppression.objects.get(organisation_id=organisation_id, key=key), False
    if not new and row.reason not in Suppression.FOR_EVER:
        Suppression.objects.filter(pk=row.pk).update(reason=reason)


@transaction.atomic
def lift_suppression(*, actor: Actor, contact: Contact, note: str) -> Contact:
    """Write to this address again. `note` says why, and stays in the trail.

    Raises DomainError without a note, and for who complained: no law and no mail provider forgives that.
    """
    contact = locked(actor, contact)
    require(may_keep(actor))
    if not note.strip():
        raise DomainError(_("Say why this address may be written to again."), field="note")
    row = Suppression.objects.filter(organisation=contact.organisation, key=contact.suppression_key).first()
    if row is None:
        raise DomainError(_("This address is not suppressed."))
    if row.reason in Suppression.FOR_EVER:
        raise DomainError(_("Who complained of spam is never written to again."))
    row.delete()
    record(actor=actor, verb="contact.lifted", target=contact, note=note.strip()[:500])
    return contact
