"""Coming in: invitations, founding a company, choosing for which one acts, the second factor that one may ask for."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.forms import at_its_field
from partners import actions
from partners.access import MemberRequest
from partners.actors import acting, lacks_second_factor
from partners.forms import FoundForm, JoinAsCompanyForm, JoinForm
from partners.middleware import LANGUAGE_COOKIE
from partners.models import Invitation, Membership

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
A_YEAR = 365 * 86400


def safe_next(request: MemberRequest, otherwise: str) -> str:
    """Where the form asks to go afterwards, if that is a page of this portal."""
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else otherwise


@require_POST
@login_required
def switch(request: MemberRequest) -> HttpResponse:
    """Act for another of one's organisations from now on; a foreign one is not there."""
    wanted = request.POST.get("organisation", "")
    mine = {str(membership.organisation_id): membership for membership in request.memberships}
    if wanted not in mine:
        raise Http404
    request.session["organisation_id"] = mine[wanted].organisation_id
    messages.success(request, _("You act for %(who)s now.") % {"who": mine[wanted].organisation})
    return redirect(safe_next(request, "/"))


@require_POST
def language(request: MemberRequest) -> HttpResponse:
    """Read the portal in another language: kept with the account, or in a cookie before signing in."""
    response = HttpResponseRedirect(safe_next(request, "/"))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        response.set_cookie(LANGUAGE_COOKIE, code, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
        if request.user.is_authenticated:
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response


@require_safe
@login_required
def no_organisation(request: MemberRequest) -> HttpResponse:
    """What to do without a membership: wait for an invitation, or found a company."""
    return render(request, "partners/no_organisation.html", {"form": FoundForm()})


@require_http_methods(["GET", "POST"])
@login_required
def found(request: MemberRequest) -> HttpResponse:
    """Found a company in the portal and become its administrator."""
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership = actions.found_organisation(user=request.user, **form.cleaned_data)
        request.session["organisation_id"] = membership.organisation_id
        messages.success(request, _("%(who)s is here. Invite your colleagues next.") % {"who": membership.organisation})
        return redirect("partners:people")
    return render(request, "partners/found.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@login_required
def second_factor(request: MemberRequest) -> HttpResponse:
    """The organisation asks for a second factor: how to set one up, or act for another organisation meanwhile."""
    if request.actor is not None or not request.memberships:
        return redirect("/")
    chosen = request.session.get("organisation_id")
    memberships = request.memberships
    asking = next((each for each in memberships if each.organisation_id == chosen), memberships[0])
    others = [each for each in memberships if not lacks_second_factor(request.user, each.organisation)]
    return render(request, "partners/second_factor.html", {"asking": asking.organisation, "others": others})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: MemberRequest, token: str) -> HttpResponse:
    """The page of an invitation: make an account, sign in, or accept."""
    invitation = actions.invitation_of(token)
    if invitation is None:
        raise Http404
    user = request.user if request.user.is_authenticated else None
    if reason := actions.refusal(invitation, user):
        return _show(request, invitation, {"reason": reason}, 410 if invitation.state != "open" else 403)
    if user is None:
        return _join_as_stranger(request, invitation)
    return _join_as_company(request, invitation) if invitation.company_name else _join_as_colleague(request, invitation)


def _show(request: MemberRequest, invitation: Invitation, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "partners/join.html", {"invitation": invitation, **context}, status=status)


def _join_as_stranger(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    """Nobody is signed in: to the sign-in page with an account, else make one here."""
    if actions.account_exists(invitation.email):
        sign_in = f"{reverse('account_login')}?next={request.path}"
        return _show(request, invitation, {"sign_in": sign_in})
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"name": form.cleaned_data["name"], "password": form.cleaned_data["password"]}
        try:
            user = actions.create_invited_account(invitation=invitation, language=get_language() or "en", **facts)
            if not invitation.company_name:
                actions.accept_as_colleague(user=user, invitation=invitation)
        except DomainError as error:
            at_its_field(form, error)
        else:
            login(request, user, backend=BACKEND)
            request.session["organisation_id"] = invitation.organisation_id
            return redirect(request.path if invitation.company_name else "/")
    return _show(request, invitation, {"form": form}, 422 if form.is_bound else 200)


def _join_as_colleague(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    if request.method != "POST":
        return _show(request, invitation, {"ready": True})
    try:
        membership = actions.accept_as_colleague(user=request.user, invitation=invitation)
    except DomainError as error:
        return _show(request, invitation, {"reason": error.message}, 422)
    request.session["organisation_id"] = membership.organisation_id
    messages.success(request, _("You work for %(who)s now.") % {"who": membership.organisation})
    return redirect("/")


def _join_as_company(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    memberships = [
        each
        for each in request.memberships
        if each.organisation_id != invitation.organisation_id and "partnerships.manage" in each.capabilities()
    ]
    initial = {"name": invitation.company_name}
    form = JoinAsCompanyForm(request.POST or None, memberships=memberships, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _accepted(request, invitation, form, memberships)
        except (DomainError, PermissionDenied) as error:
            at_its_field(form, error if isinstance(error, DomainError) else DomainError(str(error)))
    return _show(request, invitation, {"company_form": form, "own": memberships}, 422 if form.is_bound else 200)


def _accepted(
    request: MemberRequest, invitation: Invitation, form: JoinAsCompanyForm, memberships: list[Membership]
) -> HttpResponse:
    data = form.cleaned_data
    if data["organisation"] == form.NEW:
        partnership = actions.found_and_accept(
            user=request.user,
            invitation=invitation,
            name=data["name"],
            country=data["country"],
        )
    else:
        membership = next(each for each in memberships if str(each.organisation_id) == data["organisation"])
        if lacks_second_factor(request.user, membership.organisation):
            raise DomainError(_("%(who)s asks for a second factor first.") % {"who": membership.organisation})
        partnership = actions.accept_as_company(actor=acting(membership, "web"), invitation=invitation)
    request.session["organisation_id"] = partnership.partner_id
    if partnership.state == partnership.State.INVITED:
        return redirect("partners:agreement", partnership.pk)
    return redirect("partners:partnership", partnership.pk)
