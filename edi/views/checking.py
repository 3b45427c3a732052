"""The validator: anybody with the exchange reads what would be found in a document; with edi.send it can be sent in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.web import render_partial
from edi import mapping
from edi.exchange import receive
from edi.forms import DocumentForm
from edi.permissions import may_exchange
from edi.presenting import marked, read_only
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor

TEMPLATE = "edi/validate.html"


@require_http_methods(["GET", "POST"])
@member_required("edi.view")
def validate(request: MemberRequest) -> HttpResponse:
    """Read a document and show the findings; nothing is kept. The second button sends it in instead."""
    actor = request.actor
    context: dict[str, Any] = {"form": DocumentForm(), "may_send": may_exchange(actor)}
    if request.method != "POST":
        return render_partial(request, TEMPLATE, "result", context)
    context["form"] = form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_partial(request, TEMPLATE, "result", context, 422)
    data: bytes = form.cleaned_data["data"]
    if request.POST.get("send"):
        require(context["may_send"])
        return _send(request, actor, data, context)
    return render_partial(request, TEMPLATE, "result", {**context, **_checked(data)})


def _checked(data: bytes) -> dict[str, Any]:
    reading = mapping.read(data)
    segments, remarks, hidden = marked(data, list(reading.all_findings))
    errors = sum(remark.tone == "bad" for remark in remarks)
    return {
        "reading": reading,
        "segments": segments,
        "remarks": remarks,
        "hidden": hidden,
        "errors": errors,
        "documents": read_only(reading),
        "verdict": _verdict(errors, len(remarks)),
    }


def _verdict(errors: int, remarks: int) -> str:
    if errors:
        return ngettext("%d error: it would be refused.", "%d errors: it would be refused.", errors) % errors
    if remarks:
        return ngettext("It is sound, with %d remark.", "It is sound, with %d remarks.", remarks) % remarks
    return _("It is sound; nothing was found.")


def _send(request: MemberRequest, actor: Actor, data: bytes, context: dict[str, Any]) -> HttpResponse:
    try:
        receipt = receive(actor=actor, data=data, content_type="")
    except DomainError as refusal:
        context["form"].add_error(None, refusal.message)
        return render_partial(request, TEMPLATE, "result", context, 422)
    if receipt.repeated:
        messages.info(request, _("This document was taken in before. Nothing was done."))
    elif receipt.refused:
        messages.error(request, _("The document was kept, and refused. The findings say why."))
    else:
        messages.success(request, _("The document was taken in."))
    if len(receipt.interchanges) == 1:
        return redirect("edi:interchange", pk=receipt.interchanges[0].pk)
    return redirect("edi:traffic")
