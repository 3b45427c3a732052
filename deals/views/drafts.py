"""Writing a registration: the form, its autosave, its look-ups."""

from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from core.web import key_of
from deals import actions
from deals.actions import OwnDuplicate
from deals.forms import DealForm
from deals.models import Deal
from deals.permissions import may_edit
from deals.views.desk import Desk
from deals.views.records import fetch
from partners.access import MemberRequest, member_required, require

CUSTOMER_PART = (
    "customer_name",
    "customer_vat",
    "customer_email",
    "project_number",
    "title",
    "decision_date",
    "stage",
    "competitor",
    "tender_published_on",
)
SUPPORT_PART = ("amount", "requested_benefit", "note", "evidence", "terms")


@require_http_methods(["GET", "POST"])
@member_required("deals.register")
def new(request: MemberRequest) -> HttpResponse:
    """A new registration. Nothing is stored before something was typed."""
    return _begin(request, Desk(request, None))


@require_http_methods(["GET", "POST"])
@member_required("deals.prepare")
def prepare(request: MemberRequest) -> HttpResponse:
    """A new registration that a vendor prepares for a partner."""
    return _begin(request, Desk(request, None, as_vendor=True))


def _begin(request: MemberRequest, desk: Desk) -> HttpResponse:
    if desk.partnership is None:
        return render(request, "deals/no_partnership.html", {"as_vendor": desk.as_vendor})
    if request.method == "POST":
        return _submit(desk)
    initial = {"partnership": desk.partnership, "currency": desk.partnership.vendor.currency}
    initial["customer_country"] = desk.partnership.partner.country
    return _page(desk, desk.form(initial=initial), desk.lines(), draft_key=uuid4())


