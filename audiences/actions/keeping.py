"""Contacts: added, corrected, tagged, merged, erased."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audiences.actions.consenting import put_on_list
from audiences.actions.locking import locked, write
from audiences.models import Consent, Contact, ContactTag, Recipient, Suppression
from audiences.permissions import may_keep
from audiences.rows import MAX_TAGS, tags_of
from core.audit import record
from core.errors import DomainError
from core.models import TrailEntry
from partners.access import require
from partners.actors import Actor

FIELDS = ("name", "first_name", "email", "phone", "company", "country", "language", "more", "source")
MORE_AT_MOST = 40  # own fields of one contact


class KnownContact(DomainError):
    """There is a contact with this address, or with this name at this company."""

    code = "known"

    def __init__(self, contact: Contact) -> None:
        super().__init__(_("%(who)s is among your contacts already.") % {"who": contact}, field="email")
        self.contact = contact


@transaction.atomic
def add_contact(*, actor: Actor, fields: Mapping[str, Any], tags: Iterable[str] = ()) -> Contact:
    """Add a person. Raises KnownContact for one that is there, DomainError for fields that make no contact."""
    require(may_keep(actor))
    contact = build(actor, fields)
    if known := known_as(contact):
        raise KnownContact(known)
    contact.save()
    set_tags(contact, tags)
    record(actor=actor, verb="contact.added", target=contact)
    return contact


def build(actor: Actor, fields: Mapping[str, Any]) -> Contact:
    """A contact that is not stored. Raises DomainError without a name, or for an address that was erased."""
    contact = Contact(organisation=actor.organisation, **{name: fields[name] for name in FIELDS if name in fields})
    _check(contact)
    return contact


def _check(contact: Contact) -> None:
    contact.name = " ".join(contact.name.split())
    contact.email = contact.email.strip()
    if not contact.name:
        contact.name = contact.email.partition("@")[0][:120]
    if not contact.name:
        raise DomainError(_("Give a name or an e-mail address."), field="name")
    if not isinstance(contact.more, dict) or len(contact.more) > MORE_AT_MOST:
        raise DomainError(_("A contact has at most %(n)d own fields.") % {"n": MORE_AT_MOST}, field="more")
    contact.more = {str(key)[:40]: str(value)[:500] for key, value in contact.more.items() if str(value).strip()}
    contact.set_keys()
    try:
        contact.clean_fields(exclude=["imported", "name_key", "more"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error
    erased = Suppression.objects.filter(organisation=contact.organisation, key=contact.suppression_key)
    if contact.email and erased.filter(reason=Suppression.Reason.ERASED).exists():
        raise DomainError(_("This person asked to be erased, and is not taken in again."), field="email")


def known_as(contact: Contact) -> Contact | None:
    """The contact that is the same person: by the address, else (either without one) by name and company."""
    rows = Contact.objects.filter(organisation=contact.organisation).exclude(pk=contact.pk)
    if contact.email_key:
        return rows.filter(email_key=contact.email_key).first()
    return rows.filter(name_key=contact.name_key).order_by("pk").first()


def set_tags(contact: Contact, names: Iterable[str]) -> None:
    """Make these the contact's tags."""
    wanted = set(tags_of(",".join(names)))
    have = set(contact.tags.values_list("name", flat=True)) if contact.pk else set()
    contact.tags.filter(name__in=have - wanted).delete()
    ContactTag.objects.bulk_create(ContactTag(contact=contact, name=name) for name in sorted(wanted - have))


@transaction.atomic
def change_contact(
    *,
    actor: Actor,
    contact: Contact,
    fields: Mapping[str, Any],
    tags: Iterable[str] | None = None,
    version: int | None = None,
) -> Contact:
    """Correct a contact. Raises KnownContact where another has the address, StaleObject when `version` is old."""
    contact = locked(actor, contact, version)
    require(may_keep(actor))
    changed = [name for name in FIELDS if name in fields and fields[name] != getattr(contact, name)]
    for name in changed:
        setattr(contact, name, fields[name])
    _check(contact)
    if known := known_as(contact):
        raise KnownContact(known)
    write(contact, *changed)
    if tags is not None:
        set_tags(contact, tags)
    record(actor=actor, verb="contact.changed", target=contact)
    return contact


