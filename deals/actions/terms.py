"""The types of registration that a vendor offers, and the terms of each. Every change makes a version."""

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, StaleObject
from deals import asked, rules
from deals.models import RegistrationType, TypeVersion
from deals.permissions import may_set_terms
from deals.vocabulary import catalogue_of
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership, Tier

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
MAX_TYPES = 30
# The common form asks for six things; with these the default type asks for nine at most.
MAX_REQUIRED_OF_DEFAULT = 3


def set_terms(*, actor: Actor, fields: Mapping[str, Any]) -> RegistrationType:
    """Change any of TERMS of the default type of one's own organisation, as `save_type` does."""
    require(may_set_terms(actor))
    default = RegistrationType.objects.default_of(actor.organisation.pk)
    return save_type(actor=actor, type_=default, fields={name: fields[name] for name in TERMS if name in fields})


@transaction.atomic
def add_type(*, actor: Actor, fields: Mapping[str, Any]) -> RegistrationType:
    """A further type of one's own organisation, with any of RegistrationType.KEPT. Raises DomainError, naming the
    field, for a value that it cannot have and for too many types."""
    require(may_set_terms(actor))
    RegistrationType.objects.default_of(actor.organisation.pk)
    mine = RegistrationType.objects.visible_to(actor).in_use()
    if mine.count() >= MAX_TYPES:
        raise DomainError(_("There are %(n)d types already. Archive one first.") % {"n": MAX_TYPES})
    last = mine.order_by("-position").values_list("position", flat=True).first()
    row = RegistrationType(vendor=actor.organisation, position=(last or 0) + 1)
    _set(row, fields)
    row.save()
    TypeVersion.objects.create(vendor=row.vendor, type=row, number=row.version, terms=row.kept(), user=actor.user)
    record(actor=actor, verb="terms.added", target=row)
    return row


@transaction.atomic
def save_type(
    *, actor: Actor, type_: RegistrationType, fields: Mapping[str, Any], version: int | None = None
) -> RegistrationType:
    """Change any of RegistrationType.KEPT. What differs makes a new version, which holds for what is submitted from
    then on; what was submitted keeps its own. Raises DomainError, naming the field, and StaleObject when `version` is
    not the current one."""
    row = _locked(actor, type_, version)
    before = copy.deepcopy(row.kept())
    row.current()  # what was never versioned is kept as it was
    _set(row, fields)
    changed = {name: [before[name], value] for name, value in row.kept().items() if before[name] != value}
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
        TypeVersion.objects.create(vendor=row.vendor, type=row, number=row.version, terms=row.kept(), user=actor.user)
        record(actor=actor, verb="terms.changed", target=row, changed=_for_trail(changed), version=row.version)
    return row


@transaction.atomic
def duplicate_type(*, actor: Actor, type_: RegistrationType) -> RegistrationType:
    """A further type that begins as a copy of this one."""
    require(may_set_terms(actor))
    original = RegistrationType.objects.visible_to(actor).get(pk=type_.pk)
    name = (_("%(name)s, copy") % {"name": original.name[:50]})[:60]
    return add_type(actor=actor, fields={**original.kept(), "name": name})


@transaction.atomic
def archive_type(*, actor: Actor, type_: RegistrationType) -> RegistrationType:
    """Offer a type no more. What was registered under it goes on. Raises DomainError for the default one."""
    row = _locked(actor, type_)
    if row.is_default:
        raise DomainError(_("The default type is always offered. Make another one the default first."))
    if row.archived_at is None:
        row.archived_at = now()
        row.save(update_fields=["archived_at"])
        record(actor=actor, verb="terms.archived", target=row)
    return row


@transaction.atomic
def restore_type(*, actor: Actor, type_: RegistrationType) -> RegistrationType:
    """Offer an archived type again."""
    row = _locked(actor, type_)
    if row.archived_at is not None:
        row.archived_at = None
        row.save(update_fields=["archived_at"])
        record(actor=actor, verb="terms.restored", target=row)
    return row


