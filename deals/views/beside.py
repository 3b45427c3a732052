"""What stands beside a deal on its page: activities, notes, files, contacts, the history of its fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.forms import first_error, tried
from core.web import download, follow, wants_partial
from deals import actions
from deals.actions.revising import revisable
from deals.forms.beside import ActivityForm, ContactForm, FileForm, NoteForm, NoteTextForm, ReviseForm
from deals.history import LABELS, shown
from deals.models import Activity, Contact, Deal, DealFile, FieldChange, Note, ToldContact
from deals.permissions import may_edit, may_edit_note, may_write_beside
from deals.views.dialogs import Dialog, Kind, again
from partners.access import MemberRequest, member_required
from partners.actors import Actor

PLANNED = Kind(gettext_lazy("Plan an activity"), gettext_lazy("Plan it"), ActivityForm, "deals:activity_new")
NOTED = Kind(gettext_lazy("Write a note"), gettext_lazy("Keep the note"), NoteForm, "deals:note_new")
FILED = Kind(gettext_lazy("Add a file"), gettext_lazy("Add the file"), FileForm, "deals:file_new")
NAMED = Kind(gettext_lazy("Add a contact"), gettext_lazy("Add the contact"), ContactForm, "deals:contact_new")
REVISED = Kind(gettext_lazy("How it stands"), gettext_lazy("Save"), ReviseForm, "deals:revise")
EDITED = Kind(gettext_lazy("Change the note"), gettext_lazy("Save"), NoteTextForm, "deals:note_edit")
MANY, FEW = 50, 5


def beside_context(actor: Actor, deal: Deal) -> dict[str, Any]:
    """Everything that stands beside a deal, for its page. A constant number of queries."""
    mine = actor.organisation.pk == deal.partner_id
    return {
        "may_write": may_write_beside(actor, deal),
        "may_revise": may_edit(actor, deal) if mine and revisable(deal) else None,
        "activities": activities_of(actor, deal),
        "notes": notes_of(actor, deal),
        "files": DealFile.objects.visible_to(actor).filter(deal=deal).select_related("organisation")[:MANY],
        "people": people_of(actor, deal, mine),
        "changes": changes_of(actor, deal),
        "beside_dialogs": dialogs_of(actor, deal, mine),
    }


def activities_of(actor: Actor, deal: Deal) -> list[Activity]:
    """What is to be done, the next first, then what was done, the latest first."""
    rows = Activity.objects.visible_to(actor).filter(deal=deal).select_related("assignee", "organisation")
    return list(rows.order_by(F("done_at").desc(nulls_first=True), "due_at", "pk")[:MANY])


def notes_of(actor: Actor, deal: Deal) -> list[dict[str, Any]]:
    """The notes with what they said before, and the dialog in which the author may change one."""
    rows = Note.objects.visible_to(actor).filter(deal=deal).select_related("author", "organisation")
    found = []
    for note in rows.prefetch_related("versions")[:MANY]:
        note.deal = deal
        mine = note.organisation_id == actor.organisation.pk
        editable = note.can_still_be_edited and bool(may_edit_note(actor, note))
        found.append({"row": note, "mine": mine, "dialog": _note_dialog(note) if editable else None})
    return found


def _note_dialog(note: Note, form: forms.Form | None = None) -> Dialog:
    name = f"note-{note.pk}"
    url = reverse("deals:note_edit", args=[note.pk])
    return Dialog(name, EDITED, url, form or NoteTextForm(prefix=name, initial={"text": note.text}))


def people_of(actor: Actor, deal: Deal, mine: bool) -> list[dict[str, Any]]:
    """The contacts: for the partner all of its customer's, with whether the vendor is told; for the vendor those."""
    told = ToldContact.objects.visible_to(actor).filter(deal=deal).select_related("contact")
    if not mine:
        return [{"row": each.contact, "told": True} for each in told[:MANY]]
    if deal.customer_id is None:
        return []
    known = set(told.values_list("contact", flat=True))
    contacts = Contact.objects.visible_to(actor).filter(customer=deal.customer_id)[:MANY]
    return [{"row": each, "told": each.pk in known} for each in contacts]


