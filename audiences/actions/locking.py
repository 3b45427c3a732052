"""How every action reads a contact before it decides."""

from audiences.models import Contact
from core.errors import StaleObject
from partners.actors import Actor


def locked(actor: Actor, contact: Contact, version: int | None = None) -> Contact:
    """The contact read anew under lock. Raises DoesNotExist for strangers, StaleObject for an old `version`."""
    rows = Contact.objects.visible_to(actor).select_for_update(of=("self",)).select_related("organisation")
    found: Contact = rows.get(pk=contact.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def write(contact: Contact, *fields: str) -> None:
    """Save these columns, and count the version."""
    contact.version += 1
    contact.save(update_fields=[*fields, "version"])
