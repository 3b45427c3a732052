"""How the documents of a connection travel: choose a way, fill it in, test it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.web import version_of
from edi.models import Connection, Transport
from edi.transports.actions import remove_transport, save_transport
from edi.transports.forms import FORMS, TransportForm
from edi.transports.ways import TransportFault, way_of
from partners.access import MemberRequest, member_required


def _found(request: MemberRequest, pk: int) -> tuple[Connection, Transport | None]:
    rows = Connection.objects.visible_to(request.actor).select_related("counterpart", "organisation")
    connection = get_object_or_404(rows, pk=pk)
    ways = Transport.objects.visible_to(request.actor).select_related("account", "connection")
    return connection, ways.filter(connection=connection).first()


@require_http_methods(["GET", "POST"])
@member_required("integration.manage")
def transport(request: MemberRequest, pk: int) -> HttpResponse:
    """The way of a connection: `?kind=` shows the form of another one."""
    connection, found = _found(request, pk)
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = asked if asked in FORMS else found.kind if found else "http"
    own = found if found and found.kind == kind else None
    form = FORMS[kind](request.POST or None, actor=request.actor, transport=own)
    if request.method == "POST" and form.is_valid():
        try:
            version = version_of(request)
            save_transport(actor=request.actor, connection=connection, kind=kind, version=version, **form.values())
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, gettext("Saved. Test the connection to see whether it works."))
            return redirect("edi:transport", pk=pk)
    return render(request, "edi/transport.html", _context(connection, found, kind, form), status=_status(form))


def _status(form: TransportForm) -> int:
    return 422 if form.errors else 200


def _context(connection: Connection, found: Transport | None, kind: str, form: TransportForm) -> dict[str, Any]:
    return {
        "connection": connection,
        "transport": found,
        "form": form,
        "kind": kind,
        "kinds": Transport.Kind.choices,
        "installed": way_of(kind) is not None,
        "certificates": _certificates(found) if kind == "as2" else [],
    }


def _certificates(found: Transport | None) -> list[dict[str, Any]]:
    """Whose certificates count, until when, and what to compare them by."""
    if found is None or found.kind != Transport.Kind.AS2 or way_of("as2") is None:
        return []
    from edi.transports.as2.keys import certificates_in, fingerprint

    texts = [(gettext("ours"), text) for text in found.setting("own_certificates", [])]
    texts.append((gettext("theirs"), found.setting("their_certificates")))
    return [
        {"whose": whose, "until": each.not_valid_after_utc, "fingerprint": fingerprint(each)}
        for whose, text in texts
        for each in certificates_in(text)
    ]


@require_POST
@member_required("integration.manage")
def test(request: MemberRequest, pk: int) -> HttpResponse:
    """Try whether the way as it was saved would work; nothing is sent, nothing changes at the other end."""
    _connection, found = _found(request, pk)
    if found is None:
        raise Http404
    way = way_of(found.kind)
    try:
        if way is None:
            raise TransportFault(gettext("This server cannot do that; its operator installs the extra “edi”."))
        context = {"said": way.check(found), "tone": "good"}
    except TransportFault as fault:
        context = {"said": str(fault), "tone": "bad"}
    return render(request, "edi/transport_test.html", context)


@require_POST
@member_required("integration.manage")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the way away."""
    connection, _transport = _found(request, pk)
    remove_transport(actor=request.actor, connection=connection)
    messages.success(request, gettext("Removed. Documents wait here to be collected."))
    return redirect("edi:transport", pk=pk)


@require_GET
@member_required("integration.manage")
def certificate(request: MemberRequest, pk: int) -> HttpResponse:
    """Our certificate, for the partner."""
    _connection, found = _found(request, pk)
    own = found.setting("own_certificates", []) if found else []
    if not own:
        messages.info(request, gettext("There is no certificate of yours yet; it is made when AS2 is saved."))
        return redirect("edi:transport", pk=pk)
    response = HttpResponse(own[0], content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="certificate.pem"'
    return response
