"""A CRM's own key for a deal, and writing a deal by that key as often as one likes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from deals.actions.closing import set_stage
from deals.actions.drafting import LineInput, save_draft
from deals.actions.locking import locked
from deals.models import Deal, ExternalId
from deals.models.external import SYSTEM
from deals.permissions import may_edit, may_link
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership


class IdTaken(DomainError):
    """Another deal has this external id already."""

    code = "external_id_taken"


def checked_key(system: str, value: str) -> tuple[str, str]:
    """The two as they are kept. Raises DomainError for a name or a value that none can be."""
    try:
        SYSTEM(system)
    except ValidationError as error:
        raise DomainError(str(error.message), field="system") from error
    value = value.strip()
    if not value or len(value) > 120 or not value.isprintable():
        raise DomainError(_("An external id has 1 to 120 printable characters."), field="value")
    return system, value


def find(actor: Actor, system: str, value: str) -> Deal | None:
    """The deal that one's own system knows by this key."""
    rows = ExternalId.objects.visible_to(actor).filter(system=system, value=value)
    return Deal.objects.visible_to(actor).filter(pk__in=rows.values("deal")).first()


@transaction.atomic
def link(*, actor: Actor, deal: Deal, system: str, value: str) -> ExternalId:
    """Say by which key one's own system knows a deal; a second key of the same system takes the first one's place.

    Raises IdTaken when another deal has the key. The other side never sees it, and the deal itself does not change.
    """
    system, value = checked_key(system, value)
    deal = locked(actor, deal)
    require(may_link(actor, deal))
    mine = ExternalId.objects.visible_to(actor)
    row = mine.filter(deal=deal, system=system).first() or ExternalId(
        organisation=actor.organisation, deal=deal, system=system
    )
    if row.pk and row.value == value:
        return row
    row.value = value
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise IdTaken(_("Another deal has this external id already."), field="value") from error
    record(actor=actor, verb="deal.linked", target=deal, parties=(), system=system, value=value)
    return row


@transaction.atomic
def unlink(*, actor: Actor, deal: Deal, system: str) -> None:
    """Forget one's own system's key of a deal. Harmless when repeated."""
    deal = locked(actor, deal)
    require(may_link(actor, deal))
    gone, _rows = ExternalId.objects.visible_to(actor).filter(deal=deal, system=system).delete()
    if gone:
        record(actor=actor, verb="deal.unlinked", target=deal, parties=(), system=system)


def upsert(
    *,
    actor: Actor,
    system: str,
    value: str,
    fields: Mapping[str, Any],
    partnership: Partnership | None = None,
    lines: Sequence[LineInput] | None = None,
    version: int | None = None,
) -> tuple[Deal, bool]:
    """Write the deal that one's own system knows by a key, or draft it: the deal, and whether it is new.

    Repeating it changes nothing, not even the version. A draft takes every field; a deal that was submitted takes the
    stage alone. Raises InvalidTransition, naming the fields, for anything else that differs.
    """
    system, value = checked_key(system, value)
    found = find(actor, system, value)
    if found is None:
        try:
            return _drafted(actor, system, value, partnership, fields, lines), True
        except IdTaken:  # the same key written twice at once
            found = find(actor, system, value)
            if found is None:
                raise
    return _changed(actor, found, partnership, fields, lines, version), False


@transaction.atomic
def _drafted(
    actor: Actor,
    system: str,
    value: str,
    partnership: Partnership | None,
    fields: Mapping[str, Any],
    lines: Sequence[LineInput] | None,
) -> Deal:
    if partnership is None:
        raise DomainError(_("Say by which partnership the deal is registered."), field="partnership")
    deal = save_draft(actor=actor, partnership=partnership, fields=fields, lines=lines)
    link(actor=actor, deal=deal, system=system, value=value)
    return deal


@transaction.atomic
def _changed(
    actor: Actor,
    deal: Deal,
    partnership: Partnership | None,
    fields: Mapping[str, Any],
    lines: Sequence[LineInput] | None,
    version: int | None,
) -> Deal:
    deal = locked(actor, deal, version)
    require(may_edit(actor, deal))
    different = {name for name, value in fields.items() if getattr(deal, name) != value}
    if lines is not None and not _same_lines(deal, lines):
        different.add("lines")
    if partnership is not None and partnership.pk != deal.partnership_id:
        different.add("partnership")
    if not different:
        return deal
    if deal.state == Deal.State.DRAFT:
        there = partnership or deal.partnership
        kept = lines if "lines" in different else None
        return save_draft(actor=actor, partnership=there, deal=deal, fields=fields, lines=kept)
    if different == {"stage"}:
        return set_stage(actor=actor, deal=deal, stage=fields["stage"])
    raise InvalidTransition(
        _("%(deal)s was submitted: only its stage can be written. Different: %(fields)s.")
        % {"deal": deal.number, "fields": ", ".join(sorted(different - {"stage"}))}
    )


def _same_lines(deal: Deal, lines: Sequence[LineInput]) -> bool:
    kept = [(row.product_id or row.product_text, row.quantity, row.asked_price) for row in deal.lines.all()]
    given = [
        (line.product.pk if line.product else line.product_text[:200], line.quantity, line.asked_price)
        for line in lines
    ]
    return kept == given