@transaction.atomic
def make_default(*, actor: Actor, type_: RegistrationType) -> RegistrationType:
    """Let a type be the one that every partner finds chosen. Raises DomainError for an archived one, and for one that
    asks for more than a short form may."""
    row = _locked(actor, type_)
    if row.archived_at is not None:
        raise DomainError(_("An archived type cannot be the default one."))
    _require_short(row)
    if not row.is_default:
        RegistrationType.objects.visible_to(actor).filter(is_default=True).update(is_default=False)
        row.is_default = True
        row.save(update_fields=["is_default"])
        record(actor=actor, verb="terms.made_default", target=row)
    return row


@transaction.atomic
def move_type(*, actor: Actor, type_: RegistrationType, by: int) -> RegistrationType:
    """Move a type among those in use, up (-1) or down (1)."""
    row = _locked(actor, type_)
    rows = list(RegistrationType.objects.visible_to(actor).in_use().select_for_update(of=("self",)))
    at = next((n for n, each in enumerate(rows) if each.pk == row.pk), None)
    if at is None:
        raise DomainError(_("An archived type has no place in the order."))
    rows.insert(max(0, at + by), rows.pop(at))
    for place, each in enumerate(rows):
        each.position = place
    RegistrationType.objects.bulk_update(rows, ["position"])
    return row


def _locked(actor: Actor, type_: RegistrationType, version: int | None = None) -> RegistrationType:
    require(may_set_terms(actor))
    row = RegistrationType.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=type_.pk)
    if version is not None and version != row.version:
        raise StaleObject
    return row


def _set(row: RegistrationType, fields: Mapping[str, Any]) -> None:
    """Set and check in memory. Rules are cleaned last, as they may name fields and evidence of the type itself."""
    for name in RegistrationType.KEPT:
        if name in fields and name != "rules":
            setattr(row, name, fields[name])
    if not isinstance(row.name, str) or not row.name.strip():
        raise DomainError(_("Give the type a name."), field="name")
    row.own_fields, row.evidence_kinds = asked.clean_fields(row.own_fields), asked.clean_kinds(row.evidence_kinds)
    row.required = _chosen(row.required, asked.OPTIONAL, "required")
    row.kinds = _chosen(row.kinds, Partnership.Kind.values, "kinds")
    row.tiers = _chosen(row.tiers, _tiers_of(row.vendor_id), "tiers") if "tiers" in fields else row.tiers
    try:
        row.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error
    if row.is_default:
        _require_short(row)
    if "rules" in fields or "own_fields" in fields or "evidence_kinds" in fields:
        row.rules = rules.clean(fields.get("rules", row.rules), row.rules, catalogue_of(row))


def _tiers_of(vendor_id: int) -> list[int]:
    return list(Tier.objects.filter(programme__vendor=vendor_id).values_list("pk", flat=True))


def _chosen(given: Any, allowed: Any, field: str) -> list[Any]:
    """The chosen ones in the order of those that may be chosen."""
    if not isinstance(given, list | tuple) or any(each not in allowed for each in given):
        raise DomainError(_("Choose from what is offered."), field=field)
    return [each for each in allowed if each in given]


def _require_short(row: RegistrationType) -> None:
    """The default type keeps a short form: at most nine things that have to be filled in."""
    extra = len(row.required) + sum(field["required"] for field in row.own_fields) + len(row.evidence_kinds)
    extra += row.needs_evidence + row.tender
    if extra > MAX_REQUIRED_OF_DEFAULT:
        raise DomainError(
            _("The default type keeps a short form: at most %(n)d things may be asked for on top of the common ones.")
            % {"n": MAX_REQUIRED_OF_DEFAULT}
        )


def _for_trail(changed: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Decimals as text, as the trail is JSON."""
    return {name: [str(each) if isinstance(each, Decimal) else each for each in pair] for name, pair in changed.items()}
