"""Which deals of a vendor need whose agreement, and up to what value each may give it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from deals.models import ApprovalPolicy, ApproverLimit, RegistrationType, Who
from deals.permissions import may_set_terms
from partners.access import require
from partners.actors import Actor
from partners.models import Membership, User

PARTS = (
    "name",
    "position",
    "amount_from",
    "currency",
    "product_line",
    "country",
    "type",
    "discount_from",
    "who",
    "needed",
    "second",
    "hours",
)
MOST = 40


@transaction.atomic
def set_policy(*, actor: Actor, fields: Mapping[str, Any], policy: ApprovalPolicy | None = None) -> ApprovalPolicy:
    """Make or change a step (PARTS, and `persons`: users). What runs already goes on as it began.

    Raises DomainError, naming the field, for a value out of its range, for persons who are no colleagues, and for named
    persons fewer than are needed.
    """
    require(may_set_terms(actor))
    mine = ApprovalPolicy.objects.visible_to(actor).select_for_update(of=("self",))
    row = mine.get(pk=policy.pk) if policy else ApprovalPolicy(vendor=actor.organisation)
    if policy is None and mine.count() >= MOST:
        raise DomainError(_("There are %(n)d steps at most.") % {"n": MOST})
    for name in PARTS:
        setattr(row, name, fields.get(name, getattr(row, name)))
    persons = list(fields["persons"]) if "persons" in fields else list(row.persons.all()) if policy else []
    _require_valid(actor, row, persons)
    row.save()
    row.persons.set(persons)
    record(actor=actor, verb="approval_policy.changed", target=row)
    return row


def _require_valid(actor: Actor, row: ApprovalPolicy, persons: list[User]) -> None:
    try:
        row.clean_fields(exclude=["vendor", "second", "type"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error
    if row.type and not RegistrationType.objects.visible_to(actor).filter(pk=row.type.pk).exists():
        raise DomainError(_("Choose one of your own types."), field="type")
    _require_colleagues(actor, persons, "persons")
    _require_colleagues(actor, [row.second] if row.second else [], "second")
    if row.who == Who.PERSONS and len(persons) < max(row.needed, 1):
        raise DomainError(_("Name as many persons as have to agree, or more."), field="persons")


def _require_colleagues(actor: Actor, persons: Iterable[User], field: str) -> None:
    wanted = {person.pk for person in persons}
    known = Membership.objects.visible_to(actor).filter(active=True, user__in=wanted)
    if wanted - set(known.values_list("user", flat=True)):
        raise DomainError(_("Choose people of your own organisation."), field=field)


@transaction.atomic
def delete_policy(*, actor: Actor, policy: ApprovalPolicy) -> None:
    """Ask for this step no more. What runs already goes on as it began."""
    require(may_set_terms(actor))
    row = ApprovalPolicy.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=policy.pk)
    record(actor=actor, verb="approval_policy.deleted", target=row)
    row.delete()


@transaction.atomic
def set_limit(*, actor: Actor, user: User, amount: Decimal | None, currency: str = "EUR") -> ApproverLimit | None:
    """Say up to what value a colleague may approve; without an amount there is no limit."""
    require(may_set_terms(actor))
    _require_colleagues(actor, [user], "user")
    mine = ApproverLimit.objects.visible_to(actor).filter(user=user)
    row = mine.select_for_update(of=("self",)).first() or ApproverLimit(vendor=actor.organisation, user=user)
    if amount is None:
        if row.pk:
            record(actor=actor, verb="approval_limit.changed", target=row, who=str(user), amount="")
            row.delete()
        return None
    row.amount, row.currency = amount, currency
    try:
        row.clean_fields(exclude=["vendor", "user"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error
    row.save()
    record(actor=actor, verb="approval_limit.changed", target=row, who=str(user), amount=f"{amount} {currency}")
    return row
