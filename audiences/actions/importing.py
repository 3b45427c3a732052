"""Contacts from a file. The job may be killed at any line and begun again: nothing is taken in twice."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences import vcards
from audiences.actions.keeping import FIELDS as CONTACT_FIELDS
from audiences.actions.keeping import build, known_as, set_tags
from audiences.models import AudienceSettings, Consent, Contact, ContactImport, ContactLine, Purpose
from audiences.permissions import may_keep
from audiences.rows import FIELDS, NAMES, OWN, contact_fields, tags_of
from core.audit import record
from core.errors import DomainError
from core.imports import MAX_SIZE
from core.states import move
from leads import tables
from partners.access import require
from partners.actors import Actor, system_actor

TOGETHER = 100  # lines of one transaction
OWN_FIELDS_AT_MOST = 40
Outcome = ContactLine.Outcome
Kind = ContactImport.Kind


@transaction.atomic
def upload_contacts(*, actor: Actor, name: str, data: bytes) -> ContactImport:
    """Keep a table or cards, whose columns are to be named. Raises DomainError for a file that is neither."""
    require(may_keep(actor))
    row = ContactImport(organisation=actor.organisation, user=actor.user, name=name[-160:] or "contacts")
    if vcards.looks_like_cards(data):
        if len(data) > MAX_SIZE:
            raise DomainError(_("The file is larger than 10 MB. Nothing was stored."), field="file")
        row.kind, row.encoding = Kind.VCARD, tables.encoding_of(data)
        row.mapping = {field: at for at, field in enumerate(vcards.COLUMNS)}
    else:
        shape = tables.shape_of(data)
        row.encoding, row.separator = shape.encoding, shape.separator
        row.mapping = tables.suggest(shape.heading, NAMES)
    row.total = sum(1 for _row in lines_of(row, data))
    if not 0 < row.total <= tables.MAX_LINES:
        sentence = _("The file has %(n)d lines; there may be 1 to %(most)d.")
        raise DomainError(sentence % {"n": row.total, "most": tables.MAX_LINES}, field="file")
    row.file.save("contacts", ContentFile(data), save=False)
    row.save()
    return row


def lines_of(row: ContactImport, data: bytes) -> Iterator[tuple[int, list[str], str]]:
    """Each line or card: its number in the file, its cells, and what is wrong with it. The heading is no line."""
    if row.kind == Kind.VCARD:
        for card in vcards.cards(data.decode(row.encoding, errors="replace")):
            yield card.line, vcards.cells_of(card), card.wrong
        return
    for number, cells in islice(tables.rows(data, row.encoding, row.separator), 1, None):
        yield number, cells, ""


def heading_of(row: ContactImport, data: bytes) -> tuple[str, ...]:
    """The names of the columns."""
    if row.kind == Kind.VCARD:
        return vcards.COLUMNS
    return tuple(next(tables.rows(data, row.encoding, row.separator))[1])


def content_of(row: ContactImport) -> bytes:
    """The file as it was uploaded."""
    with row.file.open("rb") as stored:
        return bytes(stored.read())


@transaction.atomic
def start_contacts(*, actor: Actor, row: ContactImport, mapping: Mapping[str, int], **options: Any) -> ContactImport:
    """Say what each column is, and have the file taken in by a job.

    `options`: tags (texts), update (complete those that are known), purpose with consent_source and consent_wording.
    Raises DomainError without a column for name or address, and for consent without a source; InvalidTransition for an
    import that was started.
    """
    rows = ContactImport.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("organisation").get(pk=row.pk)
    require(may_keep(actor))
    move(row, "start")
    if not {"name", "first_name", "last_name", "email"} & set(mapping):
        raise DomainError(_("Say which column holds the name or the e-mail address."))
    row.mapping = {field: at for field, at in mapping.items() if field in FIELDS or field.startswith(OWN)}
    row.tags = tags_of(",".join(options.get("tags", ())))
    for name in ("update", "purpose", "consent_source", "consent_wording"):
        setattr(row, name, options.get(name, getattr(row, name)))
    if row.purpose and (row.purpose not in Purpose.values or not row.consent_source.strip()):
        raise DomainError(_("Say where they agreed: without it the consent proves nothing."), field="consent_source")
    _remember_fields(row)
    row.moved_at = now()
    row.save()
    record(actor=actor, verb="contact_import.started", target=row)
    return row


def _remember_fields(row: ContactImport) -> None:
    """One's own fields, so that segments and letters can name them."""
    AudienceSettings.objects.get_or_create(organisation=row.organisation)
    kept = AudienceSettings.objects.select_for_update(of=("self",)).get(organisation=row.organisation)
    own = [name.removeprefix(OWN) for name in row.mapping if name.startswith(OWN)]
    kept.fields = list(dict.fromkeys([*kept.fields, *own]))
    if len(kept.fields) > OWN_FIELDS_AT_MOST:
        raise DomainError(_("There are at most %(n)d own fields.") % {"n": OWN_FIELDS_AT_MOST})
    kept.save(update_fields=["fields"])