@require_http_methods(["GET", "POST"])
@member_required("deals.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with a draft, or correct what was asked for on a returned deal."""
    deal = fetch(request.actor, pk)
    require(may_edit(request.actor, deal))
    if deal.state not in {Deal.State.DRAFT, Deal.State.RETURNED}:
        messages.warning(request, _("This deal cannot be edited now. Write in its room what has changed."))
        return redirect(deal)
    desk = Desk(request, deal)
    return _submit(desk) if request.method == "POST" else _page(desk, desk.form(), desk.lines(deal=deal))


@require_POST
@member_required("deals.view")
def parts(request: MemberRequest) -> HttpResponse:
    """The parts of the form that follow from the chosen company and type, with what was typed so far."""
    wanted = key_of(request.GET.get("deal", ""))
    deal = fetch(request.actor, wanted) if wanted is not None else None
    desk = Desk(request, deal)
    if deal is None:  # a draft that was saved since the page was opened
        desk.deal = Deal.objects.visible_to(request.actor).filter(draft_key=desk.stored_key).first()
    if desk.deal is not None and desk.deal.state != Deal.State.DRAFT:
        raise Http404
    if desk.partnership is None:
        raise Http404
    typed = {name: request.POST[name] for name in request.POST if name not in {"partnership", "type"}}
    form = desk.form(initial={**typed, "partnership": desk.partnership})
    return render(request, "deals/_parts.html", _context(desk, form))


def _page(desk: Desk, form: DealForm, lines: Any, **context: Any) -> HttpResponse:
    context = {**_context(desk, form), "lines": lines, **context}
    wrong = bool(form.errors) or (context["with_lines"] and lines.is_bound and not lines.is_valid())
    return render(desk.request, "deals/edit.html", context, status=422 if form.is_bound and wrong else 200)


def _context(desk: Desk, form: DealForm) -> dict[str, Any]:
    return {
        "deal": desk.deal,
        "form": form,
        "terms": desk.type_,
        "as_vendor": desk.as_vendor,
        "returned": desk.returned,
        "with_lines": _with_lines(desk.deal),
        "show": {"customer": _has(form, CUSTOMER_PART), "support": _has(form, SUPPORT_PART)},
        "several_vendors": desk.several,
    }


def _with_lines(deal: Deal | None) -> bool:
    """Lines can always be written, but of a returned deal only where they were asked for."""
    return deal is None or deal.state != Deal.State.RETURNED or "lines" in deal.returned_fields


def _has(form: DealForm, names: tuple[str, ...]) -> bool:
    return any(name in form.fields for name in names)


def _bound(desk: Desk) -> tuple[DealForm, Any]:
    """The form and its lines, as they were sent."""
    return desk.form(desk.request.POST, desk.request.FILES), desk.lines(desk.request.POST)


def _save(desk: Desk, form: DealForm, lines: Any) -> Deal:
    """Keep whatever is sound of a draft, complete or not."""
    form.is_valid()
    if desk.partnership is None:
        raise Http404
    return actions.save_draft(
        actor=desk.actor,
        partnership=desk.partnership,
        deal=desk.deal,
        type_=desk.type_,
        draft_key=desk.draft_key,
        fields=form.values(),
        lines=lines.lines(),
    )


def _submit(desk: Desk) -> HttpResponse:
    form, lines = _bound(desk)
    key, said = desk.draft_key, desk.request.POST
    complete = form.is_valid() and (lines.is_valid() or not _with_lines(desk.deal))
    earlier = None
    try:
        if not desk.returned:
            desk.deal = _save(desk, form, lines)
        deal = cast(Deal, desk.deal)
        _add_files(desk, deal, form)
        if "save" in said and not desk.returned:
            messages.success(desk.request, _("The draft is kept. Only your organisation sees it."))
            return redirect("deals:edit" if said["save"] == "retype" else "deals:detail", pk=deal.pk)
        if "hand_over" in said and not desk.returned:
            return _handed_over(desk, deal)
        if complete and not desk.as_vendor:
            return _sent(desk, deal, form, lines)
    except OwnDuplicate as error:
        form.add_error(None, error.message)
        earlier = error.deal
    except DomainError as error:
        at_its_field(form, error)
    form.deal = desk.deal
    return _page(desk, form, lines, draft_key=key, earlier=earlier)


def _add_files(desk: Desk, deal: Deal, form: DealForm) -> None:
    for kind, upload in form.uploads():
        actions.add_evidence(actor=desk.actor, deal=deal, upload=upload, kind=kind)


def _handed_over(desk: Desk, deal: Deal) -> HttpResponse:
    actions.hand_over_draft(actor=desk.actor, deal=deal)
    sentence = _("Handed over to %(who)s, which was told. You see it again once it is submitted.")
    messages.success(desk.request, sentence % {"who": deal.partner})
    return redirect("deals:list")


def _sent(desk: Desk, deal: Deal, form: DealForm, lines: Any) -> HttpResponse:
    if desk.returned:
        asked_lines = lines.lines() if "lines" in deal.returned_fields else None
        deal = actions.resubmit_deal(actor=desk.actor, deal=deal, fields=form.values(), lines=asked_lines)
        messages.success(desk.request, _("Sent back to %(who)s.") % {"who": deal.vendor})
    else:
        deal = actions.submit_deal(actor=desk.actor, deal=deal, terms=form.cleaned_data["terms"])
        sentence = _("Submitted to %(who)s as %(number)s. Write down nothing: you will be told.")
        if deal.state == Deal.State.APPROVED:
            sentence = _("%(who)s approved it at once, as %(number)s. You are protected.")
        messages.success(desk.request, sentence % {"who": deal.vendor, "number": deal.number})
    return redirect(deal)


@require_POST
@member_required("deals.view")
def autosave_new(request: MemberRequest) -> HttpResponse:
    """The first save of a new form; answers where the draft lives from now on."""
    return _autosaved(Desk(request, None))


@require_POST
@member_required("deals.view")
def autosave(request: MemberRequest, pk: int) -> HttpResponse:
    """Save a draft while it is being written."""
    return _autosaved(Desk(request, fetch(request.actor, pk)))


def _autosaved(desk: Desk) -> HttpResponse:
    if desk.partnership is None:
        raise Http404
    form, lines = _bound(desk)
    try:
        deal = _save(desk, form, lines)
    except DomainError as error:
        return JsonResponse({"detail": error.message}, status=422)
    page = reverse("deals:edit", args=[deal.pk])
    return JsonResponse({"autosave": reverse("deals:autosave", args=[deal.pk]), "page": page, "action": page})


@require_POST
@member_required("deals.prepare")
def hand_over(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a prepared draft to its partner."""
    deal = fetch(request.actor, pk)
    try:
        return _handed_over(Desk(request, deal), deal)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(deal)


@require_POST
@member_required("deals.view")
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
@member_required("deals.view")
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
