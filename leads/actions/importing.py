"""Leads from a file. The job may be killed at any line and begun again: nothing is taken in twice."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import move
from leads import tables
from leads.actions.capturing import build, known_as, store
from leads.models import ImportLine, Lead, LeadImport
from leads.permissions import may_add
from leads.rows import lead_fields
from partners.access import require
from partners.actors import Actor, system_actor

TOGETHER = 100  # lines of one transaction
Outcome = ImportLine.Outcome


@transaction.atomic
def upload_import(*, actor: Actor, name: str, data: bytes) -> LeadImport:
    """Keep a file whose columns are to be named. Raises DomainError for one that is no table."""
    require(may_add(actor))
    shape = tables.shape_of(data)
    total = sum(1 for _row in tables.rows(data, shape.encoding, shape.separator)) - 1
    if not 0 < total <= tables.MAX_LINES:
        raise DomainError(
            _("The file has %(n)d lines; there may be 1 to %(most)d.") % {"n": total, "most": tables.MAX_LINES},
            field="file",
        )
    row = LeadImport(vendor=actor.organisation, user=actor.user, country=actor.organisation.country, total=total)
    row.name = name[-160:] or "leads.csv"
    row.encoding, row.separator, row.mapping = shape.encoding, shape.separator, tables.suggest(shape.heading)
    row.file.save("leads.csv", ContentFile(data), save=False)
    row.save()
    return row


def content_of(row: LeadImport) -> bytes:
    """The file as it was uploaded."""
    with row.file.open("rb") as stored:
        return bytes(stored.read())


@transaction.atomic
def start_import(*, actor: Actor, row: LeadImport, mapping: Mapping[str, int], **options: Any) -> LeadImport:
    """Say what each column is, and have the file taken in by a job.

    `options`: country, campaign, consent_source, route. Raises DomainError without a column for company and need, and
    without any way to reach anybody; InvalidTransition for an import that was started.
    """
    row = _locked(actor, row)
    require(may_add(actor))
    move(row, "start")
    if missing := [field for field in ("company", "need") if field not in mapping]:
        raise DomainError(_("Say which column holds the company and which the need."), field=missing[0])
    if not {"email", "phone", "website"} & set(mapping):
        raise DomainError(_("Say which column holds the e-mail address, the telephone or the web site."), field="email")
    row.mapping = {field: at for field, at in mapping.items() if field in tables.FIELDS}
    for name in ("country", "campaign", "consent_source", "route"):
        if name in options:
            setattr(row, name, options[name])
    row.moved_at = now()
    row.save()
    record(actor=actor, verb="lead_import.started", target=row, parties=())
    return row


def _locked(actor: Actor, row: LeadImport) -> LeadImport:
    rows = LeadImport.objects.visible_to(actor).select_for_update(of=("self",)).select_related("vendor", "user")
    return rows.get(pk=row.pk)


@transaction.atomic
def take_lines(*, pk: int) -> bool:
    """Settle the next lines of a running import; True while there are more. Safe to call from several at once."""
    rows = LeadImport.objects.select_for_update(of=("self",)).select_related("vendor", "user")
    row = rows.filter(pk=pk, state=LeadImport.State.RUNNING).first()
    if row is None:
        return False
    actor = system_actor(row.vendor)
    lines = tables.rows(content_of(row), row.encoding, row.separator)
    waiting = list(islice(lines, 1 + row.settled, 1 + row.settled + TOGETHER))
    outcomes = [_settle(actor, row, number, cells) for number, cells in waiting]
    ImportLine.objects.bulk_create(outcomes)
    row.settled += len(outcomes)
    row.taken += sum(line.outcome == Outcome.TAKEN for line in outcomes)
    row.moved_at = now()
    more = len(waiting) == TOGETHER
    if not more:
        row.total = row.settled
        move(row, "finish")
        record(actor=actor, verb="lead_import.finished", target=row, parties=(), taken=row.taken)
    row.save(update_fields=["settled", "taken", "moved_at", "total", "state"])
    return more


def _settle(actor: Actor, row: LeadImport, number: int, cells: list[str]) -> ImportLine:
    line = ImportLine(imported=row, number=number)
    try:
        fields = {"country": row.country, "campaign": row.campaign, **lead_fields(cells, row.mapping)}
        lead = build(row.vendor, {**fields, "consent_source": row.consent_source})
    except DomainError as refusal:
        line.outcome, line.reason = Outcome.REFUSED, refusal.message[:300]
        return line
    if known := known_as(lead):
        line.outcome = Outcome.TWICE if known.imported_id == row.pk else Outcome.KNOWN
        line.reason = _("The same as %(lead)s") % {"lead": known}
        return line
    line.lead = store(actor, lead, Lead.Source.IMPORT, row.route, imported=row, created_by=row.user)
    line.outcome = Outcome.TAKEN
    return line


@transaction.atomic
def undo_import(*, actor: Actor, row: LeadImport) -> LeadImport:
    """Delete the leads of an import, while none of them was offered or changed hands.

    Raises InvalidTransition for an import that is not done, or whose leads have gone on.
    """
    row = _locked(actor, row)
    require(may_add(actor))
    move(row, "undo")
    leads = Lead.objects.visible_to(actor).select_for_update(of=("self",)).filter(imported=row).order_by("pk")
    gone = [lead for lead in leads if lead.state not in {Lead.State.NEW, Lead.State.SPAM} or lead.offers.exists()]
    if gone:
        raise InvalidTransition(_("%(lead)s was offered or closed already; the import stays.") % {"lead": gone[0]})
    Lead.objects.visible_to(actor).filter(imported=row).delete()
    row.save(update_fields=["state"])
    record(actor=actor, verb="lead_import.undone", target=row, parties=())
    return row
