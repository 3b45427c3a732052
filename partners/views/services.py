"""Service accounts and their keys."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field
from partners import actions
from partners.access import MemberRequest, member_required
from partners.forms import KeyForm, ServiceAccountForm
from partners.models import ServiceAccount

NEEDS = "integration.manage"


@require_safe
@member_required(NEEDS)
def services(request: MemberRequest) -> HttpResponse:
    """The machines that act for the organisation."""
    rows = ServiceAccount.objects.visible_to(request.actor).select_related("role").prefetch_related("keys")
    shown = [_summary(account) for account in rows.order_by("-active", "name")]
    return render(request, "partners/services.html", {"services": shown})


def _summary(account: ServiceAccount) -> dict[str, Any]:
    keys = list(account.keys.all())
    used = [key.last_used_at for key in keys if key.last_used_at]
    return {"account": account, "live": sum(key.live for key in keys), "used": max(used, default=None)}


def _account(request: MemberRequest, pk: int) -> ServiceAccount:
    rows = ServiceAccount.objects.visible_to(request.actor).select_related("role", "organisation")
    return get_object_or_404(rows.prefetch_related("keys"), pk=pk)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def new(request: MemberRequest) -> HttpResponse:
    """Make a service account."""
    form = ServiceAccountForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            account = actions.create_service_account(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("“%(name)s” is made. Make its first key.") % {"name": account})
            return redirect("partners:service", account.pk)
    return render(request, "partners/service_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def service(request: MemberRequest, pk: int) -> HttpResponse:
    """One service account: name, role, networks, keys."""
    account = _account(request, pk)
    initial = {"name": account.name, "role": account.role, "networks": "\n".join(account.networks)}
    form = ServiceAccountForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_service_account(actor=request.actor, account=account, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved. Its keys follow at once."))
            return redirect("partners:service", pk)
    return _show(request, account, form, KeyForm(), status=422 if form.is_bound else 200)


def _show(
    request: MemberRequest, account: ServiceAccount, form: ServiceAccountForm, key_form: KeyForm, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    lines = timeline_of(request.actor, account)
    context = {"account": account, "form": form, "key_form": key_form, "lines": lines, **more}
    return render(request, "partners/service.html", context, status=status)


@require_POST
@member_required(NEEDS)
def service_switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Switch a machine off, or on again."""
    active = request.POST.get("active") == "on"
    actions.set_service_account_active(actor=request.actor, account=_account(request, pk), active=active)
    return redirect("partners:service", pk)


@never_cache
@require_POST
@member_required(NEEDS)
def key_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a key and show it, this once."""
    account = _account(request, pk)
    key_form = KeyForm(request.POST)
    secret = ""
    if key_form.is_valid():
        try:
            _key, secret = actions.create_key(actor=request.actor, account=account, days=key_form.cleaned_data["days"])
        except DomainError as error:
            at_its_field(key_form, error)
    fresh = _account(request, pk)
    initial = {"name": fresh.name, "role": fresh.role, "networks": "\n".join(fresh.networks)}
    form = ServiceAccountForm(actor=request.actor, initial=initial)
    return _show(request, fresh, form, key_form, secret=secret, status=201 if secret else 422)


@require_POST
@member_required(NEEDS)
def key_revoke(request: MemberRequest, pk: int, key: int) -> HttpResponse:
    """End a key."""
    account = _account(request, pk)
    found = get_object_or_404(account.keys, pk=key)
    actions.revoke_key(actor=request.actor, key=found)
    messages.success(request, _("The key %(prefix)s… opens nothing any more.") % {"prefix": found.prefix})
    return redirect("partners:service", pk)
