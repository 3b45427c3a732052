"""Certificates of people: reported by partners, confirmed by vendors."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import timeline_of
from core.forms import tried
from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from core.web import download, follow, render_partial, toast, wants_partial
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from deals.views.lists import Counterpart, counterparts
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from programmes import actions
from programmes.forms import CertificationForm, RefuseForm
from programmes.models import Certification
from programmes.permissions import may_judge, may_withdraw

REFUSE = Kind(gettext_lazy("Refuse this"), gettext_lazy("Refuse"), RefuseForm, "programmes:certification_refuse")
LIST = Listing(
    key="certifications",
    title=gettext_lazy("Certifications"),
    columns=(
        Column("name", gettext_lazy("Certification"), kind="link", sort="name"),
        Column("person", gettext_lazy("Person"), sort="person"),
        Column("partner", gettext_lazy("Partner"), kind="mark", sort="partner__name", phone=False),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name", phone=False),
        Column("given_by", gettext_lazy("Given by"), phone=False),
        Column("given_on", gettext_lazy("From"), kind="day", sort="given_on", phone=False),
        Column("valid_until", gettext_lazy("Until"), kind="day"),
        Column("state", gettext_lazy("State"), kind="state"),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Certification.State.choices),
        Counterpart("with", gettext_lazy("Company"), choices=counterparts),
        Period("valid_until", gettext_lazy("Until"), moment=False),
    ),
    views=(
        View("held", gettext_lazy("Confirmed"), "state=confirmed"),
        View("reported", gettext_lazy("To confirm"), "state=reported"),
        View("all", gettext_lazy("All")),
    ),
    search=("name", "person", "given_by", "partner__name", "vendor__name"),
    default_sort="-given_on",
    row_url=lambda row: row.get_absolute_url(),
    live="certification",
    create=Create(gettext_lazy("Report a certification"), "programmes:certification_new", "programmes.certify"),
    links=((gettext_lazy("Programme"), "programmes:home"),),
    empty=Empty(
        gettext_lazy("No certifications here"),
        gettext_lazy("Report who of your people is certified. It counts as soon as the vendor has confirmed it."),
        icon="award",
    ),
)


@require_GET
@member_required("programmes.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """Certificates of one's own people, and of one's partners'."""
    rows = Certification.objects.visible_to(request.actor)
    return LIST.respond(request, rows.select_related("vendor", "partner"))


@require_http_methods(["GET", "POST"])
@member_required("programmes.certify")
def new(request: MemberRequest) -> HttpResponse:
    """Report a certificate."""
    form = CertificationForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial={"given_on": localdate()}
    )
    if tried(form, lambda _said: actions.report_certification(actor=request.actor, **form.values())):
        messages.success(request, _("Reported. The vendor is asked to confirm it."))
        return redirect("programmes:certifications")
    return render(request, "programmes/report.html", {"form": form}, status=422 if form.errors else 200)


def _one(request: MemberRequest, pk: int) -> Certification:
    rows = Certification.objects.visible_to(request.actor).select_related("vendor", "partner")
    return get_object_or_404(rows, pk=pk)


@require_GET
@member_required("programmes.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One certificate."""
    return _show(request, _one(request, pk))


def _show(request: MemberRequest, row: Certification) -> HttpResponse:
    acts = _acts(request.actor, row)
    dialogs = [_dialog(row)] if any(act.dialog and act.verdict for act in acts) else []
    context = {"row": row, "acts": acts, "dialogs": dialogs, "lines": timeline_of(request.actor, row)}
    return render_partial(request, "programmes/certification.html", "record", context)


def _acts(actor: Actor, row: Certification) -> list[Act]:
    def to(name: str) -> str:
        return reverse(f"programmes:certification_{name}", args=[row.pk])

    if row.partner_id == actor.organisation.pk:
        sure = gettext_lazy("Take this report back? The trail keeps that it was there.")
        may = may_withdraw(actor, row)
        return [Act(gettext_lazy("Take it back"), may, to("withdraw"), danger=True, confirm=sure)]
    acts = []
    if row.state != Certification.State.REFUSED:
        acts.append(Act(gettext_lazy("Refuse…"), may_judge(actor, row, "refuse"), dialog="#refuse", key="R"))
    if row.state != Certification.State.CONFIRMED:
        may = may_judge(actor, row, "confirm")
        acts.append(Act(gettext_lazy("Confirm"), may, to("confirm"), key="C", primary=True))
    return acts


def _dialog(row: Certification, form: RefuseForm | None = None) -> Dialog:
    return Dialog("refuse", REFUSE, reverse(REFUSE.route, args=[row.pk]), form or RefuseForm(prefix="refuse"))


@require_POST
@member_required("programmes.manage")
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm: from now on it counts."""
    row = actions.judge_certification(actor=request.actor, certification=_one(request, pk), step="confirm")
    if wants_partial(request):
        return toast(_show(request, _one(request, pk)), _("Confirmed. It counts from the next reckoning on."))
    return redirect(row)


@require_POST
@member_required("programmes.manage")
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    """Refuse, with a reason."""
    row = _one(request, pk)
    form = RefuseForm(request.POST, prefix="refuse")

    def run(said: dict[str, Any]) -> None:
        actions.judge_certification(actor=request.actor, certification=row, step="refuse", **said)

    return follow(request, row) if tried(form, run) else again(request, _dialog(row, form))


@require_POST
@member_required("programmes.certify")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a report back."""
    actions.withdraw_certification(actor=request.actor, certification=_one(request, pk))
    messages.success(request, _("The report is taken back."))
    return follow(request, "programmes:certifications")


@require_GET
@member_required("programmes.view")
def file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The certificate itself."""
    row = _one(request, pk)
    if not row.file:
        raise Http404
    return download(row.file, row.file_name, row.file_type)
