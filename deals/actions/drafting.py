"""Drafts: private to the partner until they are submitted."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.durability import delete_later
from core.errors import DomainError, InvalidTransition
from deals import asked, identity, offers
from deals import evidence as files
from deals.actions.history import keep_changes
from deals.actions.locking import locked, write
from deals.history import snapshot
from deals.models import Deal, DealLine, Evidence, RegistrationType
from deals.models.stages import MAX_AMOUNT, PROBABILITY, Stage
from deals.particulars import tidy
from deals.permissions import may_edit, may_prepare, may_register
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
    "customer_lei",
    "customer_duns",
    "customer_gln",
    "customer_email",
    "customer_phone",
)
FIELDS = (
    *CUSTOMER_FIELDS,
    "project_number",
    "title",
    "amount",
    "currency",
    "decision_date",
    "stage",
    "competitor",
    "requested_benefit",
    "note",
    "tender_published_on",
    "values",
)
MAX_LINES = 100
MAX_EVIDENCE = 20
MAX_VALUES = 60  # own fields of types that were tried and left again stay, so that nothing typed is lost


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
    type_: RegistrationType | None = None,
    draft_key: UUID | None = None,
    version: int | None = None,
    source: str = Deal.Source.PARTNER,
) -> Deal:
    """Create or change a draft; with a `draft_key` repeated saves of one form meet in one draft. The vendor of the
    partnership prepares a draft for its partner so, which is its own until `hand_over_draft`.

    `fields` may hold any of FIELDS; of `values`, those named are changed, None empties one. `lines`, when given,
    replace all lines; `type_` is one that the vendor offers to the partnership; `source` says where a new one comes
    from. Raises DomainError for a deal that is no draft any more, for too many lines, for a type that is not offered
    and for values that its fields cannot have.
    """
    if draft_key is not None:
        draft_key = stored_key(draft_key, actor.organisation.pk == partnership.vendor_id)
    if deal is None and draft_key is not None:
        deal = Deal.objects.visible_to(actor).filter(partner=partnership.partner_id, draft_key=draft_key).first()
    if deal is None:
        draft = _new_draft(actor, partnership, draft_key, source)
    else:
        draft = locked(actor, deal, version)
        require(may_edit(actor, draft))
        _must_be_draft(draft)
        if draft.partnership_id != partnership.pk:
            _may_draft(actor, partnership)
            _move_to(draft, partnership)
    before = snapshot(draft) if deal is not None else None
    _choose_type(draft, type_ or fields.get("type"))
    change_fields(draft, fields, FIELDS)
    if lines is not None:
        replace_lines(draft, lines)
    if before is not None:
        keep_changes(actor=actor, deal=draft, before=before)
    write(draft, *FIELDS, "customer_name_key", "probability", "partnership", "vendor", "partner", "type", "is_tender")
    return draft


def stored_key(draft_key: UUID, as_vendor: bool) -> UUID:
    """The key of a form as it is stored: a vendor's are apart, so that the partner's are its own."""
    return uuid5(draft_key, "vendor") if as_vendor else draft_key


def _may_draft(actor: Actor, partnership: Partnership) -> None:
    as_vendor = actor.organisation.pk == partnership.vendor_id
    require(may_prepare(actor, partnership) if as_vendor else may_register(actor, partnership))


def _choose_type(draft: Deal, type_: RegistrationType | None) -> None:
    """Take the type asked for, or keep the draft's own; where that is not offered any more, the default one."""
    if type_ is None:
        if not offers.is_offered(draft.type, draft.partnership):
            draft.type = RegistrationType.objects.default_of(draft.vendor_id)
    elif not offers.is_offered(type_, draft.partnership):
        raise DomainError(_("%(who)s does not offer this type of registration.") % {"who": draft.vendor}, field="type")
    else:
        draft.type = type_
    draft.is_tender = draft.type.tender