@transaction.atomic
def tag_contact(*, actor: Actor, contact: Contact, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Contact:
    """Add tags to a contact, or take some away. Raises DomainError past twenty."""
    contact = locked(actor, contact)
    require(may_keep(actor))
    gone = set(tags_of(",".join(remove)))
    names = [name for name in contact.tags.values_list("name", flat=True) if name not in gone]
    names += [name for name in tags_of(",".join(add)) if name not in names]
    if len(names) > MAX_TAGS:
        raise DomainError(_("A contact has at most %(n)d tags.") % {"n": MAX_TAGS}, field="tags")
    set_tags(contact, names)
    record(actor=actor, verb="contact.changed", target=contact)
    return contact


@transaction.atomic
def merge_contacts(*, actor: Actor, contact: Contact, other: Contact) -> Contact:
    """Make one of two: `contact` stays and takes over what it lacks, tags, consents and letters; `other` is gone.

    Where one has withdrawn a consent that is in force at the other, the later word holds, and in
    doubt the no. Raises DomainError for a contact and itself.
    """
    if contact.pk == other.pk:
        raise DomainError(_("Choose another contact."), field="other")
    first, second = sorted((contact, other), key=lambda each: each.pk)
    pair = {each.pk: locked(actor, each) for each in (first, second)}
    require(may_keep(actor))
    kept, gone = pair[contact.pk], pair[other.pk]
    for name in ("first_name", "email", "phone", "company", "country", "language", "source"):
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.more = {**gone.more, **kept.more}
    _merge_consents(kept, gone)
    names = [*kept.tags.values_list("name", flat=True), *gone.tags.values_list("name", flat=True)]
    Recipient.objects.filter(contact=gone).update(contact=kept)
    gone.delete()
    set_tags(kept, names)
    write(kept, *FIELDS)
    record(actor=actor, verb="contact.merged", target=kept)
    return kept


def _merge_consents(kept: Contact, gone: Contact) -> None:
    for theirs in gone.consents.filter(withdrawn_at=None):
        mine = kept.consents.filter(purpose=theirs.purpose)
        later_no = mine.filter(withdrawn_at__gte=theirs.given_at).order_by("-withdrawn_at").first()
        if mine.filter(withdrawn_at=None).exists() or later_no:
            Consent.objects.filter(pk=theirs.pk).update(
                withdrawn_at=later_no.withdrawn_at if later_no else theirs.given_at, withdrawn_how=_("merged")
            )
    for own in kept.consents.filter(withdrawn_at=None):
        no = gone.consents.filter(purpose=own.purpose, withdrawn_at__gte=own.given_at).exclude(
            withdrawn_how=_("merged")
        )
        if later := no.order_by("-withdrawn_at").first():
            Consent.objects.filter(pk=own.pk).update(withdrawn_at=later.withdrawn_at, withdrawn_how=_("merged"))
    gone.consents.update(contact=kept)


@transaction.atomic
def erase_contact(*, actor: Actor, contact: Contact) -> None:
    """Erase a person for ever (GDPR, article 17): the row, consents, addresses in letters, and names in the trail.

    What stays is a hash of the address, so that an import does not bring the person back, and the counts of mailings.
    """
    contact = locked(actor, contact)
    require(may_keep(actor))
    if contact.email:
        put_on_list(contact, Suppression.Reason.ERASED)
    theirs = Q(contact=contact)
    if contact.email:
        theirs |= Q(organisation=contact.organisation, email__iexact=contact.email)
    Recipient.objects.filter(theirs, state=Recipient.State.WAITING).update(
        state=Recipient.State.DROPPED, reason=_("erased")
    )
    Recipient.objects.filter(theirs).update(email="", contact=None, values={})
    entry = record(actor=actor, verb="contact.erased", target=contact)
    # The trail keeps that something happened, no longer to whom.
    told = TrailEntry.objects.filter(target=entry.target, target_id=contact.pk)
    told.update(title="", data={})
    contact.delete()
