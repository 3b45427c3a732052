"""Notes and files beside a deal."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from deals import evidence
from deals.actions.locking import locked
from deals.models import Deal, DealFile, Note, NoteVersion
from deals.models.aside import beside
from deals.permissions import may_change_beside, may_edit_note, may_write_beside
from partners.access import require
from partners.actors import Actor

MAX_NOTES, MAX_FILES, LONGEST = 1000, 100, 4000


@transaction.atomic
def add_note(*, actor: Actor, deal: Deal, text: str, shared: bool = False, pinned: bool = False) -> Note:
    """Write a note: kept by one's own organisation, or `shared` with the other side. Raises DomainError for no text."""
    deal = locked(actor, deal)
    require(may_write_beside(actor, deal))
    if Note.objects.visible_to(actor).filter(deal=deal).count() >= MAX_NOTES:
        raise DomainError(_("A deal has at most %(n)d notes.") % {"n": MAX_NOTES}, field="text")
    placed = beside(deal, actor.organisation, shared)
    row = Note.objects.create(**placed, text=_written(text), pinned=pinned, author=actor.user)
    _tell(actor, row, "note.added", note=row.text[:300])
    return row


@transaction.atomic
def edit_note(*, actor: Actor, note: Note, text: str) -> Note:
    """Change one's own note while its time runs (Note.EDITABLE); what it said before is kept."""
    row = _locked_note(actor, note)
    require(may_edit_note(actor, row))
    if not row.can_still_be_edited:
        raise InvalidTransition(_("A note can be changed for a day. Write a new one."), field="text")
    text = _written(text)
    if text == row.text:
        return row
    NoteVersion.objects.create(of_note=row, text=row.text)
    row.text, row.edited_at = text, now()
    row.save(update_fields=["text", "edited_at"])
    _tell(actor, row, "note.changed", note=row.text[:300])
    return row


@transaction.atomic
def pin_note(*, actor: Actor, note: Note, pinned: bool = True) -> Note:
    """Keep a note of one's own organisation on top, or no longer."""
    row = _locked_note(actor, note)
    require(may_change_beside(actor, row))
    if row.pinned != pinned:
        row.pinned = pinned
        row.save(update_fields=["pinned"])
        _tell(actor, row, "note.pinned" if pinned else "note.unpinned")
    return row


def _locked_note(actor: Actor, note: Note) -> Note:
    rows = Note.objects.visible_to(actor).select_for_update(of=("self",))
    row: Note = rows.select_related("deal", "organisation").get(pk=note.pk)
    return row


def _written(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise DomainError(_("Write a note of up to %(n)d letters.") % {"n": LONGEST}, field="text")
    return text


@transaction.atomic
def add_file(*, actor: Actor, deal: Deal, upload: UploadedFile, shared: bool = False) -> DealFile:
    """Add a file to a deal that was submitted. The same content twice, on one side, is one file.

    Raises DomainError for one too large, empty or not what it says (deals.evidence), InvalidTransition for a draft.
    """
    deal = locked(actor, deal)
    require(may_write_beside(actor, deal))
    if deal.state == Deal.State.DRAFT:
        raise InvalidTransition(_("A draft takes its files as evidence, in the form."), field="file")
    mine = DealFile.objects.visible_to(actor).filter(deal=deal, organisation=actor.organisation)
    if mine.count() >= MAX_FILES:
        raise DomainError(_("A deal has at most %(n)d files.") % {"n": MAX_FILES}, field="file")
    content = upload.read(evidence.MAX_SIZE + 1)
    try:
        name, content_type = evidence.inspect(upload.name or "", content)
    except DomainError as error:
        raise DomainError(error.message, field="file") from error
    digest = hashlib.sha256(content).hexdigest()
    if same := mine.filter(sha256=digest, shared=shared).first():
        return same
    row = DealFile(**beside(deal, actor.organisation, shared), name=name, content_type=content_type, user=actor.user)
    row.size, row.sha256 = len(content), digest
    row.file.save(digest[:32], ContentFile(content), save=False)
    row.save()
    _tell(actor, row, "file.added", file=row.name)
    return row


@transaction.atomic
def remove_file(*, actor: Actor, file: DealFile) -> None:
    """Take away a file that one's own organisation kept to itself. What was shared stays: the other side relies on it.

    Raises InvalidTransition for a shared file.
    """
    rows = DealFile.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.select_related("deal", "organisation").get(pk=file.pk)
    require(may_change_beside(actor, row))
    if row.shared:
        raise InvalidTransition(_("What was shared stays on the deal."))
    _tell(actor, row, "file.removed", file=row.name)
    stored = row.file
    row.delete()
    transaction.on_commit(lambda: stored.delete(save=False))


def _tell(actor: Actor, row: Note | DealFile, verb: str, **facts: str) -> None:
    record(actor=actor, verb=verb, target=row.deal, parties=tuple(row.party_ids()), row=row.pk, **facts)
