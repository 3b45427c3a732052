"""The matrix of roles and capabilities: every box is saved at once, with undo."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.forms import at_its_field
from core.web import render_partial, toast
from partners import actions
from partners.access import YES, MemberRequest, Verdict, member_required, no
from partners.actions.roles import clashes
from partners.actors import Actor
from partners.capabilities import PRESETS, REGISTRY, Capability, label_of
from partners.forms import RoleForm
from partners.models import Role
from partners.permissions import may_delete, may_edit, may_manage_roles, may_pass_on


def _cell(actor: Actor, role: Role, codes: set[str], capability: Capability, may: dict[Any, Verdict]) -> dict[str, Any]:
    held = capability.code in codes
    verdict = may[role.pk] and (YES if held else may[capability.code])
    clash = next((code for code in sorted(codes) if clashes(code, capability.code)), None)
    if verdict and not held and clash:
        verdict = no(_("Excludes “%(other)s”, which this role holds.") % {"other": label_of(clash)})
    return {"role": role, "held": held, "verdict": verdict, "url": reverse("partners:role_capability", args=[role.pk])}


def _place(role: Role) -> tuple[int, str]:
    """Presets in their own order, then the organisation's roles by name."""
    return (list(PRESETS).index(role.preset) if role.preset in PRESETS else len(PRESETS), role.name)


def _matrix(request: MemberRequest) -> dict[str, Any]:
    actor = request.actor
    rows = Role.objects.visible_to(actor).annotate(members=Count("memberships", distinct=True))
    roles = sorted(
        rows, key=lambda role: (not role.fixed, list(PRESETS).index(role.preset) if role.preset else 99, role.name)
    )
    codes = {role.pk: role.codes() for role in roles}
    may: dict[Any, Verdict] = {role.pk: may_edit(actor, role) for role in roles}
    may |= {code: may_pass_on(actor, [code]) for code in REGISTRY}
    groups: dict[str, list[dict[str, Any]]] = {}
    for capability in REGISTRY.values():
        cells = [_cell(actor, role, codes[role.pk], capability, may) for role in roles]
        bars = ", ".join(label_of(code) for code in sorted(capability.excludes))
        groups.setdefault(str(capability.group), []).append({"capability": capability, "cells": cells, "bars": bars})
    return {
        "roles": roles,
        "groups": groups,
        "may_manage": may_manage_roles(actor),
        "form": RoleForm(actor=actor),
        "width": len(roles) + 1,
    }


@require_safe
@member_required
def matrix(request: MemberRequest) -> HttpResponse:
    """Which role holds what; every member may read it."""
    return render_partial(request, "partners/roles.html", "matrix", _matrix(request))


@require_POST
@member_required("roles.manage")
def capability(request: MemberRequest, pk: int) -> HttpResponse:
    """Tick or untick one box; the answer is the matrix as it is now, with an undo."""
    role = _role(request, pk)
    # an undo comes without a body: what to do is in its address
    wanted = request.POST if "capability" in request.POST else request.GET
    code, held = wanted.get("capability", ""), wanted.get("held") == "on"
    try:
        actions.set_capability(actor=request.actor, role=role, capability=code, held=held)
    except DomainError as error:
        response = render(request, "partners/roles.html#matrix", _matrix(request), status=422)
        return toast(response, error.message, tone="bad")
    request.actor = _reread(request)
    undo = f"{request.path}?{urlencode({'capability': code, 'held': '' if held else 'on'})}"
    text = _("“%(role)s” holds “%(what)s” now.") if held else _("“%(role)s” no longer holds “%(what)s”.")
    response = render(request, "partners/roles.html#matrix", _matrix(request))
    return toast(response, text % {"role": role, "what": label_of(code)}, undo_url=undo)


def _reread(request: MemberRequest) -> Actor:
    """The actor as the change left them: it may have been their own role."""
    from partners.actors import actor_for

    actor = request.actor
    return actor_for(request.user, actor.organisation.pk, "web") or actor


def _role(request: MemberRequest, pk: int) -> Role:
    return get_object_or_404(Role.objects.visible_to(request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
@member_required("roles.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Make a role."""
    form = RoleForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            role = actions.create_role(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("The role “%(role)s” is made. Tick what it holds.") % {"role": role})
            return redirect("partners:roles")
    return render(request, "partners/role.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required
def role(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename a role, see who has it, delete it."""
    found = _role(request, pk)
    actor = request.actor
    form = RoleForm(request.POST or None, actor=actor, initial={"name": found.name})
    del form.fields["like"]
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_role(actor=actor, role=found, name=form.cleaned_data["name"])
        except DomainError as error:
            at_its_field(form, error)
        else:
            return redirect("partners:roles")
    members = list(found.memberships.filter(active=True).select_related("user"))
    context = {
        "form": form,
        "role": found,
        "members": members,
        "may_edit": may_edit(actor, found),
        "may_delete": may_delete(actor, found, used_by=len(members) + found.service_accounts.count()),
    }
    return render(request, "partners/role.html", context, status=422 if form.is_bound else 200)


@require_POST
@member_required("roles.manage")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a role that nobody has."""
    found = _role(request, pk)
    actions.delete_role(actor=request.actor, role=found)
    messages.success(request, _("The role “%(role)s” is deleted.") % {"role": found})
    return redirect("partners:roles")