def _new_draft(actor: Actor, partnership: Partnership, draft_key: UUID | None, source: str) -> Deal:
    _may_draft(actor, partnership)
    prepared = actor.organisation.pk == partnership.vendor_id
    draft = Deal(
        submitter=None if prepared else actor.user,
        seller=None if prepared else actor.user,
        draft_key=draft_key,
        currency=partnership.vendor.currency,
        prepared_by_vendor=prepared,
        held_by_vendor=prepared,
        source=source,
    )
    _move_to(draft, partnership)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # the same form saved twice at once
        return locked(actor, Deal.objects.visible_to(actor).get(partner=partnership.partner_id, draft_key=draft_key))
    record(actor=actor, verb="deal.drafted", target=draft)
    return draft


def _move_to(draft: Deal, partnership: Partnership) -> None:
    draft.partnership, draft.vendor, draft.partner = partnership, partnership.vendor, partnership.partner
    draft.type = RegistrationType.objects.default_of(partnership.vendor_id)
    if draft.pk:
        draft.lines.filter(product__isnull=False).update(product=None)


def _must_be_draft(deal: Deal) -> None:
    if deal.state != Deal.State.DRAFT:
        raise InvalidTransition(_("%(deal)s was submitted; a draft it is no more.") % {"deal": deal.number})


def change_fields(deal: Deal, fields: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Set the allowed fields in memory, with what follows from them. Raises DomainError for an impossible value."""
    stage = deal.stage
    for name in allowed:
        if name in fields and name != "values":
            setattr(deal, name, fields[name])
    if "values" in allowed and "values" in fields:
        _change_values(deal, fields["values"])
    if deal.held_by_vendor:
        deal.customer = None  # the vendor's own customers are none of the partner's
    if deal.amount is None or not 0 <= deal.amount <= MAX_AMOUNT:
        raise DomainError(_("Write a value between 0 and 999,999,999,999.99."), field="amount")
    if deal.stage != stage:
        deal.probability = PROBABILITY[Stage(deal.stage)]
    given = {name: value for name, value in fields.items() if name in allowed}
    tidy(deal, given, deal.customer_country, "customer_")
    deal.customer_name_key = identity.name_key(deal.customer_name)


def _change_values(deal: Deal, given: Any) -> None:
    """Change the values of own fields that are named. Raises DomainError for one that the type does not have."""
    clean = asked.clean_values(deal.terms, given)
    known = {field["key"] for field in deal.terms.own_fields}
    if unknown := set(given) - known:
        sentence = _("This type of registration has no field “%(key)s”.") % {"key": str(min(map(str, unknown)))[:40]}
        raise DomainError(sentence, field="values")
    merged = {key: value for key, value in deal.values.items() if key not in given} | clean
    extra = [key for key in merged if key not in known][: max(0, len(merged) - MAX_VALUES)]
    deal.values = {key: value for key, value in merged.items() if key not in extra}


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
        delete_later(row.file)


@transaction.atomic
def add_evidence(*, actor: Actor, deal: Deal, upload: UploadedFile, kind: str = "") -> Evidence:
    """Add a file to a draft or a returned deal; the same content twice is one file, of the kind last given. `kind` is a
    key of the type's evidence kinds, or empty. Raises DomainError for bad files and for a kind that nobody asks for."""
    deal = locked(actor, deal)
    require(may_edit(actor, deal))
    if deal.state not in {Deal.State.DRAFT, Deal.State.RETURNED}:
        raise InvalidTransition(_("Files are added to drafts and to returned deals. Post it in the room instead."))
    if kind and kind not in asked.kind_names(deal.terms):
        raise DomainError(_("This type of registration does not ask for that kind of evidence."), field="evidence")
    if deal.evidence.count() >= MAX_EVIDENCE:
        raise DomainError(_("A deal has at most %(n)d files.") % {"n": MAX_EVIDENCE}, field="evidence")
    content = upload.read(files.MAX_SIZE + 1)
    name, content_type = files.inspect(upload.name or "", content)
    digest = hashlib.sha256(content).hexdigest()
    if same := deal.evidence.filter(sha256=digest).first():
        same.kind = kind or same.kind
        same.save(update_fields=["kind"])
        return same
    row = Evidence(
        deal=deal, kind=kind, name=name, content_type=content_type, size=len(content), sha256=digest, user=actor.user
    )
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
    delete_later(row.file)
