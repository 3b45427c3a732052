"""The settings of approvals, and who is away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.forms import tried
from deals import actions
from deals.forms import AbsenceForm, LimitForm, PolicyForm
from deals.models import Absence, ApprovalPolicy, ApproverLimit
from partners.access import MemberRequest, member_required


def _page(request: MemberRequest, limit: LimitForm | None = None) -> HttpResponse:
    actor = request.actor
    steps = ApprovalPolicy.objects.visible_to(actor).select_related("type", "second").prefetch_related("persons")
    context = {
        "steps": steps,
        "limits": ApproverLimit.objects.visible_to(actor).select_related("user").order_by("user__name", "pk"),
        "form": limit or LimitForm(actor=actor),
    }
    return render(request, "deals/approvals.html", context, status=422 if limit else 200)


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def index(request: MemberRequest) -> HttpResponse:
    """The steps in order and the limits; a post sets a limit."""
    if request.method == "GET":
        return _page(request)
    form = LimitForm(request.POST, actor=request.actor)
    if not tried(form, lambda said: actions.set_limit(actor=request.actor, **said)):
        return _page(request, form)
    messages.success(request, _("Saved."))
    return redirect("deals:approvals")


@require_POST
@member_required("deals.terms")
def limit_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Let somebody approve without a limit."""
    row = get_object_or_404(ApproverLimit.objects.visible_to(request.actor).select_related("user"), pk=pk)
    actions.set_limit(actor=request.actor, user=row.user, amount=None)
    messages.success(request, _("Saved."))
    return redirect("deals:approvals")


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def policy(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """A step, new or known."""
    rows = ApprovalPolicy.objects.visible_to(request.actor).prefetch_related("persons")
    row = get_object_or_404(rows, pk=pk) if pk else None
    form = PolicyForm(request.POST or None, actor=request.actor, policy=row)

    def run(said: dict[str, Any]) -> None:
        actions.set_policy(actor=request.actor, fields=said, policy=row)

    if request.method == "POST" and tried(form, run):
        messages.success(request, _("Saved. What waits for approval already goes on as it began."))
        return redirect("deals:approvals")
    return render(request, "deals/approval.html", {"form": form, "row": row}, status=422 if form.errors else 200)


@require_POST
@member_required("deals.terms")
def policy_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask for a step no more."""
    row = get_object_or_404(ApprovalPolicy.objects.visible_to(request.actor), pk=pk)
    actions.delete_policy(actor=request.actor, policy=row)
    messages.success(request, _("Deleted. What waits for approval already goes on as it began."))
    return redirect("deals:approvals")


@require_http_methods(["GET", "POST"])
@member_required
def absences(request: MemberRequest) -> HttpResponse:
    """Who is away now or later: oneself, and for who manages people everybody."""
    actor = request.actor
    everybody = actor.can("members.manage")
    form = AbsenceForm(request.POST or None, actor=actor, everybody=everybody)

    def run(said: dict[str, Any]) -> None:
        actions.set_absence(actor=actor, **said)

    if request.method == "POST" and tried(form, run):
        messages.success(request, _("Noted. Who stands in sees what waits for you."))
        return redirect("deals:absences")
    rows = Absence.objects.visible_to(actor).filter(end__gte=localdate()).select_related("user", "delegate")
    context = {"form": form, "rows": rows, "everybody": everybody, "today": localdate()}
    return render(request, "deals/absences.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def absence_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody is back."""
    row = get_object_or_404(Absence.objects.visible_to(request.actor), pk=pk)
    actions.end_absence(actor=request.actor, absence=row)
    messages.success(request, _("Welcome back. What waits comes to you again."))
    return redirect("deals:absences")