@transaction.atomic
def take_lines(*, pk: int) -> bool:
    """Settle the next lines of a running import; True while there are more. Safe to call from several at once."""
    rows = ContactImport.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(pk=pk, state=ContactImport.State.RUNNING).first()
    if row is None:
        return False
    actor = system_actor(row.organisation)
    waiting = list(islice(lines_of(row, content_of(row)), row.settled, row.settled + TOGETHER))
    outcomes = [_settle(actor, row, *line) for line in waiting]
    ContactLine.objects.bulk_create(outcomes)
    row.settled += len(outcomes)
    row.taken += sum(line.outcome == Outcome.TAKEN for line in outcomes)
    row.updated += sum(line.outcome == Outcome.UPDATED for line in outcomes)
    row.moved_at = now()
    more = len(waiting) == TOGETHER
    if not more:
        row.total = row.settled
        move(row, "finish")
        record(actor=actor, verb="contact_import.finished", target=row, taken=row.taken)
    row.save(update_fields=["settled", "taken", "updated", "moved_at", "total", "state"])
    return more


def _settle(actor: Actor, row: ContactImport, number: int, cells: list[str], wrong: str) -> ContactLine:
    line = ContactLine(imported=row, number=number)
    try:
        if wrong:
            raise DomainError(wrong)
        fields = contact_fields(cells, row.mapping)
        contact = build(actor, {"source": row.name[:120], **fields})
    except DomainError as refusal:
        line.outcome, line.reason = Outcome.REFUSED, refusal.message[:300]
        return line
    tags = [*row.tags, *fields.get("tags", ())]
    if known := known_as(contact):
        line.outcome, line.reason = _complete(row, known, contact, tags)
        return line
    contact.imported = row
    contact.save()
    set_tags(contact, tags)
    _agree(row, contact)
    line.outcome = Outcome.TAKEN
    return line


def _complete(row: ContactImport, known: Contact, given: Contact, tags: list[str]) -> tuple[str, str]:
    """What is empty is filled in, where that was asked for; nothing that is there is overwritten."""
    if not row.update:
        return Outcome.KNOWN, _("There already, as contact %(number)d") % {"number": known.pk}
    known = Contact.objects.select_for_update(of=("self",)).get(pk=known.pk)
    for name in CONTACT_FIELDS:
        if name not in {"more", "source"} and not getattr(known, name):
            setattr(known, name, getattr(given, name))
    known.more = {**given.more, **known.more}
    known.version += 1
    known.save()
    set_tags(known, [*known.tags.values_list("name", flat=True), *tags])
    _agree(row, known)
    return Outcome.UPDATED, ""


def _agree(row: ContactImport, contact: Contact) -> None:
    """The consent that the file stands for. Who has withdrawn theirs has not given it again by being in a file."""
    if row.purpose and not contact.consents.filter(purpose=row.purpose).exists():
        Consent.objects.create(
            contact=contact, purpose=row.purpose, source=row.consent_source, wording=row.consent_wording,
            given_at=row.created,
        )  # fmt: skip
