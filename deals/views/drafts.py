"""Writing a registration: the form, its autosave, its look-ups."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.numbers import format_number
from core.search import found
from deals import actions
from deals.actions import OwnDuplicate
from deals.forms import DealForm, lines_for
from deals.models import Deal, DealLine, EndCustomer
from deals.permissions import may_edit
from deals.views.records import fetch
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor
from partners.models import Partnership

OPTIONS = 12
CUSTOMER_PART = ("partnership", "customer_name", "customer_vat", "title", "decision_date", "stage", "competitor")
SUPPORT_PART = ("amount", "requested_benefit", "note", "evidence", "terms")
CUSTOMER_FILL = ("country", "vat", "city", "postcode", "domain")


def _partnerships(actor: Actor) -> Any:
    mine = Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation)
    return mine.select_related("vendor").order_by("vendor__name", "pk")


def _chosen_partnership(request: MemberRequest) -> Partnership | None:
    """The partnership that the form names, else the first; a foreign one counts as none named."""
    text = request.POST.get("partnership") or request.GET.get("partnership") or ""
    rows = _partnerships(request.actor)
    named = rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 16 else None
    return named or rows.first()


def _draft_key(request: MemberRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("draft_key", ""))
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@member_required("deals.register")
def new(request: MemberRequest) -> HttpResponse:
    """A new registration. Nothing is stored before something was typed."""
    partnership = _chosen_partnership(request)
    if partnership is None:
        return render(request, "deals/no_partnership.html")
    if request.method == "POST":
        return _submit(request, None)
    initial = {"partnership": partnership, "currency": partnership.vendor.currency}
    initial["customer_country"] = request.actor.organisation.country
    form = DealForm(actor=request.actor, initial=initial)
    return _page(request, None, form, lines_for(request.actor, partnership.vendor_id), draft_key=uuid4())


@require_http_methods(["GET", "POST"])
@member_required("deals.register")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with a draft, or correct what was asked for on a returned deal."""
    deal = fetch(request.actor, pk)
    require(may_edit(request.actor, deal))
    if deal.state not in {Deal.State.DRAFT, Deal.State.RETURNED}:
        messages.warning(request, _("This deal cannot be edited now. Write in its room what has changed."))
        return redirect(deal)
    if request.method == "POST":
        return _submit(request, deal)
    form = DealForm(actor=request.actor, deal=deal, only=deal.returned_fields)
    return _page(request, deal, form, lines_for(request.actor, deal.vendor_id, deal=deal))


def _page(request: MemberRequest, deal: Deal | None, form: DealForm, lines: Any, **context: Any) -> HttpResponse:
    returned = deal is not None and deal.state == Deal.State.RETURNED
    context = {
        "deal": deal,
        "form": form,
        "lines": lines,
        "returned": returned,
        "with_lines": _with_lines(deal),
        "show": {"customer": _has(form, CUSTOMER_PART), "support": _has(form, SUPPORT_PART)},
        "several_vendors": len(_partnerships(request.actor)) > 1,
        **context,
    }
    wrong = bool(form.errors) or (context["with_lines"] and lines.is_bound and not lines.is_valid())
    return render(request, "deals/edit.html", context, status=422 if form.is_bound and wrong else 200)


def _with_lines(deal: Deal | None) -> bool:
    """Lines can always be written, but of a returned deal only where they were asked for."""
    return deal is None or deal.state != Deal.State.RETURNED or "lines" in deal.returned_fields


def _has(form: DealForm, names: tuple[str, ...]) -> bool:
    return any(name in form.fields for name in names)


def _bound(request: MemberRequest, deal: Deal | None) -> tuple[DealForm, Any]:
    """The form and its lines, as they were sent."""
    actor = request.actor
    returned = deal is not None and deal.state == Deal.State.RETURNED
    partnership = _chosen_partnership(request)
    vendor_id = deal.vendor_id if deal and returned else partnership.vendor_id if partnership else None
    form = DealForm(request.POST, request.FILES, actor=actor, deal=deal, only=deal.returned_fields if deal else ())
    return form, lines_for(actor, vendor_id, request.POST)


def _save(request: MemberRequest, deal: Deal | None, form: DealForm, lines: Any) -> Deal:
    """Keep whatever is sound of a draft, complete or not."""
    form.is_valid()
    partnership = form.cleaned_data.get("partnership") or _chosen_partnership(request)
    if partnership is None:
        raise Http404
    return actions.save_draft(
        actor=request.actor,
        partnership=partnership,
        deal=deal,
        draft_key=_draft_key(request),
        fields=form.values(),
        lines=lines.lines(),
    )


