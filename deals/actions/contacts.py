"""The people at an end customer, and which of them a vendor is told of."""

from collections.abc import Mapping
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from deals.actions.locking import locked
from deals.models import Contact, Deal, EndCustomer, ToldContact
from deals.permissions import may_edit, may_manage_customers
from partners.access import require
from partners.actors import Actor

FIELDS = ("name", "role", "email", "phone", "part", "note")
LONGEST = {"name": 120, "role": 120, "email": 254, "note": 2000}
MAX_PER_CUSTOMER = 500


@transaction.atomic
def save_contact(
    *, actor: Actor, customer: EndCustomer, fields: Mapping[str, Any], contact: Contact | None = None
) -> Contact:
    """Add or change a person at one's own end customer. A new one with an e-mail address that is known there fills what
    the known one lacks and is no second person.

    Raises DomainError, naming the field, for a name left out, an address or number that is none, and an address that
    another contact of the customer has.
    """
    require(may_manage_customers(actor))
    customer = EndCustomer.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=customer.pk)
    values = _checked({name: fields[name] for name in FIELDS if name in fields}, customer.country)
    people = Contact.objects.visible_to(actor).filter(customer=customer)
    same = people.filter(email=values["email"]).first() if values.get("email") else None
    if contact is not None:
        row = people.get(pk=contact.pk)
        if same is not None and same.pk != row.pk:
            raise DomainError(_("%(who)s has this address already.") % {"who": same}, field="email")
        return _written(actor, customer, row, values, "contact.changed")
    if same is not None:
        lacking = {name: value for name, value in values.items() if value and _is_empty(same, name)}
        return _written(actor, customer, same, lacking, "contact.changed") if lacking else same
    if people.count() >= MAX_PER_CUSTOMER:
        raise DomainError(_("A customer has at most %(n)d contacts.") % {"n": MAX_PER_CUSTOMER})
    if not values.get("name"):
        raise DomainError(_("Write the name."), field="name")
    new = Contact(organisation=actor.organisation, customer=customer)
    return _written(actor, customer, new, values, "contact.added")


def _is_empty(row: Contact, name: str) -> bool:
    return getattr(row, name) in ("", Contact.Part.OTHER)


def _written(actor: Actor, customer: EndCustomer, row: Contact, values: dict[str, str], verb: str) -> Contact:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(actor=actor, verb=verb, target=customer, parties=(), contact=row.pk, name=row.name)
    return row


def _checked(values: dict[str, Any], country: str) -> dict[str, str]:
    found = {name: str(value or "").strip() for name, value in values.items()}
    for name, longest in LONGEST.items():
        if len(found.get(name, "")) > longest:
            raise DomainError(_("That is too long."), field=name)
    if "name" in found and not found["name"]:
        raise DomainError(_("Write the name."), field="name")
    if found.get("email"):
        found["email"] = _address(found["email"])
    if found.get("phone"):
        found["phone"] = phone_number(found["phone"], country)
    if "part" in found and found["part"] not in Contact.Part.values:
        raise DomainError(_("Choose a part."), field="part")
    return found


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise DomainError(_("That is no e-mail address."), field="email") from error
    return text.casefold()


def phone_number(text: str, country: str) -> str:
    """A telephone number as E.164 writes it ("+390458012345"); without a country code it is one of `country`.

    Raises DomainError for what no network would dial.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise DomainError(_("That is no telephone number. Begin with + and the country's code."), field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@transaction.atomic
def delete_contact(*, actor: Actor, contact: Contact) -> None:
    """Forget a person; a vendor that was told of them sees them no longer."""
    require(may_manage_customers(actor))
    rows = Contact.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("customer").get(pk=contact.pk)
    record(actor=actor, verb="contact.deleted", target=row.customer, parties=(), contact=row.pk, name=row.name)
    row.delete()


@transaction.atomic
def tell_contact(*, actor: Actor, deal: Deal, contact: Contact) -> ToldContact:
    """Let the vendor of a deal know of a contact. Told twice is told once.

    Raises DomainError for a contact of another customer.
    """
    deal = locked(actor, deal)
    require(may_edit(actor, deal))
    contact = Contact.objects.visible_to(actor).get(pk=contact.pk)
    if deal.customer_id is None or contact.customer_id != deal.customer_id:
        raise DomainError(_("That person is not at the customer of this deal."), field="contact")
    if deal.state not in {*Deal.OPEN, Deal.State.DRAFT}:
        raise InvalidTransition(_("A closed deal stays as it is."))
    sides = {"vendor_id": deal.vendor_id, "partner_id": deal.partner_id}
    row, is_new = ToldContact.objects.get_or_create(deal=deal, contact=contact, defaults=sides)
    if is_new:
        record(actor=actor, verb="contact.told", target=deal, contact=contact.pk, name=contact.name)
    return row


@transaction.atomic
def untell_contact(*, actor: Actor, deal: Deal, contact: Contact) -> None:
    """The vendor sees the contact no longer. What it has read, it has read."""
    deal = locked(actor, deal)
    require(may_edit(actor, deal))
    contact = Contact.objects.visible_to(actor).get(pk=contact.pk)
    if ToldContact.objects.filter(deal=deal, contact=contact).delete()[0]:
        record(actor=actor, verb="contact.untold", target=deal, contact=contact.pk, name=contact.name)