def changes_of(actor: Actor, deal: Deal) -> dict[str, list[dict[str, Any]]]:
    """The latest changes of each field that the actor may know of, in the reader's words."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in FieldChange.objects.visible_to(actor).filter(deal=deal)[:200]:
        of_field = found.setdefault(row.field, [])
        if len(of_field) < FEW:
            of_field.append(change_of(row, deal.currency))
    return found


def change_of(row: FieldChange, currency: str) -> dict[str, Any]:
    """One change as a line: before, after, who, when, why."""
    before, after = shown(row.field, row.before, currency), shown(row.field, row.after, currency)
    return {"row": row, "label": LABELS.get(row.field, row.field), "before": before, "after": after}


def dialogs_of(actor: Actor, deal: Deal, mine: bool) -> list[Dialog]:
    """The dialogs that the page offers to who may write."""
    if not may_write_beside(actor, deal):
        return []
    found = [_dialog(deal, "activity", PLANNED, ActivityForm(prefix="activity", actor=actor))]
    found.append(_dialog(deal, "note", NOTED, NoteForm(prefix="note")))
    if deal.state != Deal.State.DRAFT:
        found.append(_dialog(deal, "file", FILED, FileForm(prefix="file")))
    if mine and deal.customer_id and actor.can("customers.manage"):
        found.append(_dialog(deal, "contact", NAMED, ContactForm(prefix="contact")))
    if mine and revisable(deal):
        found.append(_dialog(deal, "revise", REVISED, ReviseForm(prefix="revise", actor=actor, deal=deal)))
    return found


def _dialog(deal: Deal, name: str, kind: Kind, form: forms.Form) -> Dialog:
    return Dialog(name, kind, reverse(kind.route, args=[deal.pk]), form)


def _fetch(request: MemberRequest, pk: int) -> Deal:
    rows = Deal.objects.visible_to(request.actor).select_related("vendor", "partner", "customer")
    return get_object_or_404(rows, pk=pk)


def answer(request: MemberRequest, deal: Deal, dialog: Dialog, done: str, run: Callable[[], Any]) -> HttpResponse:
    """Run what a dialog asks for; errors come back in it, and success leads to the deal's page."""
    if tried(dialog.form, lambda _said: run()):
        messages.success(request, done)
        return follow(request, deal)
    if wants_partial(request):
        return again(request, dialog)
    messages.error(request, first_error(dialog.form))
    return redirect(deal)


@require_POST
@member_required("deals.view")
def activity_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Plan an activity on a deal."""
    deal = _fetch(request, pk)
    form = ActivityForm(request.POST, prefix="activity", actor=request.actor)

    def run() -> None:
        shared = form.cleaned_data["shared"]
        actions.plan_activity(actor=request.actor, deal=deal, fields=form.values(), shared=shared)

    return answer(request, deal, _dialog(deal, "activity", PLANNED, form), _("Planned."), run)


@require_POST
@member_required("deals.view")
def note_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Write a note on a deal."""
    deal = _fetch(request, pk)
    form = NoteForm(request.POST, prefix="note")

    def run() -> None:
        actions.add_note(actor=request.actor, deal=deal, **form.cleaned_data)

    return answer(request, deal, _dialog(deal, "note", NOTED, form), _("The note is kept."), run)


def _note(request: MemberRequest, pk: int) -> Note:
    rows = Note.objects.visible_to(request.actor).select_related("deal", "organisation")
    return get_object_or_404(rows, pk=pk)


@require_POST
@member_required("deals.view")
def note_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the words of one's own note."""
    note = _note(request, pk)
    form = NoteTextForm(request.POST, prefix=f"note-{note.pk}")

    def run() -> None:
        actions.edit_note(actor=request.actor, note=note, text=form.cleaned_data["text"])

    return answer(request, note.deal, _note_dialog(note, form), _("The note is changed."), run)


@require_POST
@member_required("deals.view")
def note_pin(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep a note on top, or no longer."""
    note = _note(request, pk)
    actions.pin_note(actor=request.actor, note=note, pinned=request.POST.get("pinned") == "1")
    return follow(request, note.deal)


@require_POST
@member_required("deals.view")
def file_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a file to a deal."""
    deal = _fetch(request, pk)
    form = FileForm(request.POST, request.FILES, prefix="file")

    def run() -> None:
        said = form.cleaned_data
        actions.add_file(actor=request.actor, deal=deal, upload=said["file"], shared=said["shared"])

    return answer(request, deal, _dialog(deal, "file", FILED, form), _("The file is added."), run)


@require_GET
@member_required("deals.view")
def file(request: MemberRequest, pk: int) -> FileResponse:
    """A file beside a deal, always as a download and never run by the browser."""
    row = get_object_or_404(DealFile.objects.visible_to(request.actor), pk=pk)
    return download(row.file, row.name, row.content_type)


@require_POST
@member_required("deals.view")
def file_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a file away that one's own organisation kept to itself."""
    row = get_object_or_404(DealFile.objects.visible_to(request.actor).select_related("deal"), pk=pk)
    try:
        actions.remove_file(actor=request.actor, file=row)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The file is removed."))
    return follow(request, row.deal)


@require_POST
@member_required("deals.register")
def revise(request: MemberRequest, pk: int) -> HttpResponse:
    """Say how the sale stands now."""
    deal = _fetch(request, pk)
    form = ReviseForm(request.POST, prefix="revise", actor=request.actor, deal=deal)

    def run() -> None:
        reason = form.cleaned_data["reason"]
        actions.revise_deal(actor=request.actor, deal=deal, fields=form.values(), reason=reason)

    return answer(request, deal, _dialog(deal, "revise", REVISED, form), _("Saved. The vendor sees it."), run)
