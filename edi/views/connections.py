"""With whom and how documents are exchanged."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.listing import Choice, Column, Create, Empty, Listing
from core.web import version_of
from edi.actions import change_connection, create_connection
from edi.forms import ConnectionForm
from edi.models import Connection, Interchange, Standard
from partners.access import MemberRequest, member_required

CONNECTIONS = Listing(
    key="connections",
    title=_("Connections"),
    columns=(
        Column("counterpart", _("Partner"), kind="link"),
        Column("format", _("Format"), get=lambda row: row.get_format_display(), sort="format"),
        Column("own_id", _("Our identifier"), kind="code", sort="own_id"),
        Column("their_id", _("Their identifier"), kind="code", sort="their_id"),
        Column("mode", _("Mode"), kind="badge", get=lambda row: (row.get_mode_display(), _tone(row))),
        Column("state", _("State"), kind="state"),
        Column("created", _("Since"), kind="ago", sort="created", phone=False),
    ),
    filters=(
        Choice("format", _("Format"), choices=Connection.Format.choices),
        Choice("mode", _("Mode"), choices=Connection.Mode.choices),
        Choice("state", _("State"), choices=Connection.State.choices),
    ),
    search=("counterpart__name", "own_id", "their_id"),
    default_sort="-created",
    row_url=lambda row: reverse("edi:connection", args=[row.pk]),
    create=Create(_("Set up a connection"), "edi:connection_new", capability="integration.manage"),
    links=((_("Traffic"), "edi:traffic"),),
    empty=Empty(
        _("No connections yet"),
        _(
            "A connection says by which identifiers you and a partner know each other, and in which format your "
            "systems collect answers. Documents between partners whose GLN, D-U-N-S or VAT numbers are set need none."
        ),
        _("Set up a connection"),
        "edi:connection_new",
        "plug",
    ),
)


def _tone(row: Connection) -> str:
    return "good" if row.mode == Connection.Mode.LIVE else "info"


@require_GET
@member_required("edi.view")
def connections(request: MemberRequest) -> HttpResponseBase:
    """The organisation's connections."""
    rows = Connection.objects.visible_to(request.actor)
    return CONNECTIONS.respond(request, rows.select_related("counterpart"))


@require_http_methods(["GET", "POST"])
@member_required("integration.manage")
def connection_new(request: MemberRequest) -> HttpResponse:
    """Set up a connection, from the identifiers of a document where one asked for it."""
    actor = request.actor
    form = ConnectionForm(request.POST or None, actor=actor, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            connection = create_connection(actor=actor, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, gettext("The connection with %s is set up.") % connection.counterpart)
            return redirect("edi:connection", pk=connection.pk)
    return _shown(request, form, None)


@require_http_methods(["GET", "POST"])
@member_required("integration.manage")
def connection(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a connection; beside it, how to post a document over it."""
    actor = request.actor
    rows = Connection.objects.visible_to(actor).select_related("counterpart", "organisation")
    found = get_object_or_404(rows, pk=pk)
    form = ConnectionForm(request.POST or None, actor=actor, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_connection(actor=actor, connection=found, version=version_of(request), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("edi:connection", pk=pk)
    return _shown(request, form, found)


def _shown(request: MemberRequest, form: ConnectionForm, found: Connection | None) -> HttpResponse:
    base = request.build_absolute_uri("/")[:-1]
    context = {"form": form, "connection": found, "base_url": base}
    return render(request, "edi/connection.html", context, status=422 if form.errors else 200)


def _initial(request: MemberRequest) -> dict[str, Any]:
    """The identifiers of the document that could not be placed."""
    number = request.GET.get("document", "")
    if not number.isdecimal() or len(number) > 18:
        return {}
    rows = Interchange.objects.visible_to(request.actor).exclude(standard=Standard.UNKNOWN)
    row = rows.filter(pk=int(number), organisation=request.actor.organisation).first()
    if row is None:
        return {}
    formats = {"edifact": Connection.Format.EDIFACT_D96A, "x12": Connection.Format.X12_4010}
    return {
        "format": formats.get(row.standard, Connection.Format.UBL_21),
        "own_id": row.sender_id,
        "own_qualifier": row.sender_qualifier,
        "their_id": row.receiver_id,
        "their_qualifier": row.receiver_qualifier,
        "mode": Connection.Mode.LIVE,
    }
