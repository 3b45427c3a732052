"""The organisation's rules for talk, its legal holds and exports: a page of the settings."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import actions
from chat.forms import HoldForm, PolicyForm
from chat.models import Hold, TalkExport, TalkPolicy
from core.errors import DomainError
from core.forms import at_its_field, first_error
from partners.access import MemberRequest, member_required

SHOWN = 20


def _context(request: MemberRequest, form: PolicyForm) -> dict[str, Any]:
    actor = request.actor
    return {
        "form": form,
        "hold_form": HoldForm(actor=actor),
        "holds": Hold.objects.visible_to(actor).select_related("room")[:SHOWN],
        "exports": TalkExport.objects.visible_to(actor).select_related("user")[:SHOWN],
    }


@require_http_methods(["GET", "POST"])
@member_required("organisation.manage")
def show(request: MemberRequest) -> HttpResponse:
    """Who sits in shared rooms, what is told, how long talk is kept."""
    actor = request.actor
    policy = TalkPolicy.objects.visible_to(actor).first() or TalkPolicy(organisation=actor.organisation)
    initial = {name: getattr(policy, name) for name in ("seats", "receipts", "keep_days")}
    if policy.pk:
        initial |= {"roles": policy.roles.all(), "members": policy.members.all()}
    form = PolicyForm(request.POST if request.method == "POST" else None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_policy(actor=actor, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("The rules for talk are saved."))
            return redirect("chat:policy")
    return render(request, "chat/policy.html", _context(request, form), status=422 if form.is_bound else 200)


@require_POST
@member_required("organisation.manage")
def hold(request: MemberRequest) -> HttpResponse:
    """Put all talk, or a room, under a hold."""
    form = HoldForm(request.POST, actor=request.actor)
    try:
        if not form.is_valid():
            raise DomainError(first_error(form))
        actions.hold(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The hold stands: nothing there is removed until you lift it."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("chat:policy")


@require_POST
@member_required("organisation.manage")
def lift(request: MemberRequest, pk: int) -> HttpResponse:
    """Lift a hold."""
    found = get_object_or_404(Hold.objects.visible_to(request.actor), pk=pk)
    try:
        actions.lift(actor=request.actor, hold=found)
        messages.success(request, _("The hold is lifted."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("chat:policy")


@require_POST
@member_required("organisation.manage")
def export(request: MemberRequest) -> HttpResponse:
    """Ask for a copy of the organisation's talk."""
    try:
        actions.ask_export(actor=request.actor)
        messages.success(request, _("The export is being written. This page shows when it is ready."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("chat:policy")


@require_GET
@member_required("organisation.manage")
def download(request: MemberRequest, pk: int) -> FileResponse:
    """The ZIP of an export that is ready; that it was downloaded stands in the trail."""
    ready = TalkExport.objects.visible_to(request.actor).filter(state=TalkExport.State.READY)
    found = get_object_or_404(ready, pk=pk)
    try:
        file = found.file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    actions.note_download(actor=request.actor, export=found)
    return FileResponse(file, as_attachment=True, filename=f"talk-{found.created:%Y-%m-%d}.zip")
