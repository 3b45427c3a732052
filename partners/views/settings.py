"""Settings: one's own profile, the details of the organisation, its sign-in policy."""

from copy import copy
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.web import toast
from partners import actions
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor, without_second_factor
from partners.forms import LogoForm, OrganisationForm, ProfileForm
from partners.models import Membership
from partners.permissions import may_manage_organisation, may_require_second_factor


@require_safe
@login_required
def index(request: MemberRequest) -> HttpResponse:
    """Settings open at the organisation's details; without one, at the profile."""
    return redirect("partners:details" if request.actor else "partners:profile")


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: MemberRequest) -> HttpResponse:
    """One's own name, language, time zone and theme."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with override(user.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("partners:profile")
    return render(request, "partners/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required
def details(request: MemberRequest) -> HttpResponse:
    """Who the organisation is; every member may read it."""
    actor = request.actor
    if request.method != "POST":
        return render(request, "partners/details.html", details_of(actor))
    require(may_manage_organisation(actor))
    form = OrganisationForm(request.POST, instance=copy(actor.organisation))
    if form.is_valid():
        actions.update_organisation(actor=actor, **form.cleaned_data)
        messages.success(request, _("The details are saved."))
        return redirect("partners:details")
    return render(request, "partners/details.html", details_of(actor, form=form), status=422)


def details_of(actor: Actor, *, form: OrganisationForm | None = None, logo: LogoForm | None = None) -> dict[str, Any]:
    """What the page of details shows: its two forms, as they were sent where something is wrong with one."""
    return {
        "form": form or OrganisationForm(instance=copy(actor.organisation)),
        "logo": logo or LogoForm(),
        "may_edit": may_manage_organisation(actor),
    }


@require_safe
@member_required("organisation.manage")
def policy(request: MemberRequest) -> HttpResponse:
    """How members sign in."""
    return render(request, "partners/policy.html", _policy(request))


def _policy(request: MemberRequest) -> dict[str, object]:
    actor = request.actor
    live = list(Membership.objects.visible_to(actor).live())
    without = [membership.user for membership in without_second_factor(live)]
    has_one = is_mfa_enabled(request.user)
    return {
        "organisation": actor.organisation,
        "without": without,
        "people": len(live),
        "verdict": may_require_second_factor(actor, has_one=has_one or actor.organisation.requires_second_factor),
    }


@require_POST
@member_required("organisation.manage")
def policy_change(request: MemberRequest) -> HttpResponse:
    """Ask for a second factor, or no longer: saved at once."""
    wanted = request.POST.get("requires_second_factor") == "on"
    organisation = actions.change_sign_in_policy(actor=request.actor, requires_second_factor=wanted)
    text = _("Everybody needs a second factor now.") if wanted else _("A second factor is everybody's own choice now.")
    if not request.htmx:
        messages.success(request, text)
        return redirect("partners:policy")
    request.actor.organisation.requires_second_factor = organisation.requires_second_factor
    return toast(render(request, "partners/policy.html#policy", _policy(request)), text)
