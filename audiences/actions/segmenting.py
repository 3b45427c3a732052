"""Segments: written, changed, deleted."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audiences.choosing import catalogue
from audiences.models import Segment
from audiences.permissions import may_keep
from core.audit import record
from core.errors import DomainError, StaleObject
from deals import rules
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def save_segment(
    *, actor: Actor, name: str, rule: Any, segment: Segment | None = None, version: int | None = None
) -> Segment:
    """Write a segment, or change one. `rule`: {"join", "groups"} as deals.rules has it.

    Raises DomainError for a name that is taken and for conditions that cannot be read, StaleObject when `version` is
    not the current one.
    """
    require(may_keep(actor))
    if segment is not None:
        segment = Segment.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=segment.pk)
        if version is not None and version != segment.version:
            raise StaleObject
        segment.version += 1
    else:
        segment = Segment(organisation=actor.organisation)
    segment.name = " ".join(name.split())[:60]
    if not segment.name:
        raise DomainError(_("Give the segment a name."), field="name")
    segment.rule = cleaned(actor, rule)
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        raise DomainError(_("There is a segment of this name."), field="name") from error
    record(actor=actor, verb="segment.saved", target=segment)
    return segment


def cleaned(actor: Actor, rule: Any) -> dict[str, Any]:
    """The rule in its stored shape. Raises DomainError, naming what cannot be read."""
    given = rule if isinstance(rule, dict) else {}
    try:
        [row] = rules.clean([{**given, "name": _("Segment"), "active": True}], [], catalogue(actor.organisation))
    except DomainError as error:  # it begins with the name of the rule, which a segment has not: what is wrong suffices
        raise DomainError(capfirst(str(error.__cause__ or error.message)), field=error.field) from error
    return {"join": row["join"], "groups": row["groups"]}


@transaction.atomic
def delete_segment(*, actor: Actor, segment: Segment) -> None:
    """Delete a segment. Raises DomainError while a mailing names it: its results have to say to whom they went."""
    segment = Segment.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=segment.pk)
    require(may_keep(actor))
    if segment.mailings.exists():
        raise DomainError(_("A mailing goes to this segment. Choose another there first."))
    record(actor=actor, verb="segment.deleted", target=segment)
    segment.delete()
