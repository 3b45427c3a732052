"""The terms on which a vendor takes registrations."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import record
from core.errors import DomainError
from deals.models import RegistrationType
from deals.permissions import may_set_terms
from partners.access import require
from partners.actors import Actor

TERMS = (
    "exclusive",
    "protection_days",
    "extensions",
    "extension_days",
    "grace_days",
    "cool_off_days",
    "review_hours",
    "keeps_priority_days",
    "needs_evidence",
    "deemed_approval",
)


@transaction.atomic
def set_terms(*, actor: Actor, fields: Mapping[str, Any]) -> RegistrationType:
    """Change any of TERMS for one's own organisation. They hold for what is decided from now on; a protection that runs
    keeps its days. Raises DomainError, naming the field, for a value out of its range."""
    require(may_set_terms(actor))
    default = RegistrationType.objects.default_of(actor.organisation.pk)
    row = RegistrationType.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=default.pk)
    before = {name: getattr(row, name) for name in TERMS}
    after = {name: fields.get(name, before[name]) for name in TERMS}
    for name, value in after.items():
        setattr(row, name, value)
    try:
        row.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error
    changed = {name: [before[name], after[name]] for name in TERMS if before[name] != after[name]}
    if changed:
        row.save(update_fields=list(changed))
        record(actor=actor, verb="terms.changed", target=row, changed=changed)
    return row
