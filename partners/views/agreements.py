"""The partner programme and its agreement: publishing versions, reading and accepting one."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from partners import actions
from partners.access import MemberRequest, member_required
from partners.adapter import client_address
from partners.agreements import agreements_due
from partners.forms import AgreementForm, ProgrammeForm
from partners.models import Agreement, Partnership, Programme
from partners.permissions import may_accept

NEEDS = "partnerships.manage"


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def programme(request: MemberRequest) -> HttpResponse:
    """One's own programme: its name, the link for applicants, the versions of the agreement."""
    found = Programme.objects.visible_to(request.actor).first()
    initial = {"name": found.name, "takes_applications": found.takes_applications} if found else {}
    form = ProgrammeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_programme(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The programme is saved."))
        return redirect("partners:programme")
    own = Agreement.objects.visible_to(request.actor).filter(vendor=request.actor.organisation)
    versions = own.annotate(accepted=Count("acceptances")).order_by("-version")
    link = request.build_absolute_uri(reverse("partners:apply", args=[found.code])) if found else ""
    context = {"form": form, "programme": found, "versions": versions, "link": link}
    return render(request, "partners/programme.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def publish(request: MemberRequest) -> HttpResponse:
    """Publish the next version of the agreement."""
    last = Agreement.objects.visible_to(request.actor).filter(vendor=request.actor.organisation).first()
    initial = {"title": last.title, "text": last.text} if last else {}
    form = AgreementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        agreement = actions.publish_agreement(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("%(what)s is published; partners are asked to accept it.") % {"what": agreement})
        return redirect("partners:programme")
    context = {"form": form, "next": last.version + 1 if last else 1}
    return render(request, "partners/publish.html", context, status=422 if form.is_bound else 200)


@require_safe
@member_required("partnerships.view")
def version(request: MemberRequest, pk: int) -> HttpResponse:
    """The text of one version."""
    found = get_object_or_404(Agreement.objects.visible_to(request.actor).select_related("vendor"), pk=pk)
    asked = next((due for due in agreements_due(request.actor) if due.agreement == found), None)
    if asked:
        return redirect(asked.url)
    return render(request, "partners/agreement.html", {"agreement": found})


@require_safe
@member_required("partnerships.view")
def agreement(request: MemberRequest, pk: int) -> HttpResponse:
    """The vendor's current agreement, to read and accept."""
    return _show(request, _partnership(request, pk))


def _partnership(request: MemberRequest, pk: int) -> Partnership:
    rows = Partnership.objects.visible_to(request.actor).select_related("vendor", "partner")
    return get_object_or_404(rows, pk=pk)


def _show(request: MemberRequest, partnership: Partnership, status: int = 200) -> HttpResponse:
    current = Agreement.objects.visible_to(request.actor).filter(vendor=partnership.vendor_id).order_by("-version")
    found = get_object_or_404(current[:1])
    context = {
        "agreement": found,
        "partnership": partnership,
        "verdict": may_accept(request.actor, partnership, found),
        "acceptance": found.acceptances.filter(partnership__partner=partnership.partner_id).first(),
    }
    return render(request, "partners/agreement.html", context, status=status)


@require_POST
@member_required(NEEDS)
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Accept the version that was read."""
    partnership = _partnership(request, pk)
    read = get_object_or_404(Agreement.objects.visible_to(request.actor), pk=_number(request.POST.get("agreement", "")))
    try:
        actions.accept_agreement(
            actor=request.actor, partnership=partnership, agreement=read, address=client_address(request)
        )
    except DomainError as error:
        messages.error(request, error.message)
        return _show(request, partnership, 422)
    messages.success(request, _("%(what)s is accepted. Thank you.") % {"what": read})
    return redirect("partners:partnership", pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
