"""Tables: a sample is uploaded, its columns are given a meaning beside a live preview, then the file is taken in.

Nothing is kept until it is saved: the browser sends the file with every change, so that there is no half-mapped file
lying about on the server.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.web import render_partial
from edi.exchange import Receipt, receive
from edi.mapping import PartyRef
from edi.mapping.tables import DATE_FORMATS, FIELDS, NEEDED, ColumnMapping, Preview, preview, suggest
from edi.mapping.tables.fields import ITEM_NUMBERS
from edi.mapping.tables.values import as_text
from edi.models import Connection
from edi.permissions import may_exchange
from edi.tables import mapping_of, marked
from edi.transports.actions import save_table
from edi.transports.table_forms import LABELS, TableForm
from partners.access import MemberRequest, member_required, require

TEMPLATE = "edi/table.html"
SHOWN_ROWS, SHOWN_FINDINGS, SAMPLES = 8, 30, 3


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file as the page shows it: its name, what stands in it, what it is taken for."""

    position: int
    name: str
    samples: str
    field: str


@require_http_methods(["GET", "POST"])
@member_required("integration.manage")
def table(request: MemberRequest, pk: int) -> HttpResponse:
    """The mapping of a connection's tables."""
    rows = Connection.objects.visible_to(request.actor).select_related("counterpart", "organisation")
    connection = get_object_or_404(rows, pk=pk)
    saved = mapping_of(connection)
    context: dict[str, Any] = {"connection": connection, "saved": saved, "may_send": may_exchange(request.actor)}
    if request.method != "POST":
        return render_partial(request, TEMPLATE, "mapping", {**context, "form": TableForm(initial=_shown(saved))})
    form = TableForm(request.POST, request.FILES)
    context["form"] = form
    if not form.is_valid():
        return render_partial(request, TEMPLATE, "mapping", context, 422)
    data: bytes = form.cleaned_data["data"]
    mapping, fresh = _mapping(request.POST, form, data, saved)
    if request.POST.get("do") in {"save", "import"} and not fresh:
        try:
            return _kept(request, connection, mapping, data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    status = 422 if form.errors else 200
    context |= _previewed(connection, mapping, data)
    if fresh:  # what was suggested goes into the boxes
        context["form"] = TableForm(initial=_shown(mapping))
    return render_partial(request, TEMPLATE, "mapping", context, status)


def _shown(mapping: ColumnMapping | None) -> dict[str, Any]:
    """A mapping as the boxes of the form show it."""
    if mapping is None:
        return {}
    values = {name: getattr(mapping, name) for name in ("kind", "date_format", "decimal_mark", "header_row", "sheet")}
    values["date_format"] = values["date_format"].removeprefix(DATE_FORMATS[0])
    return values | {name: mapping.constants.get(name, "") for name in TableForm.CONSTANTS}


def _mapping(
    posted: QueryDict, form: TableForm, data: bytes, saved: ColumnMapping | None
) -> tuple[ColumnMapping, bool]:
    """The mapping as it was chosen for this very file; for a file (or kind) that was not shown yet, the saved one where
    it fits, else a suggestion. True when it is such a first guess."""
    values = form.cleaned_data
    kind = values["kind"]
    chosen = ColumnMapping(
        kind,
        {},
        {name: values[name] for name in TableForm.CONSTANTS if values[name]},
        values["date_format"],
        values["decimal_mark"],
        dict(saved.units) if saved else {},
        values["header_row"] or 0,
        values["sheet"],
    )
    names = preview(data, chosen, shown=0).head.names
    if posted.get("seen") == f"{kind}:{form.cleaned_data['digest']}:{chosen.header_row}:{chosen.sheet}":
        boxes = {names[at]: posted.get(f"column-{at + 1}", "") for at in range(len(names))}
        columns = {field: name for name, field in reversed(boxes.items()) if field in FIELDS[kind]}
        return replace(chosen, columns={name: columns[name] for name in FIELDS[kind] if name in columns}), False
    if saved and saved.kind == kind and set(saved.columns.values()) <= set(names):
        return replace(saved, header_row=chosen.header_row), True
    guess = suggest(data, kind)
    if chosen.header_row or chosen.sheet:
        return replace(guess, header_row=chosen.header_row, sheet=chosen.sheet), True
    return guess, True


def _previewed(connection: Connection, mapping: ColumnMapping, data: bytes) -> dict[str, Any]:
    """The columns with their boxes, the first rows, and what was found."""
    found = preview(data, mapping, sender=_own(connection), receiver=_their(connection), shown=SHOWN_ROWS)
    kinds = FIELDS[mapping.kind]
    documents = [message for each in found.reading.interchanges for message in each.messages]
    field_of = {header: name for name, header in mapping.known.items()}
    choices = [(name, LABELS.get(name, name)) for name in kinds]
    return {
        "mapping": mapping,
        "columns": [_choice(at, name, found, field_of.get(name, "")) for at, name in enumerate(found.head.names, 1)],
        "choices": choices,
        "missing": [LABELS.get(name, name) for name in mapping.lacks()],
        "rows": [
            (row.line, [as_text(row.cell(at)) for at in range(1, len(found.head.names) + 1)]) for row in found.rows
        ],
        "total": found.total,
        "sheets": found.sheets,
        "findings": _findings(found),
        "more": max(0, len(found.findings) - SHOWN_FINDINGS),
        "verdict": _verdict(documents, found),
        "refused": sum(message.rejected for message in documents),
        "seen": f"{mapping.kind}:{digest_of(data)}:{mapping.header_row}:{mapping.sheet if found.sheets else ''}",
        "needed": (*NEEDED[mapping.kind], *ITEM_NUMBERS),
    }


def digest_of(data: bytes) -> str:
    """What tells one sample from another."""
    return TableForm.digest(data)


def _findings(found: Preview) -> list[dict[str, Any]]:
    tones = {"error": "bad", "warning": "warn", "note": "info"}
    worst = sorted(found.findings, key=lambda each: list(tones).index(str(each.severity)))
    return [
        {"text": each.message, "tone": tones[str(each.severity)], "line": each.place.line, "column": each.place.column}
        for each in worst[:SHOWN_FINDINGS]
    ]


def _choice(position: int, name: str, found: Preview, field: str) -> ColumnChoice:
    samples = [as_text(row.cell(position)) for row in found.rows]
    return ColumnChoice(position, name, " · ".join([each[:40] for each in samples if each][:SAMPLES]), field)


def _verdict(documents: list[Any], found: Preview) -> str:
    if not documents:
        return gettext("Nothing can be read yet.")
    shape = ngettext("%(count)d document in %(rows)d rows", "%(count)d documents in %(rows)d rows", len(documents))
    read = shape % {"count": len(documents), "rows": found.total}
    refused = sum(message.rejected for message in documents)
    return read + (", " + gettext("%d of them would be refused") % refused if refused else "")


def _own(connection: Connection) -> PartyRef:
    return PartyRef(connection.own_id, connection.own_qualifier)


def _their(connection: Connection) -> PartyRef:
    return PartyRef(connection.their_id, connection.their_qualifier)


def _kept(request: MemberRequest, connection: Connection, mapping: ColumnMapping, data: bytes) -> HttpResponse:
    """Save the mapping; with the second button take the file in as well, as if it had been posted."""
    importing = request.POST.get("do") == "import"
    if importing:
        require(may_exchange(request.actor))
    save_table(actor=request.actor, connection=connection, mapping=mapping)
    if not importing:
        messages.success(request, gettext("Saved. Files of this shape are now read wherever they come in."))
        return _to("edi:table", connection.pk)
    receipt = receive(actor=request.actor, data=data, content_type=marked(connection))
    _tell(request, receipt)
    return _to("edi:interchange", receipt.interchanges[0].pk)


def _tell(request: MemberRequest, receipt: Receipt) -> None:
    if receipt.repeated:
        messages.info(request, gettext("This file was taken in before. Nothing was done."))
    elif receipt.refused:
        messages.error(request, gettext("The file was kept, and refused. The findings say why."))
    else:
        messages.success(request, gettext("The file was taken in."))


def _to(name: str, pk: int) -> HttpResponse:
    return redirect(name, pk=pk)