def _submit(request: MemberRequest, deal: Deal | None) -> HttpResponse:
    form, lines = _bound(request, deal)
    returned = deal is not None and deal.state == Deal.State.RETURNED
    key = _draft_key(request)
    complete = form.is_valid() and (lines.is_valid() or not _with_lines(deal))
    earlier = None
    try:
        deal = deal if deal is not None and returned else _save(request, deal, form, lines)
        _add_files(request, deal, form)
        if "save" in request.POST and not returned:
            messages.success(request, _("The draft is kept. Only your organisation sees it."))
            return redirect("deals:detail", pk=deal.pk)
        if complete:
            return _sent(request, deal, form, lines, returned)
    except OwnDuplicate as error:
        form.add_error(None, error.message)
        earlier = error.deal
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    return _page(request, deal, form, lines, draft_key=key, earlier=earlier)


def _add_files(request: MemberRequest, deal: Deal, form: DealForm) -> None:
    for upload in form.cleaned_data.get("evidence") or []:
        actions.add_evidence(actor=request.actor, deal=deal, upload=upload)


def _sent(request: MemberRequest, deal: Deal, form: DealForm, lines: Any, returned: bool) -> HttpResponse:
    actor = request.actor
    if returned:
        asked_lines = lines.lines() if "lines" in deal.returned_fields else None
        deal = actions.resubmit_deal(actor=actor, deal=deal, fields=form.values(), lines=asked_lines)
        messages.success(request, _("Sent back to %(who)s.") % {"who": deal.vendor})
    else:
        deal = actions.submit_deal(actor=actor, deal=deal, terms=form.cleaned_data["terms"])
        sentence = _("Submitted to %(who)s as %(number)s. Write down nothing: you will be told.")
        messages.success(request, sentence % {"who": deal.vendor, "number": deal.number})
    return redirect(deal)


@require_POST
@member_required("deals.register")
def autosave_new(request: MemberRequest) -> HttpResponse:
    """The first save of a new form; answers where the draft lives from now on."""
    return _autosaved(request, None)


@require_POST
@member_required("deals.register")
def autosave(request: MemberRequest, pk: int) -> HttpResponse:
    """Save a draft while it is being written."""
    return _autosaved(request, fetch(request.actor, pk))


def _autosaved(request: MemberRequest, deal: Deal | None) -> HttpResponse:
    form, lines = _bound(request, deal)
    try:
        deal = _save(request, deal, form, lines)
    except DomainError as error:
        return JsonResponse({"detail": error.message}, status=422)
    page = reverse("deals:edit", args=[deal.pk])
    return JsonResponse({"autosave": reverse("deals:autosave", args=[deal.pk]), "page": page, "action": page})


@require_POST
@member_required("deals.register")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    deal = fetch(request.actor, pk)
    try:
        actions.delete_draft(actor=request.actor, deal=deal)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(deal)
    messages.success(request, _("The draft is deleted."))
    return redirect("deals:list")


@require_POST
@member_required("deals.register")
def remove_file(request: MemberRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file off a draft."""
    deal = fetch(request.actor, pk)
    if not deal.evidence.filter(pk=file_pk).exists():
        raise Http404
    try:
        actions.remove_evidence(actor=request.actor, deal=deal, evidence_id=file_pk)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("deals:edit" if deal.state == Deal.State.DRAFT else "deals:detail", pk=pk)


@require_GET
@member_required("deals.register")
def customer_options(request: MemberRequest) -> HttpResponse:
    """The organisation's own end customers for the look-up."""
    mine = EndCustomer.objects.visible_to(request.actor)
    text = request.GET.get("q", "")
    rows = found(mine, text, "name", "city", "vat") if text.strip() else mine.order_by("-created")
    options = [
        {
            "value": str(row.pk),
            "label": row.name,
            "note": " · ".join(part for part in (row.city, row.country, row.vat) if part),
            "fill": {f"customer_{name}": getattr(row, name) for name in CUSTOMER_FILL},
        }
        for row in rows[:OPTIONS]
    ]
    return JsonResponse({"options": options})


@require_GET
@member_required("deals.register")
def product_options(request: MemberRequest) -> HttpResponse:
    """Products that the actor may see, of the vendor with whom the deal is registered."""
    products: Any = DealLine._meta.get_field("product").related_model
    rows = products.objects.visible_to(request.actor)
    partnership = _chosen_partnership(request)
    if partnership is None:
        raise PermissionDenied(_("There is no vendor whose products you could register."))
    rows = rows.filter(vendor=partnership.vendor_id).exclude(lifecycle="ended")
    text = request.GET.get("q", "")
    rows = found(rows, text, "name", "sku", "product_line") if text.strip() else rows
    options = [
        {
            "value": str(row.pk),
            "label": row.name,
            "note": f"{row.sku} · {format_number(row.list_price, 2)} {row.currency}",
            "fill": {"asked_price": format_number(row.list_price), "quantity": "1"},
        }
        for row in rows.order_by("name", "pk")[:OPTIONS]
    ]
    return JsonResponse({"options": options})
