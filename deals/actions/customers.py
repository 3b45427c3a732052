"""End customers."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from deals import identity
from deals.models import Deal, EndCustomer
from deals.particulars import PARTICULARS, tidy
from deals.permissions import may_manage_customers
from partners.access import require
from partners.actors import Actor

FIELDS = ("name", "country", "vat", "city", "postcode", "domain", *PARTICULARS)


@transaction.atomic
def save_customer(*, actor: Actor, fields: Mapping[str, Any], customer: EndCustomer | None = None) -> EndCustomer:
    """Add or change an end customer of one's own organisation. Raises DomainError for a VAT number that is wrong.

    Registrations that were submitted keep what was said in them.
    """
    require(may_manage_customers(actor))
    if customer is None:
        row, verb = EndCustomer(organisation=actor.organisation), "customer.created"
    else:
        rows = EndCustomer.objects.visible_to(actor).select_for_update(of=("self",))
        row, verb = rows.get(pk=customer.pk), "customer.changed"
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    try:
        row.vat = identity.vat_number(row.country, row.vat)
    except ValueError as error:
        raise DomainError(_("That is no VAT number of this country. Check the digits."), field="vat") from error
    tidy(row, fields, row.country)
    row.domain = identity.domain_of(row.domain)
    row.save()
    record(actor=actor, verb=verb, target=row, parties=())
    return row


@transaction.atomic
def delete_customer(*, actor: Actor, customer: EndCustomer) -> None:
    """Delete an end customer that no deal uses. Raises DomainError for one in use."""
    require(may_manage_customers(actor))
    row = EndCustomer.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=customer.pk)
    if Deal.objects.visible_to(actor).filter(customer=row).exists():
        raise DomainError(_("Deals use this customer, so it stays."))
    record(actor=actor, verb="customer.deleted", target=row, parties=())
    row.delete()
