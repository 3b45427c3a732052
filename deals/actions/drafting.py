"""Drafts: private to the partner until they are submitted."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from deals import evidence as files
from deals.actions.locking import locked, write
from deals.models import Deal, DealLine, Evidence, RegistrationType
from deals.models.deals import MAX_AMOUNT, PROBABILITY, Stage
from deals.permissions import may_edit, may_register
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership

CUSTOMER_FIELDS = (
    "customer",
    "customer_name",
    "customer_country",
    "customer_vat",
    "customer_city",
    "customer_postcode",
    "customer_domain",
)
FIELDS = (
    *CUSTOMER_FIELDS,
    "title",
    "amount",
    "currency",
    "decision_date",
    "stage",
    "competitor",
    "requested_benefit",
    "note",
)
MAX_LINES = 100
MAX_EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line as typed. `product` is a row of the catalogue that the actor may see, or None for free text."""

    product: Any = None
    product_text: str = ""
    quantity: Decimal = Decimal(1)
    asked_price: Decimal | None = None


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    partnership: Partnership,
    fields: Mapping[str, Any],
    lines: Sequence[LineInput] | None = None,
    deal: Deal | None = None,
    draft_key: UUID | None = None,
    version: int | None = None,
) -> Deal:
    """Create or change a draft; with a `draft_key` repeated saves of one form meet in one draft.

    `fields` may hold any of FIELDS; `lines`, when given, replace all lines. Raises DomainError for a deal that is no
    draft any more and for too many lines.
    """
    if deal is None and draft_key is not None:
        deal = Deal.objects.visible_to(actor).filter(partner=actor.organisation, draft_key=draft_key).first()
    if deal is None:
        draft = _new_draft(actor, partnership, draft_key)
    else:
        draft = locked(actor, deal, version)
        require(may_edit(actor, draft))
        _must_be_draft(draft)
        if draft.partnership_id != partnership.pk:
            require(may_register(actor, partnership))
            _move_to(draft, partnership)
    change_fields(draft, fields, FIELDS)
    if lines is not None:
        replace_lines(draft, lines)
    write(draft, *FIELDS, "customer_name_key", "probability", "partnership", "vendor", "type")
    return draft


def _new_draft(actor: Actor, partnership: Partnership, draft_key: UUID | None) -> Deal:
    require(may_register(actor, partnership))
    draft = Deal(
        partner=actor.organisation, submitter=actor.user, draft_key=draft_key, currency=partnership.vendor.currency
    )
    _move_to(draft, partnership)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # the same form saved twice at once
        return locked(actor, Deal.objects.visible_to(actor).get(partner=actor.organisation, draft_key=draft_key))
    record(actor=actor, verb="deal.drafted", target=draft)
    return draft


def _move_to(draft: Deal, partnership: Partnership) -> None:
    draft.partnership, draft.vendor = partnership, partnership.vendor
    draft.type = RegistrationType.objects.default_of(partnership.vendor_id)
    if draft.pk:
        draft.lines.filter(product__isnull=False).update(product=None)


def _must_be_draft(deal: Deal) -> None:
    if deal.state != Deal.State.DRAFT:
        raise InvalidTransition(_("%(deal)s was submitted; a draft it is no more.") % {"deal": deal.number})


def change_fields(deal: Deal, fields: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Set the allowed fields in memory, with what follows from them. Raises DomainError for an impossible value."""
    for name in allowed:
        if name in fields:
            setattr(deal, name, fields[name])
    if deal.amount is None or not 0 <= deal.amount <= MAX_AMOUNT:
        raise DomainError(_("Write a value between 0 and 999,999,999,999.99."), field="amount")
    deal.probability = PROBABILITY[Stage(deal.stage)]
    deal.customer_name_key = next((key.value.split("|")[0] for key in deal.customer_keys if key.kind == "name"), "")


def replace_lines(deal: Deal, lines: Sequence[LineInput]) -> None:
    """Write all lines of a deal anew, with name, unit, product line and list price as the catalogue has them today."""
    if len(lines) > MAX_LINES:
        raise DomainError(_("A deal has at most %(n)d lines.") % {"n": MAX_LINES}, field="lines")
    deal.lines.all().delete()
    DealLine.objects.bulk_create(_line(deal, position, line) for position, line in enumerate(lines, start=1))


def _line(deal: Deal, position: int, line: LineInput) -> DealLine:
    common = {"deal": deal, "position": position, "quantity": line.quantity, "asked_price": line.asked_price}
    product = line.product
    if product is None:
        return DealLine(**common, product_text=line.product_text[:200])
    if product.vendor_id != deal.vendor_id:
        raise DomainError(_("That product is not in this vendor's catalogue."), field="lines")
    comparable = product.currency == deal.currency
    return DealLine(
        **common,
        product=product,
        product_text=product.name[:200],
        sku=product.sku,
        unit=product.unit,
        product_line=product.product_line,
        list_price=product.list_price if comparable else None,
    )


@transaction.atomic
def delete_draft(*, actor: Actor, deal: Deal) -> None:
    """Throw a draft away, files included. Raises InvalidTransition for what was submitted."""
    deal = locked(actor, deal)
    require(may_edit(actor, deal))
    _must_be_draft(deal)
    record(actor=actor, verb="deal.draft_deleted", target=deal)
    stored = list(deal.evidence.all())
    deal.delete()
    for row in stored:
        _drop_file(row)


@transaction.atomic
def add_evidence(*, actor: Actor, deal: Deal, upload: UploadedFile) -> Evidence:
    """Add a file to a draft or a returned deal; the same content twice is one file. Raises DomainError for bad ones."""
    deal = locked(actor, deal)
    require(may_edit(actor, deal))
    if deal.state not in {Deal.State.DRAFT, Deal.State.RETURNED}:
        raise InvalidTransition(_("Files are added to drafts and to returned deals. Post it in the room instead."))
    if deal.evidence.count() >= MAX_EVIDENCE:
        raise DomainError(_("A deal has at most %(n)d files.") % {"n": MAX_EVIDENCE}, field="evidence")
    content = upload.read(files.MAX_SIZE + 1)
    name, content_type = files.inspect(upload.name or "", content)
    digest = hashlib.sha256(content).hexdigest()
    if same := deal.evidence.filter(sha256=digest).first():
        return same
    row = Evidence(deal=deal, name=name, content_type=content_type, size=len(content), sha256=digest, user=actor.user)
    row.file.save(f"{digest[:32]}", ContentFile(content), save=False)
    row.save()
    write(deal)
    return row


@transaction.atomic
def remove_evidence(*, actor: Actor, deal: Deal, evidence_id: int) -> None:
    """Take a file off a draft. What was submitted once stays, as a part of the record."""
    deal = locked(actor, deal)
    require(may_edit(actor, deal))
    _must_be_draft(deal)
    row = deal.evidence.get(pk=evidence_id)
    row.delete()
    write(deal)
    _drop_file(row)


def _drop_file(row: Evidence) -> None:
    """Delete the stored file once the change is certain."""
    transaction.on_commit(lambda: row.file.delete(save=False))
